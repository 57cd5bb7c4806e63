#!/usr/bin/env python3
"""Start-up cost against the yardstick. usage: startup.py MAILDOCTOR HELLO [PAIRS]

Runs `maildoctor --version` and `maildoctor explain 0x800CCC0D` in turns with hello (same compiler, same libraries) and
compares CPU time (user + system) as medians. Exit status 1 when one of them needs more than 1.5 times the yardstick.
"""
import os
import statistics
import sys
import time

LIMIT = 1.5


def run(arguments: list[str]) -> tuple[float, float]:
    """Wall and CPU time of one run, in milliseconds."""
    null = os.open(os.devnull, os.O_RDWR)
    actions = [(os.POSIX_SPAWN_DUP2, null, descriptor) for descriptor in (0, 1, 2)]
    began = time.monotonic()
    pid = os.posix_spawn(arguments[0], arguments, os.environ, file_actions=actions)
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - began
    os.close(null)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(arguments)}: exit status {os.waitstatus_to_exitcode(status)}")
    return wall * 1000, (usage.ru_utime + usage.ru_stime) * 1000


def main() -> int:
    program, hello = sys.argv[1:3]
    pairs = int(sys.argv[3]) if len(sys.argv) > 3 else 101
    worst = 0
    for arguments in (["--version"], ["explain", "0x800CCC0D"]):
        mine, yardstick = [], []
        for turn in range(pairs + 1):
            samples = run([program, *arguments]), run([hello])
            if turn:    # the first pair fills the caches
                mine.append(samples[0])
                yardstick.append(samples[1])
        wall, cpu = (statistics.median(column) for column in zip(*mine))
        hello_wall, hello_cpu = (statistics.median(column) for column in zip(*yardstick))
        worst = max(worst, cpu / hello_cpu)
        print(f"maildoctor {' '.join(arguments):22} CPU {cpu:5.2f} ms, wall {wall:5.2f} ms; "
              f"hello CPU {hello_cpu:5.2f} ms, wall {hello_wall:5.2f} ms; CPU ratio {cpu / hello_cpu:.2f} (limit {LIMIT})")
    return 1 if worst > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
