"""Which days of publication a source was gone over for, wholly: spans of days, and since when there is no gap. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta

Days = tuple[date, date]
"""The first and the last of them, both included."""


def joined(spans: Iterable[Days]) -> tuple[Days, ...]:
    """The same days in as few spans as possible, in order."""
    found: list[Days] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + timedelta(days=1):
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def without_gap(spans: Iterable[Days]) -> date | None:
    """The day since which all were gone over, up to the latest that was; None when nothing ever was."""
    found = joined(spans)
    return found[-1][0] if found else None
