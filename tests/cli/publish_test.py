#!/usr/bin/env python3
"""`publish`: what it prints and writes, and that its own documents stand its own check. usage: publish_test.py PROGRAM"""
import base64
import hashlib
import json
import os
import pathlib
import tempfile

import program
from program import ProgramTest, run

OFFER = ("example.test", "--incoming", "imap://imap.example.test:993", "--outgoing", "smtp://smtp.example.test:465")


class Publish(ProgramTest):
    def test_text(self):
        done = run("publish", *OFFER, "--name", "Example & Söhne")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("_imaps._tcp.example.test.", done.stdout)
        self.assertIn("<displayName>Example &amp; Söhne</displayName>", done.stdout)
        self.assertIn("https://autoconfig.example.test/mail/config-v1.1.xml", done.stdout.replace("\n   ", " "))

    def test_files(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(run("publish", *OFFER, "--write", os.path.join(folder, "out")).returncode, 0)
            out = pathlib.Path(folder, "out")
            for kind, path in (("autoconfig", "autoconfig/mail/config-v1.1.xml"), ("autodiscover", "autodiscover/autodiscover/autodiscover.xml"),
                               ("mobileconfig", "example.test.mobileconfig"), ("pacc", "ua-auto-config/.well-known/user-agent-configuration.json")):
                done = run("discover", "user@example.test", "--document", f"{kind}:{out / path}", "--format", "json")
                self.assertEqual(done.returncode, 0, done.stdout)
                answer = json.loads(done.stdout)
                self.assertEqual([(s["host"], s["port"]) for s in answer["settings"]["incoming"]], [("imap.example.test", 993)])
            digest = base64.b64encode(hashlib.sha256((out / path).read_bytes()).digest()).decode()
            self.assertIn(f"v=UAAC1; a=sha256; d={digest}", (out / "example.test.zone").read_text(encoding="utf-8"))
            line = self.assert_one_line(run("publish", *OFFER, "--write", str(out)))
            self.assertIn("exists already", line)

    def test_json_is_what_is_written(self):
        parts = json.loads(run("publish", *OFFER, "--format", "json").stdout)["parts"]
        self.assertEqual([part["id"] for part in parts], ["dns", "autoconfig", "autodiscover", "mobileconfig", "pacc"])
        with tempfile.TemporaryDirectory() as folder:
            run("publish", *OFFER, "--write", folder)
            for part in parts:
                self.assertEqual(pathlib.Path(folder, part["path"]).read_text(encoding="utf-8"), part["content"])

    def test_wrong(self):
        for arguments in ((), ("example.test",), OFFER[:3], ("a b", *OFFER[1:]), (*OFFER, "--format", "xml"), (*OFFER, "--write", "/dev/null/x"),
                          ("example.test", "--incoming", OFFER[4], "--outgoing", OFFER[4]), ("example.test", *OFFER[1:3], "--outgoing", "smtp://h:25?security=none")):
            self.assert_one_line(run("publish", *arguments))


if __name__ == "__main__":
    program.main()
