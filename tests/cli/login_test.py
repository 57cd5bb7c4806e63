"""Logging in at a scripted POP3 server of this computer: what is tried, and that no secret is left anywhere."""
import base64
import json
import os
import pathlib
import tempfile

from program import ProgramTest, main, run
from scripted_server import ScriptedServer

PASSWORD = "Vogel+Haus=7"
USER = "kim"


def forms_of(secret):
    """The secret as it could stand in any output: in clear, in base64 wherever it begins, and as SASL sends it."""
    raw = secret.encode()
    forms = {secret, raw.hex(), raw.hex().upper(), secret.replace("+", "%2B").replace("=", "%3D")}
    for before in range(3):   # what stands before it shifts the alignment
        coded = base64.b64encode(b"\0" * before + raw).decode().rstrip("=")
        skip = (before * 8 + 5) // 6
        forms.add(coded[skip:len(coded) - 1])
    forms.add(base64.b64encode(f"\0{USER}\0{secret}".encode()).decode())
    forms.add(base64.b64encode(f"user={USER}\1auth=Bearer {secret}\1\1".encode()).decode())
    return forms


class Pop3Server(ScriptedServer):
    """Takes `answer(password)` as its answer to PASS, and notes what clients said."""

    def __init__(self, answer, capabilities="USER"):
        self.answer, self.capabilities, self.said = answer, capabilities, []

    @property
    def url(self):
        return f"pop3://{self.place}?security=none"

    def talk(self, client):
        with client, client.makefile("rwb", buffering=0) as lines:
            lines.write(b"+OK ready\r\n")
            for line in lines:
                text = line.decode().strip()
                self.said.append(text)
                word = text.split(" ")[0].upper()
                answers = {"CAPA": f"+OK\r\n{self.capabilities}\r\n.", "STAT": "+OK 3 4000", "USER": "+OK", "QUIT": "+OK"}
                answer = self.answer(text[5:]) if word == "PASS" else answers.get(word, "-ERR what?")
                lines.write(answer.encode() + b"\r\n")
                if word == "QUIT":
                    return

    def count(self, word):
        return sum(line.upper().startswith(word) for line in self.said)


def wrong(password):
    """A refusal that repeats the password in two forms, as no server should."""
    return f"-ERR [AUTH] {password} is wrong, {base64.b64encode(password.encode()).decode()} too"


def right(_):
    return "+OK logged in"


class Login(ProgramTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = pathlib.Path(folder.name) / "password"
        self.file.write_text(PASSWORD + "\n", encoding="utf-8")

    def check(self, server, *more, env=None, password=True, output="json"):
        secret = ["--password-file", str(self.file)] if password else []
        return run("check", "--incoming", server.url, "--user", USER, *secret, "--format", output, *more, env=env)

    def test_no_secret_is_left_in_any_output(self):
        for output in ("json", "text", "markdown", "html", "message"):
            for answer in (wrong, right):
                with self.subTest(output=output, answer=answer.__name__), Pop3Server(answer) as server:
                    more = ["-v"] if output == "text" else []
                    result = self.check(server, "--allow-insecure-login", *more, output=output)
                    self.assertEqual(1, server.count("PASS"), server.said)
                    for form in forms_of(PASSWORD):
                        self.assertNotIn(form, result.stdout)
                        self.assertNotIn(form, result.stderr)

    def test_sasl_forms_are_kept_back_as_well(self):
        for mechanism in ("PLAIN", "LOGIN"):
            with self.subTest(mechanism=mechanism), Pop3Server(wrong, f"USER\r\nSASL {mechanism}") as server:
                result = self.check(server, "--allow-insecure-login", "--auth", mechanism)
                self.assertEqual(1, server.count("AUTH"), server.said)
                for form in forms_of(PASSWORD):
                    self.assertNotIn(form, result.stdout + result.stderr)

    def test_the_report_says_what_was_tried_and_risked(self):
        with Pop3Server(right) as server:
            report = json.loads(self.check(server, "--allow-insecure-login").stdout)
        login = next(seen["login"] for seen in report["observations"] if "login" in seen)
        self.assertEqual(("accepted", USER, True, 3), (login["outcome"], login["user"], login["unprotected"], login["messages"]))
        notes = " ".join(report["notes"])
        self.assertIn("without encryption", notes)
        self.assertIn("Logins tried: 1, refused: 0", notes)
        self.assertEqual(USER, report["settings"]["incoming"][0]["username"])

    def test_nothing_is_sent_without_protection(self):
        with Pop3Server(right) as server:
            report = json.loads(self.check(server).stdout)
            self.assertEqual(0, server.count("PASS") + server.count("USER"), server.said)
        self.assertTrue(any("not encrypted" in entry["because"] for entry in report["not_tested"]), report["not_tested"])

    def test_wrong_password_is_tried_once_with_a_given_name(self):
        with Pop3Server(wrong) as server:
            result = self.check(server, "--allow-insecure-login")
            self.assertEqual(1, server.count("PASS"), server.said)
        report = json.loads(result.stdout)
        self.assertEqual((1, "auth.bad-credentials"), (result.returncode, report["primary"]))

    def test_password_of_the_environment_is_the_last_choice(self):
        with Pop3Server(right) as server:
            self.check(server, "--allow-insecure-login", password=False, env={"MAILDOCTOR_PASSWORD": "of the environment"})
            self.assertIn("PASS of the environment", server.said)
            server.said.clear()
            self.check(server, "--allow-insecure-login", env={"MAILDOCTOR_PASSWORD": "of the environment"})
            self.assertIn("PASS " + PASSWORD, server.said)

    def test_password_of_a_descriptor(self):
        reading, writing = os.pipe()
        os.write(writing, b"through a pipe\n")
        os.close(writing)
        with Pop3Server(right) as server:
            run("check", "--incoming", server.url, "--user", USER, "--password-fd", str(reading), "--allow-insecure-login",
                pass_fds=(reading,))
            self.assertIn("PASS through a pipe", server.said)
        os.close(reading)

    def test_wrong_use_is_one_line(self):
        good = ["--password-file", str(self.file)]
        for arguments, words in [
                ([*good, "--ask-password"], "exclude each other"),
                (["--token-fd", "0", "--token-file", str(self.file)], "exclude each other"),
                (["--token-file", str(self.file), "--auth", "PLAIN"], "needs a password"),
                (["--send-test-to", "a@example.test"], "--send-test-to needs a password"),
                ([*good, "--send-test-to", "nobody"], "--send-test-to"),
                (["--password-file", "/nonexistent"], "--password-file"),
                (["--token-file", "/nonexistent"], "--token-file"),
                ([*good, "--outgoing-password-file", "/nonexistent"], "--outgoing-password-file"),
                ([*good, "--auth", "ROT13"], "'ROT13' is not one of PLAIN, LOGIN"),
                ([*good, "--auth", "XOAUTH2"], "needs a token"),
                ([*good, "--login-budget", "6"], "--login-budget"),
                ([*good, "--login-budget", "none"], "--login-budget"),
                ([*good, "--user", "a\nb"], "--user"),
                (["--auth", "PLAIN"], "need a password"),
                (["--outgoing-user", "kim"], "a password is missing")]:
            with self.subTest(arguments=arguments):
                line = self.assert_one_line(run("check", "a@example.test", *arguments))
                self.assertIn(words, line)
                self.assertNotIn(PASSWORD, line)


if __name__ == "__main__":
    main()
