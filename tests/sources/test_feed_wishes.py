"""What feeds ask of those who poll them, from the feed to the next check."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from tests.sources.conftest import NOW, Poller
from tests.sources.test_feed_entries import read
from tracker.sources.feed_wishes import Wishes

SYNDICATION = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'


def rss(head: str) -> bytes:
    return f'<rss version="2.0" {SYNDICATION}><channel><title>Courier</title>{head}</channel></rss>'.encode()


@pytest.mark.parametrize(
    ("head", "wishes"),
    [
        ("", Wishes()),
        ("<ttl>90</ttl>", Wishes(wait=5400)),
        ("<ttl>soon</ttl>", Wishes()),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", Wishes(wait=21600)),
        ("<sy:updatePeriod> hourly </sy:updatePeriod>", Wishes(wait=3600)),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", Wishes(wait=3600)),
        ("<sy:updatePeriod>often</sy:updatePeriod>", Wishes()),
        ("<ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", Wishes(wait=3600)),
        ("<skipHours><hour>0</hour><hour> 23 </hour><hour>24</hour></skipHours>", Wishes(skipped_hours=frozenset({0, 23}))),
        ("<skipDays><day>Saturday</day><day>sunday</day><day>Noday</day></skipDays>", Wishes(skipped_days=frozenset({5, 6}))),
    ],
)
def test_wishes_are_read_and_nonsense_is_none(head: str, wishes: Wishes) -> None:
    assert read(rss(head)).wishes == wishes


@given(
    st.frozensets(st.integers(0, 23)),
    st.frozensets(st.integers(0, 6)),
    st.floats(0, 3000).map(lambda days: NOW + timedelta(days=days)),
)
def test_what_is_to_be_skipped_is_skipped_unless_nothing_is_left(
    hours: frozenset[int], days: frozenset[int], check: datetime
) -> None:
    wishes = Wishes(skipped_hours=hours, skipped_days=days)
    found = wishes.after(check)
    assert check <= found <= check + timedelta(days=3)
    assert found == check or not wishes._skips(found)


@pytest.mark.parametrize(
    ("head", "settings", "cache", "wait"),
    [
        ("", {}, "", timedelta(hours=1)),
        ("<ttl>180</ttl>", {}, "", timedelta(hours=3)),
        ("<ttl>30</ttl>", {}, "", timedelta(hours=1)),
        ("<ttl>14400</ttl>", {}, "", timedelta(hours=6)),
        ("<ttl>180</ttl>", {"every_most": 7200.0}, "", timedelta(hours=2)),
        ("<ttl>180</ttl>", {"every_most": 3600.0}, "", timedelta(hours=1)),
        ("<ttl>120</ttl>", {}, "max-age=10800", timedelta(hours=3)),
        ("<skipHours><hour>13</hour></skipHours>", {}, "", timedelta(hours=2)),
        ("<skipHours><hour>13</hour></skipHours>", {"every_most": 3600.0}, "", timedelta(hours=1)),
        ("<skipDays><day>Wednesday</day></skipDays>", {}, "", timedelta(hours=12)),
    ],
)
def test_wishes_move_the_next_check_within_bounds(
    poller: Poller, httpserver: HTTPServer, head: str, settings: dict[str, Any], cache: str, wait: timedelta
) -> None:
    headers = {"Cache-Control": cache} if cache else {}
    httpserver.expect_request("/feed").respond_with_data(rss(head), content_type="application/rss+xml", headers=headers)
    poller.poll(poller.settings(id="courier", kind="feed", url=httpserver.url_for("/feed"), **settings))
    assert poller.state.source("courier").next_check == NOW + wait


def test_wishes_are_remembered_while_the_feed_is_not_modified(poller: Poller, httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/feed").respond_with_data(
        rss("<ttl>180</ttl>"), content_type="application/rss+xml", headers={"ETag": '"a"'}
    )
    httpserver.expect_ordered_request("/feed").respond_with_data(b"", status=304, headers={"ETag": '"a"'})
    source = poller.settings(id="courier", kind="feed", url=httpserver.url_for("/feed"))
    poller.poll(source)
    poller.poll(source, after=timedelta(hours=3))
    assert poller.state.source("courier").next_check == NOW + timedelta(hours=6)
