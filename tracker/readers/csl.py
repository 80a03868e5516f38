"""Reads the Consolidated Screening List: each list that `lists.toml` names becomes a part of one snapshot.

The text of the reading is the snapshot (`events.snapshots`); nothing is stated, since a copy is never
law. What matters besides are the counts: one check a list, so that a list that collapses overnight is
seen, one a list that nobody named, and one that fails where a list seems to go by another label.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Final

from msgspec import UnsetType

from events.documents import Check
from events.snapshots import SnapshotEntry, to_lines
from events.statements import Alias, Cited
from tracker.readers.base import Document, Reading, UnreadableError
from tracker.readers.csl_file import Address, File, Record, clean, parts, performed_at, read_csv, read_json, said_by_list
from tracker.registers import Registers

READER: Final = "csl"
VERSION: Final = 1
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_CITATION: Final = re.compile(
    r"(?P<volume>\d+)\s*F\.?\s*R\.?\s*(?P<page>\d{1,3}(?:,\d{3})+\b|\d+)"
    r"(?:\s*\(?(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4}|\d{2})\b)?"
)
_CENTURY: Final = 50
"""Two digits from here on are a year of the last century: the oldest orders in the file are of its seventies."""
_KEEPS_ITS_STOP: Final = re.compile(
    r"(?:\b(?:\w|Ltd|Co|Inc|Corp|Est|Bros|Cie|Pte|Pvt|Sdn|Bhd|Jr|Sr|Sti|Tic|San)|\.\w+)\.", re.IGNORECASE
)
_ABBREVIATION: Final = re.compile(r"\((?:NS-)?([A-Z]+)(?: List)?\)")


def read_csl(document: Document, registers: Registers) -> Reading:
    """Reads one version of the file; raises UnreadableError when it is damaged, empty or of another shape."""
    if not document.raw.strip():
        raise UnreadableError("the file is empty")
    if document.raw.lstrip()[:200].lower().startswith((b"<!doctype html", b"<html")):
        raise UnreadableError("it is an HTML page, perhaps a login, and not the screening list")
    file = read_csv(document.raw) if document.rendition == "csv" else read_json(document.raw)
    if not file.results:
        raise UnreadableError("the file holds no records")
    lists = {one.csl: one.id for one in registers.lists if one.csl}
    found = Counter(record.source or "" for record in file.results)
    if not any(label in found for label in lists):
        label = next((label for label in found if label), "")
        raise UnreadableError(f"none of its lists is one that lists.toml names (csl = ...): its first is {label!r}")
    entries = [
        _entry(lists[record.source], record)
        for record in file.results
        if record.source in lists and isinstance(record.name, str) and record.name.strip()
    ]
    made = performed_at(file.search_performed_at)
    return Reading(
        reader=READER,
        reader_version=VERSION,
        text=to_lines(entries),
        checks=(*_counts(entries, lists, found), *_own_counts(file), *_labels(lists, found)),
        title="Consolidated Screening List",
        published=made.isoformat() if made else None,
        available=made,
        language="en",
    )


def _entry(list_id: str, record: Record) -> SnapshotEntry:
    addresses = record.addresses or []
    countries = {address.country.strip() for address in addresses if address.country and address.country.strip()}
    if record.country and record.country.strip():
        countries.add(record.country.strip())
    key = next((one for one in (record.id, record.other_id, record.entity_number) if one not in {None, ""}), None)
    start = _DAY.match(record.start_date or "")
    return SnapshotEntry(
        list=list_id,
        name=_clean(record.name) or "",
        destinations=tuple(sorted(countries)),
        key=None if key is None else str(key),
        aliases=tuple(Alias(name=name) for name in _aliases(record.alt_names or ())),
        addresses=tuple(dict.fromkeys(part for address in addresses for part in _printed(address))),
        license_requirement=_clean(record.license_requirement),
        review_policy=_clean(record.license_policy),
        citations=_citations(record.federal_register_notice or ""),
        start=start[0] if start else None,
    )


def _clean(text: str | UnsetType | None) -> str | None:
    """The words of a field with single blanks; None when there are none."""
    return clean(text) or None if text else None


def _printed(address: Address) -> list[str]:
    """The address without its country; one field of it may hold several, "a; and b"."""
    fields = (address.address, address.city, address.state, address.postal_code)
    return parts(", ".join(field for one in fields if one is not None and (field := str(one).strip())))


def _aliases(told: str | Iterable[str]) -> Iterable[str]:
    """The other names, each once; the stop after "a; b; and c." goes unless it is part of a name."""
    found: dict[str, None] = {}
    for text in (told,) if isinstance(told, str) else told:
        names = parts(text)
        last = names[-1] if names else ""
        joined = re.search(r";\s+and\s", text)
        if joined and last.endswith(".") and (last.endswith("..") or not _KEEPS_ITS_STOP.search(last[-6:])):
            names[-1] = last[:-1]
        found.update(dict.fromkeys(names))
    return found


def _citations(notice: str) -> tuple[Cited, ...]:
    """The citations in a notice, each once: "84 FR 54002; 85 F.R. 12345 10/9/20 and (see) 66 FR 24266"."""
    found: dict[str, Cited] = {}
    for one in _CITATION.finditer(notice):
        citation = f"{int(one['volume'])} FR {int(one['page'].replace(',', ''))}"
        found.setdefault(citation, Cited(citation=citation, published=_day(one)))
    return tuple(found.values())


def _day(found: re.Match[str]) -> str | None:
    """The day printed after a citation; None when there is none, or no such day."""
    if not found["year"]:
        return None
    year = int(found["year"])
    if year < 100:
        year += 1900 if year >= _CENTURY else 2000
    try:
        return date(year, int(found["month"]), int(found["day"])).isoformat()
    except ValueError:
        return None


def _counts(entries: list[SnapshotEntry], lists: dict[str, str], found: Counter[str]) -> Iterable[Check]:
    """How many entries each named list has, none included; and how many records of it have no name."""
    counted = Counter(entry.list for entry in entries)
    for label, list_id in lists.items():
        number = str(counted[list_id])
        yield Check(name="entries", expected=number, found=number, where=list_id)
        if nameless := found[label] - counted[list_id]:
            yield Check(name="without-name", expected="0", found=str(nameless), where=list_id)


def _own_counts(file: File) -> Iterable[Check]:
    """The numbers that the JSON states of itself; where they differ it was not read at all."""
    if isinstance(file.total, int):
        yield Check(name="total", expected=str(file.total), found=str(len(file.results)))
    if said := said_by_list(file):
        yield Check(name="sources", expected=str(len(said)), found=str(len({one.source or "" for one in file.results})))


def _labels(lists: dict[str, str], found: Counter[str]) -> Iterable[Check]:
    """The lists that nobody named; and where one of them goes by the letters of a named list without records."""
    lost = {letters[1]: label for label in lists if label not in found and (letters := _ABBREVIATION.search(label))}
    for label, number in sorted(found.items()):
        if label in lists:
            continue
        yield Check(name="other-lists", expected=str(number), found=str(number), where=label or "without a source")
        letters = _ABBREVIATION.search(label)
        if letters and letters[1] in lost:
            named = lost[letters[1]]
            yield Check(name="label", expected=named, found=label, where=lists[named])
