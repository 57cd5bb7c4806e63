#!/usr/bin/env python3
"""A lab of real mail and name servers in a network namespace: see docs/lab.md."""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

from maillab import runner, scenario, selfcheck, space

PROJECT = pathlib.Path(__file__).resolve().parent.parent.parent


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="lab.py", description=__doc__)
    parser.add_argument("--dir", type=pathlib.Path, default=None,
                        help="folder of the lab (default: $TMPDIR/maildoctor-lab-UID)")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--dir", type=pathlib.Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    pick = argparse.ArgumentParser(add_help=False)
    pick.add_argument("--only", nargs="+", metavar="ID", help="these scenarios (a trailing * stands for any end)")
    pick.add_argument("--with", dest="extra", action="append", default=[], metavar="NEED",
                      help="also scenarios that need this ability of the tool (login, relay, discover)")
    pick.add_argument("--jobs", type=int, default=0, metavar="N", help="scenarios at a time (default: 8)")
    pick.add_argument("--verbose", "-v", action="store_true", help="what was found in passed scenarios, too")
    verbs.add_parser("up", parents=[common], help="start the lab and leave it running")
    verbs.add_parser("down", parents=[common], help="end it and remove its folder")
    verbs.add_parser("list", parents=[common], help="all scenarios")
    sh = verbs.add_parser("sh", parents=[common], help="run a command (default: a shell) inside")
    sh.add_argument("cmd", nargs=argparse.REMAINDER)
    run = verbs.add_parser("run", parents=[common, pick], help="run maildoctor on the scenarios")
    run.add_argument("--tool", default=None, help="the maildoctor to run (default: build/release, then build/dev)")
    verbs.add_parser("selfcheck", parents=[common, pick], help="check the lab itself with ordinary clients")
    show = verbs.add_parser("show", parents=[common], help="one run of the tool on a scenario, its report as it comes")
    show.add_argument("id")
    show.add_argument("--tool", default=None)
    show.add_argument("--text", action="store_true", help="the text for people instead of JSON")
    verbs.add_parser("_serve", parents=[common])
    inside = verbs.add_parser("_inside", parents=[common, pick])
    inside.add_argument("what", choices=("run", "selfcheck"))
    inside.add_argument("--tool", default="")
    return parser.parse_args()


def find_tool(named: str | None) -> str:
    candidates = [pathlib.Path(named)] if named else sorted(
        PROJECT.glob("build/*/**/maildoctor"), key=lambda path: ("release" not in str(path), str(path)))
    for candidate in candidates:
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return str(candidate.resolve())
    sys.exit("lab.py: no maildoctor to run: build it or name it with --tool")


def picked(args: argparse.Namespace, all_of_them: list[scenario.Scenario]) -> list[scenario.Scenario]:
    if not args.only:
        return all_of_them
    found = [one for one in all_of_them if any(
        one.id == name or (name.endswith("*") and one.id.startswith(name[:-1])) for name in args.only)]
    if not found:
        sys.exit(f"lab.py: no scenario is called {' or '.join(args.only)}")
    return found


def inside(args: argparse.Namespace) -> int:
    """In the namespace: the scenarios in parallel, one line each, then the sum."""
    folder, begin = args.dir, time.monotonic()
    started = set(json.loads((folder / "ready").read_text())["daemons"])
    selfcheck.set_ca(str(folder / "ca/root.crt"))
    ready = runner.READY | set(args.extra)

    def one_of(one: scenario.Scenario) -> tuple[str, list[str], str]:
        if missing := sorted({server.run for server in one.servers} - started):
            return "skipped", [f"{' and '.join(missing)} could not be had"], ""
        if args.what == "selfcheck":
            faults = selfcheck.check(one)
            return ("failed" if faults else "passed"), faults, ""
        if one.needs not in ready:
            return "skipped", [f"needs {one.needs}, which maildoctor does not do yet"], ""
        faults, text = runner.run(one, args.tool, folder)
        if one.validated:
            more, more_text = runner.run(one.validated, args.tool, folder)
            faults += [f"validate: {fault}" for fault in more]
            text += f"\n{more_text}"
        return ("failed" if faults else "passed"), faults, text

    count = {"passed": 0, "failed": 0, "skipped": 0}
    with concurrent.futures.ThreadPoolExecutor(args.jobs or 8) as pool:
        jobs = {pool.submit(one_of, one): one for one in
                sorted(picked(args, scenario.load()), key=lambda one: -one.timeout)}
        for job in concurrent.futures.as_completed(jobs):
            outcome, faults, text = job.result()
            count[outcome] += 1
            print(f"{outcome:8}{jobs[job].id}" + (f": {'; '.join(faults)}" if faults else ""), flush=True)
            if text and (outcome == "failed" or args.verbose):
                print("".join(f"    | {line}\n" for line in text.splitlines()), end="", flush=True)
    print(f"{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped "
          f"({time.monotonic() - begin:.0f} s)")
    return 1 if count["failed"] else 0


