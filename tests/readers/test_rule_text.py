"""Filings for public inspection: what plain text tells before a rule is published."""

from typing import Any

import msgspec
import pytest

from tests.readers.conftest import RULES, plain, rule
from tracker.readers.base import Reading, UnreadableError
from tracker.readers.rule import read_rule
from tracker.registers import Registers

RECORD = {
    "document_number": "2031-00001", "publication_date": "2031-01-09", "filed_at": "2031-01-07T16:15:00.000-05:00",
    "title": "Additions to the Entity List; Removals", "type": "Rule", "editorial_note": None,
}  # fmt: skip
FILING = (RULES / "filing.txt").read_bytes()


def filed(registers: Registers, raw: bytes = FILING, **record: Any) -> Reading:
    return read_rule(rule(raw, {**RECORD, **record}, rendition="inspection"), registers)


def test_a_filing_beside_its_reading(registers: Registers, expected: Any) -> None:
    found = plain(filed(registers))
    assert found == expected(RULES / "filing.json", found)


def test_a_filing_that_is_withdrawn_states_nothing(registers: Registers) -> None:
    note = "The agency has requested that this document be withdrawn from publication."
    reading = filed(registers, editorial_note=note)
    assert (reading.statements, reading.quarantined) == ((), ())
    assert [check.name for check in reading.checks] == ["withdrawn before publication"]


@pytest.mark.parametrize(("title", "waits"), [("Additions to the Entity List", 1), ("Civil Penalties", 0)])
def test_a_filing_without_its_text_waits_where_it_may_matter(registers: Registers, title: str, waits: int) -> None:
    reading = filed(registers, msgspec.json.encode(RECORD), title=title)
    assert reading.statements == ()
    assert len(reading.quarantined) == waits
    assert reading.text.startswith(title)


def test_a_filing_about_something_else_says_nothing(registers: Registers) -> None:
    reading = filed(registers, b"ACTION: Final rule.\n\nPart 745 is amended as follows:\n\n1. A.", title="Chemical weapons")
    assert (reading.statements, reading.quarantined) == ((), ())


def test_a_filing_whose_instructions_are_not_understood_waits(registers: Registers) -> None:
    text = b"ACTION: Final rule.\n\n2. Supplement No. 4 to part 744 is amended:\n\na. Under IRAN, by adding one entity."
    reading = filed(registers, text)
    assert [part.reason[:10] for part in reading.quarantined] == ["it is on f"]


@pytest.mark.parametrize("raw", [b"  ", b"<html><body>Sign in</body></html>"])
def test_what_is_no_text_is_unreadable(registers: Registers, raw: bytes) -> None:
    with pytest.raises(UnreadableError):
        filed(registers, raw)
