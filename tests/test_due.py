"""When a watch is due: local times over the days on which clocks change, quiet hours, sleep."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.operations import WatchAdded
from events.watching import Watching
from tests.builders import instant
from tracker.due import is_due, latest_slot, local_day, quiet_hours, slots

STEP = timedelta(minutes=5)
LONG_AGO = instant("2019-01-01")
SPRING, AUTUMN = datetime(2019, 3, 9, tzinfo=UTC), datetime(2019, 11, 2, tzinfo=UTC)
"""The days before those on which American clocks change; European ones change on 31 March and 27 October."""


def watch(cadence: Any = "daily", since: datetime = LONG_AGO, **more: Any) -> Watching:
    return Watching(terms=WatchAdded(watch="w", cadence=cadence, since=since, **more), begun=1)


def issued(one: Watching, start: datetime, days: float, step: timedelta = STEP, last: datetime | None = None) -> list[datetime]:
    """When digests are issued by a machine that looks so often, and has news each time."""
    found = []
    now = start
    while now < start + timedelta(days=days):
        if is_due(one, last, now):
            found.append(now)
            last = now
        now += step
    return found


@pytest.mark.parametrize("at", ["01:30", "02:00", "02:30", "03:00", "23:59", "00:00"])
@pytest.mark.parametrize("start", [SPRING, AUTUMN])
def test_a_time_of_day_comes_once_a_day_however_clocks_change(start: datetime, at: str) -> None:
    one = watch(at=at, zone="America/New_York", since=start)
    found = issued(one, start, 4)
    assert len(found) == 4
    assert len({local_day(one.terms, moment) for moment in found}) == 4


@pytest.mark.parametrize(
    ("zone", "at", "day", "expected"),
    [
        ("America/New_York", "01:30", "2019-11-03", "2019-11-03T05:30"),  # twice: the first, in summer time
        ("America/New_York", "02:30", "2019-03-10", "2019-03-10T07:30"),  # never: half an hour after the gap began
        ("Europe/London", "01:30", "2019-03-31", "2019-03-31T01:30"),
        ("Europe/London", "01:30", "2019-10-27", "2019-10-27T00:30"),
        ("Asia/Shanghai", "08:00", "2019-10-09", "2019-10-09T00:00"),
        ("Pacific/Apia", "12:00", "2019-10-10", "2019-10-09T22:00"),
    ],
)
def test_the_instant_of_a_local_time(zone: str, at: str, day: str, expected: str) -> None:
    terms = watch(at=at, zone=zone).terms
    wanted = instant(expected)
    assert wanted in list(slots(terms, wanted - timedelta(days=1), wanted + timedelta(days=1)))
    assert latest_slot(terms, wanted) == wanted
    assert latest_slot(terms, wanted - timedelta(seconds=1)) < wanted
    assert str(local_day(terms, wanted)) == day


@given(
    st.sampled_from(["America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
    st.times().map(lambda one: f"{one.hour:02}:{one.minute:02}"),
    st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: LONG_AGO + timedelta(minutes=minutes)),
)
def test_every_local_day_has_one_slot(zone: str, at: str, start: datetime) -> None:
    terms = watch(at=at, zone=zone).terms
    found = list(slots(terms, start, start + timedelta(days=8)))
    assert len(found) in {8, 9} or (len(found) == 7 and zone != "UTC")
    assert found == sorted(set(found))
    assert all(timedelta(hours=22) < b - a < timedelta(hours=26) for a, b in pairwise(found))


def test_a_weekly_watch_has_its_weekday() -> None:
    one = watch("weekly", at="08:00", weekday="monday", zone="Europe/Paris", since=instant("2019-10-01"))
    found = issued(one, instant("2019-10-02"), 28, timedelta(hours=1))
    assert [moment.isoformat() for moment in found[:3]] == [
        "2019-10-07T06:00:00+00:00", "2019-10-14T06:00:00+00:00", "2019-10-21T06:00:00+00:00"
    ]  # fmt: skip
    assert found[3].isoformat() == "2019-10-28T07:00:00+00:00", "an hour later in UTC: summer time ended"


def test_a_machine_that_slept_issues_once() -> None:
    one = watch(at="08:00", since=instant("2019-10-01"))
    assert issued(one, instant("2019-10-20"), 0.5, last=instant("2019-10-02"))[:2] == [instant("2019-10-20")]


def test_a_new_watch_waits_for_its_time_and_not_for_a_past_one() -> None:
    added = instant("2019-10-09")
    assert not is_due(watch(at="08:00", since=added), None, added)
    assert is_due(watch(at="08:00", since=added), None, instant("2019-10-10T08:00"))
    assert is_due(watch(at="08:00", since=instant("2019-10-01")), None, added), "who asks for the past need not wait for it"


@pytest.mark.parametrize(
    ("terms", "news", "expected"),
    [
        ({"at": "08:00"}, "2019-10-09T07:59", "2019-10-09T08:00"),
        ({"at": "08:00"}, "2019-10-09T08:01", "2019-10-10T08:00"),
        ({"at": "08:00", "zone": "America/New_York"}, "2019-10-09T13:00", "2019-10-10T12:00"),
        ({"at": "01:30", "zone": "Europe/Paris"}, "2019-10-27T00:00", "2019-10-28T00:30"),  # 01:30 again, an hour later: no time
        ({"at": "06:00", "quiet": "22:00-07:00"}, "2019-10-09T06:30", "2019-10-09T07:00"),  # nobody looked in quiet hours
        ({"at": "06:00", "quiet": "22:00-07:00"}, "2019-10-09T07:01", "2019-10-10T07:00"),
        ({"cadence": "weekly", "weekday": "friday"}, "2019-10-11T09:00", "2019-10-18T00:00"),
        ({}, "2019-10-09T08:01", "2019-10-09T08:01"),  # has no time: once a day, when there is news
    ],
)
def test_news_after_the_time_waits_for_the_next_time(terms: dict[str, Any], news: str, expected: str) -> None:
    """Every minute somebody looks; before `news` there is nothing to tell."""
    one, now, looked = watch(**{"cadence": "daily", **terms}), instant(news) - timedelta(days=8), None
    last = now if terms == {} else None
    while not is_due(one, last, now, looked=looked) or now < instant(news):
        looked = now if is_due(one, last, now, looked=looked) else looked
        now += timedelta(minutes=1)
    assert now == instant(expected)


def test_what_an_earlier_watch_of_the_same_name_was_not_told_is_no_look() -> None:
    one = msgspec.structs.replace(watch(at="08:00"), begun_at=instant("2019-10-09T09:00"))
    assert is_due(one, None, instant("2019-10-09T10:00"), looked=instant("2019-10-09T08:00"))


@pytest.mark.parametrize(
    ("quiet", "now", "due"),
    [
        ("22:00-07:00", "2019-10-09T21:59", True),
        ("22:00-07:00", "2019-10-09T22:00", False),
        ("22:00-07:00", "2019-10-10T06:59", False),
        ("22:00-07:00", "2019-10-10T07:00", True),
        ("12:00-13:00", "2019-10-09T12:30", False),
        ("12:00-13:00", "2019-10-09T13:00", True),
    ],
)
def test_nothing_is_issued_in_quiet_hours(quiet: str, now: str, due: bool) -> None:
    assert is_due(watch("immediate", quiet=quiet), instant("2019-10-01"), instant(now)) is due


def test_quiet_hours_are_local() -> None:
    one = watch("immediate", quiet="22:00-07:00", zone="Asia/Tokyo")
    assert not is_due(one, None, instant("2019-10-09T14:00"))
    assert is_due(one, None, instant("2019-10-08T23:00"))


def test_a_time_in_quiet_hours_waits_for_their_end() -> None:
    one = watch(at="06:00", quiet="22:00-07:00")
    assert issued(one, instant("2019-10-09T00:00"), 1, last=instant("2019-10-08T08:00")) == [instant("2019-10-09T07:00")]


def test_what_is_paused_is_never_due() -> None:
    assert not is_due(Watching(terms=watch("immediate").terms, begun=1, paused=True), None, instant("2019-10-09"))


def test_the_general_time_of_digests_holds_for_who_has_none() -> None:
    assert not is_due(watch(), None, instant("2019-10-09T05:59"), time(6))
    assert is_due(watch(), None, instant("2019-10-09T06:00"), time(6))
    assert is_due(watch(at="05:00"), None, instant("2019-10-09T05:59"), time(6))


@pytest.mark.parametrize("text", ["22:00", "22-7", "22:00-22:00", "25:00-07:00", "22:00:00-07:00", "", "22:00-07:00+02:00"])
def test_what_is_no_quiet_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        quiet_hours(text)
