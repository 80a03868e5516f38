"""Points in time as people write them: on the command line, in files of settings.

A mere date means its end where something is asked "as of" it or up to it, and its beginning where something is
asked "since" it; days are those of UTC. A time without an offset is UTC.
"""

from datetime import UTC, date, datetime, time
from typing import Final

from tracker.errors import UsageError

HINT: Final = "Write it like 2019-10-09 or 2019-10-09T12:00:00Z."


def instant(text: str, option: str, *, offset_required: bool = False) -> datetime:
    """A point in time. A mere date is its end; a time without an offset is UTC, unless one is required."""
    return _read(text, option, time.max, offset_required=offset_required)


def beginning(text: str, option: str) -> datetime:
    """A point in time from which on something counts. A mere date is its beginning."""
    return _read(text, option, time.min)


def _read(text: str, option: str, of_a_day: time, *, offset_required: bool = False) -> datetime:
    try:
        if len(text) <= 10 and not offset_required:
            return datetime.combine(date.fromisoformat(text), of_a_day, UTC)
        moment = datetime.fromisoformat(text)
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(f"{option}: {text!r} is neither a date nor a time", HINT) from None
    if moment.tzinfo is None:
        if offset_required:
            raise UsageError(f"{option}: {text!r} has no offset", "Write it like 2019-10-09T12:00:00Z or ...+02:00.")
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)
