"""Words that point back: "the university", "the Shenzhen group", "both firms", "it", each taken for whom it means.

Whoever was named last and fits is meant. A reference that says where its bearer is from ("the Israeli
firm") means only whom the registers place there, if need be somebody named earlier.
"""

import re
from collections.abc import Iterable
from typing import Final, Literal

from tracker.readers.compiled import Compiled
from tracker.readers.first_person import first_person
from tracker.readers.phrases import is_title
from tracker.readers.scene import Actor, Item, Memory

_HOUSE_STYLE: Final = re.compile(r"(?<=[a-z] )(?:University|Institute|College|School|Association)$")
_CAPITALISED: Final = re.compile(r" [A-Z][a-z]+")
_OF_TWO: Final = re.compile(r"[A-Z][a-z]+[-–][A-Z][a-z]+")
"""How a body is called that two others founded: "the Tsinghua-Berkeley Shenzhen Institute"."""
_CLOSING: Final = re.compile(r"[»”“」』]")
_WORD: Final = re.compile(r"\w+")
_NAME: Final = re.compile(r" ([A-ZÀ-Ý][\w-]+)")
_DESCRIBING: Final = frozenset({"institution", "party"})
_SEVERAL: Final = 2
_PRONOUN: Final = 4
"""A word for several that is no longer than "them" means those named together only."""
_CODE: Final = 2
"""How long the code of a country is; longer is the id of a company, told by its town: "the Mountain View group"."""
_BEFORE: Final = 50
_CONTEXT: Final = 20
_SAID: Final = re.compile(r" (?:(?!It\b)[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)* )?(?:that )?")
"""What stands between a verb of saying and who says it of itself: "told *Nikkei that* it"."""
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
    for start, end, name in sorted(_pointers(text, folded, items, words, memory)):
        before = [item for item in named if item.end <= start or _tells_of_whom(text, end, item)]
        subjects = _subjects(start, end, before, folded, words) if name == "plural" else []
        of_business = any(word in words.lexicon.words.get("business", ()) for word in _WORD.findall(folded[start:end]))
        found = _resolve(name, start, end, before, memory, _country(folded[start:end], words), of_business=of_business)
        if name == "institution" and memory.own and _HOUSE_STYLE.search(text, start, end):
            found = [Item("INSTITUTION", start, end, (memory.own,), "noun")]
        if name == "institutions":
            found = _of_that_number(found, folded[start:end], words, memory)
        if name == "either" and _is_the_other_side(start, text, named, words):
            found = [item for item in found if item.family == "PARTY"] or found
        elif name == "either" and (speaker := _speaker(start, text, named, items)) is not None:
            found = [Item(speaker.family, start, end, speaker.actors, "pronoun")]
        if name == "party":
            found = _of_one_kind(_one_kind(folded[start:end], found, words), text, named, words)
        resolved += subjects + [item for item in found if item.family not in {each.family for each in subjects}]
    resolved += first_person(text, folded, named, words, memory)
    return _joined(folded, items, resolved, words)


def _of_that_number(found: list[Item], printed: str, words: Compiled, memory: Memory) -> list[Item]:
    """Of a reference that counts ("the two universities") those of the headline, where more were named last."""
    counts = {words.lexicon.dates.numbers.get(word) for word in _WORD.findall(printed)} - {None}
    if len(counts) != 1:
        return found
    count = counts.pop()
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


def _is_the_other_side(start: int, text: str, named: list[Item], words: Compiled) -> bool:
    """Whether a pronoun stands where the other side of a tie does: "Sydney, which signed with it in 2018, ..."."""
    companion = words.grammar.companion
    acting = any(item.family == "INSTITUTION" and item.end <= start for item in named)
    return acting and companion is not None and companion.search(text[max(0, start - _CONTEXT) : start]) is not None


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


