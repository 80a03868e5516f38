"""Triggers found in an annotated sentence: who did what to whom, where nothing takes it back.

A frame is one way a pattern fits a sentence: its elements in order, each near enough to the one
before, with no break ("but", "while") between. Then the blockers are asked.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from tracker.readers.amounts import find_amounts
from tracker.readers.compiled import ACTS, Compiled, Element, Pattern
from tracker.readers.lexicon import Blocker, Trigger
from tracker.readers.objects import is_the_tie, is_theirs, is_told, is_with_another
from tracker.readers.plain import has_another_subject, is_plain
from tracker.readers.roles import plays_another_role
from tracker.readers.scene import Item, Scene
from tracker.readers.second_chance import has_another_partner, stands_clear

_NEAR: Final = 45
_AFTER: Final = 60
_AGENT: Final = 12
_BEHIND: Final = 15
_LEAD: Final = 140
_ASIDE: Final = 2
_ONE_WORD: Final = 2
_SHORT_WORD: Final = 6
_WEIGHED: Final = 40
_THINKING: Final = frozenset({"considering", "reviewing"})
_STRANGER: Final = re.compile(r"(?:The |Le |La |L[’'])?[A-ZÀ-Ý][\w’'&-]+ (?:(?:of|de|du|des|and|et|the|for) )*[A-ZÀ-Ý][\w’'&-]+")
_LOWER: Final = re.compile(r"\b(?!with|from|over|into)[a-z]{4,}\b")
_SUBJECT: Final = re.compile(
    r"\b([A-Z]\w[\w&.-]*)(?: (?:has|have|had|also|a|ont|avait|ha|han|hat|haben|hatte|heeft|hebben|tem))* $"
)
_NAME: Final = re.compile(r" ([A-ZÄÖÜ][\w&.-]*)")
_TOLD: Final = re.compile(r" (?:that |que |qu['’])?([A-Z][\w&.-]+)(?=,? )")
_BLOCK: Final = "block:"
_OF_THEIR_CLAUSE: Final = frozenset({"negation", "modal"})
"""Blockers that hold for their own clause: "could no longer buy: Washington had listed it"."""


class Frame(msgspec.Struct, frozen=True):
    """A trigger that fits: the anchor and the actors, None where the pattern names none."""

    trigger: Trigger
    anchor: Item
    matched: tuple[Item, ...]

    @property
    def start(self) -> int:
        """Where the first element begins."""
        return min(item.start for item in self.matched)

    @property
    def end(self) -> int:
        """Where the last element ends."""
        return max(item.end for item in self.matched)

    def one(self, family: str) -> Item | None:
        """The element of a family of actors."""
        return next((item for item in self.matched if item.family == family), None)


def find_frames(scene: Scene, words: Compiled, *, whatever_blocks: bool = False) -> list[Frame]:
    """The frames of a sentence, one for an anchor and kind of statement.

    Of an act the one that says who acts wins over one that leaves it to the context; then the first trigger in the lexicon.
    Loose triggers are tried apart: what they found counts where the others tell nothing of the kind.
    `whatever_blocks` finds those too that a blocker takes back.
    """
    best: dict[tuple[int, str], tuple[tuple[bool, int], Frame]] = {}
    loose: dict[tuple[int, str], tuple[tuple[bool, int], Frame]] = {}
    amounts: bool | None = None
    present = {item.family for item in scene.items}
    for anchor in scene.items:
        for pattern in words.by_anchor.get(anchor.family, ()):
            trigger = pattern.trigger
            key = (anchor.start, trigger.statement)
            rank = (pattern.unnamed, pattern.order)
            into = loose if trigger.loose else best
            if key in into and into[key][0] <= rank:
                continue
            if not _may_fit(pattern, present):
                continue
            if trigger.amount and amounts is None:
                amounts = bool(find_amounts(scene.folded, words.lexicon.amounts))
            if trigger.amount and not amounts:
                continue
            matched = _fit(scene, pattern, anchor)
            if matched is not None:
                frame = Frame(trigger, anchor, matched)
                if not _stands(frame, scene, words):
                    continue
                if whatever_blocks or not blocked(frame, scene, words):
                    into[key] = (rank, frame)
    frames = sorted((frame for _, frame in (*best.values(), *loose.values())), key=lambda frame: frame.anchor.start)
    return [frame for frame in frames if not _is_weighed(frame, frames, scene)]


def _is_weighed(frame: Frame, frames: list[Frame], scene: Scene) -> bool:
    """Whether going on is only what is thought about: "is considering whether it is wise to keep the partnership"."""
    return frame.trigger.stance == "continuing" and any(
        each.trigger.stance in _THINKING
        and 0 <= frame.anchor.start - each.anchor.end <= _WEIGHED
        and "," not in scene.folded[each.anchor.end : frame.anchor.start]
        and not scene.has("break", each.anchor.end, frame.anchor.start)
        for each in frames
    )


def _stands(frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether the words around a match are as its trigger asks."""
    if frame.trigger.lead and not re.fullmatch(frame.trigger.lead, scene.folded[: frame.start]):
        return False
    if frame.trigger.statement == "tie-ended" and frame.one("PARTY") is None and has_another_partner(frame.anchor, scene, words):
        return False
    return not (frame.trigger.loose or _leaves_the_party_open(frame)) or stands_clear(frame.anchor, frame.matched, scene, words)


