"""More of one round of listings: whom the next sentence counts up, who is hit too, and who shares the verb of another."""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from events.statements import ListingReported
from tracker.readers.asides import is_an_article, without_parts
from tracker.readers.compiled import Compiled
from tracker.readers.counted import SOON, behind_colon, counted, members, opened
from tracker.readers.dates import Dated
from tracker.readers.dating import when
from tracker.readers.enumeration import without_counts
from tracker.readers.frame import Frame
from tracker.readers.passage import RESOLVED, Draft, Passage
from tracker.readers.scene import OTHER_LIST, Item, Memory, Scene

_NAME: Final = re.compile(r"(?:^|(?<=[a-z,] ))[A-Z][a-z]+ [A-Z][a-z]+ $")
"""The name of a person, which stands before "of"."""
_BESIDE: Final = 2
_ARTICLE: Final = 6
"""How many characters may stand between "of" and the name: " the "."""
_AT_THE_HEAD: Final = 120
"""How far "among them" may stand from the beginning where nothing says that more were added."""
_OF_OTHERS: Final = ("block:tie-ended:", "block:tie-reported:", "block:institution-responded:")
"""Blockers that take back no listing."""
_GAPPED: Final = 45
"""How many characters beside name and date a listing may have that shares its verb with another."""


def open_listing(passage: Passage, frame: Frame, dates: list[Dated], words: Compiled, memory: Memory) -> tuple[str, ...] | None:
    """What a sentence leaves open for the next to name: "added 28 bodies to its Entity List. Among them ...\""""
    target = frame.one("LIST")
    told = memory.list if frame.trigger.list == "told" else frame.trigger.list
    list_id = target.actors[0].id if target is not None else told
    if frame.trigger.statement != "listing-reported" or list_id in {None, OTHER_LIST}:
        return None
    if target is None and passage.scene.has("OTHER"):
        return None
    date, rule, dated = when(passage.scene, passage.published, frame.anchor, dates, "recent", words)
    return (list_id or "", frame.trigger.change or "added", date or "", rule or "", "dated" if dated else "")


def left_open(
    passage: Passage, frames: list[Frame], dates: list[Dated], words: Compiled, memory: Memory
) -> tuple[str, ...] | None:
    """The listing whose parties the sentences behind may still name."""
    scene = passage.scene
    found = next((each for each in (open_listing(passage, frame, dates, words, memory) for frame in frames) if each), None)
    if found is not None:
        return found
    target = opened(passage, memory, words) if scene.of("LIST") or not frames else None
    if target is not None:
        date, rule, dated = when(scene, passage.published, target, dates, "recent", words)
        return (target.actors[0].id or "", "added", date or "", rule or "", "dated" if dated else "")
    near = passage.place - memory.listing_place <= SOON
    keeps = not frames or (near and all(frame.trigger.statement == "entity-responded" for frame in frames))
    return memory.listing if keeps else None


def continued(
    passage: Passage,
    memory: Memory,
    dates: list[Dated],
    words: Compiled,
    frames: list[Frame],
    begins: int = 0,
    row: list[Item] | None = None,
) -> Iterator[Draft]:
    """Parties that a sentence counts up for the listing that the sentence before told of, or the clause before `begins`.

    `row`: those of a line that is nothing but names, below a colon.
    """
    scene = passage.scene
    if memory.listing is None or scene.has("OTHER"):
        return
    if row:
        yield from _listed_with(row, passage, memory.listing, None, words)
        return
    first = next(iter(scene.of("partitive")), None) or _hit_too(passage, memory)
    if first is not None and _counts(first, scene, begins, memory):
        items = [
            item
            for item in scene.of("PARTY")
            if not (item.pointing or _is_of_a_person(scene, item) or _describes_another(item, scene) or _is_excepted(scene, item))
        ]
        items = [*items[:1], *members(scene, items[1:], words)]
        if items and scene.has("INSTITUTION", first.end, items[0].start):
            items = []  # "contracts, among them that of the university with SMEE"
        own = _own_date(scene, first, dates)
    else:
        items = counted(passage, memory, words, frames)
        own = next((each for each in dates if items and each.start >= items[-1].end), None)
    yield from _listed_with(items, passage, memory.listing, own, words)


def _counts(first: Item, scene: Scene, begins: int, memory: Memory) -> bool:
    """Whether words such as "among them" count up parties of the listing told before."""
    if memory.listed_named and any(item.start <= first.start < item.end for item in scene.of("for_example")):
        return False  # "added SenseTime. Money from companies such as Alibaba has gone into the firm."
    if any(0 <= first.start - item.end <= _BESIDE for item in scene.of("block:negation")):
        return False  # "not among them"
    far = first.family == "partitive" and first.start - begins > _AT_THE_HEAD
    if far and not any(item.end <= first.start for item in scene.of("put_there", "struck_it")):
        return False
    # "MIT, which works with firms like SenseTime, ...": of the list it says nothing
    return not any(item.end <= first.start and not item.pointing for item in scene.of("INSTITUTION"))


def _listed_with(
    items: list[Item], passage: Passage, listing: tuple[str, ...], own: Dated | None, words: Compiled
) -> Iterator[Draft]:
    """Statements that parties were part of a listing, on its day or on one of their own."""
    list_id, change, date, rule, dated = listing
    date, rule, dated = (own.edtf, own.rule, "dated") if own else (date, rule, dated)
    if change == "removed" and passage.scene.of("add", "added"):
        change = "added"  # "struck off three. On the same day it added eleven, among them ..."
    counting = words.rounds.counted
    for actor in (actor for item in items for actor in without_counts(without_parts(item, passage.scene, words))):
        if actor.id is None and counting is not None and counting.match(actor.name.casefold()):
            continue  # "ten subsidiaries"
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


