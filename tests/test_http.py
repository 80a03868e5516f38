"""The polite client, against a real server on loopback: conditional requests, redirects, addresses."""

from collections.abc import Iterator

import pytest
import stamina
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.polite import NOW, FakeClock, Held, client, failure, raw_server
from tracker.errors import FetchError
from tracker.http import HttpSettings, NoValidators, PoliteClient
from tracker.network import is_public
from tracker.politeness import PATIENCE


@pytest.fixture(autouse=True)
def _no_backoff() -> Iterator[None]:
    with stamina.set_testing(True, attempts=2, cap=True):
        yield


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
    assert not failure(url).transient, "it would fail again"


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
