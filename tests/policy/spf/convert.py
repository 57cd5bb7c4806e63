#!/usr/bin/env python3
"""Writes the public SPF test suite (a stream of YAML documents) as one JSON file for the test program."""

import json
import sys

import yaml


class Loader(yaml.SafeLoader):
    """Keeps every plain scalar a string: a local part called `no` or a number must not change."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag in ("tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def as_list(value: object) -> list:
    return value if isinstance(value, list) else [value]


def records_of(entries: list) -> list[dict]:
    """Each record as {"type", "value"}; SPF records count as TXT where a name has none of its own (RFC 7208)."""
    records = []
    for entry in entries:
        if isinstance(entry, str):  # TIMEOUT
            records.append({"type": entry, "value": []})
            continue
        for kind, value in entry.items():
            records.append({"type": kind, "value": as_list(value)})
    if not any(record["type"] == "TXT" for record in records):
        records += [{"type": "TXT", "value": record["value"]} for record in records if record["type"] == "SPF"]
    return [record for record in records if record["type"] != "SPF" and record["value"] != ["NONE"]]


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as source:
        documents = list(yaml.load_all(source, Loader))
    scenarios = [{
        "description": document["description"],
        "tests": [{"name": name, "helo": test["helo"], "host": test["host"], "mailfrom": test["mailfrom"] or "",
                   "result": as_list(test["result"]), "explanation": test.get("explanation", "")}
                  for name, test in document["tests"].items()],
        "zone": [{"name": name.lower().rstrip("."), "records": records_of(entries)}
                 for name, entries in document["zonedata"].items()],
    } for document in documents if document]
    with open(sys.argv[2], "w", encoding="utf-8") as target:
        json.dump(scenarios, target, indent=1)


if __name__ == "__main__":
    main()
