#!/usr/bin/env python3
"""Runs a command beside real name servers: a small signed tree of zones on NSD and two Unbound resolvers, on loopback.

usage: dns_lab.py COMMAND [ARG...]

The command finds in its environment: DNS_LAB (folder with root.key, the trust anchor), DNS_LAB_VALIDATING and
DNS_LAB_PLAIN (ADDR:PORT of a resolver that validates, and of one that does not), DNS_LAB_PORT (of the name servers).
Everything lives in a temporary folder and ends with the command. Exit status: the command's; 77 when a program is
missing, with the line that would install it.
"""
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PROGRAMS = {"nsd": "nsd", "unbound": "unbound", "ldns-signzone": "ldnsutils", "ldns-keygen": "ldnsutils", "ldns-key2ds": "ldnsutils"}
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/usr/bin"
ROOT, TLD, LEAF, LAME, DEAD = "127.0.0.11", "127.0.0.12", "127.0.0.13", "127.0.0.14", "127.0.0.99"

# name -> how it is signed; the parent's DS follows `ds`.
ZONES = {
    "secure.test": {"sign": []},
    "rsa.test": {"sign": [], "algorithm": "RSASHA256"},
    "ed25519.test": {"sign": [], "algorithm": "ED25519"},
    "ed448.test": {"sign": [], "algorithm": "ED448"},
    "nsec3.test": {"sign": ["-n", "-s", "beef", "-t", "5"]},
    "costly.test": {"sign": ["-n", "-s", "beef", "-t", "500"]},
    "optout.test": {"sign": ["-n", "-p", "-s", "beef", "-t", "1"]},
    "expired.test": {"sign": ["-i", "20190101", "-e", "20200101"]},
    "future.test": {"sign": ["-i", "20900101", "-e", "20910101"]},
    "wrongds.test": {"sign": [], "ds": "wrong"},
    "unknownds.test": {"sign": [], "ds": "unknown"},
    "insecure.test": {"sign": None, "ds": None},
    "island.test": {"sign": [], "ds": None},
    "nosig.test": {"sign": None, "ds": "other"},
    "badsig.test": {"sign": [], "break": True},
    "sub.secure.test": {"sign": []},
    "plain.secure.test": {"sign": None, "ds": None},
    "plain.nsec3.test": {"sign": None, "ds": None},
    "plain.optout.test": {"sign": None, "ds": None},
}

COMMON = """$ORIGIN {zone}.
$TTL 300
@ IN SOA ns.{zone}. hostmaster.{zone}. 1 3600 600 86400 300
@ IN NS ns.{zone}.
ns IN A {server}
@ IN MX 10 mail.{zone}.
@ IN TXT "v=spf1 -all"
mail IN A 192.0.2.1
mail IN AAAA 2001:db8::1
_25._tcp.mail IN TLSA 3 1 1 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
a.deep.inner IN A 192.0.2.2
*.wild IN A 192.0.2.3
*.wild IN TXT "wild"
alias IN CNAME mail.{zone}.
to-secure IN CNAME mail.nsec3.test.
to-insecure IN CNAME mail.insecure.test.
to-bogus IN CNAME mail.expired.test.
to-nowhere IN CNAME absent.nsec3.test.
loop IN CNAME pool.{zone}.
pool IN CNAME loop.{zone}.
tree IN DNAME nsec3.test.
big IN TXT "{filler}" "{filler}" "{filler}" "{filler}" "{filler}" "{filler}"
"""


def run(*words, folder):
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, env={**os.environ, "PATH": PATH})
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)}: {done.stderr}{done.stdout}")
    return done.stdout.strip()


def make_key(folder, zone, algorithm="ECDSAP256SHA256"):
    bits = ["-b", "2048"] if algorithm.startswith("RSA") else []
    return run("ldns-keygen", "-k", "-a", algorithm, *bits, zone, folder=folder)


def ds_of(folder, key):
    return run("ldns-key2ds", "-n", "-2", key + ".key", folder=folder)


