"""The Entity List as the eCFR prints it: rows to entries, and what is not understood to a person."""

import importlib
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from events.names import normalise
from events.snapshots import from_lines
from events.statements import EntityFound
from tests.readers.conftest import SHARED
from tracker.readers.base import Document, UnreadableError
from tracker.readers.ecfr import placed, read_citations, read_ecfr, read_ecfr_baseline
from tracker.readers.ecfr_names import bare_name
from tracker.registers import Registers

DATA = Path(__file__).parents[1] / "data" / "ecfr"
LIST = (DATA / "list.xml").read_bytes()


def copy(raw: bytes, published: str | None = "2031-02-03") -> Document:
    """A copy of the list as the source would deliver it."""
    return Document(source="ecfr", kind="ecfr", key="title-15", url="", rendition="xml", raw=raw, published=published)


def table(*rows: tuple[str, ...]) -> bytes:
    """A supplement of these rows, below the header that is known."""
    header = ("Country", "Entity", "License requirement", "License review policy", "Federal Register citation")
    body = "".join(f"<TR>{''.join(f'<TD>{cell}</TD>' for cell in row)}</TR>" for row in (header, *rows))
    return f'<DIV9 N="Supplement No. 4 to Part 744"><TABLE>{body}</TABLE></DIV9>'.encode()


@pytest.mark.parametrize("name", ["list", "doubtful"])
def test_a_copy_reads_as_it_lies_beside_it(name: str, registers: Registers, expected: Callable[[Path, Any], Any]) -> None:
    reading = read_ecfr(copy((DATA / f"{name}.xml").read_bytes()), registers)
    found = msgspec.json.decode(msgspec.json.encode(reading))
    found["text"] = [msgspec.json.decode(line) for line in reading.text.split("\n")]
    assert found == expected(DATA / f"{name}.json", found)


def test_the_order_of_the_source_is_no_difference(registers: Registers) -> None:
    rows = [("PERU", f"{name} SA, Lima.", "All.", "Denial.", "88 FR 1, 1/2/23.") for name in "BAC"]
    one, other = (read_ecfr(copy(table(*each)), registers) for each in (rows, rows[::-1]))
    assert one.text == other.text


def test_the_copy_itself_tells_its_day_where_the_source_does_not(registers: Registers) -> None:
    assert read_ecfr(copy(LIST, published=None), registers).published == "2031-02-03"
    assert read_ecfr(copy(LIST, published="2031-02-04"), registers).published == "2031-02-04"


