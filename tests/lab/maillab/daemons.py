"""Configurations of the mail and web servers, written from the scenarios' server entries."""

from __future__ import annotations

import json
import os
import pathlib
import pwd
import shutil
import sys
import zlib

from . import documents, scenario as data
from .certs import Authority
from .scenario import Scenario, Server

Daemon = tuple[str, list[str]]
DEFAULT_CERT = "good mx.operator.example"
PORTAL_CERT = "self-signed login.guest.example"
DEFAULT_MECHANISMS = "plain login"
ACCOUNT_PASSWORD = "tulip-wagon-42"  # of every account (accounts.lua)


def servers_of(scenarios: list[Scenario], run: str) -> list[tuple[Scenario, Server]]:
    return [(one, server) for one in scenarios for server in one.servers if server.run == run]


def certificates(scenarios: list[Scenario]) -> set[str]:
    return {DEFAULT_CERT, PORTAL_CERT} | {spec for one in scenarios for server in one.servers
                             for spec in (server.cert, server.options.get("sni", "")) if spec}


def chown(path: pathlib.Path, user: str) -> None:
    entry = pwd.getpwnam(user)
    os.chown(path, entry.pw_uid, entry.pw_gid)


def mechanisms_of(server: Server) -> str:
    return server.options.get("mechanisms", DEFAULT_MECHANISMS)


def instance_name(run: str, mechanisms: str) -> str:
    # Short: its sockets lie below the folder of this name, and a socket's path has 107 octets at most.
    return run if mechanisms == DEFAULT_MECHANISMS else f"{run}-{zlib.crc32(mechanisms.encode()):08x}"


def dovecots(folder: pathlib.Path, scenarios: list[Scenario], authority: Authority) -> list[Daemon]:
    """An instance for each set of login mechanisms (they are not settable by address), one more for TLS 1.0."""
    wanted = {("dovecot", DEFAULT_MECHANISMS)}
    for one in scenarios:
        for server in one.servers:
            if server.run in ("dovecot", "postfix"):
                wanted.add(("dovecot", mechanisms_of(server)))
            elif server.run == "dovecot-old":
                wanted.add((server.run, DEFAULT_MECHANISMS))
    return [dovecot(folder, scenarios, authority, run, mechanisms) for run, mechanisms in sorted(wanted)]


def dovecot(folder: pathlib.Path, scenarios: list[Scenario], authority: Authority, run: str,
            mechanisms: str) -> Daemon:
    """One instance: `local` blocks give each address its own certificate and limits."""
    name = instance_name(run, mechanisms)
    home = folder / name
    for sub in ("base", "state", "mail"):
        (home / sub).mkdir(parents=True, exist_ok=True)
    chown(home / "mail", "dovecot")
    shutil.copy(pathlib.Path(__file__).with_name("accounts.lua"), home / "accounts.lua")
    chain, key = authority.files(DEFAULT_CERT)
    lines = [f"base_dir = {home}/base", f"state_dir = {home}/state", f"log_path = {home}/dovecot.log",
             "protocols = imap pop3", "listen = 127.0.0.1", "ssl = yes", f"ssl_cert = <{chain}", f"ssl_key = <{key}",
             "ssl_dh = </usr/share/dovecot/dh.pem", "default_internal_user = dovecot", "default_login_user = dovenull",
             "mail_location = maildir:~/Maildir", "login_greeting = ready.", f"auth_mechanisms = {mechanisms}",
             "mail_max_userip_connections = 1000", "auth_failure_delay = 0", "first_valid_uid = 1",
             "auth_verbose = yes", "service anvil {\n  unix_listener anvil-auth-penalty {\n    mode = 0\n  }\n}",
             f"passdb {{\n  driver = lua\n  args = file={home}/accounts.lua blocking=no\n}}",
             f"userdb {{\n  driver = static\n  args = uid=dovecot gid=dovecot home={home}/mail/%u\n}}",
             *_token_logins(home, mechanisms),
             "service stats {\n  unix_listener stats-writer {\n    mode = 0666\n  }\n}",
             f"service auth {{\n  unix_listener {home}/sasl {{\n    mode = 0666\n  }}\n}}"]
    if run == "dovecot-old":
        lines += ["ssl_min_protocol = TLSv1", "ssl_cipher_list = ALL:@SECLEVEL=0",
                  "import_environment = TZ OPENSSL_CONF"]
        (home / "openssl.cnf").write_text(
            "openssl_conf = top\n[top]\nssl_conf = ssl\n[ssl]\nsystem_default = old\n[old]\n"
            "MinProtocol = TLSv1\nMaxProtocol = TLSv1\nCipherString = ALL:@SECLEVEL=0\n")
    listeners: dict[str, list[str]] = {"imap": [], "pop3": []}
    for _, server in servers_of(scenarios, run):
        if mechanisms_of(server) != mechanisms:
            continue
        for address in server.at:
            lines.append(_local_block(server, address, authority))
            for port in server.ports:
                listeners[port.protocol].append(_inet_listener(address, port))
    for protocol, blocks in listeners.items():
        # The stock listeners would take every address.
        stock = [f"  inet_listener {kind} {{\n    port = 0\n  }}" for kind in (protocol, protocol + "s")]
        lines.append(f"service {protocol}-login {{\n  service_count = 0\n  client_limit = 500\n"
                     f"  process_min_avail = 1\n  process_limit = 4\n" + "\n".join(stock + blocks) + "\n}")
    path = home / "dovecot.conf"
    path.write_text("\n".join(lines) + "\n")
    command = ["dovecot", "-F", "-c", str(path)]
    if run == "dovecot-old":
        command = ["env", f"OPENSSL_CONF={home}/openssl.cnf", *command]
    return name, command


