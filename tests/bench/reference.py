#!/usr/bin/env python3
"""`check --probes reference` beside the reference client, in one run. usage: reference.py MAILDOCTOR BENCH [PAIRS]

BENCH is a folder with bed/bed.sh (a namespace with a name server and a mail stub) and reference/rawprobe.cpp (12
questions and 7 ports by the shortest way). Without root or without that folder: exit status 77. Both programs ask one
healthy host in turns; datagrams, connections and handshakes are counted by the kernel and the stub and have to be the
same. Limits: CPU time 1.5 times the reference, wall time 2 times, and 1.1 times with 50 ms a server flight.
"""
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from bed import NAMESPACE, NAME_SERVER, SKIPPED, Bed, build_reference, can_run

CPU_LIMIT, WALL_LIMIT, DELAYED_WALL_LIMIT = 1.5, 2.0, 1.1


def run(command: list[str]) -> tuple[float, float]:
    """Wall and CPU time of one run inside, in milliseconds."""
    began = time.monotonic()
    process = subprocess.Popen(["ip", "netns", "exec", NAMESPACE, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               stdin=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return (time.monotonic() - began) * 1000, (usage.ru_utime + usage.ru_stime) * 1000


def cost_of_entering() -> tuple[float, float]:
    """What `ip netns exec` itself takes: subtracted from both."""
    samples = [run(["/bin/true"]) for _ in range(11)]
    return tuple(statistics.median(column) for column in zip(*samples))


def compare(programs: dict[str, list[str]], pairs: int) -> dict[str, tuple[float, float]]:
    entering = cost_of_entering()
    samples = {name: [] for name in programs}
    for turn in range(pairs + 1):
        for name, command in programs.items():
            sample = run(command)
            if turn:
                samples[name].append(sample)
    return {name: tuple(max(statistics.median(column) - entering[i], 0.01) for i, column in enumerate(zip(*rows)))
            for name, rows in samples.items()}


def counted(bed: Bed, command: list[str]) -> dict[str, int]:
    before = bed.counts()
    run(command)
    time.sleep(0.2)
    after = bed.counts()
    return {name: after[name] - before[name] for name in after}


def main() -> int:
    program, bench = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
    pairs = int(sys.argv[3]) if len(sys.argv) > 3 else 11
    if not can_run(bench):
        return SKIPPED
    faults = []
    with tempfile.TemporaryDirectory(prefix="maildoctor-bench-") as folder:
        reference = build_reference(bench, folder)
        with Bed(bench, folder) as bed:
            first = bed.rows("d")[0]
            pathlib.Path(folder, "one.tsv").write_text("\t".join(first) + "\n", encoding="ascii")
            check = [program, "check", f"user@{first[0]}", "--resolver", NAME_SERVER, "--ca-file", bed.authority, "--format", "json"]
            programs = {"reference": [reference, os.path.join(folder, "one.tsv"), "--ca", bed.authority], "probes": [*check, "--incoming", f"imap://{first[1]}", "--probes", "reference"],
                        "check": check}
            counts = {name: counted(bed, command) for name, command in programs.items()}
            for name, numbers in counts.items():
                print(f"{name:10} {numbers}")
            if counts["probes"] != counts["reference"]:
                faults.append(f"check --probes reference asks {counts['probes']}, the reference {counts['reference']}")
            for delay, wall_limit in ((0, WALL_LIMIT), (50, DELAYED_WALL_LIMIT)):
                bed.restart_stub("--delay-ms", str(delay))
                medians = compare(programs, pairs)
                for name, (wall, cpu) in medians.items():
                    print(f"{delay:3} ms a flight: {name:10} wall {wall:7.1f} ms, CPU {cpu:6.1f} ms")
                wall_ratio, cpu_ratio = (medians["probes"][i] / medians["reference"][i] for i in (0, 1))
                print(f"{delay:3} ms a flight: wall ratio {wall_ratio:.2f} (limit {wall_limit}), CPU ratio {cpu_ratio:.2f} (limit {CPU_LIMIT})")
                if wall_ratio > wall_limit:
                    faults.append(f"{delay} ms a flight: wall time {wall_ratio:.2f} times the reference, limit {wall_limit}")
                if cpu_ratio > CPU_LIMIT:
                    faults.append(f"{delay} ms a flight: CPU time {cpu_ratio:.2f} times the reference, limit {CPU_LIMIT}")
    print("\n".join(faults) or "within the limits")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