def test_a_baseline_is_read_alike_and_its_lines_are_placed(registers: Registers) -> None:
    reading, plain = (read(copy(LIST), registers) for read in (read_ecfr_baseline, read_ecfr))
    assert (reading.reader, plain.reader) == ("ecfr-baseline", "ecfr")
    assert plain.statements == ()
    assert msgspec.structs.replace(reading, reader="ecfr", statements=()) == plain
    for statement, entry in zip(reading.statements, from_lines(reading.text), strict=True):
        assert isinstance(statement, EntityFound)
        assert (statement.name, (statement.destination,)) == (entry.name, entry.destinations)
        assert (statement.aliases, statement.citations) == (entry.aliases, entry.citations)
        assert from_lines(reading.text[statement.evidence.start : statement.evidence.end]) == (entry,)
    entries = from_lines(reading.text)
    for one in placed(entries[::-1]):
        assert from_lines(reading.text[one.start : one.end]) == (one.entry,)
    assert [one.entry for one in placed(entries)] == list(entries)
    assert placed(()) == ()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "HTML page"),
        (b'{"error": "no"}', "not XML"),
        (LIST[: len(LIST) // 2], "damaged or cut off"),
        (b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><DIV9>&b;</DIV9>', "entities"),
        (b"<RULE><SUBJECT>Entity List</SUBJECT></RULE>", "<RULE> does not hold it"),
        (LIST.replace(b"Supplement No. 4", b"Supplement No. 7"), "<DIV9> does not hold it"),
        (b"<DIV5>" + 2 * table() + b"</DIV5>", "2 times"),
        (b'<DIV9 N="Supplement No. 4 to Part 744"><P>Reserved</P></DIV9>', "no table"),
        (LIST.replace(b"TABLE", b"SECTION"), "no table"),
        (LIST.replace(b">Entity</TH>", b">Name</TH>"), "other columns than are known: country | name | license requirement"),
        (LIST.replace(b"<TH ", b"<TH>Number</TH><TH ", 1), "other columns"),
        (b'<DIV9 N="Supplement No. 4 to Part 744"><TABLE/></DIV9>', "other columns than are known: nothing"),
        (table(), "no entries"),
        (LIST.replace(b'"row"/>', b'"row"/><TD/>'), "rows of Supplement No. 4 cannot be read"),
        (LIST.replace(b'<TD align="left" class="gpotbl_cell" scope="row"/>', b""), "4 columns, 5 are expected"),
    ],
)
def test_what_is_no_copy_of_the_list_is_told_in_one_line(raw: bytes, words: str, registers: Registers) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_ecfr(copy(raw), registers)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_row_that_cannot_be_placed_waits_by_its_name(registers: Registers) -> None:
    good = [("PERU", f"A{number} SA, Lima.", "All.", "Denial.", "88 FR 1, 1/2/23.") for number in range(40)]
    odd = [
        ("", "", "All.", "Denial.", "88 FR 1, 1/2/23."),
        ("", "B SA, Lima.", "All."),
        ("", "C SA,\u200b a.k.a., the following twelvish aliases:<br/>—D.", "All.", "", ""),
    ]
    reading = read_ecfr(copy(table(*good, *odd)), registers)
    assert len(from_lines(reading.text)) == 40
    assert [(check.expected, check.found) for check in reading.checks] == [("43", "40")]
    assert {one.destination for one in reading.quarantined} == {"PERU"}
    assert [(one.name, one.reason) for one in reading.quarantined] == [
        (None, "the row names no entity"),
        ("B SA", "the row has 3 columns, 5 are expected"),
        ("C SA", "the count of aliases is not understood: 'twelvish'"),
    ]
    first = read_ecfr(copy(table(("", "Z SA, Lima.", "All.", "Denial.", "88 FR 1."), *good)), registers)
    assert [one.reason for one in first.quarantined] == ["the row stands under no destination"]


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("84 FR 54004, 10/9/19.", [("84 FR 54004", "2019-10-09")]),
        ("78 FR 75463 12/12/13", [("78 FR 75463", "2013-12-12")]),
        ("84 FR 54004,10/9/19", [("84 FR 54004", "2019-10-09")]),
        ("84 F.R. 54,004; 10/9/2019", [("84 FR 54004", "2019-10-09")]),
        ("86 FR 67319", [("86 FR 67319", None)]),
        ("62 FR 35334, 6/30/97 66 FR 24267, 5/14/01", [("62 FR 35334", "1997-06-30"), ("66 FR 24267", "2001-05-14")]),
        ("84 FR 29373, 6/24/19, and 87 FR 38925, 6/30/22;", [("84 FR 29373", "2019-06-24"), ("87 FR 38925", "2022-06-30")]),
        ("63 FR 64322, 03/17/00.", [("63 FR 64322", "2000-03-17")]),
        ("84 FR 54004, Oct. 9, 2019.", [("84 FR 54004", "2019-10-09")]),
    ],
)
def test_citations_come_in_many_shapes(printed: str, found: list[tuple[str, str | None]]) -> None:
    cited, odd = read_citations(printed)
    assert [(one.citation, one.published) for one in cited] == found
    assert odd is None