def write_zone(folder, zone, text, how, key):
    """Writes and signs a zone; gives the file to serve."""
    path = folder / (f"{zone}.zone" if zone != "." else "root.zone")
    path.write_text(text)
    if how is None:
        return path
    run("ldns-signzone", "-o", zone, "-f", f"{path}.signed", *how, path.name, key, folder=folder)
    return pathlib.Path(f"{path}.signed")


def delegations(folder, below, keys):
    """NS and DS lines in the zone `below` for its children."""
    lines = []
    for zone, how in ZONES.items():
        if zone.partition(".")[2] != below:
            continue
        lines += [f"{zone}. 300 IN NS ns.{zone}.", f"ns.{zone}. 300 IN A {LEAF}"]
        ds = how.get("ds", "right")
        if ds == "right":
            lines.append(ds_of(folder, keys[zone]))
        elif ds in ("wrong", "other"):
            lines.append(ds_of(folder, make_key(folder, zone)))
        elif ds == "unknown":
            lines.append(f"{zone}. 300 IN DS 4711 250 2 {'00' * 32}")
    return "\n".join(lines)


def break_record(path):
    """Changes an address after it was signed."""
    text = path.read_text()
    if "192.0.2.1\n" not in text:
        sys.exit("badsig.test: the record to break is not there")
    path.write_text(text.replace("192.0.2.1\n", "192.0.2.66\n"))


def make_zones(folder):
    keys = {zone: make_key(folder, zone, how.get("algorithm", "ECDSAP256SHA256")) for zone, how in ZONES.items() if how["sign"] is not None}
    served = {}
    for zone, how in ZONES.items():
        text = COMMON.format(zone=zone, server=LEAF, filler="x" * 250) + delegations(folder, zone, keys) + "\n"
        served[zone] = write_zone(folder, zone, text, how["sign"], keys.get(zone))
        if how.get("break"):
            break_record(served[zone])
    tld_key, root_key = make_key(folder, "test"), make_key(folder, ".")
    lame = "".join(f"{zone}. 300 IN NS ns.{zone}.\nns.{zone}. 300 IN A {address}\n" for zone, address in (("lame.test", LAME), ("dead.test", DEAD)))
    tld = f"test. 300 IN SOA ns.test. hostmaster.test. 1 3600 600 86400 300\ntest. 300 IN NS ns.test.\nns.test. 300 IN A {TLD}\n"
    served["test"] = write_zone(folder, "test", tld + delegations(folder, "test", keys) + "\n" + lame, ["-n", "-s", "cafe", "-t", "1"], tld_key)
    root = (f". 300 IN SOA ns.root. hostmaster.root. 1 3600 600 86400 300\n. 300 IN NS ns.root.\nns.root. 300 IN A {ROOT}\n"
            f"test. 300 IN NS ns.test.\nns.test. 300 IN A {TLD}\n" + ds_of(folder, tld_key) + "\n")
    served["."] = write_zone(folder, ".", root, [], root_key)
    (folder / "root.key").write_text(ds_of(folder, root_key) + "\n")
    return served


def nsd(folder, name, address, port, zones):
    conf = f'server:\n  ip-address: {address}@{port}\n  username: ""\n  zonesdir: "{folder}"\n  pidfile: "{folder}/{name}.pid"\n  database: ""\n'
    conf += f'  xfrdfile: "{folder}/{name}.xfrd"\n  zonelistfile: "{folder}/{name}.list"\n  xfrdir: "{folder}"\n  logfile: "{folder}/{name}.log"\nremote-control:\n  control-enable: no\n'
    conf += "".join(f'zone:\n  name: "{zone}"\n  zonefile: "{path}"\n' for zone, path in zones.items())
    (folder / f"{name}.conf").write_text(conf)
    return ["nsd", "-d", "-c", f"{folder}/{name}.conf"]


