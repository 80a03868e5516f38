"""Learns what signs weigh from labelled articles: `python -m tests.quality.learn en [--write]` (needs scikit-learn).

Without `--write` each sixth of the articles is read with weights learnt from the others, so that what is
printed holds for articles not learnt from; with it `config/weights/<language>.json` is written from all.
The project's own sentences (`tests.quality.sentences`) are learnt from as well: they are a gate.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from typing import Any, NamedTuple

import msgspec

from events.statements import Report, Statement
from tests.quality import sentences
from tests.quality.labelled import Key, Text, articles
from tests.quality.news import PROJECT, article, fact_of, load_registers
from tracker.readers.article import read_article
from tracker.readers.base import Reading
from tracker.readers.compiled import Compiled
from tracker.readers.dates import Dated, find_dates
from tracker.readers.drafts import statements_of
from tracker.readers.frame import Frame
from tracker.readers.making import making
from tracker.readers.passage import Draft, Passage
from tracker.readers.scene import Memory
from tracker.readers.signs import Told, of_frame, of_trigger
from tracker.readers.trusting import UNLABELLED, is_doubted
from tracker.readers.weighing import candidates
from tracker.readers.weights import KINDS, Sign, Table, Weights
from tracker.registers import Registers

LEAST = {
    "de": (1.0, 1.0, 1.0, 0.7),
    "en": (1.3, 1.0, 1.3, 1.0),
    "es": (1.0, 0.5, 0.5, 1.3),
    "fr": (1.5, 0.5, 0.5, 0.7),
    "zh": (1.0, 0.5, 0.5, 0.7),
}
"""What a pair must weigh, kind by kind, for a statement to be told."""
CAUTIOUS = (1.5, 1.5, 1.5, 1.5)
"""The same for a language for which no other has proved better."""
TRUSTED = {"en": (-99.0, 0.0, 0.5, -99.0)}
"""What a trigger must weigh for its statement to be told."""
TRUSTFUL = (-99.0, 0.0, -99.0, -99.0)
"""The same in the other languages, whose triggers of responses are mostly right and too few to learn from."""
NEVER = (-99.0, -99.0, -99.0, -99.0)
REFUTED = {"en": (-99.0, -1.0, -4.0, -99.0), "zh": (-99.0, -1.0, -4.0, -99.0)}
"""What a pair weighs of which no doubted trigger is believed; in the other languages it took away as much that was right."""
HOPE = (-2.5, -2.5, -2.5, -2.5)
"""What a sentence must weigh alone for its pairs to be weighed, where a language has an encoder; takes 1 of 3,414 statements."""
GATE = -1.0
"""What a pair must weigh for the encoder to be asked, where a language has one."""
LEAST_READ = (1.3, 1.0, 1.0, 1.0)
"""What a pair must weigh for a statement to be told, with what the encoder adds."""
FOLDS = 6
REGULAR = 0.1
"""How freely weights may grow (C of the regression)."""
RARE = 2
"""A sign that was seen less often weighs nothing."""
SMALL = 0.03
OWN, RETOLD = 2.0, 3.0
"""How much the project's own sentences, and articles that retell a report of the press, count beside those that are made up."""
NOTHING = (0.0, 0.0, 0.0, 0.0)
WIDE = frozenset({"en"})
"""Languages in which pairs are weighed, too, of whom it is less sure that they are meant: those with an encoder."""
SHARE = (0.5, 1.0, 1.0, 1.0)
"""How much of what the encoder says counts, kind by kind."""
BLANK = Table(bias=NOTHING, least=NEVER, signs={})


class Row(NamedTuple):
    """One pair, or one trigger, of one sentence: the kind, its signs, whether the text tells it, and how much it counts."""

    kind: str
    signs: tuple[Sign, ...]
    told: bool
    counts: float


class Rows(NamedTuple):
    """What a text, or many, give to learn from."""

    pairs: list[Row]
    triggers: list[Row]


def own_sentences(language: str, registers: Registers) -> Iterator[Text]:
    """The project's own sentences, each an article that tells what the reader tells of it: they are a gate.

    Each stands once as a headline and once below another, so that neither place speaks for or against it.
    """
    for name in ("spoken", "silent"):
        path = sentences.FOLDER / f"{language}-{name}.lines"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if path.exists() else ()):
            sentence = line.split(" | ", 1)[-1]
            for text in (sentence, f"{sentences.TITLE}\n\n{sentence}"):
                bare = Text(f"{name}-{number}", language, sentences.PUBLISHED, text.encode(), {})
                told = keys_of(read(bare, registers).statements)
                yield bare._replace(quotes={key: [sentence] for key in told})


