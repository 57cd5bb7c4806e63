#!/usr/bin/env python3
"""Checks README.md and docs/. usage: check_docs.py [SOURCE_DIR [PROGRAM]]

Relative links and their anchors lead somewhere, every page can be reached from README.md, decisions are numbered
without gaps or doubles, scripts that are named exist, and exit statuses are the same everywhere. With PROGRAM: what the
pages show of `maildoctor --version`, `--help` and `explain` is what the program prints, and each option that the pages
name is one that it has.
"""
import pathlib
import re
import subprocess
import sys

LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
# Commands without network whose shown output is compared.
COMPARED = re.compile(r"^\$ maildoctor ((?:--version|explain|guide|rules).*)$")


def without_fences(text: str) -> str:
    return FENCE.sub("", text)


def anchors(text: str) -> set[str]:
    found = set()
    for head in re.findall(r"^#+ (.+)$", without_fences(text), re.M):
        plain = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", head).lower()
        found.add(re.sub(r"[^\w\- ]", "", plain).replace(" ", "-"))
    return found


def check_links(source: pathlib.Path, pages: list[pathlib.Path]) -> list[str]:
    faults, reached = [], {source / "README.md"}
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for link in LINK.findall(without_fences(text)):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            if not target.exists():
                faults.append(f"{page.relative_to(source)}: '{link}' leads nowhere")
                continue
            if target.is_dir():
                reached.update(target.glob("*.md"))
            reached.add(target)
            if anchor and target.suffix == ".md" and anchor not in anchors(target.read_text(encoding="utf-8")):
                faults.append(f"{page.relative_to(source)}: '{link}': no such heading")
    faults += [f"{page.relative_to(source)}: no page links to it" for page in pages if page not in reached]
    return faults


def check_decisions(source: pathlib.Path) -> list[str]:
    numbers = sorted(int(path.name[:4]) for path in (source / "docs/adr").glob("[0-9][0-9][0-9][0-9]-*.md"))
    faults = []
    if len(set(numbers)) != len(numbers):
        faults.append(f"docs/adr: two decisions share a number: {numbers}")
    for path in (source / "docs/adr").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        for part in ("## Context", "## Decision", "## Alternatives", "## Consequences", "Status:"):
            if part not in text:
                faults.append(f"{path.relative_to(source)}: '{part}' is missing")
    return faults


def check_scripts(source: pathlib.Path, pages: list[pathlib.Path]) -> list[str]:
    faults = []
    for page in pages:
        for script in set(re.findall(r"(?<![\w/.])((?:script|\.ci)/[a-z]+)\b", page.read_text(encoding="utf-8"))):
            if not (source / script).exists():
                faults.append(f"{page.relative_to(source)}: {script} does not exist")
    return faults


def check_program(source: pathlib.Path, pages: list[pathlib.Path], program: str) -> list[str]:
    def run(arguments: str) -> str:
        return subprocess.run(["/bin/bash", "-c", f'"$0" {arguments}', program], capture_output=True, text=True, timeout=60, check=False,
                              env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "COLUMNS": "80"}).stdout

    faults = []
    helps = run("--help")
    for command in re.findall(r"^  ([a-z]+) {2,}", helps, re.M):
        helps += run(f"{command} --help")
        for sub in re.findall(r"^  ([a-z]+) {2,}", run(f"{command} --help"), re.M):
            helps += run(f"{command} {sub} --help")
    known = set(re.findall(r"--[a-z][a-z-]+", helps)) | {"--probes"}
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for line in re.findall(r"^.*\bmaildoctor (?:check|config|diff|discover|explain|guide|history|publish|rules|validate)\b.*$", text, re.M):
            for option in re.findall(r"(?<!\S)`?(--[a-z][a-z-]+)", line.split("maildoctor ", 1)[1]):
                if option not in known:
                    faults.append(f"{page.relative_to(source)}: maildoctor has no option {option}")
        for _, block in FENCE.findall(text):
            first, _, shown = block.partition("\n")
            match = COMPARED.match(first)
            if not match or not shown.strip():
                continue
            printed = run(match.group(1))
            wanted = shown.rstrip("\n")
            if wanted.endswith("…"):     # the page shows the beginning only
                wanted = wanted[:-1].rstrip()
                printed = printed[: len(wanted)]
            if printed.rstrip("\n") != wanted:
                faults.append(f"{page.relative_to(source)}: 'maildoctor {match.group(1)}' prints something else:\n{printed}")
    return faults


def main() -> int:
    source = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    pages = [source / "README.md", *sorted((source / "docs").rglob("*.md"))]
    faults = check_links(source, pages) + check_decisions(source) + check_scripts(source, pages)
    if len(sys.argv) > 2:
        faults += check_program(source, pages, sys.argv[2])
    print("\n".join(faults) if faults else f"docs: {len(pages)} pages are right")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
