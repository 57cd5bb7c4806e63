#!/usr/bin/env python3
"""Checks the human texts and tables under rules/: every cause explained in both languages, the same
variants and fixes in each, lengths that fit a screen, only known placeholders, programs and providers.

Usage: check_texts.py [RULES_DIR]      exit status 0 when all is well, 1 with one line a fault otherwise
"""
import datetime
import pathlib
import re
import sys
import tomllib

LANGUAGES = ("en", "de")
LAYERS = ("dns", "net", "tls", "auth", "smtp", "mailbox", "client", "settings", "policy")
ACTORS = {"user", "network", "provider", "operator", "recipient"}
AUDIENCES = ("user", "helpdesk", "operator")
TEXT_PLACEHOLDERS = {
    "server", "port", "protocol", "account", "address", "provider", "program", "code", "other_port",
    "other_server", "security", "days", "names", "issuer", "product", "clients", "offset", "domain",
}
GUIDE_PLACEHOLDERS = {
    "email", "name", "in_host", "in_port", "in_protocol", "in_security", "in_user", "out_host", "out_port",
    "out_security", "out_user",
}
GUIDE_CONDITIONS = {"pop3", "imap", "tls", "starttls", "auth"}
FACT_KINDS = {
    "host", "enable-first", "enable-path", "app-password", "oauth", "username", "password", "port", "auth",
    "no-tls", "no-imap", "no-pop", "no-client-access", "paid-only", "limit-send", "limit-recipients",
    "limit-connections", "limit-poll", "limit-folders", "region", "migrated", "retired", "old-settings",
    "discovery", "policy", "behaviour", "certificate", "error-text", "locked", "domain", "client-minimum",
}
IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")

LONGEST_TITLE = 70
LONGEST_MEANING = 420
LONGEST_LINE = 420  # one reason, one step
MOST_STEPS = 10

faults: list[str] = []


def fault(where, what):
    faults.append(f"{where}: {what}")