def _token_logins(home: pathlib.Path, mechanisms: str) -> list[str]:
    """A password database for OAuth tokens: it asks the lab's introspection endpoint (token_endpoint)."""
    if "xoauth2" not in mechanisms and "oauthbearer" not in mechanisms:
        return []
    (home / "oauth2.conf").write_text(
        f"introspection_url = http://{data.STATUS}:{data.TOKEN_PORT}/introspect?token=\n"
        "introspection_mode = get\nforce_introspection = yes\nusername_attribute = email\n"
        "active_attribute = active\nactive_value = true\ntimeout_msecs = 5000\n")
    return [f"passdb {{\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = {home}/oauth2.conf\n}}"]


def token_endpoint(scenarios: list[Scenario]) -> str:
    """Token introspection (RFC 7662) for nginx: the token ya29.ID belongs to user@ID.test, no other is good."""
    known = "".join(f'"ya29.{one.id}" "user@{one.domain}"; ' for one in scenarios if one.token)
    return (f'map $arg_token $token_account {{ default ""; {known} }}\n'
            f"server {{ listen {data.STATUS}:{data.TOKEN_PORT}; location = /introspect {{ default_type application/json; "
            "if ($token_account = \"\") { return 200 '{\"active\":false}'; } "
            "return 200 '{\"active\":true,\"email\":\"$token_account\"}'; } }")


def _inet_listener(address: str, port: data.Listener) -> str:
    name = f"{address}-{port.port}".replace(".", "-").replace(":", "-")
    secure = "    ssl = yes\n" if port.tls else ""
    return f"  inet_listener {name} {{\n    address = {address}\n    port = {port.port}\n{secure}  }}"


def _local_block(server: Server, address: str, authority: Authority) -> str:
    settings = {"ssl": server.options.get("ssl", "yes" if server.cert else "no"),
                "disable_plaintext_auth": "no" if server.options.get("plaintext") else "yes"}
    if server.cert:
        chain, key = authority.files(server.cert)
        settings |= {"ssl_cert": f"<{chain}", "ssl_key": f"<{key}"}
        if server.cert.split()[0] in ("sha1", "rsa1024"):  # OpenSSL would not load them
            settings["ssl_cipher_list"] = "ALL:@SECLEVEL=0"
    if greeting := server.options.get("greeting"):
        settings["login_greeting"] = greeting
    settings |= server.options.get("settings", {})
    if by_name := server.options.get("sni"):  # another certificate for clients that send this name
        chain, key = authority.files(by_name)
        name = by_name.split()[1]
        settings[f"local_name {name} {{\n    ssl_cert"] = f"<{chain}\n    ssl_key = <{key}\n  }}"
    body = "\n".join(f"  {key} = {value}" for key, value in settings.items())
    return f"local {address} {{\n{body}\n}}"


