"""Rows found by name: set apart or not, begun alike, each taken once."""

from tracker.readers.entity_table import Entry
from tracker.readers.headings import Headings
from tracker.readers.table_rows import Rows

LINES = (
    "Delta Works Co., Ltd., 5 High Street.",
    "Delta, 6 High Street.",
    "Delta Works, a.k.a., the following one alias:",
    "DELTA WORKS, 7 High Street.",
    "Beta, 8 High Street.",
)


def rows() -> Rows:
    entries = [
        Entry(destination=place, lines=(line,), requirement=None, policy=None, citation="", footnotes=(), start=0, end=0)
        for place, line in [*(("CANADA", line) for line in LINES), ("IRAN", LINES[1])]
    ]
    return Rows(entries, Headings(("CANADA", "IRAN")))


def test_a_name_is_found_where_it_is_set_apart_and_where_a_row_begins_with_it() -> None:
    found = rows()
    canada, iran = "CANADA", "IRAN"
    assert found.named(canada, "Delta Works") == [2, 3], "in the order of the table; another company's longer name is none"
    assert found.named(canada, "Delta Works Co., Ltd.") == [0]
    assert found.named(canada, "Delta") == [1]
    assert found.named(iran, "Delta") == [5]
    assert found.named(canada, "Zeta") == found.named("SWEDEN", "Delta") == []


def test_a_row_that_was_taken_is_found_no_more() -> None:
    found = rows()
    found.take(2)
    assert found.named("CANADA", "Delta Works") == [3]
    assert found.each("CANADA", ["Delta", "Delta Works"]) == {"Delta Works": [3], "Delta": [1]}
