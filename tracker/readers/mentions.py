"""Who and what a sentence speaks of: names, words that point back to names, lists, families of words.

Sentences are annotated in order, because "the university" and "the list" mean what was named before:
the memory goes along and is changed by each sentence.
"""

import re
from typing import Final

from tracker.readers.chosen import is_chosen
from tracker.readers.compiled import Compiled
from tracker.readers.gazetteer import Gazetteer, Name
from tracker.readers.grouped_names import grouped
from tracker.readers.left_out import shared_subjects, subject_of_heading, subject_of_sentence_before
from tracker.readers.naming import names_in
from tracker.readers.phrases import NOT, Tag, is_a_month
from tracker.readers.references import pointing
from tracker.readers.scene import OTHER_LIST, TIES, Actor, Item, Memory, Scene, actor_of
from tracker.readers.seats import school_of
from tracker.readers.topics import goes_over
from tracker.readers.whom_meant import named_together

_KEEPER: Final = "commerce"
"""The family of the department whose list "the list" is, where it acts and no list was named."""
_SHORT: Final = frozenset({"list:weak", "list:blacklist"})
"""What may be any list."""
_BY_THE_WAY: Final = "by_the_way"
"""The family of words that say when, where from or on whose word, and part nothing: "according to its own figures"."""
_NEGATED: Final = "block:negation"
_DENIED: Final = 10
"""How far a negation stands before a tie that there is not: "has no formal agreement"."""
_COMPANION: Final = 8
"""What may stand between a tie and whom it is with."""
_LABEL: Final = re.compile(r"[A-Z][\w&.-]+(?: [A-Z][\w&.-]*){0,3}: (?=[A-Z“\"])")
"""How a paragraph is headed that speaks of somebody else than the one before: "Queensland: No change."."""
_LABEL_WITHIN: Final = 40
_WITH: Final = "with"
"""What is "and" between names where no blanks part words: 和 in 英特尔和高通."""
_TURN: Final = 60
"""A longer sentence speaks of the town itself, unless it opens with "the university"."""
_SUBJECT_WITHIN: Final = 10
"""What stands further behind the beginning of a sentence is not surely its subject."""


