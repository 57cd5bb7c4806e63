#!/usr/bin/env python3
"""Makes rules/lexicon/weights.tsv: how much each word speaks for each cause.

usage: train.py [--corpus FILE.jsonl ...] [--out FILE]

Learns from what the project itself has labelled (examples and phrases of rules/match, literal texts of rules/codes,
titles and meanings of rules/text, tests/explain/known_texts.tsv) and, where they are given, from labelled texts
({"text", "expect": [cause, ...]} a line). Only figures leave this program, never a text: a feature is kept when
several texts have it. The model is a logistic regression over the words, word beginnings and word pairs that a text has;
core/explain/lexicon.cpp reads texts the same way. Needs python3-scipy.
"""
import argparse
import bisect
import collections
import itertools
import json
import pathlib
import random
import re
import sys
import tomllib
import unicodedata

import numpy
import scipy.optimize
import scipy.sparse

ROOT = pathlib.Path(__file__).resolve().parents[2]
BACKGROUND = "-"         # the cause of text that is about no mail problem
DESCRIPTIONS = {"phrase", "code", "meaning", "title", "text", "pattern"}
MAX_WORDS = 400          # of a text that are read
STEM = 6                 # letters of a word beginning
MAX_FEATURES = 16000
SCALE = 16               # the table has log-odds times this, rounded
SMALLEST = 0.2           # weights below this are left out
BIAS = 0.3               # what stands for the feature that every text has
SHARE = 1.0              # how much of a word's weight is its concept's
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


def function_words(path=ROOT / "core/explain/function_words.cpp"):
    """Words that only hold sentences together."""
    return set(re.findall(r'"([^"]+)",?', path.read_text(encoding="utf-8").split("function_words = {", 1)[1]))


def says_nothing(feature, empty):
    """Whether a feature is made of such words alone."""
    return all(word in empty for word in feature.split())


def expand(phrase):
    """Phrases of rules as text: the first of each choice and one with the last."""
    def choose(index):
        text = re.sub(r"\{([^}]*)\}", lambda m: m.group(1).split("|")[index], phrase)
        return text.replace("*", "").replace("..", " ").replace("#", " ")
    return {choose(0), choose(-1)} if "{" in phrase else {choose(0)}


