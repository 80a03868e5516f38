"""The screening list's file, against a real server on loopback."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from events.snapshots import from_lines
from tests.polite import client
from tests.sources.conftest import NOW, Poller, World
from tracker.config import load_config
from tracker.errors import FetchError
from tracker.readers.csl import read_csl
from tracker.sources import SOURCES
from tracker.sources.base import Finished
from tracker.sources.csl import MOST_BYTES

DATA = Path(__file__).parents[1] / "data" / "csl"
PATH = "/downloadable_consolidated_screening_list/v1/consolidated"
LOGIN = b"\n<!DOCTYPE html><html><body><form><input type=password></form></body></html>"
JSON = (DATA / "new.json").read_bytes()
CSV = (DATA / "new.csv").read_bytes()


def serve(server: HTTPServer, body: bytes, rendition: str = "json", **headers: str) -> None:
    """The file, which is not modified for whoever names its ETag."""

    def respond(request: Request) -> Response:
        if headers.get("ETag") and request.headers.get("If-None-Match") == headers["ETag"]:
            return Response(b"", 304, headers)
        return Response(body, 200, headers, content_type="application/json" if rendition == "json" else "text/csv")

    server.clear_all_handlers()
    server.expect_request(f"{PATH}.{rendition}").respond_with_handler(respond)


@pytest.fixture
def screening(poller: Poller, httpserver: HTTPServer) -> Any:
    return poller.settings(id="csl", kind="csl", base_url=httpserver.url_for("/"))


@pytest.fixture
def screening_csv(poller: Poller, httpserver: HTTPServer) -> Any:
    return poller.settings(id="csl", kind="csl", base_url=httpserver.url_for("/"), format="csv")


def test_the_file_comes_with_the_time_it_was_made(poller: Poller, screening: Any, httpserver: HTTPServer) -> None:
    serve(httpserver, JSON.replace(b"2026-03-02", b"2019-10-09"), **{"Last-Modified": "Tue, 08 Oct 2019 09:00:00 GMT"})
    assert poller.poll(screening) == {"Fetched": 1, "Finished": 1}
    document = poller.fetched[0].document
    assert (document.stream, document.kind, document.rendition) == ("document/csl/consolidated", "csl", "json")
    assert (document.published, document.available) == ("2019-10-09T10:00:00+00:00", datetime(2019, 10, 9, 10, tzinfo=UTC))
    assert (document.language, document.timezone, document.outlet) == ("en", "America/New_York", document.title)
    assert document.url == httpserver.url_for(f"{PATH}.json")
    assert poller.state.source("csl").next_check == NOW + timedelta(hours=12)


def test_a_time_that_has_not_come_is_printed_and_not_believed(poller: Poller, screening: Any, httpserver: HTTPServer) -> None:
    serve(httpserver, JSON)
    poller.poll(screening)
    document = poller.fetched[0].document
    assert (document.published, document.available) == ("2026-03-02T10:00:00+00:00", NOW)


def test_the_csv_was_made_when_the_server_says(poller: Poller, screening_csv: Any, httpserver: HTTPServer) -> None:
    serve(httpserver, CSV, "csv", **{"Last-Modified": "Tue, 08 Oct 2019 09:00:00 GMT"})
    poller.poll(screening_csv)
    document = poller.fetched[0].document
    assert (document.rendition, document.raw, document.published) == ("csv", CSV, "2019-10-08T09:00:00+00:00")
    serve(httpserver, CSV, "csv")
    poller.poll(screening_csv)
    assert (poller.fetched[0].document.published, poller.fetched[0].document.available) == (None, None)


def test_the_same_file_is_not_sent_twice(poller: Poller, screening: Any, httpserver: HTTPServer) -> None:
    serve(httpserver, JSON, ETag='"1"')
    poller.poll(screening)
    assert poller.poll(screening, after=timedelta(hours=12)) == {"Unchanged": 1, "Finished": 1}
    assert isinstance(poller.items[-1], Finished)
    assert poller.items[-1].unchanged
    serve(httpserver, JSON, ETag='"2"')
    assert poller.poll(screening, after=timedelta(hours=24)) == {"Fetched": 1, "Finished": 1}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (LOGIN, "HTML page, perhaps a login"),
        (b" ", "answered with nothing"),
        (JSON[: len(JSON) // 2], "not all of it"),
        (JSON.rstrip()[:-1], "not all of it"),
        (b'{"message": "Forbidden"}', "not the screening list"),
        (b"[1]", "not the screening list"),
        (b"Service unavailable", "not the screening list"),
    ],
)
def test_json_that_is_not_the_file(poller: Poller, screening: Any, httpserver: HTTPServer, body: bytes, words: str) -> None:
    serve(httpserver, body, ETag='"bad"')
    assert poller.poll(screening) == {}
    assert poller.error is not None
    assert words in str(poller.error)
    assert poller.archive[poller.error.raw or ""] == body
    serve(httpserver, JSON, ETag='"bad"')
    assert poller.poll(screening) == {"Fetched": 1, "Finished": 1}, "the next poll asks without validators"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (LOGIN, "HTML page, perhaps a login"),
        (b" ", "answered with nothing"),
        (CSV[: len(CSV) // 2], "cut off"),
        (CSV.rstrip()[:-1], "cut off"),
        (CSV[: CSV.rindex(b'"https')], "cut off"),
        (b"error,code\nno,403\n", "names none of the columns"),
        (b"Service unavailable", "names none of the columns"),
    ],
)
def test_csv_that_is_not_the_file(poller: Poller, screening_csv: Any, httpserver: HTTPServer, body: bytes, words: str) -> None:
    serve(httpserver, body, "csv")
    assert poller.poll(screening_csv) == {}
    assert poller.error is not None
    assert words in str(poller.error)
    assert poller.archive[poller.error.raw or ""] == body


def test_nothing_at_all(poller: Poller, screening: Any, httpserver: HTTPServer) -> None:
    serve(httpserver, b"")
    assert poller.poll(screening) == {}
    assert "answered with nothing" in str(poller.error)


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n\r\n"])
def test_the_end_of_the_last_line_does_not_matter(
    poller: Poller, screening_csv: Any, httpserver: HTTPServer, ending: bytes
) -> None:
    serve(httpserver, CSV.rstrip() + ending, "csv")
    assert poller.poll(screening_csv) == {"Fetched": 1, "Finished": 1}


def test_bytes_that_are_not_utf8_are_the_reader_s_business(poller: Poller, screening: Any, httpserver: HTTPServer) -> None:
    serve(httpserver, b"\xef\xbb\xbf" + JSON.replace(b"Plain Optics", b"Caf\xe9 Optics"))
    assert poller.poll(screening) == {"Fetched": 1, "Finished": 1}
    assert b"Caf\xe9" in poller.fetched[0].document.raw


@pytest.mark.parametrize("rendition", ["json", "csv"])
def test_a_file_that_has_collapsed(poller: Poller, httpserver: HTTPServer, rendition: str) -> None:
    bounds = {"base_url": httpserver.url_for("/"), "format": rendition, "expect": {"min": 9}}
    serve(httpserver, JSON if rendition == "json" else CSV, rendition)
    assert poller.poll(poller.settings(id="csl", kind="csl", **bounds)) == {}
    assert poller.error is not None
    assert "holds 8 entries, 9 to any number are expected" in str(poller.error)
    assert poller.archive[poller.error.raw or ""] == (JSON if rendition == "json" else CSV)


@pytest.mark.parametrize(("since", "until"), [(date(2019, 1, 1), None), (None, date(2019, 1, 1))])
def test_it_has_no_past(poller: Poller, screening: Any, since: date | None, until: date | None) -> None:
    assert poller.poll(screening, since=since, until=until) == {}
    assert "it has no past to take in" in str(poller.error)
    assert poller.error is not None
    assert "tracker poll csl" in str(poller.error.hint)


def test_it_may_be_larger_than_other_answers(poller: Poller, screening: Any, httpserver: HTTPServer) -> None:
    assert poller.client.settings.max_bytes < 3_000_000 < MOST_BYTES
    serve(httpserver, JSON + b" " * 3_000_000)
    assert poller.poll(screening) == {"Fetched": 1, "Finished": 1}


def test_a_caller_may_allow_more_and_never_less(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data(b"x" * 2000)
    with client(max_bytes=1000) as polite:
        assert len(polite.get(httpserver.url_for("/a"), max_bytes=2000).body) == 2000
        with pytest.raises(FetchError, match="larger than 1500 bytes"):
            polite.get(httpserver.url_for("/a"), max_bytes=1500)
        with pytest.raises(FetchError, match="larger than 1000 bytes"):
            polite.get(httpserver.url_for("/a"), max_bytes=10)


@pytest.mark.parametrize("wrong", [{"format": "xml"}, {"base_url": "ftp://data.example"}, {"url": "https://data.example"}])
def test_settings_that_cannot_be(wrong: dict[str, str]) -> None:
    with pytest.raises((msgspec.ValidationError, ValueError)):
        msgspec.convert({"id": "csl", "kind": "csl"} | wrong, SOURCES["csl"].settings)


@pytest.mark.parametrize("rendition", ["json", "csv"])
def test_the_world_s_file(poller: Poller, world: World, rendition: str) -> None:
    source = poller.settings(id="csl", kind="csl", base_url=world.base, format=rendition)
    assert poller.poll(source) == {"Fetched": 1, "Finished": 1}
    assert poller.fetched[0].document.published == "2019-10-09T09:00:00+00:00"
    reading = read_csl(poller.fetched[0].document, load_config().registers)
    truth = world.site.csl.truth(NOW.date())
    names = sorted(entry.name for entry in from_lines(reading.text) if entry.list == "us-bis-el")
    assert names == sorted(record["name"] for record in truth["records"])
    assert reading.checks[0].found == str(truth["entity_list_records"])
    assert poller.poll(source) == {"Unchanged": 1, "Finished": 1}
