"""What a digest covers: positions of the ledger and legal days; the next one begins where it ends."""

from datetime import datetime, timedelta

import msgspec

from events.operations import DigestIssued
from events.watching import Watching
from projections.told import LastDigest
from tracker.due import local_day
from tracker.ledger import Ledger


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """What a digest covers: positions (after, until] and days (day_after, day_until]."""

    after: int
    until: int
    day_after: str
    day_until: str


def span_of(sent: DigestIssued) -> Span:
    """What a digest covered that was issued."""
    return Span(after=sent.after, until=sent.until, day_after=sent.day_after, day_until=sent.day_until)


class Beginnings:
    """Where in the ledger what is news to a watch begins; asked once for each time."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._positions: dict[datetime, tuple[int, int]] = {}

    def of(self, watching: Watching) -> int:
        """The last position that is no news: what was recorded by `since`; of that very instant, up to the watch itself."""
        if watching.terms.since == watching.begun_at:
            return watching.begun  # as most are: nothing need be looked up
        first, last = self._at(watching.terms.since)
        return watching.begun if first < watching.begun <= last else last

    def _at(self, since: datetime) -> tuple[int, int]:
        if since not in self._positions:
            before = self._ledger.position_at(since - timedelta(microseconds=1))
            self._positions[since] = (before, self._ledger.position_at(since))
        return self._positions[since]


def next_span(beginnings: Beginnings, watching: Watching, last: LastDigest | None, until: int, now: datetime) -> Span:
    """From where the last digest ended, or from the watch's `since` where that is later, to now."""
    terms = watching.terms
    day_after = (local_day(terms, terms.since) - timedelta(days=1)).isoformat()
    if last is None:
        after = beginnings.of(watching)
    elif watching.begun < last.until and terms.since <= last.recorded_at:
        after, day_after = last.until, max(day_after, last.day_until)
    else:  # those of an earlier watch of the same id, or what was missed is no news
        after, day_after = max(beginnings.of(watching), last.until), max(day_after, last.day_until)
    day_until = max(local_day(terms, now).isoformat(), day_after)
    return Span(after=min(after, until), until=until, day_after=day_after, day_until=day_until)
