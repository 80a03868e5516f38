"""Reads the Entity List as the eCFR shows it on one day: Supplement No. 4 to 15 CFR Part 744.

The path: bytes -> tree -> rows (`ecfr_table`) -> entries, by the rules of `entity_table` and `entity_cell`
that rules are read by -> one JSON line each, which is the clean text. What a row says without being
understood is quarantined by name. The eCFR is a copy and never law: a daily copy states
nothing. A copy of the past states what stood in the list, so that a history can begin with it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from events.base import Evidence
from events.documents import Check, Quarantine
from events.snapshots import Cited, SnapshotEntry, in_order, to_lines
from events.statements import EntityFound, Statement
from tracker.readers.base import Document, Reading, UnreadableError
from tracker.readers.ecfr_names import bare_name
from tracker.readers.ecfr_table import LIST, Printed, read_printed
from tracker.readers.entity_cell import Entity, name_with_aliases, read_entity
from tracker.readers.entity_table import Entry, read_table
from tracker.readers.headings import Headings
from tracker.readers.rule_dates import CITED_DAY, cited_day
from tracker.registers import Registers

READER: Final = "ecfr"
VERSION: Final = 1
BASELINE: Final = "ecfr-baseline"
BASELINE_VERSION: Final = 1

MOST_WAITING: Final = 0.1
"""Where more of the rows than this cannot be read, the table itself is not what it was."""

_CITATION: Final = re.compile(
    rf"(?P<volume>\d{{1,3}})\s*F\.?\s?R\.?,?\s*(?P<page>\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(?:[,;.]?\s*{CITED_DAY})?",
    re.IGNORECASE,
)


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """An entry, and where its line stands in the clean text (code points)."""

    entry: SnapshotEntry
    start: int
    end: int


class _Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a copy of the list holds, and what of it is not understood."""

    entries: tuple[SnapshotEntry, ...]
    rows: int
    quarantined: tuple[Quarantine, ...]
    as_of: str | None


def read_ecfr(document: Document, registers: Registers) -> Reading:
    """Reads one day's copy of the list. Raises UnreadableError for anything that is none."""
    return _reading(document, _read(document, registers), READER, VERSION)


def read_ecfr_baseline(document: Document, registers: Registers) -> Reading:
    """Reads a copy of the past, with which a history begins that no rule on hand begins. Raises UnreadableError."""
    found = _read(document, registers)
    reading = _reading(document, found, BASELINE, BASELINE_VERSION)
    day = document.published or found.as_of
    if day is None:
        raise UnreadableError("the copy does not say of which day it is")
    return msgspec.structs.replace(reading, statements=_found_on(day[:10], placed(found.entries), registers))


def _found_on(day: str, entries: Sequence[Placed], registers: Registers) -> tuple[Statement, ...]:
    """What a baseline states: that each entry stood in the list on that day, with the documents it cites."""
    return tuple(
        EntityFound(
            evidence=Evidence(text="", start=one.start, end=one.end),
            list=LIST,
            destination=one.entry.destinations[0],
            name=one.entry.name,
            effective=day,
            country=registers.destinations.get(one.entry.destinations[0]),
            aliases=one.entry.aliases,
            addresses=one.entry.addresses,
            license_requirement=one.entry.license_requirement,
            review_policy=one.entry.review_policy,
            footnotes=one.entry.footnotes,
            citations=one.entry.citations,
        )
        for one in entries
    )


def placed(entries: Sequence[SnapshotEntry]) -> tuple[Placed, ...]:
    """The entries in the order of the clean text, each with its line's place in it."""
    found: list[Placed] = []
    start = 0
    for entry, line in in_order(entries):
        found.append(Placed(entry=entry, start=start, end=start + len(line)))
        start += len(line) + 1
    return tuple(found)


def _reading(document: Document, found: _Found, reader: str, version: int) -> Reading:
    counted = Check(name="entries", expected=str(found.rows), found=str(len(found.entries)), where=LIST)
    return Reading(
        reader=reader,
        reader_version=version,
        text=to_lines(found.entries),
        checks=(counted,),
        quarantined=found.quarantined,
        published=document.published or found.as_of,
        language="en",
    )


