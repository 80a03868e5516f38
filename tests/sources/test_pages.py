"""Addresses of pages in one form each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.sources.pages import canonical_url


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://News.Example.ORG:80", "http://news.example.org/"),
        ("https://a.example/x?utm_source=rss&id=1&fbclid=z&b=#top", "https://a.example/x?id=1&b="),
        ("https://user:pw@a.example:8443/ä b", "https://a.example:8443/%C3%A4%20b"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
        ("javascript:alert(1)", None),
        ("mailto:desk@example.org", None),
        ("/relative", None),
        ("http://", None),
        ("http://a.example:port/", None),
    ],
)
def test_canonical_urls(url: str, canonical: str | None) -> None:
    assert canonical_url(url) == canonical


@given(st.text(max_size=30), st.text(max_size=30))
def test_canonical_urls_stay_as_they_are(path: str, query: str) -> None:
    once = canonical_url(f"http://a.example/{path}?{query}")
    assert once is None or canonical_url(once) == once
