"""Printed slips and moves: what is healed, what is joined, and what still waits for a person."""

from html import escape

import pytest

from events.documents import Check
from events.listings import settle_list
from events.said import Said
from events.statements import EntityAdded, EntityRemoved, EntityRevised, Statement
from tests.builders import added, instant, removed, revised
from tests.readers.conftest import rule
from tracker.readers.base import Reading
from tracker.readers.entity_cell import ANNOUNCED_TWICE, IN_THE_ADDRESS
from tracker.readers.rule import read_rule
from tracker.readers.slips import LOST_MARK, MISSING_VERB, SLIPS
from tracker.registers import Registers

RECORD = {"citation": "96 FR 1701", "publication_date": "2031-01-09", "effective_on": "2031-01-09"}
OWN, OLD = "96 FR 1702, 1/9/31.", "90 FR 100, 1/2/25. 96 FR 1702, 1/9/31."
START = "2. Supplement No. 4 to part 744 is amended:"


def row(entity: str, citation: str = OWN) -> str:
    cells = f"<ENT>For all items subject to the EAR.</ENT><ENT>Presumption of denial.</ENT><ENT>{citation}</ENT>"
    return f"<ROW><ENT> </ENT><ENT>{escape(entity)}</ENT>{cells}</ROW>"


def under(heading: str, *rows: str) -> str:
    return f"<ROW><ENT>{heading}</ENT></ROW>{''.join(rows)}"


def read(registers: Registers, instructions: list[str], *tables: str, summary: str = "", preamble: str = "") -> Reading:
    paragraphs = "".join(f"<AMDPAR>{escape(text)}</AMDPAR>" for text in (START, *instructions))
    raw = (
        f"<RULE><SUM><P>{summary}</P></SUM><P>{preamble}</P><REGTEXT TITLE='15' PART='744'>{paragraphs}"
        f"<GPOTABLE>{''.join(tables)}</GPOTABLE></REGTEXT></RULE>"
    )
    return read_rule(rule(raw.encode(), RECORD), registers)


def stated(reading: Reading) -> list[tuple[str, str]]:
    return [(s.topic(), s.name) for s in reading.statements if isinstance(s, EntityAdded | EntityRevised | EntityRemoved)]


def healed(reading: Reading) -> list[tuple[str, str | None]]:
    return [(check.found, check.where) for check in reading.checks if check.name == "healed" and check.passed]


def waiting(reading: Reading) -> list[tuple[str | None, str]]:
    return [(q.name, q.reason) for q in reading.quarantined]


def test_every_rule_that_heals_says_what_makes_it_safe() -> None:
    assert set(SLIPS) == {MISSING_VERB, LOST_MARK, ANNOUNCED_TWICE, IN_THE_ADDRESS}
    assert all(SLIPS.values())


def test_a_missing_verb_is_adding_where_every_name_has_one_new_row(registers: Registers) -> None:
    text = "a. Under PERU, in alphabetical order, entries for “A Works”; and “A Works, Lima Branch”."
    reading = read(registers, [text], under("PERU", row("A Works, Lima."), row("A Works, Lima Branch, Lima.")))
    assert stated(reading) == [("entity-added", "A Works"), ("entity-added", "A Works, Lima Branch")]
    assert healed(reading) == [(MISSING_VERB, "A Works"), (MISSING_VERB, "A Works, Lima Branch")]
    assert not reading.quarantined


@pytest.mark.parametrize(
    "rows",
    [
        [row("A Works, Lima.", OLD), row("B Works, Lima.")],
        [row("A Works, Lima.")],
        [row("A Works, Lima."), row("B Works, Lima."), row("B Works, Cusco.")],
    ],
    ids=["a row cites an earlier rule", "a name has no row", "a name has two rows"],
)
def test_a_missing_verb_is_not_guessed(rows: list[str], registers: Registers) -> None:
    reading = read(registers, ["a. Under PERU, entries for “A Works”; and “B Works”."], under("PERU", *rows))
    assert not reading.statements
    assert {reason for _, reason in waiting(reading)} >= {"the instruction has no verb"} or reading.quarantined