def _pointers(text: str, folded: str, items: list[Item], words: Compiled, memory: Memory) -> list[tuple[int, int, str]]:
    """Where words point back, and of which kind they are."""
    pointers = []
    # What stands right before a name only describes it: Chinese 两家企业华为、中兴, German "der Konzern Huawei".
    adjoining = 2 if words.lexicon.spaced else 1
    for name, expression in words.anaphora.items():
        for match in () if name == "own" else expression.finditer(folded):
            if (
                name == "institution"
                and not words.lexicon.nouns_capitalised
                and not is_title(text)
                and _names_a_place(text[slice(*match.span())].rpartition(" ")[0], words)
                and (_country(folded[slice(*match.span())], words) is None or _OF_TWO.search(text, *match.span()))
                and not (match.start() == 0 and len(memory.seen) == 1 and memory.age <= 1)
            ):
                continue  # "the Paris school" is not the one named before, but where it opens the next sentence
            if name in _DESCRIBING and not words.lexicon.nouns_capitalised and _describes_a_stranger(text, match.end(), words):
                continue
            described = words.grammar.described if name == "party" else None
            if described and any(item.family == "PARTY" and described.fullmatch(text, match.end(), item.start) for item in items):
                continue  # "the maker of servers Inspur"
            if name == "institution" and _is_elsewhere(text, match.start(), items, words, memory):
                continue
            reach = match.end() + (adjoining if not words.lexicon.spaced or folded.startswith(" ", match.end()) else 0)
            taken = any(
                item.family in {"INSTITUTION", "PARTY", "LIST"} and item.start < reach and match.start() < item.end
                for item in items
            )
            if not taken:
                pointers.append((match.start(), match.end(), name))
    return pointers


def _describes_a_stranger(text: str, end: int, words: Compiled) -> bool:
    """Whether a name that no register holds follows right behind, which the words only describe: "the chip designer Arm"."""
    name = _NAME.match(text, end)
    if name is None or is_title(text):
        return False
    return name[1].lower() not in words.lexicon.dates.months and name[1].lower() not in words.lexicon.dates.weekdays


def _is_elsewhere(text: str, start: int, items: list[Item], words: Compiled, memory: Memory) -> bool:
    """Whether a place right before tells of a school that nothing has named: "In Trento, however, the university ..."."""
    expression = words.grammar.place
    place = expression.search(text[max(0, start - _BEFORE) : start]) if expression else None
    if place is None:
        return False
    name, dates = place[1], words.lexicon.dates
    if name.lower() in dates.months or name.lower() in dates.weekdays:
        return False
    at = max(0, start - _BEFORE) + place.start(1)
    known = any(item.actors and item.start <= at < item.end for item in items)
    return not known and not any(name in actor.name for actor in memory.seen)


def _names_a_place(printed: str, words: Compiled) -> bool:
    """Whether words before the noun have a capital that is not that of an organ: Spanish "el Consejo de Gobierno"."""
    organs = words.lexicon.words.get("organs", ())
    return any(match[0].strip().lower() not in organs for match in _CAPITALISED.finditer(printed))


def _one_kind(printed: str, found: list[Item], words: Compiled) -> list[Item]:
    """What is meant where the words tell it: "the blacklisted company" is no institution, "the Dutch company" no party."""
    for only, kind in (("party_only", "PARTY"), ("institution_only", "INSTITUTION")):
        if any(word in printed for word in words.lexicon.words.get(only, ())):
            return [item for item in found if item.family == kind]
    return found


def _country(folded: str, words: Compiled) -> str | None:
    """The country that a reference tells: "the Shenzhen-based group"."""
    if not words.countries:
        return None
    return next((words.countries[word] for word in _WORD.findall(folded) if word in words.countries), None)


def _tells_of_whom(text: str, end: int, item: Item) -> bool:
    """Whether a party named behind the quotation is the one that it means: "with that company", he said of Huawei."""
    return item.family == "PARTY" and item.start >= end and _CLOSING.search(text, end, item.start) is not None


def _subjects(start: int, end: int, before: list[Item], folded: str, words: Compiled) -> list[Item]:
    """Several named together at the head of the sentence, for "they"; none where they only belong to the subject."""
    head = before[0] if before else None
    if head is None or len(head.actors) < _SEVERAL:
        return []
    aside = words.plural_not_after
    if aside is not None and aside.search(folded, 0, head.start):
        return []
    return [Item(head.family, start, end, head.actors, "pronoun")]