def postfix(folder: pathlib.Path, scenarios: list[Scenario], authority: Authority) -> Daemon:
    """One instance, one smtpd in master.cf per address and port."""
    home = folder / "postfix"
    (home / "data").mkdir(parents=True, exist_ok=True)
    chown(home / "data", "postfix")
    spool = home / "spool"
    for sub, owner in (("", "root"), ("pid", "root"), ("active", "postfix"), ("bounce", "postfix"),
                       ("corrupt", "postfix"), ("defer", "postfix"), ("deferred", "postfix"), ("flush", "postfix"),
                       ("hold", "postfix"), ("incoming", "postfix"), ("private", "postfix"), ("public", "postfix"),
                       ("maildrop", "postfix"), ("saved", "postfix"), ("trace", "postfix")):
        (spool / sub).mkdir(parents=True, exist_ok=True)
        chown(spool / sub, owner)
    domains = " ".join(sorted({zone for one in scenarios for zone in one.zones}))
    owner = pwd.getpwnam("dovecot")
    delivered = [one.domain for one in scenarios if one.deliver] or ["nobody.test"]
    into_mailboxes = ", ".join(f"{{{domain} = virtual:}}" for domain in delivered)
    mailboxes = ", ".join(f"{{user@{domain} = user@{domain}/Maildir/}}" for domain in delivered)
    (home / "main.cf").write_text(f"""\
compatibility_level = 3.6
queue_directory = {spool}
data_directory = {home}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
maillog_file = {home}/postfix.log
maillog_file_prefixes = {folder}
myhostname = mx.operator.example
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
local_recipient_maps =
relay_domains = {domains}
relay_transport = discard:
default_transport = discard:
transport_maps = inline:{{{into_mailboxes}}}
virtual_mailbox_base = {folder}/dovecot/mail
virtual_mailbox_maps = inline:{{{mailboxes}}}
virtual_minimum_uid = 1
virtual_uid_maps = static:{owner.pw_uid}
virtual_gid_maps = static:{owner.pw_gid}
inet_interfaces = all
inet_protocols = all
max_idle = 10s
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_tls_session_cache_database =
smtpd_tls_loglevel = 0
smtpd_sasl_type = dovecot
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
""")
    lines = []
    shared = Server("postfix", [data.SHARED_MX], [data.listener("25"), data.listener("587")], DEFAULT_CERT, {})
    for server in [shared] + [server for _, server in servers_of(scenarios, "postfix")]:
        for address in server.at:
            for port in server.ports:
                lines.append(_smtpd(folder, server, address, port, authority))
    for name, kind, private, chroot, wakeup, command in (
            ("cleanup", "unix", "n", "n", "-", "cleanup"), ("qmgr", "unix", "n", "n", "300", "qmgr"),
            ("tlsmgr", "unix", "-", "n", "1000?", "tlsmgr"), ("rewrite", "unix", "-", "n", "-", "trivial-rewrite"),
            ("bounce", "unix", "-", "n", "-", "bounce"), ("defer", "unix", "-", "n", "-", "bounce"),
            ("trace", "unix", "-", "n", "-", "bounce"), ("proxymap", "unix", "-", "n", "-", "proxymap"),
            ("error", "unix", "-", "n", "-", "error"), ("discard", "unix", "-", "n", "-", "discard"),
            ("anvil", "unix", "-", "n", "-", "anvil"), ("postlog", "unix-dgram", "n", "n", "-", "postlogd")):
        limit = "1" if command in ("anvil", "postlogd", "tlsmgr", "qmgr") else "-"
        limit = "0" if command in ("cleanup", "bounce") else limit
        lines.append(f"{name} {kind} {private} - {chroot} {wakeup} {limit} {command}")
    lines.append("virtual unix - n n - - virtual")
    (home / "master.cf").write_text("\n".join(lines) + "\n")
    return "postfix", ["/usr/lib/postfix/sbin/master", "-c", str(home), "-d"]


def _smtpd(folder: pathlib.Path, server: Server, address: str, port: data.Listener, authority: Authority) -> str:
    """The line of master.cf for one address and port."""
    options = {"smtpd_tls_security_level": "none"}
    if server.cert:
        chain, key = authority.files(server.cert)
        options = {"smtpd_tls_security_level": "may", "smtpd_tls_cert_file": chain, "smtpd_tls_key_file": key,
                   "smtpd_tls_auth_only": "yes"}
        if server.cert.split()[0] in ("sha1", "rsa1024"):
            options["tls_medium_cipherlist"] = "ALL:@SECLEVEL=0"
    if port.tls:
        options |= {"smtpd_tls_wrappermode": "yes", "smtpd_tls_security_level": "encrypt"}
    if port.port != 25 and server.options.get("auth", True):
        options["smtpd_sasl_auth_enable"] = "yes"
        options["smtpd_sasl_path"] = f"{folder}/{instance_name('dovecot', mechanisms_of(server))}/sasl"
    if name := server.options.get("name"):
        options["myhostname"] = name
    options |= server.options.get("settings", {})
    options |= server.options.get(f"settings_{port.port}", {})
    host = f"[{address}]" if ":" in address else address
    words = " ".join("-o {{ {} = {} }}".format(key, value) for key, value in options.items())
    return f"{host}:{port.port} inet n - n - - smtpd {words}"