def annotate(text: str, words: Compiled, names: Gazetteer, memory: Memory) -> Scene:
    """Annotates the next sentence and changes the memory accordingly."""
    folded = words.fold(text)
    memory.takes_in()
    found = names_in(text, folded, words, names, memory)
    months = words.lexicon.dates.months
    tags = [
        tag
        for tag in words.phrases.tags(folded)
        if not _inside_a_name(tag, found) and not (folded[tag.start : tag.end] in months and is_a_month(text, tag))
    ]
    items = [Item(tag.family, tag.start, tag.end) for tag in tags if not tag.family.startswith("list:")]
    groups = grouped(text, folded, found, words, names, memory)
    if not words.lexicon.spaced:
        items = [item for item in items if item.family != _WITH or not any(each.start < item.start < each.end for each in groups)]
    items += groups
    items += _lists(tags, items, words, memory)
    items += shared_subjects(items, folded, words) + subject_of_heading(items, folded, words, memory)
    items += subject_of_sentence_before(items, folded, words, memory)
    items.sort(key=lambda item: (item.start, -item.end))
    named = [item for item in items if item.family in {"INSTITUTION", "PARTY"}]
    if _LABEL.match(text) and not any(item.start < _LABEL_WITHIN for item in named):
        memory.forget()
    told_there = _told_in_its_town(text, named, words, names, memory)
    if told_there is None and not any(item.family == "INSTITUTION" for item in named):
        told_there = _seen_there(text, words, names, memory)
    if told_there is not None:
        memory.goes_over(told_there)
    elif not named and (seat := _seat(text, folded, words, names)) is not None:
        memory.goes_over(seat)
    items, resolved = pointing(text, folded, items, words, memory)
    ways = tuple((item.start, item.end + 1) for item in items if item.family == _BY_THE_WAY)
    scene = Scene(text, folded, tuple(sorted(items + resolved, key=lambda item: (item.start, -item.end))), ways)
    acting = [item for item in named if item.family == "PARTY" or not is_chosen(item, scene)] or named
    _remember(acting, resolved, memory, _head(text, words) if words.lexicon.spaced else _SUBJECT_WITHIN // 3)
    goes_over(items, named, folded, memory)
    memory.tied_before, memory.tied = memory.tied, 0 if _tells_of_a_tie(folded, items, resolved) else memory.tied + 1
    return scene


def _seen_there(text: str, words: Compiled, names: Gazetteer, memory: Memory) -> Actor | None:
    """The one institution spoken of before that has the town in its full name with which a sentence opens."""
    town = words.grammar.town.match(text) if words.grammar.town else None
    if town is None:
        return None
    seen = {actor.key: actor for actor in (*memory.headline, *memory.seen)}
    there = [actor for actor in seen.values() if actor.id and names.is_named_after(actor.id, town[1])]
    return there[0] if len(there) == 1 else None


def _seat(text: str, folded: str, words: Compiled, names: Gazetteer) -> Actor | None:
    """The university of the town with which a sentence opens that names nobody, where registers hold one of its name."""
    template, expression = words.lexicon.names.seat, words.grammar.town
    town = expression.match(text) if expression else None
    if not template or town is None:
        return None
    points = words.anaphora.get("institution")
    if len(text) - town.end() > _TURN and not (points and points.match(folded, town.end())):
        return None
    school = school_of(town[1], template, names)
    return actor_of(Name("INSTITUTION", *school, 0, town.end()), names) if school else None


def _told_in_its_town(text: str, named: list[Item], words: Compiled, names: Gazetteer, memory: Memory) -> Actor | None:
    """The university of a town where something is said or done, in an article on universities: "Aus Bonn hieß es, man ..."."""
    town = words.grammar.told_in.match(text) if words.grammar.told_in else None
    if town is None or any(item.family == "INSTITUTION" for item in named):
        return None
    seen = [actor for actor in memory.seen if not actor.company]
    there = [actor for actor in seen if town[1] in actor.name]
    if there or not seen:
        return there[0] if len(there) == 1 else None
    school = school_of(town[1], words.lexicon.names.seat, names)
    return actor_of(Name("INSTITUTION", *school, 0, town.end()), names) if school else None


def _tells_of_a_tie(folded: str, items: list[Item], resolved: list[Item]) -> bool:
    """Whether a sentence has a word for a tie, with a party or with nothing behind it: "has a centre for classics" does not."""
    denied = [item.end for item in items if item.family == _NEGATED]
    ties = [item for item in items if item.family in TIES and not any(0 < item.start - end <= _DENIED for end in denied)]
    if any(item.family == "PARTY" for item in items):
        return bool(ties)
    theirs = [item.start for item in resolved if item.family == "PARTY" and item.pointing == "noun"]
    if any(0 < start - tie.end <= _COMPANION for start in theirs for tie in ties):
        return True  # "the agreement with the company"
    return bool(ties) and all(folded[item.end : item.end + 1] in ".,;:" for item in ties)


def _inside_a_name(tag: Tag, names: list[Name]) -> bool:
    return any(name.start < tag.end and tag.start < name.end for name in names)


def _lists(tags: list[Tag], around: list[Item], words: Compiled, memory: Memory) -> list[Item]:
    """Lists by their names, and "the blacklist" as the list spoken of, or as that of the agent named beside it or before."""
    items = []
    lists = words.lexicon.lists
    memory.by_agent = memory.by_agent or any(item.family in lists.agents for item in around)
    full = [tag for tag in tags if tag.family.startswith("list:") and tag.family not in _SHORT and not tag.family.endswith(NOT)]
    for tag in tags:
        if not tag.family.startswith("list:") or tag.family.endswith(NOT):
            continue
        if tag.family in _SHORT and any(each.start < tag.end and tag.start < each.end for each in full):
            continue  # "the blacklist" in "the blacklist of the United States"
        name = tag.family.removeprefix("list:")
        if name == "weak":
            theirs = any(item.family == "possessive" and item.start == tag.start for item in around)
            theirs = theirs or any(item.family == _KEEPER and item.end <= tag.start for item in around)
            beside = theirs and any(item.family in lists.agents for item in around)
            name = memory.list or (lists.default if beside else None) or ""
        elif name == "blacklist":
            name = memory.list or (lists.default if memory.by_agent else None) or ""
            memory.list = name or None
        else:
            memory.list = name
        if name == OTHER_LIST:
            items.append(Item("OTHER", tag.start, tag.end))
        elif name:
            items.append(Item("LIST", tag.start, tag.end, (Actor(name, name),)))
    return items


def _head(text: str, words: Compiled) -> int:
    """Within how many letters the subject of a sentence begins: behind a short "In May," too."""
    adverbial = words.grammar.adverbial.match(text) if words.grammar.adverbial else None
    return _SUBJECT_WITHIN + (adverbial.end() if adverbial else 0)


def _remember(named: list[Item], resolved: list[Item], memory: Memory, within: int) -> None:
    """The first of each kind is the likeliest to be meant next; several parties named together stay in mind."""
    referred = {item.family for item in resolved if item.pointing == "noun"}
    institutions = [item for item in named if item.family == "INSTITUTION"]
    parties = [item for item in named if item.family == "PARTY"]
    memory.age += 1
    memory.party_age += 1
    acting = [item for item in (*named, *resolved) if item.family == "INSTITUTION" and item.pointing != "pronoun"]
    if acting:
        first = min(acting, key=lambda item: item.start)
        memory.subject = first.actors[:1] if first.start <= within else ()
        memory.acted |= {actor.key for actor in memory.subject}
    if named:
        last = max(named, key=lambda item: item.end)
        memory.latter = (last.family, last.actors[-1:])
        memory.together = named_together(named, memory.together)
    if institutions:
        if not any(item.family == "INSTITUTION" and item.end < institutions[0].start for item in resolved):
            memory.institutions = institutions[0].actors
        memory.all_institutions = tuple(dict.fromkeys(actor for item in institutions for actor in item.actors))
        memory.seen = tuple({actor.key: actor for actor in (*memory.seen, *memory.all_institutions)}.values())
        memory.age = 0
    if parties:
        memory.party = memory.owner or parties[0].actors
        memory.party_age = 0
        named_here = (*memory.owner, *(actor for item in parties for actor in item.actors))
        memory.seen_parties = tuple({actor.key: actor for actor in (*memory.seen_parties, *named_here)}.values())
        groups = [item.actors for item in parties if len(item.actors) > 1]
        if groups:
            memory.parties = groups[0]
        elif len(together := tuple(dict.fromkeys(actor for item in parties for actor in item.actors))) > 1:
            memory.parties = together
    if "INSTITUTION" in referred:
        memory.age = 0
    if "PARTY" in referred:
        memory.party_age = 0
