"""Quotes, read from the archive when they are shown; events hold only where they stand."""

from collections.abc import Iterable
from functools import lru_cache

import msgspec

from projections.rows import Entry
from tracker.archive import Archive


def with_quotes(entries: Iterable[Entry], archive: Archive) -> list[Entry]:
    """The entries with each evidence's words."""
    text = lru_cache(maxsize=64)(archive.text)
    quoted = []
    for entry in entries:
        evidence = tuple(msgspec.structs.replace(one, quote=text(one.text)[one.start : one.end]) for one in entry.evidence)
        quoted.append(msgspec.structs.replace(entry, evidence=evidence))
    return quoted


def surroundings(text: str, start: int, end: int, around: int = 160) -> tuple[str, str, str]:
    """What stands before a quote, the quote, and what stands after; cut at words."""
    before, after = text[max(0, start - around) : start], text[end : end + around]
    if start > around:
        before = "…" + before.partition(" ")[2]
    if end + around < len(text):
        after = after.rpartition(" ")[0] + "…"
    return before, text[start:end], after
