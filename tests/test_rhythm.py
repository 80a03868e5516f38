"""When a source is asked again: windows, pace, jitter, and what is due after a sleep."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rhythm import FARTHEST, Rhythm, is_due, paced, planned, rhythm_of, silent_after
from tracker.sources.base import DAY, HOUR, SourceSettings
from tracker.windows import read_window

NOW = datetime(2019, 10, 9, 12, tzinfo=UTC)  # a Wednesday
DATES = st.floats(0, 8 * 365).map(lambda days: datetime(2018, 1, 1, tzinfo=UTC) + timedelta(days=days))
WINDOWS = st.sampled_from(["08:45-18:00", "Mon-Fri 08:45-18:00", "Sat,Sun 22:00-02:00", "Tue 00:00-24:00", "Fri-Mon 23:30-00:15"])
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia"])


def source(**changed: Any) -> SourceSettings:
    return SourceSettings(id="courier", kind="feed", **changed)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


# Windows


@pytest.mark.parametrize(
    ("window", "zone", "asked", "opens"),
    [
        ("08:45-18:00", "UTC", "2019-10-09T12:00Z", "2019-10-09T12:00Z"),
        ("08:45-18:00", "UTC", "2019-10-09T18:00Z", "2019-10-10T08:45Z"),
        ("08:45-18:00", "America/New_York", "2019-10-09T12:00Z", "2019-10-09T12:45Z"),
        ("Mon-Fri 08:45-18:00", "UTC", "2019-10-11T18:30Z", "2019-10-14T08:45Z"),
        ("sat,sun 22:00-02:00", "UTC", "2019-10-13T01:59Z", "2019-10-13T01:59Z"),
        ("Sat 22:00-02:00", "UTC", "2019-10-13T02:00Z", "2019-10-19T22:00Z"),
        ("Fri-Mon 00:00-24:00", "UTC", "2019-10-09T12:00Z", "2019-10-11T00:00Z"),
        # Summer time ends in Berlin on 27 October 2019, and began on 31 March.
        ("08:00-09:00", "Europe/Berlin", "2019-10-26T12:00Z", "2019-10-27T07:00Z"),
        ("02:30-04:00", "Europe/Berlin", "2019-03-30T12:00Z", "2019-03-31T01:30Z"),
    ],
)
def test_when_a_window_opens(window: str, zone: str, asked: str, opens: str) -> None:
    assert read_window(window, zone).opening(at(asked)) == at(opens)


@given(WINDOWS, ZONES, DATES)
def test_what_is_planned_lies_in_the_window_and_not_before(window: str, zone: str, check: datetime) -> None:
    found = read_window(window, zone)
    opening = found.opening(check)
    assert check <= opening <= check + timedelta(days=8)
    assert found.is_open(opening)
    assert found.opening(opening) == opening


@pytest.mark.parametrize(
    "window", ["", "8:45-18:00", "08:45", "08:45-25:00", "Mo 08:00-09:00", "09:00-09:00", "Mon-Tue-Wed 08:00-09:00"]
)
def test_a_window_that_cannot_be_read_is_told(window: str) -> None:
    with pytest.raises(ValueError, match="source courier: window"):
        source(window=window)


@pytest.mark.parametrize(
    "wrong",
    [
        {"every_least": 7200.0},
        {"every_most": 60.0},
        {"every_least": 0.5},
        {"jitter": -1.0},
        {"deadline": 0.0},
        {"tolerate": -1.0},
        {"silent_after": 0.0},
        {"timezone": "Mars/Base"},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="source courier"):
        source(**wrong)


# What is due


def test_a_source_is_due_when_its_check_has_come_or_none_was_made() -> None:
    assert is_due(source(), None, NOW)
    assert is_due(source(), NOW, NOW)
    assert not is_due(source(), NOW + timedelta(seconds=1), NOW)


def test_a_plan_of_a_clock_that_went_wrong_is_not_kept() -> None:
    assert not is_due(source(), NOW + timedelta(days=8), NOW)
    assert is_due(source(), NOW + FARTHEST + timedelta(days=1), NOW)


def test_outside_of_its_window_a_source_is_due_once_if_the_window_was_missed() -> None:
    quiet = source(window="08:00-18:00", every=HOUR)
    planned_for = at("2019-10-09T17:50Z")
    assert is_due(quiet, planned_for, at("2019-10-09T17:55Z"))
    assert is_due(quiet, planned_for, at("2019-10-09T21:00Z")), "the machine slept from before 17:50"
    following = planned(quiet, at("2019-10-09T21:00Z") + timedelta(hours=1), "home")
    assert following == at("2019-10-10T08:00Z")
    assert not is_due(quiet, following, at("2019-10-09T23:00Z")), "once"
    assert not is_due(quiet, following, at("2019-10-10T07:59Z"))


@given(st.floats(0, 7200), DATES, st.text(max_size=5))
def test_jitter_is_a_part_of_what_is_allowed_and_always_the_same(jitter: float, check: datetime, home: str) -> None:
    one = source(jitter=jitter)
    later = planned(one, check, home)
    assert check <= later <= check + timedelta(seconds=jitter)
    assert planned(one, check, home) == later


def test_jitter_differs_between_sources_and_homes() -> None:
    other = SourceSettings(id="gazette", kind="feed", jitter=3600.0)
    assert (
        len({planned(source(jitter=3600.0), NOW, "a"), planned(source(jitter=3600.0), NOW, "b"), planned(other, NOW, "a")}) == 3
    )


# Rhythm


def every(hours: float, count: int) -> Rhythm:
    return rhythm_of([NOW - timedelta(hours=hours) * number for number in range(count)])


def test_a_rhythm_takes_ten_documents_at_different_times() -> None:
    assert every(4, 9) == Rhythm() == rhythm_of([NOW] * 50)
    assert every(4, 10) == Rhythm(usual=4 * HOUR, longest=4 * HOUR)


@pytest.mark.parametrize(
    ("hours", "bounds", "pace"),
    [
        (400, {}, HOUR),
        (0.1, {}, HOUR),
        (400, {"every_most": 6 * HOUR}, 6 * HOUR),
        (16, {"every_most": 6 * HOUR}, 4 * HOUR),
        (0.1, {"every_most": 6 * HOUR}, HOUR),
        (0.1, {"every_least": HOUR / 4}, HOUR / 4),
        (2, {"every_least": HOUR / 4}, HOUR / 2),
    ],
)
def test_the_pace_follows_the_rhythm_within_the_bounds(hours: float, bounds: dict[str, float], pace: float) -> None:
    assert paced(source(**bounds), every(hours, 20)).every == pace
    assert paced(source(**bounds), Rhythm()).every == HOUR


def test_silence_is_far_longer_than_the_longest_pause_or_as_set() -> None:
    assert silent_after(source(), Rhythm()) is None
    assert silent_after(source(), every(1, 20)) == 3 * DAY
    assert silent_after(source(), every(48, 20)) == 6 * DAY
    assert silent_after(source(silent_after=DAY), every(48, 20)) == DAY