def _leaves_the_party_open(frame: Frame) -> bool:
    """Whether a company ends something with nobody: companies end much that is no tie to a party."""
    institution = frame.one("INSTITUTION")
    companies = institution is not None and any(actor.company for actor in institution.actors)
    open_ = frame.trigger.statement == "tie-ended" and frame.one("PARTY") is None and not frame.trigger.definite
    return companies and open_


def _may_fit(pattern: Pattern, present: set[str]) -> bool:
    """Whether the sentence has all families that a pattern asks for, and none that its trigger excludes."""
    if not pattern.single <= present or any(present.isdisjoint(each) for each in pattern.several):
        return False
    trigger = pattern.trigger
    return not (trigger.needs and present.isdisjoint(trigger.needs)) and present.isdisjoint(trigger.unless)


def _fit(scene: Scene, pattern: Pattern, anchor: Item) -> tuple[Item, ...] | None:
    """The items that fit the pattern around an anchor, nearest first; None where it does not fit."""
    right = _walk(scene, pattern.elements[pattern.anchor + 1 :], anchor.end, forward=True)
    if right is None:
        return None
    # Going left, the distance of a step is written on the element that stands to the right of it.
    gaps = [element.gap for element in pattern.elements[1 : pattern.anchor + 1]]
    left = [Element(each.families, gap) for each, gap in zip(pattern.elements, gaps, strict=False)]
    found = _walk(scene, tuple(reversed(left)), anchor.start, forward=False)
    return None if found is None else (*reversed(found), anchor, *right)


def _walk(scene: Scene, elements: tuple[Element, ...], place: int, *, forward: bool) -> tuple[Item, ...] | None:
    if not elements:
        return ()
    element, rest = elements[0], elements[1:]
    for item in _candidates(scene, element, place, forward=forward):
        if not forward and rest and item.family == "PARTY" and item.pointing == "pronoun":
            continue  # "Intel said that it ...": the subject speaks of itself
        found = _walk(scene, rest, item.end if forward else item.start, forward=forward)
        if found is not None:
            return (item, *found)
    return None


def _candidates(scene: Scene, element: Element, place: int, *, forward: bool) -> Iterable[Item]:
    """The items that may be the next element, nearest first. A pronoun is never an object."""
    items = scene.items if forward else reversed(scene.items)
    for item in items:
        if item.family not in element.families or (forward and item.pointing == "pronoun"):
            continue
        distance = item.start - place if forward else place - item.end
        if 0 <= distance <= element.gap:
            low, high = (place, item.start) if forward else (item.end, place)
            if not forward and item.family == "INSTITUTION" and item.pointing != "pronoun":
                low += _contrasted(scene, low)
            if not scene.has("break", low, high):
                yield item


def _contrasted(scene: Scene, end: int) -> int:
    """How far a word of contrast reaches right behind the subject, where it parts nothing: "Oxford, however, ended"."""
    word = next((item for item in scene.of("contrast") if 0 < item.start - end <= _ASIDE), None)
    return 0 if word is None else word.end - end


