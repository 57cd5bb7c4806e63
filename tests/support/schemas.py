"""The published JSON schemas of docs/schema, for the tests."""

from __future__ import annotations

import json
import pathlib
from typing import Any

FOLDER = pathlib.Path(__file__).resolve().parent.parent.parent / "docs" / "schema"


def bundled(name: str) -> dict[str, Any]:
    """A schema with what it takes from report.schema.json inside, so that all references are local."""
    text = (FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")
    if "report-1.json#/" not in text:
        return json.loads(text)
    report = (FOLDER / "report.schema.json").read_text(encoding="utf-8").replace('"#/', '"#/$defs/report/')
    whole = json.loads(text.replace('"report-1.json#/', '"#/$defs/report/'))
    whole["$defs"]["report"] = {key: value for key, value in json.loads(report).items() if not key.startswith("$") or key == "$defs"}
    return whole