def nginx(folder: pathlib.Path, scenarios: list[Scenario], authority: Authority) -> Daemon:
    """A `server` block per entry, with the files that documents.site makes."""
    entries = servers_of(scenarios, "nginx")
    home = folder / "nginx"
    (home / "tmp").mkdir(parents=True, exist_ok=True)
    blocks = [f"server {{ listen {data.STATUS}:80; root {authority.status}; error_page 405 =200 $uri; "
              "types { application/ocsp-response ocsp; application/pkix-crl crl; } }"]
    blocks.append(token_endpoint(scenarios))
    chain, key = authority.files(PORTAL_CERT)
    blocks.append(f"server {{ listen {data.PORTAL}:80; listen {data.PORTAL}:443 ssl; ssl_certificate {chain}; "
                  f"ssl_certificate_key {key}; return 302 http://login.guest.example/; }}")
    for number, (one, server) in enumerate(entries):
        root = home / f"site{number}"
        root.mkdir(exist_ok=True)
        for path, text in documents.site(server.options, one.domain).items():
            target = root / path.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        listens = []
        for address in server.at:
            host = f"[{address}]" if ":" in address else address
            listens += [f"listen {host}:{port.port}{' ssl' if port.tls else ''};" for port in server.ports]
        if server.cert:
            chain, key = authority.files(server.cert)
            listens += [f"ssl_certificate {chain};", f"ssl_certificate_key {key};"]
        names = server.options.get("name", "_")
        extra = server.options.get("config", "")
        blocks.append(f"server {{ {' '.join(listens)} server_name {names}; root {root}; "
                      f"error_page 405 =200 $uri; {extra} }}")  # a file may be asked for with POST
    temp = "".join(f"{kind}_temp_path {home}/tmp/{kind}; " for kind in
                   ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    path = home / "nginx.conf"
    path.write_text(f"user root; daemon off; worker_processes 1; pid {home}/pid; error_log {home}/error.log;\n"
                    f"events {{ worker_connections 512; }}\nhttp {{ types {{ text/xml xml; application/json json; "
                    f"text/html html; }} map_hash_bucket_size 256; default_type text/plain; access_log {home}/access.log; {temp}\n"
                    + "\n".join(blocks) + "\n}\n")
    return "nginx", ["nginx", "-c", str(path), "-e", str(home / "error.log")]


def exim(folder: pathlib.Path, scenarios: list[Scenario], authority: Authority,
         unpacked: pathlib.Path) -> Daemon | None:
    """One daemon; what it does is looked up by the address that was connected to."""
    entries = servers_of(scenarios, "exim")
    binary = unpacked / "exim4-daemon-light/usr/sbin/exim4"
    if not entries or not binary.exists():
        return None
    home = folder / "exim"
    for sub in ("spool", "log"):
        (home / sub).mkdir(parents=True, exist_ok=True)
        chown(home / sub, "Debian-exim")
    interfaces, certs, keys, names, limits = [], [], [], [], []
    acl: list[str] = []
    for one, server in entries:
        for address in server.at:
            interfaces += [f"{address}.{port.port}" for port in server.ports]
            names.append(f"{address}={server.options.get('name', one.domain)}")
            if server.cert:
                chain, key = authority.files(server.cert)
                certs.append(f"{address}={chain}")
                keys.append(f"{address}={key}")
            if limit := server.options.get("per_host"):
                limits.append(f"{address}={limit}")
            if rcpt := server.options.get("acl"):
                acl += [f"  {rcpt.strip().splitlines()[0]}"]
                acl += [f"    {line.strip()}" for line in rcpt.strip().splitlines()[1:]]
                acl += [f"    condition = ${{if eq{{$received_ip_address}}{{{address}}}}}"]
    smtps = sorted({port.port for _, server in entries for port in server.ports if port.tls})
    pick = lambda pairs, default: ("${extract{$received_ip_address}{" + " ".join(pairs) + "}{$value}{" + default + "}}")
    chain, key = authority.files(DEFAULT_CERT)
    domains = " : ".join(sorted({zone for one, _ in entries for zone in one.zones}))
    config = f"""\
spool_directory = {home}/spool
log_file_path = {home}/log/%slog
primary_hostname = exim.operator.example
smtp_active_hostname = {pick(names, "$primary_hostname")}
local_interfaces = <; {" ; ".join(interfaces)}
tls_on_connect_ports = {" : ".join(map(str, smtps))}
tls_advertise_hosts = *
tls_certificate = {pick(certs, str(chain))}
tls_privatekey = {pick(keys, str(key))}
domainlist ours = {domains}
hostlist nobody =
host_lookup = +nobody
rfc1413_query_timeout = 0s
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
acl_smtp_rcpt = check_rcpt
acl_smtp_data = accept_data
never_users =
smtp_accept_max = 200
smtp_accept_max_per_host = {pick(limits, "0")}
queue_only
begin acl
check_rcpt:
{chr(10).join(acl)}
  accept authenticated = *
  accept domains = +ours
  deny message = relay not permitted
accept_data:
  accept
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if eq{{$auth3}}{{{ACCOUNT_PASSWORD}}}}}
  server_set_id = $auth2
begin routers
drop:
  driver = redirect
  data = :blackhole:
"""
    path = home / "exim.conf"
    path.write_text(config)
    return "exim", [str(binary), "-C", str(path), "-bdf"]


def opensmtpd(folder: pathlib.Path, scenarios: list[Scenario], unpacked: pathlib.Path) -> Daemon | None:
    """One daemon; `open = true` makes the listeners of an entry an open relay.

    Without TLS: with OpenSSL 3 its separated key process fails in every handshake with an RSA key.
    """
    entries = servers_of(scenarios, "opensmtpd")
    binary = unpacked / "opensmtpd/usr/sbin/smtpd"
    if not entries or not binary.exists():
        return None
    home = folder / "opensmtpd"
    home.mkdir(exist_ok=True)
    listen, match = [], []
    for number, (one, server) in enumerate(entries):
        listen += [f"listen on {address} port {port.port} hostname {server.options.get('name', one.domain)} "
                   f"tag T{number}" for address in server.at for port in server.ports]
        zones = ", ".join(f'"{zone}"' for zone in one.zones)
        match.append(f"match tag T{number} from any for domain {{ {zones} }} action drop")
        if server.options.get("open"):
            match.append(f"match tag T{number} from any for any action drop")
    path = home / "smtpd.conf"
    path.write_text("\n".join([*listen, 'action drop relay host "smtp://10.53.0.6"', *match]) + "\n")
    path.chmod(0o600)
    return "opensmtpd", [str(binary), "-d", "-f", str(path)]


def scripted(folder: pathlib.Path, scenarios: list[Scenario], authority: Authority) -> Daemon:
    """The scripted server and the forwarder without signatures, in one Python process."""
    plays = []
    for one, server in servers_of(scenarios, "script"):
        options = server.options
        if bits := options.get("dh"):
            options = options | {"dh": str(authority.dh_parameters(bits))}
        for address in server.at:
            for port in server.ports:
                chain, key = authority.files(server.cert) if server.cert else (None, None)
                plays.append({"address": address, "port": port.port, "protocol": port.protocol, "tls": port.tls,
                              "chain": str(chain) if chain else None, "key": str(key) if key else None,
                              **options})
    path = folder / "plays.json"
    path.write_text(json.dumps({"plays": plays, "forwarder": [data.PLAIN_RESOLVER, "10.53.0.55"],
                                "liars": {data.BROKEN_RESOLVER: None, data.CAPTIVE_RESOLVER: data.PORTAL}}))
    return "script", [sys.executable, "-u", str(pathlib.Path(__file__).with_name("scripted.py")), str(path)]


def mail_and_web(folder: pathlib.Path, scenarios: list[Scenario], authority: Authority,
                 unpacked: pathlib.Path) -> list[Daemon]:
    made = [*dovecots(folder, scenarios, authority), postfix(folder, scenarios, authority),
            nginx(folder, scenarios, authority), exim(folder, scenarios, authority, unpacked),
            opensmtpd(folder, scenarios, unpacked), scripted(folder, scenarios, authority)]
    return [daemon for daemon in made if daemon]
