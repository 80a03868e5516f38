"""The table of an Entity List rule: rows of cells to entries.

As printed since 1997 in Supplement No. 4 to 15 CFR Part 744: country, entity, license requirement,
license review policy, Federal Register citation. Seen in 88 FR 12170: the header is an ordinary row, rows of
asterisks stand for unchanged entries, a country stands in a row of its own, and a long entity goes on in
the next row, whose other cells are empty.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from events.names import normalise
from tracker.readers.entity_cell import DASHES, unmarked
from tracker.readers.headings import Headings
from tracker.readers.register_xml import Block, Cell

COUNTRY, ENTITY, REQUIREMENT, POLICY, CITATION = range(5)

_CONTINUED = re.compile(r"\s*[—–-]\s*continued\.?$", re.IGNORECASE)
_STARS = frozenset({"", "*", " "})


# `gc=False`: they hold no cycles, and there are thousands for the collector to look through.
class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One entry of a table, with the rows that continue it; the span is that of its entity cell."""

    destination: str | None
    lines: tuple[str, ...]
    requirement: str | None
    policy: str | None
    citation: str
    footnotes: tuple[str, ...]
    start: int
    end: int


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """The entries of one table, in order, and every destination heading printed in it."""

    entries: tuple[Entry, ...]
    destinations: tuple[str, ...]


def read_table(rows: Sequence[Block]) -> Table:
    """Reads the rows of one table into entries."""
    entries: list[Entry] = []
    destinations: list[str] = []
    for row in rows:
        # Only a cell that begins with asterisks is asked for all of its lines.
        cells = {cell.column: cell for cell in row.cells if cell.lines[0][:1] not in _STARS or not _is_stars(cell)}
        if not cells or _is_header(cells):
            continue
        if COUNTRY in cells:
            heading = " ".join(cells[COUNTRY].lines)
            destinations.append(_CONTINUED.sub("", heading) if "continued" in heading.lower() else heading)
            if len(cells) == 1:
                continue
        if entries and COUNTRY not in cells and _continues(cells):
            entries[-1] = _joined(entries[-1], cells)
            continue
        entries.append(_entry(cells, destinations[-1] if destinations else None, row))
    return Table(entries=tuple(entries), destinations=tuple(dict.fromkeys(destinations)))


def under_known_headings(table: Table, known: Headings) -> Table:
    """The same table with its headings as the register has them: a rule may print `China` or `U.A.E.` in short."""
    short = {one: full for one in table.destinations if (full := known.printed(one)) is not None and full != one}
    if not short:
        return table
    return Table(
        entries=tuple(
            msgspec.structs.replace(entry, destination=short[entry.destination]) if entry.destination in short else entry
            for entry in table.entries
        ),
        destinations=tuple(dict.fromkeys(short.get(one, one) for one in table.destinations)),
    )


def _is_stars(cell: Cell) -> bool:
    return not "".join(cell.lines).strip("* ")


def _is_header(cells: dict[int, Cell]) -> bool:
    if next(iter(cells.values())).lines[0][:7].lower() != "country":
        return False
    words = normalise(" ".join(line for cell in cells.values() for line in cell.lines))
    return words.startswith("country entity") or words == "country"


def _continues(cells: dict[int, Cell]) -> bool:
    """A row with an entity cell alone, or with none, goes on with the entry above."""
    return ENTITY not in cells or len(cells) == 1


def _entry(cells: dict[int, Cell], destination: str | None, row: Block) -> Entry:
    entity = cells.get(ENTITY)
    requirement, marks = _unmarked(_lines(cells.get(REQUIREMENT)))
    policy, more = _unmarked(_lines(cells.get(POLICY)))
    own = unmarked(entity.lines)[1] if entity else ()
    return Entry(
        destination=destination,
        lines=entity.lines if entity else ("",),
        requirement=requirement or None,
        policy=policy or None,
        citation=" ".join(_lines(cells.get(CITATION))),
        footnotes=tuple(dict.fromkeys((*own, *marks, *more))) if own or marks or more else (),
        start=row.start + entity.start if entity else row.start,
        end=row.start + entity.end if entity else row.end,
    )


def _lines(cell: Cell | None) -> tuple[str, ...]:
    return cell.lines if cell is not None else ()


@lru_cache(maxsize=1024)  # The same few requirements and policies stand in thousands of rows.
def _unmarked(lines: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """A requirement or policy without the marks of its footnotes, and their numbers."""
    (text,), marks = unmarked((" ".join(lines),))
    return text, marks


def _joined(above: Entry, cells: dict[int, Cell]) -> Entry:
    """An entry with what a continuation row adds to it. An unfinished last line goes on in the new one."""
    rest = _entry(cells, above.destination, Block(tag="ROW", text="", start=above.start, end=above.end))
    lines = above.lines
    if ENTITY in cells:
        unfinished = not re.search(r"(?:[.;:,)]|\band)$", lines[-1]) and rest.lines[0][:1] not in DASHES
        joint = (f"{lines[-1]} {rest.lines[0]}",) if unfinished else (lines[-1], rest.lines[0])
        lines = (*lines[:-1], *joint, *rest.lines[1:])
    return msgspec.structs.replace(
        above,
        lines=lines,
        requirement=" ".join(filter(None, (above.requirement, rest.requirement))) or None,
        policy=" ".join(filter(None, (above.policy, rest.policy))) or None,
        citation=" ".join(filter(None, (above.citation, rest.citation))),
        footnotes=tuple(dict.fromkeys((*above.footnotes, *rest.footnotes))),
    )