@pytest.mark.parametrize("printed", ["", "the rule of May", "84 FR 54004, 13/9/19.", "84 FR 54004, 10/9/19 (corrected)."])
def test_a_citation_that_is_not_understood_says_so(printed: str) -> None:
    assert (read_citations(printed)[1] or "").startswith("the citation is not understood: ")


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Heron Bank, 5 High Street, Lima, Peru.", "Heron Bank"),
        ("Heron Optics Co., Ltd., 5 High Street, Lima.", "Heron Optics Co., Ltd."),
        ("Heron Optics Co., Ltd. (Gulf), Shop 9, Dubai.", "Heron Optics Co., Ltd. (Gulf)"),
        ("Heron Optics Co., Ltd (Gulf) (a.k.a. HO), Dubai.", "Heron Optics Co., Ltd (Gulf)"),
        ("Heron Group, Limited (HG) 5th Test Center, No. 3, Lima.", "Heron Group, Limited (HG) 5th Test Center"),
        ("Heron Yards (HY, LLC), Dubai.", "Heron Yards (HY, LLC)"),
        ("Heron Academy, Institute of Rivers, 5 High Street, Lima.", "Heron Academy, Institute of Rivers"),
        ("Heron Corporation, Joint Stock Company “Tern”, Omsk.", "Heron Corporation, Joint Stock Company “Tern”"),
        ("Institute of Physical, Marine and Radio Works, Omsk, Russia.", "Institute of Physical, Marine and Radio Works"),
        ("Ann Heron, Institute of Rivers, Lima, Peru.", "Ann Heron"),
        ("Ministry of Rivers, including all its Institutes, Lima.", "Ministry of Rivers"),
        ("Heron Academy, Institute Road, Lima.", "Heron Academy"),
        ("Heron Oil (a.k.a. Heron, Address: 5 High Street, Lima.", "Heron Oil (a.k.a. Heron"),
        ("Heron Oil (a.k.a. Heron), Lima.", "Heron Oil"),
        ("Heron Institute" + ", Department of Rivers" * 2000 + ", Lima", None),
    ],
)
def test_a_name_that_nothing_sets_apart_ends_where_the_address_begins(printed: str, name: str | None) -> None:
    found = bare_name([printed])
    assert found == name or (name is None and found is not None and len(found) < 300)


def test_a_long_list_takes_no_time(registers: Registers) -> None:
    rows = [
        (
            "PERU",
            f"Heron {number} SA, a.k.a., the following one alias:<br/>—H{number}.<br/>Lima.",
            "All.",
            "Denial.",
            "88 FR 1, 1/2/23.",
        )
        for number in range(3500)
    ]
    begin = time.perf_counter()
    assert len(from_lines(read_ecfr(copy(table(*rows)), registers).text)) == 3500
    assert time.perf_counter() - begin < 10


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "day"), [(1, "2017-06-01"), (2, "2019-10-09"), (3, "2026-07-01")])
def test_the_world_s_list_is_read_as_it_is(seed: int, day: str, registers: Registers) -> None:
    folder = SHARED / "world"
    if not folder.is_dir():
        pytest.skip("the simulated world is not beside this checkout")
    sys.path.insert(0, str(folder))
    try:
        model, ecfr, truth = (importlib.import_module(f"simworld.{name}") for name in ("model", "ecfr", "truth"))
    finally:
        sys.path.remove(str(folder))
    world = model.World(seed)
    service, today = ecfr.Ecfr(world), date(2026, 7, 20)
    raw = service.full(date.fromisoformat(day), today, "744", ecfr.APP)
    reading = read_ecfr(copy(raw), registers)
    true = truth.on(world, date.fromisoformat(day), service.current(today))["entries"]
    ours = Counter((normalise(one.destinations[0]), normalise(one.name)) for one in from_lines(reading.text))
    wanted = Counter((normalise(one["heading"]), normalise(one["name"])) for one in true if "k.a." not in one["name"])
    # The names that hold "a.k.a." in brackets are slips of the world's own data: the aliases are read as such.
    assert not wanted - ours
    assert sum(ours.values()) == len(true)
    cited = Counter(f"{one.citation}, {one.published}" for entry in from_lines(reading.text) for one in entry.citations)
    assert cited == Counter(citation for entry in true for citation in entry["citations"])
    assert all(check.passed for check in reading.checks)
