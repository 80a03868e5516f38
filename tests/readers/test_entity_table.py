"""Rows of the Entity List's table, and the entity cell."""

import pytest

from events.documents import Check
from tracker.readers.amendments import Headings, Origin, own_citation
from tracker.readers.checks import Total, read_summary
from tracker.readers.entity_cell import (
    ANNOUNCED_TWICE,
    IN_THE_ADDRESS,
    name_end,
    number,
    read_entity,
    split_addresses,
    without_stop,
)
from tracker.readers.entity_table import Table, read_table
from tracker.readers.register_xml import clean, parse
from tracker.readers.rule_dates import read_effective, read_filing


def table(rows: str) -> Table:
    content = clean(parse(f"<RULE><GPOTABLE>{rows}</GPOTABLE></RULE>".encode()))
    return read_table([block for block in content.blocks if block.tag == "ROW"])


def row(*cells: str) -> str:
    return "<ROW>" + "".join(f"<ENT>{cell}</ENT>" for cell in cells) + "</ROW>"


def test_the_header_is_an_ordinary_row_and_stars_are_skipped() -> None:
    read = table(
        row("Country", "Entity", "License requirement", "License review policy", "Federal Register citation")
        + row("* * *")
        + row("PERU")
        + row(" ", "* * *")
        + row(" ", "A SA, Lima.", "All.", "Denial.", "96 FR 1.")
    )
    assert read.destinations == ("PERU",)
    (entry,) = read.entries
    assert (entry.destination, entry.lines, entry.requirement, entry.policy) == ("PERU", ("A SA, Lima.",), "All.", "Denial.")


def test_a_country_may_share_the_row_of_its_first_entry_and_go_on_over_a_page() -> None:
    read = table(row("PERU", "A SA.", "All.") + row("PERU—Continued") + row(" ", "B SA.", "All."))
    assert [(e.destination, e.lines) for e in read.entries] == [("PERU", ("A SA.",)), ("PERU", ("B SA.",))]


def test_a_row_with_an_entity_alone_goes_on_with_the_one_above() -> None:
    first = row(" ", "A SA, a.k.a., the following one alias:<LI>—AA.</LI>", "All.")
    read = table(row("PERU") + first + row(" ", "5 High Street,") + row(" ", "Lima."))
    assert [e.lines for e in read.entries] == [("A SA, a.k.a., the following one alias:", "—AA.", "5 High Street,", "Lima.")]


def test_footnote_digits_fuse_with_nothing() -> None:
    (entry,) = table(row("PERU", "A SA.", "See §§ 734.9(e)<SU>1</SU> and 744.11<SU>4</SU>", "Denial.")).entries
    assert (entry.requirement, entry.footnotes) == ("See §§ 734.9(e) and 744.11", ("1", "4"))


def test_seventeen_hundred_rows_take_no_time() -> None:
    read = table(row("PERU") + "".join(row(" ", f"Body {n}, Lima.", "All.", "Denial.", "96 FR 1.") for n in range(1700)))
    assert len(read.entries) == 1700


def test_lists_in_lists_are_counted_each() -> None:
    entity = read_entity(
        [
            "A, a.k.a., the following two aliases:",
            "—B, f.k.a., the following two aliases:",
            "—C; and",
            "—D.",
            "—E Co., Ltd.",
            "Lima, Peru.",
        ]
    )
    kinds = [(alias.name, alias.kind) for alias in entity.aliases]
    assert kinds == [("B", "aka"), ("C", "fka"), ("D", "fka"), ("E Co., Ltd.", "aka")]
    assert [(count.expected, count.found) for count in entity.counts] == [(2, 2), (2, 2)]
    assert (entity.addresses, entity.trouble) == (("Lima, Peru",), None)


