#!/usr/bin/env python3
"""`discover` without network. usage: discover_test.py PROGRAM

What it prints, its exit statuses, and that wrong use is refused.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)
CORPUS = pathlib.Path(__file__).resolve().parents[1] / "corpus"


def run(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([PROGRAM, "discover", *arguments], capture_output=True, text=True, timeout=30, check=False)


class Document(unittest.TestCase):
    def test_good(self):
        done = run("user@example.test", "--document", f"autoconfig:{CORPUS}/autoconfig/two-servers.xml", "--format", "json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        answer = json.loads(done.stdout)
        self.assertEqual(answer["faults"], [])
        self.assertEqual([(s["protocol"], s["host"], s["port"], s["security"], s["username"], s["auth"]) for s in answer["settings"]["incoming"]],
                         [("imap", "imap.example.test", 993, "tls", "user@example.test", ["OAuth2", "password-cleartext"])])

    def test_faulty(self):
        for name, kind in (("cut.xml", "truncated"), ("entities.xml", "forbidden-entity")):
            done = run("user@example.test", "--document", f"autoconfig:{CORPUS}/autoconfig/{name}", "--format", "json")
            self.assertEqual(done.returncode, 1)
            self.assertEqual([fault["kind"] for fault in json.loads(done.stdout)["faults"]], [kind])

    def test_too_large(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"<a>" + b" " * (2 << 20))
            file.flush()
            done = run("user@example.test", "--document", f"autoconfig:{file.name}", "--format", "json")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(json.loads(done.stdout)["faults"][0]["kind"], "too-large")

    def test_text(self):
        done = run("user@example.test", "--document", f"mobileconfig:{CORPUS}/mobileconfig/profile.xml")
        self.assertEqual(done.returncode, 0)
        self.assertIn("imap://box.example.test:993 (tls)", done.stdout)


class Use(unittest.TestCase):
    def test_wrong(self):
        for arguments in ((), ("user@example.test", "--timeout", "x"), ("user@example.test", "--document", "autoconfig:/no/such/file"), ("user@example.test", "--document", "html:x"),
                          ("user@example.test", "--document", "autoconfig:"), ("no address", "--plan"), ("user@example.test", "--plan", "--like", "mutt"),
                          ("user@example.test", "--plan", "--mx", "a b"), ("user@example.test", "--plan", "--document", "autoconfig:x"),
                          ("user@example.test", "--plan", "--format", "xml"), ("user@example.test", "--plan", "--port", "0"),
                          ("user@example.test", "--document", f"autoconfig:{CORPUS}/autoconfig/cut.xml", "--like", "k9")):
            done = run(*arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""), arguments)
            self.assertEqual(len(done.stderr.splitlines()), 1, arguments)

    def test_plan(self):
        done = run("user@example.test", "--plan", "--like", "k9", "--https-only", "--format", "json")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(json.loads(done.stdout)["urls"],
                         ["https://autoconfig.example.test/mail/config-v1.1.xml?emailaddress=user%40example.test",
                          "https://example.test/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=user%40example.test",
                          "https://autoconfig.thunderbird.net/v1.1/example.test"])


if __name__ == "__main__":
    unittest.main()
