"""Joins instructions to table rows: what a rule does to each entry, or why that is not certain.

A change is certain when the instruction names the entry (or counts the rows) and the table has exactly the
row for it. Everything else becomes an amendment with `trouble`: known by name, stated by nobody.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from tracker.readers.amendment import CHANGES, Amendment, Change
from tracker.readers.entity_cell import Entity, likely_name, name_with_aliases, read_entity
from tracker.readers.entity_table import Entry
from tracker.readers.headings import Headings
from tracker.readers.instructions import Instruction, Name
from tracker.readers.moves import all_go, join_moves
from tracker.readers.row_citations import Origin, own_citation
from tracker.readers.slips import heal
from tracker.readers.table_rows import Rows, squeezed

__all__ = ["Amendment", "Headings", "Origin", "join", "own_citation"]


_ROWLESS = frozenset({"remove", "suspend"})
"""What needs no row of the table: the entry is as it was, or gone."""


def join(
    instructions: Sequence[Instruction],
    entries: Sequence[Entry],
    headings: Headings,
    origin: Origin,
    listed: Mapping[str, str] | None = None,
) -> list[Amendment]:
    """Joins the instructions of one numbered paragraph to the rows of its tables, in document order.

    `listed` are the names that the preamble lists, by their squeezed form: they tell where a name ends when
    instructions only count.
    """
    listed = listed or {}
    rows = Rows(entries, headings)
    whole = [i for i in instructions if i.scope == "whole"]
    if whole and all(i.scope in {"whole", "introduction"} for i in instructions):
        return _printed_anew(whole[0], rows, origin)
    found: list[Amendment] = []
    if whole:
        found.append(_troubled(whole[0], None, "the whole list is printed anew, and entries are changed besides"))
        rows.free.clear()
    instructions = heal(instructions, rows, headings, origin)
    named = [(i, name) for i in instructions for name in i.names if i.scope in {"entries", "heading"}]
    for group in _groups(named, headings):
        found += _named(group, rows, headings, origin)
    counting = [i for i in instructions if i.count is not None and not i.names]
    found += _counted(counting, rows, headings, origin, listed)
    for instruction in instructions:
        reason = _unnamed_trouble(instruction)
        if reason:
            found.append(_troubled(instruction, None, reason))
    for place in list(rows.free):
        name = _listed_name(place, rows, listed)
        found.append(_row(None, name, rows.take(place), origin, trouble="no instruction names this row of the table"))
    return sorted(join_moves(_placed(found, headings), instructions, headings), key=lambda amendment: amendment.start)


def _placed(found: Sequence[Amendment], headings: Headings) -> list[Amendment]:
    """The amendments with destinations as the list prints them, where no row tells how."""
    return [
        msgspec.structs.replace(a, destination=headings.printed(a.destination) or a.destination)
        if a.entry is None and a.destination
        else a
        for a in found
    ]


def _printed_anew(instruction: Instruction, rows: Rows, origin: Origin) -> list[Amendment]:
    """The whole list, printed anew: rows that cite earlier rules alone are as they were, and state nothing."""
    found = []
    for place in list(rows.free):
        entry = rows.take(place)
        own, earlier = own_citation(entry.citation, origin)
        reason = None
        if own is not None or not earlier:
            reason = "the whole list is printed anew, and what changed in this row is not stated"
        elif entry.destination is None or entry.requirement is None:
            reason = "the whole list is printed anew, and this row does not read as an entry"
        if reason:
            found.append(_row(None, None, entry, origin, trouble=reason))
    if not rows.entries:
        found.append(_troubled(instruction, None, "the whole list is printed anew, and no table of entries is found"))
    return found


def _groups(named: list[tuple[Instruction, Name]], headings: Headings) -> list[list[tuple[Instruction, Name]]]:
    """Like names under one destination together; longer names first, as a row may begin with a shorter one."""
    groups: dict[tuple[bool, str | None, str], list[tuple[Instruction, Name]]] = defaultdict(list)
    for instruction, name in named:
        sought = instruction.new_name or name.text
        groups[instruction.verb in _ROWLESS, headings.same(instruction.destination), squeezed(sought)].append((instruction, name))
    return [groups[key] for key in sorted(groups, key=lambda key: (key[0], -len(key[2])))]


def _named(group: list[tuple[Instruction, Name]], rows: Rows, headings: Headings, origin: Origin) -> list[Amendment]:
    """The amendments of one name: as many rows as the instructions name, else none is certain."""
    first, name = group[0]
    places = rows.named(headings.same(first.destination), first.new_name or name.text)
    if first.verb in _ROWLESS or (first.verb == "other" and not places):
        return [_removed(i, n, places, rows, origin) for i, n in group]
    if len(places) > 1 and len(places) >= len(group) and any(i.new_name for i, _ in group):
        return _renamed_to_a_known_name(group, places, rows, headings, origin)
    if len(places) == len(group):
        paired = _paired(group, places, rows, origin)
        reason = None if paired else f"{len(group)} entries bear this name; which row is whose is not told"
        return [
            _row(i, n, rows.take(place), origin, trouble=_trouble(i, n) or reason)
            for (i, n), place in zip(group, paired or places, strict=True)
        ]
    if not places:
        return [_troubled(i, n, _trouble(i, n) or "the table has no row for this name") for i, n in group]
    reason = f"{len(group)} named in the instructions, {len(places)} rows with that name in the table"
    rows.contested[headings.same(first.destination)] += len(places) - len(group)
    return [_row(first, name, rows.take(place), origin, trouble=reason) for place in places]


def _renamed_to_a_known_name(
    group: list[tuple[Instruction, Name]], places: Sequence[int], rows: Rows, headings: Headings, origin: Origin
) -> list[Amendment]:
    """An entry takes a name that another one bears: the renaming first, then each row under that name.

    Which row is whose, settling tells by what the entries were before. Rows that no instruction names must be counted.
    """
    first = group[0][0]
    rows.contested[headings.same(first.destination)] += len(places) - len(group)
    found = []
    for instruction, name in group:
        if instruction.new_name:
            found.append(
                Amendment(
                    change=CHANGES.get(instruction.verb),
                    destination=instruction.destination,
                    name=name.text,
                    number=instruction.number,
                    effective=instruction.effective,
                    new_name=instruction.new_name,
                    renames_only=True,
                    trouble=_trouble(instruction, name),
                    citation=origin.citation,
                    start=name.start,
                    end=name.end,
                )
            )
    for place in places:
        entry = rows.take(place)
        old = own_citation(entry.citation, origin)[1]
        plain = msgspec.structs.replace(first, new_name=None)
        name = Name(text=first.new_name or group[0][1].text, start=entry.start, end=entry.end)
        reason = next((reason for i, n in group if (reason := _trouble(i, n))), None)
        if first.verb != "revise" or not old:
            reason = reason or f"{len(places)} rows bear this name; which is the renamed one is not told"
        found.append(_row(plain, name, entry, origin, trouble=reason))
    return found


def _paired(group: Sequence[tuple[Instruction, Name]], places: Sequence[int], rows: Rows, origin: Origin) -> list[int] | None:
    """Gives each instruction of one name its row; None where it is not certain.

    New rows cite this rule alone. Of two entries that are both revised, settling tells by their addresses
    which row is whose: here only their number counts.
    """
    if len({instruction.verb for instruction, _ in group}) == 1:
        return list(places)
    old = [place for place in places if own_citation(rows.entries[place].citation, origin)[1]]
    new = [place for place in places if place not in old]
    if len(old) > 1 or len(old) != sum(instruction.verb == "revise" for instruction, _ in group):
        return None
    return [(new if instruction.verb == "add" else old).pop(0) for instruction, _ in group]


def _removed(instruction: Instruction, name: Name, places: list[int], rows: Rows, origin: Origin) -> Amendment:
    trouble = _trouble(instruction, name)
    if places and places[0] in rows.free:
        reason = trouble or "the entry is removed and yet stands in the table"
        return _row(instruction, name, rows.take(places[0]), origin, trouble=reason)
    return Amendment(
        change=CHANGES.get(instruction.verb),
        destination=instruction.destination,
        name=name.text,
        named=True,
        number=instruction.number,
        effective=instruction.effective,
        until=instruction.until,
        citation=origin.citation,
        trouble=trouble,
        healed=_healed(instruction, name, None),
        start=name.start,
        end=name.end,
    )


def _counted(
    instructions: Sequence[Instruction], rows: Rows, headings: Headings, origin: Origin, listed: Mapping[str, str]
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
            # Rows that bear a name of another instruction, and may yet be counted here, are quarantined there.
            wanted = sum(i.count or 0 for i in stated) - rows.contested.pop(destination, 0)
            trouble = next((reason for i in stated if (reason := _trouble(i, None))), None)
            counts = f"{wanted} counted in the instructions, {len(fitting)} such rows in the table"
            miscounted = counts if wanted != len(fitting) else None
            if wanted > len(fitting):
                found.append(_troubled(stated[0], None, trouble or counts))
            for place in fitting:
                name = _listed_name(place, rows, listed)
                row = _row(stated[0], name, rows.take(place), origin, trouble=trouble)
                found.append(msgspec.structs.replace(row, miscounted=miscounted))
        found += [
            _troubled(instruction, None, _trouble(instruction, None) or "the entries are not named")
            for instruction in group
            if instruction.verb not in {"add", "revise"}
        ]
    return found


def _listed_name(place: int, rows: Rows, listed: Mapping[str, str]) -> Name | None:
    """The longest of the listed names that the row begins with."""
    fitting = rows.begins(place, listed)
    entry = rows.entries[place]
    return Name(text=max(fitting, key=len), start=entry.start, end=entry.end) if fitting else None


def _row(instruction: Instruction | None, name: Name | None, entry: Entry, origin: Origin, *, trouble: str | None) -> Amendment:
    """The amendment that a row of the table spells out."""
    sought = instruction.new_name if instruction and instruction.new_name else name.text if name else None
    entity = read_entity(entry.lines, sought)
    known = entity.name if sought is not None or name_with_aliases(entry.lines) else None
    renamed = instruction is not None and instruction.new_name is not None and name is not None
    own, earlier = own_citation(entry.citation, origin)
    change = CHANGES.get(instruction.verb) if instruction else None
    reasons = (trouble, entity.trouble, _miscounted(entity), _row_trouble(change, entry, own))
    return Amendment(
        change=change,
        destination=entry.destination,
        named=instruction is not None,
        number=instruction.number if instruction else None,
        effective=instruction.effective if instruction else None,
        name=name.text if renamed and name else known,
        guess=None if known else likely_name(entry.lines),
        new_name=entity.name if renamed else None,
        entry=entry,
        entity=entity,
        citation=own,
        earlier=tuple(earlier),
        trouble=next((reason for reason in reasons if reason), None),
        doubt=entity.doubt,
        healed=_healed(instruction, name, entity),
        start=entry.start,
        end=entry.end,
    )


def _healed(instruction: Instruction | None, name: Name | None, entity: Entity | None) -> tuple[str, ...]:
    """The slips that were healed on the way to one amendment."""
    slips = (instruction and instruction.healed, name and name.healed, *(entity.healed if entity else ()))
    return tuple(dict.fromkeys(slip for slip in slips if slip))


def _row_trouble(change: Change | None, entry: Entry, own: str | None) -> str | None:
    if entry.destination is None:
        return "the row stands under no destination"
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
    if instruction.scope == "unknown" and instruction.destination is None:
        return "the instruction names no entries"
    if all_go(instruction):
        return "all entries under the heading are removed, and their names are not given"
    return "what is to be changed is not understood"


def _troubled(instruction: Instruction, name: Name | None, trouble: str) -> Amendment:
    return Amendment(
        change=CHANGES.get(instruction.verb),
        destination=instruction.destination,
        name=name.text if name else None,
        named=name is not None,
        number=instruction.number,
        effective=instruction.effective,
        trouble=trouble,
        empties=instruction.destination if all_go(instruction) else None,
        start=name.start if name else instruction.start,
        end=name.end if name else instruction.end,
    )
