#!/usr/bin/env python3
"""`config`, and how what is configured becomes the default of the commands. usage: config_test.py PROGRAM"""
import json
import os
import pathlib
import tempfile

import program
from program import ProgramTest, run

CHECK = ("check", "user@example.test", "--timeout", "1", "--format", "json")


class Configured(ProgramTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = folder.name
        self.file = pathlib.Path(folder.name, "maildoctor", "config.toml")
        self.file.parent.mkdir()
        self.env = {"XDG_CONFIG_HOME": self.home}

    def configure(self, text):
        self.file.write_text(text, encoding="utf-8")

    def test_shown_with_origin(self):
        self.configure('language = "de"\nresolver = ["127.0.0.1:1", "127.0.0.1:2"]\n')
        done = run("config", "--format", "json", env={**self.env, "MAILDOCTOR_THIRD_PARTIES": "off"})
        answer = json.loads(done.stdout)
        settings = {entry["key"]: (entry["values"], entry["origin"]) for entry in answer["settings"]}
        self.assertTrue(answer["exists"])
        self.assertEqual(settings["language"], (["de"], "file"))
        self.assertEqual(settings["resolver"], (["127.0.0.1:1", "127.0.0.1:2"], "file"))
        self.assertEqual(settings["third_parties"], (["false"], "environment"))
        self.assertEqual(settings["theme"], ([], "built-in"))
        text = run("config", env=self.env).stdout
        self.assertIn('language = de', text)
        self.assertIn(str(self.file), text.replace("\n      ", "").replace("\n    ", ""))

    def test_defaults_of_commands(self):
        self.configure(f'resolver = ["127.0.0.1:1", "127.0.0.2:1"]\nstore = "{self.home}/runs.sqlite"\nlanguage = "de"\nthird_parties = false\n')
        report = json.loads(run(*CHECK, env=self.env).stdout)
        told = [entry["who"] for entry in report["told"]]
        self.assertIn("name server 127.0.0.1, 127.0.0.2", told)
        self.assertNotEqual(report["findings"][0]["title"], "The name look-up of this network does not answer")
        self.assertTrue(os.path.exists(f"{self.home}/runs.sqlite"))
        self.assertIn("user@example.test", run("history", env=self.env).stdout)
        english = json.loads(run(*CHECK, "--language", "en", "--resolver", "127.0.0.3:1", env=self.env).stdout)
        self.assertEqual([w["who"] for w in english["told"] if "name server" in w["who"]], ["name server 127.0.0.3"])
        self.assertEqual(english["findings"][0]["title"], "The name look-up of this network does not answer")
        self.assertEqual(run("explain", "0x800CCC0D", env=self.env).stdout, run("explain", "0x800CCC0D", "--language", "de").stdout)

    def test_help_stays_as_it_is(self):
        self.configure('language = "de"\nresolver = "127.0.0.1:1"\nthird_parties = false\n')
        for command in ("check", "explain", "history"):
            self.assertEqual(run(command, "--help", env=self.env).stdout, run(command, "--help").stdout)

    def test_wrong(self):
        for text, words in (("langauge = \"de\"", "did you mean 'language'?"), ("language = \"fr\"", "'fr' is not en or de"),
                            ("language = ", ":1:"), ("\xff\x00", "")):
            self.file.write_bytes(text.encode("latin-1"))
            for command in (CHECK, ("config",), ("explain", "0x800CCC0D")):
                line = self.assert_one_line(run(*command, env=self.env))
                self.assertIn(str(self.file), line)
                self.assertIn(words, line)
        self.assertEqual(run("--version", env=self.env).returncode, 0)
        self.assertEqual(run("--help", env=self.env).returncode, 0)
        self.file.unlink()
        self.file.mkdir()
        self.assertIn(str(self.file), self.assert_one_line(run("config", env=self.env)))
        self.assert_one_line(run("config", env={"MAILDOCTOR_CONFIG": "/no/such/file"}))
        self.assert_one_line(run("config", "--format", "xml", env={"XDG_CONFIG_HOME": "/no/such"}))
        self.assertIn("MAILDOCTOR_LANGUAGE", self.assert_one_line(run("explain", "x", env={"MAILDOCTOR_LANGUAGE": "fr"})))

    def test_no_home(self):
        env = {"HOME": "/no/such/home", "XDG_CONFIG_HOME": ""}
        self.assertEqual(run("explain", "0x800CCC0D", env=env).returncode, 0)
        self.assertEqual(run("config", env=env).returncode, 0)


class Versions(ProgramTest):
    def test_verbose(self):
        lines = run("--version", "--verbose").stdout.splitlines()
        self.assertEqual(lines[0], run("--version").stdout.strip())
        names = [line.split()[0] for line in lines[1:]]
        for name in ("rules", "openssl", "ldns", "poco", "asio", "sqlite", "gsasl", "libidn2", "libpsl", "mimalloc"):
            self.assertIn(name, names)
        self.assertTrue(all(len(line.split()) >= 2 for line in lines[1:]), lines)
        self.assert_one_line(run("check", "a@example.test", "--version"))


class Rules(ProgramTest):
    RULES = pathlib.Path(__file__).resolve().parents[2] / "rules"

    def test_diff(self):
        same = run("rules", "diff", "built-in", str(self.RULES))
        self.assertEqual((same.returncode, same.stdout.splitlines()[-1]), (0, "0 new, 0 changed, 0 gone"))
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "match").mkdir()
            pathlib.Path(folder, "match", "x.toml").write_text(
                'topic = "x"\nsource = { url = "nowhere", checked = "never" }\n[[rule]]\nid = "only-here"\ncause = "dns.host-not-found"\n'
                '[rule.match]\nphrases = ["zyx wvut srq"]\n[rule.examples]\nmatch = ["zyx wvut srq"]\nno_match = ["abc"]\n', encoding="utf-8")
            done = run("rules", "diff", "built-in", folder)
            self.assertEqual((done.returncode, done.stderr), (1, ""))
            self.assertIn("+ rule only-here", done.stdout)
            pathlib.Path(folder, "match", "x.toml").write_text('[[rule]]\nid = "x"\nfrom_the_future = 1\n', encoding="utf-8")
            self.assertIn("match/x.toml:", self.assert_one_line(run("rules", "diff", "built-in", folder)))
        self.assert_one_line(run("rules", "diff", "built-in", "/no/such"))


if __name__ == "__main__":
    program.main()
