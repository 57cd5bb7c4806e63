"""Validates the approved reports against docs/schema, and checks what a schema cannot say. usage: schema_test.py SOURCE_DIR"""
import base64
import hashlib
import json
import pathlib
import re
import sys

import jsonschema

source = pathlib.Path(sys.argv[1])
schemas = {path.stem.removesuffix(".schema"): json.loads(path.read_text()) for path in (source / "docs/schema").glob("*.schema.json")}
for name, schema in schemas.items():
    jsonschema.Draft202012Validator.check_schema(schema)
    causes = {line.split("\t")[0] for line in (source / "rules/causes.tsv").read_text().splitlines()[1:]}

validator = jsonschema.Draft202012Validator(schemas["report"])
faults = []
reports = sorted((source / "tests/report/approved").glob("*.json"))
for path in reports:
    report = json.loads(path.read_text())
    faults += [f"{path.name}: {'/'.join(map(str, fault.path))}: {fault.message[:200]}" for fault in validator.iter_errors(report)]
    primaries = [finding["cause"] for finding in report["findings"] if finding["primary"]]
    if report["verdict"] == "problem" and primaries != [report["primary"]]:
        faults.append(f"{path.name}: a problem has exactly one primary finding, not {primaries}")
    faults += [f"{path.name}: unknown cause {f['cause']}" for f in report["findings"] if f["cause"] not in causes]

# A report that lacks a member or has a wrong word is refused: the schema really says something.
good = json.loads((source / "tests/report/approved/name_mismatch.json").read_text())
for change in ({"schema": 2}, {"verdict": "maybe"}, {"findings": None}, {"not_tested": [{"what": "x"}]}, {"extra": 1}):
    if validator.is_valid({**good, **change}):
        faults.append(f"the schema accepts {change}")
for member in good:
    if member in ("clues",):
        continue
    if validator.is_valid({key: value for key, value in good.items() if key != member}):
        faults.append(f"the schema accepts a report without '{member}'")

# The page's policy names its style sheet by the right hash.
for path in (source / "tests/report/approved").glob("*.html"):
    page = path.read_text()
    style = re.search(r"<style>(.*?)</style>", page, re.S).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    if f"style-src 'sha256-{digest}'" not in page:
        faults.append(f"{path.name}: the policy needs style-src 'sha256-{digest}'")

print("\n".join(faults) or f"{len(reports)} reports are valid")
sys.exit(1 if faults or not reports else 0)