def unbound(folder, name, port, servers_port, modules):
    stubs = {".": ROOT, "test": TLD, "lame.test": LAME, "dead.test": DEAD, **{zone: LEAF for zone in ZONES}}
    conf = f'server:\n  interface: 127.0.0.1@{port}\n  port: {port}\n  username: ""\n  chroot: ""\n  directory: "{folder}"\n  pidfile: ""\n'
    conf += f'  logfile: "{folder}/{name}.log"\n  use-syslog: no\n  do-not-query-localhost: no\n  module-config: "{modules}"\n  ede: yes\n  num-threads: 1\n'
    conf += '  do-ip6: no\n  val-log-level: 2\n  trust-anchor-file: "root.key"\n  local-zone: "test." nodefault\n  qname-minimisation: no\n'
    conf += "remote-control:\n  control-enable: no\n"
    conf += "".join(f'stub-zone:\n  name: "{zone}"\n  stub-addr: {address}@{servers_port}\n' for zone, address in stubs.items())
    (folder / f"{name}.conf").write_text(conf)
    return ["unbound", "-d", "-c", f"{folder}/{name}.conf"]


def free_port(addresses):
    """A high port that is free on all of them, for UDP and TCP."""
    for _ in range(200):
        port = random.randrange(50000, 59000)
        held = []
        try:
            for address in addresses:
                for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                    held.append(socket.socket(socket.AF_INET, kind))
                    held[-1].bind((address, port))
            return port
        except OSError:
            continue
        finally:
            for one in held:
                one.close()
    sys.exit("no free port on loopback")


def answers(address, port, name):
    """Whether the server answers a question for `name` SOA with NOERROR."""
    question = b"\x12\x34\x01\x00\x00\x01" + bytes(6) + b"".join(bytes([len(p)]) + p.encode() for p in name.split(".") if p) + b"\0\0\x06\0\x01"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ask:
        ask.settimeout(0.3)
        try:
            ask.sendto(question, (address, port))
            return ask.recv(4096)[3] & 15 == 0
        except OSError:
            return False


def wait_for(checks, processes, folder):
    limit = time.monotonic() + 20
    for address, port, name in checks:
        while not answers(address, port, name):
            if time.monotonic() > limit or any(p.poll() is not None for p in processes):
                logs = "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-2000:]}" for log in sorted(folder.glob("*.log")))
                sys.exit(f"the name server at {address}:{port} does not answer for '{name}'\n{logs}")
            time.sleep(0.05)


def main():
    missing = sorted({package for program, package in PROGRAMS.items() if not shutil.which(program, path=PATH)})
    if missing:
        print(f"skipped: needs real name servers: apt-get install --no-install-recommends {' '.join(missing)}")
        return 77
    folder = pathlib.Path(tempfile.mkdtemp(prefix="maildoctor-dns-"))
    processes = []
    try:
        served = make_zones(folder)
        port = free_port([ROOT, TLD, LEAF, LAME, DEAD])
        validating, plain = free_port(["127.0.0.1"]), free_port(["127.0.0.1"])
        commands = [
            nsd(folder, "root", ROOT, port, {".": served["."]}),
            nsd(folder, "tld", TLD, port, {"test": served["test"]}),
            nsd(folder, "leaf", LEAF, port, {zone: served[zone] for zone in ZONES}),
            nsd(folder, "lame", LAME, port, {"secure.test": served["secure.test"]}),
            unbound(folder, "validating", validating, port, "validator iterator"),
            unbound(folder, "plain", plain, port, "iterator"),
        ]
        for words in commands:
            processes.append(subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                              env={**os.environ, "PATH": PATH}, start_new_session=True))
        checks = [(ROOT, port, ""), (TLD, port, "test"), (LEAF, port, "secure.test"), (LAME, port, "secure.test"),
                  ("127.0.0.1", validating, "secure.test"), ("127.0.0.1", plain, "secure.test")]
        wait_for(checks, processes, folder)
        environment = {**os.environ, "DNS_LAB": str(folder), "DNS_LAB_VALIDATING": f"127.0.0.1:{validating}",
                       "DNS_LAB_PLAIN": f"127.0.0.1:{plain}", "DNS_LAB_PORT": str(port)}
        return subprocess.run(sys.argv[1:], env=environment).returncode
    finally:
        for process in processes:
            os.killpg(process.pid, signal.SIGTERM)
        for process in processes:
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        if "DNS_LAB_KEEP" in os.environ:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
