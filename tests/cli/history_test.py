#!/usr/bin/env python3
"""Runs that are kept, listed and compared: `check --store`, `history`, `diff`. usage: history_test.py PROGRAM"""
import json
import os
import pathlib
import resource
import signal
import sqlite3
import stat
import tempfile
import unittest

import jsonschema

import program
from program import ProgramTest, run

SCHEMA = json.loads((pathlib.Path(__file__).resolve().parents[2] / "docs/schema/comparison.schema.json").read_text(encoding="utf-8"))
REPORTS = pathlib.Path(__file__).resolve().parents[1] / "report" / "approved"
# Nobody answers there: a run that ends at once.
CHECK = ("check", "user@example.test", "--resolver", "127.0.0.1:1", "--timeout", "1", "--format", "json")


class Kept(ProgramTest):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.store = os.path.join(self.folder.name, "runs.sqlite")

    def test_kept_listed_and_compared(self):
        for _ in range(2):
            done = run(*CHECK, "--store", self.store)
            self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertEqual(stat.S_IMODE(os.stat(self.store).st_mode), 0o600)
        answer = json.loads(run("history", "--store", self.store, "--format", "json").stdout)
        jsonschema.validate(answer, SCHEMA)
        runs = answer["runs"]
        self.assertEqual([(r["run"], r["command"], r["subject"], r["verdict"]) for r in runs],
                         [(2, "check", "user@example.test", "problem"), (1, "check", "user@example.test", "problem")])
        self.assertIn("user@example.test", run("history", "example.test", "--store", self.store).stdout)
        self.assertEqual(run("history", "other.test", "--store", self.store).stdout, "No runs.\n")
        for what in (("1", "2"), ("example.test",), ("user@example.test",)):
            done = run("diff", *what, "--store", self.store, "--format", "json")
            self.assertEqual((done.returncode, json.loads(done.stdout)["same"]), (0, True), done)
        self.assert_one_line(run("diff", "1", "9", "--store", self.store))

    def test_no_secret_is_kept(self):
        word = "correct-horse-battery"
        run(*CHECK, "--store", self.store, "--password-file", "/dev/stdin", "--user", "user", stdin=word + "\n")
        self.assertNotIn(word.encode(), pathlib.Path(self.store).read_bytes())

    def test_data_folder_is_the_usual_place(self):
        folder = pathlib.Path(self.folder.name, "maildoctor")
        folder.mkdir()
        run(*CHECK, "--store", str(folder / "history.sqlite"))
        done = run("history", env={"XDG_DATA_HOME": self.folder.name})
        self.assertIn("user@example.test", done.stdout)

    def assert_result_and_one_line(self, done, words):
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(json.loads(done.stdout)["verdict"], "problem")
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn("this run was not kept: ", done.stderr)
        self.assertIn(words, done.stderr)

    def test_store_that_cannot_be_used(self):
        pathlib.Path(self.folder.name, "letter").write_text("dear all " * 200, encoding="utf-8")
        for place, words in ((self.folder.name, "cannot be written"), ("/no/such/folder/x", "No such file or directory"),
                             (os.path.join(self.folder.name, "letter"), "not a history of maildoctor"), ("/dev/null", "not an ordinary file")):
            self.assert_result_and_one_line(run(*CHECK, "--store", place), words)

    def test_store_that_another_program_holds(self):
        run(*CHECK, "--store", self.store)
        other = sqlite3.connect(self.store, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        self.assert_result_and_one_line(run(*CHECK, "--store", self.store), "another program is using it")
        other.close()

    def test_full_disk(self):
        def no_file_may_grow():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        self.assert_result_and_one_line(run(*CHECK, "--store", self.store, preexec_fn=no_file_may_grow), "the disk")


class Files(ProgramTest):
    def test_two_reports(self):
        healthy, faulty = str(REPORTS / "healthy.json"), str(REPORTS / "name_mismatch.json")
        done = run("diff", healthy, faulty, "--format", "json")
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        answer = json.loads(done.stdout)
        jsonschema.validate(answer, SCHEMA)
        self.assertFalse(answer["same"])
        self.assertIn(("verdict", "changed", "ok", "problem"),
                      [(d["section"], d["change"], d.get("before"), d.get("after")) for d in answer["differences"]])
        text = run("diff", healthy, faulty).stdout
        self.assertIn("Verdict\n", text)
        self.assertIn("tls.name-mismatch", text)
        self.assertEqual(run("diff", healthy, healthy).stdout.splitlines()[-1], "Nothing differs.")

    def test_hostile_files(self):
        good = str(REPORTS / "healthy.json")
        with tempfile.TemporaryDirectory() as folder:
            for number, content in enumerate((b"", b"{", b"[" * 1_000_000, b"\x00\xff" * 1000, b"{}", b"[1]", b" " * (17 << 20),
                                              b'{"maildoctor":"1","schema":99,"verdict":"ok"}', b'{"a":' * 200_000)):
                path = os.path.join(folder, f"{number}.json")
                pathlib.Path(path).write_bytes(content)
                self.assertIn(path, self.assert_one_line(run("diff", path, good)))
                self.assertIn(path, self.assert_one_line(run("diff", good, path)))
        self.assert_one_line(run("diff", good, "/no/such.json"))

    def test_hostile_text(self):
        done = run("diff", str(REPORTS / "hostile.json"), str(REPORTS / "healthy.json"))
        self.assertEqual(done.returncode, 1)
        self.assertTrue(all(c.isprintable() or c == "\n" for c in done.stdout))


class Use(ProgramTest):
    def test_wrong(self):
        for arguments in (("diff",), ("diff", "1"), ("diff", "a.json"), ("diff", "1", "a.json"), ("diff", "a b"), ("diff", "1", "2", "3"),
                          ("diff", "1", "2", "--format", "xml"), ("diff", "1", "2", "--store", "/no/such"), ("history", "--limit", "0"),
                          ("history", "--limit", "x"), ("history", "--store", "/no/such"), ("history", "a b", "--store", "/no/such"),
                          ("history", "--format", "html")):
            self.assert_one_line(run(*arguments, env={"XDG_DATA_HOME": "/no/such"}))


if __name__ == "__main__":
    program.main()
