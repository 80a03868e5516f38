"""The statements of a sentence that no trigger tells, but all its signs together.

Triggers are exact and know few orders of words; weights know all orders and are never quite sure. So weights
add to what triggers tell, where they are sure enough (`least`), and never take anything away. Where a language has an
encoder, it reads the sentence as well, and both together must be sure (`least_read`).
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

import msgspec

from events.statements import ListingReported, Report
from tracker.readers.blanked import blanked, looked_at, numbers_of
from tracker.readers.compiled import Compiled
from tracker.readers.dates import Dated, find_dates
from tracker.readers.drafts import statements_of
from tracker.readers.frame import Frame
from tracker.readers.making import making
from tracker.readers.passage import Draft, Passage
from tracker.readers.scene import Memory
from tracker.readers.signs import Told
from tracker.readers.weighing import LISTING, Candidate, candidates, enough
from tracker.readers.weights import KINDS, Weights

_WEIGHED: Final = 0.7
"""How sure a statement is that many small signs tell together."""
_SURE: Final = 3.0
"""What an end must weigh to be told beside another's with the same party."""
_END: Final = "tie-ended"
_TAKEN_BACK: Final = 0.5
"""How much more an end must weigh that words of the sentence take back."""

_ALSO: Final = {
    "tie-ended": frozenset({"tie-ended", "institution-responded"}),
    "institution-responded": frozenset({"tie-ended", "institution-responded"}),
    "tie-reported": frozenset({"tie-ended", "tie-reported"}),
}
"""Kinds of which one stands for the other where a sentence tells it: who restricts a tie has not ended it, too."""

Make = Callable[[Frame], Iterator[Draft]]
"""What a frame would tell; nothing is kept in mind of it."""

Weigh = Callable[[Passage, Told, list[Draft], Compiled, Memory, Weights], list[Draft]]
"""What decides on the statements of a sentence: `weighed_drafts`, or who learns from labelled texts."""


def weighed_drafts(
    passage: Passage, told: Told, found: list[Draft], words: Compiled, memory: Memory, weights: Weights
) -> list[Draft]:
    """The statements of one sentence: those that triggers tell, and those that weigh enough."""
    weighed: Iterable[Candidate] = candidates(passage.scene, told, words, memory, weights)
    least = weights.pairs.least
    dates: list[Dated] = []

    def make(frame: Frame, memory: Memory) -> Iterator[Draft]:
        nonlocal dates
        dates = dates or find_dates(passage.scene.folded, words.lexicon.dates, passage.published)
        return statements_of(making(passage, frame, [*told.frames, frame], words, memory, dates))

    if weights.encoder is not None:
        unsure = list(_left_open(weighed, told, found))
        weighed = _read_whole(unsure, passage, told, lambda frame: make(frame, msgspec.structs.replace(memory)), weights)
        least = weights.least_read
    frames = [each.frame for each in enough(weighed, least) if not _is_told(each, found)]
    return found + [
        msgspec.structs.replace(draft, statement=_less_sure(draft.statement))
        for frame in frames
        for draft in make(frame, memory)
        if not isinstance(draft.statement, ListingReported) or draft.statement.party is not None
    ]


def _read_whole(unsure: list[Candidate], passage: Passage, told: Told, make: Make, weights: Weights) -> list[Candidate]:
    """The same with what the encoder makes of the whole sentence added to what their signs weigh."""
    assert weights.encoder is not None
    if not unsure:
        return []
    sentence = blanked(passage.scene, told.last, heads=told.heads)
    numbers, begins = numbers_of(sentence, weights.encoder.vocabulary)
    made = ((draft.statement for draft in make(each.frame)) for each in unsure)
    places = [looked_at(sentence.pair(each.frame, what), begins) for each, what in zip(unsure, made, strict=True)]
    asked = list(dict.fromkeys(places))
    odds = dict(zip(asked, weights.encoder.weigh(numbers, asked), strict=True))
    return [
        msgspec.structs.replace(each, weight=each.weight + weights.share[number] * odds[pair][number])
        for each, pair in zip(unsure, places, strict=True)
        for number in [KINDS.index(each.kind)]
    ]


def _left_open(weighed: Iterable[Candidate], told: Told, found: list[Draft]) -> Iterator[Candidate]:
    """Those that the sentence neither tells in so many words nor takes back.

    Of an end, what takes it back may go with something else ("suspended new orders for 5G equipment, Huawei's included"):
    it must weigh more.
    """
    taken_back = {frame.trigger.statement for frame in told.taken_back}
    for each in weighed:
        if each.kind in taken_back:
            if each.kind != _END:
                continue
            each = msgspec.structs.replace(each, weight=each.weight - _TAKEN_BACK)
        if not _is_told(each, found):
            yield each


def _is_told(candidate: Candidate, found: list[Draft]) -> bool:
    """Whether the sentence tells the like in so many words of the same actor or its owner, or another's end with the party.

    Where much speaks for it, both have ended their ties: "cut by Princeton, and lately by Stanford".
    """
    frame = candidate.frame
    kind = frame.trigger.statement
    kinds = _ALSO.get(kind, frozenset({kind}))
    item = frame.one("PARTY" if kind == LISTING else "INSTITUTION")
    keys = {key for actor in item.actors for key in (actor.key, actor.owner) if key} if item else set()
    told = [draft.statement for draft in found if draft.statement.topic() in kinds]
    if kind == _END and candidate.weight < _SURE:
        party = frame.one("PARTY")
        keys |= {key for actor in party.actors for key in (actor.key, actor.owner) if key} if party else set()
    return any(item is None or not keys.isdisjoint(each.subjects()) for each in told)


def _less_sure(statement: Report) -> Report:
    return msgspec.structs.replace(statement, confidence=min(statement.confidence, _WEIGHED))
