"""Words that point back: "the university", "the Shenzhen group", "both firms", "it", each taken for whom it means.

Whoever was named last and fits is meant. A reference that says where its bearer is from ("the Israeli
firm") means only whom the registers place there, if need be somebody named earlier.
"""

import re
from typing import Final

import msgspec

from tracker.readers.clause_subjects import subject_before
from tracker.readers.compiled import Compiled
from tracker.readers.first_person import first_person
from tracker.readers.pointers import country_of, pointers
from tracker.readers.scene import Item, Memory
from tracker.readers.whom_meant import Told, resolve

_HOUSE_STYLE: Final = re.compile(r"(?<=[a-z] )(?:University|Institute|College|School|Association)$")
_CLOSING: Final = re.compile(r"[»”“」』]")
_WORD: Final = re.compile(r"\w+")
_SEVERAL: Final = 2
_BEFORE: Final = 50
_CONTEXT: Final = 20
_CLAUSE: Final = re.compile(r"[^,.;:!?()]{0,45}")
_SAID: Final = re.compile(r" (?:(?!It\b)[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)* )?(?:that )?")
"""What stands between a verb of saying and who says it of itself: "told *Nikkei that* it"."""
_TO_THE_COMMA: Final = re.compile(r"[^,;:.()]{0,40}, ")
_APART: Final = re.compile(r", [^;:]{2,120},(?= )")
_PUNCTUATION: Final = re.compile(r"[,;:–—]")
_OPENING: Final = re.compile(r"(?:[A-Z][^,;:]{1,40}, )?(?:[Tt]he )?")
"""What may stand before the subject of a sentence: "In neighbouring Norway, "."""
_SUBJECT_BEFORE: Final = 40
"""How far before a verb of saying its subject may stand."""


def pointing(text: str, folded: str, items: list[Item], words: Compiled, memory: Memory) -> tuple[list[Item], list[Item]]:
    """The items, some taken together with a reference, and the references, each resolved by what was named before it."""
    named = [item for item in items if item.family in {"INSTITUTION", "PARTY"}]
    resolved: list[Item] = []
    back = sorted(pointers(text, folded, items, words, memory))
    schools = (start for start, _, name in back if name == "institution")
    elsewhere = next((start for start in schools if _is_elsewhere(text, start, items, words, memory)), None)
    for start, end, name in back:
        before = [item for item in named if item.end <= start or _tells_of_whom(text, end, item)]
        subjects = _subjects(start, end, [*_several(resolved, start), *before], items, folded, words) if name == "plural" else []
        found = resolve(name, start, end, before, memory, _told(text, folded, start, end, words))
        if name == "institution" and memory.own and _HOUSE_STYLE.search(text, start, end):
            found = [Item("INSTITUTION", start, end, (memory.own,), "noun")]
        if name == "institutions":
            found = _of_that_number(found, folded[start:end], words, memory)
        acting = any(item.family == "INSTITUTION" and item.end <= start for item in named)
        if name == "either" and acting and (expression := _object_before(start, text, words)) is not None:
            # Behind "with" it is an object, as a noun would be: "has worked with it since 2019".
            theirs = [msgspec.structs.replace(item, pointing="noun") for item in found if item.family == "PARTY"]
            found = theirs if theirs or expression is words.grammar.prepositions else found
        elif name == "either" and (speaker := _speaker(start, text, named, items)) is not None:
            found = [Item(speaker.family, start, end, speaker.actors, "pronoun")]
        elif name == "either" and (head := subject_before(text, start, named)) is not None:
            found = [*(item for item in found if item.family == "PARTY"), Item(head.family, start, end, head.actors, "pronoun")]
        if name == "party":
            found = _of_one_kind(_one_kind(folded[start:end], found, words), text, named, words)
        resolved += subjects + [item for item in found if item.family not in {each.family for each in subjects}]
    resolved += first_person(text, folded, named, words, memory)
    if elsewhere is not None:  # "In Kyoto, the university takes Megvii's money; it says ..."
        resolved = [item for item in resolved if item.family != "INSTITUTION" or item.start < elsewhere]
    return _joined(folded, items, resolved, words)


