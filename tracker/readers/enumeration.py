"""Which parties a listing names together, with what describes each between commas, and which the next sentence adds."""

import re
from collections.abc import Iterator
from typing import Final

from events.statements import ListingReported
from tracker.readers.compiled import Compiled
from tracker.readers.dates import Dated
from tracker.readers.frames import Frame
from tracker.readers.making import RESOLVED, Draft, Passage, when
from tracker.readers.scene import Actor, Item, Memory, Scene

_JOINED_WITHIN: Final = 50
_EARLY: Final = 120
"""What stands further behind in a sentence does not open it."""
_AND: Final = r"(?:and|as well as|et|ainsi que|y|así como|e|bem como|nonché|und|sowie|en|alsmede)"
_DESCRIBED: Final = re.compile(rf", [^,;:()]{{3,80}}(?:,|\b(?={_AND} ))| \([^()]{{1,60}}\)")
"""What describes a party and ends where the next may be named."""


def enumerated(scene: Scene, item: Item, words: Compiled) -> tuple[Actor, ...]:
    """The parties of the element and those enumerated with it, and where the sentence counts them up ("among them"), all."""
    actors = [*_joined_before(scene, item), *(actor for each in _row(scene, item, words) for actor in each.actors)]
    partitive = next(iter(scene.of("partitive", "colon_w")), None)
    if partitive is not None and not scene.has("OTHER"):
        for other in scene.of("PARTY"):
            if not other.pointing and not scene.has("break", min(item.end, other.end), max(item.start, other.start)):
                actors += [actor for actor in other.actors if actor not in actors]
    return tuple({actor.key: actor for actor in actors}.values())


def _joined_before(scene: Scene, item: Item) -> list[Actor]:
    """The parties of the same subject: "Positive Technologies and a firm of Singapore, Coseinc, were added"."""
    before = next((each for each in reversed(scene.of("PARTY")) if each.end < item.start and not each.pointing), None)
    if before is None or item.start - before.end > _JOINED_WITHIN or not scene.has("and_a", before.end, item.start):
        return []
    return list(before.actors)


def _row(scene: Scene, item: Item, words: Compiled) -> list[Item]:
    """The parties told of beside an item, with what describes them between: "Dahua, its rival, and iFlytek"."""
    parties = [each for each in scene.of("PARTY") if not each.pointing]
    if item not in parties:
        return [item]
    first = last = parties.index(item)
    while first and _follows(scene, parties[first - 1], parties[first], words):
        first -= 1
    while last + 1 < len(parties) and _follows(scene, parties[last], parties[last + 1], words):
        last += 1
    return parties[first : last + 1]


def _follows(scene: Scene, one: Item, other: Item, words: Compiled) -> bool:
    """Whether only a description between commas, and an "and", stand between two parties."""
    between = _DESCRIBED.match(scene.folded, one.end, other.start)
    if between is None or any(one.end <= each.start < other.start for each in scene.of("LIST")):
        return False
    return words.joining.fullmatch(scene.folded, between.end(), other.start) is not None


def open_listing(passage: Passage, frame: Frame, dates: list[Dated]) -> tuple[str, ...] | None:
    """What a sentence leaves open for the next to name: "added 28 bodies to its Entity List. Among them ...\""""
    target = frame.one("LIST")
    if frame.trigger.statement != "listing-reported" or target is None or target.actors[0].id is None:
        return None
    date, rule, dated = when(passage, frame.anchor, dates, "recent")
    return (target.actors[0].id, frame.trigger.change or "added", date or "", rule or "", "dated" if dated else "")


def continued(passage: Passage, memory: Memory) -> Iterator[Draft]:
    """Parties that a sentence counts up for the listing that the sentence before told of."""
    scene = passage.scene
    first = next(iter(scene.of("partitive")), None)
    if memory.listing is None or first is None or first.start > _EARLY or scene.has("OTHER"):
        return
    list_id, change, date, rule, dated = memory.listing
    for item in scene.of("PARTY"):
        if item.pointing:
            continue
        for actor in item.actors:
            statement = ListingReported(
                evidence=passage.evidence,
                list=list_id,
                change=change,  # type: ignore[arg-type]
                party=actor.id,
                party_name=actor.name,
                date=date or None,
                date_rule=rule or None,
                confidence=RESOLVED,
            )
            yield Draft(statement, passage.place, bool(dated), True)
