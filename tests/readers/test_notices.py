"""Correction notices: what they say was wrong is not told, the body that says it neither, and the right part is."""

from pathlib import Path

import pytest

from events.statements import TieEnded
from tests.quality import sentences
from tests.quality.news import load_registers
from tracker.readers.article import read_article
from tracker.readers.base import Document

REGISTERS = load_registers()
BODIES = {
    "en": "Yale has ended its contract with Hikvision. MIT has cut its ties with Huawei.",
    "fr": "Yale a mis fin à son contrat avec Hikvision. Le MIT a rompu ses liens avec Huawei.",
    "de": "Yale hat den Vertrag mit Hikvision beendet. Das MIT hat die Zusammenarbeit mit Huawei beendet.",
    "es": "Yale ha puesto fin a su contrato con Hikvision. El MIT ha roto su acuerdo con Huawei.",
    "zh": "耶鲁大学终止了与海康威视的合同。\n\n麻省理工学院终止了与华为的合作。",
}
SAID = "Correction: An earlier version of this article said that Yale had ended its contract with Hikvision"
INDIQUAIT = "Correction : une version précédente de cet article indiquait que Yale avait rompu son contrat avec Hikvision"
STANDS = ("tie-ended", "mit", "huawei")
WRONG = ("tie-ended", "yale", "hikvision")
ARTICLES = Path(__file__).parents[1] / "data" / "articles"
NOTICES = [(path.stem[:2], line) for path in sorted(ARTICLES.glob("*-notices.lines")) for line in path.read_text().splitlines()]


def found(language: str, text: str) -> dict[tuple[str, ...], frozenset[str]]:
    return sentences.read(text, language, REGISTERS)


@pytest.mark.parametrize("language", BODIES)
def test_without_a_notice_both_are_told(language: str) -> None:
    assert set(found(language, BODIES[language])) == {STANDS, WRONG}


@pytest.mark.parametrize(("language", "notice"), NOTICES)
def test_what_a_notice_says_was_wrong_is_not_told(language: str, notice: str) -> None:
    body = BODIES[language]
    assert set(found(language, f"{body}\n\n{notice}")) == {STANDS}
    assert set(found(language, f"{notice}\n\n{body}")) == {STANDS}
    assert set(found(language, notice)) == set()


@pytest.mark.parametrize(
    ("language", "notice", "right"),
    [
        (
            "en",
            f"{SAID}; it has only suspended new funding from Hikvision.",
            {WRONG: "suspended"},
        ),
        (
            "en",
            f"{SAID}. The university is reviewing its contract with the company.",
            {("institution-responded", "yale", "hikvision"): "reviewing", ("tie-reported", "yale", "hikvision"): "other"},
        ),
        (
            "fr",
            f"{INDIQUAIT} ; en fait, l'université réexamine son contrat avec Hikvision.",
            {("institution-responded", "yale", "hikvision"): "reviewing", ("tie-reported", "yale", "hikvision"): "other"},
        ),
        (
            "fr",
            f"{INDIQUAIT} ; il court toujours.",
            {("institution-responded", "yale", "hikvision"): "continuing"},
        ),
    ],
)
def test_what_a_notice_says_is_right_is_told(language: str, notice: str, right: dict[tuple[str, ...], str]) -> None:
    told = found(language, f"{BODIES[language]}\n\n{notice}")
    assert set(told) == {STANDS, *right}
    assert all(detail in told[key] for key, detail in right.items())


@pytest.mark.parametrize(
    "notice",
    [
        "Correction: an earlier version of this article gave the number of contracts as 70. It is 68.",
        "An earlier version of this article misstated the day on which Yale ended its contract with Hikvision.",
        "Correction: an earlier version of this article misspelled the name of a spokesman.",
    ],
)
def test_a_notice_about_a_detail_leaves_the_fact(notice: str) -> None:
    assert set(found("en", f"{BODIES['en']}\n\n{notice}")) == {STANDS, WRONG}


def test_a_notice_that_confirms_tells_it() -> None:
    notice = "Contrary to what an earlier version of this article said, Yale has ended its contract with Hikvision."
    assert set(found("en", notice)) == {WRONG}


def test_the_quote_of_a_right_part_is_its_own() -> None:
    text = f"{SAID}; Yale suspended its contract with Hikvision."
    document = Document(
        source="t", kind="article", key="a", url="", rendition="text", raw=text.encode(), language="en", published="2020-01-02"
    )
    reading = read_article(document, REGISTERS)
    (statement,) = reading.statements
    assert isinstance(statement, TieEnded)
    assert reading.text[statement.evidence.start : statement.evidence.end] == "Yale suspended its contract with Hikvision."
