"""The polite client: bodies that are not what they say, servers that hang, robots.txt, freshness."""

import gzip
import socket
import time
from collections.abc import Iterator

import pytest
import stamina
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from tests.polite import NOW, FakeClock, client, failure, raw_server
from tracker.bodies import BodyError, read_body
from tracker.clock import SystemClock
from tracker.errors import FetchError
from tracker.http import HttpSettings, NoValidators, PoliteClient, content_type
from tracker.politeness import fresh_for, retry_after


@pytest.fixture(autouse=True)
def _no_backoff() -> Iterator[None]:
    with stamina.set_testing(True, attempts=2, cap=True):
        yield


def test_gzip_is_decoded(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data(gzip.compress(b"x" * 5000), headers={"Content-Encoding": "gzip"})
    with client() as polite:
        assert polite.get(httpserver.url_for("/a")).body == b"x" * 5000


@pytest.mark.parametrize(
    ("body", "coding", "words"),
    [
        (gzip.compress(b"\0" * 50_000_000), "gzip", "larger than 100000 bytes"),
        (b"y" * 100_001, "identity", "larger than 100000 bytes"),
        (gzip.compress(bytes(range(256)) * 100)[:-20], "gzip", "middle of its gzip"),
        (b"\x1f\x8b\x08\x00 not gzip", "gzip", "gzip"),
        (b"plain", "gzip", "said to be gzip"),
        (b"x", "br", "not asked for"),
    ],
)
def test_bodies_that_are_not_what_they_say(httpserver: HTTPServer, body: bytes, coding: str, words: str) -> None:
    httpserver.expect_request("/a").respond_with_data(body, headers={"Content-Encoding": coding})
    error = failure(httpserver.url_for("/a"), max_bytes=100_000)
    assert words in str(error)
    assert not error.transient
    assert len(error.body or b"") <= 1 << 20


@given(st.lists(st.binary(max_size=50), max_size=5), st.integers(1, 40))
def test_gzip_in_any_pieces_and_members(members: list[bytes], size: int) -> None:
    packed = b"".join(gzip.compress(member) for member in members)
    into = bytearray()
    read_body((packed[at : at + size] for at in range(0, len(packed), size)), "gzip", 10_000, into)
    assert bytes(into) == b"".join(members)


@given(st.binary(min_size=1, max_size=300), st.integers(1, 15))
def test_gzip_that_ends_early_is_an_error(content: bytes, missing: int) -> None:
    with pytest.raises(BodyError):
        read_body([gzip.compress(content)[:-missing]], "gzip", 10_000, bytearray())


def test_a_body_shorter_than_declared_is_an_error_that_keeps_what_came() -> None:
    url = raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
    error = failure(url)
    assert (error.body, error.transient) == (b"only this", True)


def test_a_connection_that_is_dropped_or_refused() -> None:
    assert "broke off" in str(failure(raw_server(b"")))
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    error = failure(f"http://127.0.0.1:{port}/")
    assert "cannot be reached" in str(error)
    assert error.transient


def test_no_answer_within_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = failure(f"http://127.0.0.1:{silent.getsockname()[1]}/", timeout=0.2)
    assert "within 0.2 seconds" in str(error)


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + b"x" * 9000, b"HTTP/1.1 200 OK\r\n" + b"X-Slow: 1\r\n" * 900]
)
def test_a_server_that_drips_is_left_at_the_deadline(answer: bytes) -> None:
    url = raw_server(answer, drip=0.02)
    settings = HttpSettings(allow_private=True, per_host_gap=0, obey_robots=False, deadline=0.4, retries=0)
    begun = time.monotonic()
    with (
        PoliteClient(settings, SystemClock(), NoValidators()) as polite,
        pytest.raises(FetchError, match=r"longer than 0\.4 seconds"),
    ):
        polite.get(url)
    assert time.monotonic() - begun < 3


def test_what_is_not_http_is_an_error() -> None:
    assert "broke off" in str(failure(raw_server(b"SSH-2.0-OpenSSH_9.2\r\n")))


