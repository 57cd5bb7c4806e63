"""Name service of the lab: a root zone, top-level domains and scenario zones on NSD, Unbound above them."""

from __future__ import annotations

import base64
import concurrent.futures
import hashlib
import ipaddress
import pathlib
import re
import struct
import subprocess

from . import scenario as data
from .scenario import Scenario

SOA = "@ 300 IN SOA ns1.operator.example. hostmaster.operator.example. 1 3600 600 86400 60"
NORMAL_NS = ("ns1.operator.example.", "ns2.operator.example.")
LAME = "lame.operator.example."
DEAD = "dead.operator.example."
OPERATOR_ZONE = f"""
ns1 A {data.ZONE_NS[0]}
ns2 A {data.ZONE_NS[1]}
lame A {data.LAME_NS}
dead A {data.DEAD_NS}
mx A {data.SHARED_MX}
status A {data.STATUS}
"""


def wire_name(name: str) -> bytes:
    labels = [label for label in name.rstrip(".").lower().split(".") if label]
    return b"".join(bytes([len(label)]) + label.encode() for label in labels) + b"\0"


class Keys:
    """One key pair under many names: the DS record differs by owner, the work of making keys is done once."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(["ldns-keygen", "-a", "ECDSAP256SHA256", "-k", "base"], cwd=folder, check=True,
                              capture_output=True, text=True)
        base = done.stdout.strip()
        self._private = (folder / f"{base}.private").read_text()
        self.rdata = re.search(r"DNSKEY\s+(257 3 13 \S+)", (folder / f"{base}.key").read_text())[1]
        flags, protocol, algorithm, key = self.rdata.split()
        self._wire = struct.pack("!HBB", int(flags), int(protocol), int(algorithm)) + base64.b64decode(key)
        total = sum(byte << 8 if index % 2 == 0 else byte for index, byte in enumerate(self._wire))
        self.tag = (total + (total >> 16)) & 0xFFFF

    def for_zone(self, zone: str) -> str:
        """Writes the key files of `zone`; the returned path without suffix is what ldns-signzone takes."""
        stem = self.folder / ("K" + (zone or "root"))
        stem.with_name(stem.name + ".key").write_text(f"{zone}. IN DNSKEY {self.rdata}\n")
        stem.with_name(stem.name + ".private").write_text(self._private)
        return str(stem)

    def ds(self, zone: str) -> str:
        digest = hashlib.sha256(wire_name(zone) + self._wire).hexdigest()
        return f"{zone}. 300 IN DS {self.tag} 13 2 {digest}"


class NameService:
    """Writes zones and configurations below `folder`; `daemons` are the commands to start."""

    def __init__(self, folder: pathlib.Path, scenarios: list[Scenario], spki_digest: str) -> None:
        self.folder, self.scenarios, self.spki_digest = folder, scenarios, spki_digest
        self.zones = folder / "zones"
        self.zones.mkdir(parents=True, exist_ok=True)
        self.keys = Keys(folder / "keys")
        self.anchor = folder / "root.key"

    def set_up(self) -> list[tuple[str, list[str]]]:
        self.anchor.write_text(f". 300 IN DNSKEY {self.keys.rdata}\n")
        delegations: dict[str, list[str]] = {tld: [] for tld in data.TLDS}
        jobs, served, unloaded = [], [], []
        jobs.append(("operator.example", OPERATOR_ZONE, "signed", NORMAL_NS))
        delegations["example"] += self._delegation("operator.example", NORMAL_NS, "signed")
        delegations["example"] += [f"{name} 300 IN A {address}" for name, address in zip(NORMAL_NS, data.ZONE_NS)]
        for one in self.scenarios:
            for zone, text in one.zones.items():
                ns = one.ns_of.get(zone, one.ns if zone == one.domain else "normal")
                dnssec = one.dnssec_of.get(zone, one.dnssec if zone == one.domain else "signed")
                servers = {"lame": (LAME,), "dead": (DEAD,), "half-lame": (NORMAL_NS[0], LAME),
                           "half-dead": (NORMAL_NS[0], DEAD)}.get(ns, NORMAL_NS)
                tld = zone.rsplit(".", 1)[-1]
                if tld not in delegations:
                    raise data.Fault(f"{one.id}: zone {zone} is not below one of {', '.join(data.TLDS)}")
                delegations[tld] += self._delegation(zone, servers, dnssec)
                if ns == "servfail":
                    unloaded.append(zone)
                elif ns not in ("lame", "dead"):
                    jobs.append((zone, text.replace("{spki}", self.spki_digest), dnssec, servers))
        jobs.append(("10.in-addr.arpa", self._reverse(), "signed", NORMAL_NS))
        arpa = self._delegation("10.in-addr.arpa", NORMAL_NS, "signed")
        served = [job[0] for job in jobs]
        top = [(tld, "\n".join(lines), "signed", ("a.root.",)) for tld, lines in delegations.items()]
        top.append(("arpa", "\n".join(arpa), "signed", ("a.root.",)))
        root = [f"a.root. 300 IN A {data.ROOT_NS}"]
        for tld, *_ in top:
            root += [f"{tld}. 300 IN NS a.root.", self.keys.ds(tld)]
        top.append(("", "\n".join(root), "signed", ("a.root.",)))
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda job: self._write(*job), jobs + top))
        return [self._nsd("nsd-root", [data.ROOT_NS], [zone for zone, *_ in top]),
                self._nsd("nsd-zones", list(data.ZONE_NS), served, unloaded),
                self._nsd("nsd-lame", [data.LAME_NS], []),
                self._unbound("unbound", data.RESOLVER, validate=True),
                self._unbound("unbound-plain", "10.53.0.55", validate=False)]

    def _delegation(self, zone: str, servers: tuple[str, ...], dnssec: str) -> list[str]:
        lines = [f"{zone}. 300 IN NS {server}" for server in servers]
        if dnssec == "wrong-ds":
            lines.append(f"{zone}. 300 IN DS {self.keys.tag} 13 2 {hashlib.sha256(b'another key').hexdigest()}")
        elif dnssec == "unknown-algorithm":  # counts as unsigned (RFC 4035 section 5.2)
            lines.append(self.keys.ds(zone).replace(" 13 2 ", " 250 2 "))
        elif dnssec not in ("unsigned", "island"):
            lines.append(self.keys.ds(zone))
        return lines

    def _reverse(self) -> str:
        names: dict[str, str] = {}
        for one in self.scenarios:
            for zone, text in one.zones.items():
                for line in text.splitlines():
                    if match := re.match(r"(\S+)\s+(?:\d+\s+)?(?:IN\s+)?A\s+(10\.[\d.]+)\s*$", line):
                        owner = match[1]
                        full = f"{zone}." if owner == "@" else owner if owner.endswith(".") else f"{owner}.{zone}."
                        if "*" not in full:
                            names.setdefault(match[2], full)
        return "\n".join(f"{ipaddress.ip_address(address).reverse_pointer}. PTR {name}"
                         for address, name in names.items())

    def _write(self, zone: str, text: str, dnssec: str, servers: tuple[str, ...]) -> None:
        path = self.zones / (zone or "root")
        lines = [f"$ORIGIN {zone}.", "$TTL 300", SOA, *(f"@ IN NS {server}" for server in servers), text, ""]
        path.write_text("\n".join(lines))
        signed = self.zones / f"{zone or 'root'}.signed"
        if dnssec in ("unsigned", "stripped"):
            signed.write_text(path.read_text())
            return
        dates = ["-i", "20240101000000", "-e", "20240301000000"] if dnssec == "expired" else []
        nsec3 = ["-n", "-t", "0"] if dnssec == "nsec3" else []
        key = self.keys.for_zone(zone)
        done = subprocess.run(["ldns-signzone", *dates, *nsec3, "-o", f"{zone}.", "-f", str(signed), str(path), key],
                              capture_output=True, text=True)
        if done.returncode or not signed.exists():
            raise RuntimeError(f"ldns-signzone {zone or '.'}: {done.stdout}{done.stderr}\n{path.read_text()}")
        if dnssec == "tampered":  # addresses and mail servers change, signatures stay
            text = signed.read_text()
            text = re.sub(r"(\sIN\s+A\s+10\.5\d\.\d+\.)(\d+)", lambda m: f"{m[1]}{int(m[2]) + 100}", text)
            text = re.sub(r"(\sIN\s+MX\s+)(\d+)", lambda m: f"{m[1]}{int(m[2]) + 1}", text)
            signed.write_text(text)

    def _nsd(self, name: str, addresses: list[str], zones: list[str],
             unloaded: list[str] | None = None) -> tuple[str, list[str]]:
        lines = ["server:", *(f"  ip-address: {address}" for address in addresses), "  do-ip6: no", "  username: \"\"",
                 "  chroot: \"\"", f"  zonesdir: \"{self.zones}\"", "  database: \"\"", "  server-count: 1",
                 f"  pidfile: \"{self.folder}/{name}.pid\"", f"  xfrdfile: \"{self.folder}/{name}.xfrd\"",
                 f"  zonelistfile: \"{self.folder}/{name}.zonelist\"", f"  xfrdir: \"{self.folder}\"",
                 f"  logfile: \"{self.folder}/{name}.log\"", "  rrl-ratelimit: 0", "remote-control:",
                 "  control-enable: no"]
        for zone in zones:
            lines += ["zone:", f"  name: \"{zone}.\"", f"  zonefile: \"{zone or 'root'}.signed\""]
        for zone in unloaded or []:
            lines += ["zone:", f"  name: \"{zone}.\"", f"  zonefile: \"{zone}.missing\""]
        path = self.folder / f"{name}.conf"
        path.write_text("\n".join(lines) + "\n")
        return name, ["nsd", "-d", "-c", str(path)]

    def _unbound(self, name: str, address: str, validate: bool) -> tuple[str, list[str]]:
        hints = self.folder / "root.hints"
        hints.write_text(f". 3600 IN NS a.root.\na.root. 3600 IN A {data.ROOT_NS}\n")
        lines = ["server:", f"  interface: {address}", "  access-control: 0.0.0.0/0 allow", "  do-daemonize: no",
                 "  username: \"\"", "  chroot: \"\"", f"  directory: \"{self.folder}\"", "  use-syslog: no",
                 f"  logfile: \"{self.folder}/{name}.log\"", f"  pidfile: \"{self.folder}/{name}.pid\"",
                 f"  root-hints: \"{hints}\"", "  do-ip6: no", "  local-zone: \"test.\" nodefault",
                 "  local-zone: \"10.in-addr.arpa.\" nodefault", "  val-log-level: 2", "  ede: yes",
                 f"  outgoing-interface: {address}", "  cache-max-negative-ttl: 30", "  num-threads: 1",
                 "  log-servfail: yes"]
        lines += ([f"  trust-anchor-file: \"{self.anchor}\"", "  module-config: \"validator iterator\""] if validate
                  else ["  module-config: \"iterator\""])
        lines += ["remote-control:", "  control-enable: no"]
        path = self.folder / f"{name}.conf"
        path.write_text("\n".join(lines) + "\n")
        return name, ["unbound", "-d", "-c", str(path)]
