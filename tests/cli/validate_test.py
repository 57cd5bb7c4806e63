#!/usr/bin/env python3
"""`validate` of one domain and of lists, on loopback. usage: validate_test.py PROGRAM"""
import csv
import io
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest
import xml.etree.ElementTree as ElementTree

import program
from small_internet import SmallInternet

DS, DNSKEY = 43, 48  # types of DNS records


class Arguments(program.ProgramTest):
    def refused(self, *arguments):
        return self.assert_one_line(program.run("validate", *arguments))

    def test_what_is_refused(self):
        for arguments, words in (((), "a domain is missing"), (("a b",), "a b"), (("192.0.2.1",), "address"),
                                 (("x.test", "--format", "xml"), "--format"), (("x.test", "--connections", "0"), "--connections"),
                                 (("x.test", "--domains", "y"), "not both"), (("--domains", "/nowhere"), "--domains"),
                                 (("x.test", "--resume"), "--resume"), (("x.test", "--probes", "reference"), "--domains"),
                                 (("x.test", "--concurrency", "-1"), "--concurrency"), (("x.test", "--timeout", "x"), "--timeout"),
                                 (("--domains", "/dev/null", "--output", "/nowhere/x"), "/nowhere/x"),
                                 (("--domains", "/dev/null", "--resume", "--output", "x"), "jsonl or csv")):
            with self.subTest(arguments):
                self.assertIn(words, self.refused(*arguments))

    def test_policy_files(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "policy.toml")
            for text, words in (("pop = false\n", "did you mean 'pop3'?"), ("\ntls_minimum = 1.2\n", ":2: tls_minimum"),
                                ("plaintext = 1 2", "policy.toml:1"), ("", "demands nothing"), ("hosts = []", "list of texts"),
                                ("certificate_days = -1", "days")):
                with self.subTest(text):
                    file.write_text(text, encoding="utf-8")
                    self.assertIn(words, self.refused("x.test", "--policy", str(file)))


class OneDomain(program.ProgramTest):
    def validate(self, *arguments):
        return program.run("validate", "--resolver", self.internet.resolver, "--allow-local", "--timeout", "20", "--language", "en", *arguments)

    def setUp(self):
        self.internet = SmallInternet().__enter__()
        self.addCleanup(self.internet.__exit__)

    def test_published_starttls_that_is_missing(self):
        done = self.validate("one.test", "--format", "json")
        report = json.loads(done.stdout)
        self.assertEqual((done.returncode, report["verdict"], report["primary"]), (1, "problem", "tls.not-offered"))
        first = report["findings"][0]
        self.assertEqual(first["subject"]["source"], "srv")
        self.assertEqual(report["domain"], "one.test")
        self.assertEqual({entry["program"] for entry in report["programs"]},
                         {"thunderbird", "k9", "deltachat", "outlook", "new-outlook", "outlook-mac", "apple-mail"})

    def test_a_domain_that_does_not_exist(self):
        done = self.validate("gone.test", "--format", "json")
        self.assertEqual((done.returncode, json.loads(done.stdout)["primary"]), (1, "dns.host-not-found"))

    def test_policy(self):
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
            file.write('pop3 = "off"\nencryption_required = true\nplaintext_login = false\nsrv = true\neverything_works = true\n'
                       'hosts = ["*.example.test"]\nipv6 = true\n')
            file.flush()
            done = self.validate("one.test", "--policy", file.name, "--format", "json")
        lines = {line["rule"]: line["met"] for line in json.loads(done.stdout)["policy"]}
        self.assertEqual(lines, {"pop3": "yes", "encryption_required": "yes", "plaintext_login": "yes", "srv": "yes",
                                 "everything_works": "no", "hosts": "no", "ipv6": "no"})
        self.assertEqual(list(lines)[:2], ["pop3", "encryption_required"])
        self.assertEqual(done.returncode, 1)

    def test_formats(self):
        rows = list(csv.DictReader(io.StringIO(self.validate("one.test", "--format", "csv").stdout)))
        self.assertEqual(rows[0]["cause"], "tls.not-offered")
        suites = ElementTree.fromstring(self.validate("one.test", "--format", "junit").stdout.encode())
        self.assertEqual(suites.find("testsuite").get("name"), "one.test")
        self.assertIn('maildoctor_domain_verdict{domain="one.test",verdict="problem"} 1', self.validate("one.test", "--format", "prometheus").stdout)
        page = self.validate("one.test", "--format", "html").stdout
        self.assertIn("Content-Security-Policy", page)
        self.assertNotIn("<script", page)
        self.assertIn("What mail programs end up with", self.validate("one.test").stdout)


