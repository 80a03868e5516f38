"""Learns what signs weigh from labelled articles: `python -m tests.quality.learn en [--write]` (needs scikit-learn).

Without `--write` each sixth of the articles is read with weights learnt from the others, so that what is
printed holds for articles not learnt from; with it `config/weights/<language>.json` is written from all.
The project's own sentences (`tests.quality.sentences`) are learnt from as well, at twice the weight: they are a gate.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

import msgspec

from events.statements import Statement
from tests.quality import sentences
from tests.quality.labelled import Text, articles
from tests.quality.news import PROJECT, UNLABELLED, article, fact_of, load_registers
from tracker.readers.article import read_article
from tracker.readers.base import Reading
from tracker.readers.compiled import Compiled
from tracker.readers.dates import find_dates
from tracker.readers.drafts import statements_of
from tracker.readers.making import making
from tracker.readers.passage import Draft, Passage
from tracker.readers.scene import Memory
from tracker.readers.signs import Sign, Told
from tracker.readers.weighing import candidates
from tracker.readers.weights import KINDS, Weights
from tracker.registers import Registers

LEAST = (1.0, 1.5, 1.5, 2.0)
"""What a pair must weigh, kind by kind, for a statement to be told: so much that four of five are right (see docs/quality.md)."""
FOLDS = 6
REGULAR = 0.1
"""How freely weights may grow (C of the regression)."""
RARE = 2
"""A sign that was seen less often weighs nothing."""
SMALL = 0.02
OWN = 2.0
NOTHING = (0.0, 0.0, 0.0, 0.0)

Key = tuple[str, str, str]


class Row(NamedTuple):
    """One pair of one sentence: the kind, its signs, whether the text tells it, and how much it counts."""

    kind: str
    signs: tuple[Sign, ...]
    told: bool
    counts: float


def own_sentences(language: str, registers: Registers) -> Iterator[Text]:
    """The project's own sentences, each an article that tells what the reader tells of it: they are a gate."""
    for name in ("spoken", "silent"):
        path = sentences.FOLDER / f"{language}-{name}.lines"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if path.exists() else ()):
            text = line.split(" | ", 1)[-1]
            bare = Text(f"{name}-{number}", language, sentences.PUBLISHED, text.encode(), {}, OWN)
            told = keys_of(read(bare, msgspec.structs.replace(registers, weights={})).statements)
            yield bare._replace(quotes={key: [text] for key in told})


def read(text: Text, registers: Registers, **how: Any) -> Reading:
    """An article as the reader takes it."""
    return read_article(article(text.id, text.raw, text.published, text.language), registers, **how)


def keys_of(statements: Iterable[Statement]) -> set[Key]:
    """What identifies the statements that labels know."""
    facts = (fact for each in statements if (fact := fact_of(each)))
    return {fact[:3] for fact in facts if fact.stance not in UNLABELLED}


def rows(text: Text, registers: Registers) -> list[Row]:
    """The pairs of an article. One of whom it tells the like elsewhere is left out: the sentence may tell it, too."""
    seen: list[tuple[Passage, str, tuple[Sign, ...], set[Key]]] = []

    def watch(passage: Passage, told: Told, found: list[Draft], words: Compiled, memory: Memory, weights: Weights) -> list[Draft]:
        dates = find_dates(passage.scene.folded, words.lexicon.dates, passage.published)
        for each in candidates(passage.scene, told, words, memory, weights, keep=True):
            kept = msgspec.structs.replace(memory)  # making an end of it leaves traces
            made = statements_of(making(passage, each.frame, [*told.frames, each.frame], words, kept, dates))
            seen.append((passage, each.kind, each.signs, keys_of(draft.statement for draft in made)))
        return found

    blank = Weights(language=text.language, bias=NOTHING, least=NOTHING, signs={})
    reading = read(text, msgspec.structs.replace(registers, weights={text.language: blank}), weigh=watch)
    places = {key: [_place(reading.text, quote) for quote in quotes] for key, quotes in text.quotes.items()}
    learnt = []
    for passage, kind, signs, keys in seen:
        here, right = passage.evidence, [place for key in keys & places.keys() for place in places[key]]
        told = any(begin < here.end and here.start < end for begin, end in right)
        if keys and (told or not right):
            learnt.append(Row(kind, signs, told, text.counts))
    return learnt