def test_errors_do_not_show_passwords(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data("", status=404)
    error = failure(f"http://user:secret@127.0.0.1:{httpserver.port}/a")
    assert "secret" not in str(error) + str(error.url)


def robots(httpserver: HTTPServer, text: str = "", status: int = 200, **headers: str) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data(text, status=status, headers=headers)
    httpserver.expect_request("/open").respond_with_data("fine")
    httpserver.expect_request("/closed/a").respond_with_data("secret")


def test_robots_are_obeyed_asked_once_and_can_be_switched_off(httpserver: HTTPServer) -> None:
    robots(httpserver, "User-agent: tracker-test\nDisallow: /closed/\n\nUser-agent: *\nDisallow: /\n")
    with client(obey_robots=True, user_agent="tracker-test/1.0") as polite:
        assert polite.get(httpserver.url_for("/open")).body == b"fine"
        with pytest.raises(FetchError, match=r"robots\.txt"):
            polite.get(httpserver.url_for("/closed/a"))
    assert [request.path for request, _ in httpserver.log] == ["/robots.txt", "/open"]
    with client(obey_robots=False) as polite:
        assert polite.get(httpserver.url_for("/closed/a")).body == b"secret"


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_no_robots_txt_allows_everything(httpserver: HTTPServer, status: int) -> None:
    robots(httpserver, "User-agent: *\nDisallow: /\n", status=status)
    with client(obey_robots=True) as polite:
        assert polite.get(httpserver.url_for("/open")).body == b"fine"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_unreachable_robots_txt_forbids_everything_for_now(httpserver: HTTPServer, status: int) -> None:
    robots(httpserver, status=status, **{"Retry-After": "9"})
    error = failure(httpserver.url_for("/open"), obey_robots=True, retries=0)
    assert "robots.txt cannot be had" in str(error)
    assert error.transient
    assert error.retry_after == (None if status == 500 else 9.0)
    assert all(request.path == "/robots.txt" for request, _ in httpserver.log)


@pytest.mark.parametrize(("delay", "kept"), [("4", 4.0), ("3600", 10.0)])
def test_crawl_delay_is_kept_up_to_a_cap(httpserver: HTTPServer, delay: str, kept: float) -> None:
    robots(httpserver, f"User-agent: *\nCrawl-delay: {delay}\n")
    clock = FakeClock()
    with client(clock, obey_robots=True, per_host_gap=1.0) as polite:
        polite.get(httpserver.url_for("/open"))
        polite.get(httpserver.url_for("/open"))
    assert clock.slept == [1.0, kept]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "max-age=300, public"}, 300.0),
        ({"cache-control": 'public, Max-Age="300"', "age": "100"}, 200.0),
        ({"cache-control": "no-cache, max-age=300"}, 0.0),
        ({"cache-control": "max-age=soon"}, None),
        ({"expires": "Wed, 09 Oct 2019 13:00:00 GMT", "date": "Wed, 09 Oct 2019 12:00:00 GMT"}, 3600.0),
        ({"expires": "Wed, 09 Oct 2019 12:30:00 GMT"}, 1800.0),
        ({"expires": "0"}, 0.0),
        ({"cache-control": "max-age=10", "expires": "Wed, 09 Oct 2019 13:00:00 GMT"}, 10.0),
    ],
)
def test_freshness(headers: dict[str, str], seconds: float | None) -> None:
    assert fresh_for(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("7", 7.0),
        (" 7 ", 7.0),
        ("Wed, 09 Oct 2019 12:05:00 GMT", 300.0),
        ("Wed, 09 Oct 2019 11:00:00 GMT", 0.0),
        ("-1", None),
        ("soon", None),
        ("٧", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.text(max_size=60))
def test_headers_of_any_kind_are_read(value: str) -> None:
    media_type, _ = content_type(value)
    assert media_type is None or media_type == media_type.strip().lower() != ""
    waits = retry_after(value, NOW), fresh_for({"cache-control": value, "expires": value, "date": value, "age": value}, NOW)
    assert all(seconds is None or seconds >= 0 for seconds in waits)


def test_settings_that_cannot_be(httpserver: HTTPServer) -> None:
    for wrong in ({"user_agent": "a\r\nX: 1"}, {"contact": "bücher"}, {"timeout": 0.0}, {"retries": -1}, {"max_bytes": 0}):
        with pytest.raises(ValueError, match=r"user_agent|retries"):
            HttpSettings(**wrong)


def test_the_environment_s_proxy_is_used(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    httpserver.expect_request("/x").respond_with_data("by proxy")
    monkeypatch.setenv("HTTP_PROXY", httpserver.url_for("/"))
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with client(allow_private=False) as polite:
        assert polite.get("http://news.example.org/x").body == b"by proxy"
        with pytest.raises(FetchError, match="not asked"):
            polite.get("http://10.0.0.1/x")