class Plugin(program.ProgramTest):
    """Monitoring plugins: one line on standard output, one of four statuses."""

    def line(self, done, status, word):
        self.assertEqual((done.returncode, done.stderr), (status, ""))
        self.assertEqual(done.stdout.count("\n"), 1, done.stdout)
        self.assertTrue(done.stdout.startswith(f"MAILDOCTOR {word} - "), done.stdout)
        return done.stdout

    def figures(self, line):
        return {key: value.split(";")[0] for key, value in (pair.split("=") for pair in line.rsplit(" | ", 1)[1].split())}

    def test_a_domain_and_a_list(self):
        with SmallInternet() as internet, tempfile.NamedTemporaryFile("w") as names:
            common = ["--resolver", internet.resolver, "--allow-local", "--timeout", "20", "--language", "en", "--nagios"]
            line = self.line(program.run("validate", "one.test", *common), 2, "CRITICAL")
            self.assertIn("one.test: ", line)
            self.assertIn("(tls.not-offered)", line)
            figures = self.figures(line)
            self.assertEqual((figures["servers"], figures["servers_working"]), ("1", "0"))
            self.assertGreater(int(figures["errors"]), 0)
            names.write("one.test\ntwo.test\nno domain\n")
            names.flush()
            done = program.run("validate", "--domains", names.name, *common)
            self.assertIn(":3: 'no domain'", done.stderr)
            done.stderr = ""
            line = self.line(done, 2, "CRITICAL")
            self.assertIn("2 domains, 2 with problems", line)
            self.assertIn("1 not looked at", line)
            self.assertEqual(self.figures(line)["problems"], "2")

    def test_used_wrongly_is_unknown(self):
        for arguments in (["validate"], ["validate", "x.test", "--concurrency", "-1"], ["validate", "x.test", "--format", "json"], ["check", "not an address"], ["tls"]):
            with self.subTest(arguments):
                self.line(program.run(*arguments, "--nagios"), 3, "UNKNOWN")

    def test_no_name_server_is_unknown_or_critical(self):
        done = program.run("validate", "one.test", "--resolver", "127.0.0.1:9", "--timeout", "10", "--nagios")
        self.assertIn(done.returncode, (2, 3))
        self.assertEqual(done.stdout.count("\n"), 1)


