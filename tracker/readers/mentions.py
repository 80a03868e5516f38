"""Who and what a sentence speaks of: names, words that point back to names, lists, families of words.

Sentences are annotated in order, because "the university" and "the list" mean what was named before:
the memory goes along and is changed by each sentence.
"""

import re
from typing import Final

from tracker.readers.compiled import Compiled
from tracker.readers.first_person import first_person
from tracker.readers.gazetteer import Gazetteer, Kind, Name
from tracker.readers.phrases import Tag
from tracker.readers.scene import Actor, Item, Memory, Scene
from tracker.readers.short_names import places

OTHER_LIST: Final = "other"
_CONTEXT: Final = 40
_LOWER: Final = re.compile(r"\b(?!with|from|over|into)[a-z]{4,}\b")
_ACRONYM: Final = re.compile(r"\b[A-Z]{3,7}\b")
_HOUSE_STYLE: Final = re.compile(r"(?<=[a-z] )(?:University|Institute|College|School|Association)$")
_FORMS: Final = re.compile(
    r"(?:[\s.,&]|Co|Ltd|Inc|Corp|Corporation|Limited|Technolog(?:y|ies)|Group|Holdings|Company|Digital|SZ|Hangzhou|Shenzhen|Beijing)*"
)
"""What may stand around a known name in the full name of the same company."""
_INITIALS: Final = 3
_SEVERAL: Final = 2
_CAPITALISED: Final = re.compile(r" [A-Z][a-z]+")
_SUBJECT_WITHIN: Final = 10
"""What stands further behind the beginning of a sentence is not surely its subject."""
_CLOSING: Final = re.compile(r"[»”“」』]")


def annotate(text: str, words: Compiled, names: Gazetteer, memory: Memory) -> Scene:
    """Annotates the next sentence and changes the memory accordingly."""
    folded = words.fold(text)
    found = _acronyms(text, _names(text, folded, words, names, memory), memory)
    found = _short_names(text, found, memory)
    months = words.lexicon.dates.months
    tags = [
        tag
        for tag in words.phrases.tags(folded)
        if not _inside_a_name(tag, found)
        and not (text[tag.start].isupper() and tag.start and folded[tag.start : tag.end] in months)  # "in May"
    ]
    items = [Item(tag.family, tag.start, tag.end) for tag in tags if not tag.family.startswith("list:")]
    items += _groups(text, folded, found, words, names)
    items += _lists(tags, items, words, memory)
    items.sort(key=lambda item: (item.start, -item.end))
    items = _pointing(text, folded, items, words, memory)
    items.sort(key=lambda item: (item.start, -item.end))
    return Scene(text, folded, tuple(items))


def _inside_a_name(tag: Tag, names: list[Name]) -> bool:
    return any(name.start < tag.end and tag.start < name.end for name in names)


def _names(text: str, folded: str, words: Compiled, names: Gazetteer, memory: Memory) -> list[Name]:
    """Names of the registers and names that look like institutions or companies, without false friends."""
    found = names.names(text, folded)
    memory.acronyms |= {initials: name for name in found if (initials := _initials(name))}
    found = [name for name in found if not _is_something_else(text, folded, name, words)]
    kinds: tuple[tuple[Kind, re.Pattern[str] | None], ...] = (
        ("INSTITUTION", words.institutions),
        ("PARTY", words.parties),
    )
    for kind, expression in kinds:
        for match in expression.finditer(text) if expression else ():
            start, end = match.span()
            name = Name(kind, names.known(kind, text[start:end]), text[start:end], start, end)
            rivals = [other for other in found if other.start < end and start < other.end]
            if all(other.start >= start and other.end <= end and other.end - other.start < end - start for other in rivals):
                if kind == "INSTITUTION" and rivals:
                    continue  # "MIT University": the register knows better
                if len(rivals) == 1 and rivals[0].id and _is_in_full(text, name, rivals[0]):
                    name = name._replace(id=rivals[0].id)
                if not _is_something_else(text, folded, name, words):
                    found = [other for other in found if other not in rivals] + [name]
    return sorted(found, key=lambda name: name.start)


def _is_in_full(text: str, name: Name, known: Name) -> bool:
    """Whether a longer name only adds where and what the company is: "SZ DJI Technology Co Ltd"."""
    return all(_FORMS.fullmatch(part) for part in (text[name.start : known.start], text[known.end : name.end]))


def _acronyms(text: str, found: list[Name], memory: Memory) -> list[Name]:
    """The names, and initials of longer names printed before."""
    for match in _ACRONYM.finditer(text) if memory.acronyms else ():
        known = memory.acronyms.get(match[0])
        if known is not None and not any(name.start < match.end() and match.start() < name.end for name in found):
            found = [*found, known._replace(printed=match[0], start=match.start(), end=match.end())]
    memory.acronyms |= {initials: name for name in found if (initials := _initials(name))}
    return sorted(found, key=lambda name: name.start)