def _resolve(
    name: str, start: int, end: int, before: list[Item], memory: Memory, country: str | None, *, of_business: bool
) -> list[Item]:
    """Whom one reference means; `of_business` tells that it may be a company ("the American maker of chips")."""
    near = {kind: next((i.actors for i in reversed(before) if i.family == kind), ()) for kind in ("INSTITUTION", "PARTY")}
    institution = near["INSTITUTION"] or memory.main()
    party = near["PARTY"] or _topical(memory)
    if country is not None:
        institution = _from(country, institution, _named(before, "INSTITUTION"), memory.seen if memory.institutions else ())
        party = _from(country, party, _named(before, "PARTY"), memory.seen_parties)
    pointing: Literal["noun", "pronoun"] = "noun"
    match name:
        case "institution":
            institution = institution if of_business else _no_company(institution, memory)
            party = party if party and party[0].school else ()  # "the university" may be one on the list
        case "institutions":
            both = near["INSTITUTION"] or memory.all_institutions
            if len(both) == 1 and len(memory.seen) == _SEVERAL:
                both = memory.seen  # each named in a sentence of its own
            schools = tuple(actor for actor in memory.seen_parties if actor.school)
            schools = schools if len(schools) == _SEVERAL else ()
            several = {"INSTITUTION": both if len(both) > 1 else (), "PARTY": schools}
            return [Item(family, start, end, actors, "noun") for family, actors in several.items() if actors]
        case "party":
            institution = institution if institution and institution[0].company else ()
            party = _no_school(party, memory) if of_business else party
        case "parties":
            return _several(start, end, before, memory)
        case "inverted":
            party = ()
        case _:
            pointing = "pronoun"
    found = {"INSTITUTION": institution[:1], "PARTY": party[:1]}
    order = ("PARTY", "INSTITUTION") if name == "party" else ("INSTITUTION", "PARTY")
    return [Item(family, start, end, found[family], pointing) for family in order if found[family]]


def _no_company(likeliest: tuple[Actor, ...], memory: Memory) -> tuple[Actor, ...]:
    """Who is meant by "the university": never a company, so rather who was named before."""
    if not likeliest or not likeliest[0].company:
        return likeliest
    return tuple(actor for actor in memory.all_institutions if not actor.company)[:1]


def _no_school(likeliest: tuple[Actor, ...], memory: Memory) -> tuple[Actor, ...]:
    """Who is meant by "the group": a university only where no company was named."""
    if not likeliest or not likeliest[0].school:
        return likeliest
    return next(((actor,) for actor in reversed(memory.seen_parties) if not actor.school), likeliest)


def _several(start: int, end: int, before: list[Item], memory: Memory) -> list[Item]:
    """Several parties, and the institutions named last where all are companies: "both firms"."""
    parties = next((i.actors for i in reversed(before) if i.family == "PARTY" and len(i.actors) > 1), memory.parties)
    if not parties and end - start > _PRONOUN and len(memory.seen_parties) == _SEVERAL:
        parties = memory.seen_parties  # "the pair", each named in a sentence of its own
    here = next((i.actors for i in reversed(before) if i.family == "INSTITUTION" and len(i.actors) > 1), ())
    institutions = here or memory.all_institutions
    if len(institutions) == 1 and len(memory.seen) == _SEVERAL:
        institutions = memory.seen  # each named in a sentence of its own
    found = [Item("PARTY", start, end, parties, "noun")] if parties else []
    if len(institutions) > 1 and all(actor.company for actor in institutions):
        found.append(Item("INSTITUTION", start, end, institutions, "noun"))
    return found


def _named(before: list[Item], family: str) -> list[Actor]:
    """All actors of a kind that the sentence has named, the last first."""
    return [actor for item in reversed(before) if item.family == family for actor in item.actors]


def _from(country: str, likeliest: tuple[Actor, ...], here: Iterable[Actor], seen: tuple[Actor, ...]) -> tuple[Actor, ...]:
    """The likeliest that is from a country, or not known to be from another; or the one whose town is told, by its id."""
    fits = {None, country} if len(country) == _CODE else {country}
    known = (*likeliest, *here, *reversed(seen))
    return next(((each,) for each in known if (each.country if len(country) == _CODE else each.id) in fits), ())


def _topical(memory: Memory) -> tuple[Actor, ...]:
    """The party named last; of several named together the one that the article is about."""
    about = {actor.key for actor in memory.topic}
    return memory.topic if about & {actor.key for actor in memory.party} else memory.party


def _joined(folded: str, items: list[Item], resolved: list[Item], words: Compiled) -> tuple[list[Item], list[Item]]:
    """Takes "the company" and a party named right behind it together: "from the company or ZTE".

    Words that a name follows between commas only describe it: "the country's biggest chip maker, SMIC, and".
    """
    for pointer in [item for item in resolved if item.family == "PARTY" and item.pointing == "noun"]:
        behind = next((item for item in items if item.family == "PARTY" and item.start > pointer.end), None)
        if behind is None or not words.joining.fullmatch(folded, pointer.end, behind.start):
            continue
        if folded[pointer.end : behind.start] == ", ":
            resolved = [item for item in resolved if item is not pointer]
            continue
        actors = tuple(dict.fromkeys((*pointer.actors, *behind.actors)))
        items = [item for item in items if item is not behind]
        resolved = [item for item in resolved if item is not pointer]
        resolved.append(Item("PARTY", pointer.start, behind.end, actors, "noun"))
    return items, resolved
