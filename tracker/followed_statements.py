"""What a copy states of a list that copies alone tell: its additions and revisions, and removals as proposals."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import msgspec

from events.base import Evidence
from events.documents import Quarantine
from events.following import Advance, Followed, Turned, differing, newly_cited, spans
from events.names import normalise
from events.snapshots import SnapshotEntry
from events.statements import EntityAdded, EntityRemoved, EntityRevised, Statement


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a copy of a day says of a list that was `known` so far.

    `again` are entries that are back after a person had accepted their removal.
    """

    list: str
    day: date
    known: Sequence[Followed]
    step: Advance
    again: Sequence[Turned] = ()


def statements(told: Told) -> tuple[Statement, ...]:
    """Additions, then revisions, then removals, each resting on the line of its entry."""
    return (*_added(told), *_revised(told), *_removed(told))


def removal_waits(list_id: str, gone: Followed) -> Quarantine:
    """The removal as it waits for a person."""
    where = destination(gone.entry)
    reason = f"missing from every copy since {gone.missing_since}"
    return Quarantine(list=list_id, change="removed", destination=where, name=gone.entry.name, reason=reason)


def destination(entry: SnapshotEntry) -> str:
    """Where an entry stands, as statements say it: the countries of its addresses, or nothing."""
    return ", ".join(entry.destinations)


def _added(told: Told) -> Iterator[EntityAdded]:
    places = spans(told.step.after)
    for one in told.step.added:
        yield _addition(told, one.entry, places[one], "")
    for back in told.again:
        yield _addition(told, back.after.entry, places[back.after], back.before.missing_since or "")


def _addition(told: Told, entry: SnapshotEntry, place: tuple[int, int], earliest: str) -> EntityAdded:
    return EntityAdded(
        evidence=Evidence(text="", start=place[0], end=place[1]),
        list=told.list,
        destination=destination(entry),
        name=entry.name,
        effective=_since(entry, told.day, earliest),
        country=_country(entry),
        aliases=entry.aliases,
        addresses=entry.addresses,
        license_requirement=entry.license_requirement,
        review_policy=entry.review_policy,
        footnotes=entry.footnotes,
        citation=entry.citations[0].citation if entry.citations else None,
    )


def _since(entry: SnapshotEntry, day: date, earliest: str) -> str:
    """The day from which the source says it is listed; the copy's, where it says none that can be."""
    try:
        start = date.fromisoformat(entry.start or "").isoformat()
    except ValueError:
        return day.isoformat()
    # What the copy shows is listed by its day. An entry that was removed is not listed as of before that.
    return start if earliest <= start <= day.isoformat() else day.isoformat()


def _country(entry: SnapshotEntry) -> str | None:
    return entry.destinations[0] if len(entry.destinations) == 1 else None


def _revised(told: Told) -> Iterator[EntityRevised]:
    places, namesakes = spans(told.step.after), _namesakes(told)
    for one in told.step.revised:
        if one in told.again:
            continue  # it is added anew, as it reads now
        before, after = one.before.entry, one.after.entry
        start, end = places[one.after]
        changed: dict[str, Any] = _changes(before, after)
        if namesakes[_addressed(before)] > 1:
            changed.setdefault("addresses", after.addresses)  # by which it is told from the other of its name
        yield EntityRevised(
            evidence=Evidence(text="", start=start, end=end),
            list=told.list,
            destination=destination(before),
            name=before.name,
            effective=told.day.isoformat(),
            **changed,
        )


def _namesakes(told: Told) -> Counter[tuple[str, str]]:
    """How many entries a statement may mean that names no more than place and name."""
    return Counter(_addressed(one.entry) for one in told.known)


def _addressed(entry: SnapshotEntry) -> tuple[str, str]:
    """By what a statement finds its entry."""
    return (destination(entry), normalise(entry.name))


def _changes(before: SnapshotEntry, after: SnapshotEntry) -> dict[str, Any]:
    """The fields of a revision; a text that went is empty, since what is not stated stays as it was."""
    stated: dict[str, Any] = {}
    for field in differing(before, after):
        if field == "name":
            stated["new_name"] = after.name
        elif field == "destinations":
            stated["new_destination"], stated["new_country"] = destination(after), _country(after)
        elif field == "citations":
            stated["citation"] = newly_cited(before, after)[-1]
        else:
            value = getattr(after, field)
            stated[field] = "" if value is None else value
    return stated


def _removed(told: Told) -> Iterator[EntityRemoved]:
    places, namesakes = spans(told.step.after), _namesakes(told)
    for one in told.step.gone:
        start, end = places[one]
        yield EntityRemoved(
            evidence=Evidence(text="", start=start, end=end),
            list=told.list,
            destination=destination(one.entry),
            name=one.entry.name,
            effective=one.missing_since or told.day.isoformat(),
            addresses=one.entry.addresses if namesakes[_addressed(one.entry)] > 1 else None,
            standing="proposed",
        )
