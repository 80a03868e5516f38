"""The `ics:FILE` channel: the days on which changes of lists take effect or end, as a calendar (RFC 5545)."""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
from icalendar import Calendar, Event, Timezone, TimezoneStandard

from events import edtf
from events.lineage import day_after
from tracker.deliver.base import Issued, Means, Parcel
from tracker.deliver.folders import held, replaced
from tracker.deliver.told import Item, Line, told
from tracker.lines import one_line

_OTHERS: Final = frozenset({"entity-responded", "entity-found"})  # what a party said, and what was there already

_END: Final = {"entity-added": "entity-expired", "entity-suspended": "entity-reinstated", "rule-in-force": "rule-ended"}
"""Type of change -> type of the change that its end will be."""


MOST: Final = 1000
"""Days in a file: to write one takes a quarter of a millisecond, and programs that subscribe read all of them anew."""


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the calendar. `sequence` counts how often its date or its being changed."""

    day: date
    words: str
    told_at: datetime
    sequence: int = 0
    cancelled: bool = False


def deliver_to_calendar(parcel: Parcel, target: str, means: Means) -> str:
    """Writes the calendar anew from the digests issued to it, whole or not at all."""
    path = Path(target)
    with held(path):
        now = means.clock.now()
        days = nearest(calendar_days(parcel), now.date(), MOST)
        replaced(path, as_calendar(f"Regulatory changes: {parcel.watch}", days, now))
    return f"{path.name}: {len(days)} days"


def calendar_days(parcel: Parcel) -> dict[str, Day]:
    """UID -> day, all digests told again from the first: whatever failed before, the numbers come out the same."""
    # Newest first, as they are read: of years of digests only the lines are held, and not the digests.
    found = [one for issued in parcel.all_issued() for one in reversed(list(_lines(issued)))]
    days: dict[str, Day] = {}
    for uid, day, line, at in reversed(found):
        days[uid] = _followed(days.get(uid), day, line, at)
    return days


def _lines(issued: Issued) -> Iterator[tuple[str, date, Line, datetime]]:
    """What a digest tells of days, in order, and under which ids."""
    for item in told(issued.json).items():
        for line in (item.change, *_ends(item)):
            day = _day_of(line)
            if day is not None:
                yield _uid(item, line), day, line, issued.at


def nearest(days: dict[str, Day], today: date, most: int) -> dict[str, Day]:
    """So many of the days: those to come, the next one first, then those that are over, the last one first."""

    def order(one: tuple[str, Day]) -> tuple[bool, timedelta]:
        away = one[1].day - today
        return (away < timedelta(0), abs(away))

    return dict(sorted(days.items(), key=order)[:most])


def _ends(item: Item) -> Iterator[Line]:
    """The end that an official source states in advance; when it comes, it is a change of the same fact and type."""
    line = item.change
    stated = [one.details.get("until") for one in item.evidence if one.type == line.type]
    last = stated[-1] if stated else None
    if line.type in _END and line.kind != "effect" and isinstance(last, str):
        words = f"after {last} no longer so: {line.summary}"
        yield msgspec.structs.replace(line, type=_END[line.type], date=day_after(last), day=None, summary=words)


def _day_of(line: Line) -> date | None:
    """The day of a change of a list, or of a rule's term; None for other changes and for dates that are no day."""
    if not line.type.startswith(("entity-", "rule-")) or line.type in _OTHERS:
        return None
    try:
        interval = edtf.parse(line.day or line.date)
    except ValueError:
        return None
    return interval.earliest if interval.days == 1 else None


def _uid(item: Item, line: Line) -> str:
    """Of the amendment that brings the day: announced, learnt or in effect, it is the same one.

    Digests of long ago name it by what takes effect; what was learnt of an entry they name by the entry, and their
    evidence has the amendment. Without any, the day or document tells one revision from the other.
    """
    mine = [one.claim for one in item.evidence if one.type == item.change.type and one.claim]
    if line.claim:
        return uid_of(line.claim, line.type)
    if line.kind == "effect" or not mine:
        apart = (line.document or line.day or "") if line.type == "entity-revised" and line.kind != "effect" else ""
        return uid_of(line.fact, line.type, apart)
    return uid_of(mine[-1], line.type)


def uid_of(claim: str, topic: str, apart: str = "") -> str:
    """The id of a day in any calendar, for good: of an amendment, and of what it brings."""
    named = hashlib.sha256(f"{claim}\n{topic}\n{apart}".encode()).hexdigest()[:32]
    return f"{named}@regulatory-change-tracker.invalid"


def _followed(before: Day | None, day: date, line: Line, at: datetime) -> Day:
    cancelled = line.kind == "withdrawn"
    if before is None:
        return Day(day=day, words=line.words, told_at=at, cancelled=cancelled)
    moved = (day, cancelled) != (before.day, before.cancelled)
    return Day(day=day, words=line.words, told_at=at, sequence=before.sequence + moved, cancelled=cancelled)


def as_calendar(title: str, days: dict[str, Day], now: datetime | None = None) -> bytes:
    """A calendar of all-day events; without `now`, each is stamped with when it was told, so that the same is the same."""
    calendar = Calendar()
    calendar.add("prodid", "-//regulatory-change-tracker//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", one_line(title))
    for uid, day in sorted(days.items(), key=lambda one: (one[1].day, one[0])):
        event = Event()
        event.add("uid", uid)
        event.add("dtstamp", now or day.told_at)
        event.add("dtstart", day.day)
        event.add("dtend", day.day + timedelta(days=1))  # the end is not part of it
        event.add("summary", day.words)
        event.add("sequence", day.sequence)
        event.add("last-modified", day.told_at)
        event.add("status", "CANCELLED" if day.cancelled else "CONFIRMED")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    if not days:
        calendar.add_component(_universal_time())
    return bytes(calendar.to_ical())


def _universal_time() -> Timezone:
    """What an empty calendar holds: RFC 5545 wants one component at the least, and this one no client shows.

    Leaving the file out instead, or answering 204, is an error to whoever subscribed to it, and an event that says
    that there is none would stand in people's days.
    """
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "UTC")
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - local time is what the standard wants here
    standard.add("tzoffsetfrom", timedelta(0))
    standard.add("tzoffsetto", timedelta(0))
    standard.add("tzname", "UTC")
    zone.add_component(standard)
    return zone
