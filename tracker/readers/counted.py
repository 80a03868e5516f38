"""Parties that a sentence counts by number or rank for a round of listings told before: "Two are units of BGI: ...".

A head counts ("the fifth, Huawei, ..."; "four are universities: ..."), a tail ranks ("Huawei is another"), or
somebody is told to share what was told of others ("so is Huawei").
"""

import re
from collections.abc import Iterator
from typing import Final

from tracker.readers.compiled import Compiled
from tracker.readers.frame import Frame
from tracker.readers.passage import Passage
from tracker.readers.scene import OTHER_LIST, Actor, Item, Memory, Scene

SOON: Final = 6
"""How many sentences behind a listing others are counted with it."""
_HARMLESS: Final = ("block:tie-ended:", "block:tie-reported:", "block:institution-responded:", "block:entity-responded:")
"""Blockers that take back no listing."""
_HARMLESS_TOO: Final = frozenset({"block:listing-reported:exchange", "block:listing-reported:other-object"})
_NEAR: Final = 70
"""How far behind the words that count the first party may stand."""
ROW: Final = 3
"""So many names behind a colon are counted up with a listing, whatever stands before it: "Here they are: ..."."""
_BEFORE: Final = 40
"""How far before a name words are looked at that make it part of a description."""
_GOES_ON: Final = frozenset({"", ",", ";", ".", "(", ")", " –", " -", " —", '"', "”"})
"""What may stand behind a name that is one of several counted up."""


def counted(passage: Passage, memory: Memory, words: Compiled, frames: list[Frame]) -> list[Item]:
    """The parties that a sentence soon behind a listing counts with it; none where it tells of institutions, or in doubt."""
    scene, rounds = passage.scene, words.rounds
    since = passage.place - memory.listing_place
    if memory.listing is None or since > SOON or scene.has("OTHER") or scene.folded.rstrip().endswith("?"):
        return []
    named = [item for item in scene.of("PARTY") if not item.pointing]
    others = [item for item in scene.of("INSTITUTION") if not item.pointing]
    if not named or any(item.start < named[0].start for item in others):
        return []
    alone = not others and not frames
    if alone and (found := _headed(scene, named, 0, words)):
        return found
    if _is_doubtful(scene, 0, rounds.surely):
        return []
    rowed = behind_colon(scene, 0, words) if alone else []
    if sum(len(item.actors) for item in rowed) >= ROW:
        return rowed
    ranked = [item for part in _ranked(scene, named, words, shared=since == 1) for item in part]
    semicolon = scene.folded.rfind("; ", 0, named[0].start)
    if alone and not ranked and semicolon >= 0:
        return _headed(scene, named, semicolon + 2, words)  # "Twenty are police offices; the remaining eight are: ..."
    return ranked


def opened(passage: Passage, memory: Memory, words: Compiled) -> Item | None:
    """The list on which a sentence tells that several were put whom it leaves to the next to name: "28 firms are on it"."""
    scene, rounds = passage.scene, words.rounds
    lists = scene.of("LIST")
    if rounds.opens is None or (not lists and memory.list in {None, OTHER_LIST}) or scene.has("OTHER") or _is_doubtful(scene, 0):
        return None
    if scene.folded.rstrip().endswith("?"):
        return None
    for item in lists:
        behind = rounds.opens_it is not None and rounds.opens_it.search(scene.folded, item.end)
        if behind or rounds.opens.search(scene.folded, 0, item.start):
            return item
    it = rounds.opens_it.search(scene.folded) if rounds.opens_it is not None and not lists else None
    return Item("LIST", it.start(), it.end(), (Actor(memory.list, ""),)) if it is not None else None


def behind_colon(scene: Scene, place: int, words: Compiled) -> list[Item]:
    """The parties enumerated behind the first colon or dash from a place on."""
    marks = [at for mark in (":", " - ", " – ", " — ") if (at := scene.folded.find(mark, place)) >= 0]
    if not marks:
        return []
    start = min(marks)
    parties = [item for item in scene.of("PARTY") if not item.pointing and item.start > start]
    if not parties or parties[0].start - start > _NEAR or not _is_enumerated(scene, parties[0], words):
        return []
    return members(scene, parties, words)


