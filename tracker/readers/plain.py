"""Whether a sentence whose words no blanks part tells of an act plainly.

Where blanks part words, a stranger among them shows by its capital, and a verb of its own by its place. Chinese,
Japanese and Korean show neither, so the lexicon says what may stand around the words of an act (`[plain]`). Any
other letter there may be another verb ("helped end", "the right to end") or another subject ("Google ended").
"""

import re
from typing import Final

from tracker.readers.compiled_clauses import PlainWords
from tracker.readers.frame import Frame
from tracker.readers.scene import Item, Scene

_TIES: Final = frozenset({"tie", "money", "project", "laboratory", "degree", "named_tie", "centre", "chair"})
POINTING: Final = frozenset({"both", "that_tie", "the_tie"})
"""What points back to a party of an earlier clause: "told Huawei that it ends both sides' projects"."""
_NAMED: Final = frozenset({"INSTITUTION", "PARTY", *_TIES})
_FEW: Final = 24
_CLAUSE: Final = re.compile(r"[,。;:!?]+\s*")


def has_another_subject(anchor: Item, matched: tuple[Item, ...], scene: Scene, words: PlainWords) -> bool:
    """Whether the clause of the anchor has a subject that is no institution: "MIT表示,谷歌终止了与华为的合作"."""
    if words.clause is None:
        return False
    start, end = _clause_start(anchor, scene), anchor.start
    inside = [item for item in scene.of("INSTITUTION") if item.start < end and start < item.end]
    if inside:
        return _opens_with_another(inside, start, matched)
    if any(item.family == "PARTY" and start == item.start and item not in matched for item in scene.items):
        return True
    if any(start <= item.start <= start + 1 for item in matched):
        return False
    if start == end or words.clause.match(scene.folded, start) is not None:
        return False
    # An adverb is no subject, but a name in Latin letters may be one.
    told_how = words.before is not None and words.before.fullmatch(scene.folded, start, end) is not None
    return not told_how or scene.folded[start].isascii()


def _opens_with_another(inside: list[Item], start: int, matched: tuple[Item, ...]) -> bool:
    """Whether the clause has an institution of its own: "Cambridge signed with Huawei, Oxford ended its cooperation"."""
    acting = {actor.key for item in matched if item.family == "INSTITUTION" for actor in item.actors}
    if not acting or any(item in matched or item.pointing for item in inside):
        return False
    return any(item.start <= start + 1 and not acting & {actor.key for actor in item.actors} for item in inside)


def is_plain(anchor: Item, matched: tuple[Item, ...], scene: Scene, words: PlainWords) -> bool:
    """Whether only known words stand right before the anchor, behind it, and behind the last word of the match."""
    marks = [item.end for item in scene.items if item.family in words.landmarks and item.end <= anchor.start]
    start = max([_clause_start(anchor, scene), *marks])
    if words.before is not None and not words.before.fullmatch(scene.folded, start, anchor.start):
        begins = any(item.end == start and item.family in _NAMED for item in scene.items)
        if not begins or _is_strange(start, anchor.start, scene, words):
            return False
    following = min((item.start for item in matched if item.start >= anchor.end), default=None)
    known = following is None or words.after is None or words.after.fullmatch(scene.folded, anchor.end, following) is not None
    if not known and following is not None and _is_strange(anchor.end, following, scene, words):
        return False
    if words.behind is None:
        return True
    party = next((item.end for item in matched if item.family == "PARTY"), None)
    tie = next((item.start for item in matched if item.family in _TIES and item.start >= (party or 0)), 0)
    pointing = party is None or any(item.family in POINTING for item in matched)
    # "After Huawei had been listed, Intel stopped its supplies": the clause has its own subject.
    acting = any(item.family == "INSTITUTION" and (party or 0) <= item.start and item.end <= anchor.start for item in matched)
    if not (pointing or acting) and _CLAUSE.search(scene.folded, party or 0, tie):
        return False  # the party stands in one clause and what ended in another
    end = max(item.end for item in matched)
    if _CLAUSE.search(scene.folded, anchor.end, end):
        return False  # what stands beyond a comma is of another clause
    if words.behind.match(scene.folded, end) is not None:
        return True
    rest = _CLAUSE.search(scene.folded, end)
    return not _is_strange(end, rest.start() if rest else len(scene.folded), scene, words)


def _is_strange(start: int, end: int, scene: Scene, words: PlainWords) -> bool:
    """Whether words that no list knows may be a subject or verb of their own; a few others only tell when or how."""
    if words.strange is None or not 0 <= end - start <= _FEW:
        return True
    return words.strange.search(scene.folded[start:end]) is not None


def another_party_opens(frame: Frame, scene: Scene, words: PlainWords) -> bool:
    """Whether a clause behind the institution's has a party of its own for its subject: 牛津称,华为的人仍在与清华合作."""
    if words.clause is None or frame.trigger.statement != "tie-reported":
        return False
    start, subject = _clause_start(frame.anchor, scene), frame.one("INSTITUTION")
    if subject is None or subject.end > start:
        return False
    opening = (item for item in scene.of("PARTY") if item.start == start and not item.pointing)
    return any(item not in frame.matched for item in opening)


def _clause_start(anchor: Item, scene: Scene) -> int:
    return max((mark.end() for mark in _CLAUSE.finditer(scene.folded, 0, anchor.start)), default=0)