class ManyDomains(program.ProgramTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.list, self.output = self.folder / "list.txt", self.folder / "out.jsonl"

    def command(self, internet, *arguments):
        return ["validate", "--domains", str(self.list), "--resolver", internet.resolver, "--allow-local", "--timeout", "20", "--format", "jsonl",
                "--language", "en", *arguments]

    def domains(self, text=None):
        return [json.loads(line)["domain"] for line in (self.output.read_text() if text is None else text).splitlines()]

    def test_lists_as_they_come(self):
        self.list.write_bytes("\ufeffone.test\r\n# remark\r\n\r\nONE.test\r\ntwo.test\nfoo bar baz\nbücher.test\n-x-.te st\nuser@three.test\n".encode() +
                              b"four.test\r" + b"one.test\n" * 10000 + b"\xff\xfe.test\n")
        with SmallInternet() as internet:
            done = program.run(*self.command(internet))
        self.assertEqual(sorted(self.domains(done.stdout)), ["four.test", "one.test", "three.test", "two.test", "xn--bcher-kva.test"])
        complaints = done.stderr.splitlines()
        self.assertTrue(any(":6: 'foo bar baz' is not a domain" in line for line in complaints), done.stderr)
        self.assertTrue(any("10001 repeated lines" in line for line in complaints), done.stderr)
        self.assertEqual(len(complaints), 4, done.stderr)
        self.assertEqual(done.returncode, 1)

    def test_shared_servers_are_visited_once(self):
        self.list.write_text("".join(f"a.d{i}.test\n" for i in range(1)) + "".join(f"d{i}.test\n" for i in range(20)))
        with SmallInternet() as internet:
            done = program.run(*self.command(internet))
            self.assertEqual(len(self.domains(done.stdout)), 21)
            repeated = [key for key, count in internet.asked.items() if count > 1]
        self.assertEqual(repeated, [])

    def test_threads_share_what_they_learn(self):
        self.list.write_text("".join(f"s{i}.test\n" for i in range(40)))
        with SmallInternet(think=0.2) as internet:
            done = program.run(*self.command(internet, "--threads", "4"))
            results = [json.loads(line) for line in done.stdout.splitlines()]
            # Questions for keys that are asked ahead may be given up, and asked again when they are needed.
            repeated = [key for key, count in internet.asked.items() if count > 1 and key[1] not in (DS, DNSKEY)]
            self.assertEqual(len(internet.starts), 1)
        self.assertEqual(repeated, [])
        self.assertEqual({result["primary"] for result in results}, {"tls.not-offered"})
        self.assertEqual(len(results), 40)

    def test_polite(self):
        self.list.write_text("".join(f"d{i}.test\n" for i in range(40)))
        with SmallInternet(think=0.15) as internet:
            done = program.run(*self.command(internet, "--per-server", "3", "--per-second", "10", "--threads", "4"))
            self.assertEqual(len(self.domains(done.stdout)), 40)
            self.assertLessEqual(internet.most_open, 3 + 1)  # the server may see a farewell after the next arrival
            self.assertLessEqual(internet.most_a_second(), 10)
            self.assertGreaterEqual(len(internet.starts), 40)

    def interrupted(self, internet, number, after):
        """Runs until some results are there, then sends a signal."""
        command = [program.PROGRAM, *self.command(internet, "--concurrency", "3", "--output", str(self.output))]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
            until = time.monotonic() + 20
            while time.monotonic() < until and (not self.output.exists() or self.output.read_bytes().count(b"\n") < after):
                time.sleep(0.02)
            running.send_signal(number)
            return running.wait(timeout=20), running.stderr.read()

    def test_resumed_runs_give_what_an_unbroken_one_gives(self):
        names = [f"d{i}.test" for i in range(30)]
        self.list.write_text("\n".join(names) + "\n")
        with SmallInternet(think=0.1) as internet:
            status, words = self.interrupted(internet, signal.SIGINT, 5)
            self.assertEqual(status, 3, words)
            self.assertIn("--resume goes on", words)
            first = self.domains()
            self.assertTrue(5 <= len(first) < 30)
            status, _ = self.interrupted_again(internet)
            done = program.run(*self.command(internet, "--output", str(self.output), "--resume"))
        self.assertEqual(sorted(self.domains()), sorted(names))
        self.assertEqual(done.returncode, 1)

    def interrupted_again(self, internet):
        """SIGKILL in the middle, and a line that is cut off, as a full disk or a power cut leaves it."""
        command = [program.PROGRAM, *self.command(internet, "--concurrency", "3", "--output", str(self.output), "--resume")]
        before = self.output.read_bytes().count(b"\n")
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as running:
            until = time.monotonic() + 20
            while time.monotonic() < until and self.output.read_bytes().count(b"\n") < before + 4:
                time.sleep(0.02)
            running.kill()
            status = running.wait(timeout=20)
        with self.output.open("ab") as file:
            file.write(b'{"domain":"d29.test","maildoc')
        return status, ""

    def test_resume_of_csv_and_of_other_files(self):
        self.list.write_text("d1.test\nd2.test\nd3.test\n")
        with SmallInternet() as internet:
            arguments = [*self.command(internet), "--format", "csv"]
            arguments.remove("jsonl")
            arguments.remove("--format")
            whole = program.run(*arguments, "--output", str(self.output)).returncode
            self.assertEqual(whole, 1)
            rows = self.output.read_bytes()
            self.output.write_bytes(rows[:len(rows) - 20])
            program.run(*arguments, "--output", str(self.output), "--resume")
            self.assertEqual(sorted(self.output.read_bytes().splitlines()), sorted(rows.splitlines()))
            self.output.write_text("something else\n")
            self.assert_one_line(program.run(*arguments, "--output", str(self.output), "--resume"))

    def test_outputs_that_cannot_be_written(self):
        self.list.write_text("".join(f"d{i}.test\n" for i in range(20)))
        with SmallInternet() as internet:
            if os.path.exists("/dev/full"):
                self.assert_one_line(program.run(*self.command(internet, "--output", "/dev/full")))
                with open("/dev/full", "w", encoding="utf-8") as full:
                    self.assert_one_line(program.run(*self.command(internet), stdout=full))
            self.assert_one_line(program.run(*self.command(internet, "--output", str(self.folder))))

    def inside(self, prepare, *command):
        """Runs the program in a mount namespace of its own, after the shell commands of `prepare`; what lies in self.folder/kept outlives it."""
        script = f"{prepare} || exit 77; \"$@\"; status=$?; cp -r {self.folder}/disk/. {self.folder}/kept; exit $status"
        for name in ("disk", "kept"):
            (self.folder / name).mkdir(exist_ok=True)
        done = subprocess.run(["unshare", "--mount", "sh", "-c", script, "sh", program.PROGRAM, *command], capture_output=True, text=True, timeout=60, check=False)
        if done.returncode == 77 or "unshare" in done.stderr:
            self.skipTest("no mount namespace here: " + done.stderr.strip())
        return done

    def test_a_full_disk_keeps_what_was_done(self):
        names = [f"d{i}.test" for i in range(60)]
        self.list.write_text("\n".join(names) + "\n")
        with SmallInternet() as internet:
            command = self.command(internet, "--per-server", "50", "--per-second", "1000")
            done = self.inside(f"mount -t tmpfs -o size=64k small {self.folder}/disk", *command, "--output", f"{self.folder}/disk/out.jsonl")
            self.assert_one_line(done)
            self.assertIn("No space left", done.stderr)
            self.output = self.folder / "kept/out.jsonl"
            before = self.output.read_bytes().count(b"\n")
            self.assertTrue(0 < before < 60, before)
            done = program.run(*command, "--output", str(self.output), "--resume")
            self.assertIn(f"{before} domains have a result", done.stderr)
        self.assertEqual(sorted(self.domains()), sorted(names))

    def test_a_store_that_cannot_be_written(self):
        names = [f"d{i}.test" for i in range(5)]
        self.list.write_text("\n".join(names) + "\n")
        with SmallInternet() as internet:
            done = self.inside(f"mount --bind {self.folder}/disk {self.folder}/disk && mount -o remount,ro,bind {self.folder}/disk",
                               *self.command(internet, "--store", f"{self.folder}/disk/history"))
        self.assertEqual(sorted(self.domains(done.stdout)), sorted(names))
        self.assertEqual(done.returncode, 1)
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), 2, done.stderr)
        self.assertIn("this run was not kept", lines[0])
        self.assertIn("5 runs were not kept", lines[1])

    def test_a_reader_that_goes_away_ends_the_run(self):
        self.list.write_text("".join(f"d{i}.test\n" for i in range(200)))
        with SmallInternet(think=0.05) as internet:
            command = [program.PROGRAM, *self.command(internet, "--concurrency", "2")]
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
                running.stdout.readline()
                running.stdout.close()
                self.assertEqual(running.wait(timeout=15), 1)
                self.assertEqual(running.stderr.read(), b"")

    def test_no_name_server(self):
        self.list.write_text("d1.test\nd2.test\n")
        done = program.run("validate", "--domains", str(self.list), "--resolver", "127.0.0.1:9", "--format", "jsonl", "--timeout", "10")
        self.assertEqual(sorted(self.domains(done.stdout)), ["d1.test", "d2.test"])
        self.assertIn(done.returncode, (1, 3))


if __name__ == "__main__":
    program.main()