def _of_that_number(found: list[Item], printed: str, words: Compiled, memory: Memory) -> list[Item]:
    """Of a reference that counts ("the two universities") those of the headline, where more were named last."""
    counts = {words.lexicon.dates.numbers.get(word) for word in _WORD.findall(printed)} - {None}
    if len(counts) != 1:
        return found
    count = counts.pop()
    if len(memory.seen) == count:  # "none of the four", of whom the sentence before named two
        found = [msgspec.structs.replace(item, actors=memory.seen) if item.family == "INSTITUTION" else item for item in found]
    fitting = [item for item in found if item.family != "INSTITUTION" or len(item.actors) <= (count or 0)]
    crowd = next((item for item in found if item not in fitting), None)
    if crowd is None or len(memory.headline) != count:
        return fitting
    return [*fitting, Item("INSTITUTION", crowd.start, crowd.end, memory.headline, "noun")]


def _of_one_kind(found: list[Item], text: str, named: list[Item], words: Compiled) -> list[Item]:
    """Of party and institution the one that is meant, where the place tells: "MathWorks, the company behind ..."."""
    if len(found) < _SEVERAL:
        return found
    start = found[0].start
    beside = next((item for item in named if item.end + 2 == start and text[item.end : start] == ", "), None)
    if beside is not None:
        return [item for item in found if item.family == beside.family]
    partner = words.roles.partner
    acting = any(item.family == "INSTITUTION" and item.end <= start for item in named)
    if acting and partner is not None and partner.search(text[max(0, start - _CONTEXT) : start]):
        return [item for item in found if item.family == "PARTY"]  # "Lumentum, which earns much from the group, ..."
    return found


def _object_before(start: int, text: str, words: Compiled) -> re.Pattern[str] | None:
    """What tells that a pronoun is no subject: "Sydney, which signed with it, ...", "Intel lined up behind it and ..."."""
    before = text[max(0, start - _CONTEXT) : start]
    both = (words.grammar.companion, words.grammar.prepositions)
    return next((each for each in both if each is not None and each.search(before)), None)


def _speaker(start: int, text: str, named: list[Item], items: list[Item]) -> Item | None:
    """Who says it of itself: "Huawei, for its part, said it ...", "The Alliance, whose members include Intel, told us it ..."."""
    said = next((item for item in items if item.family == "say" and _SAID.fullmatch(text, item.end, start)), None)
    head = named[0] if named else None
    if said is None or head is None or len(head.actors) != 1 or head.end > said.start:
        return None
    aside = _APART.match(text, head.end, said.start)
    place = aside.end() if aside else head.end
    if said.start - place > _SUBJECT_BEFORE or _PUNCTUATION.search(text, place, said.start):
        return None
    others = any(place <= item.start < start and item is not head for item in named)
    return None if others or not _OPENING.fullmatch(text, 0, head.start) else head


def _is_elsewhere(text: str, start: int, items: list[Item], words: Compiled, memory: Memory) -> bool:
    """Whether a place before it tells of a school that nothing has named: "In Trento, however, the university ..."."""
    opens = words.grammar.town.match(text) if words.grammar.town else None
    expression = words.grammar.place
    place = expression.search(text[:start], max(0, start - _BEFORE)) if expression else None
    if place is None and not any(item.family == "INSTITUTION" and item.end <= start for item in items):
        place = opens  # "In Kyoto, a lab of the university ..."
    if place is None:
        return False
    name, dates = place[1], words.lexicon.dates
    if name.lower() in dates.months or name.lower() in dates.weekdays:
        return False
    at = place.start(1)
    known = any(item.actors and item.start <= at < item.end for item in items)
    return not known and not any(name in actor.name for actor in memory.seen)


def _one_kind(printed: str, found: list[Item], words: Compiled) -> list[Item]:
    """What is meant where the words tell it: "the blacklisted company" is no institution, "the Dutch company" no party."""
    for only, kind in (("party_only", "PARTY"), ("institution_only", "INSTITUTION")):
        if any(word in printed for word in words.lexicon.words.get(only, ())):
            return [item for item in found if item.family == kind]
    return found


