"""Scenarios as data: reading, checking and filling in what stands in scenarios/*.toml."""

from __future__ import annotations

import dataclasses
import hashlib
import pathlib
import re
import tomllib
from typing import Any

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "scenarios"
CAUSES = FOLDER.parent.parent.parent / "rules" / "causes.tsv"

NET4 = "10.52.0.0/14"  # local to the namespace as a whole; 10.53.0.x are the lab's own servers
NET6 = "fd53::/32"
ROOT_NS = "10.53.0.2"  # serves the root and the top-level domains
ZONE_NS = ("10.53.0.3", "10.53.0.4")  # serve the scenarios' zones
LAME_NS = "10.53.0.5"  # a name server that knows none of our zones
DEAD_NS = "10.53.0.6"  # an address where packets disappear
RESOLVER = "10.53.0.53"  # validating Unbound
PLAIN_RESOLVER = "10.53.0.54"  # forwards, but hands out no signatures (as home routers do)
SHARED_MX = "10.53.0.25"  # takes mail for every scenario that brings no MX of its own
STATUS = "10.53.0.80"  # status.operator.example: OCSP answers and CRLs
TOKEN_PORT = 8081  # there: whose an OAuth token is
BROKEN_RESOLVER, CAPTIVE_RESOLVER = "10.53.0.56", "10.53.0.57"  # SERVFAIL to everything; one address for everything
PORTAL = "10.53.0.81"  # that address: a login page
CLIENT4, CLIENT6 = "10.53.0.100", "fd53::100"

DAEMONS = {"dovecot", "dovecot-old", "postfix", "exim", "opensmtpd", "nginx", "script"}
TLDS = ("test", "example", "com", "net", "org", "de")
DNSSEC = {"signed", "nsec3", "unsigned", "expired", "wrong-ds", "tampered", "stripped", "island", "unknown-algorithm"}
NAME_SERVERS = {"normal", "lame", "dead", "servfail", "half-lame", "half-dead"}
RESOLVERS = {"lab", "plain", "dead", "refused", "none", "first-dead", "broken", "captive"}
VERDICTS = {"ok": 0, "problem": 1, "inconclusive": 3}
IMPLICIT_TLS = {465, 993, 995}
PROTOCOL_OF_PORT = {143: "imap", 993: "imap", 110: "pop3", 995: "pop3", 25: "smtp", 26: "smtp", 465: "smtp",
                    587: "smtp", 2525: "smtp", 80: "http", 443: "http"}


class Fault(Exception):
    """A scenario file says something that the lab cannot understand."""


@dataclasses.dataclass(frozen=True)
class Listener:
    port: int
    tls: bool  # implicit TLS
    protocol: str  # smtp, imap, pop3 or http


@dataclasses.dataclass
class Server:
    run: str
    at: list[str]
    ports: list[Listener]
    cert: str  # "KIND NAME…", or "" where the server has no certificate
    options: dict[str, Any]


@dataclasses.dataclass
class Expectation:
    verdict: list[str]
    primary: list[str]
    detail: list[str]
    host: str  # subject of the primary finding, or ""
    also: list[str]
    allow: list[str]
    forbid: list[str]
    warns: list[str]
    settings: list[str]
    no_settings: list[str]
    not_tested: list[str]
    notes: list[str]
    evidence: list[str]
    limits: list[str]
    confidence: str  # of the primary finding, or ""
    holds: list[str]


@dataclasses.dataclass
class Scenario:
    id: str
    about: str
    number: int
    file: str
    needs: str
    email: str
    command: list[str]
    args: list[str]
    timeout: int
    zones: dict[str, str]
    dnssec: str
    ns: str
    ns_of: dict[str, str]
    dnssec_of: dict[str, str]
    servers: list[Server]
    firewall: list[str]
    hosts: str
    resolver: str
    offline: bool
    clock: str  # offset of the computer's clock as faketime takes it, "+400d"; empty: right
    expect: Expectation
    checks: list[str]
    stdin: str
    password: str
    token: str
    client: str  # this computer's address, as the scenario's servers see it; empty: CLIENT4
    before: list[dict[str, Any]]  # runs before the one that counts: `client`, `args`, `command`
    hold: list[str]  # ADDRESS:PORT to which a connection is held open meanwhile
    deliver: bool  # Postfix puts mail for the domain into Dovecot's mailboxes
    files: dict[str, str]  # for the tool: {FILES} in args is their folder
    validated: Scenario | None = None  # the same servers, looked at with `maildoctor validate`

    @property
    def domain(self) -> str:
        return f"{self.id}.test"


