"""Shows with ordinary clients that each scenario's fault, and only that, is there.

Most checks follow from the scenario's data (zones, servers, certificates, firewall); what does not is a line of
`check`, whose first word is the name of a function below (docs/lab.md lists them).
"""

from __future__ import annotations

import errno
import imaplib
import poplib
import re
import smtplib
import socket
import ssl
import subprocess
import time
from collections.abc import Callable

from . import scenario as data
from .scenario import Listener, Scenario, Server

QUIET = 1.2  # seconds without an answer that count as silence
GREETING = {"smtp": "220", "imap": "* OK", "pop3": "+OK"}
# What `openssl s_client` says about each kind of certificate.
VERIFY_CODE = {"expired": {10}, "expired-intermediate": {10}, "future": {9}, "self-signed": {18}, "untrusted": {19, 20},
               "missing-intermediate": {20, 21}}


class Wrong(Exception):
    """Something in the lab is not as the scenario says."""


def expect(condition: bool, message: str) -> None:
    if not condition:
        raise Wrong(message)


def split_target(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def connect(target: str, timeout: float = 10) -> socket.socket:
    return socket.create_connection(split_target(target), timeout)


def received(sock: socket.socket, seconds: float, enough: int = 65536) -> bytes:
    """What arrives until a line is complete, `enough` octets are there, the peer ends or `seconds` are over."""
    got, end = b"", time.monotonic() + seconds
    while len(got) < enough and (left := end - time.monotonic()) > 0:
        sock.settimeout(left)
        try:
            part = sock.recv(65536)
        except TimeoutError:
            break
        if not part:
            break
        got += part
        if enough == 65536 and got.endswith(b"\n"):
            break
    return got


def dig(name: str, kind: str, *flags: str, server: str = data.RESOLVER) -> tuple[str, set[str], list[str]]:
    """(RCODE or "TIMEOUT", header flags, answer lines as "TYPE rdata")."""
    command = ["dig", f"@{server}", "+tries=1", "+time=8", "+noall", "+comments", "+answer", *flags, name, kind]
    text = subprocess.run(command, capture_output=True, text=True).stdout
    status = re.search(r"status: (\w+)", text)
    if not status:
        return "TIMEOUT", set(), []
    flag_words = set(re.search(r"flags: ([a-z ]*);", text)[1].split())
    lines = [line.split(None, 4) for line in text.splitlines() if line and not line.startswith(";")]
    return status[1], flag_words, [f"{words[3]} {words[4]}" for words in lines if len(words) == 5]


# --- lines of `check` --------------------------------------------------------------------------------------------

def nxdomain(name: str) -> None:
    status = dig(name, "A")[0]
    expect(status == "NXDOMAIN", f"{name} answers {status}")


def nodata(name: str, kind: str = "A") -> None:
    status, _, answer = dig(name, kind)
    found = [line for line in answer if line.startswith(f"{kind} ")]
    expect(status == "NOERROR" and not found, f"{name} {kind}: {status} {answer}")


def answers(name: str, kind: str, *value: str) -> None:
    """The records of this type are there; one of them begins with VALUE where it is given."""
    status, _, answer = dig(name, kind)
    wanted = " ".join([kind, *value])
    expect(status == "NOERROR" and any(line.startswith(wanted) for line in answer),
           f"{name} {kind}: {status} {answer}, not {wanted}")


def servfail(name: str, kind: str = "A") -> None:
    """The resolver fails, whether with SERVFAIL or by saying nothing for 8 s."""
    status = dig(name, kind)[0]
    expect(status in ("SERVFAIL", "TIMEOUT"), f"{name} {kind}: {status}")


def bogus(name: str, kind: str = "A") -> None:
    servfail(name, kind)
    status, _, answer = dig(name, kind, "+cd")
    expect(status == "NOERROR" and answer != [], f"{name} {kind} without validation: {status} {answer}")


def unsigned_answer(name: str, kind: str = "A") -> None:
    """Through the plain resolver the name resolves and no signature comes along."""
    status, _, answer = dig(name, kind, "+dnssec", server=data.PLAIN_RESOLVER)
    expect(status == "NOERROR" and answer != [], f"{name} {kind}: {status}")
    expect(not any(line.startswith("RRSIG") for line in answer), f"{name} {kind}: signatures came along")


def refused(target: str) -> None:
    try:
        connect(target).close()
    except ConnectionRefusedError:
        return
    except OSError as failure:
        raise Wrong(f"{target}: {failure}, not refused") from None
    raise Wrong(f"{target} is open")


def silent(target: str) -> None:
    try:
        connect(target, QUIET).close()
    except TimeoutError:
        return
    except OSError as failure:
        raise Wrong(f"{target}: {failure}, not silent") from None
    raise Wrong(f"{target} is open")


def unreachable(target: str) -> None:
    try:
        connect(target, QUIET).close()
    except OSError as failure:
        expect(failure.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EACCES, errno.ECONNREFUSED),
               f"{target}: {failure}")
        return
    raise Wrong(f"{target} is open")


