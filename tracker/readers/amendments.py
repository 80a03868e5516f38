"""Joins instructions to table rows: what a rule does to each entry, or why that is not certain.

A change is certain when the instruction names the entry (or counts the rows) and the table has exactly the
row for it. Everything else becomes an amendment with `trouble`: known by name, stated by nobody.
"""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from tracker.readers.amendment import CHANGES, Amendment
from tracker.readers.certainty import healed_slips, row_amendment, trouble_of, troubled, unnamed_trouble
from tracker.readers.entity_table import Entry
from tracker.readers.headings import Headings
from tracker.readers.instructions import Instruction, Name
from tracker.readers.moves import join_moves
from tracker.readers.preamble_names import PreambleNames
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
    listed: PreambleNames | None = None,
) -> list[Amendment]:
    """Joins the instructions of one numbered paragraph to the rows of its tables, in document order.

    `listed` are the names that the preamble lists: they tell where a name ends when instructions only count.
    """
    listed = listed or PreambleNames()
    rows = Rows(entries, headings)
    whole = [i for i in instructions if i.scope == "whole"]
    if whole and all(i.scope in {"whole", "introduction"} for i in instructions):
        return _printed_anew(whole[0], rows, origin)
    found: list[Amendment] = []
    if whole:
        found.append(troubled(whole[0], None, "the whole list is printed anew, and entries are changed besides"))
        rows.free.clear()
    instructions = heal(instructions, rows, headings, origin)
    named = [(i, name) for i in instructions for name in i.names if i.scope in {"entries", "heading"}]
    for group in _groups(named, headings):
        found += _named(group, rows, headings, origin)
    counting = [i for i in instructions if i.count is not None and not i.names]
    found += _counted(counting, rows, headings, origin, listed)
    for instruction in instructions:
        reason = unnamed_trouble(instruction)
        if reason:
            found.append(troubled(instruction, None, reason))
    for place in list(rows.free):
        name = _listed_name(place, rows, listed)
        found.append(row_amendment(None, name, rows.take(place), origin, trouble="no instruction names this row of the table"))
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
            found.append(row_amendment(None, None, entry, origin, trouble=reason))
    if not rows.entries:
        found.append(troubled(instruction, None, "the whole list is printed anew, and no table of entries is found"))
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
            row_amendment(i, n, rows.take(place), origin, trouble=trouble_of(i, n) or reason)
            for (i, n), place in zip(group, paired or places, strict=True)
        ]
    if not places:
        return [troubled(i, n, trouble_of(i, n) or "the table has no row for this name") for i, n in group]
    reason = f"{len(group)} named in the instructions, {len(places)} rows with that name in the table"
    rows.contested[headings.same(first.destination)] += len(places) - len(group)
    return [row_amendment(first, name, rows.take(place), origin, trouble=reason) for place in places]


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
                    trouble=trouble_of(instruction, name),
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
        reason = next((reason for i, n in group if (reason := trouble_of(i, n))), None)
        if first.verb != "revise" or not old:
            reason = reason or f"{len(places)} rows bear this name; which is the renamed one is not told"
        found.append(row_amendment(plain, name, entry, origin, trouble=reason))
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
    trouble = trouble_of(instruction, name)
    if places and places[0] in rows.free:
        reason = trouble or "the entry is removed and yet stands in the table"
        return row_amendment(instruction, name, rows.take(places[0]), origin, trouble=reason)
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
        healed=healed_slips(instruction, name, None),
        start=name.start,
        end=name.end,
    )


def _counted(
    instructions: Sequence[Instruction], rows: Rows, headings: Headings, origin: Origin, listed: PreambleNames
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
            trouble = next((reason for i in stated if (reason := trouble_of(i, None))), None)
            counts = f"{wanted} counted in the instructions, {len(fitting)} such rows in the table"
            miscounted = counts if wanted != len(fitting) else None
            if wanted > len(fitting):
                found.append(troubled(stated[0], None, trouble or counts))
            for place in fitting:
                name = _listed_name(place, rows, listed)
                row = row_amendment(stated[0], name, rows.take(place), origin, trouble=trouble)
                found.append(msgspec.structs.replace(row, miscounted=miscounted))
        found += [
            troubled(instruction, None, trouble_of(instruction, None) or "the entries are not named")
            for instruction in group
            if instruction.verb not in {"add", "revise"}
        ]
    return found


def _listed_name(place: int, rows: Rows, listed: PreambleNames) -> Name | None:
    """The longest of the listed names that the row begins with."""
    if rows.apart(place):
        return None
    fitting = rows.begins(place, listed.by_squeezed)
    entry = rows.entries[place]
    return Name(text=max(fitting, key=len), start=entry.start, end=entry.end) if fitting else None
