"""Whether what a sentence ends is the tie itself, and whether it is told as done.

"Oxford ended its review of contracts with Huawei" has the words of an end in the right order, and ends
no contract. The lexicon says what must not stand between the words of an end, and what may govern an
infinitive (`[ends]`): "decided to end" is told as done, "was asked to end" is not.
"""

import re
from typing import Final

from tracker.readers.compiled_clauses import EndWords
from tracker.readers.scene import DOING, Item, Scene

_LEAD: Final = 110
_NEAR: Final = 40
_OF: Final = 3
"""What may stand between a tie and the name that it is with: French "d'"."""
_RIGHT_BEFORE: Final = frozenset({"", " ", ", "})
"""What may stand before a participle that describes: "shipments, halted on Thursday"."""
_NEXT_CLAUSE: Final = re.compile(r", (?:\w{1,3} )?$")
"""What parts a party from the clause before: a comma, with a short conjunction."""
_ENDING: Final = frozenset({"cut", "suspend", "break_with"})
_ACTIVE: Final = frozenset({"cut", "suspend", "break_with", "stop_taking"})
_PARTICIPLES: Final = frozenset({"ended", "suspended"})
_PASSIVE: Final = frozenset({"refused", "refused_then", "ended", "suspended", "expelled", "lapse", "happened"})
"""Anchors whose object stands before them; what follows is not what they end."""
_TIES: Final = frozenset({"tie", "money"})
_OBJECTS: Final = frozenset({"tie", "money", "that_tie", "the_tie"})
_NAMED: Final = frozenset({"tie", "money", "PARTY", "INSTITUTION"})


def is_the_tie(anchor: Item, matched: tuple[Item, ...], scene: Scene, words: EndWords) -> bool:
    """Whether the words behind the anchor belong to one object, and the party is not only its owner."""
    if anchor.family in _PARTICIPLES and not _is_passive(anchor, matched, scene, words):
        return False
    if is_with_another(anchor, matched, scene, words) or _is_of_nothing(anchor, matched, scene, words):
        return False
    behind = [item for item in matched if item.start >= anchor.end] if anchor.family not in _PASSIVE else []
    place = anchor.end
    for item in behind:
        between = _plain(scene.folded[place : item.start], words)
        expressions = (
            (words.link,) if place != anchor.end else (words.direct, words.link) if item.family == "PARTY" else (words.apart,)
        )
        if any(each is not None and each.search(between) for each in expressions):
            return False
        if item.family in _TIES and words.follows is not None and not _ends_its_noun(item, scene, words):
            return False  # "cut its support staff"
        if any(each.family in _ENDING and place <= each.start and each.end <= item.start for each in scene.items):
            return False  # "refuses to end": the end itself is refused
        place = item.end
    doing = any(item.family in DOING for item in matched)  # what is done for a party is done with what it owns
    if behind and behind[-1].family == "PARTY" and words.owner is not None and not doing:
        return words.owner.match(scene.folded, behind[-1].end) is None
    if words.follows is not None and not any(_is_the_other_side(item, anchor) for item in matched):
        return _is_told_of(anchor, matched, scene, words)
    return True


def _is_of_nothing(anchor: Item, matched: tuple[Item, ...], scene: Scene, words: EndWords) -> bool:
    """Whether words behind the anchor that no pattern asked for say that nothing was ended: "has cut no ties"."""
    found = words.nothing.match(scene.folded, anchor.end) if words.nothing else None
    return found is not None and not any(anchor.end <= item.start < found.end() for item in matched)


def _is_the_other_side(item: Item, anchor: Item) -> bool:
    """Whether a match has its party; who "it" is before what is done may as well be the institution itself."""
    subject = item.pointing == "pronoun" and item.end <= anchor.start and anchor.family not in _PASSIVE
    return item.family == "PARTY" and not subject


def _is_told_of(anchor: Item, matched: tuple[Item, ...], scene: Scene, words: EndWords) -> bool:
    """Whether nothing behind an end that leaves the party to the context tells of another."""
    end = max(item.end for item in matched)
    ties = [item for item in matched if item.family in _TIES]
    beside = [item for item in scene.of(*_TIES) if item.start == end + 1]  # "no new collaborations with Russia"
    places = (end, *(item.end for item in (*ties, *beside)))
    if words.elsewhere is not None and any(words.elsewhere.match(scene.folded, place) for place in places):
        return False  # "closed its centre for classical studies", "put its projects with Google on hold"
    if anchor.family in _PASSIVE and any(item.end < anchor.start and _describes(item, scene, words) for item in ties):
        return False  # "the authorization act was withdrawn"
    return not _named_behind(anchor, end, scene)