def _short_names(text: str, found: list[Name], memory: Memory) -> list[Name]:
    """The names, and short names of universities that the text names in full."""
    for printed, short in memory.short.items():
        if printed not in text or not (short.free or any(actor.id == short.id for actor in memory.seen)):
            continue
        for start, end in places(text, short):
            if not any(name.start < end and start < name.end for name in found):
                found = [*found, Name("INSTITUTION", short.id, printed, start, end)]
    return sorted(found, key=lambda name: name.start)


def _initials(name: Name) -> str:
    """HIT for Harbin Institute of Technology; nothing for a shorter name."""
    capitals = [word[0] for word in name.printed.replace("-", " ").split() if word[0].isupper()]
    return "".join(capitals) if len(capitals) >= _INITIALS else ""


def _is_something_else(text: str, folded: str, name: Name, words: Compiled) -> bool:
    """MIT License, Oxford Street, Yale Lock Company, a graduate of Stanford."""
    if name.kind == "INSTITUTION" and name.id is not None and _part_of_a_name(text, name, words):
        return True
    if words.not_before and words.not_before.match(folded, name.end):
        return True
    before = folded[max(0, name.start - _CONTEXT) : name.start]
    if name.kind == "INSTITUTION" and words.not_of is not None and words.not_of.search(before):
        return True
    return words.not_after is not None and words.not_after.search(before) is not None


def _part_of_a_name(text: str, name: Name, words: Compiled) -> bool:
    """Whether a short name begins a longer one that no register holds: "Berkeley Lights"; not in titles in capitals."""
    if not words.own_parts or " " in name.printed or not _LOWER.search(text):
        return False
    return _CAPITALISED.match(text, name.end) is not None and not text[name.end + 1 :].lower().startswith(words.own_parts)


def _groups(text: str, folded: str, names: list[Name], words: Compiled, register: Gazetteer) -> list[Item]:
    """Names of one kind that are enumerated stand together: "Huawei, ZTE and SenseTime"."""
    groups: list[list[Name]] = []
    for name in names:
        last = groups[-1][-1] if groups else None
        if last and last.kind == name.kind and _are_enumerated(text, folded, last.end, name.start, words):
            groups[-1].append(name)
        else:
            groups.append([name])
    items = []
    for group in groups:
        actors = {name.id or name.printed: Actor(name.id, name.printed, register.is_company(name.id)) for name in reversed(group)}
        ordered = tuple(dict.fromkeys(actors[name.id or name.printed] for name in group))
        items.append(Item(group[0].kind, group[0].start, group[-1].end, ordered))
    return items


def _are_enumerated(text: str, folded: str, start: int, end: int, words: Compiled) -> bool:
    """Whether only words of an enumeration stand between two names: "SMIC und den Drohnenbauer DJI"."""
    if words.joining.fullmatch(folded, start, end):
        return True
    return words.enumerated is not None and words.enumerated.fullmatch(text, start, end) is not None


def _lists(tags: list[Tag], around: list[Item], words: Compiled, memory: Memory) -> list[Item]:
    """Lists by their names, and "the blacklist" as the list spoken of, or as that of the agent named beside it or before."""
    items = []
    lists = words.lexicon.lists
    memory.by_agent = memory.by_agent or any(item.family in lists.agents for item in around)
    for tag in tags:
        if not tag.family.startswith("list:"):
            continue
        name = tag.family.removeprefix("list:")
        if name == "weak":
            theirs = any(item.family == "possessive" and item.start == tag.start for item in around)
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


