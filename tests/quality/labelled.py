"""Labelled articles of the project, `tests/data/labelled/<language>.jsonl`: one a line, with its facts.

They were written for the tracker, in the manner of the press, to learn and to measure with; much in them is made up, and
nothing is evidence of what any body did. A fact has the type, institution and party of a statement (the
canonical English names), the stance, the date in EDTF where one can be told, and the words of the text that state it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from tests.quality.news import label_of
from tracker.registers import Registers

FOLDER = Path(__file__).parents[1] / "data" / "labelled"

Key = tuple[str, str, str]
"""Type, institution and party of a fact."""


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One fact as the file has it."""

    event_type: str
    institution: str
    entity: str
    stance: str
    date: str
    quote: str
    optional: bool = False
    """Whether one may argue about it: who tells it is not wrong, and who does not has missed nothing."""


class Article(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One article as the file has it; `published` is an ISO day, `source` the address of the report that it retells."""

    id: str
    published: str
    title: str
    text: str
    facts: tuple[Label, ...] = ()
    source: str = ""


class Text(NamedTuple):
    """An article with what it tells, and for each type, institution and party the words that state it."""

    id: str
    language: str
    published: str
    raw: bytes
    quotes: dict[Key, list[str]]
    optional: frozenset[Key] = frozenset()
    is_retold: bool = False
    """Whether it retells a report of the press."""


def articles(language: str, registers: Registers) -> Iterator[Text]:
    """The labelled articles of a language."""
    for line in (FOLDER / f"{language}.jsonl").read_text(encoding="utf-8").splitlines():
        article = msgspec.json.decode(line, type=Article)
        quotes: dict[Key, list[str]] = {}
        optional = set()
        for label in article.facts:
            key = label_of(registers, label.event_type, label.institution, label.entity, label.stance, None)[:3]
            if label.optional:
                optional.add(key)
            else:
                quotes.setdefault(key, []).append(label.quote)
        raw = f"{article.title}\n\n{article.text}".encode()
        only = frozenset(optional - quotes.keys())
        yield Text(article.id, language, article.published, raw, quotes, only, bool(article.source))
