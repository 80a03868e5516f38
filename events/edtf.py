"""Dates as people state them: the part of EDTF (ISO 8601-2 level 0) that the tracker writes.

A day `2019-10-09`, a month `2019-10`, a year `2019`, an interval `2019-01-01/2019-10-09`, open at
either end (`/2019-10-09`, `2019-05/..`).
"""

import calendar
import re
from datetime import date, timedelta
from functools import lru_cache

import msgspec

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class Interval(msgspec.Struct, frozen=True, order=True):
    """The days between which something happened, both included."""

    earliest: date = date.min
    latest: date = date.max

    @property
    def days(self) -> int:
        """How many days it could be: 1 is precise."""
        return (self.latest - self.earliest).days + 1

    def overlaps(self, other: "Interval", slack: int = 0) -> bool:
        """Whether both could be one day, give or take `slack` days."""
        return (self.earliest - other.latest).days <= slack and (other.earliest - self.latest).days <= slack


@lru_cache(maxsize=1 << 14)
def parse(text: str) -> Interval:
    """Reads an EDTF date or interval; raises ValueError for anything else."""
    if "/" not in text:
        return _span(text)
    start, _, end = text.partition("/")
    earliest = date.min if start in {"", ".."} else _span(start).earliest
    latest = date.max if end in {"", ".."} else _span(end).latest
    if earliest > latest:
        raise ValueError(f"{text!r}: the interval ends before it begins")
    return Interval(earliest, latest)


def _span(text: str) -> Interval:
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not a date: write 2019-10-09, 2019-10, 2019 or two of them with / between")
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        if month is None:
            return Interval(date(year, 1, 1), date(year, 12, 31))
        if day is None:
            return Interval(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
        return Interval(date(year, month, day), date(year, month, day))
    except (ValueError, calendar.IllegalMonthError) as error:
        raise ValueError(f"{text!r} is not a date of the calendar: {error}") from None


def write(interval: Interval) -> str:
    """The shortest EDTF for an interval: whole days, months and years collapse."""
    if interval.earliest == interval.latest:
        return interval.earliest.isoformat()
    if interval.earliest == date.min:
        return f"/{interval.latest.isoformat()}"
    if interval.latest == date.max:
        return f"{interval.earliest.isoformat()}/.."
    for text in (interval.earliest.isoformat()[:7], interval.earliest.isoformat()[:4]):
        if _span(text) == interval:
            return text
    return f"{interval.earliest.isoformat()}/{interval.latest.isoformat()}"


def day_before(day: str) -> str:
    """The ISO day before an ISO day."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
