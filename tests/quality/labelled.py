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


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One fact as the file has it."""

    event_type: str
    institution: str
    entity: str
    stance: str
    date: str
    quote: str


class Article(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One article as the file has it; `published` is an ISO day."""

    id: str
    published: str
    title: str
    text: str
    facts: tuple[Label, ...] = ()


class Text(NamedTuple):
    """An article with what it tells, and for each type, institution and party the words that state it."""

    id: str
    language: str
    published: str
    raw: bytes
    quotes: dict[tuple[str, str, str], list[str]]
    counts: float = 1.0
    """How much it counts among others to learn from."""


def articles(language: str, registers: Registers) -> Iterator[Text]:
    """The labelled articles of a language."""
    for line in (FOLDER / f"{language}.jsonl").read_text(encoding="utf-8").splitlines():
        article = msgspec.json.decode(line, type=Article)
        quotes: dict[tuple[str, str, str], list[str]] = {}
        for label in article.facts:
            fact = label_of(registers, label.event_type, label.institution, label.entity, label.stance, None)
            quotes.setdefault(fact[:3], []).append(label.quote)
        yield Text(article.id, language, article.published, f"{article.title}\n\n{article.text}".encode(), quotes)
