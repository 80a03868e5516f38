"""The cells of printed rows.

The same rows stand in a table many times (headers, asterisks, lines left blank) and in one rule after another (an entry
that is printed again with another address below it). So a table is written as XML at once, which costs little,
and of rows that are the same XML one is read.
"""

import re
from functools import lru_cache

import msgspec
from lxml import etree  # type: ignore[import-untyped]

from tracker.readers.inline_text import fold, lines_of

_STAR_LINE = re.compile(r"\*(?:\s*\*)+")
_count_of_rows = etree.XPath("count(ROW)")


# `gc=False`: they hold no cycles, and there are tens of thousands for the collector to look through.
class Cell(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One cell of a table row: its lines, its column (from 0) and its span in the text of the row."""

    column: int
    lines: tuple[str, ...]
    start: int
    end: int


class Row(msgspec.Struct, frozen=True, gc=False):
    """The text of a row, one cell a line, and its cells."""

    text: str
    cells: tuple[Cell, ...]


_MOST_KEPT = 8192
_kept: dict[str, Row] = {}
"""Rows by their XML. What stands here follows from the XML alone, so that it never matters what was read before."""


def xml_of_rows(table: etree._Element) -> list[str]:
    """The XML of each row of a table, with what stands up to the next row, in order.

    Nothing where rows stand elsewhere than directly in the table.
    """
    pieces = etree.tostring(table, encoding="unicode", with_tail=False).split("<ROW")[1:]
    return pieces if len(pieces) == int(_count_of_rows(table)) else []


def read_row(row: etree._Element, xml: str | None) -> Row:
    """A row with those of its cells that hold text, given its XML too where that is known."""
    if xml is None:
        return _read(row)
    read = _kept.get(xml)
    if read is None:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        read = _kept[xml] = _read(row)
    return read


def _read(row: etree._Element) -> Row:
    cells: list[Cell] = []
    texts: list[str] = []
    column = start = 0
    for cell in row.iterchildren("ENT"):
        lines = _starred(lines_of(cell)) if len(cell) else _plain(cell.text)
        if lines:
            text = lines[0] if len(lines) == 1 else "\n".join(lines)
            cells.append(Cell(column=column, lines=lines, start=start, end=start + len(text)))
            texts.append(text)
            start += len(text) + 1
        # `A` tells how many more columns a cell spans.
        span = cell.get("A")
        column += 1 + (int(span) if span and span.isascii() and span.isdigit() else 0)
    return Row("\n".join(texts), tuple(cells))


@lru_cache(maxsize=2048)
def _plain(text: str | None) -> tuple[str, ...]:
    """The line of a cell without elements: asterisks, or one of a few requirements and policies, for the most part."""
    return _starred([fold(text)]) if text else ()


def _starred(lines: list[str]) -> tuple[str, ...]:
    """The lines that hold text; the asterisks for what is left out are written all alike."""
    found = [line for line in lines if line]
    return tuple([_STAR_LINE.sub("* * *", line) for line in found] if found and "*" in found[0] else found)
