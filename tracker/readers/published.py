"""How much is known of the day of publication, which the words of a text are resolved against."""

from datetime import date
from typing import Final

from events.edtf import Interval

MONTH: Final = 31
"""How many days a month has at most: of a longer stretch the month of publication is not known."""


class NeedsPublicationError(Exception):
    """A relative date in a text whose day (or month, or year) of publication is not known."""


def day_of(published: Interval | None) -> date:
    """The very day of publication, for "yesterday" and weekdays."""
    if published is None or published.days != 1:
        raise NeedsPublicationError
    return published.latest


def latest_of(published: Interval | None) -> date:
    """The last day on which the text can have been published."""
    if published is None or published.latest == date.max:
        raise NeedsPublicationError
    return published.latest


def latest_of_month(published: Interval | None) -> date:
    """The same where the month is known, for "last month" and days without one."""
    if published is None or published.days > MONTH:
        raise NeedsPublicationError
    return published.latest
