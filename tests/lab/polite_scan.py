#!/usr/bin/env python3
"""Does a bulk run keep its limits, counted on the wire before real servers?

    tests/lab/polite_scan.py --tool build/dev/maildoctor

Two runs in the lab: 24 domains that share one host of Dovecot and Postfix, with limits of 3 connections at once and 10 new
ones a second; and all healthy domains of the lab in full, with the usual limits. Every segment that opens or ends a
connection is read from the namespace's only interface. Exit status 77: the lab cannot be had.
"""

from __future__ import annotations

import argparse
import collections
import itertools
import json
import pathlib
import select
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

import lab
from maillab import scenario

MAIL_PORTS = {25, 26, 110, 143, 465, 587, 993, 995, 2525}
IP, TCP, OUTGOING, EVERY_PROTOCOL = 0x0800, 6, 4, 3
FIN, SYN, RST, ACK = 1, 2, 4, 16
LATER = 0.005  # seconds: two clocks, and a farewell that crosses the next arrival

Connection = tuple[bytes, int, bytes, int]  # client and its port, server and its port


class Wire:
    """When connections to mail ports began and ended."""

    def __init__(self) -> None:
        self.began: dict[Connection, float] = {}
        self.ended: dict[Connection, float] = {}
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(EVERY_PROTOCOL))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 20)
        self._socket.bind(("lo", 0))
        self._over = threading.Event()
        self._reader = threading.Thread(target=self._read)

    def __enter__(self) -> Wire:
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._reader.join()
        self._socket.close()

    def _read(self) -> None:
        while not self._over.is_set():
            if select.select([self._socket], [], [], 0.1)[0]:
                frame, where = self._socket.recvfrom(200)
                if where[2] != OUTGOING:  # the loopback interface shows each packet coming, too
                    self._take(frame[14:], struct.unpack("!H", frame[12:14])[0])

    def _take(self, packet: bytes, kind: int) -> None:
        if kind != IP or packet[9] != TCP:
            return
        begin = (packet[0] & 15) * 4
        source, target = struct.unpack("!HH", packet[begin:begin + 4])
        flags, now = packet[begin + 13], time.monotonic()
        there = (packet[12:16], source, packet[16:20], target)
        back = (packet[16:20], target, packet[12:16], source)
        if target in MAIL_PORTS and flags & SYN and not flags & ACK:
            self.began.setdefault(there, now)
        elif there in self.began and flags & (FIN | RST):
            self.ended.setdefault(there, now)
        elif back in self.began and flags & RST:
            self.ended.setdefault(back, now)

    def busiest(self) -> tuple[int, int, int]:
        """Connections seen; the most open at once, and the most that began within a second, to one address."""
        starts, moments = collections.defaultdict(list), collections.defaultdict(list)
        for connection, when in self.began.items():
            starts[connection[2]].append(when)
            moments[connection[2]] += [(when + LATER, 1), (self.ended.get(connection, float("inf")), -1)]
        at_once = max((max(itertools.accumulate(step for _, step in sorted(rows))) for rows in moments.values()), default=0)
        a_second = max((sum(1 for other in rows if first <= other < first + 1 - LATER) for rows in starts.values() for first in rows),
                       default=0)
        return len(self.began), at_once, a_second


def counted(tool: str, folder: pathlib.Path, lines: list[str], *options: str) -> tuple[Wire, int]:
    """One bulk run. Gives what was on the wire, and the number of results."""
    with tempfile.TemporaryDirectory() as place:
        names = pathlib.Path(place) / "domains"
        names.write_text("".join(f"{line}\n" for line in lines))
        with Wire() as wire:
            done = subprocess.run([tool, "validate", "--domains", str(names), "--format", "jsonl", "--ca-file", str(folder / "ca/root.crt"),
                                   "--trust-anchor", str(folder / "dns/root.key"), "--threads", "2", *options],
                                  capture_output=True, text=True, timeout=300, check=False)
            time.sleep(0.3)  # the last farewells
    if not done.stdout:
        sys.exit(f"polite_scan: no results: {done.stderr}")
    return wire, sum("domain" in json.loads(line) for line in done.stdout.splitlines())


def judge(what: str, wire: Wire, results: int, wanted: tuple[int, int], limits: tuple[int, int]) -> bool:
    """`wanted`: how many results, and how many connections at least."""
    seen, at_once, a_second = wire.busiest()
    kept = at_once <= limits[0] and a_second <= limits[1] and results == wanted[0] and seen >= wanted[1]
    print(f"{'kept' if kept else 'BROKEN':8}{what}: {results} results, {seen} connections; to one address at most {at_once} at once "
          f"(limit {limits[0]}), {a_second} new ones a second (limit {limits[1]})", flush=True)
    return kept


def inside(args: argparse.Namespace) -> int:
    healthy = [one for one in scenario.load() if one.id.startswith("healthy-")]
    host = "mail.healthy-starttls.test"
    one_host = [f"{one.domain} {host}" for one in itertools.islice(itertools.cycle(healthy), 24)]
    wire, results = counted(args.tool, args.dir, one_host, "--probes", "reference", "--per-server", "3", "--per-second", "10")
    kept = judge("one host", wire, results, (len(set(one_host)), 7 * len(set(one_host))), (3, 10))
    wire, results = counted(args.tool, args.dir, [one.domain for one in healthy])
    return 0 if judge("in full", wire, results, (len(healthy), len(healthy)), (8, 20)) and kept else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", default=None)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--dir", type=pathlib.Path, default=None, help="folder of the lab")
    args = parser.parse_args()
    if args.inside:
        return inside(args)
    return lab.guarded(lambda: lab.in_a_lab(args, [sys.executable, __file__, "--inside", "--tool", lab.find_tool(args.tool)]))


if __name__ == "__main__":
    sys.exit(main())
