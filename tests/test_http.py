"""The polite client, against a real server on loopback."""

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import stamina
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tracker.bodies import BodyError, read_body
from tracker.clock import SystemClock
from tracker.errors import FetchError
from tracker.http import HttpSettings, NoValidators, PoliteClient, content_type
from tracker.network import is_public
from tracker.politeness import PATIENCE, fresh_for, retry_after

NOW = datetime(2019, 10, 9, 12, tzinfo=UTC)


class FakeClock:
    """Stands still but for its own sleeping, which takes no time."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.time += seconds


class Held(dict[str, tuple[str | None, str | None]]):
    """Validators in a dict."""


@pytest.fixture(autouse=True)
def _no_backoff() -> Iterator[None]:
    with stamina.set_testing(True, attempts=2, cap=True):
        yield


def client(clock: FakeClock | None = None, held: Held | None = None, **settings: object) -> PoliteClient:
    chosen = {"allow_private": True, "per_host_gap": 0.0, "timeout": 5.0, "retries": 1, "obey_robots": False} | settings
    return PoliteClient(HttpSettings(**chosen), clock or FakeClock(), Held() if held is None else held)  # type: ignore[arg-type]


def failure(url: str, **settings: object) -> FetchError:
    with client(**settings) as polite, pytest.raises(FetchError) as caught:  # type: ignore[arg-type]
        polite.get(url)
    assert "\n" not in str(caught.value)
    assert caught.value.hint
    return caught.value


def raw_server(answer: bytes, *, drip: float = 0.0) -> str:
    """Answers every connection with these bytes, a few at a time when dripping, then closes. Gives its URL."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener:
            for _ in range(4):
                try:
                    connection, _address = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    for start in range(0, len(answer), 8 if drip else max(1, len(answer))):
                        try:
                            connection.sendall(answer[start : start + (8 if drip else len(answer))])
                        except OSError:
                            break
                        SystemClock().sleep(drip)

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/x"


def test_an_answer_says_what_came_and_from_where(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/page").respond_with_data(
        "text", content_type="Text/HTML; charset=UTF-8", headers={"Cache-Control": "max-age=60", "ETag": '"1"', "X-Other": "x"}
    )
    with client(contact="desk@example.org", user_agent="tracker-test/1") as polite:
        answer = polite.get(httpserver.url_for("/page#part"), expect="text/html")
    assert (answer.status, answer.body, answer.media_type, answer.charset) == (200, b"text", "text/html", "UTF-8")
    assert answer.url == answer.requested_url == httpserver.url_for("/page")
    assert (answer.fresh_for, answer.fetched_at, answer.moved_to) == (60.0, NOW, None)
    assert "x-other" not in answer.headers
    request = httpserver.log[0][0]
    assert request.headers["User-Agent"] == "tracker-test/1 (+desk@example.org)"
    assert request.headers["From"] == "desk@example.org"
    assert request.headers["Accept"] == "text/html"


