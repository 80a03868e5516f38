"""When a source is asked again, and how long it may stay silent. Pure.

    every, as set
      -> the pace: moved by how often its documents came, within every_least and every_most
      -> what its host says (TTL, freshness, hours to skip), within every_most       sources/base.py, sources/feed.py
      -> Retry-After, up to a day
      -> the jitter, then the window, as set                                         planned()

What is known of a rhythm comes from the documents in our own ledger.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Final

import msgspec

from tracker.sources.base import DAY, SourceSettings

ENOUGH: Final = 10
"""Documents at different times that must be known before a source is said to have a rhythm."""
PER_GAP: Final = 4
"""How often a source is asked, where its bounds allow it, in the usual time between two of its documents."""
FAR_LONGER: Final = 3
"""A source has fallen silent after so many times the longest pause that it made lately."""
LEAST_SILENCE: Final = 3 * DAY
"""A weekend and more: no source is called silent before, unless `silent_after` says so."""
FARTHEST: Final = timedelta(days=9)
"""No check is planned later than this: a plan beyond it was made by a clock that went wrong."""


class Rhythm(msgspec.Struct, frozen=True, kw_only=True):
    """How often documents of a source came lately: seconds between two, as a rule and at most. None: too few are known."""

    usual: float | None = None
    longest: float | None = None


def rhythm_of(times: Sequence[datetime]) -> Rhythm:
    """The rhythm of documents that could first be read at these times."""
    moments = sorted(set(times))
    if len(moments) < ENOUGH:
        return Rhythm()
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]
    return Rhythm(usual=median(gaps), longest=max(gaps))


def paced(source: SourceSettings, rhythm: Rhythm) -> SourceSettings:
    """The source with the pace that its rhythm asks for; `every` as it is where no bound leaves room."""
    if rhythm.usual is None:
        return source
    pace = min(max(rhythm.usual / PER_GAP, source.every_least or source.every), source.every_most or source.every)
    return msgspec.structs.replace(source, every=pace)


def silent_after(source: SourceSettings, rhythm: Rhythm) -> float | None:
    """After how many seconds without a new document the source has fallen silent; None when that cannot be told."""
    if source.silent_after is not None:
        return source.silent_after
    return None if rhythm.longest is None else max(FAR_LONGER * rhythm.longest, LEAST_SILENCE)


def planned(source: SourceSettings, check: datetime, home: str) -> datetime:
    """A check moved by the source's jitter and into its window.

    The jitter differs by source, time and home, and is the same whenever it is asked for.
    """
    digest = hashlib.sha256(f"{home}\n{source.id}\n{check.isoformat()}".encode()).digest()
    check += timedelta(seconds=source.jitter * int.from_bytes(digest[:4], "big") / 2**32)
    window = source.hours
    return check if window is None else window.opening(check)


def is_due(source: SourceSettings, check: datetime | None, now: datetime) -> bool:
    """Whether a source is to be asked now, by the check that was planned; one never tried is due.

    Outside of its window it is due only when the window for which the check was planned is over: a machine
    that slept through it catches up, once.
    """
    if check is None or check - now > FARTHEST + timedelta(seconds=source.longest_wait):
        return True
    window = source.hours
    return check <= now and (window is None or window.is_open(now) or window.was_missed(check, now))
