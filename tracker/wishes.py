"""What a watch takes and when, as it is written down: on the command line and in `watchers.toml`."""

import msgspec

from events.operations import Cadence, Empty, LeastStanding, Weekday
from events.statements import Stance


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """The filters and the times of a watch; `events/operations.py` says what each means."""

    institutions: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    stances: tuple[Stance, ...] = ()
    languages: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    standing: LeastStanding | None = None
    operators: bool = False
    cadence: Cadence = "daily"
    at: str | None = None
    weekday: Weekday | None = None
    quiet: str | None = None
    zone: str = "UTC"
    dates: str | None = None
    empty: Empty = "silent"