def usable(folder: pathlib.Path) -> bool:
    if space.running(folder) is None or not (folder / "ready").exists():
        return False
    return json.loads((folder / "ready").read_text())["fingerprint"] == scenario.fingerprint()


def in_a_lab(args: argparse.Namespace, command: list[str]) -> int:
    """Runs `command` in the lab that is up, or in one of its own that ends with it."""
    folder = args.dir or space.default_folder()
    if usable(folder):
        return subprocess.call([*space.enter_command(folder), *command, "--dir", str(folder)])
    own = pathlib.Path(tempfile.mkdtemp(prefix="maildoctor-lab-"))
    try:
        space.start(own, detached=False)
        seconds = json.loads((own / "ready").read_text())["seconds"]
        print(f"lab: up after {seconds} s", file=sys.stderr, flush=True)
        return subprocess.call([*space.enter_command(own), *command, "--dir", str(own)])
    finally:
        space.stop(own)
        space.remove(own)


def itself(args: argparse.Namespace, what: str, tool: str = "") -> list[str]:
    only = ["--only", *args.only] if args.only else []
    extra = [word for need in args.extra for word in ("--with", need)] + ["--verbose"] * args.verbose
    return [sys.executable, __file__, "_inside", what, "--tool", tool, "--jobs", str(args.jobs), *extra, *only]


def up(args: argparse.Namespace) -> int:
    folder = args.dir or space.default_folder()
    down(args)  # pid files of an earlier lab would mislead the daemons
    space.start(folder, detached=True)
    print(f"lab: up after {json.loads((folder / 'ready').read_text())['seconds']} s in {folder}")
    return 0


def down(args: argparse.Namespace) -> int:
    folder = args.dir or space.default_folder()
    was_a_lab = (folder / "pid").exists() or (folder / "lab.log").exists()
    space.stop(folder)
    if was_a_lab:
        space.remove(folder)
    return 0


def show(args: argparse.Namespace) -> int:
    folder = args.dir or space.default_folder()
    one = next((one for one in scenario.load() if one.id == args.id), None)
    if one is None:
        sys.exit(f"lab.py: no scenario is called {args.id}")
    command = runner.tool_command(one, find_tool(args.tool), folder)
    if args.text:
        command[command.index("--format") + 1] = "text"
    return subprocess.call([*space.enter_command(folder), *runner.wrapped(one, folder, command)])


def guarded(work: Callable[[], int]) -> int:
    """What `work` gives; one line instead when the lab cannot be had or does not start."""
    try:
        return work()
    except space.Skip as skip:
        print(f"lab: skipped: {skip}")
        return space.SKIP
    except (space.LabFailed, scenario.Fault) as fault:
        print(f"lab: {fault}", file=sys.stderr)
        return 1


def do(args: argparse.Namespace) -> int:
    match args.verb:
        case "up":
            return up(args)
        case "down":
            return down(args)
        case "list":
            for one in scenario.load():
                print(f"{one.id:36}{one.needs:10}{one.about}")
        case "sh":
            folder = args.dir or space.default_folder()
            return subprocess.call([*space.enter_command(folder), *(args.cmd or [os.environ.get("SHELL", "sh")])])
        case "show":
            return show(args)
        case "run":
            return in_a_lab(args, itself(args, "run", find_tool(args.tool)))
        case "selfcheck":
            return in_a_lab(args, itself(args, "selfcheck"))
        case "_inside":
            return inside(args)
        case "_serve":
            space.serve(args.dir)
    return 0


def main() -> int:
    args = arguments()
    args.dir = args.dir.resolve() if getattr(args, "dir", None) else None
    return guarded(lambda: do(args))


if __name__ == "__main__":
    sys.exit(main())
