"""The cells of printed rows."""

import re
from functools import lru_cache

import msgspec
from lxml import etree  # type: ignore[import-untyped]

from tracker.readers.inline_text import fold, lines_of

_STAR_LINE = re.compile(r"\*(?:\s*\*)+")


# `gc=False`: they hold no cycles, and there are tens of thousands for the collector to look through.
class Cell(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One cell of a table row: its lines, its column (from 0) and its span in the text of the row."""

    column: int
    lines: tuple[str, ...]
    start: int
    end: int


def read_row(row: etree._Element) -> tuple[str, tuple[Cell, ...]]:
    """The text of a row, one cell a line, and those of its cells that hold text."""
    cells: list[Cell] = []
    texts: list[str] = []
    column = start = 0
    before = None
    for cell in row:
        if cell.tag != "ENT":
            continue
        if before is not None:
            column += _columns(before)
        before = cell
        lines = _starred(lines_of(cell)) if len(cell) else _plain(cell.text)
        if lines:
            text = lines[0] if len(lines) == 1 else "\n".join(lines)
            end = start + len(text)
            cells.append(Cell(column=column, lines=lines, start=start, end=end))
            texts.append(text)
            start = end + 1
    return "\n".join(texts), tuple(cells)


def _columns(cell: etree._Element) -> int:
    """How many columns a cell takes: `A` tells how many more it spans."""
    span = cell.get("A")
    return 1 + (int(span) if span and span.isascii() and span.isdigit() else 0)


@lru_cache(maxsize=2048)
def _plain(text: str | None) -> tuple[str, ...]:
    """The line of a cell without elements: asterisks, or one of a few requirements and policies, for the most part."""
    line = fold(text) if text else ""
    return _starred([line]) if line else ()


def _starred(lines: list[str]) -> tuple[str, ...]:
    """The lines; the asterisks for what is left out are written all alike."""
    return tuple([_STAR_LINE.sub("* * *", line) for line in lines] if lines and "*" in lines[0] else lines)
