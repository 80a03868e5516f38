"""Bytes of feeds as entries, in every form and encoding that outlets use."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.conftest import NOW, SHARED, feed_bytes
from tracker.sources.feed_entries import Feed, NotAFeedError, read_date, read_feed


def read(body: bytes, **changed: Any) -> Feed:
    given: dict[str, Any] = {
        "url": "http://127.0.0.1/feed",
        "media_type": "application/rss+xml",
        "charset": None,
        "timezone": "UTC",
        "now": NOW,
    }
    return read_feed(body, **(given | changed))


def test_atom_resolves_links_against_its_base() -> None:
    feed = read(feed_bytes("outlet.atom", "http://news.example.org"), media_type="application/atom+xml")
    (entry,) = feed.entries
    assert entry.url == "http://news.example.org/news/pauses.html"
    assert (entry.title, entry.published) == ("A college pauses <all> new grants", "2019-10-09T09:00:00+08:00")


@pytest.mark.parametrize("charset", [None, "iso-8859-1"])
def test_rdf_in_latin_1(charset: str | None) -> None:
    body = feed_bytes("outlet.rdf", "http://127.0.0.1").decode().encode("iso-8859-1")
    (entry,) = read(body, media_type="application/rdf+xml", charset=charset).entries
    assert (entry.title, entry.published) == ("L'université suspend tout", "2019-10-08")


def test_utf_8_under_a_wrong_charset_is_still_utf_8() -> None:
    body = '<rss version="2.0"><channel><item><title>Université</title><link>http://a.example/1</link></item></channel></rss>'
    assert read(body.encode(), charset="iso-8859-1").entries[0].title == "Université"


def test_gb18030_declared_as_gb2312() -> None:
    body = '<?xml version="1.0" encoding="gb2312"?><rss version="2.0"><channel><item><title>商務部\U00020089</title><link>http://a.example/1</link></item></channel></rss>'
    assert read(body.encode("gb18030")).entries[0].title == "商務部\U00020089"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wed, 09 Oct 2019 08:30:00 EST", datetime(2019, 10, 9, 13, 30, tzinfo=UTC)),
        ("2019-10-09T08:30:00Z", datetime(2019, 10, 9, 8, 30, tzinfo=UTC)),
        ("2019-10-09 08:30:00", datetime(2019, 10, 9, 0, 30, tzinfo=UTC)),
        ("2019-10-09", date(2019, 10, 9)),
        ("2019-13-45", None),
        ("Wed, 45 Oct 2019 08:30:00 GMT", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_dates(text: str | None, expected: object) -> None:
    assert read_date(text, "Asia/Shanghai") == expected


@pytest.mark.parametrize(
    "when", ["Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01 Jan 2038 00:00:00 GMT", "0001-01-01T00:00:00Z", "soon"]
)
def test_dates_that_cannot_be_are_dropped(when: str) -> None:
    body = f'<rss version="2.0"><channel><item><title>x</title><link>http://a.example/1</link><pubDate>{when}</pubDate></item></channel></rss>'
    assert read(body.encode()).entries[0].published is None


@given(st.binary(max_size=200))
def test_any_bytes_are_a_feed_or_not(body: bytes) -> None:
    for tried in (body, b'<rss version="2.0"><channel><item><link>http://a.example/1</link>' + body):
        try:
            found = read(tried)
        except NotAFeedError as error:
            assert "\n" not in str(error)
        else:
            assert all(entry.url.startswith("http") for entry in found.entries)


def corpus() -> list[Path]:
    folder = SHARED / "corpus" / "feeds"
    return sorted(path for path in folder.rglob("*") if path.suffix in {".rss", ".atom", ".xml", ".rdf"})


@pytest.mark.skipif(not corpus(), reason="the corpus is not beside this checkout")
def test_feeds_of_other_readers_tests_are_read_or_refused() -> None:
    refused = set()
    for path in corpus():
        try:
            feed = read(path.read_bytes(), media_type="application/xml")
        except NotAFeedError:
            refused.add(path.name)
            continue
        assert all(entry.url.startswith("http") for entry in feed.entries), path
    assert len(corpus()) > 60
    assert len(refused) <= 6, refused
