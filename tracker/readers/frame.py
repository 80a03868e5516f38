"""A trigger that fits: the anchor and the items around it."""

import msgspec

from tracker.readers.lexicon import Trigger
from tracker.readers.scene import Item


class Frame(msgspec.Struct, frozen=True):
    """A trigger that fits: the anchor and the actors, None where the pattern names none."""

    trigger: Trigger
    anchor: Item
    matched: tuple[Item, ...]

    @property
    def start(self) -> int:
        """Where the first element begins."""
        return min(item.start for item in self.matched)

    @property
    def end(self) -> int:
        """Where the last element ends."""
        return max(item.end for item in self.matched)

    def one(self, family: str) -> Item | None:
        """The element of a family of actors."""
        return next((item for item in self.matched if item.family == family), None)
