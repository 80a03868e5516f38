"""Lines that are nothing but names, below a colon: they are counted up with the listing told before."""

import pytest

from events.statements import ListingReported
from tests.readers.reading import read


def listed(text: str, language: str = "en") -> set[str | None]:
    """The parties of which a text tells that they were listed."""
    return {each.party for each in read(text, language).statements if isinstance(each, ListingReported)}


@pytest.mark.parametrize(
    ("language", "head", "rows"),
    [
        ("en", "The Commerce Department added 28 firms to the Entity List.\nThese are the best known:\n", "• Dahua\n• Hikvision"),
        ("en", "The Commerce Department added 28 firms to the Entity List.\nThe firms:\n", "1. Dahua Technology\n2. Hikvision"),
        ("zh", "美国商务部把28家机构列入实体清单。\n公司名字如下：\n", "• 大华股份;• 海康威视;"),
        ("zh", "美国商务部把28家机构列入实体清单。\n新上榜的有：\n", "大华股份、某某科技、海康威视等。"),
    ],
)
def test_a_row_below_a_colon_is_counted_up(language: str, head: str, rows: str) -> None:
    assert listed(head + rows, language) == {"dahua", "hikvision"}


@pytest.mark.parametrize(
    "rows",
    ["Dahua said it was disappointed.", "Dahua sued.", "The camera maker's shares fell, as did those of Dahua, by 5%."],
)
def test_a_sentence_below_a_colon_is_no_row(rows: str) -> None:
    assert listed("The Commerce Department added 28 firms to the Entity List.\nWhat is known:\n" + rows) == set()
