"""How much of a tie an end is of: all, new engagements, renewals, funding, or for the time being."""

from typing import Final

from events.statements import Extent
from tracker.readers.frame import Frame
from tracker.readers.lexicon import Lexicon
from tracker.readers.scene import Item, Scene

_BEFORE: Final = 20
_BEHIND: Final = 25
"""How far from the match the words may stand that tell how much is ended."""


def extent_of(frame: Frame, scene: Scene, lexicon: Lexicon) -> tuple[Extent, ...]:
    """What the words of the match say about how much was cut; the trigger's own word where they say nothing."""
    if "all" in frame.trigger.extent:
        return ("all",)
    found: list[Extent] = [
        extent
        for extent, families in lexicon.extents.items()
        if any(_tells_how_much(item, frame, scene) for item in scene.of(*families))
    ]
    own = [extent for extent in frame.trigger.extent if extent not in found]
    return (*own, *found) or ("all",)


def _tells_how_much(item: Item, frame: Frame, scene: Scene) -> bool:
    """Whether words stand in the match or beside it, with no other institution named between."""
    start, end = frame.start, frame.end
    if not start - _BEFORE <= item.start <= end + _BEHIND or scene.has("break", min(item.end, end), item.start):
        return False
    if start <= item.start < end:
        return True
    low, high = (item.end, start) if item.start < start else (end, item.start)
    return not any(low <= other.start < high and not other.pointing for other in scene.of("INSTITUTION"))