def network(number: int) -> tuple[str, str]:
    """First three octets of the IPv4 network and the first four groups of the IPv6 network of scenario NUMBER."""
    return f"10.{53 + number // 250}.{number % 250}", f"fd53:0:0:{number:x}"


def fill(value: Any, scenario_id: str, number: int) -> Any:
    """Replaces {D}, {ID}, {a1}…{a254} (IPv4) and {b1}…{b254} (IPv6) throughout `value`."""
    if isinstance(value, list):
        return [fill(item, scenario_id, number) for item in value]
    if isinstance(value, dict):
        return {fill(k, scenario_id, number): fill(v, scenario_id, number) for k, v in value.items()}
    if not isinstance(value, str):
        return value
    plain = {"D": f"{scenario_id}.test", "ID": scenario_id}
    four, six = network(number)

    def replace(match: re.Match[str]) -> str:
        name = match[1]
        if name in plain:
            return plain[name]
        if name[0] == "a":
            return f"{four}.{name[1:]}"
        return f"{six}::{int(name[1:]):x}"

    return re.sub(r"\{(D|ID|[ab]\d+)\}", replace, value)


def strings(value: Any) -> list[str]:
    if value is None or value == "":
        return []
    return [value] if isinstance(value, str) else list(value)


def listener(text: str) -> Listener:
    """Reads "587", "993 tls", "2143 imap" or "8443 tls http"."""
    words = text.split()
    if not words or not words[0].isdigit():
        raise Fault(f"not a port: {text!r}")
    port = int(words[0])
    protocol = PROTOCOL_OF_PORT.get(port, "")
    for word in words[1:]:
        if word in ("smtp", "imap", "pop3", "http"):
            protocol = word
        elif word != "tls":
            raise Fault(f"unknown word {word!r} in port {text!r}")
    if not protocol:
        raise Fault(f"port {text!r} needs its protocol beside it")
    return Listener(port, "tls" in words[1:], protocol)


def server(data: dict[str, Any]) -> Server:
    data = dict(data)
    run, at, ports = data.pop("run", ""), strings(data.pop("at", "")), strings(data.pop("ports", []))
    if run not in DAEMONS:
        raise Fault(f"unknown daemon {run!r}; known are {', '.join(sorted(DAEMONS))}")
    if not at or not ports:
        raise Fault(f"a {run} server needs 'at' and 'ports'")
    return Server(run, at, [listener(port) for port in ports], data.pop("cert", ""), data)


def known_causes() -> set[str]:
    lines = CAUSES.read_text().splitlines()[1:] if CAUSES.exists() else []
    return {line.split("\t")[0] for line in lines}


def expectation(data: dict[str, Any], causes: set[str]) -> Expectation:
    known = {field.name for field in dataclasses.fields(Expectation)}
    if unknown := set(data) - known:
        raise Fault(f"unknown key in expect: {', '.join(sorted(unknown))}")
    values = {name: strings(data.get(name)) for name in known - {"host", "confidence"}}
    expect = Expectation(host=data.get("host", ""), confidence=data.get("confidence", ""), **values)
    for verdict in expect.verdict:
        if verdict not in VERDICTS:
            raise Fault(f"unknown verdict {verdict!r}")
    if not expect.verdict:
        raise Fault("expect.verdict is missing")
    if ("problem" in expect.verdict) != bool(expect.primary):
        raise Fault("a problem needs expect.primary, and only a problem has one")
    for cause in expect.primary + expect.also + expect.allow + expect.forbid + expect.warns:
        if causes and cause not in causes:
            raise Fault(f"unknown cause {cause!r} (rules/causes.tsv)")
    return expect


def typed_setting(url: str) -> str:
    """ "imap://mail.x.test:143?security=starttls" as a line of `settings`."""
    match = re.fullmatch(r"(\w+)://([^:/]+):(\d+)\?security=(\w+)", url)
    if not match:
        raise Fault(f"typed setting {url!r} is not PROTOCOL://HOST:PORT?security=MODE")
    return " ".join(match.groups())


KEYS = {"id", "about", "needs", "email", "incoming", "outgoing", "args", "command", "timeout", "zone", "zones",
        "dnssec", "dnssec_of", "ns", "ns_of", "server", "firewall", "hosts", "resolver", "offline", "expect", "check",
        "no_mx", "stdin", "password", "token", "client", "before", "hold", "deliver", "validate", "clock", "files"}


