"""Dates as people state them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import edtf
from events.edtf import Interval

DAYS = st.dates(date(1, 1, 2), date(9999, 12, 30))
INTERVALS = st.one_of(
    DAYS.map(lambda day: Interval(day, day)),
    st.tuples(DAYS, DAYS).map(lambda pair: Interval(min(pair), max(pair))),
    DAYS.map(lambda day: Interval(latest=day)),
    DAYS.map(lambda day: Interval(earliest=day)),
    st.just(Interval()),
)


@given(INTERVALS)
def test_what_is_written_reads_back_the_same(interval: Interval) -> None:
    assert edtf.parse(edtf.write(interval)) == interval


@pytest.mark.parametrize("text", ["2019-10-09", "2019-10", "2019", "2019-01-01/2019-10-09", "/2019-10-09", "2019-05-01/.."])
def test_the_shortest_form_is_stable(text: str) -> None:
    assert edtf.write(edtf.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("2019-05/..", date(2019, 5, 1), date.max),
        ("../2019-05", date.min, date(2019, 5, 31)),
        ("2019-05/", date(2019, 5, 1), date.max),
        ("2018/2019-02", date(2018, 1, 1), date(2019, 2, 28)),
    ],
)
def test_parts_of_a_date_are_the_days_they_cover(text: str, earliest: date, latest: date) -> None:
    assert edtf.parse(text) == Interval(earliest, latest)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2019-13", "2019-02-30", "2019-10-09T12:00:00Z", "19-10-09", "2019-10-9", "2019-10-09/2019-10-08", "0000"],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|interval"):
        edtf.parse(text)


@pytest.mark.parametrize(
    ("one", "other", "slack", "expected"),
    [
        ("2019-04-03", "2019-04-04", 0, False),
        ("2019-04-03", "2019-04-04", 1, True),
        ("2019-04-03", "2019", 0, True),
        ("/2019-04-03", "2019-04-03/..", 0, True),
    ],
)
def test_overlap_is_symmetric(one: str, other: str, slack: int, expected: bool) -> None:
    a, b = edtf.parse(one), edtf.parse(other)
    assert (a.overlaps(b, slack), b.overlaps(a, slack)) == (expected, expected)


def test_precision_and_the_day_before() -> None:
    assert edtf.parse("2019-10-09").days == 1
    assert edtf.parse("2019-01-01/2019-10-09").days == 282
    assert edtf.day_before("2020-03-01") == "2020-02-29"
