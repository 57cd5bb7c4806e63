#!/usr/bin/env python3
"""`discover` against a folder of cases: documents and orders with what mail programs make of them.

usage: discovery_cases_test.py PROGRAM. The folder is $MAILDOCTOR_DISCOVERY_CASES, else shared/data/discovery-cases beside
the checkout; exit status 77 (skipped) where there is none. Each case is a folder with expect.json and, for documents,
input.xml. `plain` in it is our `none`; `encrypted` is TLS or STARTTLS.
"""
import json
import os
import pathlib
import subprocess
import sys

PROGRAM = sys.argv[1]
FOLDER = pathlib.Path(os.environ.get("MAILDOCTOR_DISCOVERY_CASES")
                      or pathlib.Path(__file__).resolve().parents[3] / "shared/data/discovery-cases")
PEERS = {"tb": "thunderbird", "k9": "k9", "dc": "deltachat"}
SECURITY = {"plain": ["none"], "encrypted": ["tls", "starttls"]}


def discover(*arguments: str) -> tuple[int, dict]:
    done = subprocess.run([PROGRAM, "discover", *arguments, "--format", "json"], capture_output=True, text=True, timeout=60, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{arguments}: exit status {done.returncode}: {done.stderr}")
    return done.returncode, json.loads(done.stdout)


def compare_servers(got: list, want: list) -> list[str]:
    if len(got) != len(want):
        return [f"{len(got)} servers, not {len(want)}"]
    faults = []
    for server, row in zip(got, want):
        same = all(server.get(ours) == row[theirs] for ours, theirs in
                   (("protocol", "type"), ("host", "host"), ("port", "port"), ("username", "username"), ("auth", "auth")))
        if not same or server["security"] not in SECURITY.get(row["security"], [row["security"]]):
            faults.append(f"{server} is not {row}")
    return faults


def check_document(folder: pathlib.Path, expect: dict) -> list[str]:
    status, answer = discover(expect["email"], "--document", f"{expect['format']}:{folder / 'input.xml'}")
    faults, named = [], answer["faults"]
    want = expect if expect["expect"] == "ok" else expect.get("tolerant_reading")
    if want:
        for side in ("incoming", "outgoing"):
            faults += compare_servers(answer["settings"][side], want[side])
        if "skipped" in want and want["skipped"] != answer["skipped"]:
            faults.append(f"left out: {answer['skipped']}, not {want['skipped']}")
    peer = PEERS.get(expect["case"].split("-")[0])
    if expect["expect"] == "error":
        error = expect["error"]
        found = [fault for fault in named if fault["kind"] == error["kind"] and fault["element"] == error.get("detail", fault["element"])]
        if not found or (peer and not any(peer in fault["dropped_by"] for fault in found)) or status != 1:
            faults.append(f"{error} is not among {named}, exit status {status}")
    elif expect["expect"] == "ok" and any(peer in fault["dropped_by"] for fault in named):
        faults.append(f"{peer} takes it, but: {named}")
    if answer.get("redirect_url") != expect.get("redirect_url"):
        faults.append("another redirect")
    for key in ("exchange", "enable_instruction", "oauth2"):
        faults += [f"{key}: {answer.get(key)}" for name, value in expect.get(key, {}).items() if answer.get(key, {}).get(name) != value]
    return faults


def check_lookup_order(expect: dict) -> list[str]:
    options, arguments = expect["options"], []
    program = {"tb": "thunderbird", "dc": "deltachat"}.get(expect["case"].split("-")[1], "k9")
    if options.get("https_only"):
        arguments.append("--https-only")
    if options.get("include_address") is False:
        arguments.append("--no-address")
    if expect.get("mx"):
        arguments += ["--mx", expect["mx"][0]]
    _, answer = discover(expect["email"], "--plan", "--like", program, *arguments)
    stage = options.get("stage", "provider")
    urls = [step["url"] for step in answer["steps"] if step["stage"] == stage]
    return [] if urls == expect["urls"] else [f"{urls}, not {expect['urls']}"]


def check_guess_order(expect: dict) -> list[str]:
    arguments = ["--protocol", expect["protocol"]] if expect["protocol"] in ("imap", "pop3", "smtp") else []
    if expect["security"] != "any":
        arguments += ["--security", SECURITY.get(expect["security"], [expect["security"]])[0]]
    if expect["port"]:
        arguments += ["--port", str(expect["port"])]
    _, answer = discover("user@example.test", "--plan", "--like", "thunderbird", *arguments)
    want = [(entry["protocol"], SECURITY.get(entry["security"], [entry["security"]])[0], entry["port"]) for entry in expect["tries"]]
    got = [(entry["protocol"], entry["security"], entry["port"]) for entry in answer["tries"]]
    return [] if got == want else [f"{got}, not {want}"]


def main() -> int:
    if not FOLDER.is_dir():
        print(f"skipped: there is no folder {FOLDER}")
        return 77
    checked = failed = 0
    for folder in sorted(path.parent for path in FOLDER.glob("*/expect.json")):
        expect = json.loads((folder / "expect.json").read_text(encoding="utf-8"))
        check = {"lookup-order": check_lookup_order, "guess-order": check_guess_order}.get(expect["format"])
        faults = check(expect) if check else check_document(folder, expect)
        checked += 1
        failed += bool(faults)
        for fault in faults:
            print(f"{expect['case']}: {fault}")
    print(f"{checked} cases, {failed} failed")
    return 1 if failed or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