def counts_on(passage: Passage, memory: Memory, words: Compiled) -> bool:
    """Whether a sentence may name more of a round told of just before, or open one."""
    near = memory.listing is not None and passage.place - memory.listing_place <= SOON
    return bool(near and passage.scene.of("PARTY")) or opened(passage, memory, words) is not None


def _is_excepted(scene: Scene, item: Item) -> bool:
    """Whether a negation stands right before a name: "though not Higon"."""
    return any(0 < item.start - each.end <= _BESIDE for each in scene.of("block:negation"))


def counted_behind(passage: Passage, frames: list[Frame], memory: Memory, dates: list[Dated], words: Compiled) -> Iterator[Draft]:
    """Parties counted up behind a semicolon ("put 91 bodies on its list; the institute was one of them") or a colon."""
    scene, listed = passage.scene, max(frame.end for frame in frames)
    if memory.listing is None or scene.has("PARTY", 0, listed):
        return
    said = next((item for item in scene.of("was_of_them") if scene.has("break", listed, item.start)), None)
    if said is not None:
        yield from continued(passage, memory, dates, words, frames, listed)
    elif not scene.has("OTHER") and all(frame.trigger.statement == "listing-reported" for frame in frames):
        yield from _listed_with(behind_colon(scene, listed, words), passage, memory.listing, None, words)


def _own_date(scene: Scene, words: Item, dates: list[Dated]) -> Dated | None:
    """The date right behind the words by which others are added: "Huawei met the same fate in May"."""
    return next((each for each in dates if scene.folded[words.end : each.start] in {" ", " in ", " on "}), None)


def _is_of_a_person(scene: Scene, item: Item) -> bool:
    """Whether a party is only where somebody is from: "Zhang Haixia of Peking University"."""
    at = next((each for each in scene.of("at_w") if 0 < item.start - each.end <= _ARTICLE), None)
    before = _NAME.search(scene.text, 0, at.start) if at else None
    return before is not None and not any(each.start <= before.start() < each.end for each in scene.items if each.actors)


def _describes_another(item: Item, scene: Scene) -> bool:
    """Whether a party stands in a relative clause about one before it: "and Pengxinwei, which is linked with Huawei"."""
    before = min((each.end for each in scene.of("PARTY") if not each.pointing), default=item.start)
    counting = scene.of("partitive")  # "the same as" counts, and opens no clause by its "as"
    opened = [
        each
        for each in scene.of("relative")
        if before <= each.start < item.start and not any(one.start <= each.start < one.end for one in counting)
    ]
    return bool(opened) and "," not in scene.folded[opened[-1].end : item.start] and not is_an_article(opened[-1], scene)


def _hit_too(passage: Passage, memory: Memory) -> Item | None:
    """The words by which a sentence soon behind a listing, that names parties alone, adds them: "SMIC is affected too"."""
    scene = passage.scene
    if passage.place - memory.listing_place > SOON or scene.of("INSTITUTION") or scene.text.rstrip().endswith("?"):
        return None
    said = next(iter(scene.of("affected")), None)
    blockers = [item for item in scene.items if item.family.startswith("block:") and not item.family.startswith(_OF_OTHERS)]
    if said is None or any(not said.start <= each.start < said.end and not _leaves_it(each, said) for each in blockers):
        return None
    return said


def _leaves_it(blocker: Item, said: Item) -> bool:
    """Whether a negation stands behind what was told: "can no longer buy American parts without permission"."""
    return blocker.family == "block:negation" and blocker.start >= said.end


def gapped(passage: Passage, frames: list[Frame], drafts: list[Draft], dates: list[Dated]) -> Iterator[Draft]:
    """Parties whose listing shares its verb with the one before: "Phytium was listed in April, Kindroid in June"."""
    listings = [draft for draft in drafts if isinstance(draft.statement, ListingReported)]
    if not listings or any(frame.trigger.statement != "listing-reported" for frame in frames):
        return
    behind = min(item.end for frame in frames for item in frame.matched)
    scene, told = (
        passage.scene,
        {draft.statement.party_name for draft in listings if isinstance(draft.statement, ListingReported)},
    )
    for item in scene.of("PARTY"):
        if item.pointing or not told.isdisjoint(actor.name for actor in item.actors):
            continue
        start, end = _stretch(scene.folded, item, dates)
        own = [dated for dated in dates if start <= dated.start and dated.end <= end]
        length = end - start - (item.end - item.start) - sum(dated.end - dated.start for dated in own)
        if start < behind or len(own) != 1 or length > _GAPPED or _says_more(scene, start, end):
            continue
        for actor in item.actors:
            statement = msgspec.structs.replace(
                listings[0].statement, party=actor.id, party_name=actor.name, date=own[0].edtf, date_rule=own[0].rule
            )
            yield Draft(statement, passage.place, True, True)


def _stretch(folded: str, item: Item, dates: list[Dated]) -> tuple[int, int]:
    """The words around a name up to the next comma or semicolon, beyond a comma that a date follows: "SMIC, in 2020"."""
    start = max(folded.rfind(mark, 0, item.start) for mark in ",;") + 1
    beside = next((each for each in dates if 0 < each.start - item.end <= _ARTICLE and folded[item.end] == ","), None)
    behind = beside.end if beside else item.end
    ends = [place for mark in ",;." if (place := folded.find(mark, behind)) >= 0]
    return start, min(ends, default=len(folded))


def _says_more(scene: Scene, start: int, end: int) -> bool:
    """Whether a stretch has an actor or list of its own beside the party, or words that take something back."""
    return any(
        start <= item.start
        and item.end <= end
        and (item.family in {"INSTITUTION", "LIST", "OTHER"} or item.family.startswith("block:"))
        for item in scene.items
    )
