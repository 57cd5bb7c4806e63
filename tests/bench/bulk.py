#!/usr/bin/env python3
"""`validate --domains LIST --probes reference` beside the reference client, in one run. usage: bulk.py MAILDOCTOR BENCH
[--domains N] [--pairs P] [--set d|x|m] [--open C] [--chains N] [--only memory,...] | --curve FILE.svg

BENCH as in bed.py. Both programs work the same list off in turns, with one thread each and as many connections open at once
(the program counts domains, each with 7). Sets of the bed: d all alive, x 20 % dead, m mixed with dead, refusing, tarpit and
slow servers. The servers present N different leaf certificates, 100 unless given. First the questions are counted by the
kernel and the stub: they have to be the same. Then, for set d, both run once verifying each chain and once remembering
verdicts. CPU time decides. Without root or without that folder: exit status 77.

--curve measures set d with 100 to 10,000 domains and with 70 to 2,100 connections, and draws both.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from bed import NAMESPACE, NAME_SERVER, SKIPPED, Bed, build_reference, can_run
from picture import draw

CPU_LIMIT, MEMORY_LIMIT = 1.15, 64                     # times the reference; MiB
RATE_LIMIT = {"d": 0.87, "x": 0.9, "m": None}          # times the reference
WALL_LIMIT = 1.1                                       # times CPU time and one time limit
PORTS = 7
TIME_LIMIT = 3                                         # seconds, of a connection or a domain, where servers are dead


class Sample:
    """One run: wall and CPU time in seconds, the largest resident memory in MiB, the most connections open at once."""

    def __init__(self, wall: float, cpu: float, memory: float, connections: int):
        self.wall, self.cpu, self.memory, self.connections = wall, cpu, memory, connections


def sockets_in_use() -> int:
    text = subprocess.run(["ip", "netns", "exec", NAMESPACE, "cat", "/proc/net/sockstat"], capture_output=True, text=True, check=True).stdout
    return next(int(line.split()[2]) for line in text.splitlines() if line.startswith("TCP:"))


def once(command: list[str], folder: str, watch: bool = False) -> Sample:
    """Runs the command in the namespace. The memory is told by GNU time: a child of this process would be charged with its size."""
    told = os.path.join(folder, "time.txt")
    most, over = 0, threading.Event()

    def look() -> None:
        nonlocal most
        while not over.wait(0.2):
            most = max(most, sockets_in_use())

    began = time.monotonic()
    process = subprocess.Popen(["ip", "netns", "exec", NAMESPACE, "/usr/bin/time", "-q", "-f", "%M %x", "-o", told, *command], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    watcher = threading.Thread(target=look)
    if watch:
        watcher.start()
    _, _, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    over.set()
    if watch:
        watcher.join()
    kib, status = pathlib.Path(told).read_text(encoding="ascii").split()
    if status not in ("0", "3"):
        sys.exit(f"exit status {status} of {' '.join(command)}")
    return Sample(wall, usage.ru_utime + usage.ru_stime, int(kib) / 1024, most)


class Race:
    """The commands of both programs over one list."""

    def __init__(self, bed: Bed, program: str, reference: str, which: str, domains: int):
        self.bed, self.program, self.reference, self.which = bed, os.path.abspath(program), reference, which
        rows = bed.rows(which)[:domains]
        self.domains = len(rows)
        self.rows, self.list = (os.path.join(bed.folder, f"{which}{self.domains}.{end}") for end in ("tsv", "list"))
        pathlib.Path(self.rows).write_text("".join("\t".join(row) + "\n" for row in rows), encoding="ascii")
        pathlib.Path(self.list).write_text("".join(f"{row[0]} {row[1]}\n" for row in rows), encoding="ascii")

    def theirs(self, connections: int, *more: str) -> list[str]:
        limit = TIME_LIMIT if self.which != "d" else 60
        return [self.reference, self.rows, "--conc", str(connections), "--dns", NAME_SERVER, "--ca", self.bed.authority, "--timeout-ms", str(limit * 1000), *more]

    def ours(self, connections: int, *more: str) -> list[str]:
        limit = TIME_LIMIT if self.which != "d" else 60
        return [self.program, "validate", "--domains", self.list, "--probes", "reference", "--concurrency", str(max(1, round(connections / PORTS))), "--resolver", NAME_SERVER,
                "--ca-file", self.bed.authority, "--format", "jsonl", "--timeout", str(limit), *more]

    def medians(self, commands: dict[str, list[str]], pairs: int, warm_up: bool = True) -> dict[str, Sample]:
        """Runs the commands in turns; the first turn warms up and does not count."""
        samples = {name: [] for name in commands}
        for turn in range(0 if warm_up else 1, pairs + 1):
            for name, command in commands.items():
                sample = once(command, self.bed.folder)
                if turn:
                    samples[name].append(sample)
        middle = statistics.median
        return {name: Sample(middle(s.wall for s in rows), middle(s.cpu for s in rows), middle(s.memory for s in rows), 0) for name, rows in samples.items()}


def same_questions(race: Race, connections: int) -> list[str]:
    seen = {}
    for name, command in (("the reference", race.theirs(connections)), ("validate", race.ours(connections))):
        before = race.bed.counts()
        once(command, race.bed.folder)
        time.sleep(0.3)
        after = race.bed.counts()
        seen[name] = {what: after[what] - before[what] for what in after}
        print(f"{name:14} {seen[name]}", flush=True)
    return [] if seen["validate"] == seen["the reference"] else ["the two do not ask the same"]


def tell(name: str, sample: Sample, domains: int) -> None:
    print(f"{name:34} wall {sample.wall:7.2f} s  CPU {sample.cpu:7.2f} s  {sample.cpu * 1000 / domains:6.2f} ms a domain  {domains / sample.wall:6.1f} domains/s  "
          f"{sample.memory:5.1f} MiB", flush=True)


def compare(race: Race, connections: int, pairs: int) -> list[str]:
    faults = []
    commands = {"reference": race.theirs(connections), "validate --no-chain-memory": race.ours(connections, "--no-chain-memory")}
    ratios = [("validate --no-chain-memory", "reference")]
    if race.which == "d":
        commands |= {"reference --cache": race.theirs(connections, "--cache"), "validate": race.ours(connections)}
        ratios.append(("validate", "reference --cache"))
    medians = race.medians(commands, pairs)
    for name, sample in medians.items():
        tell(name, sample, race.domains)
    for one, other in ratios:
        ours, theirs = medians[one], medians[other]
        cpu, rate = ours.cpu / theirs.cpu, theirs.wall / ours.wall
        least = RATE_LIMIT[race.which]
        print(f"{one} / {other}: CPU {cpu:.2f} (limit {CPU_LIMIT}), domains/s {rate:.2f} (least {least})", flush=True)
        if cpu > CPU_LIMIT:
            faults.append(f"{one}: CPU {cpu:.2f} times that of {other}")
        if least and rate < least:
            faults.append(f"{one}: {rate:.2f} times the domains a second of {other}")
        if connections <= 1000 and ours.memory > MEMORY_LIMIT:
            faults.append(f"{one}: {ours.memory:.1f} MiB")
        if race.which != "d":
            bound = (ours.cpu + TIME_LIMIT) * WALL_LIMIT
            print(f"{one}: wall {ours.wall:.2f} s, CPU and one time limit and 10 % {bound:.2f} s", flush=True)
            if ours.wall > bound:
                faults.append(f"{one}: wall {ours.wall:.2f} s, more than {bound:.2f} s")
    return faults


def memory(bed: Bed, race: Race, connections: int = 1000) -> list[str]:
    """Servers that take half a second for each answer hold that many connections open."""
    bed.restart_stub("--delay-ms", "500")
    sample = once(race.ours(connections), bed.folder, watch=True)
    bed.restart_stub()
    # Both ends are in the namespace: each connection counts twice.
    print(f"{sample.connections // 2} connections open at once: {sample.memory:.1f} MiB (limit {MEMORY_LIMIT})", flush=True)
    return [f"{sample.memory:.1f} MiB with {connections} connections"] if sample.memory > MEMORY_LIMIT else []


def curve(bed: Bed, program: str, reference: str, picture: str) -> None:
    by_domains, by_connections = [], []
    for domains in (100, 300, 1000, 3000, 10000):
        race = Race(bed, program, reference, "d", domains)
        medians = race.medians({"theirs": race.theirs(700), "ours": race.ours(700, "--no-chain-memory")}, 1 if domains >= 1000 else 3, warm_up=False)
        by_domains.append((domains, medians["theirs"], medians["ours"]))
        tell(f"{domains} domains: reference", medians["theirs"], domains)
        tell(f"{domains} domains: validate", medians["ours"], domains)
    # Servers take their time: else only a few of the connections that are allowed are ever open.
    bed.restart_stub("--delay-ms", "200")
    race = Race(bed, program, reference, "d", 300)
    for connections in (70, 140, 350, 700, 1400, 2100):
        medians = race.medians({"theirs": race.theirs(connections), "ours": race.ours(connections, "--no-chain-memory")}, 1, warm_up=False)
        by_connections.append((connections, medians["theirs"], medians["ours"]))
        tell(f"{connections} connections: reference", medians["theirs"], race.domains)
        tell(f"{connections} connections: validate", medians["ours"], race.domains)

    def points(rows, value):
        return {"reference client": [(x, value(theirs, x)) for x, theirs, _ in rows], "validate": [(x, value(ours, x)) for x, _, ours in rows]}

    pathlib.Path(picture).write_text(draw([
        ("CPU seconds by domains", points(by_domains, lambda s, x: s.cpu)),
        ("MiB by domains", points(by_domains, lambda s, x: s.memory)),
        ("CPU ms a domain by open connections", points(by_connections, lambda s, x: s.cpu * 1000 / race.domains)),
        ("MiB by open connections", points(by_connections, lambda s, x: s.memory))]), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("bench", type=pathlib.Path)
    parser.add_argument("--domains", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--set", default="d", choices=("d", "x", "m"))
    parser.add_argument("--open", type=int, default=200, help="connections at once")
    parser.add_argument("--chains", type=int, default=100)
    parser.add_argument("--only", choices=("ratios", "memory"))
    parser.add_argument("--curve", metavar="FILE.svg")
    given = parser.parse_args()
    if not can_run(given.bench):
        return SKIPPED
    faults = []
    with tempfile.TemporaryDirectory(prefix="maildoctor-bench-") as folder:
        reference = build_reference(given.bench, folder)
        with Bed(given.bench, folder, domains=10000 if given.curve else given.domains, chains=given.chains) as bed:
            if given.curve:
                curve(bed, given.program, reference, given.curve)
                return 0
            race = Race(bed, given.program, reference, given.set, given.domains)
            if given.only != "memory":
                if given.set == "d":
                    faults += same_questions(race, given.open)
                faults += compare(race, given.open, given.pairs)
            if given.only != "ratios" and given.set == "d":
                faults += memory(bed, race)
    print("\n".join(faults) or "within the limits")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
