"""Which parties a listing names together, with what describes each between commas."""

from typing import Final

from tracker.readers.asides import aside_of, without_parts
from tracker.readers.compiled import Compiled
from tracker.readers.counted import so_listed
from tracker.readers.scene import Actor, Item, Scene

_JOINED_WITHIN: Final = 50
_DATE: Final = 36
"""How far behind a list a date may reach."""
_SAYING_MORE: Final = ("relative", "break", "PARTY", "INSTITUTION")
_BESIDE: Final = 2
_ARTICLE: Final = 6
"""How many characters may stand between "along with" and the name: " the "."""


def enumerated(scene: Scene, item: Item, words: Compiled, listed: int = -99) -> tuple[Actor, ...]:
    """The parties of the element and those enumerated with it, and where the sentence counts them up ("among them"), all."""
    rows = [item, *_joined_behind(scene, item), *_beside_the_list(scene, words, listed)]
    actors = [
        *_both(scene, item),
        *_joined_before(scene, item),
        *(actor for row in rows for each in _row(scene, row, words) for actor in without_parts(each, scene, words)),
    ]
    if listed >= 0:
        actors += [actor for each in so_listed(scene, words, listed) for actor in each.actors]
    partitive = next(iter(scene.of("partitive", "colon_w")), None)
    if partitive is not None and not scene.has("OTHER"):
        for other in scene.of("PARTY"):
            beside = other.pointing == "noun" and 0 <= partitive.start - other.end <= _BESIDE  # "the group, together with"
            between = min(item.end, other.end), max(item.start, other.start)
            apart = scene.has("break", *between) or _is_of_another_clause(scene, other, item)
            apart = apart or (partitive.family == "colon_w" and other.end <= partitive.start < item.start)
            if (_may_be_listed(other, scene, words) or beside) and not apart:
                actors += [actor for actor in without_parts(other, scene, words) if actor not in actors]
    return without_counts(tuple({actor.key: actor for actor in actors}.values()))


def _both(scene: Scene, item: Item) -> list[Actor]:
    """The party before one of which a clause on two begins: "works with Dahua and takes money from Hikvision, both of which"."""
    two = any(item.end <= each.start <= item.end + _BESIDE for each in scene.of("both_of_which"))
    before = next((each for each in reversed(scene.of("PARTY")) if each.end < item.start and not each.pointing), None)
    return list(before.actors) if two and before is not None and len(item.actors) == len(before.actors) == 1 else []


def without_counts(actors: tuple[Actor, ...]) -> tuple[Actor, ...]:
    """The parties without "two units of BGI" where the units are named too: "BGI Research and BGI Tech Solutions"."""
    named = {actor.name.partition(" ")[0] for actor in actors if " " in actor.name}
    named |= {actor.name.rpartition(" ")[2] for actor in actors if " " in actor.name and actor.id is not None}
    return tuple(each for each in actors if each.id is not None or each.name[:1].isupper() or each.name.split()[-1] not in named)


def _is_of_another_clause(scene: Scene, other: Item, item: Item) -> bool:
    """Whether a party stands in a clause before: "Queensland has a Confucius Institute and Adelaide works with iFlytek, ..."."""
    subjects = [each for each in scene.of("INSTITUTION") if not each.pointing]
    theirs = any(each.end <= other.start for each in subjects)
    return theirs and any(other.end <= each.start and each.end <= item.start for each in subjects)


def _beside_the_list(scene: Scene, words: Compiled, listed: int) -> list[Item]:
    """The parties told of right behind the list: "Skoltech was put on the Entity List, along with MIPT and Rusnano".

    In German the verb may stand between: "auf die Entity List gesetzt, ebenso MIPT". Where the sentence names no list, it is
    the end of the words that tell of the listing (`listed`) that counts.
    """
    companions = scene.of("along_with")
    if not companions:
        return []
    lists = [item.end for item in scene.of("LIST")]
    ends = [*lists, *(item.end for item in scene.of("add", "added") if item.start - 1 in lists), listed]
    places = [item.end for item in companions if any(_is_beside(scene, words, end, item.start) for end in ends)]
    found: list[Item] = []
    for item in scene.of("PARTY"):
        near = any(0 < item.start - end <= _ARTICLE or _is_described(scene, words, end, item) for end in places)
        if near and not item.pointing:
            found.append(item)
            places += [each.end for each in companions if 0 <= each.start - item.end <= _BESIDE]
    return found


def _is_described(scene: Scene, words: Compiled, end: int, item: Item) -> bool:
    """Whether only a description stands between "along with" and a name: "another Israeli company, Candiru"."""
    companion = words.rounds.companion
    if companion is None or not 0 < item.start - end <= _JOINED_WITHIN:
        return False
    return companion.fullmatch(scene.folded, end, item.start) is not None


def _is_beside(scene: Scene, words: Compiled, end: int, start: int) -> bool:
    """Whether nothing stands between a list and words behind it but a day or the like: "on June 5,"."""
    between = scene.folded[end:start].strip(" ,") if 0 < start - end <= _DATE else None
    if between is None or between == "":
        return between == ""
    if "," in between or any(end <= item.start < start for item in scene.of(*_SAYING_MORE)):
        return False
    if any(char.isdigit() for char in between) or any(item.start == end + 1 for item in scene.of("in_when")):  # "last year"
        return True
    dates = words.lexicon.dates
    return any(word in dates.weekdays or word in dates.months for word in between.split())


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
    parties = [each for each in scene.of("PARTY") if each == item or _may_be_listed(each, scene, words)]
    if item not in parties or item.pointing:
        return [item]
    first = last = parties.index(item)
    while first and _follows(scene, parties[first - 1], parties[first], words):
        first -= 1
    while last + 1 < len(parties) and _follows(scene, parties[last], parties[last + 1], words):
        last += 1
    return parties[first : last + 1]


def _may_be_listed(item: Item, scene: Scene, words: Compiled) -> bool:
    """Whether a party is named for itself: not in what tells of another, nor for a part of it."""
    return not item.pointing and aside_of(item, scene) is None and bool(without_parts(item, scene, words))


def _follows(scene: Scene, one: Item, other: Item, words: Compiled) -> bool:
    """Whether only a description between commas, and an "and", stand between two parties."""
    if words.rounds.row is not None and words.rounds.row.fullmatch(scene.folded, one.end, other.start):
        return True
    between = words.grammar.described_party.match(scene.folded, one.end, other.start)
    if between is None or any(one.end <= each.start < other.start for each in scene.of("LIST")):
        return False
    if words.joining.fullmatch(scene.folded, between.end(), other.start):
        return True
    # "Hikvision, which makes cameras, and chip designer Cambricon"
    return words.enumerated is not None and words.enumerated.fullmatch(scene.text, between.end(), other.start) is not None
