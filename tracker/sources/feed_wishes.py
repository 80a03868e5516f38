"""What a feed asks of those who poll it: how long to wait, and hours and days to leave it alone. Pure.

RSS 2.0 has `ttl` (minutes), `skipHours` (0 to 23, GMT) and `skipDays`; the syndication module of RSS 1.0, which
Atom feeds use too, `sy:updatePeriod` and `sy:updateFrequency`.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from tracker.sources.base import DAY, HOUR

_PERIODS: Final = {"hourly": HOUR, "daily": DAY, "weekly": 7 * DAY, "monthly": 30 * DAY, "yearly": 365 * DAY}
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOURS_SKIPPED: Final = re.compile(rb"<skipHours>(.{0,4000}?)</skipHours>", re.DOTALL)
_DAYS_SKIPPED: Final = re.compile(rb"<skipDays>(.{0,4000}?)</skipDays>", re.DOTALL)
_LONGEST_REST: Final = timedelta(days=3)
"""Hours and days that leave no time within so long are a fault of the feed, and are passed over."""


class Wishes(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a feed asks for: seconds between two polls, hours of the day (UTC) and days of the week (0: Monday) to skip."""

    wait: float | None = None
    skipped_hours: frozenset[int] = frozenset()
    skipped_days: frozenset[int] = frozenset()

    def after(self, check: datetime, longest_rest: timedelta | None = None) -> datetime:
        """The first moment, from a planned check on, that the feed does not ask to skip."""
        until = check + (_LONGEST_REST if longest_rest is None else min(longest_rest, _LONGEST_REST))
        moment = check.astimezone(UTC)
        while self._skips(moment):
            moment = moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
            if moment > until:
                return check
        return moment

    def _skips(self, moment: datetime) -> bool:
        return moment.hour in self.skipped_hours or moment.weekday() in self.skipped_days


def wishes_of(feed: Mapping[str, Any], body: bytes) -> Wishes:
    """The wishes of a feed, by feedparser's reading of its head and its bytes; what makes no sense is no wish."""
    waits = [wait for wait in (_minutes(feed.get("ttl")), _period(feed)) if wait is not None]
    hours = _listed(_HOURS_SKIPPED, body, rb"<hour>\s*(\d{1,2})\s*</hour>")
    days = _listed(_DAYS_SKIPPED, body, rb"<day>\s*(\w+)\s*</day>")
    return Wishes(
        wait=max(waits, default=None),
        skipped_hours=frozenset(int(hour) % 24 for hour in hours),
        skipped_days=frozenset(_DAYS.index(day.lower()) for day in days if day.lower() in _DAYS),
    )


def _listed(group: re.Pattern[bytes], body: bytes, each: bytes) -> list[str]:
    found = group.search(body)
    return [one.decode("ascii", "replace") for one in re.findall(each, found[1])] if found else []


def _minutes(text: object) -> float | None:
    return 60.0 * int(text) if isinstance(text, str) and re.fullmatch(r"\d{1,6}", text.strip()) else None


def _period(feed: Mapping[str, Any]) -> float | None:
    period = _PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().lower())
    frequency = str(feed.get("sy_updatefrequency") or "1").strip()
    return period / max(1, int(frequency)) if period and re.fullmatch(r"\d{1,6}", frequency) else None
