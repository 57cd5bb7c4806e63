"""`relay` and `check --relay` against scripted SMTP servers of this computer: consent, what is sent, and the answer."""
import json
import os
import pty
import pathlib
import re
import select
import tempfile

from program import PROGRAM, ProgramTest, main, run
from scripted_server import ScriptedServer


class SmtpServer(ScriptedServer):
    """Answers RCPT with what `answer(sender, recipient)` gives, DATA with `data`; notes every octet after 354."""

    def __init__(self, answer, data="354 go on", greeting="220 mx.own.test ESMTP", mail="250 ok"):
        self.answer, self.data, self.greeting, self.mail = answer, data, greeting, mail
        self.ehlo = "250 mx.own.test"
        self.said, self.after_354, self.open_now, self.most_open = [], b"", 0, 0

    def talk(self, client):
        self.open_now += 1
        self.most_open = max(self.most_open, self.open_now)
        try:
            with client, client.makefile("rwb", buffering=0) as lines:
                lines.write(self.greeting.encode() + b"\r\n")
                sender = ""
                for line in lines:
                    text = line.decode().strip()
                    self.said.append(text)
                    word = text.split(" ")[0].upper()
                    path = re.search(r"<(.*)>", text)
                    sender = path[1] if word == "MAIL" else sender
                    answer = {"MAIL": self.mail, "QUIT": "221 bye", "DATA": self.data, "EHLO": self.ehlo,
                              "STARTTLS": "454 4.7.0 not now"}.get(word, "250 ok")
                    if word == "RCPT":
                        answer = self.answer(sender, path[1])
                    lines.write(answer.encode() + b"\r\n")
                    if answer.startswith("354"):
                        self.after_354 += client.recv(100)
                    if word == "QUIT" or answer.startswith(("354", "421")):
                        return
        except OSError:
            pass
        finally:
            self.open_now -= 1

    def count(self, word):
        return sum(line.upper().startswith(word) for line in self.said)


def closed(_, recipient):
    return "250 ok" if recipient == "user@own.test" else "554 5.7.1 Relay access denied"


def opened(_, recipient):
    return "550 5.1.1 unknown" if recipient.endswith("@own.test") else "501 no" if not recipient else "250 ok"


def relay(server, *more, output="json"):
    return run("relay", server.place, "--domain", "own.test", "--format", output, *more, timeout=60)


class Relay(ProgramTest):
    def test_an_open_one_is_shown_without_an_octet_of_a_message(self):
        with SmtpServer(opened) as server:
            result = relay(server, "--yes")
            report = json.loads(result.stdout)
            self.assertEqual((1, server.count("DATA"), b""), (1, 1, server.after_354))
        seen = next(seen["relay"] for seen in report["observations"] if "relay" in seen)
        self.assertEqual(("accepts-data", True, 354), (seen["grade"], seen["full"], seen["data_code"]))
        # This computer asks itself: that is "this network", an information.
        finding = report["findings"][0]
        self.assertEqual(("smtp.open-relay", "info", "ok"), (finding["cause"], finding["severity"], report["verdict"]))
        self.assertEqual(0, result.returncode)

    def test_a_closed_one_is_asked_in_all_ways_one_connection_at_a_time(self):
        with SmtpServer(closed) as server:
            result = relay(server, "--yes", output="text")
            self.assertEqual(0, result.returncode, result.stderr)
            self.assertEqual(0, server.count("DATA"))
            self.assertLessEqual(server.most_open, 2)  # the server may see a farewell after the next arrival
            self.assertGreaterEqual(server.count("RCPT"), 24)
        self.assertIn("No mail of strangers is passed on", result.stdout)
        self.assertIn("%example.org@own.test", result.stdout)

    def test_it_stops_at_421_and_at_the_second_not_now(self):
        with SmtpServer(lambda *_: "421 4.7.0 too many") as server:
            self.assertEqual(3, relay(server, "--yes").returncode)
            self.assertEqual(1, server.count("RCPT"))
        with SmtpServer(lambda *_: "450 4.7.1 later") as server:
            self.assertEqual(3, relay(server, "--yes").returncode)
            self.assertEqual(2, server.count("RCPT"))

    def test_without_a_word_nothing_is_asked(self):
        with SmtpServer(opened) as server:
            line = self.assert_one_line(run("relay", server.place, start_new_session=True))  # no terminal
            self.assertIn("--yes", line)
            self.assertEqual([], server.said)

    def on_terminal(self, server, answer):
        """Runs the program on a terminal of its own and types `answer` at the question. Gives what it showed."""
        child, terminal = pty.fork()
        if child == 0:
            os.execv(PROGRAM, [PROGRAM, "relay", server.place, "--domain", "own.test", "--colour", "never"])
        shown, typed = b"", False
        while select.select([terminal], [], [], 60)[0]:
            try:
                piece = os.read(terminal, 4096)
            except OSError:
                break
            if not piece:
                break
            shown += piece
            if not typed and b"Type yes" in shown:
                os.write(terminal, answer + b"\n")
                typed = True
        return shown.decode(), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def test_the_question_names_host_and_ways_and_wants_the_word(self):
        with SmtpServer(lambda *_: "421 4.7.0 bye") as server:
            shown, status = self.on_terminal(server, b"y")
            self.assertEqual((2, []), (status, server.said))
            self.assertIn(server.place.replace(":", " port "), shown)
            self.assertIn("RCPT TO:<maildoctor%example.org@own.test>", shown)
            shown, status = self.on_terminal(server, b"yes")
            self.assertEqual(3, status, shown)
            self.assertEqual(1, server.count("RCPT"))

    def test_sender_and_recipient_may_be_named(self):
        with SmtpServer(lambda *_: "450 later") as server:
            relay(server, "--yes", "--relay-sender", "a@one.test", "--relay-recipient", "b@two.test", "--ehlo", "pc.one.test")
            self.assertIn("MAIL FROM:<a@one.test>", server.said)
            self.assertIn("RCPT TO:<b@two.test>", server.said)
            self.assertIn("EHLO pc.one.test", server.said)

    def test_wrong_use_is_one_line(self):
        for arguments, words in [
                (["mx.example.test:0"], "port"), (["mx.example.test:993"], "reading mail"), (["a b"], "host name"),
                (["mx.example.test", "--relay-sender", "nobody"], "--relay-sender"),
                (["mx.example.test", "--relay-recipient", "a@b c"], "--relay-recipient"),
                (["mx.example.test", "--domain", "a b"], "--domain"), (["mx.example.test", "--timeout", "x"], "--timeout"),
                ([], "SERVER")]:
            with self.subTest(arguments=arguments):
                self.assertIn(words, self.assert_one_line(run("relay", *arguments, "--yes")))
        for arguments, words in [(["--relay=maybe"], "--relay"), (["--message-size", "big"], "--message-size"),
                                 (["--message-size", "-3MB"], "--message-size"), (["--message-size", "30XB"], "--message-size")]:
            with self.subTest(arguments=arguments):
                self.assertIn(words, self.assert_one_line(run("check", "a@example.test", *arguments)))


