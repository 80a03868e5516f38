"""Which official amendment a press report of a listing speaks of."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from events.edtf import Interval
from events.said import Said
from events.statements import EntityAdded, EntityRemoved, EntityRevised, ListingReported

DAYS_BEFORE: Final = 3
"""An announcement to the press may precede the filing by days (Huawei: 15 May 2019, filed on the 16th)."""
DAYS_AFTER: Final = 14
"""Reports go on for some days after the effect."""

_CHANGES: Final = {EntityAdded: "added", EntityRevised: "revised", EntityRemoved: "removed"}


def window(amendment: Said) -> Interval:
    """The days on which a report of this amendment may say that it happened."""
    known = (amendment.available.date(), amendment.published_day, amendment.interval.earliest)
    return Interval(min(known) - timedelta(days=DAYS_BEFORE), max(known) + timedelta(days=DAYS_AFTER))


def corroborated(report: Said, amendments: Sequence[Said]) -> Said | None:
    """The amendment of the reported party that a report of a listing is evidence for, or None.

    The amendments are those of listings linked to the party. The change must be the same and the
    reported date must fall into the amendment's window, whatever "yesterday" it says; of several
    amendments a report is taken to mean the first one.
    """
    reported = report.statement
    if not isinstance(reported, ListingReported):
        return None
    fitting = [
        amendment
        for amendment in amendments
        if _CHANGES.get(type(amendment.statement)) == reported.change
        and getattr(amendment.statement, "list", None) == reported.list
        and report.interval.overlaps(window(amendment))
    ]
    return min(fitting, key=lambda one: (one.interval.earliest, *one.order), default=None)
