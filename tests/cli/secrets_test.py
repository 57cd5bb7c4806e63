"""Whatever a run leaves behind is searched for the password and the token: every protocol, every login method."""
import base64
import json
import os
import pathlib
import pwd
import socket
import subprocess
import tempfile
import time

from login_test import PASSWORD, USER, forms_of
from program import PROGRAM, ProgramTest, main, run
from scripted_server import ScriptedServer

TOKEN = "ya29.Tulpe-und_Wagen+42/x=="
OUTPUTS = (("json",), ("text", "-v"), ("markdown", "-v"), ("html", "-v"), ("message",))
PASSWORD_METHODS = ("PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256")
TOKEN_METHODS = ("XOAUTH2", "OAUTHBEARER")


def coded(text):
    return base64.b64encode(text.encode()).decode()


class HostileServer(ScriptedServer):
    """Speaks enough SMTP, POP3 or IMAP for one login, refuses it, and repeats all that it heard: as no server should.

    `sent` holds each line of the login after its command: passwords, proofs and digests.
    """

    def __init__(self, protocol, method):
        self.protocol, self.method, self.sent = protocol, method, []
        self.known = [TOKEN if method in TOKEN_METHODS else PASSWORD]

    @property
    def url(self):
        return f"{self.protocol}://{self.place}?security=none"

    def talk(self, client):
        with client, client.makefile("rwb", buffering=0) as lines:
            self.say(lines, {"smtp": "220 mx ready", "pop3": "+OK ready <1.2@mx>", "imap": "* OK ready"}[self.protocol])
            for line in lines:
                if not self.answer(lines, line.decode().strip()):
                    return

    @staticmethod
    def say(lines, text):
        lines.write(text.encode() + b"\r\n")

    def answer(self, lines, text):
        tag, words = "", text.split(" ")
        if self.protocol == "imap":
            tag, words = words[0], words[1:]
        word = words[0].upper()
        if word in ("AUTH", "AUTHENTICATE"):
            self.refuse(lines, tag, self.exchange(lines, words[2:]))
        elif word in ("LOGIN", "PASS", "APOP"):
            self.sent.append(words[-1].strip('"'))
            self.refuse(lines, tag, text)
        else:
            self.say(lines, self.usual(tag, word))
        return word not in ("QUIT", "LOGOUT")

    def usual(self, tag, word):
        method = "" if self.method in ("PASSWORD", "APOP") else self.method
        if self.protocol == "smtp":
            return f"250-mx\r\n250 AUTH {method}" if word == "EHLO" else "250 ok"
        if self.protocol == "pop3":
            return f"+OK\r\nUSER\r\n{f'SASL {method}' if method else 'TOP'}\r\n." if word == "CAPA" else "+OK"
        if word == "CAPABILITY":
            return f"* CAPABILITY IMAP4rev1{f' AUTH={method}' if method else ''}\r\n{tag} OK done"
        return f"{tag} OK done"

    def exchange(self, lines, first):
        """The SASL exchange up to the last line of the client; all of its lines."""
        heard = list(first) if first and first[0] != "=" else []
        prompt = {"smtp": "334 ", "pop3": "+ ", "imap": "+ "}[self.protocol]

        def ask(challenge):
            self.say(lines, prompt + challenge)
            heard.append(lines.readline().decode().strip())

        if self.method == "LOGIN":
            if not heard:
                ask(coded("Username:"))
            ask(coded("Password:"))
        elif self.method == "CRAM-MD5":
            ask(coded("<17.42@mx>"))
        elif self.method == "DIGEST-MD5":
            ask(coded('realm="mx",nonce="tulip",qop="auth",algorithm=md5-sess,charset=utf-8'))
        elif self.method.startswith("SCRAM"):
            if not heard:
                ask("")
            nonce = base64.b64decode(heard[-1]).decode().split("r=")[1]
            ask(coded(f"r={nonce}server,s={coded('salt')},i=4096"))
        elif not heard:
            ask("")
        self.sent += heard
        return " ".join(heard)

    def refuse(self, lines, tag, heard):
        echo = f"no: {heard} {' '.join(self.known)} {' '.join(map(coded, self.known))}"
        self.say(lines, {"smtp": f"535 5.7.8 {echo}", "pop3": f"-ERR [AUTH] {echo}",
                         "imap": f"{tag} NO [AUTHENTICATIONFAILED] {echo}"}[self.protocol])


def proofs(line):
    """The parts of a login line from which a password could be guessed off line."""
    yield line
    try:
        plain = base64.b64decode(line, validate=True).decode()
    except ValueError:
        return
    for mark in (" ", "p=", "response="):   # CRAM-MD5, SCRAM, DIGEST-MD5
        if mark in plain:
            yield plain.split(mark)[-1].split(",")[0]