def mute(target: str) -> None:
    """Accepts and says nothing."""
    with connect(target) as sock:
        expect(received(sock, QUIET) == b"", f"{target} says something")


def closes(target: str) -> None:
    """Closes or resets without a word."""
    with connect(target) as sock:
        sock.settimeout(5)
        try:
            got = sock.recv(100)
        except ConnectionResetError:
            return
        expect(got == b"", f"{target} says {got!r}")


def greets(target: str, *words: str) -> None:
    """The first octets are these words (\\xNN stands for an octet)."""
    start = " ".join(words).encode().decode("unicode_escape").encode("latin-1")
    with connect(target) as sock:
        got = received(sock, 8, max(len(start), 1))
    expect(got.startswith(start), f"{target} says {got[:80]!r}")


def slow(target: str, seconds: str) -> None:
    """Greets, but not before so many seconds."""
    begin = time.monotonic()
    with connect(target) as sock:
        got = received(sock, float(seconds) + 5)
    expect(got != b"" and time.monotonic() - begin > float(seconds) * 0.9, f"{target} greets at once: {got[:60]!r}")


def says(target: str, command: str, *words: str) -> None:
    """Answers COMMAND (underscores are spaces) with a text that holds these words."""
    with connect(target) as sock:
        received(sock, 8)
        sock.sendall(command.replace("_", " ").encode() + b"\r\n")
        got = received(sock, 8)
    expect(" ".join(words).encode() in got, f"{target} answers {got[:200]!r}")


def breaks(target: str, command: str) -> None:
    """Ends the connection at COMMAND."""
    with connect(target) as sock:
        received(sock, 8)
        sock.sendall(command.replace("_", " ").encode() + b"\r\n")
        sock.settimeout(8)
        try:
            got = sock.recv(100)
        except ConnectionResetError:
            return
    expect(got == b"", f"{target} answers {got!r}")


def floods(target: str, octets: str, command: str = "") -> None:
    """Sends at least so many octets, at once or as the answer to COMMAND."""
    with connect(target) as sock:
        if command:
            received(sock, 8)
            sock.sendall(command.replace("_", " ").encode() + b"\r\n")
        got = received(sock, 20, int(octets))
    expect(len(got) >= int(octets), f"{target} sends {len(got)} octets only")


def plain(target: str, protocol: str) -> set[str]:
    """The capabilities that a server states before TLS."""
    return capabilities(target, protocol, None)


def offers(target: str, word: str) -> None:
    caps = plain(target, data.PROTOCOL_OF_PORT.get(split_target(target)[1], "smtp"))
    expect(word in caps, f"{target} offers {sorted(caps)}")


def lacks(target: str, word: str) -> None:
    caps = plain(target, data.PROTOCOL_OF_PORT.get(split_target(target)[1], "smtp"))
    expect(word not in caps, f"{target} offers {word}")


def injects(target: str, protocol: str = "smtp") -> None:
    """Sends more than the answer to STARTTLS before the handshake."""
    with connect(target) as sock:
        received(sock, 8)
        sock.sendall({"smtp": b"STARTTLS\r\n", "imap": b"a STARTTLS\r\n", "pop3": b"STLS\r\n"}[protocol])
        got = received(sock, 8)
    expect(got.count(b"\n") > 1, f"{target} answers {got!r}")


