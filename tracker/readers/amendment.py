"""What a rule does to one entry, between its reading and its statement."""

from typing import Final, Literal

import msgspec

from tracker.readers.entity_cell import Entity
from tracker.readers.entity_table import Entry

Change = Literal["added", "revised", "removed", "suspended"]
"""What a rule may do to an entry."""
LIST: Final = "us-bis-el"
CHANGES: dict[str, Change] = {"add": "added", "revise": "revised", "remove": "removed", "suspend": "suspended"}


# `gc=False`: they hold no cycles, and there are thousands for the collector to look through.
class Amendment(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is done to one entry. With `trouble` it is not certain, and says why in plain words.

    With `doubt` the entry is certain, and one of its fields is stated as printed without being understood.
    `named` is true when an instruction names or counts the entry. `start` and `end` span the row's entity
    cell, or the name in the instruction where there is no row.
    """

    change: Change | None
    destination: str | None
    name: str | None
    guess: str | None = None
    """The best reading of a name that the row does not set apart: it tells who waits, and is never stated."""
    named: bool = False
    number: str | None = None
    effective: str | None = None
    """The day that the instruction itself gives, if it does."""
    until: str | None = None
    """The last day of the term that the instruction itself gives, if it does."""
    new_name: str | None = None
    renames_only: bool = False
    """Whether another amendment, under the new name, says how the entry reads."""
    moved_from: str | None = None
    """The destination where the entry stood before; `change` is `added` in the words of the rule."""
    replaces_removal: bool = False
    """Whether the rule words the move as a removal of the old entry, by name, and an addition."""
    empties: str | None = None
    """The heading that goes with all the entries under it, which are not named."""
    entry: Entry | None = None
    entity: Entity | None = None
    citation: str | None = None
    earlier: tuple[str, ...] = ()
    """The citations of earlier rules in the row."""
    trouble: str | None = None
    doubt: str | None = None
    miscounted: str | None = None
    """Why the instruction's own count is wrong: trouble, unless the summary counts as the table does."""
    healed: tuple[str, ...] = ()
    """The names of the rules of `slips` that were needed."""
    start: int
    end: int

    @property
    def counted_as(self) -> tuple[tuple[str | None, str | None], ...]:
        """How summaries count it: by change and destination."""
        if self.moved_from is None:
            return () if self.empties or self.renames_only else ((self.change, self.destination),)
        if self.replaces_removal:
            return (("removed", self.moved_from), ("added", self.destination))
        return (("moved", self.destination),)
