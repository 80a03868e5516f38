"""Hours in which a source is asked: "08:45-18:00", "Mon-Fri 08:45-18:00", "Sat,Sun 22:00-02:00". Pure."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WINDOW: Final = re.compile(
    r"(?:(?P<days>[A-Za-z, -]+?)\s+)?(?P<start>[01]\d:[0-5]\d|2[0-3]:[0-5]\d)\s*-\s*(?P<end>[01]\d:[0-5]\d|2[0-3]:[0-5]\d|24:00)"
)


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """Hours of some days of the week, in one time zone; a window that ends before it begins goes over midnight.

    `days` are those on which it opens, 0 for Monday; `opens` and `closes` are minutes of the day.
    """

    days: frozenset[int]
    opens: int
    closes: int
    zone: ZoneInfo

    def _spans(self, around: datetime) -> Iterator[tuple[datetime, datetime]]:
        """When it opens and closes, from two days before a moment to nine days after it."""
        first = around.astimezone(self.zone).date() - timedelta(days=2)
        for day in (first + timedelta(days=number) for number in range(12)):
            if day.weekday() in self.days:
                last = day if self.closes > self.opens else day + timedelta(days=1)
                yield self._at(day, self.opens), self._at(last, self.closes)

    def _at(self, day: date, minutes: int) -> datetime:
        days, minutes = divmod(minutes, 24 * 60)
        local = datetime.combine(day + timedelta(days=days), time(minutes // 60, minutes % 60), self.zone)
        return local.astimezone(UTC)

    def opening(self, at: datetime) -> datetime:
        """The first moment, not before `at`, at which it is open."""
        return next(max(opens, at) for opens, closes in self._spans(at) if closes > at and closes > opens)

    def is_open(self, at: datetime) -> bool:
        """Whether it is open at a moment."""
        return self.opening(at) == at

    def was_missed(self, planned: datetime, now: datetime) -> bool:
        """Whether the window for which something was planned is over."""
        return next(closes for _, closes in self._spans(planned) if closes > planned) <= now


def read_window(text: str, timezone: str) -> Window:
    """The window that is written so; raises ValueError saying how to write one."""
    found = _WINDOW.fullmatch(text.strip())
    if found is None:
        raise ValueError(f'window "{text}" is not written like "08:45-18:00" or "Mon-Fri 08:45-18:00"')
    opens, closes = _minutes(found["start"]), _minutes(found["end"])
    if opens == closes:
        raise ValueError(f'window "{text}" is empty: for the whole day write "00:00-24:00"')
    days = _days(found["days"], text) if found["days"] else frozenset(range(7))
    return Window(days=days, opens=opens, closes=closes, zone=ZoneInfo(timezone))


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return 60 * int(hours) + int(minutes)


def _days(text: str, window: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        names = [name.strip().capitalize() for name in part.split("-")]
        if not 1 <= len(names) <= 2 or any(name not in DAYS for name in names):
            raise ValueError(
                f'window "{window}": {part.strip()!r} is no day: write {", ".join(DAYS)}, or a range such as Mon-Fri'
            )
        first, last = DAYS.index(names[0]), DAYS.index(names[-1])
        found.update((first + number) % 7 for number in range((last - first) % 7 + 1))
    return frozenset(found)