def blocked(frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether a plan, demand, denial, condition, negation or question takes the frame back."""
    blockers = words.lexicon.blockers
    for item in scene.items:
        name = item.family.removeprefix(_BLOCK)
        if name == item.family or not _concerns(name, frame, scene, words):
            continue
        if any(item.start < each.end and each.start < item.end for each in frame.matched):
            continue  # the pattern itself asked for it: "no longer accept"
        if name in _OF_THEIR_CLAUSE and _is_of_a_clause_before(name, item, frame, scene):
            continue  # "Lumentum supplied nothing more, Google suspended the cooperation"
        if _reaches(blockers[name], item, frame, scene) and not _harmless(blockers[name], item, scene):
            return True
    if any(_concerns(name, frame, scene, words) for name in words.only_before):
        return True
    if frame.trigger.statement in ACTS and _is_no_act(frame, scene, words):
        return True
    backshift = blockers.get("backshift")
    if backshift is None or "backshift" in frame.trigger.despite:
        return scene.text.rstrip(' »”"」').endswith(("?", "？")) or _another_acts(frame, scene, words)
    verb = scene.folded[frame.anchor.start : frame.anchor.end].split(" ")[0]
    if verb.endswith(words.lexicon.backshift_endings or ("\0",)) and not _harmless(backshift, frame.anchor, scene):
        return True
    return scene.text.rstrip(' »”"」').endswith(("?", "？")) or _another_acts(frame, scene, words)


def _is_of_a_clause_before(name: str, item: Item, frame: Frame, scene: Scene) -> bool:
    """Whether the words stand before a comma right behind which the institution of the match begins a clause, or a colon."""
    told = name == "negation" or frame.trigger.statement == "listing-reported"
    if told and ": " in scene.folded[item.end : frame.start]:
        return True
    if name != "negation":
        return False
    subject = frame.one("INSTITUTION")
    return (
        subject is not None
        and subject.pointing != "pronoun"
        and item.end <= subject.start < frame.anchor.start
        and scene.folded[: subject.start].endswith((", ", "; ", ": "))
    )


def _is_no_act(frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether somebody unknown acts, nothing is told as done, or what is ended is no tie."""
    if _speaks_of_a_stranger(frame, scene):
        return True
    if frame.trigger.stance != "continuing" and not is_told(frame.anchor, scene, words.ends):
        return True  # who only means to go on goes on
    if frame.trigger.statement != "tie-ended":
        return is_with_another(frame.anchor, frame.matched, scene, words.ends)
    anchor, matched = frame.anchor, frame.matched
    return not is_the_tie(anchor, matched, scene, words.ends) or not is_theirs(anchor, matched, scene, words.ends)


def _speaks_of_a_stranger(frame: Frame, scene: Scene) -> bool:
    """Whether "it" is a name that no register holds: "Prince's Trust said that it will no longer take donations"."""
    pronouns = [item for item in frame.matched if item.family == "INSTITUTION" and item.pointing == "pronoun"]
    stranger = _STRANGER.match(scene.text) if pronouns else None
    if (
        stranger is None
        or _named_before(pronouns[0], scene)
        or not _LOWER.search(scene.text)
        or stranger.end() > pronouns[0].start
    ):
        return False
    return not any(
        item.start < stranger.end() and (item.actors or item.end - item.start > _SHORT_WORD)
        for item in scene.items
        if not item.family.startswith(_BLOCK)
    )


def _named_before(pronoun: Item, scene: Scene) -> bool:
    return any(item.pointing != "pronoun" and item.end <= pronoun.start for item in scene.of("INSTITUTION"))


def _another_acts(frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether a name that is no actor is the subject of an end: "MIT said Google cut ties with Huawei"."""
    if frame.trigger.statement in ACTS and (
        has_another_subject(frame.anchor, frame.matched, scene, words.plain)
        or plays_another_role(frame.trigger.statement, frame.anchor, frame.matched, scene, words.roles)
    ):
        return True
    if frame.trigger.statement != "tie-ended":
        return False
    return not is_plain(frame.anchor, frame.matched, scene, words.plain) or _a_stranger_acts(frame, scene, words)


def _a_stranger_acts(frame: Frame, scene: Scene, words: Compiled) -> bool:
    if frame.trigger.lead or not _LOWER.search(scene.text):
        return False
    if any(_opens_with_a_stranger(item, scene) for item in scene.of("conjunction") if item.end <= frame.anchor.start):
        return True
    if any(_by_a_stranger(item, frame, scene) for item in scene.of("agent")):
        return True
    institution = frame.one("INSTITUTION")
    if institution is not None and _said_of_another(institution, frame, scene):
        return True
    if institution is not None and _is_told_of_a_stranger(institution, frame, scene, words):
        return True
    subject = _SUBJECT.search(scene.text[: frame.anchor.start])
    if subject is not None and any(
        item.family == "PARTY" and item.pointing != "pronoun" and item.start < subject.end(1) and subject.start(1) < item.end
        for item in scene.items
        if item not in frame.matched
    ):
        return True  # "a talk on how Huawei lost its contracts"
    if subject is None or any(
        item.start < subject.end(1) and subject.start(1) < item.end and item.actors for item in scene.items
    ):
        return False
    dates = words.lexicon.dates
    if subject[1].lower() in {*dates.weekdays, *dates.months}:
        return False
    if words.lexicon.nouns_capitalised and any(
        item.start < subject.end(1) and subject.start(1) < item.end for item in scene.items
    ):
        return False  # an ordinary noun that the lexicon knows
    return institution is None or scene.has("say", institution.end, subject.start(1))


def _is_told_of_a_stranger(institution: Item, frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether the institution only tells what somebody else did: "Stanford said that Cisco, which is near, had ended ..."."""
    dates = words.lexicon.dates
    for say in scene.of("say"):
        name = _TOLD.match(scene.text, say.end) if institution.end <= say.start and say.end < frame.anchor.start else None
        if name is None or name[1].lower() in {*dates.weekdays, *dates.months}:
            continue
        if not any(item.start < name.end() and name.start(1) < item.end for item in scene.items):
            return True
    return False


def _by_a_stranger(agent: Item, frame: Frame, scene: Scene) -> bool:
    """Whether somebody else is told to have done it: Spanish "fue rescindido por Google"."""
    if agent.start - frame.anchor.end != 1:
        return False
    return not any(agent.end <= item.start <= agent.end + _AGENT for item in scene.of("INSTITUTION"))


def _said_of_another(institution: Item, frame: Frame, scene: Scene) -> bool:
    """Whether the institution comes in a clause of its own behind: "Vodafone cut its deal with ZTE, and MIT took note"."""
    if institution.start < frame.anchor.end or "," not in scene.folded[frame.anchor.end : institution.start]:
        return False
    said = [item.end for item in scene.of("say") if frame.anchor.end <= item.start and item.end <= institution.start]
    return not said or "," in scene.folded[said[-1] : institution.start]


def _opens_with_a_stranger(conjunction: Item, scene: Scene) -> bool:
    """Whether a clause has a name for its subject that is no actor: German "nachdem Google ... beendet hatte"."""
    name = _NAME.match(scene.text, conjunction.end)
    return name is not None and not any(
        item.start < name.end() and name.start(1) < item.end for item in scene.items if item.family != "break"
    )


def _concerns(name: str, frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether a blocker may block the frame at all, as the words right before the anchor are."""
    only, colon, _ = name.partition(":")
    if name in frame.trigger.despite or (colon and only != frame.trigger.statement):
        return False
    expression = words.before.get(name)
    if expression is None:
        return True
    start = frame.anchor.start
    text = scene.folded
    if not words.lexicon.spaced:  # there is no first word to end with
        return expression.search(text[max(0, start - _LEAD) : start]) is not None
    end = text.find(" ", start)
    return any(expression.search(text[max(0, start - _LEAD) : high]) for high in (start, end if end > start else len(text)))


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


def _around(item: Item, frame: Frame, scene: Scene) -> bool:
    inside = frame.start <= item.start and item.end <= frame.end + _BEHIND
    inside = inside and "," not in scene.folded[frame.end : max(frame.end, item.start)]
    return (inside and not scene.has("break", min(item.end, frame.end), item.start)) or _clause(item, frame, scene)


def _object(item: Item, frame: Frame, _scene: Scene) -> bool:
    return frame.anchor.end <= item.start and item.end <= frame.end


def _behind(item: Item, frame: Frame, scene: Scene) -> bool:
    """Right behind the match, with one word between at most: "dropped Hikvision's old cameras"."""
    between = scene.folded[frame.end : item.start]
    return frame.end <= item.start and "," not in between and between.count(" ") <= _ONE_WORD


def _sentence(_item: Item, _frame: Frame, _scene: Scene) -> bool:
    return True


_REACH: Final[dict[str, Callable[[Item, Frame, Scene], bool]]] = {
    "near": _near,
    "clause": _clause,
    "after": _after,
    "around": _around,
    "object": _object,
    "behind": _behind,
    "sentence": _sentence,
}


def _harmless(blocker: Blocker, item: Item, scene: Scene) -> bool:
    """Whether one of the families that excuse the blocker stands before it: "said it would"."""
    return any(scene.has(family, 0, item.start) for family in blocker.unless)
