"""The signs by which a sentence may tell something of two who are spoken of: what stands where to them.

A sign is a pair of strings: where it stands and what it is. Of two actors one or the other may be left to the
context (None). "MIT has ended its contract with Huawei" gives, of MIT and Huawei, `("IPM", "cut")`, a family of
words in the middle, `("w", "contract")`, a word anywhere, `("word before party", "with")`, the word before the party, and others.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final

import msgspec

from tracker.readers.compiled import Compiled
from tracker.readers.frame import Frame
from tracker.readers.phrases import NOT
from tracker.readers.scene import Item, Memory, Scene
from tracker.readers.weights import Sign, Sums, Table

_TOKEN: Final = re.compile(r"\w+|[^\w\s]")
_BESIDE: Final = 3
"""How far a word stands from an actor that it stands beside."""
_NEAR: Final = 30
_NOWHERE: Final = -99
"""Where nobody stands who is left to the context: beside nothing."""
_DISTANCES: Final = (5, 12, 25, 50, 90, 150)
_ACTORS: Final = frozenset({"INSTITUTION", "PARTY", "LIST", "OTHER"})


class Around(msgspec.Struct, frozen=True, dict=True):
    """What of a sentence all pairs and triggers share: gathered once."""

    signs: tuple[Sign, ...]
    """Those that the sentence gives whoever is spoken of."""
    items: list[Item]
    said_of: list[tuple[str, Item | None, Item | None]]
    """Each family of words, and the institution and the party of whom it is said, most likely."""

    @cached_property
    def _sums(self) -> dict[int, Sums]:
        return {}

    def sum(self, table: Table) -> Sums:
        """What the shared signs weigh in a table, added up once."""
        if (known := self._sums.get(id(table))) is None:
            known = self._sums[id(table)] = table.sum(self.signs)
        return known


class Told(msgspec.Struct):
    """What is known of a sentence before its signs are weighed: frames found, frames taken back, kinds told before."""

    frames: list[Frame]
    taken_back: list[Frame]
    before: frozenset[str]
    """The kinds of statements that the sentences before told."""
    heads: bool
    """Whether it is the headline."""
    last: Scene | None = None
    """The sentence before."""
    _around: Around | None = None

    def around(self, scene: Scene, words: Compiled, memory: Memory) -> Around:
        """What all pairs and triggers of the sentence share."""
        if self._around is None:
            self._around = _gather(scene, self, words, memory)
        return self._around


def of_sentence(scene: Scene, told: Told, words: Compiled, memory: Memory) -> Iterator[Sign]:
    """The signs that a sentence gives whoever is spoken of."""
    for family in dict.fromkeys(item.family for item in scene.items):
        if family not in _ACTORS and not family.endswith(NOT):
            yield "f", family
    for word in dict.fromkeys(_TOKEN.findall(scene.folded)):
        if word.isalpha() and word not in words.common_words:
            yield "w", word
    for frame in told.frames:
        yield "frame", frame.trigger.statement
    for frame in told.taken_back:
        yield "taken back", frame.trigger.statement
    for kind in sorted(told.before):
        yield "told before", kind
    for family in ("INSTITUTION", "PARTY", "LIST", "OTHER"):
        yield family, str(min(4, len({actor.key for item in scene.of(family) for actor in item.actors})))
    yield "line", "head" if told.heads else "body"
    yield "ages", f"{min(memory.age, 3)} {min(memory.party_age, 3)}"
    yield "list", "none" if memory.list is None else "other" if memory.list == "other" else "known"
    if scene.text.rstrip(' »”"').endswith("?"):
        yield "asks", ""


def of_trigger(frame: Frame) -> Iterator[Sign]:
    """The signs of a trigger itself, beside those of its frame."""
    yield "trigger", frame.trigger.id
    yield "anchor", frame.anchor.family


def of_frame(frame: Frame, scene: Scene, near: Around, words: Compiled, memory: Memory) -> Iterator[Sign]:
    """The signs of the pair that a frame names, if it names any; those of the sentence are in `near`."""
    one, party = frame.one("INSTITUTION"), frame.one("PARTY")
    if one is not None or party is not None:
        yield from of_pair(scene, one, party, near, words, memory)


def of_pair(scene: Scene, one: Item | None, party: Item | None, near: Around, words: Compiled, memory: Memory) -> Iterator[Sign]:
    """The signs that hang on where two stand; `one` is an institution, or of listings the list, `near` is `Told.around`."""
    named = sorted((item for item in (one, party) if item is not None), key=lambda item: item.start)
    order = "".join("P" if item is party else "I" for item in named)
    low, high = named[0].end, named[-1].start if len(named) > 1 else named[0].end
    yield "order", order
    if one is None:
        yield "context of one", str(min(memory.age, 3))
    if party is None:
        yield "context of party", f"{min(memory.party_age, 3)} {len(memory.party) > 1} {len(memory.seen_parties) > 1}"
    yield "pointing", f"{_how(one)} {_how(party)}"
    yield from _who(one, "one")
    yield from _who(party, "party")
    yield "distance", _bucket(high - low) if len(named) > 1 else f"alone {_bucket(named[0].start)}"
    yield "commas", str(min(3, scene.folded.count(",", low, max(low, high))))
    first = named[0].start
    own_start, own_end = (one.start, one.end) if one is not None else (_NOWHERE, _NOWHERE)
    their_start, their_end = (party.start, party.end) if party is not None else (_NOWHERE, _NOWHERE)
    for item in near.items:
        if item is one or item is party:
            continue
        start, end, family = item.start, item.end, item.family
        where = "B" if end <= first else "A" if start >= high else "M" if start >= low else "X"
        yield order + where, family
        if 0 <= start - own_end <= _BESIDE:
            yield "behind one", family
        if 0 <= their_start - end <= _BESIDE:
            yield "before party", family
        if 0 <= own_start - end <= _BESIDE:
            yield "before one", family
        if 0 <= start - their_end <= _BESIDE:
            yield "behind party", family
    for word in dict.fromkeys(_TOKEN.findall(scene.folded, low, max(low, high))):
        yield "m", word
    yield from _of_whom(near, one, party, words)
    yield from _beside(scene, one, "one")
    yield from _beside(scene, party, "party")


def _gather(scene: Scene, told: Told, words: Compiled, memory: Memory) -> Around:
    """The subject of a word is the last one named before it, most likely, its party the nearest one."""
    subjects, parties = scene.of("INSTITUTION"), scene.of("PARTY")
    items = [item for item in scene.items if not item.family.endswith(NOT)]
    said_of = []
    for item in items:
        if item.family not in _ACTORS:
            start = item.start
            subject = next((each for each in reversed(subjects) if each.end <= start), None)
            object_ = min(parties, key=lambda each: abs(each.start - start), default=None)
            said_of.append((item.family, subject, object_))
    return Around(tuple(dict.fromkeys(of_sentence(scene, told, words, memory))), items, said_of)  # each counts once


def _of_whom(near: Around, one: Item | None, party: Item | None, words: Compiled) -> Iterator[Sign]:
    """Whether each word is said of the two, or of others."""
    tells = words.tells
    for family, subject, object_ in near.said_of:
        where = ("its " if subject is one else "other ") + ("its" if object_ is party else "other")
        yield where, family
        for kind in tells.get(family, ()):
            yield where, "*" + kind


def _beside(scene: Scene, item: Item | None, name: str) -> Iterator[Sign]:
    """The words right before and right behind an actor."""
    if item is None:
        return
    before = _TOKEN.findall(scene.folded, max(0, item.start - _NEAR), item.start)[-2:]
    behind = _TOKEN.findall(scene.folded, item.end, item.end + _NEAR)[:2]
    yield f"word before {name}", before[-1] if before else ""
    yield f"words before {name}", " ".join(before)
    yield f"word behind {name}", behind[0] if behind else ""
    yield f"words behind {name}", " ".join(behind)


def _who(item: Item | None, name: str) -> Iterator[Sign]:
    if item is None:
        return
    yield f"{name} many", str(min(4, len(item.actors)))
    if item.actors and item.actors[0].id is None:
        yield name, "unheld"
    if any(actor.company for actor in item.actors):
        yield name, "company"
    if any(actor.school for actor in item.actors):
        yield name, "school"


def _how(item: Item | None) -> str:
    return "context" if item is None else item.pointing or "named"


def _bucket(length: int) -> str:
    return str(next((each for each in _DISTANCES if length <= each), 999))
