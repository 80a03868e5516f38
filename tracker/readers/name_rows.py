"""Names that are counted up with a listing told before: in lines of nothing but names, or far behind it.

"The firms are:", "• Dahua", "• Hikvision".
"""

import re
from typing import Final

from tracker.readers.compiled import Compiled
from tracker.readers.counted import ROW, SOON
from tracker.readers.passage import Passage
from tracker.readers.scene import Item, Memory, Scene

_MARKS: Final = re.compile(r"[、,;•·●▪*]| - | – | — ")
_AROUND: Final = re.compile(r"^[\s\d.()*-]+|\s*[:(–—].*$|[\s。.]+$")
"""What stands around a name in a row: a number before it, what tells more of it behind it."""
_BESIDE: Final = 14
"""How many letters beside the known name a full name may have; at the end of a sentence, fewer: "and others"."""
_BESIDE_AT_END: Final = 1
_UNKNOWN: Final = 40
"""How long a name may be that no register holds."""
_SEVERAL: Final = 3
"""So many names are a row though a full stop stands behind them."""
_MANY: Final = 5
_STOPS: Final = (".", "。", "!", "?")


def row_of(passage: Passage, memory: Memory) -> list[Item]:
    """The parties of a line that is a row of names; the memory learns whether the next line may be one, below a colon.

    Where no colon stands above, several names must be all there is.
    """
    scene = passage.scene
    below, memory.rows = memory.rows == passage.place, -1
    named = [item for item in scene.of("PARTY") if not item.pointing]
    alone = (below or (len(named) > 0 and memory.listing is not None)) and _names_alone(scene, named, below=below)
    if alone or scene.folded.rstrip().endswith(":"):
        memory.rows = passage.place + 1
    return named if alone else []


def _names_alone(scene: Scene, named: list[Item], *, below: bool) -> bool:
    """Whether each part of a line between marks is hardly more than a name, of a register or not."""
    if any(not item.pointing for item in scene.of("INSTITUTION", "OTHER")) or scene.of("say"):
        return False
    rest, end = "", 0
    for item in named:
        rest, end = rest + scene.folded[end : item.start] + "\0" * len(item.actors), item.end
    parts = [_AROUND.sub("", part) for part in _MARKS.split(rest + scene.folded[end:])]
    known = [part for part in parts if "\0" in part]
    if sum(part.count("\0") for part in known) < rest.count("\0"):
        return False  # "Two others might follow: Dahua and Yitu."
    names = len(parts) - len(known) + rest.count("\0")
    several, stopped = names >= _SEVERAL, scene.folded.rstrip().endswith(_STOPS)
    most = _BESIDE if below and not stopped else _BESIDE_AT_END + (names >= _MANY)
    return (
        (below or several)
        and all(len(part) - part.count("\0") <= most for part in known)
        and all("\0" in part or (len(part) <= _UNKNOWN and (several or not stopped or not part)) for part in parts)
    )


def reopen(passage: Passage, memory: Memory, words: Compiled) -> None:
    """Takes up the listing told of last again where a sentence far behind counts up several: "The seven are Phytium, ..."."""
    scene, counting = passage.scene, words.rounds.counted
    memory.last_listing = memory.listing or memory.last_listing
    near = memory.listing is not None and passage.place - memory.listing_place <= SOON
    if near or memory.last_listing is None or sum(len(item.actors) for item in scene.of("PARTY")) < ROW:
        return
    if counting is not None and counting.match(scene.folded) and not scene.of("INSTITUTION", "OTHER"):
        memory.listing, memory.listing_place = memory.last_listing, passage.place - 1
