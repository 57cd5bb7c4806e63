#!/usr/bin/env python3
"""Makes rules/lexicon/weights.tsv: how much each word speaks for each cause.

usage: train.py [--corpus FILE.jsonl ...] [--out FILE]

Learns from what the project itself has labelled (examples and phrases of rules/match, literal texts of rules/codes,
titles and meanings of rules/text, tests/explain/known_texts.tsv) and, where they are given, from labelled texts
({"text", "expect": [cause, ...]} a line). Only figures leave this program, never a text: a feature is kept when
several texts have it. The model is a logistic regression over the words, word beginnings and word pairs that a text has;
core/explain/lexicon.cpp reads texts the same way. Python's standard library is enough.
"""
import argparse
import collections
import itertools
import json
import math
import pathlib
import random
import re
import sys
import tomllib
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parents[2]
BACKGROUND = "-"         # the cause of text that is about no mail problem
DESCRIPTIONS = {"phrase", "code", "meaning", "title", "text"}
MAX_WORDS = 400          # of a text that are read
STEM = 6                 # letters of a word beginning
MAX_FEATURES = 6000
SCALE = 16               # the table has log-odds times this, rounded
SHARPEN = 1.5            # how much of the rules' weight the log-odds may move; by cross-validation
SMALLEST = 0.2           # weights below this are left out
PORTS = {"25", "110", "143", "465", "587", "993", "995", "2525", "26", "80", "443"}

SPECIAL = str.maketrans({"ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "×": "x", "ø": "o", "Ø": "o",
                         "đ": "d", "ł": "l", "ı": "i"})
ADDRESS = re.compile(r"[A-Za-z0-9._+%=*-]{1,64}@[A-Za-z0-9.*-]+")
WORD = re.compile(r"\d+(?:\.\d+)+|\w+(?:['’`]\w+)?|@")
CONTRACTIONS = {w + "t": m for w, m in (
    ("can", "can"), ("won", "will"), ("don", "do"), ("doesn", "does"), ("didn", "did"), ("isn", "is"),
    ("aren", "are"), ("couldn", "could"), ("wouldn", "would"), ("wasn", "was"), ("weren", "were"),
    ("hasn", "has"), ("haven", "have"), ("shouldn", "should"))}


def fold(text):
    """Lower case without accents, as core/knowledge/words.h folds."""
    text = unicodedata.normalize("NFD", text.translate(SPECIAL).lower())
    return "".join(c for c in text if not unicodedata.combining(c))


def words(text):
    """The words of a text; codes, numbers and addresses as classes."""
    text = ADDRESS.sub(" @ ", text[:20000])
    text = re.sub(r"\be-mail", "email", fold(text))
    found = []
    for word in WORD.findall(text):
        if "'" in word or "’" in word or "`" in word:
            parts = re.split("['’`]", word)
            if parts[-1] == "t" and parts[0].endswith("n"):
                head = {"can": "can", "won": "will"}.get(parts[0], parts[0][:-1])
                found += [head, "not"]
            else:
                found += [p for p in parts if p]
            continue
        if word in CONTRACTIONS:
            found += [CONTRACTIONS[word], "not"]
        elif word in ("cannot", "canot"):
            found += ["can", "not"]
        else:
            found.append(word)
    return [name_of(w) for w in found[:MAX_WORDS]]


def name_of(word):
    """A word as the table names it: numbers that are no codes become classes."""
    if word[0].isdigit() and all(c.isdigit() or c == "." for c in word):
        if "." in word:
            return word if word[0] in "245" and word[1] == "." and word.count(".") == 2 else "<dots>"
        if len(word) == 3 and word[0] in "2345" or word in PORTS:
            return word
        return "<number>" if len(word) != 5 or not word.startswith(("100", "110")) else word
    if len(word) > 24:
        return "<long>"
    if any(c.isdigit() for c in word) and not word.startswith("0x") and len(word) > 7:
        return "<name>"
    return word


def features(text):
    """What a text has, each once: words, beginnings of long words, pairs of words that follow each other."""
    found = {}
    before = None
    for word in words(text):
        found[word] = True
        if word[0] != "<" and len(word) > STEM and re.fullmatch("[a-z]+", word):
            found[word[:STEM] + "*"] = True
        if re.fullmatch(r"[245]\.\d+\.\d+", word):
            found[word[0] + "." + word.split(".")[1] + ".*"] = True
        if before:
            found[before + " " + word] = True
        before = word
    return list(found)


def expand(phrase):
    """Phrases of rules as text: the first of each choice and one with the last."""
    def choose(index):
        text = re.sub(r"\{([^}]*)\}", lambda m: m.group(1).split("|")[index], phrase)
        return text.replace("*", "").replace("..", " ").replace("#", " ")
    return {choose(0), choose(-1)} if "{" in phrase else {choose(0)}


