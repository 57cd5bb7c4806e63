#!/usr/bin/env python3
"""Runs the examples of README.md and docs/ against the lab. usage: examples_test.py SOURCE_DIR PROGRAM

An example is a fenced block that begins with `$ maildoctor …` and names an account or server of a scenario
(user@SCENARIO.test). What the page shows must be what is printed; a line with `…` alone stands for any lines; times,
addresses of the lab and line breaks may differ. Exit status: 77 where the lab cannot be brought up.
"""
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(sys.argv[1]).resolve()
PROGRAM = str(pathlib.Path(sys.argv[2]).resolve())
sys.path.insert(0, str(SOURCE / "tests/lab"))
from maillab import runner, scenario, space  # noqa: E402

FENCE = re.compile(r"^```\w*\n\$ maildoctor (.*?)\n(.*?)^```$", re.M | re.S)
TIME = re.compile(r"\b\d+(\.\d+)? (ms|s)\b|\b20\d\d-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?( UTC|Z)?|\b10\.5[2-5]\.\d+\.\d+\b")    # and addresses of the lab


def examples(scenarios: dict[str, scenario.Scenario]):
    for page in [SOURCE / "README.md", *sorted((SOURCE / "docs").rglob("*.md"))]:
        for command, shown in FENCE.findall(page.read_text(encoding="utf-8")):
            command = command.replace("\\\n", " ")
            named = next((one for domain, one in scenarios.items() if re.search(rf"[@/.\s]{re.escape(domain)}\b", " " + command)), None)
            if named:
                yield page.relative_to(SOURCE), command, shown, named


def matches(shown: str, printed: str) -> str | None:
    """Nothing, or the first part that is shown and not printed."""
    def flat(text: str) -> str:     # where lines are broken depends on the length of an address
        return re.sub(r"\s+", " ", TIME.sub("VARIES", text)).strip()
    at, rest = 0, flat(printed)
    for number, part in enumerate(re.split(r"^…$", shown, flags=re.M)):
        part = flat(part)
        if not part:
            continue
        found = rest.find(part, at)
        if found < 0 or (number == 0 and found != 0):
            return part
        at = found + len(part)
    return None


def run_all(folder: pathlib.Path, scenarios: dict[str, scenario.Scenario]) -> list[str]:
    faults, count = [], 0
    for page, command, shown, one in examples(scenarios):
        count += 1
        environment = ["env", "-i", "PATH=/usr/bin:/bin", "LANG=C.UTF-8", "COLUMNS=80", f"HOME={folder}", f"MAILDOCTOR_CA_FILE={folder}/ca/root.crt",
                       f"MAILDOCTOR_TRUST_ANCHOR={folder}/dns/root.key"]
        wrapped = runner.wrapped(one, folder, [*environment, PROGRAM, *shlex.split(command)])
        done = subprocess.run([*space.enter_command(folder), *wrapped], capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL)
        if part := matches(shown, done.stdout):
            faults.append(f"{page}: 'maildoctor {command}' does not print:\n{part}\n--- it prints (status {done.returncode}):\n{done.stdout}{done.stderr}")
    print(f"examples: {count} run against the lab")
    return faults if count else ["no example was found"]


def main() -> int:
    scenarios = {f"{one.id}.test": one for one in scenario.load()}
    lab = [sys.executable, str(SOURCE / "tests/lab/lab.py")]
    with tempfile.TemporaryDirectory(prefix="maildoctor-examples-") as name:
        pathlib.Path(name).chmod(0o755)     # the servers run as users of their own
        folder = pathlib.Path(name, "lab")
        up = subprocess.run([*lab, "--dir", str(folder), "up"], capture_output=True, text=True, check=False)
        if up.returncode:
            print(up.stdout + up.stderr)
            return 77 if up.returncode == space.SKIP else 1
        try:
            faults = run_all(folder, scenarios)
        finally:
            subprocess.run([*lab, "--dir", str(folder), "down"], capture_output=True, check=False)
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