def so_listed(scene: Scene, words: Compiled, place: int) -> list[Item]:
    """The parties that share, behind a comma or semicolon, what was told before: "as are Sugon and Higon"."""
    so_too, found = words.rounds.so_too, []
    if so_too is None:
        return []
    for item in scene.of("PARTY"):
        start = max(scene.folded.rfind(mark, place, item.start) for mark in ",;") + 1
        if start and not item.pointing and so_too.fullmatch(scene.folded, start, item.start):
            found.append(item)
    return found


def members(scene: Scene, parties: list[Item], words: Compiled) -> list[Item]:
    """The parties of a row without those that only describe another: "Higon, a child of Sugon"."""
    attached = words.rounds.attached
    if attached is None:
        return parties
    return [item for item in parties if not attached.search(scene.folded[max(0, item.start - _BEFORE) : item.start])]


def described_by(scene: Scene, item: Item, words: Compiled) -> Item | None:
    """The party that another, in what is put in behind its name, only describes: "Higon, a child of Sugon, was added"."""
    attached = words.rounds.attached
    before = [each for each in scene.of("PARTY") if each.end < item.start and not each.pointing]
    if attached is None or not before or not attached.search(scene.folded[max(0, item.start - _BEFORE) : item.start]):
        return None
    between = scene.folded[before[-1].end : item.start]
    put_in = between.startswith(", ") and ", " not in between[2:] and ";" not in between
    return before[-1] if put_in and "," in scene.folded[item.end :] else None


def _headed(scene: Scene, named: list[Item], place: int, words: Compiled) -> list[Item]:
    """The parties of a clause that begins with words that count, where nothing puts them in doubt."""
    head = words.rounds.counted.match(scene.folded, place) if words.rounds.counted else None
    return [] if head is None or _is_doubtful(scene, head.end()) else _behind(scene, named, head.end(), words)


def _behind(scene: Scene, named: list[Item], place: int, words: Compiled) -> list[Item]:
    """The parties behind words that count, enumerated behind a colon or else right behind."""
    found = behind_colon(scene, place, words)
    if found:
        return found
    between = words.rounds.between
    first = next((item for item in members(scene, named, words) if item.start >= place), None)
    if first is None or between is None or between.fullmatch(scene.folded, place, first.start) is None:
        return []
    return members(scene, [item for item in named if item.start >= first.start], words)


def _ranked(scene: Scene, named: list[Item], words: Compiled, *, shared: bool) -> Iterator[list[Item]]:
    """The parties of each clause that ranks them, or that shares what was told of others."""
    rounds, start, before = words.rounds, 0, False
    for clause in scene.folded.split(";"):
        end = start + len(clause)
        parties = members(scene, [item for item in named if start <= item.start < end], words)
        if parties:
            stretch = scene.folded[parties[-1].end : end]
            opening = scene.folded[start : parties[0].start]
            ranked = any(rounds.ranked and rounds.ranked.match(scene.folded, item.end, end) for item in parties)
            ranked = ranked or bool((shared or before) and rounds.ranked_too and rounds.ranked_too.match(stretch))
            ranked = ranked or bool(before and rounds.ranked_open and rounds.ranked_open.fullmatch(opening))
            ranked = ranked or bool((shared or before) and rounds.so_too and rounds.so_too.fullmatch(opening))
            if ranked:
                yield parties
            before = before or ranked
        start = end + 1


def _is_enumerated(scene: Scene, item: Item, words: Compiled) -> bool:
    """Whether no verb follows a name: "three things are known: Huawei was ..."."""
    behind = scene.folded[item.end : item.end + 2]
    joined = words.grammar.conjunction is not None and words.grammar.conjunction.match(scene.folded, item.end) is not None
    placed = words.rounds.placed is not None and words.rounds.placed.match(scene.folded, item.end) is not None
    return behind[:1] in _GOES_ON or behind in _GOES_ON or joined or placed


def _is_doubtful(scene: Scene, place: int, surely: re.Pattern[str] | None = None) -> bool:
    """Whether words outside an enumeration could take the listing back, from a place on, or beside words that are sure."""
    parties = scene.of("PARTY")
    sure = surely.search(scene.folded) if surely is not None else None
    return any(
        item.family.startswith("block:")
        and not item.family.startswith(_HARMLESS)
        and item.family not in _HARMLESS_TOO
        and item.start >= place
        and not (sure is not None and sure.start() <= item.start < sure.end())
        and not any(each.start <= item.start < each.end for each in parties)
        for item in scene.items
    )
