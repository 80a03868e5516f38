"""Days of publication that were gone over: joined where they touch, and since when there is no gap."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tracker.gone_over import joined, without_gap

DAYS = st.integers(1, 60).map(lambda day: date.fromordinal(day))
SPANS = st.lists(st.tuples(DAYS, DAYS).map(lambda pair: (min(pair), max(pair))))


def days_of(spans: object) -> set[int]:
    return {day for first, last in spans for day in range(first.toordinal(), last.toordinal() + 1)}  # type: ignore[attr-defined]


@given(SPANS)
def test_joined_spans_are_the_same_days_with_gaps_between_them(spans: list[tuple[date, date]]) -> None:
    found = joined(spans)
    assert days_of(found) == days_of(spans)
    assert all(after[0].toordinal() - before[1].toordinal() > 1 for before, after in pairwise(found))


@given(SPANS)
def test_there_is_no_gap_since_that_day(spans: list[tuple[date, date]]) -> None:
    since, days = without_gap(spans), days_of(spans)
    if since is None:
        assert not spans
        return
    assert set(range(since.toordinal(), max(days) + 1)) <= days
    assert since.toordinal() - 1 not in days
