"""Which document a correction corrects: by its text, the source's record, or its own number."""

import pytest

from events.statements import EntityCorrected
from tests.readers.conftest import RULES, rule
from tracker.readers.rule import read_rule
from tracker.registers import Registers

WORDS = (RULES / "words_corrected.xml").read_bytes()
UNTOLD = WORDS.replace("In rule document 2030–12345, appearing".encode(), b"In a rule appearing")


@pytest.mark.parametrize(
    ("raw", "record", "expected"),
    [
        (WORDS, {}, "2030-12345"),
        (UNTOLD, {"correction_of": "https://www.example.org/api/v1/documents/2030-54321"}, "2030-54321"),
        (UNTOLD, {"correction_of": None}, "2030-12345"),
        (UNTOLD.replace(b"C1-2030-12345", b"2031-00002"), {}, None),
    ],
    ids=["its text", "the record", "its own number", "nothing tells"],
)
def test_the_document_that_is_corrected(
    registers: Registers, raw: bytes, record: dict[str, str | None], expected: str | None
) -> None:
    reading = read_rule(rule(raw, {"publication_date": "2031-01-09", **record}), registers)
    assert {getattr(one, "corrects", None) for one in reading.statements} == ({expected} if expected else set())
    if expected is None:
        assert "which document is corrected is not told" in reading.quarantined[0].reason


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        ("6 Dock, Lima (See alternate address under CHILE).", ("5 Dock, Lima.", "6 Dock, Lima.")),
        ("5 Dock, Lima (See alternate address under CUBA).", None),
    ],
)
def test_notes_to_other_addresses_are_no_part_of_the_words(
    registers: Registers, right: str, expected: tuple[str, str] | None
) -> None:
    wrong = "5 Dock, Lima (See alternate address under CHILE)."
    words = f"“{wrong}” should read “{right}”"
    text = f"On page 9, in the table, under PERU, in the entry for “A Works”, {words}."
    start = WORDS.index(b"<AMDPAR>")
    raw = WORDS[:start] + f"<AMDPAR>{text}</AMDPAR>".encode() + WORDS[WORDS.rindex(b"</AMDPAR>") + len(b"</AMDPAR>") :]
    reading = read_rule(rule(raw, {"publication_date": "2031-01-09"}), registers)
    (one,) = [statement for statement in reading.statements if isinstance(statement, EntityCorrected)]
    assert (one.wrong, one.right) == (expected or (wrong, right))
