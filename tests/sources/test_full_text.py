"""What the Federal Register gives as the text of a document, and what only looks like it."""

import pytest

from tests.sources.test_federal_register import LOGIN, TEXT, XML
from tracker.sources.full_text import heal_number, is_raw_text, xml_fault


@pytest.mark.parametrize("printed", ["2024\u201302805", " 2024-02805", "2024\u221202805"])
def test_dashes_in_numbers_are_healed(printed: str) -> None:
    assert heal_number(printed) == "2024-02805"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (XML, None),
        (b'<?xml version="1.0"?>\n' + XML, None),
        (b"<RULE>", "malformed"),
        (b" ", "other"),
        (LOGIN.encode(), "other"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><RULE>&a;</RULE>', "other"),
        (b"<rss/>", "other"),
    ],
)
def test_what_is_taken_for_the_xml_of_a_document(body: bytes, kind: str | None) -> None:
    assert xml_fault(body)[0] == kind


@pytest.mark.parametrize(
    ("body", "good"), [(TEXT, True), (b"plain words", True), (b"", False), (LOGIN.encode(), False), (b"<rss/>", False)]
)
def test_what_is_taken_for_raw_text(body: bytes, good: bool) -> None:
    assert is_raw_text(body) is good