@pytest.mark.parametrize(
    ("line", "name", "found", "addresses"),
    [
        ("A Co., Ltd., 5 High Street, Lima.", "A Co., Ltd.", "A Co., Ltd.", ("5 High Street, Lima",)),
        ("A Co., Ltd., 5 High Street, Lima.", "a Co Ltd", "A Co., Ltd.", ("5 High Street, Lima",)),
        ("A Works, Lima Branch, Lima.", "A Works, Lima Branch", "A Works, Lima Branch", ("Lima",)),
        ("A Works.", "A Works", "A Works", ()),
        ("A Co., Ltd.", "A Co., Ltd.", "A Co., Ltd.", ()),
        ("A “B”, Lima.", "A “B”", "A “B”", ("Lima",)),
        ("A (SAEN CO.), Lima.", "A (SAEN CO.)", "A (SAEN CO.)", ("Lima",)),
    ],
)
def test_the_instruction_tells_where_the_name_ends(line: str, name: str, found: str, addresses: tuple[str, ...]) -> None:
    entity = read_entity([line], name)
    assert (entity.name, entity.addresses, entity.trouble) == (found, addresses, None)


def test_a_name_ends_at_a_mark() -> None:
    assert name_end("Alpha Beta, Lima", "Alpha") is None
    assert name_end("Alpha (HK) Limited, Lima", "Alpha") is None
    assert name_end("Alpha (a.k.a. Al), Lima", "Alpha") == 5
    assert name_end("Beta", "Alpha") is None
    assert name_end("Alpha (a.k.a., Al, and Ali), Lima", "Alpha (a.k.a., Al)") is None


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["A, Lima."], "not printed apart"),
        (["A, a.k.a., the following umpteen aliases:", "—B."], "count of aliases"),
        (["A, a.k.a., the following aliases:"], "none follows"),
        (["A, a.k.a., the following two aliases: —B; and —C. Lima."], "not printed apart"),
        (["A, a.k.a., the following one alias:", "—B.", "d.b.a. C, Lima."], "where an address is expected"),
    ],
)
def test_what_is_not_understood_is_said(lines: list[str], words: str) -> None:
    entity = read_entity(lines)
    assert words in (entity.trouble or entity.doubt or "")


def test_aliases_in_brackets() -> None:
    entity = read_entity(["A (f.k.a., B OAO; and C, ZAO), Lima."], "A")
    assert [(alias.name, alias.kind) for alias in entity.aliases] == [("B OAO", "fka"), ("C, ZAO", "fka")]
    unclear = read_entity(["A (a.k.a., B, C and D), Lima."], "A")
    assert "told apart" in (unclear.doubt or "")
    assert (unclear.addresses, unclear.healed) == (("(a.k.a., B, C and D), Lima",), ())


def test_what_is_not_understood_stays_as_printed() -> None:
    lists = ["A, a.k.a., the following three aliases:", "—B, a.k.a., the following one alias:; and", "—C; and", "—D.", "Lima."]
    entity = read_entity(lists)
    assert [alias.name for alias in entity.aliases] == ["B, a.k.a., the following one alias:", "C", "D"]
    assert "not set apart" in (entity.doubt or "")
    loose = read_entity(["A, Lima.", "—B."], "A")
    assert (loose.addresses, loose.trouble) == (("Lima", "B"), None)
    assert "outside of a list" in (loose.doubt or "")


def test_words_about_aliases_before_an_address_are_kept_with_it() -> None:
    twice = read_entity(["A, a.k.a., the following one alias:", "—B.", "the following one alias: 5 High Street, Lima."])
    assert (twice.addresses, twice.doubt) == (("the following one alias: 5 High Street, Lima",), None)
    assert twice.healed == (ANNOUNCED_TWICE,)
    more = read_entity(["A, a.k.a., the following one alias:", "—B.", "the following two aliases: 5 High Street, Lima."])
    assert (more.doubt, more.healed) == ("aliases stand where an address is expected", ())
    behind = read_entity(["A, (a.k.a., B), 5 High Street, Lima."], "A")
    assert (behind.addresses, behind.doubt, behind.healed) == (("(a.k.a., B), 5 High Street, Lima",), None, (IN_THE_ADDRESS,))


def test_addresses_are_split_and_notes_dropped() -> None:
    assert split_addresses(["5 High Street, Lima; and, Box 2, Lima, U.K. (See alternate addresses under Chile and Peru.)"]) == (
        "5 High Street, Lima",
        "Box 2, Lima, U.K.",
    )


def test_small_words() -> None:
    assert [number(text) for text in ("13", "1,106", "seven", "twenty-eight", "ninety", "umpteen", "twenty-twenty")] == [
        13,
        1106,
        7,
        28,
        90,
        None,
        None,
    ]
    assert [without_stop(text) for text in ("A Works.", "A Ltd.", "A S.A.", "A")] == ["A Works", "A Ltd.", "A S.A.", "A"]
    assert Check(name="x", expected="1", found="1").passed


