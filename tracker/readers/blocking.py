"""What takes a frame back: plans, demands, denials, conditions, negations, questions, and acts of others."""

import re
from collections.abc import Callable
from typing import Final

from tracker.readers.blocked_before import is_blocked_before, leads_of
from tracker.readers.compiled import Compiled
from tracker.readers.frame import Frame
from tracker.readers.lexicon import Blocker
from tracker.readers.objects import is_the_tie, is_theirs, is_told, is_with_another
from tracker.readers.other_subjects import another_acts, is_said_by_the_party, speaks_of_a_stranger
from tracker.readers.patterns import ACTS
from tracker.readers.scene import Item, Scene
from tracker.readers.side_clauses import is_of_a_side_clause, is_of_an_aside

_NEAR: Final = 45
_AFTER: Final = 60
_BEHIND: Final = 15
_ONE_WORD: Final = 2
_CLAUSE: Final = re.compile(r"[,;:] (?:\w+ ){0,2}$")
"""How the clause of a subject begins: with a comma, and "and the" at most."""
_MARK: Final = re.compile("[,;:]")
_BLOCK: Final = "block:"
_OTHERS: Final = frozenset({"tie-ended:another-subject", "institution-responded:others"})
"""Blockers that tell of others: "Other universities have decided alike: Helsinki ended its agreement"."""
_WISHED: Final = frozenset({"modal", "condition"})
"""Blockers of a wish or a doubt, which is over where a colon tells what is done about it."""
_OF_THEIR_CLAUSE: Final = frozenset({"negation", "denial", *_WISHED, *_OTHERS})
"""Blockers that hold for their own clause: "could no longer buy: Washington had listed it"."""