def choice(data: dict[str, Any], key: str, allowed: set[str], default: str) -> str:
    value = data.get(key, default)
    if value not in allowed:
        raise Fault(f"{key} = {value!r}; allowed: {', '.join(sorted(allowed))}")
    return value


def scenario(raw: dict[str, Any], number: int, file: str, file_needs: str, causes: set[str]) -> Scenario:
    name = raw.get("id", "")
    if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?", name):
        raise Fault(f"id {name!r} is not a label of lower-case letters, digits and hyphens")
    if unknown := set(raw) - KEYS:
        raise Fault(f"unknown key: {', '.join(sorted(unknown))}")
    data = fill(raw, name, number)
    zones = {f"{name}.test": data["zone"]} if "zone" in data else {}
    zones |= data.get("zones", {})
    main = f"{name}.test"
    if main in zones and not data.get("no_mx") and not re.search(r"\bMX\b", zones[main]):
        zones[main] += "\n@ MX 10 mx.operator.example.\n"
    email = data.get("email", f"user@{name}.test")
    expect = expectation(data.get("expect", {}), causes)
    if expect.verdict == ["ok"]:  # then what was typed works, and is to be listed so
        expect.settings += [line for side in ("incoming", "outgoing") if side in data
                            for line in [typed_setting(data[side])] if line not in expect.settings]
    typed = [word for side in ("incoming", "outgoing") if side in data for word in (f"--{side}", data[side])]
    one = Scenario(
        id=name, about=data.get("about", ""), number=number, file=file, needs=data.get("needs", file_needs),
        email=email, command=data.get("command", ["check", email, *typed]), args=data.get("args", []),
        timeout=data.get("timeout", 45), zones=zones, dnssec=choice(data, "dnssec", DNSSEC, "signed"),
        ns=choice(data, "ns", NAME_SERVERS, "normal"), ns_of=data.get("ns_of", {}), dnssec_of=data.get("dnssec_of", {}),
        servers=[server(entry) for entry in data.get("server", [])],
        firewall=strings(data.get("firewall")), hosts=data.get("hosts", ""),
        resolver=choice(data, "resolver", RESOLVERS, "lab"), offline=data.get("offline", False), clock=data.get("clock", ""),
        expect=expect, checks=strings(data.get("check")),
        stdin=data.get("stdin", ""), password=data.get("password", ""), token=data.get("token", ""), client=data.get("client", ""),
        before=data.get("before", []), hold=strings(data.get("hold")), deliver=data.get("deliver", False),
        files=data.get("files", {}))
    for earlier in one.before:
        if unknown := set(earlier) - {"client", "args", "command"}:
            raise Fault(f"unknown key in before: {', '.join(sorted(unknown))}")
    if wanted := data.get("validate"):
        wanted = dict(wanted)
        one.validated = dataclasses.replace(one, command=["validate", email.partition("@")[2]], args=strings(wanted.pop("args", [])),
                                            needs="validate", stdin="", password="", token="", before=[], hold=[], expect=expectation(wanted, causes))
    return one


def load(folder: pathlib.Path = FOLDER) -> list[Scenario]:
    """Reads all scenario files.

    Each scenario gets a number, and with it a /24 of IPv4 and a /64 of IPv6 for itself.
    Raises Fault with file and scenario where an entry is wrong.
    """
    causes, found, seen_zones, ids = known_causes(), [], {}, set()
    number = 10
    for path in sorted(folder.glob("*.toml")):
        document = tomllib.loads(path.read_text())
        for raw in document.get("scenario", []):
            number += 1
            where = f"{path.name}: scenario {raw.get('id', '?')}"
            if number > 700:
                raise Fault(f"{where}: no addresses left for more scenarios")
            try:
                one = scenario(raw, number, path.name, document.get("needs", ""), causes)
            except Fault as fault:
                raise Fault(f"{where}: {fault}") from None
            if one.id in ids:
                raise Fault(f"{where}: the id is taken")
            ids.add(one.id)
            for zone in one.zones:
                if zone in seen_zones:
                    raise Fault(f"{where}: zone {zone} belongs to {seen_zones[zone]}")
                seen_zones[zone] = one.id
            found.append(one)
    return found


def fingerprint(folder: pathlib.Path = FOLDER) -> str:
    """A hash over scenarios and code: a lab that was started from other files is not reused."""
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("*.toml"), *folder.parent.glob("*.py"), *folder.parent.glob("maillab/*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()
