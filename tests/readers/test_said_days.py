"""A response of which the text gives no day goes by the day on which the text tells that the institution spoke."""

import pytest

from events.statements import InstitutionResponded
from tests.quality.news import load_registers
from tracker.readers.article import read_text
from tracker.readers.dates import publication

REGISTERS = load_registers()


def dates(text: str, language: str) -> list[str | None]:
    found = read_text(text, REGISTERS.lexicons[language], REGISTERS, publication("2019-06-14"))
    return [each.date for each in found if isinstance(each, InstitutionResponded)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Surrey keeps its lab with Huawei. The university made the case in a note; Surrey said on Tuesday.", "en", "2019-06-11"),
        ("Yale is reviewing its ties with Huawei. The dean of Yale told students on Wednesday.", "en", "2019-06-12"),
        (
            "Die TU Wien setzt die Kooperation mit Huawei fort. Das teilte die Hochschule am Mittwoch mit.",
            "de",
            "2019-06-12",
        ),
        (
            "Das sagte die Universität Surrey am Dienstag. Alles bleibt. Surrey setzt das Labor mit Huawei fort.",
            "de",
            "2019-06-11",
        ),
    ],
)
def test_the_day_of_saying_dates_a_response(text: str, language: str, expected: str) -> None:
    assert dates(text, language) == [expected]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Surrey keeps its lab with Huawei. Senator Rubio said on Tuesday that this was wrong.", "en"),
        ("Surrey keeps its lab with Huawei. Yale said on Tuesday that it had none.", "en"),
        ("Surrey keeps its lab with Huawei. Surrey said on May 2 that it likes walks.", "en"),
    ],
)
def test_the_day_on_which_others_spoke_or_long_ago_does_not(text: str, language: str) -> None:
    assert dates(text, language) == ["2019-06-14"]