def _place(text: str, quote: str) -> tuple[int, int]:
    begin = text.find(quote)
    return (begin, begin + len(quote)) if begin >= 0 else (0, len(text))


def fit(language: str, learnt: list[Row]) -> Weights:
    """The weights that tell the pairs best, by a logistic regression for each kind."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    often = Counter(sign for row in learnt for sign in set(row.signs))
    vectorizer = DictVectorizer()
    vectorizer.fit([{sign: 1 for sign, count in often.items() if count >= RARE}])
    tables: dict[str, dict[str, list[float]]] = {}
    bias = []
    for number, kind in enumerate(KINDS):
        own = [row for row in learnt if row.kind == kind]
        regression = LogisticRegression(C=REGULAR, max_iter=2000)
        signs = vectorizer.transform([dict.fromkeys(row.signs, 1) for row in own])
        regression.fit(signs, [row.told for row in own], sample_weight=[row.counts for row in own])
        bias.append(round(float(regression.intercept_[0]), 3))
        for (where, sign), weight in zip(vectorizer.feature_names_, regression.coef_[0], strict=True):
            tables.setdefault(where, {}).setdefault(sign, [0.0] * len(KINDS))[number] = round(float(weight), 3)
    kept = {
        where: {sign: each for sign, each in table.items() if max(map(abs, each)) >= SMALL} for where, table in tables.items()
    }
    return msgspec.convert({"language": language, "bias": bias, "least": LEAST, "signs": kept}, Weights, strict=False)


def check(language: str, registers: Registers) -> None:
    """Prints precision and recall by kind, without weights and with weights learnt from other articles."""
    base = msgspec.structs.replace(registers, weights={})
    known = list(articles(language, registers))
    learnt = [rows(text, base) for text in known]
    own = [row for text in own_sentences(language, registers) for row in rows(text, base)]
    counts: Counter[tuple[str, str, str]] = Counter()
    for fold in range(FOLDS):
        weights = fit(language, own + [row for number, each in enumerate(learnt) if number % FOLDS != fold for row in each])
        weighed = msgspec.structs.replace(registers, weights={language: weights})
        for text in known[fold::FOLDS]:
            for how, used in (("triggers alone", base), ("weighed", weighed)):
                found = keys_of(read(text, used).statements)
                for key in found | text.quotes.keys():
                    outcome = "wrong" if key not in text.quotes else "right" if key in found else "missed"
                    counts[how, key[0], outcome] += 1
                    counts[how, "all", outcome] += 1
    _show(counts)


def _show(counts: Counter[tuple[str, str, str]]) -> None:
    print(f"{'':16}{'':24}{'right':>7}{'wrong':>7}{'missed':>7}{'precision':>11}{'recall':>8}")
    for how, lines in groupby(sorted({key[:2] for key in counts}), key=lambda pair: pair[0]):
        for _, kind in lines:
            right, wrong, missed = (counts[how, kind, outcome] for outcome in ("right", "wrong", "missed"))
            precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
            print(f"{how:16}{kind:24}{right:7}{wrong:7}{missed:7}{precision:11.2f}{recall:8.2f}")


def write(language: str, registers: Registers) -> None:
    """Writes the weights learnt from all articles of a language."""
    base = msgspec.structs.replace(registers, weights={})
    learnt = [row for text in (*articles(language, base), *own_sentences(language, base)) for row in rows(text, base)]
    weights = msgspec.to_builtins(fit(language, learnt))
    del weights["digest"]
    lines = json.dumps(weights, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    path = PROJECT / "config" / "weights" / f"{language}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(lines.replace('],"', '],\n"').replace("},", "},\n") + "\n", encoding="utf-8")
    print(f"{path}: {sum(map(len, weights['signs'].values()))} signs from {len(learnt)} pairs")


def main() -> None:
    """Learns the weights of one language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("language")
    parser.add_argument("--write", action="store_true", help="write the weights learnt from all articles")
    arguments = parser.parse_args()
    (write if arguments.write else check)(arguments.language, load_registers())


if __name__ == "__main__":
    main()
