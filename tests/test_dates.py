"""Dates in the reader's language; without one, as they are."""

import pytest

from tracker.dates import is_language, say

EXPECTED = {
    None: ("2019-10-09", "2019-10", "2019", "2019-04-01 to 2019-04-09", "by 2019-10-09"),
    "en": ("Oct 9, 2019", "Oct 2019", "2019", "Apr 1, 2019 – Apr 9, 2019", "… – Oct 9, 2019"),
    "fr": ("9 oct. 2019", "oct. 2019", "2019", "1 avr. 2019 – 9 avr. 2019", "… – 9 oct. 2019"),
    "de": ("09.10.2019", "Okt. 2019", "2019", "01.04.2019 – 09.04.2019", "… – 09.10.2019"),
    "es": ("9 oct 2019", "oct 2019", "2019", "1 abr 2019 – 9 abr 2019", "… – 9 oct 2019"),
    "zh": ("2019年10月9日", "2019年10月", "2019年", "2019年4月1日 – 2019年4月9日", "… – 2019年10月9日"),
}
DATES = ("2019-10-09", "2019-10", "2019", "2019-04-01/2019-04-09", "/2019-10-09")


@pytest.mark.parametrize("language", EXPECTED, ids=str)
def test_a_date_reads_as_its_reader_writes_it(language: str | None) -> None:
    assert tuple(say(date, language) for date in DATES) == EXPECTED[language]


@pytest.mark.parametrize(
    ("tag", "known"), [("fr", True), ("pt-BR", True), ("zh", True), ("klingon", False), ("", False), ("../x", False)]
)
def test_what_is_a_language(tag: str, known: bool) -> None:
    assert is_language(tag) is known