def read(text: Text, registers: Registers, **how: Any) -> Reading:
    """An article as the reader takes it."""
    return read_article(article(text.id, text.raw, text.published, text.language), registers, **how)


def keys_of(statements: Iterable[Statement]) -> set[Key]:
    """What identifies the statements that labels know."""
    facts = (fact for each in statements if (fact := fact_of(each)))
    return {fact[:3] for fact in facts if fact.stance not in UNLABELLED}


def rows(text: Text, registers: Registers, counts: float) -> Rows:
    """The pairs and triggers of an article, as far as it is known whether they tell anything."""
    learnt = Rows([], [])
    pairs: list[tuple[Passage, str, tuple[Sign, ...], set[Key]]] = []

    def watch(passage: Passage, told: Told, found: list[Draft], words: Compiled, memory: Memory, weights: Weights) -> list[Draft]:
        dates = find_dates(passage.scene.folded, words.lexicon.dates, passage.published)

        def keys_told(frame: Frame, frames: list[Frame]) -> set[Key]:
            return keys_of(made_of(passage, frame, frames, words, memory, dates)) - text.optional

        for each in candidates(passage.scene, told, words, memory, weights, keep=True):
            pairs.append((passage, each.kind, each.signs, keys_told(each.frame, [*told.frames, each.frame])))
        here = keys_of(draft.statement for draft in found)
        for frame in filter(is_doubted, told.frames):
            if keys := keys_told(frame, told.frames) & here:
                near = told.around(passage.scene, words, memory)
                own = of_frame(frame, passage.scene, near, words, memory)
                signs = tuple(dict.fromkeys((*of_trigger(frame), *near.signs, *own)))
                learnt.triggers.append(Row(frame.trigger.statement, signs, not keys.isdisjoint(text.quotes), counts))
        return found

    reading = read(text, msgspec.structs.replace(registers, weights={text.language: blank(text.language)}), weigh=watch)
    places = places_of(text, reading.text)
    for passage, kind, signs, keys in pairs:
        if keys and (told := is_told(passage, keys, places)) is not None:
            learnt.pairs.append(Row(kind, signs, told, counts))
    return learnt


def made_of(
    passage: Passage, frame: Frame, frames: list[Frame], words: Compiled, memory: Memory, dates: list[Dated]
) -> list[Report]:
    """What a frame would tell; making it leaves no trace in memory."""
    kept = msgspec.structs.replace(memory)
    return [draft.statement for draft in statements_of(making(passage, frame, frames, words, kept, dates))]


def blank(language: str) -> Weights:
    """Weights by which nothing weighs anything, so that all pairs of a text can be seen."""
    return Weights(language=language, pairs=BLANK, triggers=BLANK, refuted=NEVER, wide=language in WIDE)


def places_of(text: Text, clean: str) -> dict[Key, list[tuple[int, int]]]:
    """Where in the clean text each fact is quoted; the whole text where it does not stand as quoted."""

    def place(quote: str) -> tuple[int, int]:
        begin = clean.find(quote)
        return (begin, begin + len(quote)) if begin >= 0 else (0, len(clean))

    return {key: [place(quote) for quote in quotes] for key, quotes in text.quotes.items()}


def is_told(passage: Passage, keys: set[Key], places: dict[Key, list[tuple[int, int]]]) -> bool | None:
    """Whether a sentence tells one of some facts; None where only another is quoted for it: this one may tell it, too."""
    quoted = [place for key in keys & places.keys() for place in places[key]]
    here = passage.evidence
    return any(begin < here.end and here.start < end for begin, end in quoted) or (None if quoted else False)


def counts_of(text: Text) -> float:
    """How much an article counts beside others."""
    return RETOLD if text.is_retold else 1.0


def all_rows(language: str, registers: Registers) -> tuple[list[Text], list[Rows], Rows]:
    """The labelled articles, what each gives to learn from, and what the project's own sentences give."""
    known = list(articles(language, registers))
    own = [rows(text, registers, OWN) for text in own_sentences(language, registers)]
    return known, [rows(text, registers, counts_of(text)) for text in known], joined(own)


def joined(many: Iterable[Rows]) -> Rows:
    """The rows of many texts as those of one."""
    pairs, triggers = zip(*many, strict=True)
    return Rows(list(chain(*pairs)), list(chain(*triggers)))