def own_texts(root=ROOT, rules=None):
    """(text, causes, weight) of everything that the project has labelled itself."""
    rules = rules or root / "rules"
    for path in sorted((rules / "match").glob("*.toml")):
        for rule in tomllib.loads(path.read_text(encoding="utf-8")).get("rule", []):
            if not rule.get("cause"):
                continue
            def listed(key, table):
                value = table.get(key, [])
                return [value] if isinstance(value, str) else value
            for text in listed("match", rule.get("examples", {})):
                yield text, [rule["cause"]], 1.0, "example"
            match = rule.get("match", {})
            for phrase in listed("phrases", match):
                for text in expand(phrase):
                    yield text, [rule["cause"]], 0.5, "phrase"
    for path in sorted((rules / "codes").glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            cells = line.split("\t")
            if len(cells) < 5 or not cells[4]:
                continue
            literal = re.findall(r'text: "([^"]*)"', cells[3])
            if path.stem == "providers":
                yield cells[0] + " " + cells[3], [cells[4]], 0.7, "code"
            elif literal:
                yield literal[0], [cells[4]], 0.7, "code"
            else:
                yield cells[0] + " " + cells[3], [cells[4]], 0.3, "meaning"
    for path in sorted((rules / "text").glob("*/*.toml")):
        for cause, text in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if not isinstance(text, dict):
                continue
            yield text.get("title", ""), [cause], 0.5, "title"
            yield re.sub(r"\{\w+\}", "", text.get("meaning", "")), [cause], 0.3, "text"
    for known in (root / "tests/explain/known_texts.tsv", root / "rules/lexicon/wordings.tsv",
                  root / "rules/lexicon/vocabulary.tsv"):
        for line in known.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#") and "\t" in line:
                causes, text = line.split("\t", 1)
                yield text.replace("\\n", "\n"), causes.split("|"), 1.0, known.stem
    for line in (root / "rules/lexicon/not-mail.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield line, [BACKGROUND], 1.0, "background"


def corpus_texts(paths):
    for path in paths:
        for line in open(path, encoding="utf-8"):
            if line.strip():
                case = json.loads(line)
                yield case["text"], case["expect"], 1.5, "corpus"


def prose_texts(paths):
    """Paragraphs of any text that is about no mail problem: licences, manuals."""
    for path in paths:
        text = pathlib.Path(path).read_text(encoding="utf-8", errors="replace")
        for paragraph in re.split(r"\n\s*\n", text):
            if 40 < len(paragraph) < 2000:
                yield paragraph, [BACKGROUND], 1.0, "background"


def usual(texts, least=3):
    """Without the causes for which too few real texts are known: their descriptions alone mislead."""
    texts = list(texts)
    real = collections.Counter(c for _, causes, _, kind in texts if kind not in DESCRIPTIONS for c in causes)
    for text, causes, weight, kind in texts:
        kept = [c for c in causes if real[c] >= least]
        if kept:
            yield text, kept, weight, kind


class Model:
    """Logistic regression over the features that a text has, each counted as one by the root of their number."""

    def __init__(self, texts, least=2, epochs=8, rate=0.15, seed=3):
        texts = [(features(text), causes, weight) for text, causes, weight, _ in texts]
        seen = collections.Counter(feature for found, _, _ in texts for feature in found)
        self.features = [feature for feature, n in seen.items() if n >= least]
        self.causes = sorted({cause for _, causes, _ in texts for cause in causes})
        self.weights = [[0.0] * len(self.causes) for _ in self.features]
        self.bias = [0.0] * len(self.causes)
        self.moved = [1e-2] * len(self.features)   # how far each feature's weights went: Adagrad
        number = {feature: i for i, feature in enumerate(self.features)}
        cause_number = {cause: i for i, cause in enumerate(self.causes)}
        examples = []
        for found, causes, weight in texts:
            known = [number[feature] for feature in found if feature in number]
            share = [1.0] + [0.4] * (len(causes) - 1)   # the best cause comes first
            wanted = [(cause_number[cause], part / sum(share)) for cause, part in zip(causes, share)]
            if known:
                examples.append((known, wanted, weight))
        order = random.Random(seed)
        for epoch in range(epochs):
            order.shuffle(examples)
            for example in examples:
                self.learn(*example, rate * (1 - epoch / epochs) + 0.01)

    def learn(self, known, wanted, weight, rate):
        part = len(known) ** -0.5
        odds = [b + part * s for b, s in zip(self.bias, map(sum, zip(*[self.weights[f] for f in known])))]
        top = max(odds)
        likely = [math.exp(o - top) for o in odds]
        whole = sum(likely)
        wrong = [p / whole for p in likely]
        for cause, share in wanted:
            wrong[cause] -= share
        steps = [(cause, weight * error) for cause, error in enumerate(wrong) if abs(error) > 0.003]
        for cause, step in steps:
            self.bias[cause] -= 0.02 * rate * step
        length = part * part * sum(step * step for _, step in steps)
        for feature in known:
            self.moved[feature] += weight * length
            pace = 4 * rate * part / math.sqrt(self.moved[feature])
            row = self.weights[feature]
            for cause, step in steps:
                row[cause] -= pace * step


def quantised(value):
    return max(-127, min(127, round(value * SHARPEN * SCALE)))


def write(model, out):
    """The table that the compiler of the rules reads; weights that say little are left out."""
    lines = ["# Made by rules/lexicon/train.py: log-odds times 16, rounded. Don't edit.",
             "# cause, id, prior, weight of a word never seen with it; word, feature, cause:weight ..."]
    for cause, bias in zip(model.causes, model.bias):
        lines.append(f"cause\t{cause}\t{quantised(bias)}\t0")
    telling = sorted(zip(model.features, model.weights), key=lambda row: -sum(map(abs, row[1])))[:MAX_FEATURES]
    for feature, weights in sorted(telling):
        kept = " ".join(f"{i}:{quantised(w)}" for i, w in enumerate(weights) if abs(w) >= SMALLEST)
        if kept:
            lines.append(f"word\t{feature}\t{kept}")
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", nargs="*", default=[], help="labelled texts, one JSON object a line")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "rules/lexicon/weights.tsv")
    parser.add_argument("--prose", nargs="*", default=[], help="texts that are about no mail problem")
    options = parser.parse_args()
    texts = list(usual(itertools.chain(own_texts(), corpus_texts(options.corpus), prose_texts(options.prose))))
    model = Model(texts)
    write(model, options.out)
    print(f"{len(texts)} texts, {len(model.features)} features seen", file=sys.stderr)


if __name__ == "__main__":
    main()
