"""The table of the Entity List in the eCFR: XML to the rows that the reader of rules reads too.

    DIV9 "Supplement No. 4 to Part 744" > TABLE > TR > TD

The eCFR prints its tables as HTML: `<br/>` ends a line, `<sup>` holds a footnote's number, and the country
stands in the first of its rows only. All else is as in a rule, so a row becomes a `Block` of `Cell`s.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
from lxml import etree  # type: ignore[import-untyped]

from events.documents import Quarantine
from events.names import normalise
from tracker.readers.base import UnreadableError
from tracker.readers.entity_cell import likely_name
from tracker.readers.entity_table import CITATION, COUNTRY, ENTITY, POLICY, REQUIREMENT
from tracker.readers.register_xml import Block, Cell, parse

LIST: Final = "us-bis-el"
COLUMNS: Final = ("country", "entity", "license requirement", "license review policy", "federal register citation")

_APPENDIX: Final = re.compile(r"supplement no\.? 4 to part 744", re.IGNORECASE)
_AS_OF: Final = re.compile(r"/on/(\d{4}-\d\d-\d\d)/")
_SUPERSCRIPT: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LINES: Final = frozenset({"BR", "P", "DIV", "FP", "LI"})
"""Elements that begin a new line within a cell; all others stand within a sentence."""


class Printed(msgspec.Struct, frozen=True, kw_only=True):
    """The supplement as printed: its rows, how many of them begin an entry, and what is no row of the list.

    `as_of` is the day for which the eCFR says it made this copy.
    """

    rows: tuple[Block, ...]
    entries: int
    quarantined: tuple[Quarantine, ...] = ()
    as_of: str | None = None


def read_printed(raw: bytes) -> Printed:
    """Reads the table of the supplement; raises UnreadableError for what is not the Entity List of the eCFR."""
    appendix = _appendix(parse(raw))
    rows: list[Block] = []
    quarantined: list[Quarantine] = []
    entries, heading = 0, None
    tables = [element for element in appendix.iter() if _tag(element) == "TABLE"]
    if not tables:
        raise UnreadableError("Supplement No. 4 holds no table: the eCFR prints the Entity List in another way now")
    for table in tables:
        header, *body = _cells_of_rows(table) or [()]
        _check_header(header)
        for cells in body:
            block, reason = _row(cells)
            rows += [block] if block.cells else []
            heading = _country(block) or heading
            entries += reason is not None or _begins_entry(block)
            quarantined += [_quarantine(cells, heading, reason)] if reason else []
    as_of = _AS_OF.search(appendix.get("hierarchy_metadata") or "")
    return Printed(rows=tuple(rows), entries=entries, quarantined=tuple(quarantined), as_of=as_of[1] if as_of else None)


def _appendix(root: etree._Element) -> etree._Element:
    found = [one for one in root.iter("DIV9") if _APPENDIX.fullmatch(" ".join((one.get("N") or "").split()))]
    if len(found) == 1:
        return found[0]
    what = f"<{root.tag}> holds Supplement No. 4 to Part 744 {len(found)} times" if found else f"<{root.tag}> does not hold it"
    raise UnreadableError(f"this is not the Entity List of the eCFR, Supplement No. 4 to Part 744: {what}")


def _check_header(cells: Sequence[etree._Element]) -> None:
    header = tuple(normalise(" ".join(_lines(cell))) for cell in cells)
    if header != COLUMNS:
        told = " | ".join(header)[:200] or "nothing"
        raise UnreadableError(f"the table of Supplement No. 4 has other columns than are known: {told}")


def _cells_of_rows(table: etree._Element) -> list[tuple[etree._Element, ...]]:
    rows = (element for element in table.iter() if _tag(element) == "TR")
    found = (tuple(cell for cell in row if _tag(cell) in {"TD", "TH"}) for row in rows)
    return [cells for cells in found if cells]


def _row(cells: Sequence[etree._Element]) -> tuple[Block, str | None]:
    """The row, and why it cannot be taken for one of the list; its country still heads the rows below then."""
    column, read = 0, []
    for cell in cells:
        lines = tuple(_lines(cell))
        if lines:
            read.append(Cell(column=column, lines=lines, start=0, end=0))
        column += _span(cell, "colspan")
    reason = None
    columns = {cell.column for cell in read}
    if column != len(COLUMNS) or any(_span(cell, "rowspan") != 1 for cell in cells):
        reason = f"the row has {column} columns, {len(COLUMNS)} are expected" if read else None
    elif ENTITY not in columns and CITATION in columns:
        reason = "the row names no entity"
    if reason:
        read = [cell for cell in read if cell.column == COUNTRY]
    return Block(tag="ROW", text="", start=0, end=0, cells=tuple(read)), reason


def _begins_entry(row: Block) -> bool:
    """Whether a row names an entity and is neither a header nor the rest of the entry above."""
    columns = {cell.column for cell in row.cells}
    if ENTITY not in columns or not columns & {COUNTRY, REQUIREMENT, POLICY, CITATION}:
        return False
    return [normalise(" ".join(cell.lines)) for cell in row.cells][:2] != [*COLUMNS[:2]]


def _country(row: Block) -> str | None:
    return next((" ".join(cell.lines) for cell in row.cells if cell.column == COUNTRY), None)


def _quarantine(cells: Sequence[etree._Element], heading: str | None, reason: str) -> Quarantine:
    lines = _lines(cells[min(ENTITY, len(cells) - 1)])
    return Quarantine(list=LIST, reason=reason, destination=heading, name=likely_name(lines) if lines else None)


def _span(cell: etree._Element, name: str) -> int:
    given = cell.get(name) or "1"
    return int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 1


def _lines(cell: etree._Element) -> list[str]:
    """The lines of a cell, without the blanks around them."""
    lines = "".join(_pieces(cell)).split("\0") if len(cell) else [cell.text or ""]
    return [line for line in (" ".join(line.replace("\u200b", "").split()) for line in lines) if line]


def _pieces(element: etree._Element) -> Iterator[str]:
    """The text of a cell with a mark where a line ends. Footnote digits are raised, so that they fuse with nothing."""
    raised = _tag(element) in {"SU", "SUP"}
    yield _raised(element.text) if raised else element.text or ""
    for child in element:
        breaks = _tag(child) in _LINES
        yield "\0" if breaks else ""
        yield from _pieces(child) if isinstance(child.tag, str) else ()
        yield "\0" if breaks else ""
        yield child.tail or ""


def _raised(text: str | None) -> str:
    return (text or "").strip().translate(_SUPERSCRIPT)


def _tag(element: etree._Element) -> str:
    return element.tag.upper() if isinstance(element.tag, str) else ""