def read(path):
    """The parsed file, or an empty table after a fault was noted."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        fault(path, error)
        return {}


def check_keys(where, table, required, optional=()):
    for key in required:
        if key not in table:
            fault(where, f"'{key}' is missing")
    for key in table:
        if key not in required and key not in optional:
            fault(where, f"unknown key '{key}'")


def check_line(where, text, longest=LONGEST_LINE, placeholders=frozenset()):
    if not isinstance(text, str) or not text.strip():
        fault(where, "empty or not a string")
        return
    if text != text.strip() or "  " in text:
        fault(where, f"stray blanks: {text!r}")
    if CONTROL.search(text):
        fault(where, f"control character: {text!r}")
    if len(text) > longest:
        fault(where, f"{len(text)} characters, more than {longest}: {text[:50]}…")
    if text.count("`") % 2:
        fault(where, f"unpaired backtick: {text[:50]}…")
    for name in PLACEHOLDER.findall(text):
        if name not in placeholders:
            fault(where, f"unknown placeholder {{{name}}}")


def check_lines(where, lines, least, most, placeholders=frozenset()):
    if not isinstance(lines, list) or not least <= len(lines) <= most:
        fault(where, f"needs {least} to {most} entries")
        return
    for line in lines:
        check_line(where, line, placeholders=placeholders)
    if len(set(lines)) != len(lines):
        fault(where, "the same entry twice")


def check_title(where, title):
    check_line(where, title, LONGEST_TITLE, TEXT_PLACEHOLDERS)
    if isinstance(title, str) and title.endswith("."):
        fault(where, "a title has no full stop")


def check_date(where, value):
    if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
        fault(where, "'checked' has to be a date such as 2026-11-21")


class Known:
    """Ids that texts may refer to; empty sets while the tables do not exist yet."""

    def __init__(self, rules):
        lines = (rules / "causes.tsv").read_text(encoding="utf-8").splitlines()[1:]
        self.causes = [line.split("\t")[0] for line in lines if line.strip()]
        self.programs = {p.get("id") for p in read(rules / "programs/programs.toml").get("program", [])}
        self.providers = {path.stem for path in (rules / "providers").glob("*.toml")}


def fix_key(fix):
    return (fix.get("audience"), fix.get("client"), fix.get("provider"))


def check_fixes(where, fixes, known, complete):
    """Checks a list of fixes; `complete`: each audience needs one that is for everybody.

    Returns the number of steps by audience, program and provider.
    """
    seen = {}
    for fix in fixes:
        key = fix_key(fix)
        here = f"{where} fix {'/'.join(filter(None, key))}"
        check_keys(here, fix, ("audience", "steps"), ("client", "provider"))
        if key in seen:
            fault(here, "twice")
        seen[key] = len(fix.get("steps", []))
        if key[0] not in AUDIENCES:
            fault(here, "unknown audience")
        if key[1] is not None and key[1] not in known.programs:
            fault(here, "unknown program")
        if key[2] is not None and key[2] not in known.providers:
            fault(here, "unknown provider")
        check_lines(here, fix.get("steps"), 1, MOST_STEPS, TEXT_PLACEHOLDERS)
    if complete:
        for audience in AUDIENCES:
            if (audience, None, None) not in seen:
                fault(where, f"no fix for the {audience}")
    return seen


def check_variant(where, variant, known):
    check_keys(where, variant, ("id",), ("title", "meaning", "why", "actor", "references", "fix"))
    if not IDENTIFIER.match(str(variant.get("id", ""))):
        fault(where, "bad id")
    if len(variant) < 2:
        fault(where, "says nothing of its own")
    if "title" in variant:
        check_title(where, variant["title"])
    if "meaning" in variant:
        check_line(where, variant["meaning"], LONGEST_MEANING, TEXT_PLACEHOLDERS)
    if "why" in variant:
        check_lines(f"{where} why", variant["why"], 1, 5, TEXT_PLACEHOLDERS)
    if variant.get("actor", "user") not in ACTORS:
        fault(where, "unknown actor")
    return check_fixes(where, variant.get("fix", []), known, complete=False)


def check_cause(where, cause, language, known):
    """Checks one cause; returns the shapes of its wordings, which have to be the same in every language."""
    required = ("title", "meaning", "why", "fix") + (("actor",) if language == "en" else ())
    check_keys(where, cause, required, ("variant", "references") if language == "en" else ("variant",))
    check_title(where, cause.get("title"))
    check_line(where, cause.get("meaning"), LONGEST_MEANING, TEXT_PLACEHOLDERS)
    check_lines(f"{where} why", cause.get("why"), 2, 5, TEXT_PLACEHOLDERS)
    if language == "en" and cause.get("actor") not in ACTORS:
        fault(where, "unknown actor")
    shapes = {"": shape_of(cause, check_fixes(where, cause.get("fix", []), known, complete=True))}
    for variant in cause.get("variant", []):
        name = variant.get("id", "?")
        if name in shapes:
            fault(where, f"variant '{name}' twice")
        shapes[name] = shape_of(variant, check_variant(f"{where}/{name}", variant, known))
        if "actor" in variant:
            shapes[name]["actor"] = variant["actor"]
    return shapes


def shape_of(text, fixes):
    """What two languages have to have in common: which parts there are, and how many reasons and steps."""
    shape = {"fix " + "/".join(filter(None, key)): steps for key, steps in fixes.items()}
    shape["why"] = len(text.get("why", []))
    for key in ("title", "meaning"):
        shape[key] = sorted(set(PLACEHOLDER.findall(text[key]))) if key in text else None
    return shape


def check_causes(rules, known):
    shapes = {}
    for language in LANGUAGES:
        shapes[language] = {}
        for layer in LAYERS:
            path = rules / "text" / language / f"{layer}.toml"
            for cause, table in read(path).items():
                if cause not in known.causes or not cause.startswith(f"{layer}."):
                    fault(path, f"'{cause}' is no cause of this layer")
                shapes[language][cause] = check_cause(f"{path.name} [{language}] {cause}", table, language, known)
        for cause in known.causes:
            if cause not in shapes[language]:
                fault(f"text/{language}", f"'{cause}' is not explained")
    for cause in known.causes:
        compare_shapes(cause, shapes["en"].get(cause, {}), shapes["de"].get(cause, {}))
    return sum(len(shape) for shape in shapes["en"].values())


def compare_shapes(cause, english, german):
    for name in english.keys() | german.keys():
        where = f"{cause}/{name}" if name else cause
        if name not in english or name not in german:
            fault(where, "one language lacks this variant")
            continue
        for key in english[name].keys() | german[name].keys():
            here, there = english[name].get(key), german[name].get(key)
            if here != there:
                fault(where, f"the languages differ in {key}: {here} and {there}")


def check_programs(rules, known):
    path = rules / "programs/programs.toml"
    optional = ("aliases", "recognise", "vendor", "platform", "max_tls", "oauth", "imap", "pop3", "ends", "notes",
                "source", "paths")
    seen = set()
    for program in read(path).get("program", []):
        where = f"{path.name} {program.get('id')}"
        check_keys(where, program, ("id", "name"), optional)
        if not IDENTIFIER.match(str(program.get("id"))) or program["id"] in seen:
            fault(where, "bad or double id")
        seen.add(program.get("id"))
        if program.get("max_tls", "1.2") not in ("none", "1.0", "1.1", "1.2", "1.3"):
            fault(where, "max_tls is none, 1.0, 1.1, 1.2 or 1.3")
        for label, menu in program.get("paths", {}).items():
            check_line(f"{where} paths '{label}'", menu)
    return len(seen)


def check_guides(rules, known):
    counted = 0
    names = {language: {p.name for p in (rules / "guides" / language).glob("*.toml")} for language in LANGUAGES}
    for name in sorted(names["en"] ^ names["de"]):
        fault(f"guides/{name}", "one language lacks this guide")
    for name in sorted(names["en"]):
        shapes = []
        for language in (l for l in LANGUAGES if name in names[l]):
            shapes.append(check_guide(rules / "guides" / language / name, known))
            counted += 1
        if len(shapes) == 2 and shapes[0] != shapes[1]:
            fault(f"guides/{name}", "the steps of the two languages differ in number or condition")
    return counted


def check_guide(path, known):
    guide = read(path)
    where = f"guides/{path.parent.name}/{path.name}"
    check_keys(where, guide, ("program", "name", "source", "checked", "step"), ("notes",))
    if guide.get("program") != path.stem or path.stem not in known.programs:
        fault(where, "'program' has to be a known program and the file's name")
    check_lines(f"{where} source", guide.get("source"), 1, 5)
    check_date(where, guide.get("checked"))
    for note in guide.get("notes", []):
        check_line(where, note, placeholders=GUIDE_PLACEHOLDERS)
    steps = guide.get("step", [])
    if not 3 <= len(steps) <= 25:
        fault(where, f"{len(steps)} steps")
    for step in steps:
        check_keys(where, step, ("text",), ("when",))
        check_line(where, step.get("text"), placeholders=GUIDE_PLACEHOLDERS)
        if step.get("when", "pop3") not in GUIDE_CONDITIONS:
            fault(where, f"unknown condition '{step.get('when')}'")
    return [step.get("when") for step in steps]


def check_glossary(rules):
    ids = {}
    for language in LANGUAGES:
        path = rules / "glossary" / f"{language}.toml"
        entries = read(path).get("entry", [])
        ids[language] = [entry.get("id") for entry in entries]
        owner = {}
        for entry in entries:
            where = f"glossary/{path.name} {entry.get('id')}"
            check_keys(where, entry, ("id", "terms", "title", "text"), ("see",))
            check_title(where, entry.get("title"))
            check_line(where, entry.get("text"), longest=900)
            check_lines(f"{where} terms", entry.get("terms"), 1, 16)
            for term in entry.get("terms", []):
                if term != term.lower():
                    fault(where, f"term '{term}' has to be lower case")
                if owner.setdefault(term, entry.get("id")) != entry.get("id"):
                    fault(where, f"term '{term}' also belongs to '{owner[term]}'")
            for other in entry.get("see", []):
                if other not in ids[language]:
                    fault(where, f"refers to '{other}', which does not exist")
        if len(set(ids[language])) != len(ids[language]):
            fault(path, "an id stands there twice")
    for name in sorted(set(ids["en"]) ^ set(ids["de"])):
        fault(f"glossary {name}", "one language lacks this entry")
    return len(ids["en"])


def check_server(where, server):
    check_keys(where, server, ("protocol", "host", "port", "security"), ("username", "auth"))
    if server.get("protocol") not in ("imap", "pop3", "smtp"):
        fault(where, "protocol is imap, pop3 or smtp")
    if server.get("security") not in ("tls", "starttls", "none"):
        fault(where, "security is tls, starttls or none")
    if not isinstance(server.get("port"), int) or not 1 <= server["port"] <= 65535:
        fault(where, "port is not 1 to 65535")


def check_provider(path, known, owners):
    provider = read(path)
    where = f"providers/{path.name}"
    check_keys(where, provider, ("id", "name"), ("domains", "hosts", "mx", "server", "fact", "note"))
    if provider.get("id") != path.stem or not IDENTIFIER.match(path.stem):
        fault(where, "'id' has to be the file's name")
    for domain in provider.get("domains", []):
        if owners.setdefault(domain, path.stem) != path.stem:
            fault(where, f"domain '{domain}' also belongs to '{owners[domain]}'")
    for pattern in provider.get("domains", []) + provider.get("hosts", []) + provider.get("mx", []):
        if pattern != pattern.lower() or not re.match(r"(\*\.)?[^\s*@]+\Z", pattern):
            fault(where, f"bad name or pattern '{pattern}'")
    for server in provider.get("server", []):
        check_server(where, server)
    for fact in provider.get("fact", []):
        check_keys(where, fact, ("kind", "text", "source", "checked"), ("cause",))
        if fact.get("kind") not in FACT_KINDS:
            fault(where, f"unknown kind '{fact.get('kind')}'")
        if fact.get("cause") not in set(known.causes) | {None}:
            fault(where, f"unknown cause '{fact.get('cause')}'")
        check_date(where, fact.get("checked"))
        if set(fact.get("text", {})) != set(LANGUAGES):
            fault(where, "a fact needs text.en and text.de")
        for text in fact.get("text", {}).values():
            check_line(where, text)
    return len(provider.get("fact", []))


def main():
    rules = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2] / "rules")
    known = Known(rules)
    texts = check_causes(rules, known)
    programs = check_programs(rules, known)
    guides = check_guides(rules, known)
    entries = check_glossary(rules)
    owners = {}
    facts = sum(check_provider(path, known, owners) for path in sorted((rules / "providers").glob("*.toml")))
    for line in faults:
        print(line)
    print(f"{len(known.causes)} causes with {texts} wordings, {programs} programs, {guides} guides, "
          f"{entries} glossary entries, {len(known.providers)} providers with {facts} facts: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