def _pointing(text: str, folded: str, items: list[Item], words: Compiled, memory: Memory) -> list[Item]:
    """Adds the words that point back, each resolved by what was named before it, and updates the memory."""
    pointers = []
    # What stands right before a name only describes it: Chinese 两家企业华为、中兴, German "der Konzern Huawei".
    adjoining = 2 if words.lexicon.spaced else 1
    for name, expression in words.anaphora.items():
        for match in () if name == "own" else expression.finditer(folded):
            if (
                name == "institution"
                and not words.lexicon.nouns_capitalised
                and _LOWER.search(text)
                and _names_a_place(text[slice(*match.span())].rpartition(" ")[0], words)
            ):
                continue  # "the Paris school" is not the one named before
            reach = match.end() + (adjoining if not words.lexicon.spaced or folded.startswith(" ", match.end()) else 0)
            taken = any(
                item.family in {"INSTITUTION", "PARTY", "LIST"} and item.start < reach and match.start() < item.end
                for item in items
            )
            if not taken:
                pointers.append((match.start(), match.end(), name))
    named = [item for item in items if item.family in {"INSTITUTION", "PARTY"}]
    resolved: list[Item] = []
    for start, end, name in sorted(pointers):
        before = [item for item in named if item.end <= start or _tells_of_whom(text, end, item)]
        subjects = _subjects(start, end, before, folded, words) if name == "plural" else []
        found = _resolve(name, start, end, before, memory)
        if name == "institution" and memory.own and _HOUSE_STYLE.search(text, start, end):
            found = [Item("INSTITUTION", start, end, (memory.own,), "noun")]
        if name == "party":
            found = _one_kind(folded[start:end], found, words)
        resolved += subjects + [item for item in found if item.family not in {each.family for each in subjects}]
    resolved += first_person(text, folded, named, words, memory)
    items, resolved = _joined(folded, items, resolved, words)
    _remember(named, resolved, memory, _SUBJECT_WITHIN if words.lexicon.spaced else _SUBJECT_WITHIN // 3)
    if any(item.family == "INSTITUTION" and item.pointing == "noun" for item in resolved):
        memory.age = 0
    if any(item.family == "PARTY" and item.pointing == "noun" for item in resolved):
        memory.party_age = 0
    return items + resolved


def _names_a_place(printed: str, words: Compiled) -> bool:
    """Whether words before the noun have a capital that is not that of an organ: Spanish "el Consejo de Gobierno"."""
    organs = words.lexicon.words.get("organs", ())
    return any(match[0].strip().lower() not in organs for match in _CAPITALISED.finditer(printed))


def _one_kind(printed: str, found: list[Item], words: Compiled) -> list[Item]:
    """What is meant where the words tell it: "the Chinese company" is no institution, "the Dutch company" no party."""
    families = words.lexicon.words
    if any(word in printed for word in families.get("party_only", ())):
        return found[:1]
    if any(word in printed for word in families.get("institution_only", ())):
        return [item for item in found if item.family == "INSTITUTION"]
    return found


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


def _resolve(name: str, start: int, end: int, before: list[Item], memory: Memory) -> list[Item]:
    near = {kind: next((i.actors for i in reversed(before) if i.family == kind), ()) for kind in ("INSTITUTION", "PARTY")}
    several = next((i.actors for i in reversed(before) if i.family == "PARTY" and len(i.actors) > 1), ())
    institution = near["INSTITUTION"] or memory.institutions
    party = near["PARTY"] or _topical(memory)
    if name == "institution":
        return [Item("INSTITUTION", start, end, institution[:1], "noun")] if institution else []
    if name == "institutions":
        both = near["INSTITUTION"] or memory.all_institutions
        return [Item("INSTITUTION", start, end, both, "noun")] if len(both) > 1 else []
    if name == "party":
        either = [Item("PARTY", start, end, party[:1], "noun")] if party else []
        if institution and institution[0].company:
            either.append(Item("INSTITUTION", start, end, institution[:1], "noun"))
        return either
    if name == "parties":
        those = several or memory.parties
        return [Item("PARTY", start, end, those, "noun")] if those else []
    found = []
    if institution:
        found.append(Item("INSTITUTION", start, end, institution[:1], "pronoun"))
    if party:
        found.append(Item("PARTY", start, end, party[:1], "pronoun"))
    return found


def _topical(memory: Memory) -> tuple[Actor, ...]:
    """The party named last; of several named together the one that the article is about."""
    about = {actor.key for actor in memory.topic}
    return memory.topic if about & {actor.key for actor in memory.party} else memory.party


def _joined(folded: str, items: list[Item], pointing: list[Item], words: Compiled) -> tuple[list[Item], list[Item]]:
    """Takes "the company" and a party named right behind it together: "from the company or ZTE"."""
    for pointer in [item for item in pointing if item.family == "PARTY" and item.pointing == "noun"]:
        behind = next((item for item in items if item.family == "PARTY" and item.start > pointer.end), None)
        if behind is None or not words.joining.fullmatch(folded, pointer.end, behind.start):
            continue
        actors = tuple(dict.fromkeys((*pointer.actors, *behind.actors)))
        items = [item for item in items if item is not behind]
        pointing = [item for item in pointing if item is not pointer]
        pointing.append(Item("PARTY", pointer.start, behind.end, actors, "noun"))
    return items, pointing


def _remember(named: list[Item], pointing: list[Item], memory: Memory, within: int) -> None:
    """The first of each kind is the likeliest to be meant next; several parties named together stay in mind."""
    institutions = [item for item in named if item.family == "INSTITUTION"]
    parties = [item for item in named if item.family == "PARTY"]
    memory.age += 1
    memory.party_age += 1
    acting = [item for item in (*named, *pointing) if item.family == "INSTITUTION" and item.pointing != "pronoun"]
    if acting:
        first = min(acting, key=lambda item: item.start)
        memory.subject = first.actors[:1] if first.start <= within else ()
    if institutions:
        if not any(item.family == "INSTITUTION" and item.end < institutions[0].start for item in pointing):
            memory.institutions = institutions[0].actors
        memory.all_institutions = tuple(dict.fromkeys(actor for item in institutions for actor in item.actors))
        memory.seen = tuple({actor.key: actor for actor in (*memory.seen, *memory.all_institutions)}.values())
        memory.age = 0
    if parties:
        memory.party = parties[0].actors
        memory.party_age = 0
        groups = [item.actors for item in parties if len(item.actors) > 1]
        if groups:
            memory.parties = groups[0]
        elif len(together := tuple(dict.fromkeys(actor for item in parties for actor in item.actors))) > 1:
            memory.parties = together