def is_with_another(anchor: Item, matched: tuple[Item, ...], scene: Scene, words: EndWords) -> bool:
    """Whether a tie whose party is left to the context is with somebody else: "ended the cooperation with Google"."""
    if words.other_side is None:
        return False
    if any(item.family == "PARTY" for item in matched):
        return _is_beyond(matched, scene, words.other_side)
    ties = [item for item in matched if item.family in _OBJECTS]
    if any(words.other_side.match(scene.folded, tie.end) for tie in ties):
        return True
    if words.told_of is not None and not all(
        words.told_of.search(scene.folded, max(0, tie.start - _NEAR), tie.end) for tie in ties
    ):
        return True  # "ended a programme": not the one told of
    return any(_named_behind(anchor, tie.end, scene) for tie in ties)  # a pattern with the party had its chance


def _is_beyond(matched: tuple[Item, ...], scene: Scene, other_side: re.Pattern[str]) -> bool:
    """Whether the tie is with a stranger, and the party begins a clause behind: "the contract with Google, Huawei gains"."""
    for tie in matched:
        party = next((item for item in matched if item.family == "PARTY" and item.start >= tie.end), None)
        if tie.family not in _OBJECTS or party is None or not _NEXT_CLAUSE.search(scene.folded[tie.end : party.start]):
            continue
        if other_side.match(scene.folded, tie.end):
            return True
    return False


def _is_passive(anchor: Item, matched: tuple[Item, ...], scene: Scene, words: EndWords) -> bool:
    """Whether a participle has its "was" before it, or stands right behind its noun as in a headline."""
    if words.object is not None and words.object.match(scene.folded, anchor.end) and not _suffers(anchor, scene, words):
        return False  # "critics of the contract have ended their strike"
    if words.passive is None or words.passive.search(scene.folded[max(0, anchor.start - _LEAD) : anchor.start]):
        return True
    return any(scene.folded[item.end : anchor.start] in _RIGHT_BEFORE and item.pointing != "pronoun" for item in matched)


def _suffers(anchor: Item, scene: Scene, words: EndWords) -> bool:
    """Whether a form of "to be" stands right before a participle."""
    return words.suffers is not None and words.suffers.search(scene.folded, 0, anchor.start) is not None


def _ends_its_noun(item: Item, scene: Scene, words: EndWords) -> bool:
    """Whether what follows a tie is no further noun that it would only describe."""
    if words.follows is None or words.follows.match(scene.folded, item.end):
        return True
    return any(each.family in _NAMED and each.end > item.end and each.start <= item.end + _OF for each in scene.items)


def _describes(item: Item, scene: Scene, words: EndWords) -> bool:
    """Whether a tie only describes the noun behind it, which is what was ended."""
    verbs = any(each.start == item.end + 1 for each in scene.of("be", "passive", *_PASSIVE))
    return not verbs and not _ends_its_noun(item, scene, words)


def _plain(text: str, words: EndWords) -> str:
    """The text without what only counts: "part of its"."""
    return words.part.sub(" ", text) if words.part is not None else text


def _named_behind(anchor: Item, place: int, scene: Scene) -> bool:
    """Whether a party is named behind, in words that no pattern joins to the end.

    Behind a passive a clause of its own tells something else: "was cancelled in May, when Huawei was listed", and
    so does the clause of another behind a semicolon: "halted its deliveries; Intel looks into its business with Inspur".
    """
    others = (item.start for item in scene.of("INSTITUTION") if item.start >= place)
    end = min((each for each in others if scene.folded.endswith("; ", 0, each)), default=len(scene.text))
    if anchor.family in _PASSIVE:
        end = min((item.start for item in scene.of("clause") if place <= item.start < end), default=end)
    return any(item.family == "PARTY" and not item.pointing and place <= item.start < end for item in scene.items)


def is_theirs(anchor: Item, matched: tuple[Item, ...], scene: Scene, words: EndWords) -> bool:
    """Whether the verb has no subject of its own, where the institution is far: "gained when operators dropped Huawei"."""
    if words.subject is None or anchor.family not in _ACTIVE:
        return True
    before = [item for item in matched if item.end <= anchor.start]
    if before and not scene.has("clause", before[-1].end, anchor.start):
        return True
    return words.subject.search(scene.folded[max(0, anchor.start - _LEAD) : anchor.start]) is not None


def is_told(anchor: Item, scene: Scene, words: EndWords) -> bool:
    """Whether an infinitive is governed by a word of decision, or stands in a headline."""
    if words.infinitive is None:
        return True
    lead = scene.folded[max(0, anchor.start - _LEAD) : anchor.start]
    particle = words.infinitive.search(lead)
    if particle is None:
        return True
    start = anchor.start - len(lead) + particle.start()
    if words.decided is not None and words.decided.search(lead[: particle.start()]):
        return True
    head = next((item for item in scene.items if item.family == "INSTITUTION" and item.end < start <= item.end + 2), None)
    return head is not None and head.start <= len("the ")