def _read(document: Document, registers: Registers) -> _Found:
    printed = read_printed(document.raw)
    headings = Headings(registers.destinations)
    entries: list[SnapshotEntry] = []
    lost = list(printed.quarantined)
    doubts: list[Quarantine] = []
    for row in read_table(printed.rows).entries:
        entry, waiting = _entry(row, headings)
        entries += [entry] if entry else []
        if waiting:
            (doubts if entry else lost).append(waiting)
    _check_shape(printed, entries, lost)
    unknown = _unknown_headings(entries, headings)
    return _Found(entries=tuple(entries), rows=printed.entries, quarantined=(*lost, *doubts, *unknown), as_of=printed.as_of)


def _check_shape(printed: Printed, entries: Sequence[SnapshotEntry], lost: Sequence[Quarantine]) -> None:
    if not entries and not lost:
        raise UnreadableError("the table of Supplement No. 4 has no entries")
    if len(lost) > max(3, MOST_WAITING * printed.entries):
        what = f"{len(lost)} of {printed.entries} rows of Supplement No. 4 cannot be read"
        raise UnreadableError(f"{what}; the first of them: {lost[0].reason}")


def _unknown_headings(entries: Sequence[SnapshotEntry], headings: Headings) -> Iterator[Quarantine]:
    """A heading that the register does not know is kept as printed; a person is to add it."""
    for heading in dict.fromkeys(heading for entry in entries for heading in entry.destinations):
        if headings.printed(heading) is None:
            yield Quarantine(list=LIST, reason="the heading is none of the destinations in lists.toml", destination=heading)


def _entry(row: Entry, headings: Headings) -> tuple[SnapshotEntry | None, Quarantine | None]:
    """One entry, unless it cannot be read; and what waits for a person: all of it, or a field stated as printed."""
    entity = read_entity(row.lines, None if name_with_aliases(row.lines) else bare_name(row.lines))
    destination = headings.printed(row.destination or "") or row.destination
    trouble = entity.trouble or ("the row stands under no destination" if destination is None else None)
    if trouble or destination is None:
        return None, Quarantine(list=LIST, reason=trouble or "", destination=destination, name=entity.name or None)
    citations, odd = read_citations(row.citation)
    entry = SnapshotEntry(
        list=LIST,
        name=entity.name,
        destinations=(destination,),
        aliases=entity.aliases,
        addresses=entity.addresses,
        license_requirement=row.requirement,
        review_policy=row.policy,
        footnotes=row.footnotes,
        citations=citations,
    )
    reasons = (entity.doubt, _miscounted(entity), None if row.requirement else "no license requirement is stated", odd)
    doubt = next((f"a field is stated as printed: {reason}" for reason in reasons if reason), None)
    return entry, Quarantine(list=LIST, reason=doubt, destination=destination, name=entity.name) if doubt else None


def _miscounted(entity: Entity) -> str | None:
    for count in entity.counts:
        if count.expected != count.found:
            return f"the row announces {count.expected} aliases and prints {count.found}"
    return None


def read_citations(text: str) -> tuple[tuple[Cited, ...], str | None]:
    """The citations of a cell, in whatever punctuation, and what is not understood of them.

    Seen: `84 FR 54004, 10/9/19.`, `78 FR 75463 12/12/13`, `86 FR 67319`, several with and without a stop between.
    """
    found: list[Cited] = []
    wrong: list[str] = []
    for one in _CITATION.finditer(text):
        day = cited_day(one)
        if day is None and (one["m"] or one["word"]):
            wrong.append(one.group())
        citation = f"{one['volume']} FR {one['page'].replace(',', '')}"
        found.append(Cited(citation=citation, published=day.isoformat() if day else None))
    rest = re.sub(r"\band\b", "", _CITATION.sub("", text)).strip(" ,;.")
    if not found or wrong or re.search(r"\w", rest):
        return tuple(found), f"the citation is not understood: {(wrong or [text])[0][:80]!r}"
    return tuple(found), None