class BasicRelay(ProgramTest):
    def check(self, server, *more):
        return json.loads(run("check", "--outgoing", f"smtp://{server.place}?security=none", "--format", "json", *more,
                              timeout=60).stdout)

    def test_one_question_and_never_data(self):
        with SmtpServer(opened) as server:
            report = self.check(server)
            self.assertEqual((0, 2), (server.count("DATA"), server.count("RCPT") - server.said.count("RCPT TO:<>")))
        self.assertEqual("basic", report["request"]["relay"])
        self.assertIn("smtp.open-relay", [finding["cause"] for finding in report["findings"]])

    def test_off_asks_nothing(self):
        with SmtpServer(opened) as server:
            self.check(server, "--relay", "off")
            self.assertEqual(0, server.count("RCPT"))

    def test_the_stated_size_is_compared(self):
        with SmtpServer(closed) as server:
            server.ehlo = "250-mx.own.test\r\n250-SIZE 20000000\r\n250 AUTH PLAIN"
            small = self.check(server, "--message-size", "10MB", "--relay=off")
            large = self.check(server, "--message-size", "18 MB", "--relay=off")
        self.assertEqual([("message-size", 20_000_000, False)],
                         [(limit["limit"], limit["value"], limit["exceeded"]) for limit in small["limits"]])
        self.assertEqual((18_000_000, True), (large["request"]["message_size"], large["limits"][0]["exceeded"]))
        self.assertIn("smtp.message-too-large", [finding["cause"] for finding in large["findings"]])


class OtherRuns(ProgramTest):
    """Reports of other runs that are held beside this one."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")
        return str(self.folder / name)

    def test_wrong_use_is_one_line(self):
        good = '{"maildoctor":"0.1.0","schema":1,"verdict":"ok","observations":[]}'
        for path, words in [("/nonexistent.json", "/nonexistent.json"), (self.file("empty", ""), "is empty"),
                            (self.file("text", "hello"), "text: is not JSON"),
                            (self.file("other", '{"hello":1}'), "is not a report of maildoctor"),
                            (self.file("new", good.replace('"schema":1', '"schema":9')), "has format 9"),
                            (self.file("check", good), "holds no relay test")]:
            with self.subTest(path=path):
                line = self.assert_one_line(run("relay", "mx.example.test", "--yes", "--compare", path))
                self.assertIn("--compare", line)
                self.assertIn(words, line)

    def test_starttls_that_an_earlier_run_saw(self):
        store = str(self.folder / "runs.sqlite")

        def findings(server):
            result = run("check", "--outgoing", f"smtp://{server.place}?security=starttls", "--relay=off", "--store", store,
                         "--format", "json", timeout=60)
            return {finding["cause"]: finding for finding in json.loads(result.stdout)["findings"]}

        with SmtpServer(closed) as server:
            server.ehlo = "250-mx.own.test\r\n250 STARTTLS"
            self.assertNotIn("net.intercepted", findings(server))
            server.ehlo = "250 mx.own.test"
            gone = findings(server)["net.intercepted"]
            self.assertEqual(("warning", "possible"), (gone["severity"], gone["confidence"]))
            self.assertIn("run 1 of", gone["evidence"][-1]["text"])
            self.assertIn("net.intercepted", findings(server), "the run that saw it is still remembered")


if __name__ == "__main__":
    main()
