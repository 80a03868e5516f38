"""Prints precision and recall of the news reader by language and type: `python -m tests.quality.news [-v]`.

Two sets of labelled texts are used where they are present beside the project: the corpus of articles
(`../shared/corpus/news`) and the items of the simulated outlets (`../shared/world`). A fact is found
when type, institution and party agree; dates and extents are scored apart, among the found ones.
Then the project's own sentences of `tests/data/articles` (see `tests.quality.sentences`).
"""

import argparse
import importlib
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from events import edtf
from events.statements import InstitutionResponded, ListingReported, Statement, TieEnded, TieReported
from tests.quality import sentences as own_sentences
from tracker.config import load_config
from tracker.readers.article import read_article
from tracker.readers.base import Document
from tracker.readers.trusting import UNLABELLED
from tracker.registers import Registers

PROJECT = Path(__file__).parents[2]
SHARED = PROJECT.parent / "shared"
TYPES = {
    "ListingReported": "listing-reported",
    "TiesEnded": "tie-ended",
    "InstitutionResponded": "institution-responded",
    "TiesDeclared": "tie-reported",
}
STANCES = {
    "review": "reviewing",
    "review-all": "reviewing",
    "considers-ending": "considering",
    "restricts": "restricting",
    "resumes": "resuming",
}
EXTENTS = {
    "ended": {"all", "partial", "funding"},
    "no-new": {"new-engagements", "renewals"},
    "not-renewed": {"new-engagements", "renewals", "funding"},
    "suspended": {"suspended"},
}


class Fact(NamedTuple):
    """A labelled fact: what identifies it, its stance, its interval and whether its begin counts."""

    kind: str
    institution: str
    party: str
    stance: str
    date: edtf.Interval | None


class Item(NamedTuple):
    """A labelled text; `optional` facts count neither way."""

    name: str
    language: str
    raw: bytes
    published: str
    facts: tuple[Fact, ...]
    optional: tuple[Fact, ...] = ()
    is_world: bool = False


def load_registers(folder: Path = PROJECT / "config", *, weighed: bool = True) -> Registers:
    """The registers, lexicons and weights of a folder of configuration; not `weighed` without the last."""
    registers = load_config(folder).registers
    return registers if weighed else msgspec.structs.replace(registers, weights={})


def corpus(registers: Registers) -> Iterator[Item]:
    """The labelled articles in languages with a lexicon."""
    folder = SHARED / "corpus" / "news"
    facts = _labels(folder / "labels.jsonl", registers)
    optional = _labels(folder / "optional.jsonl", registers)
    for path in [*sorted((folder / "articles").glob("*.txt")), folder / "seed-en.txt", folder / "seed-fr.txt"]:
        raw = path.read_bytes()
        header = dict(line.split(": ", 1) for line in raw.decode().split("\n")[:4] if ": " in line)
        if header["LANG"] in registers.lexicons:
            yield Item(path.name, header["LANG"], raw, header["DATE"], tuple(facts[path.name]), tuple(optional[path.name]))


def _labels(path: Path, registers: Registers) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = defaultdict(list)
    for line in path.read_text().splitlines():
        label = json.loads(line)
        if label["event_type"]:
            found[label["file"]].append(
                label_of(
                    registers,
                    label["event_type"],
                    label["institution"],
                    label["entity"],
                    label["stance"],
                    edtf.parse(label["date"]),
                )
            )
    return found


def world(registers: Registers) -> Iterator[Item]:
    """The items of the simulated outlets in languages with a lexicon, invented ones of some seeds included."""
    sys.path.insert(0, str(SHARED / "world"))
    items: Any = importlib.import_module("simworld.news_items")
    util: Any = importlib.import_module("simworld.util")
    texts = list(items.ITEMS)
    for seed in range(1, 4):
        texts += [dict(each, id=f"{each['id']}-{seed}") for each in items.generated(util.rng("gen", seed))]
    for item in texts:
        language = items.OUTLETS[item["outlet"]]["lang"]
        if language not in registers.lexicons or "exclude" in item.get("flags", []):
            continue
        facts = tuple(
            label_of(
                registers,
                fact["type"],
                fact["institution"],
                fact["entity"],
                fact["stance"],
                edtf.parse(("" if fact.get("open_start") else fact["earliest"]) + "/" + fact["latest"]),
            )
            for fact in item["facts"]
        )
        text = item["title"] + "\n\n" + "\n\n".join(item["paras"])
        yield Item(item["id"], language, text.encode(), item["when"][:10], facts, is_world=True)


def label_of(registers: Registers, kind: str, institution: str, entity: str, stance: str, date: edtf.Interval | None) -> Fact:
    """A label in the shape that statements are compared in, with ids where the registers hold the names."""
    who = "" if kind == "ListingReported" else _known(registers.institutions, institution)
    against = "*" if entity == "*EntityList*" else _known(registers.parties, entity)
    against = _words(against) if " " in against else against
    return Fact(TYPES[kind], who, against, stance or "", date)


def _known(entries: Any, name: str) -> str:
    for entry in entries:
        if name.casefold() in {each.casefold() for each in (entry.name, *entry.names, entry.id)}:
            return str(entry.id)
    return name.casefold().removeprefix("l'").replace("the ", "")


def _words(name: str) -> str:
    """The words of a name whatever their order: "affiliates of Huawei" is "Huawei affiliates"."""
    return " ".join(sorted(set(name.casefold().split()) - {"of"}))


