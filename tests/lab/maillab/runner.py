"""Runs the tool on scenarios and compares its report with what the scenario expects."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import functools
import itertools
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import time
from typing import Any

from . import scenario as data
from .scenario import Scenario

sys.path.insert(0, str(data.FOLDER.parent.parent / "support"))
import schemas  # noqa: E402

try:
    import jsonschema
except ImportError:  # the schema is then checked by other tests alone
    jsonschema = None

READY = {"", "check", "login", "policy", "relay", "revocation", "validate"}  # values of `needs` that the tool fulfils by now
SLACK = 4  # seconds that a run may take beyond its --timeout
RESOLV_CONF = {"plain": f"nameserver {data.PLAIN_RESOLVER}\n", "dead": f"nameserver {data.DEAD_NS}\n",
               "broken": f"nameserver {data.BROKEN_RESOLVER}\n", "captive": f"nameserver {data.CAPTIVE_RESOLVER}\n",
               "first-dead": f"nameserver {data.DEAD_NS}\nnameserver {data.RESOLVER}\n",
               "refused": "nameserver 10.53.0.7\n", "none": ""}


def wrapped(one: Scenario, folder: pathlib.Path, command: list[str]) -> list[str]:
    """Gives the scenario its own resolv.conf and hosts file, or takes its network away."""
    mounts = {}
    if one.resolver in RESOLV_CONF:
        mounts["/etc/resolv.conf"] = RESOLV_CONF[one.resolver]
    if one.hosts:
        mounts["/etc/hosts"] = "127.0.0.1 localhost\n" + one.hosts
    if not mounts and not one.offline:
        return command
    script = []
    for target, text in mounts.items():
        file = folder / "etc" / f"{one.id}{target.replace('/', '_')}"
        file.write_text(text)
        file.chmod(0o644)
        script.append(f"mount --bind '{file}' \"$(readlink -f {target})\"")
    flags = ["--net"] if one.offline else []
    return ["unshare", "--mount", *flags, "sh", "-c", "; ".join([*script, 'exec "$@"']), "sh", *command]


def tool_command(one: Scenario, tool: str, folder: pathlib.Path) -> list[str]:
    secret = []
    for kind in ("password", "token"):
        if text := getattr(one, kind):
            file = folder / "etc" / f"{one.id}.{kind}"
            file.write_text(text + "\n")
            file.chmod(0o600)
            secret += [f"--{kind}-file", str(file)]
    files = folder / "etc" / f"{one.id}.files"
    if one.files:
        files.mkdir(parents=True, exist_ok=True)
        for name, text in one.files.items():
            (files / name).write_text(text)
    args = [word.replace("{FILES}", str(files)) for word in one.args]
    clock = ["env", "FAKETIME_DONT_FAKE_MONOTONIC=1", "faketime", "-f", one.clock] if one.clock else []
    return [*clock, tool, *one.command, *secret, "--ca-file", str(folder / "ca/root.crt"), "--trust-anchor",
            str(folder / "dns/root.key"), "--timeout", str(one.timeout), "--format", "json", *(with_files(one, folder, args))]


def with_files(one: Scenario, folder: pathlib.Path, args: list[str]) -> list[str]:
    """Names the files that runs of a scenario leave to each other: {before}, the report of the last run before this
    one, and {store}."""
    return [word.replace("{before}", str(folder / f"{one.id}.before.json")).replace("{store}", str(folder / f"{one.id}.sqlite"))
            for word in args]


@contextlib.contextmanager
def seen_as(one: Scenario, client: str):
    """Lets the scenario's servers see connections from another address of this computer."""
    if not client:
        yield
        return
    route = ["local", f"{data.network(one.number)[0]}.0/24", "dev", "lo", "table", "local", "src", client]
    subprocess.run(["ip", "route", "replace", *route], check=True)
    try:
        yield
    finally:
        subprocess.run(["ip", "route", "del", *route], check=True)


@contextlib.contextmanager
def held(one: Scenario):
    """Keeps connections open, for servers that allow no more."""
    with contextlib.ExitStack() as stack:
        for target in one.hold:
            host, _, port = target.rpartition(":")
            connection = stack.enter_context(socket.create_connection((host, int(port)), 10))
            connection.recv(200)
        yield


def run_before(one: Scenario, tool: str, folder: pathlib.Path) -> None:
    """The runs that come before the one that counts; their reports are kept, not judged."""
    (folder / f"{one.id}.sqlite").unlink(missing_ok=True)
    usual = [word for word in one.args if word not in ("--compare", "{before}")]
    for earlier in one.before:
        this = dataclasses.replace(one, args=earlier.get("args", usual), command=earlier.get("command", one.command))
        with seen_as(one, earlier.get("client", "")):
            done = subprocess.run(wrapped(one, folder, tool_command(this, tool, folder)), capture_output=True,
                                  timeout=one.timeout + 30)
        (folder / f"{one.id}.before.json").write_bytes(done.stdout)


