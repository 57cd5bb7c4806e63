#!/usr/bin/env python3
"""Workers and a queue on a real Redis server; the status pages of `serve`. usage: queue_test.py PROGRAM"""
import json
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import program
from small_internet import SmallInternet


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def rest_of(process):
    """What it still writes until it ends. Not communicate(): that passes over what readline() has read ahead."""
    out = process.stdout.read() if process.stdout else ""
    complaints = process.stderr.read()
    process.wait(timeout=20)
    return out, complaints


class Redis:
    """A redis-server of our own on loopback, its data in a folder that goes away."""

    def __init__(self):
        self.port = free_port()
        self.folder = tempfile.TemporaryDirectory()
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()

    def start(self):
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.folder.name, "--save", "",
             "--appendonly", "yes", "--appendfsync", "always"], stdout=subprocess.DEVNULL)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("redis-server does not answer")

    def restart(self):
        self.process.kill()
        self.process.wait()
        self.start()

    def allow_memory(self, octets):
        """0: as much as there is. Less than is in use: every write is refused."""
        with socket.create_connection(("127.0.0.1", self.port), 5) as link:
            link.sendall(f"CONFIG SET maxmemory {octets}\r\n".encode())
            if link.recv(100) != b"+OK\r\n":
                raise RuntimeError("redis-server did not take the limit")

    def url(self):
        return f"redis://127.0.0.1:{self.port}/nightly"


class QueueTest(program.ProgramTest):
    def setUp(self):
        if not shutil.which("redis-server"):
            self.skipTest("redis-server is not installed: script/bootstrap")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.list = pathlib.Path(folder.name, "list")
        self.names = [f"d{i}.test" for i in range(30)]
        self.list.write_text("\n".join(self.names) + "\n")

    def how(self, internet):
        """Options of a worker, as in the tests of validate: the small internet instead of the real one."""
        return ["--resolver", internet.resolver, "--allow-local", "--language", "en"]

    def worker(self, redis, internet, *more):
        return subprocess.Popen([program.PROGRAM, "worker", "--queue", redis.url(), "--concurrency", "4",
                                 *self.how(internet), *more], stderr=subprocess.PIPE, text=True)

    def asker(self, redis):
        return subprocess.Popen([program.PROGRAM, "validate", "--domains", str(self.list), "--queue", redis.url(),
                                 "--format", "jsonl"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def one_result_each(self, lines, complaints=""):
        self.assertTrue(all(lines), f"an empty line, or the end too early: {complaints}")
        self.assertEqual(sorted(json.loads(line)["domain"] for line in lines), sorted(self.names))

    def test_two_workers_one_killed(self):
        with Redis() as redis, SmallInternet(think=0.2) as internet:
            dying = self.worker(redis, internet, "--timeout", "1.5")
            asker = self.asker(redis)
            first = asker.stdout.readline()  # it works by now
            dying.send_signal(signal.SIGKILL)
            rest_of(dying)
            heir = self.worker(redis, internet, "--timeout", "1.5", "--claim-after", "3")
            rest, complaints = rest_of(asker)
            heir.send_signal(signal.SIGTERM)
            rest_of(heir)
            self.assertEqual(heir.returncode, 0)
        self.one_result_each([first, *rest.splitlines()], f"exit status {asker.returncode}, {complaints}")
        self.assertEqual(complaints, "")

    def test_restarted_redis(self):
        with Redis() as redis, SmallInternet(think=0.2) as internet:
            worker = self.worker(redis, internet)
            asker = self.asker(redis)
            first = asker.stdout.readline()
            redis.restart()
            rest, complaints = rest_of(asker)
            worker.send_signal(signal.SIGTERM)
            _, said = rest_of(worker)
        self.one_result_each([first, *rest.splitlines()])
        self.assertIn("trying again", complaints + said)
        self.assertIn("the queue answers again", complaints + said)

    def test_full_redis(self):
        """Nothing can be written for a while, neither results nor new domains: nothing is lost."""
        with Redis() as redis, SmallInternet(think=0.2) as internet:
            worker = self.worker(redis, internet)
            asker = self.asker(redis)
            first = asker.stdout.readline()
            redis.allow_memory(1)
            line = worker.stderr.readline()
            self.assertRegex(line, r"(?i)full|memory")
            self.assertIn("trying again", line)
            redis.allow_memory(0)
            rest, _ = rest_of(asker)
            worker.send_signal(signal.SIGTERM)
            _, said = rest_of(worker)
            self.assertIn("the queue answers again", said)
            self.assertEqual(worker.returncode, 0)
            self.one_result_each([first, *rest.splitlines()])

            redis.allow_memory(1)  # from the beginning: the asker waits with its list
            asker = self.asker(redis)
            self.assertIn("trying again", asker.stderr.readline())
            redis.allow_memory(0)
            worker = self.worker(redis, internet)
            lines, _ = rest_of(asker)
            worker.send_signal(signal.SIGTERM)
            rest_of(worker)
            self.assertEqual(asker.returncode, 1)  # no domain of them is in order
            self.one_result_each(lines.splitlines())

    def test_nobody_there_and_what_is_no_queue(self):
        with SmallInternet() as internet:
            worker = subprocess.Popen([program.PROGRAM, "worker", "--queue", f"redis://127.0.0.1:{free_port()}/x",
                                       *self.how(internet)], stderr=subprocess.PIPE, text=True)
            line = worker.stderr.readline()
            self.assertIn("trying again", line)
            worker.send_signal(signal.SIGTERM)
            rest_of(worker)
            self.assertEqual(worker.returncode, 0)
        done = program.run("worker", "--queue", "redis://:secret1@127.0.0.1/x")
        self.assertEqual(done.returncode, 2)
        self.assertNotIn("secret1", done.stderr)
        for wrong in (["--queue", "redis://127.0.0.1/x"], ["--queue", "redis://127.0.0.1/x", "--domains", str(self.list)]):
            self.assertEqual(program.run("validate", *wrong).returncode, 2)

    def test_serve(self):
        with SmallInternet() as internet:
            server = subprocess.Popen([program.PROGRAM, "serve", "--domains", str(self.list), "--listen", "127.0.0.1:0",
                                       "--every", "1h", *self.how(internet)], stderr=subprocess.PIPE, text=True)
            try:
                lines = [server.stderr.readline(), server.stderr.readline()]
                address = next(line for line in lines if "listening" in line).split()[-1]
                self.assertTrue(any("round 1: 30 domains" in line for line in lines), lines)
                metrics = urllib.request.urlopen(address, timeout=5).read().decode()
                self.assertIn("maildoctor_rounds_total 1\n", metrics)
                self.assertIn('maildoctor_domain_verdict{domain="d7.test"', metrics)
                status = json.load(urllib.request.urlopen(address.replace("/metrics", "/status"), timeout=5))
                self.assertEqual(sorted(one["domain"] for one in status["domains"]), sorted(self.names))
                with self.assertRaises(urllib.error.HTTPError):
                    urllib.request.urlopen(address.replace("/metrics", "/nothing"), timeout=5)
            finally:
                server.send_signal(signal.SIGTERM)
                rest_of(server)
            self.assertEqual(server.returncode, 0)


if __name__ == "__main__":
    program.main()