def fit(language: str, learnt: Rows) -> Weights:
    """The weights that tell pairs and triggers best."""
    return Weights(
        language=language,
        pairs=_table(learnt.pairs, LEAST.get(language, CAUTIOUS)),
        triggers=_table(learnt.triggers, TRUSTED.get(language, TRUSTFUL)),
        refuted=REFUTED.get(language, NEVER),
        hope=HOPE if language in WIDE else NEVER,
        wide=language in WIDE,
        share=SHARE,
        gate=GATE,
        least_read=LEAST_READ,
    )


def _table(learnt: list[Row], least: tuple[float, ...]) -> Table:
    """A logistic regression for each kind."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    often = Counter(sign for row in learnt for sign in set(row.signs))
    vectorizer = DictVectorizer()
    vectorizer.fit([{sign: 1 for sign, count in often.items() if count >= RARE}])
    tables: dict[str, dict[str, list[float]]] = {}
    bias = [0.0] * len(KINDS)
    for number, kind in enumerate(KINDS):
        own = [row for row in learnt if row.kind == kind]
        if len({row.told for row in own}) < 2:
            continue  # nothing to tell apart
        regression = LogisticRegression(C=REGULAR, max_iter=2000)
        signs = vectorizer.transform([dict.fromkeys(row.signs, 1) for row in own])
        regression.fit(signs, [row.told for row in own], sample_weight=[row.counts for row in own])
        bias[number] = round(float(regression.intercept_[0]), 3)
        for (where, sign), weight in zip(vectorizer.feature_names_, regression.coef_[0], strict=True):
            tables.setdefault(where, {}).setdefault(sign, [0.0] * len(KINDS))[number] = round(float(weight), 2)
    kept = {
        where: {sign: each for sign, each in table.items() if max(map(abs, each)) >= SMALL} for where, table in tables.items()
    }
    return msgspec.convert({"bias": bias, "least": least, "signs": kept}, Table, strict=False)


def check(language: str, registers: Registers) -> None:
    """Prints precision and recall by kind, without weights and with weights learnt from other articles."""
    known, learnt, own = all_rows(language, registers)
    counts: Counter[tuple[str, str, str]] = Counter()
    for fold in range(FOLDS):
        weights = fit(language, joined([own, *(each for number, each in enumerate(learnt) if number % FOLDS != fold)]))
        weighed = msgspec.structs.replace(registers, weights={language: weights})
        for text in known[fold::FOLDS]:
            texts = "retold" if text.is_retold else "made up"
            for how, used in (("triggers alone", registers), ("weighed", weighed)):
                score(text, used, f"{texts}, {how}", counts)
    show(counts)


def score(text: Text, registers: Registers, how: str, counts: Counter[tuple[str, str, str]]) -> None:
    """Counts what of a text is right, wrong and missed as these registers read it, by kind and in all."""
    found = keys_of(read(text, registers).statements) - text.optional
    for key in found | text.quotes.keys():
        outcome = "wrong" if key not in text.quotes else "right" if key in found else "missed"
        counts[how, key[0], outcome] += 1
        counts[how, "all", outcome] += 1


def show(counts: Counter[tuple[str, str, str]]) -> None:
    """Prints how often what was right, wrong and missed, by how it was read and by kind."""
    print(f"{'':26}{'':24}{'right':>7}{'wrong':>7}{'missed':>7}{'precision':>11}{'recall':>8}")
    for how, lines in groupby(sorted({key[:2] for key in counts}), key=lambda pair: pair[0]):
        for _, kind in lines:
            right, wrong, missed = (counts[how, kind, outcome] for outcome in ("right", "wrong", "missed"))
            precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
            print(f"{how:26}{kind:24}{right:7}{wrong:7}{missed:7}{precision:11.2f}{recall:8.2f}")


def write(language: str, registers: Registers) -> None:
    """Writes the weights learnt from all articles of a language."""
    _, each, own = all_rows(language, registers)
    learnt = joined([own, *each])
    weights = msgspec.to_builtins(fit(language, learnt))
    del weights["digest"], weights["encoder"]
    lines = json.dumps(weights, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    path = PROJECT / "config" / "weights" / f"{language}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(lines.replace('],"', '],\n"').replace("},", "},\n") + "\n", encoding="utf-8")
    print(f"{path}: learnt from {len(learnt.pairs)} pairs and {len(learnt.triggers)} triggers")


def main() -> None:
    """Learns the weights of one language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("language")
    parser.add_argument("--write", action="store_true", help="write the weights learnt from all articles")
    arguments = parser.parse_args()
    (write if arguments.write else check)(arguments.language, load_registers(weighed=False))


if __name__ == "__main__":
    main()
