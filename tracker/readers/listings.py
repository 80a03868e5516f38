"""What a frame tells of a listing: who was listed, on which list, and when."""

from collections.abc import Iterator
from typing import Final

from events.statements import ListingReported
from tracker.readers.asides import aside_of
from tracker.readers.counted import described_by
from tracker.readers.enumeration import enumerated
from tracker.readers.frame import Frame
from tracker.readers.making import Making
from tracker.readers.passage import EXPLICIT, RESOLVED, Draft
from tracker.readers.scene import Item, Scene

_SOON: Final = 3
"""How many sentences behind a listing more of its round are told of."""
_BESIDE: Final = 6
"""How far behind a list the words may stand that say whose it is: "sanctions list of the Treasury"."""


def listing_reported(make: Making) -> Iterator[Draft]:
    """The parties that a frame tells were listed, or taken off a list."""
    trigger, target = make.frame.trigger, make.frame.one("LIST")
    item = _listed(make)
    told = _list_told(make) if trigger.list == "told" else trigger.list
    list_id = target.actors[0].id if target else told
    assert trigger.change is not None
    if target is None and make.memory.list == "other":
        return
    if (item is None and not trigger.context) or not list_id or _another_list(make.frame, make.scene):
        return
    date, rule, dated = _when_listed(make)
    for actor in enumerated(make.scene, item, make.words, make.frame.end) if item else make.actors("PARTY")[0]:
        statement = ListingReported(
            evidence=make.passage.evidence,
            list=list_id,
            change=trigger.change,
            party=actor.id,
            party_name=actor.name,
            date=date,
            date_rule=rule,
            confidence=EXPLICIT if item and not item.pointing else RESOLVED,
        )
        yield Draft(statement, make.passage.place, dated, bool(item and not item.pointing))


def _list_told(make: Making) -> str | None:
    """The list spoken of; of "were blacklisted" that of the government spoken of, of which list the text then speaks."""
    memory, anchor, agents = make.memory, make.frame.anchor, make.words.lexicon.lists.agents
    blacklisted = memory.by_agent and make.scene.has("was_blacklisted", anchor.start, anchor.end)
    if memory.list is None and (blacklisted or any(item.family in agents for item in make.frame.matched)):
        memory.list = make.words.lexicon.lists.default
    return memory.list


def _when_listed(make: Making) -> tuple[str | None, str | None, bool]:
    """The date of a listing; of one told of as another of the same round, without a date, that of the round."""
    found, listing = make.when("recent"), make.memory.listing
    if found[2] or make.frame.trigger.list != "told" or listing is None or not listing[-1]:
        return found
    near = make.passage.place - make.memory.listing_place <= _SOON and make.frame.trigger.change == listing[1]
    return (listing[2], listing[3], True) if near else found


def _listed(make: Making) -> Item | None:
    """The party that is listed: of "it added Biren to the list" the one that is named, not whoever "it" may be."""
    item, target = make.frame.one("PARTY"), make.frame.one("LIST")
    if item is not None and item.pointing == "" and item.end <= make.frame.anchor.start:
        aside = aside_of(item, make.scene)
        item = aside.head if aside is not None and target is not None and aside.end < target.start else item
        return described_by(make.scene, item, make.words) or item
    if item is None or target is None or item.pointing != "pronoun":
        return item
    named = (each for each in make.scene.of("PARTY") if not each.pointing and make.frame.anchor.end <= each.start < target.start)
    return next(named, item)


def _another_list(frame: Frame, scene: Scene) -> bool:
    """Whether another list is named, unless only behind the one that the frame names, or in a clause before."""
    listed = frame.one("LIST")
    return any(
        listed is None
        or (other.start < frame.end and not _is_in_a_clause_before(other, frame, scene))
        or _is_beside(listed, other, scene)
        for other in scene.of("OTHER")
    )


def _is_in_a_clause_before(other: Item, frame: Frame, scene: Scene) -> bool:
    """Whether a semicolon stands between another list and the words of the listing."""
    return ";" in scene.folded[other.end : frame.start]


def _is_beside(listed: Item, other: Item, scene: Scene) -> bool:
    """Whether words right behind a list, before any comma, say whose it is."""
    return other.start - listed.end <= _BESIDE and "," not in scene.folded[listed.end : other.start]
