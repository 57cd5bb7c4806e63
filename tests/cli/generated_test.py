#!/usr/bin/env python3
"""Manual pages and completions agree with --help, render without a warning and complete words in their shells.
usage: generated_test.py PROGRAM

A shell that is not installed is named and passed over.
"""
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import program
from program import PROGRAM, ProgramTest, run


def rendered(page):
    """A manual page as plain text, and what the formatter complains about."""
    done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", str(page)], capture_output=True, text=True, check=False, timeout=60,
                          env={"MANWIDTH": "2000", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "MANROFFSEQ": "", "MAN_KEEP_FORMATTING": ""})
    return re.sub(r"\s+", " ", re.sub(r".\x08", "", done.stdout)), done.stderr + ("" if done.returncode == 0 else f"status {done.returncode}")


def helped(*command):
    """The help of a command as one line, for comparison."""
    return re.sub(r"\s+", " ", run(*command, "--help", env={"COLUMNS": "100"}).stdout)


class Generated(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        done = run("generate", cls.folder.name)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), done
        cls.man = pathlib.Path(cls.folder.name, "man1")
        cls.completions = pathlib.Path(cls.folder.name, "completions")
        cls.commands = re.findall(r"^  ([a-z]+)(?= {2,}|$)", run("--help").stdout.split("Subcommands:")[1].split("Examples:")[0], re.M)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_one_page_a_command(self):
        self.assertEqual(sorted(page.name for page in self.man.iterdir()),
                         sorted(["maildoctor.1", *(f"maildoctor-{name}.1" for name in self.commands)]))
        self.assertNotIn("generate", self.commands)

    def test_same_every_time(self):
        with tempfile.TemporaryDirectory() as other:
            run("generate", other, env={"LANG": "de_DE.UTF-8", "COLUMNS": "60", "MAILDOCTOR_LANGUAGE": "de"})
            for path in (*self.man.iterdir(), *self.completions.iterdir()):
                self.assertEqual(path.read_bytes(), pathlib.Path(other, path.parent.name, path.name).read_bytes(), path.name)

    @unittest.skipUnless(shutil.which("man"), "man is not installed")
    def test_pages_render_and_say_what_the_help_says(self):
        for name in self.commands:
            text, complaints = rendered(self.man / f"maildoctor-{name}.1")
            self.assertEqual(complaints, "", name)
            text = text.replace("‐", "-").replace("−", "-")
            shown = helped(name)
            for option in set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", shown)):
                self.assertIn(option, text, f"{name}: {option}")
            for section in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "SEE ALSO"):
                self.assertIn(section, text, name)
        text, complaints = rendered(self.man / "maildoctor.1")
        self.assertEqual(complaints, "")
        for name in self.commands:
            self.assertIn(f"maildoctor-{name}(1)", text.replace("‐", "-").replace("−", "-"))

    def bash(self, *words):
        script = f"""source {self.completions}/maildoctor.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _maildoctor; printf '%s\\n' "${{COMPREPLY[@]}}" """
        done = subprocess.run(["bash", "--norc", "-c", script, "bash", *words], capture_output=True, text=True, check=False, timeout=30)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def zsh(self, *words):
        script = f"""compadd() {{ while [[ $1 != -- ]]; do [[ $1 == -p ]] && p=$2; shift; done; shift; for w in "$@"; do [[ $p$w == ${{words[CURRENT]}}* ]] && print -r -- $p$w; done; return 0; }}
compdef() {{ : }}
source {self.completions}/maildoctor.zsh; words=("$@"); CURRENT=$#; _maildoctor"""
        done = subprocess.run(["zsh", "-f", "-c", script, "zsh", *words], capture_output=True, text=True, check=False, timeout=30)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def fish(self, *words):
        line = " ".join(words)
        done = subprocess.run(["fish", "--no-config", "-c", f"source {self.completions}/maildoctor.fish; complete -C '{line}'"], capture_output=True, text=True,
                              check=False, timeout=30, env={"HOME": self.folder.name, "PATH": "/usr/bin:/bin"})
        self.assertEqual(done.stderr, "")
        return [entry.split("\t")[0] for entry in done.stdout.splitlines()]

    def complete_in(self, shell):
        if not shutil.which(shell.__name__):
            self.skipTest(f"{shell.__name__} is not installed")
        self.assertEqual(shell("maildoctor", "che"), ["check"])
        self.assertEqual(set(shell("maildoctor", "")) & set(self.commands), set(self.commands))
        self.assertIn("--incoming", shell("maildoctor", "check", "--inc"))
        self.assertEqual(shell("maildoctor", "check", "--format", "mark"), ["markdown"])
        self.assertEqual(shell("maildoctor", "check", "--program", "thunderb"), ["thunderbird"])
        self.assertIn("tls.name-mismatch", shell("maildoctor", "explain", "tls.name"))
        self.assertIn("thunderbird", shell("maildoctor", "guide", "thunderb"))
        self.assertEqual(shell("maildoctor", "rules", "lin"), ["lint"])

    def test_bash(self):
        self.complete_in(self.bash)
        self.assertIn("gmail.com", self.bash("maildoctor", "check", "you", "@", "gmai"))   # @ divides words in bash

    def test_zsh(self):
        self.complete_in(self.zsh)
        self.assertIn("you@gmail.com", self.zsh("maildoctor", "check", "you@gmai"))

    def test_fish(self):
        self.complete_in(self.fish)
        self.assertIn("you@gmail.com", self.fish("maildoctor", "check", "you@gmai"))

    def test_choices_are_those_of_the_help(self):
        text = (self.completions / "maildoctor.bash").read_text(encoding="utf-8")
        self.assertRegex(text, r'"check --format"\) candidates=\'text json markdown html message\'')
        self.assertRegex(text, r'"check --colour\|check --color"|"check --colour"')

    def test_wrong_folder(self):
        self.assert_one_line(run("generate", "/dev/null/folder"))
        self.assert_one_line(run("generate"))


if __name__ == "__main__":
    program.main()
