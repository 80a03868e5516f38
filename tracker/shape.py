"""What an answer of a source looks like, and whether that is as usual. Pure.

Only answers that were sound before are compared with, of the last 30 days: at least `ENOUGH`, over `KNOWN_FOR`.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Literal

import msgspec

ENOUGH: Final = 5
KNOWN_FOR: Final = timedelta(days=3)
REMEMBERED: Final = timedelta(days=30)
_LEAST: Final = 4
"""Answers that had fewer entries than this tell nothing by having still fewer."""


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """How many entries an answer has, and how many of them have what is relied on: a link, a title, a date, a text."""

    entries: int
    having: dict[str, int] = {}


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """What is the matter with a source, in words; with the address asked and the digest of the answer where there are any.

    `entries` and `usual` are of one that has shrunk.
    """

    kind: Literal["failed", "shrunk", "changed"]
    words: str
    url: str | None = None
    raw: str | None = None
    entries: int | None = None
    usual: int | None = None


def trouble_in(shape: Shape, sound: Sequence[Shape], *, has_minimum: bool) -> Trouble | None:
    """What is the matter with an answer, by those that were sound; none when too few are known.

    A part that every entry had and most lack is a change of shape, half the least number of entries a shrinking;
    where the settings name a minimum, that one counts instead.
    """
    if len(sound) < ENOUGH:
        return None
    if missing := _missing(shape, sound):
        words = f"most of its {shape.entries} entries lack what all had: {', '.join(missing)}"
        return Trouble(kind="changed", words=words)
    least = min(one.entries for one in sound)
    if not has_minimum and least >= _LEAST and shape.entries < least / 2:
        words = f"it holds {shape.entries} entries; lately it never held less than {least}"
        return Trouble(kind="shrunk", words=words, entries=shape.entries, usual=least)
    return None


def _missing(shape: Shape, sound: Sequence[Shape]) -> list[str]:
    """The parts that all entries of sound answers had and most entries lack now."""
    return [
        part
        for part in sorted(shape.having)
        if shape.having[part] < shape.entries / 2 and all(one.having.get(part) == one.entries for one in sound)
    ]
