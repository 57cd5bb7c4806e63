#!/usr/bin/env python3
"""`check --probes reference` beside the reference client, in one run. usage: reference.py MAILDOCTOR BENCH [PAIRS]

BENCH is a folder with bed/bed.sh (a namespace with a name server and a mail stub) and reference/rawprobe.cpp (12
questions and 7 ports by the shortest way). Without root or without that folder: exit status 77. Both programs ask one
healthy host in turns; datagrams, connections and handshakes are counted by the kernel and the stub and have to be the
same. Limits: CPU time 1.5 times the reference, wall time 2 times, and 1.1 times with 50 ms a server flight.
"""
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time

SKIPPED = 77
NAMESPACE = "mdbench"   # as bed.sh calls it
NAME_SERVER = "10.76.0.53"
CPU_LIMIT, WALL_LIMIT, DELAYED_WALL_LIMIT = 1.5, 2.0, 1.1


class Bed:
    """The bench bed, up while in use."""

    def __init__(self, script: pathlib.Path, folder: str):
        self.script, self.folder = script, folder
        self.env = {**os.environ, "BED": folder, "N": "10"}

    def __enter__(self):
        self.do("up")
        return self

    def __exit__(self, *_):
        self.do("down")

    def do(self, *verb: str) -> None:
        log = pathlib.Path(self.folder, "bed.log")
        with log.open("a", encoding="utf-8") as out:
            if subprocess.run([str(self.script), *verb], env=self.env, stdout=out, stderr=out, stdin=subprocess.DEVNULL, check=False).returncode:
                sys.exit(f"bed.sh {' '.join(verb)} failed:\n{log.read_text(encoding='utf-8')[-2000:]}")

    def counts(self) -> dict[str, int]:
        """Connections opened and datagrams received in the namespace, handshakes finished by the stub."""
        text = subprocess.run(["ip", "netns", "exec", NAMESPACE, "cat", "/proc/net/snmp"], capture_output=True, text=True, check=True).stdout
        rows = [line.split() for line in text.splitlines()]
        kernel = {f"{head[0]}{name}": int(value) for head, values in zip(rows[::2], rows[1::2]) for name, value in zip(head[1:], values[1:])}
        os.kill(int(pathlib.Path(self.folder, "stub.pid").read_text(encoding="ascii")), signal.SIGUSR1)
        time.sleep(0.25)
        stub = dict(re.findall(r"(\w+)=([\d.]+)", pathlib.Path(self.folder, "stub.stats").read_text(encoding="ascii")))
        # Each question is one datagram at the name server and its answer one at the client.
        return {"connections": kernel["Tcp:ActiveOpens"], "datagrams": kernel["Udp:InDatagrams"] // 2, "handshakes": int(float(stub["tls"]))}

    def run(self, command: list[str]) -> tuple[float, float]:
        """Wall and CPU time of one run inside, in milliseconds."""
        began = time.monotonic()
        process = subprocess.Popen(["ip", "netns", "exec", NAMESPACE, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   stdin=subprocess.DEVNULL)
        _, _, usage = os.wait4(process.pid, 0)
        return (time.monotonic() - began) * 1000, (usage.ru_utime + usage.ru_stime) * 1000

    def cost_of_entering(self) -> tuple[float, float]:
        """What `ip netns exec` itself takes: subtracted from both."""
        samples = [self.run(["/bin/true"]) for _ in range(11)]
        return tuple(statistics.median(column) for column in zip(*samples))


def compare(bed: Bed, programs: dict[str, list[str]], pairs: int) -> dict[str, tuple[float, float]]:
    entering = bed.cost_of_entering()
    samples = {name: [] for name in programs}
    for turn in range(pairs + 1):
        for name, command in programs.items():
            sample = bed.run(command)
            if turn:
                samples[name].append(sample)
    return {name: tuple(max(statistics.median(column) - entering[i], 0.01) for i, column in enumerate(zip(*rows)))
            for name, rows in samples.items()}


def counted(bed: Bed, command: list[str]) -> dict[str, int]:
    before = bed.counts()
    bed.run(command)
    time.sleep(0.2)
    after = bed.counts()
    return {name: after[name] - before[name] for name in after}


def main() -> int:
    program, bench = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
    pairs = int(sys.argv[3]) if len(sys.argv) > 3 else 11
    script, source = bench / "bed/bed.sh", bench / "reference/rawprobe.cpp"
    if os.geteuid() != 0 or not script.exists() or not source.exists():
        print("skipped: needs root and the bench bed")
        return SKIPPED
    faults = []
    with tempfile.TemporaryDirectory(prefix="maildoctor-bench-") as folder:
        reference = os.path.join(folder, "rawprobe")
        subprocess.run(["clang++-19", "-O2", "-std=c++20", "-w", str(source), "-o", reference, "-lssl", "-lcrypto"], check=True)
        with Bed(script, folder) as bed:
            first = pathlib.Path(folder, "zone/d.tsv").read_text(encoding="ascii").splitlines()[0]
            pathlib.Path(folder, "one.tsv").write_text(first + "\n", encoding="ascii")
            authority = os.path.join(folder, "pki/ca.pem")
            check = [program, "check", f"user@{first.split()[0]}", "--resolver", NAME_SERVER, "--ca-file", authority, "--format", "json"]
            programs = {"reference": [reference, os.path.join(folder, "one.tsv"), "--ca", authority], "probes": [*check, "--incoming", f"imap://{first.split()[1]}", "--probes", "reference"],
                        "check": check}
            counts = {name: counted(bed, command) for name, command in programs.items()}
            for name, numbers in counts.items():
                print(f"{name:10} {numbers}")
            if counts["probes"] != counts["reference"]:
                faults.append(f"check --probes reference asks {counts['probes']}, the reference {counts['reference']}")
            for delay, wall_limit in ((0, WALL_LIMIT), (50, DELAYED_WALL_LIMIT)):
                bed.do("restart-stub", "--cert", "ecdsa", "--delay-ms", str(delay))
                medians = compare(bed, programs, pairs)
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
