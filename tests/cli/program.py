"""Runs the real program for the tests of this folder. The test files take its path as their first argument."""
import os
import subprocess
import sys
import unittest

PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build/dev/maildoctor")


def run(*arguments, env=None, stdin=None, timeout=30, **more):
    """Runs the program to its end, without the configuration of whoever runs the tests; text in, text out."""
    more.setdefault("stdout", subprocess.PIPE)
    more.setdefault("stderr", subprocess.PIPE)
    return subprocess.run([PROGRAM, *arguments], env={**os.environ, "XDG_CONFIG_HOME": "/nonexistent", **(env or {})}, input=stdin, text=True, timeout=timeout,
                          check=False, errors="surrogateescape", **more)


class ProgramTest(unittest.TestCase):
    def assert_one_line(self, result, status=2):
        """One clear line on standard error, nothing on standard output, no control characters."""
        self.assertEqual(status, result.returncode, result)
        self.assertEqual("", result.stdout or "")
        lines = result.stderr.splitlines()
        self.assertEqual(1, len(lines), result.stderr)
        self.assertTrue(lines[0].startswith("maildoctor: "), lines[0])
        self.assertTrue(all(c.isprintable() or c == "\n" for c in result.stderr), ascii(result.stderr))
        return lines[0]


def main():
    unittest.main(argv=sys.argv[:1])