def test_a_lost_mark_is_healed_where_one_row_bears_the_name(registers: Registers) -> None:
    text = "a. Under PERU, by adding entries for “A Works”; Institute for B”; “C “Sol” Works”; and “D “Luna” Works”."
    rows = [row(f"{name}, Lima.") for name in ("A Works", "Institute for B", "C “Sol” Works", "D “Luna” Works")]
    reading = read(registers, [text], under("PERU", *rows))
    assert len(reading.statements) == 4
    assert healed(reading) == [(LOST_MARK, "Institute for B")]
    unbalanced = read(registers, ["a. Under PERU, by adding entries for “A “Sol”; and “B Works”."], under(
        "PERU", row("A “Sol”, Lima."), row("B Works, Lima."),
    ))  # fmt: skip
    assert healed(unbalanced) == [(LOST_MARK, "A “Sol”")]
    elsewhere = read(
        registers, ["a. Under PERU, by adding entries for “A Works”; B Works”."], under("PERU", row("A Works, Lima."))
    )
    assert waiting(elsewhere) == [("B Works", "a quotation mark is missing around this name")]


def test_a_lost_mark_of_a_removal_is_healed_between_its_neighbours(registers: Registers) -> None:
    between = read(registers, ["a. Under PERU, by removing the entries for “A Works”; B Works”; and “C Works”."])
    assert stated(between) == [("entity-removed", name) for name in ("A Works", "B Works", "C Works")]
    assert healed(between) == [(LOST_MARK, "B Works")]
    first = read(registers, ["a. Under PERU, by removing the entries for A Works”; and “C Works”."])
    assert waiting(first) == [("A Works", "a quotation mark is missing around this name")]


HONG_KONG = [
    "a. Under CHINA, PEOPLE'S REPUBLIC OF, by adding in alphabetical order, entries for “A Works”; and “B Works”; and",
    "b. By removing the heading HONG KONG under the Country column and all the entries under that heading.",
]
MOVED = under("CHINA, PEOPLE'S REPUBLIC OF", row("A Works, Kowloon.", OLD), row("B Works, Kowloon.", OLD))


def test_a_heading_that_goes_takes_its_entries_along(registers: Registers) -> None:
    summary = "The two entries on the Entity List under Hong Kong are moved to the destination of China."
    reading = read(registers, HONG_KONG, MOVED, summary=summary)
    assert not reading.quarantined
    moves = [s for s in reading.statements if isinstance(s, EntityRevised)]
    assert [(s.destination, s.name, s.new_destination, s.new_country) for s in moves] == [
        ("HONG KONG", name, "CHINA, PEOPLE'S REPUBLIC OF", "CN") for name in ("A Works", "B Works")
    ]
    assert (
        Check(name="entries moved by destination", where="CHINA, PEOPLE'S REPUBLIC OF", expected="2", found="2") in reading.checks
    )


def test_entries_of_a_heading_that_are_not_told_still_wait(registers: Registers) -> None:
    silent = read(registers, HONG_KONG, MOVED)
    assert (len(silent.statements), [q.destination for q in silent.quarantined]) == (2, ["HONG KONG"])
    three = read(registers, HONG_KONG, MOVED, summary="The three entries under Hong Kong are moved to China.")
    assert [q.reason for q in three.quarantined] == [
        "all entries under the heading are removed, and their names are not given",
        "entries moved by destination: the rule states 3, the reading has 2",
    ]


def test_an_entry_removed_here_and_printed_there_with_its_past_is_moved(registers: Registers) -> None:
    texts = ["a. Under PERU, by removing the entry for “A Works”; and", "b. Under CHILE, by adding an entry for “A Works”."]
    moved = read(
        registers, texts, under("CHILE", row("A Works, Arica.", OLD)), summary="It adds one entity and removes one entity."
    )
    (statement,) = moved.statements
    assert isinstance(statement, EntityRevised)
    assert (statement.destination, statement.new_destination) == ("PERU", "CHILE")
    assert all(check.passed for check in moved.checks)
    anew = read(registers, texts, under("CHILE", row("A Works, Arica.")))
    assert stated(anew) == [("entity-removed", "A Works"), ("entity-added", "A Works")]
    nowhere = read(registers, texts[1:], under("CHILE", row("A Works, Arica.", OLD)))
    assert "moved or listed before, not new" in nowhere.quarantined[0].reason