class Secrets(ProgramTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name, secret in (("password", PASSWORD), ("token", TOKEN)):
            (self.folder / name).write_text(secret + "\n", encoding="utf-8")
        self.home = self.folder / "home"
        self.home.mkdir()

    def check(self, server, *more, output=("json",)):
        token = server.method in TOKEN_METHODS
        secret = ["--token-file", str(self.folder / "token")] if token else ["--password-file", str(self.folder / "password")]
        side = "--outgoing" if server.protocol == "smtp" else "--incoming"
        return run("check", side, server.url, "--user", USER, "--auth", server.method, *secret, "--allow-insecure-login",
                   "--relay=off", "--format", *output, *more, cwd=self.home,
                   env={"HOME": str(self.home), "XDG_CACHE_HOME": "", "XDG_STATE_HOME": "", "XDG_DATA_HOME": ""})

    def assert_clean(self, server, text):
        for secret in (PASSWORD, TOKEN):
            for form in forms_of(secret):
                self.assertNotIn(form, text)
        for line in server.sent:
            for proof in proofs(line):
                if len(proof) >= 12:
                    self.assertNotIn(proof, text)

    def try_all(self, protocol, methods, outputs=OUTPUTS):
        for method in methods:
            for output in outputs:
                with self.subTest(protocol=protocol, method=method, output=output), HostileServer(protocol, method) as server:
                    result = self.check(server, output=output)
                    self.assertTrue(server.sent, f"no login came: {result.stdout[-600:]} {result.stderr}")
                    self.assert_clean(server, result.stdout + result.stderr)
        self.assertEqual([], [str(path) for path in self.home.rglob("*")], "a run leaves no file behind")

    def test_smtp(self):
        self.try_all("smtp", PASSWORD_METHODS + TOKEN_METHODS, OUTPUTS[:2])

    def test_pop3(self):
        self.try_all("pop3", ("PASSWORD", "APOP", *PASSWORD_METHODS, *TOKEN_METHODS), OUTPUTS[:2])

    def test_imap(self):
        self.try_all("imap", ("PASSWORD", *PASSWORD_METHODS, *TOKEN_METHODS), OUTPUTS[:2])

    def test_each_output(self):
        for protocol, method in (("imap", "PLAIN"), ("smtp", "XOAUTH2"), ("pop3", "SCRAM-SHA-256")):
            self.try_all(protocol, (method,), OUTPUTS[2:])

    def test_the_report_still_says_what_happened(self):
        with HostileServer("imap", "PASSWORD") as server:
            report = json.loads(self.check(server).stdout)
        refusal = next(seen["login"]["refusal"] for seen in report["observations"] if "login" in seen)
        self.assertIn("[hidden]", refusal)
        self.assertIn("AUTHENTICATIONFAILED", refusal)

    def test_a_token_goes_first_and_the_password_second(self):
        with HostileServer("imap", "XOAUTH2") as server:
            server.known = [PASSWORD, TOKEN]
            server.usual = lambda tag, word: (f"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n{tag} OK done" if word == "CAPABILITY"
                                              else f"{tag} OK done")
            result = run("check", "--incoming", server.url, "--user", USER, "--token-file", str(self.folder / "token"),
                         "--password-file", str(self.folder / "password"), "--allow-insecure-login", "--format", "json")
            tried = [seen["login"]["mechanism"] for seen in json.loads(result.stdout)["observations"] if "login" in seen]
            self.assertEqual(["XOAUTH2", "PASSWORD"], tried)
            self.assert_clean(server, result.stdout + result.stderr)

    def test_nothing_of_it_gets_into_a_core_file(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            user = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None
            try:
                process = subprocess.Popen(
                    [PROGRAM, "check", "--incoming", f"imap://127.0.0.1:{listener.getsockname()[1]}?security=none",
                     "--user", USER, "--allow-insecure-login"], user=user, cwd="/", stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL, env={"MAILDOCTOR_PASSWORD": PASSWORD, "PATH": "/usr/bin"})
            except PermissionError:
                self.skipTest("the program's folder is closed to other users")
            try:
                client, _ = listener.accept()   # by now it has read its password
                with client:
                    time.sleep(0.1)
                    proc = pathlib.Path(f"/proc/{process.pid}")
                    limits = next(line for line in (proc / "limits").read_text().splitlines() if "core file" in line)
                    self.assertEqual(["0", "0"], limits.split()[4:6])
                    if os.geteuid() == 0:
                        self.assertNotIn(PASSWORD.encode(), (proc / "environ").read_bytes())
                        self.assertNotIn(PASSWORD.encode(), (proc / "cmdline").read_bytes())
            finally:
                process.kill()
                process.wait()


if __name__ == "__main__":
    main()
