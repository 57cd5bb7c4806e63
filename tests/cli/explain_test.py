"""What explain prints as JSON obeys its schema; rules of one's own join the built-in ones; unknown texts stay private."""
import json
import os
import pathlib
import stat
import tempfile
import unittest

import jsonschema

from program import ProgramTest, main, run

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = jsonschema.Draft202012Validator(json.loads((ROOT / "docs/schema/explain.schema.json").read_text()))

TEXTS = [
    "0x800CCC0D",
    "Account: 'home', Server: 'pop.example.org', Protocol: POP3, Server Response: '-ERR no', Port: 110, "
    "Secure(SSL): No, Server Error: 0x800CCC90, Error Number: 0x800CCC92",
    "550 5.1.1 <kim@example.org>: Recipient address rejected: User unknown",
    "535 5.7.8 password=geheim for kim@example.org was refused",
    "Ich kann keine E-Mails mehr versenden",
    "0x80070643",
    "zzkx qqpw",
    "\x00\x01\x02",
    "pop3",
]

OWN_RULE = """topic = "our firm"
source = { url = "https://intranet.example/mail", checked = "2026-11-22" }
[[rule]]
id = "firm-quarantine"
cause = "smtp.content-rejected"
rank = "provider"
[rule.match]
phrases = ["parked by the gatekeeper"]
[rule.examples]
match = ["550 parked by the gatekeeper"]
no_match = ["550 no such user"]
"""


class ExplainTest(ProgramTest):
    def assert_valid(self, text, document):
        faults = [f"{'/'.join(map(str, f.path))}: {f.message[:200]}" for f in SCHEMA.iter_errors(document)]
        self.assertEqual([], faults, text)

    def test_json_obeys_the_schema(self):
        for language in ("en", "de"):
            for text in TEXTS:
                answer = run("explain", "--format", "json", "--language", language, "-", stdin=text)
                self.assertIn(answer.returncode, (0, 3), answer)
                self.assert_valid(text, json.loads(answer.stdout))

    def test_batch_obeys_the_schema(self):
        lines = "".join(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(TEXTS))
        answer = run("explain", "--batch", stdin=lines)
        documents = [json.loads(line) for line in answer.stdout.splitlines()]
        self.assertEqual(list(range(len(TEXTS))), [document["id"] for document in documents])
        for text, document in zip(TEXTS, documents):
            self.assert_valid(text, document)

    def test_the_schema_says_something(self):
        good = json.loads(run("explain", "--format", "json", TEXTS[1]).stdout)
        for change in ({"causes": None}, {"causes": [{"cause": "x"}]}, {"schema": 2}, {"fields": {"port": "110"}}):
            self.assertFalse(SCHEMA.is_valid({**good, **change}), change)

    def test_own_rules_join_the_built_in_ones(self):
        with tempfile.TemporaryDirectory() as folder:
            match = pathlib.Path(folder, "match")
            match.mkdir()
            match.joinpath("firm.toml").write_text(OWN_RULE)
            ours, known = "550 parked by the gatekeeper", "550 5.1.1 User unknown"

            def first(option, text):
                document = json.loads(run("explain", option, folder, "--format", "json", text).stdout)
                return document["causes"][0]["cause"] if document["causes"] else None

            self.assertEqual("smtp.content-rejected", first("--rules", ours))
            self.assertEqual("smtp.recipient-unknown", first("--rules", known))
            self.assertEqual("smtp.content-rejected", first("--only-rules", ours))
            self.assertIsNone(first("--only-rules", known))

    def test_a_pop3_answer_is_a_text(self):
        for arguments in (["-ERR [IN-USE] mailbox locked"], ["-ERR [IN-USE] mailbox locked", "--language", "en"]):
            answer = run("explain", *arguments, "--format", "json")
            self.assertEqual("mailbox.in-use", json.loads(answer.stdout)["causes"][0]["cause"], answer)

    def test_faulty_rules_are_told_in_one_line(self):
        with tempfile.TemporaryDirectory() as folder:
            match = pathlib.Path(folder, "match")
            match.mkdir()
            match.joinpath("firm.toml").write_text(OWN_RULE.replace("smtp.content-rejected", "no.such-cause"))
            explained = run("explain", "--rules", folder, "0x800CCC0D")
            self.assertEqual(2, explained.returncode)
            self.assertIn("match/firm.toml:", explained.stderr)
            checked = run("check", "--rules", folder, "--incoming", "imap://127.0.0.1:1")
            self.assertIn("match/firm.toml:", self.assert_one_line(checked))

    def test_unknown_texts_are_kept_for_the_owner_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            log = os.path.join(folder, "unknown.jsonl")
            run("explain", "--unknown-log", log, "zzkx qqpw of kim@example.org")
            run("explain", "--unknown-log", log, "vvtr mmnb")
            self.assertEqual(0o600, stat.S_IMODE(os.stat(log).st_mode))
            lines = pathlib.Path(log).read_text().splitlines()
            self.assertEqual(2, len(lines))
            self.assertNotIn("kim@example.org", lines[0])


if __name__ == "__main__":
    main()
