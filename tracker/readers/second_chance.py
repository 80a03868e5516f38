"""The second chance of a sentence: wide patterns, tried where no narrow one fits, under conditions of their own.

Journalists put much between who acts, the act and the party: "Imperial shut last year two centres that had
been paid for by AVIC". A trigger that is `loose` may look so far, and is believed only where nobody else
stands in between: no other name may be the subject, and the tie is with nobody else.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from tracker.readers.compiled import Compiled
from tracker.readers.scene import DOING, TIES, Item, Scene

_NAME: Final = re.compile(r"(?<![\w.’'-])[A-ZÀ-Ý][\w’'&.-]*")
_ASIDE: Final = re.compile(r", [^;:]{2,90},(?= )")
_INSERTED: Final = re.compile(r", [^,;]*,")
_CONTEXT: Final = 20
_SUBJECT_WITHIN: Final = 25
_LAB: Final = "lab_noun"
_PASSIVE: Final = frozenset({"refused", "refused_then", "ended", "suspended", "expelled", "reviewed", "stay_open"})
_NO_NAMES: Final = frozenset(
    {"i", "i'm", "chinese", "us", "u.s", "american", "beijing"}
    | {"co", "corp", "inc", "ltd", "plc"}
    | {"ai", "nand", "dram", "gpu", "gpus", "cpu", "cpus", "eda", "euv", "duv", "phd", "oled", "lcd", "usb"}
)
"""What has a capital and is nobody: words for a people or a form of company, and what machines are called."""


def stands_clear(anchor: Item, matched: tuple[Item, ...], scene: Scene, words: Compiled, *, sole: bool = False) -> bool:
    """Whether nobody else stands between the elements of a loose match; of a `sole` one others may act behind."""
    subject = next((item for item in matched if item.family == "INSTITUTION" and item.end <= anchor.start), None)
    party = next((item for item in matched if item.family == "PARTY"), None)
    if subject is not None:
        start = subject.end
        families = ("INSTITUTION", "PARTY") if party is not None else ("INSTITUTION",)
        if _others(matched, scene, start, anchor.start, families) or strangers(scene, words, start, anchor.start, aside=True):
            return False
    if party is None:
        if subject is not None and _may_be_the_party(subject, scene):
            return False
        return _nobody_beside(anchor, subject, scene, words) if sole else _nobody_behind(anchor, matched, scene, words)
    beside = words.roles.beside if not any(item.family in DOING for item in matched) else None
    # "confirmed that Huawei's ...", "a laboratory that Huawei opened"
    told = (party.end <= anchor.start or anchor.family == _LAB) and scene.folded.endswith(("that ", "which "), 0, party.start)
    if beside is not None and not told and beside.search(scene.text[max(0, party.start - _CONTEXT) : party.start]):
        return False
    low, high = (anchor.end, party.start) if party.start >= anchor.end else (party.end, anchor.start)
    if subject is not None and party.end <= subject.start:
        high = subject.start
    high = min([item.start for item in scene.of("partitive") if low <= item.start < high] + [high])
    return not _others(matched, scene, low, high, ("INSTITUTION",)) and not strangers(scene, words, low, high, aside=False)


def _may_be_the_party(subject: Item, scene: Scene) -> bool:
    """Whether "the firm", which may be the party, stands where it is not surely the subject of the sentence."""
    both = any(item.start == subject.start for item in scene.of("PARTY"))
    return both and subject.pointing == "noun" and subject.start > _SUBJECT_WITHIN


def has_another_partner(anchor: Item, scene: Scene, words: Compiled) -> bool:
    """Whether a name that no register holds is told to be the other side: "ended its partnership with Nike"."""
    marks = [item.start for item in scene.of("break", "clause") if item.start >= anchor.end]
    end = min([*marks, len(scene.text)])
    places = [*_unknown(scene, words, 0, anchor.start), *_unknown(scene, words, anchor.end, end)]
    return _has_a_companion([*places, *_beside_a_tie(scene, 0, end)], scene, words)


def names_another_partner(anchor: Item, scene: Scene, words: Compiled) -> bool:
    """The same of what is kept or reviewed, where only what stands behind without a comma is the other side."""
    comma = scene.folded.find(",", anchor.end)
    end = comma if comma >= 0 else len(scene.text)
    return _has_a_companion([*_unknown(scene, words, anchor.end, end), *_beside_a_tie(scene, anchor.end, end)], scene, words)


def _beside_a_tie(scene: Scene, start: int, end: int) -> Iterator[int]:
    """Where institutions begin that stand right behind the noun of a tie: "ended the agreement with Nokia"."""
    ties = [item.end for item in scene.of(*TIES)]
    for item in scene.of("INSTITUTION"):
        if not item.pointing and start <= item.start < end and any(0 < item.start - tie <= _CONTEXT for tie in ties):
            yield item.start


def _has_a_companion(places: Iterable[int], scene: Scene, words: Compiled) -> bool:
    """Whether one of the names at some places stands behind "with"."""
    companion = words.grammar.companion
    return companion is not None and any(companion.search(scene.text[max(0, place - _CONTEXT) : place]) for place in places)


def _nobody_behind(anchor: Item, matched: tuple[Item, ...], scene: Scene, words: Compiled) -> bool:
    """Whether the clause names nobody else with whom the tie might be, where the party is left to the context."""
    marks = [item.start for item in scene.of("break", "clause") if item.start >= anchor.end]
    end = min([*marks, len(scene.text)])
    start = (
        anchor.end
        if anchor.family not in _PASSIVE
        else max((item.end for item in matched if item.end <= anchor.start), default=0)
    )
    return not _others(matched, scene, start, end) and not _partners(scene, words, start, end)


def _nobody_beside(anchor: Item, subject: Item | None, scene: Scene, words: Compiled) -> bool:
    """Whether nobody stands behind where the other side of a tie would; "and" may begin what another did: "and Yale did so"."""
    expression, and_ = words.roles.partner, words.grammar.conjunction
    marks = [item.start for item in scene.of("break", "clause") if item.start >= anchor.end]
    end = min([*marks, len(scene.text)])
    start = anchor.end if subject is None else subject.end
    if any(start <= item.start < end and item.pointing != "pronoun" for item in scene.of("PARTY")):
        return False  # a pattern with the party had its chance
    known = (item.start for item in scene.of("INSTITUTION") if anchor.end <= item.start < end and item.pointing != "pronoun")
    for place in (*known, *_unknown(scene, words, anchor.end, end)):
        lead = scene.folded[max(anchor.end, place - _CONTEXT) : place]
        if and_ is not None and any(each.end() == len(lead) for each in and_.finditer(lead)):
            continue
        if expression is not None and expression.search(scene.text[max(anchor.end, place - _CONTEXT) : place]):
            return False
    return True


def _others(
    matched: tuple[Item, ...], scene: Scene, start: int, end: int, families: tuple[str, ...] = ("INSTITUTION", "PARTY")
) -> list[Item]:
    """Institutions and parties of a stretch that are none of the match."""
    theirs = {actor.key for item in matched for actor in item.actors}
    return [
        item
        for item in scene.of(*families)
        if start <= item.start
        and item.end <= end
        and item.pointing != "pronoun"
        and theirs.isdisjoint(actor.key for actor in item.actors)
    ]


def _partners(scene: Scene, words: Compiled, start: int, end: int) -> bool:
    """Whether a name that no register holds stands in a stretch where the other side of a tie would ("with Vodafone")."""
    expression = words.roles.partner
    return any(
        expression is None or expression.search(scene.text[max(start, place - _CONTEXT) : place])
        for place in _unknown(scene, words, start, end)
    )


def strangers(scene: Scene, words: Compiled, start: int, end: int, *, aside: bool) -> bool:
    """Whether a name that no register holds stands in a stretch; with `aside` not right behind words like "in"."""
    behind = -1
    for place in _unknown(scene, words, start, end):
        before = scene.text[max(start, place - _CONTEXT) : place]
        beside = aside and place == behind  # "president Sigbritt *Karlsson*"
        if not (beside or (aside and words.roles.aside is not None and words.roles.aside.search(before))):
            return True
        name = _NAME.match(scene.text, place)
        behind = name.end() + 1 if name else -1
    return False


def _unknown(scene: Scene, words: Compiled, start: int, end: int) -> Iterator[int]:
    """Where the names of a stretch begin that no register holds, apart from days and insertions."""
    dates = words.lexicon.dates
    known = _NO_NAMES | dates.months.keys() | dates.weekdays.keys()
    inserted = _ASIDE.match(scene.text, start, end) or _INSERTED.search(scene.text, start, end)
    for match in _NAME.finditer(scene.text, start, end):
        if inserted is not None and inserted.start() < match.start() < inserted.end():
            continue  # "Oxford, whose laboratories in Wytham are new, ended ..."
        word = match[0].lower().rstrip(".")
        if match.start() == 0 or word in known or word in words.countries:
            continue
        if scene.text[match.start() - 1] == "(" and scene.text.startswith(")", match.end()):
            continue  # "Intel Corp (INTC.O)", "the Technical University of Denmark (DTU)"
        if not any(item.start <= match.start() < item.end for item in scene.items):
            yield match.start()
