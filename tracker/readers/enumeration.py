"""Which parties a listing names together, with what describes each between commas, and which the next sentence adds."""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from events.statements import ListingReported
from tracker.readers.compiled import Compiled
from tracker.readers.dates import Dated
from tracker.readers.dating import when
from tracker.readers.frame import Frame
from tracker.readers.passage import RESOLVED, Draft, Passage
from tracker.readers.scene import Actor, Item, Memory, Scene

_JOINED_WITHIN: Final = 50
_DATE: Final = 30
"""How far behind a list a date may reach."""
_SAYING_MORE: Final = ("relative", "break", "PARTY", "INSTITUTION")
_NAME: Final = re.compile(r"(?:^|(?<=[a-z,] ))[A-Z][a-z]+ [A-Z][a-z]+ $")
"""The name of a person, which stands before "of"."""
_BESIDE: Final = 2
_ARTICLE: Final = 6
"""How many characters may stand between "along with" and the name: " the "."""
_AT_THE_HEAD: Final = 120
"""How far "among them" may stand from the beginning where nothing says that more were added."""
_SOON: Final = 3
"""How many sentences behind a listing others are said to be hit by it too."""
_OF_OTHERS: Final = ("block:tie-ended:", "block:tie-reported:", "block:institution-responded:")
"""Blockers that take back no listing."""
_GAPPED: Final = 45
"""How many characters beside name and date a listing may have that shares its verb with another."""


def enumerated(scene: Scene, item: Item, words: Compiled) -> tuple[Actor, ...]:
    """The parties of the element and those enumerated with it, and where the sentence counts them up ("among them"), all."""
    rows = [item, *_joined_behind(scene, item), *_beside_the_list(scene)]
    actors = [*_joined_before(scene, item), *(actor for row in rows for each in _row(scene, row, words) for actor in each.actors)]
    partitive = next(iter(scene.of("partitive", "colon_w")), None)
    if partitive is not None and not scene.has("OTHER"):
        for other in scene.of("PARTY"):
            beside = other.pointing == "noun" and 0 <= partitive.start - other.end <= _BESIDE  # "the group, together with"
            between = min(item.end, other.end), max(item.start, other.start)
            apart = scene.has("break", *between) or _is_of_another_clause(scene, other, item)
            if (not other.pointing or beside) and not apart:
                actors += [actor for actor in other.actors if actor not in actors]
    return _without_counts(tuple({actor.key: actor for actor in actors}.values()))


def _without_counts(actors: tuple[Actor, ...]) -> tuple[Actor, ...]:
    """The parties without "two units of BGI" where the units are named too: "BGI Research and BGI Tech Solutions"."""
    named = {actor.name.partition(" ")[0] for actor in actors if " " in actor.name}
    return tuple(each for each in actors if each.id is not None or each.name[:1].isupper() or each.name.split()[-1] not in named)


def _is_of_another_clause(scene: Scene, other: Item, item: Item) -> bool:
    """Whether a party stands in a clause before: "Queensland has a Confucius Institute and Adelaide works with iFlytek, ..."."""
    subjects = [each for each in scene.of("INSTITUTION") if not each.pointing]
    theirs = any(each.end <= other.start for each in subjects)
    return theirs and any(other.end <= each.start and each.end <= item.start for each in subjects)


def _beside_the_list(scene: Scene) -> list[Item]:
    """The party told of right behind the list: "Skoltech was put on the Entity List, along with MIPT and Rusnano".

    In German the verb may stand between: "auf die Entity List gesetzt, ebenso MIPT".
    """
    lists = [item.end for item in scene.of("LIST")]
    ends = [*lists, *(item.end for item in scene.of("add", "added") if item.start - 1 in lists)]
    places = [item.end for item in scene.of("along_with") if any(_is_beside(scene, end, item.start) for end in ends)]
    return [item for item in scene.of("PARTY") if not item.pointing and any(0 < item.start - end <= _ARTICLE for end in places)]


def _is_beside(scene: Scene, end: int, start: int) -> bool:
    """Whether nothing stands between a list and words behind it but a day or the like: "on June 5,"."""
    between = scene.folded[end:start].strip(" ,") if 0 < start - end <= _DATE else None
    return between == "" or (
        between is not None
        and "," not in between
        and any(char.isdigit() for char in between)
        and not any(end <= item.start < start for item in scene.of(*_SAYING_MORE))
    )


def _joined_before(scene: Scene, item: Item) -> list[Actor]:
    """The parties of the same subject: "Positive Technologies and a firm of Singapore, Coseinc, were added"."""
    before = next((each for each in reversed(scene.of("PARTY")) if each.end < item.start and not each.pointing), None)
    if before is None or item.start - before.end > _JOINED_WITHIN or not scene.has("and_a", before.end, item.start):
        return []
    return list(before.actors)


def _joined_behind(scene: Scene, item: Item) -> list[Item]:
    """The party told of together with one that is only pointed to: "added it and a smaller rival, Candiru, to the list"."""
    if not item.pointing or not any(0 < each.start - item.end <= _BESIDE for each in scene.of("and_a")):
        return []
    behind = next((each for each in scene.of("PARTY") if each.start >= item.end and not each.pointing), None)
    listed = any(item.end <= each.start and behind is not None and each.start < behind.start for each in scene.of("LIST"))
    return [] if behind is None or listed or behind.start - item.end > _JOINED_WITHIN else [behind]


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
    between = words.grammar.described_party.match(scene.folded, one.end, other.start)
    if between is None or any(one.end <= each.start < other.start for each in scene.of("LIST")):
        return False
    if words.joining.fullmatch(scene.folded, between.end(), other.start):
        return True
    # "Hikvision, which makes cameras, and chip designer Cambricon"
    return words.enumerated is not None and words.enumerated.fullmatch(scene.text, between.end(), other.start) is not None