def blocked(frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether a plan, demand, denial, condition, negation or question takes the frame back."""
    blockers = words.lexicon.blockers
    for item in scene.items:
        name = item.family.removeprefix(_BLOCK)
        if name == item.family or not _concerns(name, frame, scene, words):
            continue
        if _is_excused(name, item, frame, scene, words):
            continue
        if _reaches(blockers[name], item, frame, scene) and not _harmless(blockers[name], item, scene):
            return True
    negations = {each.start for each in scene.of(f"{_BLOCK}negation")}
    if any(each.start in negations and not each.actors and is_of_an_aside(each, frame, scene, words) for each in frame.matched):
        return True  # "MIT, which could not be reached, has received $2 million"
    if is_blocked_before(frame, scene, words):
        return True
    if frame.trigger.statement in ACTS and _is_no_act(frame, scene, words):
        return True
    subject = frame.one("INSTITUTION") if frame.trigger.statement == "tie-reported" else None
    if subject is not None and subject.pointing == "pronoun" and speaks_of_a_stranger(frame, scene, words):
        return True  # "Keele said it had two agreements with Huawei"
    return _is_backshifted(frame, scene, words) or asks(scene) or another_acts(frame, scene, words)


def _is_excused(name: str, item: Item, frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether words that would block are part of the match, or of a question, clause or aside that says nothing of it."""
    if any(item.start < each.end and each.start < item.end for each in frame.matched):
        return True  # the pattern itself asked for it: "no longer accept"
    if name in _OTHERS and any(each.family == "INSTITUTION" and each.start == item.end + 1 for each in frame.matched):
        return True  # "the carrier Vodafone"
    if name in _OF_THEIR_CLAUSE and _is_of_a_clause_before(name, item, frame, scene, words):
        return True  # "Lumentum supplied nothing more, Google suspended the cooperation"
    # "Arm, whose designs almost all phones use, has told its staff to stop"
    return words.lexicon.blockers[name].reach != "sentence" and is_of_a_side_clause(name, item, frame, scene, words)


def _is_backshifted(frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether the ending of the verb tells that it is rumour: French -rait."""
    backshift = words.lexicon.blockers.get("backshift")
    if backshift is None or "backshift" in frame.trigger.despite or "backshift" in words.silent:
        return False
    verb = scene.folded[frame.anchor.start : frame.anchor.end].split(" ")[0]
    return verb.endswith(words.lexicon.backshift_endings or ("\0",)) and not _harmless(backshift, frame.anchor, scene)


def asks(scene: Scene) -> bool:
    """Whether a sentence is a question."""
    return scene.text.rstrip(' »”"」').endswith(("?", "？"))


def _is_of_a_clause_before(name: str, item: Item, frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether the words stand before a comma right behind which the institution of the match begins a clause, or a colon.

    The same where both are told one after the other: Spanish "que no lo sabe y que los envíos continúan".
    """
    told = words.grammar.next_told.search(scene.folded, 0, frame.anchor.start) if words.grammar.next_told else None
    if told is not None and told.start() < item.start and item.end < told.end():
        return True
    subject = frame.one("INSTITUTION")
    if name in _WISHED and subject is not None and ": " in scene.folded[item.end : min(subject.start, frame.start)]:
        return True  # "MIT wants to know whether it may go on: it has begun a review"
    if frame.trigger.statement == "listing-reported" and _is_before_what_is_put_in(item, frame, scene):
        return True
    parted = name == "negation" or name in _OTHERS or frame.trigger.statement == "listing-reported"
    if parted and ": " in scene.folded[item.end : frame.start]:
        return True
    opens = parted and not min(frame.matched, key=lambda each: each.start).actors
    if opens and name == "modal" and scene.folded[item.end : frame.start].endswith(", "):
        return True  # German "Weil es beteiligt sein soll, steht das Unternehmen auf der Liste"
    if name == "denial" and frame.trigger.stance == "continuing" and ": " in scene.folded[item.end : frame.start]:
        return True  # "The company denied it: the deliveries go on"
    if name != "negation":
        return False
    if frame.trigger.stance == "continuing" and _opens_behind_and(item, frame, scene, words):
        return True
    goes_on = frame.trigger.stance == "continuing" and subject is not None and scene.folded.endswith(", ", 0, subject.start)
    return (
        subject is not None
        and (subject.pointing != "pronoun" or goes_on)  # "most of it was not affected, it went on delivering"
        and item.end <= subject.start < frame.anchor.start
        and _CLAUSE.search(scene.folded, item.end, subject.start) is not None
    )


def _is_before_what_is_put_in(item: Item, frame: Frame, scene: Scene) -> bool:
    """Whether a listing is told right behind a party that the words speak of: "no longer supplies Huawei, listed in May"."""
    party = frame.one("PARTY")
    if party is None or item.end > party.start or not scene.folded.startswith(", ", party.end):
        return False
    between = scene.folded[party.end + 2 : frame.anchor.start]
    return not between or ("," not in between and any(each.start == party.end + 2 for each in scene.of("relative", "which_w")))


def _opens_behind_and(item: Item, frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether a verb of the match follows an "and" behind the words: "is not put off and goes on working with Huawei"."""
    and_ = words.grammar.conjunction
    verbs = {each.start for each in frame.matched if not each.actors}
    return and_ is not None and any(each.end() in verbs for each in and_.finditer(scene.folded, item.end))


def _is_no_act(frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether somebody unknown acts, nothing is told as done, or what is ended is no tie."""
    if speaks_of_a_stranger(frame, scene, words) or is_said_by_the_party(frame, scene, words):
        return True
    if frame.trigger.stance != "continuing" and not is_told(frame.anchor, scene, words.ends):
        return True  # who only means to go on goes on
    if frame.trigger.statement != "tie-ended":
        return is_with_another(frame.anchor, frame.matched, scene, words.ends)
    anchor, matched = frame.anchor, frame.matched
    return not is_the_tie(anchor, matched, scene, words.ends) or not is_theirs(anchor, matched, scene, words.ends)


def _concerns(name: str, frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether a blocker may block the frame at all, as the words right before the anchor are."""
    only, colon, _ = name.partition(":")
    if name in frame.trigger.despite or name in words.silent or (colon and only != frame.trigger.statement):
        return False
    expression = words.before.get(name)
    if expression is None:
        return True
    return any(expression.search(lead) for lead in leads_of(frame, scene, words))


def _reaches(blocker: Blocker, item: Item, frame: Frame, scene: Scene) -> bool:
    return _REACH[blocker.reach](item, frame, scene)


def _near(item: Item, frame: Frame, scene: Scene) -> bool:
    if not 0 <= frame.anchor.start - item.end <= _NEAR or scene.has("break", item.end, frame.anchor.start):
        return False
    # "could no longer sell because HIT had been listed": the listing stands.
    return frame.trigger.statement != "listing-reported" or not scene.has("clause", item.end, frame.anchor.start)


def _clause(item: Item, frame: Frame, scene: Scene) -> bool:
    if item.end > frame.anchor.start:
        return False
    # "Senators urged MIT to act after Huawei was listed": the listing stands.
    return not (scene.has("break", item.end, frame.anchor.start) or scene.has("clause", item.end, frame.anchor.start))


def _after(item: Item, frame: Frame, scene: Scene) -> bool:
    return frame.anchor.end <= item.start <= frame.end + _AFTER and not scene.has("break", frame.anchor.end, item.start)


def _trailing(item: Item, frame: Frame, scene: Scene) -> bool:
    """As `after`, up to the next comma: "与华为签有协议,目前没有中止的计划" has an agreement."""
    return _after(item, frame, scene) and "," not in scene.folded[max(frame.end, frame.anchor.end) : item.start]


def _around(item: Item, frame: Frame, scene: Scene) -> bool:
    inside = frame.start <= item.start and item.end <= frame.end + _BEHIND
    inside = inside and "," not in scene.folded[frame.end : max(frame.end, item.start)]
    return (inside and not scene.has("break", min(item.end, frame.end), item.start)) or _clause(item, frame, scene)


def _object(item: Item, frame: Frame, _scene: Scene) -> bool:
    return frame.anchor.end <= item.start and item.end <= frame.end


def _behind(item: Item, frame: Frame, scene: Scene) -> bool:
    """Right behind the match, with one word between at most: "dropped Hikvision's old cameras"."""
    between = scene.folded[frame.end : item.start]
    return frame.end <= item.start and not _MARK.search(between) and between.count(" ") <= _ONE_WORD


def _sentence(_item: Item, _frame: Frame, _scene: Scene) -> bool:
    return True


_REACH: Final[dict[str, Callable[[Item, Frame, Scene], bool]]] = {
    "near": _near,
    "clause": _clause,
    "after": _after,
    "trailing": _trailing,
    "around": _around,
    "object": _object,
    "behind": _behind,
    "sentence": _sentence,
}


def _harmless(blocker: Blocker, item: Item, scene: Scene) -> bool:
    """Whether a family that excuses the blocker stands before it, or anywhere if it holds for all: "said it would"."""
    end = len(scene.text) if blocker.reach == "sentence" else item.start
    return any(scene.has(family, 0, end) for family in blocker.unless)
