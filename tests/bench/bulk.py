#!/usr/bin/env python3
"""`validate --domains LIST --probes reference` beside the reference client, in one run. usage: bulk.py MAILDOCTOR BENCH
[--domains N] [--pairs P] [--set d|x|m] [--conc C]

BENCH as in reference.py. Both programs work the same list off in turns, with as many domains at once, one thread each:
CPU time a domain, domains a second and the largest memory are told with their ratios. Sets of the bed: d all alive, x 20 %
dead, m mixed with tarpits and slow servers. Without root or without that folder: exit status 77.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from reference import NAME_SERVER, NAMESPACE, SKIPPED, Bed

CPU_LIMIT, RATE_LIMIT, MEMORY_LIMIT = 1.15, 0.87, 64  # times the reference, times the reference, MiB


def once(command: list[str]) -> tuple[float, float, float]:
    """Wall and CPU time in seconds, and the largest resident memory in MiB, of one run in the namespace."""
    began = time.monotonic()
    process = subprocess.Popen(["ip", "netns", "exec", NAMESPACE, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               stdin=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("bench", type=pathlib.Path)
    parser.add_argument("--domains", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--set", default="d", choices=("d", "x", "m"))
    parser.add_argument("--conc", type=int, default=100)
    given = parser.parse_args()
    script, source = given.bench / "bed/bed.sh", given.bench / "reference/rawprobe.cpp"
    if os.geteuid() != 0 or not script.exists() or not source.exists():
        print("skipped: needs root and the bench bed")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="maildoctor-bench-") as folder:
        reference = os.path.join(folder, "rawprobe")
        subprocess.run(["clang++-19", "-O2", "-std=c++20", "-w", str(source), "-o", reference, "-lssl", "-lcrypto"], check=True)
        bed = Bed(script, folder)
        bed.env["N"] = str(given.domains)
        with bed:
            rows, authority = os.path.join(folder, f"zone/{given.set}.tsv"), os.path.join(folder, "pki/ca.pem")
            pairs = [line.split("\t")[:2] for line in pathlib.Path(rows).read_text(encoding="ascii").splitlines()]
            listed = os.path.join(folder, "list")
            pathlib.Path(listed).write_text("".join(f"{domain} {host}\n" for domain, host in pairs), encoding="ascii")
            commands = {
                "reference": [reference, rows, "--conc", str(given.conc), "--dns", NAME_SERVER, "--ca", authority],
                "validate": [os.path.abspath(given.program), "validate", "--domains", listed, "--probes", "reference", "--concurrency", str(given.conc),
                             "--resolver", NAME_SERVER, "--ca-file", authority, "--format", "jsonl", "--timeout", "10"]}
            samples = {name: [] for name in commands}
            for turn in range(given.pairs + 1):
                for name, command in commands.items():
                    sample = once(command)
                    if turn:
                        samples[name].append(sample)
    medians = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in samples.items()}
    for name, (wall, cpu, memory) in medians.items():
        print(f"{name:10} wall {wall:7.2f} s  CPU {cpu:7.2f} s  {cpu * 1000 / given.domains:6.2f} ms a domain  "
              f"{given.domains / wall:7.1f} domains/s  {memory:5.1f} MiB")
    cpu_ratio = medians["validate"][1] / medians["reference"][1]
    rate_ratio = medians["reference"][0] / medians["validate"][0]
    print(f"CPU ratio {cpu_ratio:.2f} (limit {CPU_LIMIT}), rate ratio {rate_ratio:.2f} (least {RATE_LIMIT}), "
          f"memory {medians['validate'][2]:.0f} MiB (limit {MEMORY_LIMIT})")
    return 0 if cpu_ratio <= CPU_LIMIT and rate_ratio >= RATE_LIMIT and medians["validate"][2] <= MEMORY_LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