def fact_of(statement: Statement) -> Fact | None:
    """A statement in the shape of a label; None for what is not labelled."""
    kind, date = statement.topic(), None
    if isinstance(statement, ListingReported | InstitutionResponded | TieReported | TieEnded) and statement.date:
        date = edtf.parse(statement.date)
    match statement:
        case ListingReported():
            return Fact(kind, "", statement.party or _words(statement.party_name), statement.change, date)
        case InstitutionResponded():
            who = statement.institution or statement.institution_name.casefold().removeprefix("l'")
            return Fact(kind, who, "*" if statement.scope else statement.party or "?", statement.stance, date)
        case TieReported():
            who = statement.institution or statement.institution_name.casefold()
            return Fact(kind, who, statement.party or "?", statement.kind, date)
        case TieEnded():
            who = statement.institution or statement.institution_name.casefold().removeprefix("l'")
            return Fact(kind, who, statement.party or "?", " ".join(statement.extent), date)
    return None


def article(key: str, raw: bytes, published: str, language: str) -> Document:
    """A text as the document of an outlet."""
    return Document(
        source="quality", kind="article", key=key, url="", rendition="text", raw=raw, published=published, language=language
    )


def score(items: list[Item], registers: Registers, verbose: bool) -> dict[tuple[str, str], Counter[str]]:
    """Counts by language and type: right, wrong, missed, and of the right ones date and stance."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for item in items:
        reading = read_article(article(item.name, item.raw, item.published, item.language), registers)
        found = list({(f.kind, f.institution, f.party, f.date): f for s in reading.statements if (f := fact_of(s))}.values())
        _compare(item, found, counts, verbose)
    return counts


def _compare(item: Item, found: list[Fact], counts: dict[tuple[str, str], Counter[str]], verbose: bool) -> None:
    wanted = {fact[:3]: fact for fact in item.facts}
    optional = {fact[:3] for fact in item.optional}
    seen = set()
    for fact in found:
        count = counts[item.language, fact.kind]
        label = wanted.get(fact[:3])
        if label is None:
            # The simulated press does not label who only considers an end.
            unlabelled = fact.stance in UNLABELLED or (item.is_world and fact.stance == "considering")
            if fact[:3] not in optional and not unlabelled:
                count["wrong"] += 1
                if verbose:
                    print(f"  wrong   {item.language} {item.name}: {fact.kind} {fact.institution} {fact.party} {fact.stance}")
            continue
        if fact[:3] in seen:
            continue
        seen.add(fact[:3])
        count["right"] += 1
        dated = fact.date is not None and label.date is not None and fact.date.overlaps(label.date)
        stanced = _stance_fits(fact, label)
        count["date"] += dated
        count["stance"] += stanced
        if verbose and not (dated and stanced):
            print(f"  differs {item.language} {item.name}: {fact} != {label.stance} {label.date}")
    for key in wanted.keys() - seen:
        counts[item.language, key[0]]["missed"] += 1
        if verbose:
            print(f"  missed  {item.language} {item.name}: {' '.join(key)} {wanted[key].stance}")


def _stance_fits(fact: Fact, label: Fact) -> bool:
    if fact.kind == "tie-ended":
        return bool(set(fact.stance.split()) & EXTENTS[label.stance])
    if fact.kind == "institution-responded":
        return STANCES.get(label.stance) == fact.stance
    return True


def show(title: str, counts: dict[tuple[str, str], Counter[str]]) -> None:
    """Prints one table: each language by type, and all of it."""
    print(f"\n{title}\n{'':28}{'right':>6}{'wrong':>6}{'missed':>7}{'precision':>10}{'recall':>8}{'dates':>7}{'stance':>7}")
    total: Counter[str] = Counter()
    for language, rows in groupby(sorted(counts.items()), key=lambda row: row[0][0]):
        whole: Counter[str] = Counter()
        for (_, kind), count in rows:
            _row(f"{language} {kind}", count)
            whole.update(count)
        _row(f"{language} all", whole)
        total.update(whole)
    _row("all", total)


def _row(name: str, count: Counter[str]) -> None:
    right, wrong, missed = count["right"], count["wrong"], count["missed"]
    figures = [
        part / whole if whole else 1.0
        for part, whole in ((right, right + wrong), (right, right + missed), (count["date"], right), (count["stance"], right))
    ]
    print(f"{name:28}{right:6}{wrong:6}{missed:7}{figures[0]:10.2f}{figures[1]:8.2f}{figures[2]:7.2f}{figures[3]:7.2f}")


def main() -> None:
    """Scores every labelled set that is present."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-v", "--verbose", action="store_true", help="print every difference")
    verbose = parser.parse_args().verbose
    registers = load_registers()
    for title, folder, load in (("corpus", SHARED / "corpus", corpus), ("world", SHARED / "world", world)):
        if not folder.exists():
            print(f"{title}: not present at {folder}")
            continue
        items = list(load(registers))
        # What a run prepares once for each language is not timed.
        score(list({item.language: item for item in items}.values()), registers, verbose=False)
        begin = time.process_time()
        counts = score(items, registers, verbose)
        spent = time.process_time() - begin
        show(f"{title}: {len(items)} texts, {len(items) / spent:.0f} a second of one core, scoring included", counts)
    own_sentences.show(registers, verbose)


if __name__ == "__main__":
    main()