def test_conditional_requests_carry_both_validators_and_304_is_not_modified(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(b"", status=304, headers={"ETag": '"2"'})
    url = httpserver.url_for("/feed")
    with client(held=Held({url: ('"1"', "Wed, 09 Oct 2019 00:00:00 GMT")})) as polite:
        answer = polite.get(url)
    assert answer.not_modified
    assert (answer.validators.etag, answer.validators.last_modified) == ('"2"', "Wed, 09 Oct 2019 00:00:00 GMT")
    sent = httpserver.log[0][0].headers
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == ('"1"', "Wed, 09 Oct 2019 00:00:00 GMT")


def test_a_304_to_an_unconditional_request_is_an_error(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(b"", status=304)
    assert "304" in str(failure(httpserver.url_for("/feed")))
    url = httpserver.url_for("/feed")
    with client(held=Held({url: ('"1"', None)})) as polite, pytest.raises(FetchError):
        polite.get(url, conditional=False)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_comes_with_the_error_and_is_not_retried(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request("/a").respond_with_data("wait", status=status, headers={"Retry-After": "120"})
    error = failure(httpserver.url_for("/a"))
    assert (error.retry_after, error.status, error.body, error.transient) == (120.0, status, b"wait", True)
    assert len(httpserver.log) == 1


def test_a_retry_after_date_is_measured_from_the_answers_own_date() -> None:
    lines = ["HTTP/1.1 503 Busy", "Date: Tue, 01 Jan 2019 00:00:00 GMT", "Retry-After: Tue, 01 Jan 2019 00:05:00 GMT"]
    url = raw_server("\r\n".join([*lines, "Content-Length: 0", "", ""]).encode())
    assert failure(url).retry_after == 300.0


def test_a_short_retry_after_is_waited_for_before_the_next_request(httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/a").respond_with_data("", status=429, headers={"Retry-After": "7"})
    httpserver.expect_ordered_request("/b").respond_with_data("fine")
    clock = FakeClock()
    with client(clock) as polite:
        with pytest.raises(FetchError):
            polite.get(httpserver.url_for("/a"))
        polite.get(httpserver.url_for("/b"))
    assert clock.slept == [7.0]
    assert PATIENCE >= 7


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_passing_faults_are_tried_again(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_ordered_request("/a").respond_with_data("", status=status)
    httpserver.expect_ordered_request("/a").respond_with_data("fine")
    with client() as polite:
        assert polite.get(httpserver.url_for("/a")).body == b"fine"


@pytest.mark.parametrize(
    ("status", "transient"), [(204, False), (400, False), (403, False), (404, False), (410, False), (500, True)]
)
def test_other_statuses_are_errors_that_keep_the_body(httpserver: HTTPServer, status: int, transient: bool) -> None:
    httpserver.expect_request("/a").respond_with_data("why" if status != 204 else "", status=status)
    error = failure(httpserver.url_for("/a"), retries=0)
    assert (error.status, error.body, error.transient) == (status, b"why" if status != 204 else None, transient)
    assert str(status) in str(error)


def test_the_pause_between_requests_is_kept_per_host(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data("fine")
    clock = FakeClock()
    with client(clock, per_host_gap=1.5) as polite:
        polite.get(httpserver.url_for("/a"))
        polite.get(httpserver.url_for("/a"))
        clock.time += 1.0
        polite.get(httpserver.url_for("/a"))
        polite.get(f"http://127.0.0.1:{httpserver.port}/a")
    assert clock.slept == [1.5, 0.5]


def test_redirects_are_followed_and_permanent_ones_reported(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/1").respond_with_data("", status=301, headers={"Location": "/2"})
    httpserver.expect_request("/2").respond_with_data("", status=308, headers={"Location": httpserver.url_for("/3")})
    httpserver.expect_request("/3").respond_with_data("", status=302, headers={"Location": "4"})
    httpserver.expect_request("/4").respond_with_data("here", headers={"ETag": '"4"'})
    with client() as polite:
        answer = polite.get(httpserver.url_for("/1"))
    assert (answer.body, answer.url, answer.moved_to) == (b"here", httpserver.url_for("/4"), httpserver.url_for("/3"))
    assert answer.requested_url == httpserver.url_for("/1")
    assert answer.validators.url == httpserver.url_for("/4")


def test_a_temporary_redirect_moves_nothing(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/1").respond_with_data("", status=302, headers={"Location": "/2"})
    httpserver.expect_request("/2").respond_with_data("here")
    with client() as polite:
        assert polite.get(httpserver.url_for("/1")).moved_to is None


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("/a", "in a circle"),
        ("", "without saying where"),
        ("ftp://example.org/", "not an http or https"),
        ("javascript:alert(1)", "not an http or https"),
    ],
)
def test_bad_redirects(httpserver: HTTPServer, location: str, words: str) -> None:
    httpserver.expect_request("/a").respond_with_data("", status=302, headers={"Location": location})
    assert words in str(failure(httpserver.url_for("/a")))


def test_a_redirect_to_what_is_no_url() -> None:
    url = raw_server(b"HTTP/1.1 302 Found\r\nLocation: http://[bad\r\nContent-Length: 0\r\n\r\n")
    assert "is not an http or https URL" in str(failure(url))


def test_too_many_redirects(httpserver: HTTPServer) -> None:
    def onward(request: Request) -> Response:
        return Response("", 302, {"Location": f"/{int(request.path[1:]) + 1}"})

    httpserver.expect_request("/0").respond_with_handler(onward)
    for number in range(1, 9):
        httpserver.expect_request(f"/{number}").respond_with_handler(onward)
    assert "more than 5 times" in str(failure(httpserver.url_for("/0")))
    assert len(httpserver.log) == 6


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f.1/", "http://localhost/", "http://a.localhost/",
        "http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://169.254.169.254/latest", "http://192.168.1.1/", "http://0.0.0.0/",
        "http://100.64.0.1/", "http://[fe80::1]/", "http://[fd00::1]/", "http://[64:ff9b::7f00:1]/",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_unless_allowed(url: str) -> None:
    error = failure(url, allow_private=False)
    assert "allow_private" in str(error.hint)


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::1"]])
def test_names_with_any_private_address_are_refused(addresses: list[str]) -> None:
    settings = HttpSettings(per_host_gap=0, obey_robots=False)
    polite = PoliteClient(settings, FakeClock(), NoValidators(), resolve=lambda host, port: addresses)
    with polite, pytest.raises(FetchError, match="not asked"):
        polite.get("http://intranet.example.org/")


def test_a_redirect_to_a_private_address_is_refused(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    httpserver.expect_request("/a").respond_with_data("", status=302, headers={"Location": "http://10.0.0.1/admin"})
    # The server of this test stands in for a public one.
    monkeypatch.setattr("tracker.network.is_public", lambda address: not address.startswith("10."))
    settings = HttpSettings(per_host_gap=0, obey_robots=False)
    polite = PoliteClient(settings, FakeClock(), NoValidators(), resolve=lambda host, port: ["127.0.0.1"])
    with polite, pytest.raises(FetchError, match=r"redirects.*10\.0\.0\.1"):
        polite.get(f"http://news.example.org:{httpserver.port}/a")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/x",
        "file:///etc/passwd",
        "javascript:1",
        "http://",
        "no url",
        "http://[x",
        "http://a b/",
        "http://a%2fb/",
    ],
)
def test_only_http_is_asked(url: str) -> None:
    failure(url)


@given(
    st.ip_addresses(v=4, network="10.0.0.0/8")
    | st.ip_addresses(v=4, network="127.0.0.0/8")
    | st.ip_addresses(v=6, network="fc00::/7")
)
def test_is_public_knows_private_networks(address: object) -> None:
    assert not is_public(str(address))


def test_is_public_takes_the_internet_for_what_it_is() -> None:
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1:248:1893:25c8:1946")
    assert not is_public("224.0.0.1")
    assert not is_public("nonsense")


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
    content_type(value)
    retry_after(value, NOW)
    fresh_for({"cache-control": value, "expires": value, "date": value, "age": value}, NOW)


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