def open_listing(passage: Passage, frame: Frame, dates: list[Dated], words: Compiled) -> tuple[str, ...] | None:
    """What a sentence leaves open for the next to name: "added 28 bodies to its Entity List. Among them ...\""""
    target = frame.one("LIST")
    list_id = target.actors[0].id if target is not None else frame.trigger.list
    if frame.trigger.statement != "listing-reported" or list_id is None or list_id == "told":
        return None
    date, rule, dated = when(passage.scene, passage.published, frame.anchor, dates, "recent", words)
    return (list_id, frame.trigger.change or "added", date or "", rule or "", "dated" if dated else "")


def continued(passage: Passage, memory: Memory, begins: int = 0) -> Iterator[Draft]:
    """Parties that a sentence counts up for the listing that the sentence before told of, or the clause before `begins`."""
    scene = passage.scene
    first = next(iter(scene.of("partitive")), None) or _hit_too(passage, memory)
    if memory.listing is None or first is None or scene.has("OTHER"):
        return
    if any(0 <= first.start - item.end <= _BESIDE for item in scene.of("block:negation")):
        return  # "not among them"
    if first.start - begins > _AT_THE_HEAD and not any(item.end <= first.start for item in scene.of("put_there", "struck_it")):
        return
    if any(item.end <= first.start and not item.pointing for item in scene.of("INSTITUTION")):
        return  # "MIT, which works with firms like SenseTime, ...": of the list it says nothing
    list_id, change, date, rule, dated = memory.listing
    for item in scene.of("PARTY"):
        if item.pointing or _is_of_a_person(scene, item) or _describes_another(item, scene):
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


def counted_behind(passage: Passage, frames: list[Frame], memory: Memory) -> Iterator[Draft]:
    """Parties that a clause behind a semicolon counts up: "put 91 bodies on its list; the institute was one of them"."""
    scene, listed = passage.scene, max(frame.end for frame in frames)
    said = next((item for item in scene.of("was_of_them") if scene.has("break", listed, item.start)), None)
    if said is not None and memory.listing is not None and not scene.has("PARTY", 0, listed):
        yield from continued(passage, memory, listed)


def _is_of_a_person(scene: Scene, item: Item) -> bool:
    """Whether a party is only where somebody is from: "Zhang Haixia of Peking University"."""
    at = next((each for each in scene.of("at_w") if 0 < item.start - each.end <= _ARTICLE), None)
    before = _NAME.search(scene.text, 0, at.start) if at else None
    return before is not None and not any(each.start <= before.start() < each.end for each in scene.items if each.actors)


def _describes_another(item: Item, scene: Scene) -> bool:
    """Whether a party stands in a relative clause about one before it: "and Pengxinwei, which is linked with Huawei"."""
    before = min((each.end for each in scene.of("PARTY") if not each.pointing), default=item.start)
    counting = {each.start for each in scene.of("partitive")}
    opened = [each for each in scene.of("relative") if before <= each.start < item.start and each.start not in counting]
    return bool(opened) and "," not in scene.folded[opened[-1].end : item.start] and not _is_an_article(opened[-1], scene)


def _is_an_article(word: Item, scene: Scene) -> bool:
    """Whether a noun follows a word that elsewhere opens a relative clause: German "Dahua, die Spezialisten Megvii und Yitu"."""
    place = word.end + 1
    named = any(item.start <= place < item.end for item in scene.items if item.actors and not item.pointing)
    return scene.text[place : place + 1].isupper() and not named


def _hit_too(passage: Passage, memory: Memory) -> Item | None:
    """The words by which a sentence soon behind a listing, that names parties alone, adds them: "SMIC is affected too"."""
    scene = passage.scene
    if passage.place - memory.listing_place > _SOON or scene.of("INSTITUTION") or scene.text.rstrip().endswith("?"):
        return None
    if any(item.family.startswith("block:") and not item.family.startswith(_OF_OTHERS) for item in scene.items):
        return None
    return next(iter(scene.of("affected")), None)


def _has_a_subject(scene: Scene, item: Item) -> bool:
    """Whether an institution told of before acts: "it gives up its share in an institute that it founded together with ..."."""
    return any(each.pointing and each.end <= item.start for each in scene.of("INSTITUTION"))


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
        start, end = _stretch(scene.folded, item)
        own = [dated for dated in dates if start <= dated.start and dated.end <= end]
        length = end - start - (item.end - item.start) - sum(dated.end - dated.start for dated in own)
        if start < behind or len(own) != 1 or length > _GAPPED or _says_more(scene, start, end):
            continue
        for actor in item.actors:
            statement = msgspec.structs.replace(
                listings[0].statement, party=actor.id, party_name=actor.name, date=own[0].edtf, date_rule=own[0].rule
            )
            yield Draft(statement, passage.place, True, True)


def _stretch(folded: str, item: Item) -> tuple[int, int]:
    """The words around a name up to the next comma or semicolon."""
    start = max(folded.rfind(mark, 0, item.start) for mark in ",;") + 1
    ends = [place for mark in ",;." if (place := folded.find(mark, item.end)) >= 0]
    return start, min(ends, default=len(folded))


def _says_more(scene: Scene, start: int, end: int) -> bool:
    """Whether a stretch has an actor or list of its own beside the party, or words that take something back."""
    return any(
        start <= item.start
        and item.end <= end
        and (item.family in {"INSTITUTION", "LIST", "OTHER"} or item.family.startswith("block:"))
        for item in scene.items
    )
