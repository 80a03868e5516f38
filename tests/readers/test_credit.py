"""Whom a passage credits with what it says."""

import pytest

from tests.readers.reading import plain, read


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Yale told Reuters Friday that it stopped taking money from Huawei in January.", "Reuters"),
        ("Yale told Bloomberg News on Friday that it stopped taking money from Huawei.", "Bloomberg News"),
        ("As Reuters reported on Friday, Yale stopped taking money from Huawei.", "Reuters"),
        ("Yale has ended its ties with Huawei, a spokesman told the BBC.", "the BBC"),
    ],
)
def test_a_credit_is_the_name_alone(sentence: str, source: str) -> None:
    assert [value["attributed_to"] for value in plain(read(sentence, "en"))] == [source]
