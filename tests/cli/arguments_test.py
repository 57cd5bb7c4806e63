"""Wrong arguments get one clear line and exit status 2."""
import os
import tempfile

from program import ProgramTest, main, run

# arguments, and words that the line has to hold
ALWAYS = [
    ([], "a command is missing"),
    (["frobnicate"], "unknown command 'frobnicate'"),
    (["--frobnicate"], "unknown option '--frobnicate'"),
    (["\x1b[31mred"], "unknown command"),
    (["ex\npl\rain"], "unknown command"),
    (["explain"], "needs a text"),
    (["explain", "x", "--format", "xml"], "--format"),
    (["explain", "x", "--format"], "--format: a value is missing"),
    (["explain", "x", "--width", "wide"], "--width"),
    (["explain", "x", "--frobnicate"], "unknown option '--frobnicate'"),
    (["guide"], "program"),
    (["rules"], "subcommand"),
]
TLS = [
    (["tls"], "HOST:PORT"),
    (["tls", "mail.example.test"], "'mail.example.test' is not HOST:PORT"),
    (["tls", "mail.example.test:"], "is not HOST:PORT"),
    (["tls", "mail.example.test:0"], "is not HOST:PORT"),
    (["tls", "mail.example.test:99999"], "is not HOST:PORT"),
    (["tls", "::1:993"], "is not HOST:PORT"),
    (["tls", "mail.example.test:2222"], "--starttls or --implicit"),
    (["tls", "mail.example.test:25", "--starttls", "ftp"], "--starttls: 'ftp'"),
    (["tls", "mail.example.test:25", "--starttls", "smtp", "--implicit", "smtp"], "exclude each other"),
    (["tls", "u:p@mail.example.test:993"], "is not HOST:PORT"),
    (["tls", "u@mail.example.test:993"], "--incoming"),
    (["check", "a@example.test", "--tls", "deep"], "--tls: 'deep' is not one of basic or full"),
]
CHECK = [
    (["check"], "nothing to check"),
    (["check", ""], "nothing to check"),
    (["check", "nobody"], "'nobody': an e-mail address has an '@'"),
    (["check", "@example.test"], "'@example.test': "),
    (["check", "a@"], "the domain after '@' is missing"),
    (["check", "a@exa mple.test"], "'a@exa mple.test': "),
    (["check", "a@example.test\x1b[2J"], "control characters"),
    (["check", "a@example.test", "b@example.test"], "one argument too many: 'b@example.test'"),
    (["check", "a@example.test", "--frob"], "unknown option '--frob'"),
    (["check", "a@example.test", "--password=hunter2"], "unknown option '--password'"),
    (["check", "a@example.test", "--password", "hunter2"], "unknown option '--password'"),
    (["check", "a@example.test", "--timeout"], "--timeout: a value is missing"),
    (["check", "a@example.test", "--timeout", "soon"], "--timeout: 'soon'"),
    (["check", "a@example.test", "--timeout", "0"], "--timeout"),
    (["check", "a@example.test", "--timeout", "-5"], "--timeout"),
    (["check", "a@example.test", "--timeout", "nan"], "--timeout"),
    (["check", "a@example.test", "--timeout", "1e99"], "--timeout"),
    (["check", "a@example.test", "--timeout", "45s"], "--timeout"),
    (["check", "a@example.test", "--timeout", "1", "--timeout", "2"], "--timeout is given more than once"),
    (["check", "a@example.test", "--format", "xml"], "'xml' is not one of text, json"),
    (["check", "a@example.test", "--language", "fr"], "'fr' is not en or de"),
    (["check", "a@example.test", "--width", "3"], "--width: '3'"),
    (["check", "a@example.test", "--width", "99999999999999999999"], "--width"),
    (["check", "a@example.test", "--colour", "pink"], "'pink' is not one of auto, always or never"),
    (["check", "a@example.test", "--probes", "all"], "'all' is not one of full or reference"),
    (["check", "a@example.test", "--resolver", "localhost"], "--resolver: 'localhost'"),
    (["check", "a@example.test", "--resolver", "127.0.0.1:99999"], "--resolver"),
    (["check", "a@example.test", "--incoming", "mail.example.test"], "is not a server URL"),
    (["check", "a@example.test", "--incoming", "gopher://x"], "'gopher' is not a mail protocol"),
    (["check", "a@example.test", "--incoming", "imap://x:0"], "is not a port"),
    (["check", "a@example.test", "--incoming", "imap://x:993?security=maybe"], "security must be"),
    (["check", "a@example.test", "--incoming", "imap://u:hunter2@x"], "is refused"),
    (["check", "a@example.test", "--incoming", "smtp://x"], "SMTP is for sending"),
    (["check", "a@example.test", "--outgoing", "imap://x"], "mail is sent with smtp://"),
    (["check", "a@example.test", "--ehlo", "two words"], "--ehlo"),
    (["check", "a@example.test", "--control-host", "-"], "--control-host"),
    (["check", "a@example.test", "--program", "Out look"], "--program"),
    (["check", "a@example.test", "--password-fd", "x"], "--password-fd"),
    (["check", "a@example.test", "--password-fd", "-1"], "--password-fd"),
    (["check", "a@example.test", "--password-fd", "77"], "--password-fd"),
    (["check", "a@example.test", "--ask-password", "--password-fd", "0"], "exclude each other"),
    (["check", "a@example.test", "--version"], "unknown option"),
]
FILE_OPTIONS = ["--ca-file", "--trust-anchor", "--password-file"]


class Arguments(ProgramTest):
    def check_table(self, table):
        for arguments, words in table:
            with self.subTest(arguments=arguments):
                line = self.assert_one_line(run(*arguments))
                self.assertIn(words, line)
                self.assertNotIn("hunter2", line)

    def test_every_wrong_argument_gets_one_line(self):
        self.check_table(ALWAYS)

    def test_every_wrong_argument_of_check_gets_one_line(self):
        self.check_table(CHECK)

    def test_every_wrong_argument_of_tls_gets_one_line(self):
        self.check_table(TLS)

    def test_files_that_cannot_be_read(self):
        with tempfile.TemporaryDirectory() as folder:
            empty = os.path.join(folder, "empty")
            open(empty, "w", encoding="ascii").close()
            for option in FILE_OPTIONS:
                for path in (os.path.join(folder, "nothing"), folder, empty, "/dev/null/x"):
                    with self.subTest(option=option, path=path):
                        line = self.assert_one_line(run("check", "a@example.test", "--timeout", "1", option, path))
                        self.assertTrue(option in line or path in line, line)

    def test_help_and_version_are_no_mistakes(self):
        for arguments in (["--help"], ["-h"], ["--version"], ["-V"], ["explain", "--help"], ["guide", "--help"], ["rules", "--help"],
                          ["tls", "--help"]):
            with self.subTest(arguments=arguments):
                result = run(*arguments)
                self.assertEqual((0, ""), (result.returncode, result.stderr))
                self.assertTrue(result.stdout.endswith("\n"))
                self.assertLessEqual(max(map(len, result.stdout.splitlines())), 100)


if __name__ == "__main__":
    main()