def _told(text: str, folded: str, start: int, end: int, words: Compiled) -> Told:
    """What a reference tells of its bearer: "the Israeli chip maker", "the maker of chips"."""
    clause = _CLAUSE.match(text, end)
    described = words.grammar.described.match(f"{clause[0]} ") if clause and words.grammar.described else None
    printed = folded[start : end + (described.end() - 1 if described else 0)]
    return Told(
        country=country_of(folded[start:end], words),
        trades=frozenset(trade for trade, expression in words.trades.items() if expression.search(printed)),
        of_business=any(word in words.lexicon.words.get("business", ()) for word in _WORD.findall(folded[start:end])),
    )


def _tells_of_whom(text: str, end: int, item: Item) -> bool:
    """Whether a party named behind the quotation is the one that it means: "with that company", he said of Huawei."""
    return item.family == "PARTY" and item.start >= end and _CLOSING.search(text, end, item.start) is not None


def _several(resolved: list[Item], start: int) -> list[Item]:
    """Several meant at the head of the sentence: "The Canadian partners say they"."""
    return [item for item in resolved if len(item.actors) >= _SEVERAL and item.pointing == "noun" and item.end <= start][:1]


def _subjects(start: int, end: int, before: list[Item], items: list[Item], folded: str, words: Compiled) -> list[Item]:
    """Several named together at the head of the sentence, for "they"; none where they only belong to the subject."""
    head = before[0] if before else None
    if head is not None and len(head.actors) < _SEVERAL and _says_it(before[-1], start, items, folded):
        return [Item(before[-1].family, start, end, before[-1].actors, "pronoun")]
    if head is None or len(head.actors) < _SEVERAL:
        return []
    aside = words.plural_not_after
    if aside is not None and aside.search(folded, 0, head.start):
        return []
    return [Item(head.family, start, end, head.actors, "pronoun")]


def _describes_the_last(folded: str, items: list[Item], pointer: Item) -> bool:
    """Whether words only describe the last of several between commas: "DJI and SMIC, the country's biggest chip maker, were"."""
    several = (item.end for item in items if item.family == "PARTY" and len(item.actors) >= _SEVERAL)
    return any(folded[end : pointer.start] == ", " for end in several) and _TO_THE_COMMA.match(folded, pointer.end) is not None


def _says_it(item: Item, start: int, items: list[Item], folded: str) -> bool:
    """Whether several say it of themselves: "Google left, and the operators EE and Vodafone said on Monday that they"."""
    between = folded[item.end : start]
    if len(item.actors) < _SEVERAL or len(between) > _SUBJECT_BEFORE or _PUNCTUATION.search(between):
        return False
    return any(each.family == "say" and each.start == item.end + 1 for each in items)


def _joined(folded: str, items: list[Item], resolved: list[Item], words: Compiled) -> tuple[list[Item], list[Item]]:
    """Takes "the company" and a party named right behind it together: "from the company or ZTE".

    Words that a name follows between commas only describe it: "the country's biggest chip maker, SMIC, and".
    """
    for pointer in [item for item in resolved if item.family == "PARTY" and item.pointing == "noun"]:
        if _describes_the_last(folded, items, pointer):
            resolved = [item for item in resolved if item.start != pointer.start]
            continue
        behind = next((item for item in items if item.family == "PARTY" and item.start > pointer.end), None)
        if behind is None or not words.joining.fullmatch(folded, pointer.end, behind.start):
            continue
        either = any(item.family == "INSTITUTION" and item.start == pointer.start for item in resolved)
        # 该校与中科大的课程; 除了这两所高校,还有奇虎360
        apart = not words.lexicon.spaced and (either or folded.startswith(",", pointer.end))
        if folded[pointer.end : behind.start] == ", " or apart:
            resolved = [item for item in resolved if item is not pointer]
            continue
        actors = tuple(dict.fromkeys((*pointer.actors, *behind.actors)))
        items = [item for item in items if item is not behind]
        resolved = [item for item in resolved if item is not pointer]
        resolved.append(Item("PARTY", pointer.start, behind.end, actors, "noun"))
    return items, resolved
