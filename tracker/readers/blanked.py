"""A sentence with marks in place of its actors, as the encoder reads it: who they are must not matter, only what is said of them.

"MIT has ended its contract with Huawei, as Yale had" is read as "[unused1] has ended its contract with [unused11], as
[unused2] had". The same actors have the same mark, in the sentence before too, and words that point back stay behind theirs.
"""

from collections.abc import Iterable, Sequence, Set
from itertools import pairwise
from typing import Final, NamedTuple

import msgspec

from events.statements import Report
from tracker.readers.frame import Frame
from tracker.readers.pieces import pieces
from tracker.readers.scene import Item, Scene

_FIRST: Final = {"INSTITUTION": 1, "PARTY": 11}
BEGIN: Final = "[CLS]"
END: Final = "[SEP]"
_BEFORE: Final = 24
"""How many pieces of the sentence before are read, its last ones."""
_MOST: Final = 110
"""How many pieces of the sentence itself, its first ones."""
_LISTING: Final = "listing-reported"
_MARKS: Final = 5
"""How many institutions, and how many parties, have marks of their own: pieces that the vocabulary keeps for such use."""


Pair = tuple[int | None, int | None]
"""Which parts of a blanked sentence name the institution and the party; None for one whom neither sentence names."""


class Part(NamedTuple):
    """Words, or the mark of actors with the words that point back to them."""

    words: str
    mark: str = ""
    item: Item | None = None


class Blanked(msgspec.Struct, frozen=True):
    """A sentence and the one before it, in parts."""

    heads: bool
    """Whether it is the headline."""
    before: tuple[Part, ...]
    here: tuple[Part, ...]

    def pair(self, frame: Frame, told: Iterable[Report]) -> Pair:
        """Which parts name the two of a frame; `told` is what it tells of them, asked only for whom the context has."""
        one, party = frame.one("INSTITUTION"), frame.one("PARTY")
        if frame.trigger.statement == _LISTING:
            return None, self._place(party, frozenset())
        first = next(iter(told), None) if one is None or party is None else None
        by, of = first.subjects()[:2] if first is not None else ("", "")
        return self._place(one, {by}), self._place(party, {of})

    def _place(self, item: Item | None, meant: Set[str]) -> int | None:
        """Which part of both sentences, counted through, names somebody; where only the context has him, the last before."""
        if item is not None:
            for number, part in enumerate(self.here, len(self.before)):
                if part.item is not None and _overlap(part.item, item):
                    return number
            meant = set(_keys(item))
        named = ((number, part.item) for number, part in enumerate(self.before) if part.item is not None)
        return max((number for number, other in named if not meant.isdisjoint(_keys(other))), default=None)


def blanked(scene: Scene, before: Scene | None, *, heads: bool) -> Blanked:
    """A sentence and the one before it without the names of actors."""
    marks: dict[tuple[str, ...], str] = {}
    said = _parts(before, marks) if before is not None else ()
    return Blanked(heads, said, _parts(scene, marks))


def numbers_of(sentence: Blanked, vocabulary: dict[str, int]) -> tuple[list[int], list[int]]:
    """What the model reads, the numbers of all pieces, and where among them each part begins; 0 where it is cut off."""
    before, starts = _numbers(sentence.before, vocabulary)
    here, places = _numbers(sentence.here, vocabulary)
    cut = max(0, len(before) - _BEFORE)
    opening = [vocabulary[BEGIN], vocabulary["title" if sentence.heads else "body"]]
    numbers = [*opening, *before[cut:], vocabulary[END], *here[:_MOST], vocabulary[END]]
    first, second = len(opening), len(opening) + len(before) - cut + 1
    begins = [start - cut + first if start >= cut else 0 for start in starts]
    return numbers, begins + [place + second if place < _MOST else 0 for place in places]


def looked_at(pair: Pair, begins: Sequence[int]) -> tuple[int, int]:
    """Where the model looks for the two of a pair; at the mark of the beginning for one whom neither sentence names."""
    one, party = pair
    return begins[one] if one is not None else 0, begins[party] if party is not None else 0


def _numbers(parts: Sequence[Part], vocabulary: dict[str, int]) -> tuple[list[int], list[int]]:
    numbers: list[int] = []
    begins = []
    for part in parts:
        begins.append(len(numbers))
        numbers += [vocabulary[part.mark]] if part.mark else []
        numbers += pieces(part.words, vocabulary)
    return numbers, begins


def _parts(scene: Scene, marks: dict[tuple[str, ...], str]) -> tuple[Part, ...]:
    """The parts of one sentence; whoever has no mark yet gets the next of his family."""
    actors = _actors(scene)
    found: list[Part] = []
    bounds = [0, *(at for item in actors for at in (item.start, item.end)), len(scene.text)]
    between = [scene.text[start:end] for start, end in list(pairwise(bounds))[::2]]
    for words, item in zip(between, actors, strict=False):
        key = (item.family, *_keys(item))
        if key not in marks:
            number = min(_MARKS - 1, sum(family == item.family for family, *_ in marks))
            marks[key] = f"[unused{_FIRST[item.family] + number}]"
        found += [Part(words), Part(scene.text[item.start : item.end] if item.pointing else "", marks[key], item)]
    return (*found, Part(between[-1]))


def _actors(scene: Scene) -> list[Item]:
    """Institutions and parties that stand in the sentence; of two in one place the one that begins first, or is longer."""
    found: list[Item] = []
    named = (item for item in scene.items if item.family in _FIRST and item.end > item.start)
    for item in sorted(named, key=lambda item: (item.start, -item.end)):
        if not found or item.start >= found[-1].end:
            found.append(item)
    return found


def _keys(item: Item) -> tuple[str, ...]:
    return tuple(actor.key for actor in item.actors)


def _overlap(one: Item, other: Item) -> bool:
    return one.family == other.family and one.start < max(other.end, other.start + 1) and other.start < one.end
