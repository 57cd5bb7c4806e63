#!/usr/bin/env python3
"""Do maildoctor, testssl.sh and sslscan see the same versions, ciphers and chains on the lab's servers?

    tests/lab/compare_tls.py --tool build/dev/maildoctor           two ports through testssl.sh, five through sslscan
    tests/lab/compare_tls.py --tool build/dev/maildoctor --slow    all five through both

testssl.sh takes most of a minute a port, and several where many suites are offered. Exit status 77: one of the tools, or the lab, cannot be had.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

import lab

# Scenario, port, STARTTLS protocol, whether testssl.sh looks in the quick run, what the chain shows.
PORTS = [
    ("imap.tls-imap.test", 993, "", False, "good"),
    ("imap.tls-old-only.test", 993, "", True, "good"),
    ("imap.tls-untrusted.test", 993, "", True, "untrusted"),
    ("smtp.tls-submission-leftovers.test", 587, "smtp", False, "good"),
    ("pop.tls-pop3-stls.test", 110, "pop3", False, "good"),
]
VERSIONS = {"SSLv2": "SSL 2", "SSLv3": "SSL 3", "TLS1": "TLS 1.0", "TLS1_1": "TLS 1.1", "TLS1_2": "TLS 1.2",
            "TLS1_3": "TLS 1.3"}
TESTSSL_CIPHERS = {"cipher-ssl3": "SSL 3", "cipher-tls1": "TLS 1.0", "cipher-tls1_1": "TLS 1.1", "cipher-tls1_2": "TLS 1.2",
                   "cipher-tls1_3": "TLS 1.3"}
LONGEST = 400  # seconds for one port

Seen = dict[str, set[int]]  # ciphers by version; only versions that are offered


def output(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False).stdout


def by_maildoctor(tool: str, folder: pathlib.Path, host: str, port: int) -> tuple[Seen, dict]:
    report = json.loads(output([tool, "tls", f"{host}:{port}", "--ca-file", str(folder / "ca/root.crt"), "--trust-anchor",
                                str(folder / "dns/root.key"), "--format", "json"]))
    seen = next(entry for entry in report["observations"] if "survey" in entry)
    ciphers = {version["version"]: {cipher["code"] for cipher in version["ciphers"]}
               for version in seen["survey"]["versions"] if version["offered"] == "yes"}
    return ciphers, seen


def by_testssl(folder: pathlib.Path, host: str, port: int, starttls: str) -> tuple[Seen, dict[str, str]]:
    with tempfile.TemporaryDirectory() as place:
        file = pathlib.Path(place) / "out.json"
        output(["testssl", "--quiet", "--color", "0", "--warnings", "off", "-p", "-E", "-S", "--jsonfile", str(file), "--add-ca",
                str(folder / "ca/root.crt"), *(["-t", starttls] if starttls else []), f"{host}:{port}"])
        lines = {entry["id"]: entry["finding"] for entry in json.loads(file.read_text())}
    seen: Seen = {name: set() for key, name in VERSIONS.items() if lines.get(key, "").startswith("offered")}
    for key in lines:
        kind, _, code = key.rpartition("_x")
        if kind in TESTSSL_CIPHERS:
            seen.setdefault(TESTSSL_CIPHERS[kind], set()).add(int(code, 16))
    return seen, lines


def by_sslscan(host: str, port: int, starttls: str) -> Seen:
    words = ["sslscan", "--no-colour", "--no-heartbleed", "--no-groups", "--no-fallback", "--xml=-",
             *([f"--starttls-{starttls}"] if starttls else []), f"{host}:{port}"]
    found = output(words)
    root = xml.fromstring(found[found.index("<document"):])
    seen: Seen = {}
    for entry in root.iter("protocol"):
        if entry.get("enabled") == "1":
            name = f"{entry.get('type', '').upper()} {entry.get('version')}"
            seen[name] = set()
    for entry in root.iter("cipher"):
        seen.setdefault(entry.get("sslversion", "").replace("TLSv", "TLS "), set()).add(int(entry.get("id", "0"), 16))
    return seen


def differences(name: str, ours: Seen, theirs: Seen, blind: bool) -> list[str]:
    """What differs; a tool that is `blind` may miss suites that its library does not have."""
    faults = []
    if ours.keys() != theirs.keys():
        faults.append(f"versions: maildoctor {sorted(ours)}, {name} {sorted(theirs)}")
    for version in ours.keys() & theirs.keys():
        missed, extra = theirs[version] - ours[version], ours[version] - theirs[version]
        if missed:
            faults.append(f"{version}: {name} also sees {', '.join(hex(code) for code in sorted(missed))}")
        if extra and not blind:
            faults.append(f"{version}: only maildoctor sees {', '.join(hex(code) for code in sorted(extra))}")
    return faults


def chain_differences(wanted: str, seen: dict, lines: dict[str, str]) -> list[str]:
    faults = seen.get("tls", {}).get("faults", [])
    theirs = "good" if lines.get("cert_chain_of_trust", "").startswith("passed") else "untrusted"
    ours = "good" if not faults else "untrusted"
    order = lines.get("certs_list_ordering_problem") == "no"
    out = []
    if ours != wanted or theirs != wanted:
        out.append(f"chain: {wanted}, but maildoctor says {faults or 'good'}, testssl.sh {lines.get('cert_chain_of_trust')}")
    if order != seen["tls"]["chain_in_order"]:
        out.append("chain: the order is judged differently")
    resumes = seen["survey"]["resumes_ids"] == "yes" or seen["survey"]["resumes_tickets"] == "yes"
    if lines.get("sessionresumption_ID") == "supported" and not resumes:
        out.append("sessions: testssl.sh takes one up again, maildoctor does not")
    return out


def compare(tool: str, folder: pathlib.Path, slow: bool, entry: tuple) -> tuple[str, list[str]]:
    host, port, starttls, quick, chain = entry
    ours, seen = by_maildoctor(tool, folder, host, port)
    faults = differences("sslscan", ours, by_sslscan(host, port, starttls), True)
    tools = "sslscan"
    if quick or slow:
        theirs, lines = by_testssl(folder, host, port, starttls)
        faults += differences("testssl.sh", ours, theirs, False) + chain_differences(chain, seen, lines)
        tools += " and testssl.sh"
    count = sum(map(len, ours.values()))
    return f"{host}:{port}: {', '.join(sorted(ours))}, {count} ciphers, as {tools}", faults


def inside(args: argparse.Namespace) -> int:
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        jobs = {pool.submit(compare, args.tool, args.dir, args.slow, entry): entry for entry in PORTS}
        for job in concurrent.futures.as_completed(jobs):
            try:
                what, faults = job.result()
            except Exception as fault:  # noqa: BLE001 a tool that gives nothing is a difference, too
                what, faults = f"{jobs[job][0]}:{jobs[job][1]}", [f"{type(fault).__name__}: {fault}"]
            failed += bool(faults)
            print(("differ  " if faults else "agree   ") + what + "".join(f"\n        {line}" for line in faults), flush=True)
    return 1 if failed else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", default=None)
    parser.add_argument("--slow", action="store_true")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--dir", type=pathlib.Path, default=None, help="folder of the lab")
    args = parser.parse_args()
    if args.inside:
        return inside(args)
    for name in ("testssl", "sslscan"):
        if not shutil.which(name):
            print(f"compare_tls: {name} is not installed (script/packages.txt)")
            return 77
    command = [sys.executable, __file__, "--inside", "--tool", lab.find_tool(args.tool), *(["--slow"] if args.slow else [])]
    return lab.guarded(lambda: lab.in_a_lab(args, command))


if __name__ == "__main__":
    sys.exit(main())