def test_own_citation_and_earlier_ones() -> None:
    origin = Origin(citation="96 FR 1701", published="2031-01-09")
    assert own_citation("90 FR 5, 1/2/25. 96 FR [INSERT FR PAGE NUMBER], 1/9/31.", origin) == ("96 FR 1701", ["90 FR 5, 1/2/25"])
    assert own_citation("96 FR 1703, 1/9/31.", origin) == ("96 FR 1703, 1/9/31", [])
    assert own_citation("none", origin) == (None, [])


PLACES = Headings(["CHINA, PEOPLE'S REPUBLIC OF", "UNITED ARAB EMIRATES", "RUSSIA", "TURKEY"])


@pytest.mark.parametrize(
    ("text", "totals"),
    [
        ("by adding 10 entities under 13 entries to the Entity List", [("added", 10, 13, True)]),
        ("adding twenty-eight entities to the Entity List. These twenty-eight entities", [("added", 28, 0, False)]),
        ("adding 40 entities under 42 entries and four addresses under four entries", [("added", 44, 46, True)]),
        (
            "adds two entities. This rule also revises one existing entry and removes 3 persons.",
            [("added", 2, 0, False), ("revised", 0, 1, True), ("removed", 3, 0, False)],
        ),
        ("modifying one entity. This rule modifies one entity.", [("revised", 1, 0, False)]),
        ("adding Larkspur to the Entity List", []),
    ],
)
def test_totals_of_a_summary(text: str, totals: list[tuple[str, int, int, bool]]) -> None:
    found: tuple[Total, ...] = read_summary(text, PLACES).totals
    assert [(t.change, t.entities, t.entries, t.under) for t in found] == totals


def test_destinations_of_a_summary() -> None:
    text = (
        "adding 9 entries under the destinations of the People's Republic of China (China) (3), "
        "China, People's Republic of (China) (1), the UAE (4), and the Russian Federation (Russia) (1). "
        "It removes one under the destination of Turkey (1)."
    )
    assert read_summary(text, PLACES).destinations == {
        ("added", "CHINA, PEOPLE'S REPUBLIC OF"): 4,
        ("added", "UNITED ARAB EMIRATES"): 4,
        ("added", "RUSSIA"): 1,
        ("removed", "TURKEY"): 1,
    }


@pytest.mark.parametrize(
    ("text", "day", "exceptions", "trouble"),
    [
        ("This rule is effective February 24, 2031.", "2031-02-24", {}, False),
        ("Effective date: February 24, 2031.", "2031-02-24", {}, False),
        ("This rule is effective upon publication in the Federal Register.", "2031-03-01", {}, False),
        (
            "Effective June 12, 2031, except for amendatory instructions 3 and 14, which are effective July 1, 2031.",
            "2031-06-12",
            {"3": "2031-07-01", "14": "2031-07-01"},
            False,
        ),
        ("Part A is effective May 1, 2031. Part B is effective May 2, 2031.", "2031-05-01", {}, True),
        ("", None, {}, True),
    ],
)
def test_effective_dates(text: str, day: str | None, exceptions: dict[str, str], trouble: bool) -> None:
    found = read_effective(text, "2031-03-01", None)
    assert (found.day, found.exceptions, found.trouble is not None) == (day, exceptions, trouble)


def test_a_record_fills_the_gap() -> None:
    assert read_effective("", None, "2031-05-01").day == "2031-05-01"


def test_filing_lines() -> None:
    winter = read_filing("[FR Doc. 2031–00001 Filed 1–8–31; 4:15 pm]")
    summer = read_filing("[FR Doc. C1-2031-00002 Filed 7-8-31; 8:45 am]")
    assert (winter.number, str(winter.available)) == ("2031-00001", "2031-01-08 21:15:00+00:00")
    assert (summer.number, str(summer.available)) == ("C1-2031-00002", "2031-07-08 12:45:00+00:00")
    assert read_filing("no line").number is None
    assert read_filing("[FR Doc. 2031-1 Filed 13-40-31; 8:45 am]").available is None
