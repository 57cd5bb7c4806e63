#!/usr/bin/env python3
"""Tests of the lab's own reasoning: reading scenarios and judging reports. No namespace, no servers."""

from __future__ import annotations

import copy
import unittest

from maillab import firewall, names, runner, scenario, scripted

MINIMAL = {"id": "x", "zone": "mail A {a1}\n", "expect": {"verdict": "ok"}}


def made(**changes: object) -> scenario.Scenario:
    return scenario.scenario({**copy.deepcopy(MINIMAL), **changes}, 11, "x.toml", "", scenario.known_causes())


def report(verdict: str, *findings: dict, **more: object) -> dict:
    primary = next((finding["cause"] for finding in findings if finding.get("primary")), None)
    return {"verdict": verdict, "primary": primary, "findings": list(findings), "settings": {}, **more}


def finding(cause: str, severity: str = "error", **more: object) -> dict:
    return {"cause": cause, "severity": severity, "consequence_of": None, "fixes": [{"steps": ["x"]}], **more}


class Holding(unittest.TestCase):
    REPORT = {"programs": [{"program": "a", "by": "srv"}, {"program": "b", "by": None}], "n": {"count": 3, "list": ["x", "yz"]}}

    def test_lines_about_the_report(self) -> None:
        for line in ("programs[program=a].by = srv", "n.count = 3", "n.list = x", "n.list ~ z", "programs[program=b].by none",
                     "programs[program=c] none", "nothing.here none"):
            self.assertTrue(runner.holds(self.REPORT, line), line)
        for line in ("programs[program=b].by = srv", "n.count = 4", "n.list = z", "n.list none", "nothing = x"):
            self.assertFalse(runner.holds(self.REPORT, line), line)
        self.assertRaises(scenario.Fault, runner.holds, self.REPORT, "n.count 3")


class Reading(unittest.TestCase):
    def test_all_scenario_files_are_valid(self) -> None:
        found = scenario.load()
        self.assertGreater(len(found), 50)
        for one in found:
            for line in one.firewall:
                firewall.rule(line)

    def test_placeholders(self) -> None:
        self.assertEqual(scenario.fill(["{D} {ID}", {"{a2}": "{b3}"}], "x", 11),
                         ["x.test x", {"10.53.11.2": "fd53:0:0:b::3"}])
        self.assertEqual(scenario.fill("{a1}", "x", 251), "10.54.1.1")
        self.assertEqual(scenario.fill("{tag} {a}", "x", 11), "{tag} {a}")

    def test_ports(self) -> None:
        self.assertEqual(scenario.listener("465 tls"), scenario.Listener(465, True, "smtp"))
        self.assertEqual(scenario.listener("2143 imap"), scenario.Listener(2143, False, "imap"))
        for wrong in ("", "tls", "587 ssl", "2143"):
            with self.assertRaises(scenario.Fault):
                scenario.listener(wrong)

    def test_a_zone_gets_a_healthy_mx_unless_it_brings_its_own(self) -> None:
        self.assertIn("mx.operator.example", made().zones["x.test"])
        self.assertNotIn("mx.operator.example", made(zone="@ MX 0 .\n").zones["x.test"])
        self.assertNotIn("mx.operator.example", made(no_mx=True).zones["x.test"])

    def test_what_was_typed_must_work_where_all_is_well(self) -> None:
        url = "imap://mail.{D}:143?security=starttls"
        self.assertEqual(made(incoming=url).expect.settings, ["imap mail.x.test 143 starttls"])
        broken = made(incoming=url, expect={"verdict": "problem", "primary": "net.refused"})
        self.assertEqual(broken.expect.settings, [])
        with self.assertRaises(scenario.Fault):
            made(incoming="mail.x.test")

    def test_slips_are_refused(self) -> None:
        for slip in ({"id": "Not A Label"}, {"expct": {}}, {"ns": "sleepy"}, {"dnssec": "yes"}, {"resolver": "fast"},
                     {"expect": {}}, {"expect": {"verdict": "fine"}}, {"expect": {"verdict": "problem"}},
                     {"expect": {"verdict": "ok", "forbid": ["no.such-cause"]}},
                     {"expect": {"verdict": "ok", "primary": "net.refused"}},
                     {"server": [{"run": "sendmail", "at": "{a1}", "ports": ["25"]}]}):
            with self.assertRaises(scenario.Fault, msg=str(slip)):
                made(**slip)

    def test_firewall_lines(self) -> None:
        self.assertEqual(firewall.rule("drop 10.53.1.1:25"), "add rule inet lab in ip daddr 10.53.1.1 tcp dport 25 drop")
        self.assertIn("ip6 daddr fd53::1 tcp dport 25", firewall.rule("reset [fd53::1]:25"))
        self.assertIn("ip6 daddr fd53::1 meta l4proto", firewall.rule("drop fd53::1"))
        with self.assertRaises(scenario.Fault):
            firewall.rule("loosen 10.53.1.1")


class Judging(unittest.TestCase):
    def test_ok(self) -> None:
        self.assertEqual(runner.compare(made(), report("ok", finding("net.refused", "warning"))), [])

    def test_false_alarm(self) -> None:
        wrong = runner.compare(made(), report("ok", finding("net.refused")))
        self.assertEqual(wrong, ["false alarm: net.refused"])

    def test_consequences_are_no_false_alarm(self) -> None:
        one = made(expect={"verdict": "problem", "primary": "net.refused"})
        good = report("problem", finding("net.refused", primary=True), finding("net.timeout", consequence_of=0))
        self.assertEqual(runner.compare(one, good), [])

    def test_wrong_primary_missing_fix_and_setting(self) -> None:
        one = made(expect={"verdict": "problem", "primary": "net.refused", "settings": "imap mail.x.test 993 tls"})
        wrong = runner.compare(one, report("problem", finding("net.timeout", primary=True, fixes=[])))
        self.assertEqual(len(wrong), 4, wrong)

    def test_settings_count_only_where_they_work(self) -> None:
        one = made(expect={"verdict": "ok", "settings": "imap mail.x.test 993 tls"})
        entry = {"protocol": "imap", "host": "mail.x.test", "port": 993, "security": "tls", "works": True}
        self.assertEqual(runner.compare(one, report("ok", settings={"incoming": [entry]})), [])
        entry["works"] = False
        self.assertEqual(len(runner.compare(one, report("ok", settings={"incoming": [entry]}))), 1)

    def test_control_characters(self) -> None:
        self.assertIn("control characters in the report",
                      runner.compare(made(), report("ok", note=["a", {"b": "\x1b[2J"}])))


class Names(unittest.TestCase):
    def test_wire_name(self) -> None:
        self.assertEqual(names.wire_name("A.test"), b"\x01a\x04test\0")
        self.assertEqual(names.wire_name(""), b"\0")

    def test_edns_is_cut_off(self) -> None:
        question = b"\x01a\x04test\0\0\x01\0\x01"
        query = b"\x12\x34\x01\x30\0\x01\0\0\0\0\0\x01" + question + b"\0\0\x29\x04\xd0\0\0\x80\0\0\0"
        self.assertEqual(scripted.without_edns(query), b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0" + question)


if __name__ == "__main__":
    unittest.main()
