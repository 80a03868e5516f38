"""Whose own words a text is."""

import pytest

from tests.pdfs import column, pdf
from tests.quality.news import load_registers
from tracker.readers.article import read_article
from tracker.readers.base import Document

REGISTERS = load_registers()
TEXT = "MIT takes no new money from Huawei. Yale has ended its ties with Huawei, and Huawei said that it regrets the decision."


def standings(text: str, outlet: str | None, raw: bytes | None = None) -> dict[tuple[str, str | None], str]:
    document = Document(
        source="t",
        kind="article",
        key="a",
        url="https://news.example/a",
        rendition="pdf" if raw else "text",
        raw=raw or text.encode(),
        language="en",
        published="2019-04-04",
        outlet=outlet,
    )
    found = read_article(document, REGISTERS).statements
    return {(each.topic(), getattr(each, "institution", None) or getattr(each, "party", None)): each.standing for each in found}


@pytest.mark.parametrize(
    "outlet", ["Massachusetts Institute of Technology", "MIT News", "The Massachusetts Institute of Technology"]
)
def test_what_a_body_publishes_of_itself_is_first_hand(outlet: str) -> None:
    found = standings(TEXT, outlet)
    assert found["tie-ended", "mit"] == "first-hand"
    assert found["tie-ended", "yale"] == "reported", "what it says of others is not"


def test_a_party_speaks_for_itself_on_its_own_pages() -> None:
    found = standings(TEXT, "Huawei")
    assert found["entity-responded", "huawei"] == "first-hand"
    assert found["tie-ended", "mit"] == "reported", "an end is the institution's to tell"


@pytest.mark.parametrize("outlet", [None, "MIT Technology Review", "The Yale Daily News", "Reuters"])
def test_a_newspaper_reports(outlet: str | None) -> None:
    assert set(standings(TEXT, outlet).values()) == {"reported"}


def test_what_its_own_page_credits_to_others_is_reported() -> None:
    assert set(standings("MIT has ended its ties with Huawei, Reuters reported.", "MIT News").values()) == {"reported"}


def test_a_letter_has_a_letterhead() -> None:
    words = "\n\nTo all members of the faculty\n\nMIT is not accepting new engagements or renewing\nexisting ones with Huawei."
    letter = pdf(column("Massachusetts Institute of Technology" + words))
    assert standings("", None, letter) == {("tie-ended", "mit"): "first-hand"}
    assert standings("", None, pdf(column("MIT breaks with Huawei" + words))) == {("tie-ended", "mit"): "reported"}