def test_the_preamble_tells_where_a_counted_name_ends(registers: Registers) -> None:
    text = "a. By revising under Peru, in alphabetical order, two entities;"
    rows = under("PERU", row("A Works, Lima.", OLD), row("B Works, Branch, Lima.", OLD))
    preamble = (
        "This rule modifies the entry for A Works by changing its addresses, and the entry for B Works, Branch by adding one."
    )
    assert stated(read(registers, [text], rows, preamble=preamble)) == [
        ("entity-revised", "A Works"),
        ("entity-revised", "B Works, Branch"),
    ]
    assert len(read(registers, [text], rows).quarantined) == 2


def test_a_wrong_total_that_its_own_summary_contradicts_leaves_the_rows_alone(registers: Registers) -> None:
    text = "a. Under PERU, by adding entries for “A Works” and “B Works”."
    rows = under("PERU", row("A Works, Lima."), row("B Works, Lima."))
    wrong = read(registers, [text], rows, summary="It adds three entities under the destination of Peru (2).")
    assert len(wrong.statements) == 2
    assert waiting(wrong) == [(None, "total added: the rule states 3 entities, the reading has 2 entities")]
    bare = read(registers, [text], rows, summary="It adds three entities.")
    assert ({one.standing for one in bare.statements}, len(bare.quarantined)) == ({"proposed"}, 2)
    lost = read(registers, [text], rows, summary="It adds three entities under the destinations of Peru (2) and Chile (1).")
    assert (len(lost.statements), [q.destination for q in lost.quarantined]) == (2, ["CHILE"])


def test_an_instruction_that_miscounts_what_summary_and_table_agree_on(registers: Registers) -> None:
    text = "a. By adding under Peru, in alphabetical order, one entity;"
    rows = under("PERU", row("A Works, a.k.a., the following one alias:<LI/>", OWN), row("B Works, Lima."))
    rows = rows.replace("&lt;LI/&gt;", "<LI>—AW.</LI>")
    preamble = "The entry for B Works, under the destination of Peru."
    agreed = read(registers, [text], rows, summary="It adds two entities under the destination of Peru (2).", preamble=preamble)
    assert stated(agreed) == [("entity-added", "A Works"), ("entity-added", "B Works")]
    assert waiting(agreed) == [(None, "1 counted in the instructions, 2 such rows in the table")]
    assert {one.standing for one in read(registers, [text], rows, preamble=preamble).statements} == {"proposed"}


def said(*statements: Statement) -> list[Said]:
    return [
        Said(statement=statement, document=f"rule-{place}", available=instant("2031-01-01"), published="2031-01-01")
        for place, statement in enumerate(statements)
    ]


def test_entries_of_one_name_are_told_apart_by_their_addresses() -> None:
    one, other = added("A", claim="one", addresses=("Lima",)), added("A", claim="other", addresses=("Cusco", "Arica"))
    moved = revised("A", "2031-02-01", addresses=("Arica",), license_requirement="Some")
    settled = settle_list(said(one, other, moved))
    assert [listing.last.license_requirement for listing in settled.listings] == [None, "Some"]
    silent = settle_list(said(one, other, removed("A", "2031-02-01")))
    assert [unmatched.change for unmatched in silent.unmatched] == ["removed"]


def test_an_entry_may_take_a_name_that_another_one_bears(registers: Registers) -> None:
    texts = [
        "a. By revising under Peru, the entry for “The A Works” to read “A Works”;",
        "b. By revising under Peru, one entity;",
    ]
    reading = read(registers, texts, under("PERU", row("A Works, Lima.", OLD), row("A Works.", OLD)))
    assert not reading.quarantined
    first, *rows = reading.statements
    assert isinstance(first, EntityRevised)
    assert (first.name, first.new_name, first.addresses) == ("The A Works", "A Works", None)
    assert [row.addresses for row in rows if isinstance(row, EntityRevised)] == [("Lima",), ()]