def pattern_texts(path, count=14, weight=0.3):
    """Some of the texts that each pattern stands for, always the same ones."""
    lists = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if cells[0] == "=":
            lists[cells[1]] = cells[2].split("|")
        elif len(cells) == 2 and not line.startswith("#"):
            chance = random.Random(cells[1])
            found = set()
            for _ in range(count):
                text = re.sub(r"\{([^{}]*)\}", lambda m: chance.choice(m.group(1).split("|")), cells[1])
                text = re.sub(r"<(\w+)>", lambda m: chance.choice(lists[m.group(1)]) if m.group(1) in lists else m.group(0), text)
                found.add(re.sub(r" +", " ", text).strip())
            for text in sorted(found):
                yield text, cells[0].split("|"), weight, "pattern"


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
                code = re.sub(r"^X\.", "5.", cells[0])
                yield f"{code} {cells[3]} {cells[1]}", [cells[4]], 0.4, "meaning"
    for path in sorted((rules / "text").glob("*/*.toml")):
        for cause, text in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if not isinstance(text, dict):
                continue
            yield text.get("title", ""), [cause], 0.5, "title"
            yield re.sub(r"\{\w+\}", "", text.get("meaning", "")), [cause], 0.3, "text"
    for known in (root / "tests/explain/known_texts.tsv", root / "rules/lexicon/wordings.tsv",
                  root / "rules/lexicon/stories.tsv",
                  root / "rules/lexicon/vocabulary.tsv"):
        for line in known.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#") and "\t" in line:
                causes, text = line.split("\t", 1)
                yield text.replace("\\n", "\n"), causes.split("|"), 1.0, known.stem
    yield from pattern_texts(root / "rules/lexicon/patterns.tsv")
    for line in (root / "rules/lexicon/not-mail.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield line, [BACKGROUND], 1.0, "background"


def concepts(path=ROOT / "rules/lexicon/concepts.tsv"):
    """The words that mean the same: concept -> spellings; a pair is joined by '-', a beginning ends in '*'."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#") and "\t" in line:
            name, spellings = line.split("\t", 1)
            found[name] = [s.replace("-", " ") for s in spellings.split()]
    return found


def features_of_concepts(concepts, seen):
    """(feature, concept) of each feature that a concept covers, those included that no text has."""
    known, empty = sorted(seen), function_words()
    for name, spellings in concepts.items():
        covered = set()
        for spelling in spellings:
            begin = spelling.rstrip("*")
            covered.add(begin)
            if len(begin) > STEM and " " not in begin:
                covered.add(begin[:STEM] + "*")
            if spelling.endswith("*"):
                if len(begin) >= STEM:
                    covered.add(begin[:STEM] + "*")
                at = bisect.bisect_left(known, begin)
                while at < len(known) and known[at].startswith(begin):
                    if " " not in known[at]:
                        covered.add(known[at])
                    at += 1
        for feature in sorted(covered):
            if not says_nothing(feature, empty):
                yield feature, name


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
    """Logistic regression over the features that a text has, each counted as one by the root of their number.

    Trained twice: over all features that several texts have, and again over those that told most, since the
    program counts only the features that its table has.
    """

    def __init__(self, texts, shared=None, least=2, most=MAX_FEATURES, penalty=0.1):
        texts = [(features(text), causes, weight) for text, causes, weight, _ in texts]
        seen = collections.Counter(feature for found, _, _ in texts for feature in found)
        self.causes = sorted({cause for _, causes, _ in texts for cause in causes})
        self.concepts = list(features_of_concepts(shared or {}, seen))
        empty = function_words()
        self.features = [f for f, n in seen.items() if n >= least and not says_nothing(f, empty)]
        self.features += sorted({feature for feature, _ in self.concepts} - set(self.features))
        self.fit(texts, penalty, steps=30 if len(self.features) > most else 80)
        if len(self.features) > most:
            told = numpy.abs(self.weights).sum(axis=1)
            self.features = [self.features[i] for i in sorted(numpy.argsort(-told)[:most])]
            self.fit(texts, penalty)

    def fit(self, texts, penalty, steps=80):
        """Finds the weights by L-BFGS: the log-likelihood with a quadratic penalty."""
        wanted = numpy.zeros((len(texts), len(self.causes)))
        number = {cause: i for i, cause in enumerate(self.causes)}
        for i, (_, causes, _) in enumerate(texts):
            share = [1.0] + [0.4] * (len(causes) - 1)   # the best cause comes first
            for cause, part in zip(causes, share):
                wanted[i, number[cause]] += part / sum(share)
        importance = numpy.array([[weight] for _, _, weight in texts])
        bias = scipy.sparse.csr_matrix(numpy.full((len(texts), 1), BIAS))
        words = self.matrix([found for found, _, _ in texts])
        members = self.members()
        seen = scipy.sparse.hstack([words, words @ members, bias]).tocsr()
        turned = seen.T.tocsr()
        shape = (seen.shape[1], len(self.causes))

        def loss(flat):
            weights = flat.reshape(shape)
            odds = seen @ weights
            odds -= odds.max(axis=1, keepdims=True)
            likely = numpy.exp(odds)
            whole = likely.sum(axis=1, keepdims=True)
            misfit = -(importance * wanted * (odds - numpy.log(whole))).sum()
            slope = turned @ (importance * (likely / whole - wanted)) + penalty * weights
            return misfit + 0.5 * penalty * (flat @ flat), slope.ravel()

        start = numpy.zeros(shape[0] * shape[1])
        found = scipy.optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": steps})
        weights = found.x.reshape(shape)
        count = len(self.features)
        self.weights, self.bias = weights[:count] + members @ weights[count:-1], BIAS * weights[-1]

    def members(self):
        """Which feature belongs to which concept: what is learnt of a concept counts for each of its words."""
        number = {feature: i for i, feature in enumerate(self.features)}
        names = {name: i for i, name in enumerate(sorted({name for _, name in self.concepts}))}
        pairs = sorted({(number[f], names[name]) for f, name in self.concepts if f in number})
        rows, columns = ([p[i] for p in pairs] for i in (0, 1))
        return scipy.sparse.csr_matrix((numpy.full(len(pairs), SHARE), (rows, columns)),
                                       shape=(len(self.features), len(names)))

    def matrix(self, rows):
        """A row a text: each feature it has as one by the root of their number."""
        number = {feature: i for i, feature in enumerate(self.features)}
        known = [[number[feature] for feature in row if feature in number] for row in rows]
        ends = numpy.cumsum([0] + [len(row) for row in known])
        values = numpy.concatenate([numpy.full(len(row), max(1, len(row)) ** -0.5) for row in known])
        places = numpy.array([place for row in known for place in row], dtype=int)
        return scipy.sparse.csr_matrix((values, places, ends), shape=(len(rows), len(self.features)))

    def scores(self, texts):
        """Log-odds of each cause for each text."""
        return self.matrix([features(text) for text in texts]) @ self.weights + self.bias


def quantised(value):
    return max(-127, min(127, round(value * SCALE)))


def write(model, out):
    """The table that the compiler of the rules reads; weights that say little are left out."""
    lines = ["# Made by rules/lexicon/train.py: log-odds times 16, rounded. Don't edit.",
             "# cause, id, prior, weight of a word never seen with it; word, feature, cause:weight ..."]
    for cause, bias in zip(model.causes, model.bias):
        lines.append(f"cause\t{cause}\t{quantised(bias)}\t0")
    for feature, weights in sorted(zip(model.features, model.weights), key=lambda row: row[0]):
        kept = [f"{i}:{quantised(w)}" for i, w in enumerate(weights) if abs(w) >= SMALLEST]
        lines.append(f"word\t{feature}\t{' '.join(kept) or '0:0'}")
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", nargs="*", default=[], help="labelled texts, one JSON object a line")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "rules/lexicon/weights.tsv")
    parser.add_argument("--prose", nargs="*", default=[], help="texts that are about no mail problem")
    options = parser.parse_args()
    texts = list(usual(itertools.chain(own_texts(), corpus_texts(options.corpus), prose_texts(options.prose))))
    model = Model(texts, concepts())
    write(model, options.out)
    print(f"{len(texts)} texts, {len(model.features)} features seen", file=sys.stderr)


if __name__ == "__main__":
    main()