def kept(one: Scenario, folder: pathlib.Path) -> bytes:
    """What the runs of a scenario left in its store."""
    store = folder / f"{one.id}.sqlite"
    return store.read_bytes() if store.exists() else b""


def leaked(one: Scenario, output: bytes) -> list[str]:
    """The forms of password and token that stand in what a run gave out: in clear and in base64, wherever it begins."""
    found = []
    for secret in filter(None, (one.password, one.token)):
        raw = secret.encode()
        forms = {raw, *(base64.b64encode(b"\0" * n + raw).rstrip(b"=")[(n * 8 + 5) // 6:-1] for n in range(3))}
        found += [f"the output holds a secret: {form!r}" for form in forms if form in output]
    return found


def control_characters(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(control_characters, [*value, *value.values()]))
    if isinstance(value, list):
        return any(map(control_characters, value))
    return isinstance(value, str) and any(
        ord(char) < 32 and char not in "\n\t" or 127 <= ord(char) < 160 for char in value)


@functools.cache
def validator(name: str) -> Any:
    return jsonschema.Draft202012Validator(schemas.bundled(name)) if jsonschema else None


def schema_faults(report: dict) -> list[str]:
    """Where the report differs from the published schema, at most three places."""
    schema = validator("validate" if "programs" in report else "report")
    faults = schema.iter_errors(report) if schema else []
    return [f"schema: {fault.json_path}: {fault.message[:120]}" for fault in itertools.islice(faults, 3)]


def setting_line(entry: dict) -> str:
    return f"{entry.get('protocol')} {entry.get('host')} {entry.get('port')} {entry.get('security')}"


def compare(one: Scenario, report: dict) -> list[str]:
    """Each difference between report and expectation, in words."""
    want, wrong = one.expect, []
    verdict, primary = report.get("verdict"), report.get("primary")
    findings = report.get("findings", [])
    first = next((finding for finding in findings if finding.get("primary")), None)
    if verdict not in want.verdict:
        wrong.append(f"verdict {verdict}, expected {' or '.join(want.verdict)}")
    if verdict == "problem" and primary not in want.primary:
        wrong.append(f"primary {primary}, expected {' or '.join(want.primary) or 'none'}")
    if want.primary and verdict == "inconclusive" and primary and primary not in want.primary:
        wrong.append(f"primary {primary}, expected {' or '.join(want.primary)}")
    if verdict == "problem":
        marked = sum(bool(finding.get("primary")) for finding in findings)
        if marked != 1:
            wrong.append(f"{marked} findings are marked as primary")
        elif first["cause"] != primary:
            wrong.append(f"primary is {primary}, but the marked finding says {first['cause']}")
        elif not first.get("fixes"):
            wrong.append("the primary finding has no fixes")
    if want.detail and first and first.get("detail") not in want.detail:
        wrong.append(f"detail {first.get('detail')}, expected {' or '.join(want.detail)}")
    if want.host and first and (first.get("subject") or {}).get("host") != want.host:
        wrong.append(f"subject {(first.get('subject') or {}).get('host')}, expected {want.host}")
    causes = {finding["cause"] for finding in findings}
    roots = {finding["cause"] for finding in findings
             if finding.get("severity") == "error" and finding.get("consequence_of") is None}
    wrong += [f"{cause} is missing among the findings" for cause in want.also if cause not in causes]
    wrong += [f"{cause} is missing as a warning" for cause in want.warns
              if not any(f["cause"] == cause and f.get("severity") == "warning" for f in findings)]
    wrong += [f"{cause} must not be reported" for cause in want.forbid
              if any(f["cause"] == cause and f.get("severity") != "info" for f in findings)]
    extra = roots - set(want.primary) - set(want.also) - set(want.allow)
    wrong += [f"false alarm: {cause}" for cause in sorted(extra)]
    works = {setting_line(entry) for side in (report.get("settings") or {}).values()
             for entry in side if entry.get("works")}
    wrong += [f"setting is missing: {setting}" for setting in want.settings if setting not in works]
    wrong += [f"setting should not be there: {setting}" for setting in want.no_settings if setting in works]
    untested = json.dumps(report.get("not_tested", [])).lower()
    wrong += [f"not_tested does not name {text!r}" for text in want.not_tested if text.lower() not in untested]
    notes = " ".join(report.get("notes", []))
    wrong += [f"notes do not say {text!r}" for text in want.notes if text not in notes]
    evidence = "\n".join(entry["text"] for finding in findings for entry in finding.get("evidence", []))
    wrong += [f"no evidence says {text!r}" for text in want.evidence if text not in evidence]
    limits = {f"{entry['limit']} {entry['value']}" for entry in report.get("limits", [])}
    wrong += [f"limit is missing: {limit}" for limit in want.limits if limit not in limits]
    if want.confidence and (not first or first.get("confidence") != want.confidence):
        wrong.append(f"confidence {first and first.get('confidence')}, expected {want.confidence}")
    wrong += [f"does not hold: {line}" for line in want.holds if not holds(report, line)]
    if control_characters(report):
        wrong.append("control characters in the report")
    return wrong


def reached(value: object, path: str) -> list[object]:
    """All values of the report at PATH: members by name, "name[member=text]" for the entries of a list that have it.

    A list stands for its entries.
    """
    found = [value]
    for name, key, text in re.findall(r"([\w-]+)(?:\[([\w-]+)=([^\]]*)\])?(?:\.|$)", path):
        found = [one.get(name) for one in found if isinstance(one, dict)]
        found = [entry for one in found for entry in (one if isinstance(one, list) else [one])]
        if key:
            found = [one for one in found if isinstance(one, dict) and plain(one.get(key)) == text]
    return found


def plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def holds(report: dict, line: str) -> bool:
    """ "PATH = VALUE" (some value there is this one), "PATH ~ TEXT" (some contains it), "PATH none" (nothing is there)."""
    path, _, rest = line.partition(" ")
    values = [plain(value) for value in reached(report, path) if value is not None]
    sign, _, wanted = rest.partition(" ")
    if sign == "=":
        return wanted in values
    if sign == "~":
        return any(wanted in value for value in values)
    if sign == "none":
        return not values
    raise data.Fault(f"not understood: {line!r}")


def finding_line(finding: dict) -> str:
    subject = finding.get("subject") or {}
    where = ":".join(str(subject[key]) for key in ("host", "address", "port") if subject.get(key))
    marks = (" primary" if finding.get("primary") else "") + (
        f" <- {finding['consequence_of']}" if finding.get("consequence_of") is not None else "")
    return (f"{finding.get('severity')} {finding.get('cause')} ({finding.get('detail') or '-'}) {where} "
            f"[{subject.get('security', '')}]{marks}: {finding.get('title', '')}")


def run(one: Scenario, tool: str, folder: pathlib.Path) -> tuple[list[str], str]:
    """Runs the tool once.

    Returns what is wrong (empty: passed) and the text to show then.
    """
    command = tool_command(one, tool, folder)
    begin = time.monotonic()
    environment = {key: value for key, value in os.environ.items() if key not in ("SSL_CERT_FILE", "SSL_CERT_DIR")}
    try:
        run_before(one, tool, folder)
        begin = time.monotonic()
        with seen_as(one, one.client), held(one):
            done = subprocess.run(wrapped(one, folder, command), capture_output=True, timeout=one.timeout + 30,
                                  input=one.stdin.encode(), env=environment)
    except subprocess.TimeoutExpired:
        return [f"still running {one.timeout + 30} s after its start"], " ".join(command)
    took = time.monotonic() - begin
    shown = [" ".join(command), f"exit status {done.returncode} after {took:.1f} s"]
    errors = done.stderr.decode(errors="replace").strip()
    if errors:
        shown.append("stderr: " + errors[-1500:])
    try:
        report = json.loads(done.stdout)
    except ValueError as fault:
        shown.append("stdout: " + done.stdout[:600].decode(errors="replace"))
        return [f"no JSON report: {fault}"], "\n".join(shown)
    wrong = compare(one, report) + schema_faults(report) + leaked(one, done.stdout + done.stderr + kept(one, folder))
    broken = any(line.get("met") == "no" for line in report.get("policy", []))  # a policy that is not kept counts, too
    if done.returncode != (1 if broken else data.VERDICTS.get(report.get("verdict"))):
        wrong.append(f"exit status {done.returncode} with verdict {report.get('verdict')}")
    if took > one.timeout + SLACK:
        wrong.append(f"took {took:.1f} s with --timeout {one.timeout}")
    shown += [finding_line(finding) for finding in report.get("findings", [])] or ["no findings"]
    shown += [f"works: {setting_line(entry)}" for side in (report.get("settings") or {}).values()
              for entry in side if entry.get("works")]
    shown += [f"not tested: {entry.get('what')}: {entry.get('because')}" for entry in report.get("not_tested", [])]
    return wrong, "\n".join(shown)