def tls_only(target: str, version: str) -> None:
    """A client of today cannot shake hands, one that offers VERSION (tls1 …) can."""
    mode = starttls_mode(split_target(target)[1])
    modern = s_client(target, mode, "-tls1_2")
    expect("Cipher is (NONE)" in modern or "no peer certificate" in modern, f"{target} speaks TLS 1.2")
    old = s_client(target, mode, f"-{version}", "-cipher", "ALL:@SECLEVEL=0")
    expect("Cipher is (NONE)" not in old and "Cipher is" in old, f"{target} does not speak {version}")


def no_handshake(target: str) -> None:
    """No client gets a TLS connection."""
    text = s_client(target, starttls_mode(split_target(target)[1]))
    expect("no peer certificate available" in text or "Cipher is (NONE)" in text, f"{target} shakes hands")


def chain_length(target: str, length: str) -> None:
    text = s_client(target, starttls_mode(split_target(target)[1]), "-showcerts")
    expect(text.count("BEGIN CERTIFICATE") >= int(length), f"{target} sends {text.count('BEGIN CERTIFICATE')}")


def http(url: str, *words: str) -> None:
    """curl gets a page (with these words in it)."""
    done = subprocess.run(["curl", "-sk", "--max-time", "8", "-i", url], capture_output=True, text=True)
    expect(done.stdout.startswith("HTTP/") and " ".join(words) in done.stdout, f"{url}: {done.stdout[:200]!r}")


def no_dns(address: str) -> None:
    status = dig("operator.example", "A", "+time=1", server=address)[0]
    expect(status == "TIMEOUT", f"{address} answers {status}")


CHECKS: dict[str, Callable[..., None]] = {
    function.__name__.replace("_", "-"): function for function in
    (nxdomain, nodata, answers, servfail, bogus, unsigned_answer, refused, silent, unreachable, mute, closes, greets,
     slow, says, breaks, floods, offers, lacks, injects, tls_only, no_handshake, chain_length, http, no_dns)}


# --- what follows from the data ----------------------------------------------------------------------------------

def starttls_mode(port: int) -> list[str]:
    if port in data.IMPLICIT_TLS:
        return []
    return ["-starttls", data.PROTOCOL_OF_PORT.get(port, "smtp")]


def s_client(target: str, mode: list[str], *extra: str) -> str:
    command = ["openssl", "s_client", "-connect", target, "-CAfile", CA_FILE, *mode, *extra]
    done = subprocess.run(command, input="", capture_output=True, text=True, timeout=30, errors="replace")
    return done.stdout + done.stderr


CA_FILE = ""  # set by check_all


def lenient() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def capabilities(target: str, protocol: str, tls: ssl.SSLContext | None) -> set[str]:
    """What Python's own mail libraries are told; fails unless the greeting is a good one."""
    host, port = split_target(target)
    try:
        if protocol == "smtp":
            smtp = smtplib.SMTP_SSL(host, port, timeout=12, context=tls) if tls else smtplib.SMTP(host, port, timeout=12)
            code, _ = smtp.ehlo("lab.example")
            expect(code == 250, f"{target}: EHLO answered {code}")
            found = {word.upper() for word in smtp.esmtp_features}
            smtp.quit()
        elif protocol == "imap":
            imap = imaplib.IMAP4_SSL(host, port, ssl_context=tls, timeout=12) if tls else imaplib.IMAP4(host, port, 12)
            found = {word.upper() for word in imap.capabilities}
            imap.logout()
        else:
            pop = poplib.POP3_SSL(host, port, timeout=12, context=tls) if tls else poplib.POP3(host, port, 12)
            found = {word.upper().replace("STLS", "STARTTLS") for word in pop.capa()}
            pop.quit()
    except (OSError, smtplib.SMTPException, imaplib.IMAP4.error, poplib.error_proto) as failure:
        raise Wrong(f"{target}: {type(failure).__name__}: {failure}") from None
    return found


