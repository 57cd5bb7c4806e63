"""The real window on a virtual display of its own, driven by xdotool and xclip. usage: window_test.py PROGRAM [PICTURES [CHECKS [LAB [TEST…]]]]

Skips with status 77 and one line where Xvfb, xdotool or xclip are missing. Nothing leaves loopback.
"""
import os
import csv
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

PROGRAM = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build/dev/maildoctor-gui").resolve())
PICTURES = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
CHECKS = sys.argv[3] if len(sys.argv) > 3 else None
LAB = sys.argv[4] if len(sys.argv) > 4 else None
README_ERROR = "Socket Error: 10060, Error Number: 0x800CCC0E"
README_ANSWER = "The server did not answer in time"
PASSWORD = "Quitte7Zaunkoenig9"


def wait_for(condition, seconds=15.0, pause=0.05):
    """What `condition` gives as soon as that is true; nothing when the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(pause)
    return None


class Display:
    """A virtual screen."""

    def __init__(self, size="3840x2160"):
        read, write = os.pipe()
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset"],
                                       pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as number:
            self.name = ":" + number.readline().strip()

    def stop(self):
        self.server.kill()
        self.server.wait()


class SilentPort:
    """A port of this computer that takes connections and says nothing."""

    def __enter__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        return self.socket.getsockname()[1]

    def __exit__(self, *_):
        self.socket.close()


class TlsServer:
    """IMAP over TLS. Its certificate is for another name and signed by nobody."""

    def __init__(self, folder, logins=None):
        self.cert, self.key = f"{folder}/cert.pem", f"{folder}/key.pem"
        self.logins = logins
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                        "-subj", "/CN=other.example", "-addext", "subjectAltName=DNS:other.example", "-keyout", self.key,
                        "-out", self.cert], check=True, capture_output=True)

    def __enter__(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.serve, args=(context,), daemon=True).start()
        return self.listener.getsockname()[1]

    def __exit__(self, *_):
        self.listener.close()

    def serve(self, context):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(context, client), daemon=True).start()

    @staticmethod
    def talk(context, client):
        try:
            with context.wrap_socket(client, server_side=True) as secure, secure.makefile("rwb", buffering=0) as lines:
                lines.write(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n")
                for line in lines:
                    tag = line.split(b" ")[0]
                    if b"CAPABILITY" in line:
                        lines.write(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n")
                    lines.write(tag + b" OK done\r\n")
        except OSError:
            pass


class Window:
    """The program with its window, a home of its own, and hands to use it."""

    def __init__(self, display, folder, *arguments, env=None, inside=()):
        self.folder = pathlib.Path(folder)
        self.env = {**os.environ, "DISPLAY": display.name, "HOME": str(folder), "LC_ALL": "C.UTF-8",
                    "XDG_CONFIG_HOME": f"{folder}/config", "XDG_DATA_HOME": f"{folder}/data", **(env or {})}
        self.log = open(self.folder / "stderr", "w+", encoding="utf-8")
        self.inside = bool(inside)
        self.process = subprocess.Popen([*inside, PROGRAM, "--language", "en", *arguments], env=self.env, stdout=subprocess.DEVNULL, stderr=self.log)
        self.id = wait_for(self.find)

    def find(self):
        # Inside a namespace the program has another number there; its display has no other window.
        which = ("--class", "maildoctor") if self.inside else ("--pid", str(self.process.pid))
        found = self.tool("search", "--onlyvisible", *which).split()
        return found[-1] if found else None

    def tool(self, *arguments):
        return subprocess.run(["xdotool", *arguments], env=self.env, capture_output=True, text=True, timeout=20, check=False).stdout

    def keys(self, *names):
        self.tool("windowfocus", "--sync", self.id)
        for name in names:
            self.tool("key", "--clearmodifiers", name)
            time.sleep(0.12)

    def type(self, text):
        self.tool("type", "--delay", "25", text)
        time.sleep(0.2)

    def set_clipboard(self, text):
        with subprocess.Popen(["xclip", "-selection", "clipboard", "-in"], env=self.env, stdin=subprocess.PIPE, text=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            process.communicate(text, timeout=10)

    def clipboard(self):
        try:
            return subprocess.run(["xclip", "-selection", "clipboard", "-out"], env=self.env, capture_output=True, text=True,
                                  timeout=5, check=False).stdout
        except subprocess.TimeoutExpired:
            return ""

    def ticket(self, fitting, seconds=20.0):
        """Presses "copy ticket" until a ticket that `fitting` likes is on the clipboard."""
        def look():
            self.keys("ctrl+t")
            text = self.clipboard()
            return text if fitting(text) else None
        return wait_for(look, seconds, 0.2)

    def processor_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def errors(self):
        self.log.flush()
        return (self.folder / "stderr").read_text(encoding="utf-8")

    def close(self):
        if self.process.poll() is None:
            if self.inside and self.id:     # nsenter hands no signal on
                self.keys("ctrl+q")
                wait_for(lambda: self.process.poll() is not None, 10)
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=10)
        self.log.close()


def memory_of(pid, word):
    """Where `word` stands in the memory of a process: the mappings, as far as they can be read."""
    found = []
    with open(f"/proc/{pid}/maps", encoding="ascii") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            place, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            begin, end = (int(number, 16) for number in place.split("-"))
            try:
                memory.seek(begin)
                block = memory.read(end - begin)
            except (OSError, ValueError, OverflowError):
                continue
            for form in (word.encode(), word.encode("utf-16-le")):
                if form in block:
                    found.append(line.strip())
    return found


class RealWindow(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.display = Display()

    @classmethod
    def tearDownClass(cls):
        cls.display.stop()

    def setUp(self):
        self.home = tempfile.TemporaryDirectory()
        self.addCleanup(self.home.cleanup)

    def open(self, *arguments, **more):
        window = Window(self.display, self.home.name, *arguments, **more)
        self.addCleanup(window.close)
        self.assertTrue(window.id, window.errors())
        time.sleep(0.5)
        return window

    def picture(self, window, name):
        if PICTURES and shutil.which("import"):
            PICTURES.mkdir(parents=True, exist_ok=True)
            subprocess.run(["import", "-window", window.id, str(PICTURES / f"{name}.png")], env=window.env, check=False)

    def test_paste_anywhere_and_read_the_ticket(self):
        window = self.open()
        window.set_clipboard(README_ERROR)
        window.keys("ctrl+7")
        window.keys("ctrl+v")
        ticket = window.ticket(lambda text: text.startswith("# "))
        self.assertIsNotNone(ticket, window.errors())
        self.assertIn(README_ANSWER, ticket)
        self.picture(window, "paste")

    def test_broken_certificate_is_the_primary_cause(self):
        with TlsServer(self.home.name) as port:
            window = self.open("--incoming", f"imaps://127.0.0.1:{port}?security=tls")
            window.keys("ctrl+Return")
            ticket = window.ticket(lambda text: "certificate" in text)
            self.assertIsNotNone(ticket, window.errors())
            self.assertIn("certificate", ticket.lower())
            self.assertIn(str(port), ticket)

    def test_cancel_is_at_once(self):
        with SilentPort() as port:
            window = self.open("--incoming", f"imap://127.0.0.1:{port}?security=none", "--frame-times")
            window.keys("ctrl+Return")
            time.sleep(0.8)
            self.assertIsNone(window.ticket(lambda text: text.startswith("# "), 0.5))
            window.tool("key", "Escape")
            ticket = window.ticket(lambda text: text.startswith("# "), 5)
            self.assertIsNotNone(ticket, "no report after the check was stopped")
            window.keys("ctrl+q")
            self.assertEqual(0, window.process.wait(timeout=10))
            took = re.search(r"the check ended (\d+) ms after it was stopped", window.errors())
            self.assertIsNotNone(took, window.errors())
            self.assertLess(int(took.group(1)), 200)

    def test_every_size_and_theme(self):
        for theme in ("light", "dark", "contrast"):
            window = self.open("--theme", theme, "--size", "1280x800")
            for width, height in ((640, 480), (3840, 2160), (1280, 800)):
                window.tool("windowsize", "--sync", window.id, str(width), str(height))
                for view in range(1, 8):
                    window.keys(f"ctrl+{view}")
                window.keys("F1", "F1")
                self.assertIsNone(window.process.poll(), window.errors())
            self.assertEqual("", window.errors())
            self.picture(window, f"theme-{theme}")
            window.close()

    def test_text_size_is_changed_and_remembered(self):
        window = self.open()
        window.keys("ctrl+KP_Add", "ctrl+KP_Add")
        file = pathlib.Path(self.home.name) / "config/maildoctor/window.conf"
        self.assertTrue(wait_for(lambda: file.exists() and "text_percent = 120" in file.read_text(encoding="utf-8"), 5), window.errors())
        self.assertEqual(0o600, file.stat().st_mode & 0o777)

    def test_idle_costs_nothing(self):
        window = self.open()
        time.sleep(1)
        before = window.processor_seconds()
        time.sleep(10)
        self.assertLess(window.processor_seconds() - before, 0.1)

    def test_password_leaves_no_trace(self):
        with TlsServer(self.home.name) as port:
            window = self.open("anna@[127.0.0.1]", "--timeout", "5", "--incoming", f"imaps://127.0.0.1:{port}?security=tls")
            window.keys("Tab")
            window.type(PASSWORD)
            try:
                typed = memory_of(window.process.pid, PASSWORD)
            except PermissionError:
                self.skipTest("the memory of another process cannot be read here")
            self.assertTrue(typed, "the password did not get into its field")
            window.keys("ctrl+Return")
            self.assertIsNotNone(window.ticket(lambda text: text.startswith("# ")), window.errors())
            window.keys("ctrl+1")
            self.assertEqual([], memory_of(window.process.pid, PASSWORD))

    def test_unwritable_settings_are_one_line(self):
        pathlib.Path(self.home.name, "config").write_text("in the way", encoding="ascii")
        window = self.open()
        window.keys("ctrl+KP_Add")
        self.assertTrue(wait_for(window.errors, 5))
        self.assertIsNone(window.process.poll())
        self.assertEqual(1, len(window.errors().splitlines()), window.errors())

    def test_no_font_is_one_line(self):
        config = pathlib.Path(self.home.name, "fonts.conf")
        config.write_text("<?xml version='1.0'?><fontconfig></fontconfig>", encoding="ascii")
        window = self.open(env={"FONTCONFIG_FILE": str(config)})
        self.assertTrue(wait_for(window.errors, 5))
        self.assertIsNone(window.process.poll())
        self.assertEqual(["maildoctor-gui: No system font was found; the built-in one is used."], window.errors().splitlines())

    def test_lost_display_is_one_line(self):
        display = Display("800x600")
        window = Window(display, self.home.name)
        self.addCleanup(window.close)
        self.assertTrue(window.id)
        display.stop()
        self.assertEqual(3, window.process.wait(timeout=10))
        self.assertEqual(["maildoctor-gui: the connection to the display was lost"], window.errors().splitlines())


@unittest.skipUnless(LAB, "the path of lab.py is not given")
class InLab(unittest.TestCase):
    """The window among real mail and name servers (docs/lab.md)."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="md-lab-")
        cls.addClassCleanup(cls.folder.cleanup)
        pathlib.Path(cls.folder.name).chmod(0o755)    # the servers run as users of their own
        cls.lab_folder = pathlib.Path(cls.folder.name, "lab")
        up = cls.lab("up")
        if up.returncode == 77:
            raise unittest.SkipTest(up.stdout.strip())
        if up.returncode:
            raise RuntimeError(up.stdout + up.stderr)
        cls.addClassCleanup(lambda: cls.lab("down"))
        cls.display = Display("1280x800")
        cls.addClassCleanup(cls.display.stop)

    @classmethod
    def lab(cls, *arguments):
        return subprocess.run([sys.executable, LAB, "--dir", str(cls.lab_folder), *arguments], capture_output=True, text=True, check=False)

    def open(self, *arguments, settings=""):
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        self.home = pathlib.Path(home.name)
        if settings:
            (self.home / "config/maildoctor").mkdir(parents=True)
            (self.home / "config/maildoctor/window.conf").write_text(settings, encoding="ascii")
        window = Window(self.display, self.home, "--ca-file", str(self.lab_folder / "ca/root.crt"), "--trust-anchor",
                        str(self.lab_folder / "dns/root.key"), *arguments,
                        inside=[sys.executable, LAB, "--dir", str(self.lab_folder), "sh"])
        self.addCleanup(window.close)
        self.assertTrue(window.id, window.errors())
        time.sleep(0.5)
        return window

    def test_broken_certificate_is_the_primary_cause(self):
        window = self.open("anna@tls-expired.test")
        window.keys("ctrl+Return")
        ticket = window.ticket(lambda text: text.startswith("# "), 60)
        self.assertIsNotNone(ticket, window.errors())
        self.assertIn("expired", ticket.splitlines()[0] + ticket.split("##")[0])

    def test_domains_become_a_table_and_a_file(self):
        window = self.open()
        window.keys("ctrl+4")
        domains = {"discover-autoconfig.test", "tls-expired.test", "no-such-domain.test"}
        window.set_clipboard(" ".join(domains))
        window.keys("ctrl+v", "ctrl+Return")
        def finished():
            window.keys("ctrl+s")
            files = list(self.home.glob("maildoctor-domains-*.csv"))
            rows = list(csv.DictReader(files[0].read_text(encoding="utf-8").splitlines())) if files else []
            return rows if {row["domain"] for row in rows} == domains else None
        rows = wait_for(finished, 120, 1)
        self.assertIsNotNone(rows, [file.read_text(encoding="utf-8") for file in self.home.glob("*.csv")] + [window.errors()])
        self.assertEqual({"no-such-domain.test", "tls-expired.test"}, {row["domain"] for row in rows if row["verdict"] == "problem"})

    def test_runs_are_kept(self):
        window = self.open("anna@healthy-starttls.test", settings="keep_runs = yes\n")
        window.keys("ctrl+Return")
        self.assertIsNotNone(window.ticket(lambda text: text.startswith("# "), 60), window.errors())
        window.keys("ctrl+5")
        window.close()
        store = self.home / "data/maildoctor/history.sqlite"
        self.assertEqual(0o600, store.stat().st_mode & 0o777)
        with sqlite3.connect(store) as kept:
            tables = [name for name, in kept.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            self.assertTrue(any(kept.execute(f"SELECT count(*) FROM {name}").fetchone()[0] == 1 for name in tables), tables)


class WithoutWindow(unittest.TestCase):
    def run_program(self, *arguments, **env):
        return subprocess.run([PROGRAM, *arguments], env={**os.environ, "HOME": "/nonexistent", **env}, capture_output=True, text=True,
                              timeout=60, check=False)

    def assert_one_line(self, result, status):
        self.assertEqual(status, result.returncode, result)
        self.assertEqual(1, len(result.stderr.splitlines()), result.stderr)
        self.assertTrue(result.stderr.startswith("maildoctor-gui: "), result.stderr)

    def test_no_display_is_one_line(self):
        for arguments in ([], ["--screenshot", "/dev/null"]):
            self.assert_one_line(self.run_program(*arguments, DISPLAY=""), 3)

    def test_wrong_arguments_are_one_line(self):
        self.assert_one_line(self.run_program("--scene", "nonsense"), 2)
        self.assert_one_line(self.run_program("--incoming", "http://x"), 2)

    def test_no_opengl_3_is_one_line(self):
        display = Display("800x600")
        self.addCleanup(display.stop)
        self.assert_one_line(self.run_program(DISPLAY=display.name, MESA_GL_VERSION_OVERRIDE="2.1"), 3)

    @unittest.skipUnless(CHECKS, "the path of maildoctor_window_checks is not given")
    def test_window_checks(self):
        display = Display("1280x800")
        self.addCleanup(display.stop)
        result = subprocess.run([CHECKS], env={**os.environ, "DISPLAY": display.name}, capture_output=True, text=True, timeout=120, check=False)
        print(result.stdout if result.returncode else "\n".join(line for line in result.stdout.splitlines() if "frames" in line))
        self.assertEqual(0, result.returncode)

    def test_every_scene_becomes_a_picture(self):
        display = Display("1280x800")
        self.addCleanup(display.stop)
        with tempfile.TemporaryDirectory() as folder:
            target = PICTURES or pathlib.Path(folder)
            target.mkdir(parents=True, exist_ok=True)
            for scene in ("paste", "check", "check-running", "check-result", "fix", "validate", "history", "call", "learn", "help"):
                file = target / f"{scene}.png"
                result = self.run_program("--screenshot", str(file), "--scene", scene, DISPLAY=display.name)
                self.assertEqual((0, ""), (result.returncode, result.stderr))
                self.assertEqual(b"\x89PNG", file.read_bytes()[:4])
            bad = self.run_program("--screenshot", "/nonexistent/x.png", DISPLAY=display.name)
            self.assert_one_line(bad, 3)


if __name__ == "__main__":
    missing = [tool for tool in ("Xvfb", "xdotool", "xclip", "openssl") if not shutil.which(tool)]
    if missing:
        print("skipped: not installed: " + ", ".join(missing))
        sys.exit(77)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    unittest.main(argv=[sys.argv[0], *sys.argv[5:]], verbosity=2)
