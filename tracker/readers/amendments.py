"""Joins instructions to table rows: what a rule does to each entry, or why that is not certain.

A change is certain when the instruction names the entry (or counts the rows) and the table has exactly the
row for it. Everything else becomes an amendment with `trouble`: known by name, stated by nobody.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from events.names import normalise
from events.statements import Change
from tracker.readers.entity_cell import Entity, name_end, name_with_aliases, read_entity
from tracker.readers.entity_table import Entry
from tracker.readers.instructions import Instruction, Name

CHANGES: dict[str, Change] = {"add": "added", "revise": "revised", "remove": "removed"}
_CITATION = re.compile(
    r"(?P<volume>\d{1,3})\s*FR\s*(?P<page>\[[^\]]*\]|[\d,]*\d)(?:,?\s*(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{2,4}))?",
)
# How summaries call destinations whose heading is another.
_OTHER_NAMES = {
    "peoples republic of china": "CHINA, PEOPLE'S REPUBLIC OF", "prc": "CHINA, PEOPLE'S REPUBLIC OF",
    "uae": "UNITED ARAB EMIRATES", "u a e": "UNITED ARAB EMIRATES", "uk": "UNITED KINGDOM",
    "u k": "UNITED KINGDOM", "russian federation": "RUSSIA",
}


class Amendment(msgspec.Struct, frozen=True, kw_only=True):
    """What is done to one entry. With `trouble` it is not certain, and says why in plain words.

    `named` is true when an instruction names or counts the entry. `start` and `end` span the row's entity
    cell, or the name in the instruction where there is no row.
    """

    change: Change | None
    destination: str | None
    name: str | None
    named: bool = False
    number: str | None = None
    effective: str | None = None
    """The day that the instruction itself gives, if it does."""
    new_name: str | None = None
    entry: Entry | None = None
    entity: Entity | None = None
    citation: str | None = None
    trouble: str | None = None
    start: int
    end: int


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """How the rule itself is cited: to tell its own citation in a row from those of earlier rules."""

    citation: str | None = None
    published: str | None = None
    pages: tuple[int, int] | None = None


class Headings:
    """Destinations by all the ways they are written: `China`, `the Russia`, `UAE`, `CHINA, PEOPLE'S ...`."""

    def __init__(self, known: Iterable[str]) -> None:
        self._printed = {normalise(heading): heading for heading in known}
        short = Counter(normalise(heading.partition(",")[0]) for heading in self._printed.values() if "," in heading)
        self._short = {
            normalise(heading.partition(",")[0]): heading
            for heading in self._printed.values()
            if "," in heading and short[normalise(heading.partition(",")[0])] == 1
        }

    def printed(self, text: str) -> str | None:
        """The heading as the list prints it; None when it is not known."""
        key = re.sub(r"^the ", "", normalise(text))
        return self._printed.get(key) or _OTHER_NAMES.get(key) or self._short.get(key)

    def same(self, text: str | None) -> str | None:
        """Something to compare destinations by."""
        return None if text is None else self.printed(text) or normalise(text)


class _Rows:
    """The rows of one table, and which of them are spoken for."""

    def __init__(self, entries: Sequence[Entry], headings: Headings) -> None:
        self.entries = entries
        self.free = dict.fromkeys(range(len(entries)))
        self._names = [name_with_aliases(entry.lines) for entry in entries]
        self._at: dict[str | None, list[int]] = defaultdict(list)
        for place, entry in enumerate(entries):
            self._at[headings.same(entry.destination)].append(place)

    def under(self, destination: str | None) -> list[int]:
        """The free rows under a destination."""
        return [place for place in self._at.get(destination, ()) if place in self.free]

    def named(self, destination: str | None, name: str) -> list[int]:
        """The free rows under a destination that bear a name, or begin with it where nothing sets it apart."""
        return [place for place in self.under(destination) if self._bears(place, name)]

    def _bears(self, place: int, name: str) -> bool:
        apart = self._names[place]
        if apart is not None:
            return _squeezed(apart) == _squeezed(name)
        return name_end(self.entries[place].lines[0], name) is not None

    def take(self, place: int) -> Entry:
        """Marks a row as spoken for."""
        self.free.pop(place, None)
        return self.entries[place]


def join(
    instructions: Sequence[Instruction],
    entries: Sequence[Entry],
    headings: Headings,
    origin: Origin,
    listed: Sequence[str] = (),
) -> list[Amendment]:
    """Joins the instructions of one numbered paragraph to the rows of its tables, in document order.

    `listed` are the names that the preamble lists: they tell where a name ends when instructions only count.
    """
    rows = _Rows(entries, headings)
    found: list[Amendment] = []
    whole = [i for i in instructions if i.scope == "whole"]
    if whole:
        found.append(_troubled(whole[0], None, "the whole list is printed anew; what changed in it is not stated"))
        rows.free.clear()
    named = [(i, name) for i in instructions for name in i.names if i.scope in {"entries", "heading"}]
    for group in _groups(named, headings):
        found += _named(group, rows, headings, origin)
    found += _counted([i for i in instructions if i.count is not None and not i.names], rows, headings, origin, listed)
    for instruction in instructions:
        reason = _unnamed_trouble(instruction)
        if reason:
            found.append(_troubled(instruction, None, reason))
    for place in list(rows.free):
        entry = rows.take(place)
        name = _listed_name(entry, listed)
        found.append(_row(None, name, entry, origin, trouble="no instruction names this row of the table"))
    printed = (
        msgspec.structs.replace(a, destination=headings.printed(a.destination) or a.destination)
        if a.entry is None and a.destination
        else a
        for a in found
    )
    return sorted(printed, key=lambda amendment: amendment.start)


def _groups(
    named: list[tuple[Instruction, Name]], headings: Headings
) -> list[list[tuple[Instruction, Name]]]:
    """Like names under one destination together; longer names first, as a row may begin with a shorter one."""
    groups: dict[tuple[bool, str | None, str], list[tuple[Instruction, Name]]] = defaultdict(list)
    for instruction, name in named:
        sought = instruction.new_name or name.text
        groups[instruction.verb == "remove", headings.same(instruction.destination), _squeezed(sought)].append(
            (instruction, name)
        )
    return [groups[key] for key in sorted(groups, key=lambda key: (key[0], -len(key[2])))]


def _named(
    group: list[tuple[Instruction, Name]], rows: _Rows, headings: Headings, origin: Origin
) -> list[Amendment]:
    """The amendments of one name: as many rows as the instructions name, else none is certain."""
    first, name = group[0]
    places = rows.named(headings.same(first.destination), first.new_name or name.text)
    if first.verb == "remove" or (first.verb == "other" and not places):
        return [_removed(i, n, places, rows, origin) for i, n in group]
    if len(places) == len(group):
        # Two new entries may bear one name; of two old ones, nothing tells which row is whose.
        unclear = len(group) > 1 and any(i.verb != "add" for i, _ in group)
        reason = f"{len(group)} entries bear this name; which row is whose is not told" if unclear else None
        return [
            _row(i, n, rows.take(place), origin, trouble=_trouble(i, n) or reason)
            for (i, n), place in zip(group, places, strict=True)
        ]
    if not places:
        return [_troubled(i, n, _trouble(i, n) or "the table has no row for this name") for i, n in group]
    reason = f"{len(group)} named in the instructions, {len(places)} rows with that name in the table"
    return [_row(first, name, rows.take(place), origin, trouble=reason) for place in places]


def _removed(
    instruction: Instruction, name: Name, places: list[int], rows: _Rows, origin: Origin
) -> Amendment:
    trouble = _trouble(instruction, name)
    if places and places[0] in rows.free:
        reason = trouble or "the entry is removed and yet stands in the table"
        return _row(instruction, name, rows.take(places[0]), origin, trouble=reason)
    return Amendment(
        change=CHANGES.get(instruction.verb), destination=instruction.destination, name=name.text, named=True,
        number=instruction.number, effective=instruction.effective, citation=origin.citation, trouble=trouble,
        start=name.start, end=name.end,
    )


def _counted(
    instructions: Sequence[Instruction], rows: _Rows, headings: Headings, origin: Origin, listed: Sequence[str]
) -> list[Amendment]:
    """Entries that are counted, not named: new rows cite this rule alone, revised ones earlier rules too."""
    found = []
    groups: dict[str | None, list[Instruction]] = defaultdict(list)
    for instruction in instructions:
        groups[headings.same(instruction.destination)].append(instruction)
    for destination, group in groups.items():
        places = rows.under(destination)
        for verb, earlier in (("add", False), ("revise", True)):
            stated = [i for i in group if i.verb == verb]
            fitting = [p for p in places if bool(own_citation(rows.entries[p].citation, origin)[1]) == earlier]
            if not stated:
                continue
            wanted = sum(i.count or 0 for i in stated)
            trouble = next((reason for i in stated if (reason := _trouble(i, None))), None)
            if wanted != len(fitting):
                trouble = trouble or f"{wanted} counted in the instructions, {len(fitting)} such rows in the table"
            if wanted > len(fitting):
                found.append(_troubled(stated[0], None, trouble or "the table has no such rows"))
            for place in fitting:
                entry = rows.take(place)
                found.append(_row(stated[0], _listed_name(entry, listed), entry, origin, trouble=trouble))
        found += [
            _troubled(instruction, None, _trouble(instruction, None) or "the entries are not named")
            for instruction in group
            if instruction.verb not in {"add", "revise"}
        ]
    return found


def _listed_name(entry: Entry, listed: Sequence[str]) -> Name | None:
    """The longest of the listed names that the row begins with."""
    fitting = [name for name in listed if name_end(entry.lines[0], name) is not None]
    if name_with_aliases(entry.lines) is not None or not fitting:
        return None
    return Name(text=max(fitting, key=len), start=entry.start, end=entry.end)


def _row(
    instruction: Instruction | None, name: Name | None, entry: Entry, origin: Origin, *, trouble: str | None
) -> Amendment:
    """The amendment that a row of the table spells out."""
    sought = instruction.new_name if instruction and instruction.new_name else name.text if name else None
    entity = read_entity(entry.lines, sought)
    known = entity.name if sought is not None or name_with_aliases(entry.lines) else None
    renamed = instruction is not None and instruction.new_name is not None and name is not None
    own, earlier = own_citation(entry.citation, origin)
    change = CHANGES.get(instruction.verb) if instruction else None
    reasons = (trouble, entity.trouble, _miscounted(entity), _row_trouble(change, entry, own, earlier))
    return Amendment(
        change=change, destination=entry.destination, named=instruction is not None,
        number=instruction.number if instruction else None,
        effective=instruction.effective if instruction else None,
        name=name.text if renamed and name else known, new_name=entity.name if renamed else None,
        entry=entry, entity=entity, citation=own, trouble=next((reason for reason in reasons if reason), None),
        start=entry.start, end=entry.end,
    )


def _row_trouble(change: Change | None, entry: Entry, own: str | None, earlier: list[str]) -> str | None:
    if entry.destination is None:
        return "the row stands under no destination"
    if change == "added" and earlier:
        return f"the row cites earlier rules ({', '.join(earlier)}): moved or listed before, not new"
    if change == "added" and entry.requirement is None:
        return "the row states no license requirement"
    if change == "added" and own is None:
        return f"the citation is not understood: {entry.citation!r}"
    return None


def _miscounted(entity: Entity) -> str | None:
    for count in entity.counts:
        if count.expected != count.found:
            return f"the row announces {count.expected} aliases and prints {count.found}"
    return None


def _trouble(instruction: Instruction, name: Name | None) -> str | None:
    """Why an instruction is not certain by itself."""
    if name is not None and name.broken:
        return "a quotation mark is missing around this name"
    if not instruction.word:
        return "the instruction has no verb"
    if instruction.verb == "other":
        return f"what is done to the entry is not understood: {instruction.word!r}"
    if instruction.destination is None:
        return "the instruction names no destination"
    if instruction.unknown:
        return f"words in the instruction are not understood: {' '.join(instruction.unknown)!r}"
    if instruction.count is not None and instruction.names and instruction.count != len(instruction.names):
        return f"the instruction counts {instruction.count} and names {len(instruction.names)}"
    return None


def _unnamed_trouble(instruction: Instruction) -> str | None:
    """The trouble of an instruction that neither names nor counts entries."""
    if instruction.names or instruction.count is not None or instruction.scope in {"whole", "introduction"}:
        return None
    if instruction.scope == "heading" and instruction.verb == "remove":
        return "all entries under the heading are removed, and their names are not given"
    return "what is to be changed is not understood"


def _troubled(instruction: Instruction, name: Name | None, trouble: str) -> Amendment:
    return Amendment(
        change=CHANGES.get(instruction.verb), destination=instruction.destination, name=name.text if name else None,
        named=name is not None, number=instruction.number, effective=instruction.effective, trouble=trouble,
        start=name.start if name else instruction.start, end=name.end if name else instruction.end,
    )


def own_citation(text: str, origin: Origin) -> tuple[str | None, list[str]]:
    """The rule's own citation in a row, as printed or resolved, and those of earlier rules."""
    own: str | None = None
    earlier: list[str] = []
    citations = list(_CITATION.finditer(text))
    for citation in citations:
        if citation["page"].startswith("["):
            own = origin.citation or own
            if origin.citation is None:
                own = own or ""
        elif _is_own(citation, origin) or (origin.published is None and citation is citations[-1] and own is None):
            own = citation.group()
        else:
            earlier.append(citation.group())
    return own, earlier


def _is_own(citation: re.Match[str], origin: Origin) -> bool:
    if origin.published and citation["year"]:
        year = int(citation["year"])
        year += 0 if year > 99 else 2000 if year < 80 else 1900
        return origin.published == f"{year:04}-{int(citation['month']):02}-{int(citation['day']):02}"
    if origin.pages and origin.citation:
        page = int(citation["page"].replace(",", ""))
        return origin.citation.startswith(f"{citation['volume']} FR ") and origin.pages[0] <= page <= origin.pages[1]
    return False


def _squeezed(name: str) -> str:
    return normalise(name).replace(" ", "")
