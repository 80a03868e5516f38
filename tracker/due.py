"""When a watch is due, decided from what was issued before: a machine that slept issues once.

Times of day are local to the watch (`zone`). A time that falls twice on an autumn day counts the first time; one
that a spring day leaves out counts as long after midnight as the clock would have shown: no digest is lost or doubled.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, get_args
from zoneinfo import ZoneInfo

from events.operations import WatchTerms, Weekday
from events.watching import Watching

_HOUR: Final = timedelta(hours=1)
_WEEK: Final = timedelta(days=7)
WEEKDAYS: Final[tuple[str, ...]] = get_args(Weekday)


def is_due(
    watching: Watching, last: datetime | None, now: datetime, digest_at: time | None = None, looked: datetime | None = None
) -> bool:
    """Whether a digest may be issued now, the last one having been issued at `last`.

    Daily and weekly watches with a time of their own are due once that time has come, unless a run has `looked` since
    and found nothing to tell. The others are due once a calendar day, or seven days after the last digest, from
    `digest_at` (UTC) on where it is given.
    """
    terms = watching.terms
    if watching.paused or _is_quiet(terms, now):
        return False
    if terms.cadence == "immediate":
        return True
    if terms.cadence == "hourly":
        return last is None or now - last >= _HOUR
    if has_time(terms):
        begun = last or terms.since
        if looked is not None and (watching.begun_at is None or looked >= watching.begun_at):  # else at one of the same name
            begun = max(begun, looked)
        return latest_slot(terms, now) > begun
    if digest_at is not None and now.time() < digest_at:
        return False
    if last is None:
        return True
    if terms.cadence == "weekly":
        return now - last >= _WEEK
    return local_day(terms, last) < local_day(terms, now)


def has_time(terms: WatchTerms) -> bool:
    """Whether a watch is told at times of its own."""
    return terms.cadence in {"daily", "weekly"} and (terms.at is not None or terms.weekday is not None)


def local_day(terms: WatchTerms, moment: datetime) -> date:
    """The calendar day of a moment where the watcher is."""
    return moment.astimezone(ZoneInfo(terms.zone)).date()


def latest_slot(terms: WatchTerms, now: datetime) -> datetime:
    """The last time, up to now, at which a daily or weekly watch with a time of its own was due."""
    today = local_day(terms, now)
    # A week and a day: today's time may be still to come.
    return next(slot for back in range(9) for slot in _slot_on(terms, today - timedelta(days=back)) if slot <= now)


def slots(terms: WatchTerms, after: datetime, until: datetime) -> Iterator[datetime]:
    """Every time past one and up to another at which a daily or weekly watch is due."""
    day = local_day(terms, after)
    while day <= local_day(terms, until):
        yield from (slot for slot in _slot_on(terms, day) if after < slot <= until)
        day += timedelta(days=1)


def _slot_on(terms: WatchTerms, day: date) -> Iterator[datetime]:
    """The time at which a watch is due on a day, where it is due on that day at all."""
    if terms.cadence == "weekly" and WEEKDAYS[day.weekday()] != _weekday(terms):
        return
    at = time.fromisoformat(terms.at or "00:00")
    yield datetime.combine(day, at, ZoneInfo(terms.zone)).astimezone(UTC)


def _weekday(terms: WatchTerms) -> str:
    return terms.weekday or WEEKDAYS[local_day(terms, terms.since).weekday()]


def _is_quiet(terms: WatchTerms, now: datetime) -> bool:
    if terms.quiet is None:
        return False
    begin, end = quiet_hours(terms.quiet)
    local = now.astimezone(ZoneInfo(terms.zone)).time()
    return begin <= local < end if begin < end else local >= begin or local < end


def quiet_hours(text: str) -> tuple[time, time]:
    """Reads `22:00-07:00`; raises ValueError for anything else, and for hours that would be all or none of the day."""
    begin, dash, end = text.partition("-")
    if not dash:
        raise ValueError(f"{text!r} are not hours like 22:00-07:00")
    hours = (time_of_day(begin), time_of_day(end))
    if hours[0] == hours[1]:
        raise ValueError(f"{text!r} begins when it ends")
    return hours


def time_of_day(text: str) -> time:
    """Reads `08:00`; raises ValueError for anything else."""
    try:
        found = time.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None or len(text) != len("08:00"):
        raise ValueError(f"{text!r} is not a time of day like 08:00")
    return found
