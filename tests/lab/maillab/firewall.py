"""Ports that are silent or refused: nftables rules inside the namespace.

A line of a scenario reads "drop ADDRESS[:PORT]", "reset ADDRESS[:PORT]" (refused) or "icmp ADDRESS[:PORT]" (rejected
as administratively prohibited); an IPv6 address with a port stands in brackets.
"""

from __future__ import annotations

import re
import subprocess

from . import scenario as data

ACTIONS = {"drop": "drop", "reset": "reject with tcp reset", "icmp": "reject with icmpx type admin-prohibited",
           "unreachable": "reject with icmpx type host-unreachable"}


def rule(line: str) -> str:
    match = re.fullmatch(r"(drop|reset|icmp|unreachable) (?:\[([0-9a-f:]+)\]|([0-9.]+)|([0-9a-f:]+))(?::(\d+))?", line)
    if not match:
        raise data.Fault(f"firewall line {line!r} is not 'drop|reset|icmp|unreachable ADDRESS[:PORT]'")
    action, six, four, bare_six, port = match.groups()
    where = f"ip daddr {four}" if four else f"ip6 daddr {six or bare_six}"
    what = f"tcp dport {port}" if port else "meta l4proto { tcp, udp }" if action != "reset" else "meta l4proto tcp"
    return f"add rule inet lab in {where} {what} {ACTIONS[action]}"


def set_up(scenarios: list[data.Scenario]) -> None:
    lines = ["add table inet lab", "add chain inet lab in { type filter hook input priority 0; }",
             rule(f"drop {data.DEAD_NS}")]
    lines += [rule(line) for one in scenarios for line in one.firewall]
    done = subprocess.run(["nft", "-f", "-"], input="\n".join(lines) + "\n", capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"nft: {done.stderr.strip()}")
