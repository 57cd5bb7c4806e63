"""Shows that each scenario's fault, and only that, is there.

Most checks follow from the scenario's data (zones, servers, certificates, firewall); what does not is a line of
`check` (checks.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from . import clients
from .checks import CHECKS, bogus, http, refused, servfail, silent, unreachable
from .clients import Wrong, capabilities, dig, expect, lenient, s_client
from .scenario import Listener, Scenario, Server

# What `openssl s_client` says about each kind of certificate.
VERIFY_CODE = {"expired": {10}, "expired-intermediate": {10}, "future": {9}, "self-signed": {18}, "untrusted": {19, 20},
               "missing-intermediate": {20, 21}, "private-root": {19}, "private-leaf": {20, 21},
               "antivirus": {20, 21}, "firewall": {20, 21}, "wrong-intermediate": {20, 21},
               "expired-self-signed": {10, 18}, "client-only": {0, 26}}


def check_listener(server: Server, address: str, port: Listener) -> None:
    host = f"[{address}]" if ":" in address else address
    target = f"{host}:{port.port}"
    if port.protocol == "http":
        http(f"http{'s' if port.tls else ''}://{target}/")
        if port.tls:
            check_certificate(server, target, port)
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
    text = s_client(target, mode, *extra, "-servername", name, "-verify_hostname", name)
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
    expect(("ad" in flags) == (dnssec in ("signed", "nsec3")), f"{zone}: validated: {'ad' in flags}")


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
        attempt(check_zone, zone, one.dnssec_of.get(zone, one.dnssec if own else "signed"),
                one.ns_of.get(zone, one.ns if own else "normal"), one.resolver)
    walls = blocked(one)
    for server in one.servers:
        for address in server.at:
            for port in server.ports:
                host = f"[{address}]" if ":" in address else address
                if address in walls or f"{host}:{port.port}" in walls or not server.options.get("selfcheck", True):
                    continue
                if server.run == "script":
                    if port.tls and "ciphers" not in server.options:
                        attempt(check_certificate, server, f"{host}:{port.port}", port)
                else:
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
    clients.CA_FILE = path