def check_listener(server: Server, address: str, port: Listener) -> None:
    host = f"[{address}]" if ":" in address else address
    target = f"{host}:{port.port}"
    if port.protocol == "http":
        http(f"http{'s' if port.tls else ''}://{target}/")
        return
    caps = capabilities(target, port.protocol, lenient() if port.tls else None)
    if not port.tls and server.options.get("starttls", True):
        expect(("STARTTLS" in caps) == bool(server.cert and server.options.get("ssl") != "no"),
               f"{target}: STARTTLS offered: {'STARTTLS' in caps}")
    if server.cert and (port.tls or "STARTTLS" in caps):
        check_certificate(server, target, port)


def check_certificate(server: Server, target: str, port: Listener) -> None:
    kind, *names = server.cert.split()
    mode = [] if port.tls else ["-starttls", port.protocol]
    extra = ["-cipher", "ALL:@SECLEVEL=0"] if kind in ("sha1", "rsa1024") or server.run == "dovecot-old" else []
    if server.run == "dovecot-old":
        extra.append("-tls1")
    name = names[0].replace("*", "anything")
    text = s_client(target, mode, *extra, "-verify_hostname", name)
    code = re.search(r"Verify return code: (\d+)", text)
    expect(code is not None, f"{target}: no TLS: {text[-300:]}")
    wanted = VERIFY_CODE.get(kind, {0})
    expect(int(code[1]) in wanted, f"{target}: verify return code {code[1]} for a certificate that is {kind}")


def check_zone(zone: str, dnssec: str, ns: str, resolver: str) -> None:
    if resolver in ("dead", "refused", "none"):
        return
    if ns in ("lame", "servfail", "dead"):
        servfail(zone, "SOA")
        return
    if dnssec == "tampered":
        return  # its scenario names a record to look at
    if dnssec in ("expired", "wrong-ds", "stripped"):
        bogus(zone, "SOA")
        return
    status, flags, _ = dig(zone, "SOA", "+adflag")
    expect(status == "NOERROR", f"{zone}: {status}")
    expect(("ad" in flags) == (dnssec != "unsigned"), f"{zone}: validated: {'ad' in flags}")


def blocked(one: Scenario) -> dict[str, str]:
    return {line.split()[1]: line.split()[0] for line in one.firewall}


def check(one: Scenario) -> list[str]:
    """What is not as it should be, in words; empty when the scenario is right."""
    faults = []

    def attempt(function: Callable[..., None], *args: object) -> None:
        try:
            function(*args)
        except Wrong as wrong:
            faults.append(str(wrong))
        except Exception as failure:  # a client that failed shows a lab that is wrong as well
            faults.append(f"{function.__name__} {args[-1]}: {type(failure).__name__}: {failure}")

    for zone in one.zones:
        own = zone == one.domain
        attempt(check_zone, zone, one.dnssec if own else "signed",
                one.ns_of.get(zone, one.ns if own else "normal"), one.resolver)
    walls = blocked(one)
    for server in one.servers:
        for address in server.at:
            for port in server.ports:
                host = f"[{address}]" if ":" in address else address
                if address in walls or f"{host}:{port.port}" in walls or server.run == "script":
                    continue
                if server.options.get("selfcheck", True):
                    attempt(check_listener, server, address, port)
    for target, action in walls.items():
        tests = {"drop": silent, "reset": refused, "icmp": unreachable, "unreachable": unreachable}
        at = target if re.search(r"(\d|\]):\d+$", target) and not re.fullmatch(r"[0-9a-f:]+::[0-9a-f]+", target) else (
            f"[{target}]:25" if ":" in target else f"{target}:25")
        attempt(tests[action], at)
    for line in one.checks:
        words = line.split()
        if words[0] not in CHECKS:
            faults.append(f"unknown check {words[0]!r}; known are {', '.join(sorted(CHECKS))}")
        else:
            attempt(CHECKS[words[0]], *words[1:])
    if not (one.zones or one.servers or one.checks):
        faults.append("nothing to check: add a line of `check`")
    return faults


def set_ca(path: str) -> None:
    global CA_FILE
    CA_FILE = path
