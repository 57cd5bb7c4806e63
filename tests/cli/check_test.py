"""A check that is stopped, that runs out of time, and that shows its progress: against a name server that is silent."""
import json
import os
import pathlib
import pty
import signal
import socket
import subprocess
import time

import jsonschema

from program import PROGRAM, ProgramTest, main, run

SCHEMA = json.loads((pathlib.Path(__file__).parents[2] / "docs/schema/report.schema.json").read_text(encoding="utf-8"))


class SilentNameServer:
    """A UDP and TCP port of this computer where nobody answers."""

    def __enter__(self):
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.udp.getsockname()[1]}"
        return self.address

    def __exit__(self, *_):
        self.udp.close()


def run_on_terminal(arguments, stop_after=None):
    """Runs the program with standard error on a terminal. Gives exit status, standard output and what the terminal saw."""
    master, slave = pty.openpty()
    with subprocess.Popen([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=slave, text=True,
                          env={**os.environ, "TERM": "xterm"}) as process:
        os.close(slave)
        if stop_after is not None:
            time.sleep(stop_after)
            process.send_signal(signal.SIGINT)
        out = process.stdout.read()
        process.wait(timeout=30)
    shown = b""
    try:
        while chunk := os.read(master, 65536):
            shown += chunk
    except OSError:
        pass   # Linux's end of a terminal
    os.close(master)
    return process.returncode, out, shown.decode()


class Check(ProgramTest):
    def test_interrupt_gives_a_partial_report(self):
        with SilentNameServer() as resolver:
            began = time.monotonic()
            with subprocess.Popen([PROGRAM, "check", "a@example.test", "--resolver", resolver, "--format", "json"],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
                time.sleep(0.7)
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=20)
            self.assertLess(time.monotonic() - began, 5)
            self.assertEqual((3, ""), (process.returncode, err))
            report = json.loads(out)
            jsonschema.Draft202012Validator(SCHEMA).validate(report)
            self.assertTrue(any("stopped" in entry["because"] for entry in report["not_tested"]), report["not_tested"])

    def test_second_interrupt_ends_at_once(self):
        with SilentNameServer() as resolver:
            with subprocess.Popen([PROGRAM, "check", "a@example.test", "--resolver", resolver], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE) as process:
                time.sleep(0.5)
                process.send_signal(signal.SIGTERM)
                self.assertIn(process.wait(timeout=10), (3, -signal.SIGTERM))

    def test_time_limit_is_kept_and_named(self):
        with SilentNameServer() as resolver:
            began = time.monotonic()
            result = run("check", "a@example.test", "--resolver", resolver, "--timeout", "1.5", "--format", "json")
            self.assertLess(time.monotonic() - began, 4)
            report = json.loads(result.stdout)
            jsonschema.Draft202012Validator(SCHEMA).validate(report)
            self.assertIn(result.returncode, (1, 3))
            self.assertTrue(report["not_tested"])

    def test_progress_is_one_line_on_a_terminal_and_gone_at_the_end(self):
        with SilentNameServer() as resolver:
            status, out, shown = run_on_terminal(["check", "a@example.test", "--resolver", resolver, "--timeout", "1"])
        self.assertIn(status, (1, 3))
        self.assertNotIn("\n", shown)
        self.assertTrue(shown.endswith("\r\x1b[K"), ascii(shown))
        self.assertNotIn("\x1b", out)

    def test_no_progress_where_nobody_looks(self):
        with SilentNameServer() as resolver:
            self.assertEqual("", run("check", "a@example.test", "--resolver", resolver, "--timeout", "1").stderr)

    def test_output_that_cannot_be_written(self):
        with SilentNameServer() as resolver, open("/dev/full", "w", encoding="ascii") as full:
            result = run("check", "a@example.test", "--resolver", resolver, "--timeout", "1", stdout=full)
            self.assertIn("No space left", self.assert_one_line(result))

    def test_every_format_and_language(self):
        with SilentNameServer() as resolver:
            for output in ("text", "json", "markdown", "html", "message"):
                for language in ("en", "de"):
                    with self.subTest(format=output, language=language):
                        result = run("check", "a@example.test", "--resolver", resolver, "--timeout", "0.3", "--format", output,
                                     "--language", language)
                        self.assertIn(result.returncode, (1, 3))
                        self.assertEqual("", result.stderr)
                        self.assertIn("a@example.test", result.stdout)

    def test_width_and_colour(self):
        with SilentNameServer() as resolver:
            common = ["check", "a@example.test", "--resolver", resolver, "--timeout", "0.3"]
            narrow = run(*common, "--width", "44").stdout
            self.assertLessEqual(max(map(len, narrow.splitlines())), 44)
            self.assertNotIn("\x1b", narrow)
            self.assertIn("\x1b[", run(*common, "--colour", "always").stdout)


if __name__ == "__main__":
    main()
