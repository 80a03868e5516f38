"""Whom a sentence that tells of several leaves in mind: of "Arm supplies Oppo; as for Intel, it supplies Sugon" Intel."""

import re
from typing import Final

from tracker.readers.scene import Item, Memory

_TURNS: Final = "as_for"
_BESIDE: Final = 4
_PAIR: Final = 2
_PARTED: Final = re.compile(r"[,;，；]")


def goes_over(items: list[Item], named: list[Item], folded: str, memory: Memory) -> None:
    """Leaves in mind whom the sentence goes over to; nobody who acts where it tells of several pairs alike."""
    turns = [item for item in items if item.family == _TURNS]
    last = next((each for each in reversed(named) if any(0 <= each.start - turn.end <= _BESIDE for turn in turns)), None)
    if last is not None and last.family == "INSTITUTION":
        memory.institutions = memory.subject = last.actors
        party = next((each for each in named if each.family == "PARTY" and each.start > last.end), None)
        memory.party = party.actors if party is not None else memory.party
    elif _tells_of_pairs(named, folded):
        memory.institutions = memory.all_institutions = memory.subject = ()


def _tells_of_pairs(named: list[Item], folded: str) -> bool:
    """Whether each of several clauses tells of two: "Qualcomm supplies Xiaomi, MediaTek supplies Oppo"."""
    if not any(item.family == "PARTY" for item in named):
        return False
    clauses: list[list[Item]] = []
    for item in named:
        if clauses and not _PARTED.search(folded, clauses[-1][-1].end, item.start):
            clauses[-1].append(item)
        else:
            clauses.append([item])
    pairs = [each for each in clauses if len(each) == _PAIR]
    return len(pairs) > 1 and len(clauses) <= len(pairs) + 1 and len({each[0].actors for each in pairs}) == len(pairs)
