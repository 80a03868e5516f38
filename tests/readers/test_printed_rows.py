"""Rows of printed tables: their cells with their columns and places, and their blocks in the clean text."""

import pytest
from lxml import etree  # type: ignore[import-untyped]

from tracker.readers.printed_rows import read_row
from tracker.readers.register_xml import clean, parse

ENTITY = "<ENT>Acme,\n   <LI>—Beta; <E T='03'>and</E></LI><LI>—Café<SU>1</SU>.</LI></ENT>"
ROWS = [
    f"<ROW RUL='s'><ENT I='22'> </ENT>{ENTITY}<ENT>a &amp; b &lt;c></ENT></ROW>",
    "<ROW><ENT A='03'>PERU</ENT><ENT/><ENT>denial</ENT></ROW>",
    "<ROW/>",
    "<ROW><ENT>* * *   *</ENT><PRTPAGE P='1234'/><ENT>x<ENT>y</ENT></ENT></ROW>loose",
]


def table(*rows: str) -> etree._Element:
    return parse(f"<GPOTABLE><BOXHD><CHED>Entity</CHED></BOXHD>\n  {''.join(rows)}</GPOTABLE>".encode())


def test_cells_have_their_column_and_their_place_in_the_row() -> None:
    text, cells = read_row(table(ROWS[0]).find("ROW"))
    assert [cell.lines for cell in cells] == [("Acme,", "—Beta; and", "—Café¹."), ("a & b <c>",)]
    assert [text[cell.start : cell.end] for cell in cells] == ["\n".join(cell.lines) for cell in cells]
    assert [cell.column for cell in read_row(table(ROWS[1]).find("ROW"))[1]] == [0, 5]


@pytest.mark.parametrize("around", ["<ROW>{}</ROW>", "<X>{}</X>", "<E>{}</E>", "<ROWS/>{}"])
def test_rows_are_read_in_order_whatever_stands_around_the_next(around: str) -> None:
    content = clean(table(ROWS[1], around.format(ROWS[0])))
    assert [block.text for block in content.rows][:1] == ["PERU\ndenial"]


def test_blocks_lie_where_the_text_has_them() -> None:
    content = clean(table(*ROWS))
    assert [content.text[block.start : block.end] for block in content.blocks] == [block.text for block in content.blocks]
    assert sorted([*content.rows, *content.paragraphs], key=lambda block: block.start) == list(content.blocks)


def test_sections_of_the_preamble_keep_the_rows_of_their_tables() -> None:
    content = clean(parse(f"<RULE><SUM>One.<GPOTABLE>{ROWS[1]}</GPOTABLE></SUM><DATES>Two.</DATES><P>Three.</P></RULE>".encode()))
    assert [block.text for block in content.within("SUM")] == ["One.", "PERU\ndenial"]
    assert [block.text for block in content.within("SUM", "DATES")] == ["One.", "PERU\ndenial", "Two."]
