"""The Federal Register's API, against a real server on loopback."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.sources.conftest import NOW, SHARED, Poller, World, serve_filings
from tracker.answers import Answer, UrlValidators
from tracker.sources.base import Finished
from tracker.sources.federal_register import read_record
from tracker.sources.register_search import PER_PAGE, read_page

DATA = Path(__file__).parents[1] / "data" / "api"
SEARCH = "/api/v1/documents.json"
XML = b"<RULE><SUBJECT>Entity List</SUBJECT></RULE>"
TEXT = b"<html><body><pre>[Federal Register Volume 84]\n[FR Doc No: 2019-22210]\n</pre></body></html>"
LOGIN = "<!DOCTYPE html><html><body><form><input type=password></form></body></html>"


def record(number: str = "2019-22210", published: str = "2019-10-09", **changed: Any) -> dict[str, Any]:
    """A result of the search, with the genuine host in its links."""
    found: dict[str, Any] = json.loads((DATA / "result.json").read_text())
    path = f"{published.replace('-', '/')}/{number}"
    host = "https://www.federalregister.gov/documents"
    found |= {
        "document_number": number,
        "publication_date": published,
        "html_url": f"{host}/{path}/addition-of-entities",
        "full_text_xml_url": f"{host}/full_text/xml/{path}.xml",
        "raw_text_url": f"{host}/full_text/text/{path}.txt",
    }
    return found | changed


def serve(server: HTTPServer, *records: dict[str, Any]) -> None:
    """A search that gives these results, whatever the conditions."""
    answer: dict[str, Any] = {"description": "Documents", "count": len(records)}
    if records:
        answer |= {"total_pages": 1, "results": list(records)}
    server.expect_request(SEARCH).respond_with_json(answer)
    serve_filings(server)


def serve_text(
    server: HTTPServer, found: dict[str, Any], kind: str = "xml", body: bytes = XML, status: int = 200, etag: str = ""
) -> None:
    path = "/" + found["full_text_xml_url" if kind == "xml" else "raw_text_url"].split("/", 3)[3]

    def respond(request: Request) -> Response:
        if etag and request.headers.get("If-None-Match") == etag:
            return Response(b"", 304, {"ETag": etag})
        return Response(body, status, {"ETag": etag} if etag else {}, content_type="text/xml" if kind == "xml" else "text/html")

    server.expect_request(path).respond_with_handler(respond)


@pytest.fixture
def register(poller: Poller, httpserver: HTTPServer) -> Any:
    serve_filings(httpserver)
    return poller.settings(
        id="register",
        kind="federal-register",
        base_url=httpserver.url_for("/"),
        agencies=["industry-and-security-bureau", "another-agency"],
        cfr={"title": 15, "part": 744},
    )


def test_a_document_comes_with_its_xml_and_what_the_api_says(poller: Poller, register: Any, httpserver: HTTPServer) -> None:
    serve(httpserver, record())
    serve_text(httpserver, record())
    assert poller.poll(register) == {"Fetched": 1, "Finished": 1}
    document = poller.fetched[0].document
    assert (document.kind, document.key, document.rendition, document.raw) == ("rule", "2019-22210", "xml", XML)
    assert (document.published, document.available) == ("2019-10-09", None)
    assert document.url == record()["html_url"]
    metadata = json.loads(document.metadata or b"")
    assert metadata["agencies"] == ["commerce-department", "industry-and-security-bureau"]
    assert metadata["cfr_references"] == [{"title": 15, "part": 744}]
    assert "page_views" not in metadata
    assert list(metadata) == sorted(metadata)
    query = httpserver.log[0][0].args
    assert query.getlist("conditions[agencies][]") == ["industry-and-security-bureau", "another-agency"]
    assert (query["conditions[cfr][title]"], query["conditions[cfr][part]"], query["order"]) == ("15", "744", "oldest")
    assert (query["conditions[publication_date][gte]"], query["per_page"]) == ("2019-09-09", str(PER_PAGE))
    assert "conditions[publication_date][lte]" not in query
    assert {"effective_on", "corrections", "full_text_xml_url"} <= set(query.getlist("fields[]"))


def test_a_recent_document_is_asked_for_again_a_settled_one_is_not(
    poller: Poller, register: Any, httpserver: HTTPServer, asked: Callable[[], list[str]]
) -> None:
    old = record("2019-20000", "2019-10-01")
    serve(httpserver, old, record())
    serve_text(httpserver, old)
    serve_text(httpserver, record(), etag='"1"')
    assert poller.poll(register) == {"Fetched": 2, "Finished": 1}
    asked()
    assert poller.poll(register, after=timedelta(hours=1)) == {"Unchanged": 1, "Finished": 1}
    assert [path.rsplit("/")[-1] for path in asked()] == ["documents.json", "2019-22210.xml", "current.json"]
    assert poller.poll(register, after=timedelta(days=4)) == {"Finished": 1}


def test_changed_metadata_brings_the_bytes_along(poller: Poller, register: Any, httpserver: HTTPServer) -> None:
    old = record("2019-20000", "2019-10-01")
    serve(httpserver, old)
    serve_text(httpserver, old, etag='"1"')
    poller.poll(register)
    httpserver.clear_all_handlers()
    serve(httpserver, old | {"page_views": {"count": 9}})
    assert poller.poll(register) == {"Finished": 1}
    httpserver.clear_all_handlers()
    corrected = old | {"corrections": ["https://www.federalregister.gov/api/v1/documents/C1-2019-20000"]}
    serve(httpserver, corrected)
    serve_text(httpserver, old, etag='"1"')
    assert poller.poll(register) == {"Fetched": 1, "Finished": 1}
    assert b"C1-2019-20000" in (poller.fetched[0].document.metadata or b"")


def test_the_raw_text_stands_in_until_there_is_xml(poller: Poller, register: Any, httpserver: HTTPServer) -> None:
    old = record("2019-20000", "2019-10-01")
    serve(httpserver, old)
    serve_text(httpserver, old, status=404)
    serve_text(httpserver, old, "text", TEXT, etag='"t"')
    poller.poll(register)
    assert [(item.document.rendition, item.document.raw) for item in poller.fetched] == [("text", TEXT)]
    assert poller.poll(register, after=timedelta(days=1)) == {"Unchanged": 1, "Finished": 1}
    httpserver.clear_all_handlers()
    serve(httpserver, old)
    serve_text(httpserver, old)
    poller.poll(register, after=timedelta(days=2))
    assert [item.document.rendition for item in poller.fetched] == ["xml"]


def test_malformed_xml_gives_way_to_the_text_a_login_page_does_not(poller: Poller, register: Any, httpserver: HTTPServer) -> None:
    serve(httpserver, record())
    serve_text(httpserver, record(), body=b"<RULE>\xff\xfe")
    serve_text(httpserver, record(), "text", TEXT)
    poller.poll(register)
    assert [item.document.rendition for item in poller.fetched] == ["text"]
    httpserver.clear_all_handlers()
    serve(httpserver, record(), record("2019-22211"))
    serve_text(httpserver, record(), body=LOGIN.encode())
    serve_text(httpserver, record("2019-22211"))
    assert poller.poll(register) == {"Failed": 1, "Fetched": 1, "Finished": 1}
    assert poller.archive[poller.failed[0].raw or ""] == LOGIN.encode()
    assert "login" in poller.failed[0].error


def test_xml_once_held_is_never_replaced_by_text(poller: Poller, register: Any, httpserver: HTTPServer) -> None:
    serve(httpserver, record())
    serve_text(httpserver, record())
    poller.poll(register)
    httpserver.clear_all_handlers()
    serve(httpserver, record())
    serve_text(httpserver, record(), status=404)
    serve_text(httpserver, record(), "text", TEXT)
    assert poller.poll(register) == {"Failed": 1, "Finished": 1}


def test_windows_reach_from_the_last_good_poll_less_an_overlap(poller: Poller, register: Any, httpserver: HTTPServer) -> None:
    serve(httpserver)
    poller.poll(register)
    poller.poll(register, after=timedelta(days=10))
    searches = [request for request, _ in httpserver.log if request.path == SEARCH]
    assert [request.args["conditions[publication_date][gte]"] for request in searches] == ["2019-09-09", "2019-09-25"]


def test_a_failed_document_keeps_the_window_where_it_is(poller: Poller, register: Any, httpserver: HTTPServer) -> None:
    serve(httpserver, record())
    poller.poll(register)
    assert isinstance(poller.items[-1], Finished)
    assert poller.items[-1].failed == 1
    httpserver.clear_log()
    poller.poll(register, after=timedelta(days=20))
    assert httpserver.log[0][0].args["conditions[publication_date][gte]"] == "2019-09-09"


def test_backfill_goes_window_by_window_and_does_not_move_the_polls(
    poller: Poller, register: Any, httpserver: HTTPServer
) -> None:
    serve(httpserver)
    assert poller.poll(register, since=date(2019, 1, 1), until=date(2019, 6, 30)) == {"Finished": 1}
    windows = [
        tuple(request.args.get(f"conditions[publication_date][{end}]") for end in ("gte", "lte")) for request, _ in httpserver.log
    ]
    assert windows == [("2019-01-01", "2019-03-31"), ("2019-04-01", "2019-06-29"), ("2019-06-30", "2019-06-30")]
    assert poller.state.source("register").reached is None


def test_pages_are_read_to_the_end(poller: Poller, register: Any, httpserver: HTTPServer) -> None:
    numbers = ["2019-22201", "2019-22202", "2019-22203"]

    def page(request: Request) -> Response:
        at = int(request.args["page"]) - 1
        answer = {"count": 3, "total_pages": 3, "results": [record(numbers[at])]}
        return Response(json.dumps(answer), content_type="application/json")

    httpserver.expect_request(SEARCH).respond_with_handler(page)
    for number in numbers:
        serve_text(httpserver, record(number))
    poller.poll(register)
    assert [item.document.key for item in poller.fetched] == numbers


def test_a_window_with_more_than_the_api_shows_is_halved(poller: Poller, register: Any, httpserver: HTTPServer) -> None:
    def page(request: Request) -> Response:
        days = [date.fromisoformat(request.args[f"conditions[publication_date][{end}]"]) for end in ("gte", "lte")]
        return Response(json.dumps({"count": 5000, "results": []} if days[1] > days[0] else {"count": 0}))

    httpserver.expect_request(SEARCH).respond_with_handler(page)
    assert poller.poll(register, since=date(2019, 1, 1), until=date(2019, 1, 4)) == {"Finished": 1}
    assert len(httpserver.log) == 7


def test_documents_that_are_counted_but_not_shown_fail_the_poll(poller: Poller, register: Any, httpserver: HTTPServer) -> None:
    serve_text(httpserver, record())
    httpserver.expect_request(SEARCH).respond_with_json({"count": 2, "total_pages": 1, "results": [record()]})
    assert poller.poll(register) == {"Fetched": 1}
    assert "counts 2 documents and shows 1" in str(poller.error)


def test_one_bad_result_does_not_stop_the_others(poller: Poller, register: Any, httpserver: HTTPServer) -> None:
    serve(httpserver, record("2019-1", publication_date="soon"), record("2019-2", agencies="none"), record())
    serve_text(httpserver, record())
    assert poller.poll(register) == {"Failed": 2, "Fetched": 1, "Finished": 1}


@pytest.mark.parametrize(
    "body",
    [
        "",
        LOGIN,
        "[]",
        "{}",
        '{"count": "many"}',
        '{"errors": {"fields": "x is not a valid field"}}',
        '{"count": 1, "results": [1]}',
        "{",
    ],
)
def test_what_is_not_an_answer_of_the_search_fails_the_poll(
    poller: Poller, register: Any, httpserver: HTTPServer, body: str
) -> None:
    httpserver.expect_request(SEARCH).respond_with_data(body, content_type="application/json")
    assert poller.poll(register) == {}
    assert poller.error is not None
    assert poller.archive.get(poller.error.raw or "", b"") == body.encode()
    assert poller.state.source("register").reached is None


@pytest.mark.parametrize("kind", ["429", "truncate", "empty", "login"])
def test_a_backfill_asks_again_for_a_page_of_the_search(poller: Poller, worldly: Any, world: World, kind: str) -> None:
    world.site.faults.configure({"kind": kind, "path": "api/v1/documents", "times": 2})
    assert poller.poll(worldly, since=date(2019, 8, 1)) == {"Fetched": 3, "Finished": 1}
    world.fault("503", "api/v1/documents")
    assert poller.poll(worldly, since=date(2019, 8, 1)) == {}


def test_a_backfill_of_the_past_is_no_good_poll(poller: Poller, register: Any, httpserver: HTTPServer) -> None:
    serve(httpserver)
    poller.poll(register, since=date(2019, 1, 1), until=date(2019, 3, 1))
    (done,) = poller.items
    assert isinstance(done, Finished)
    assert (done.state.last_ok, done.covered) == (None, (date(2019, 1, 1), date(2019, 3, 1)))
    poller.poll(register, since=date(2030, 1, 1))
    assert [item.covered for item in poller.items if isinstance(item, Finished)] == [None]
    poller.poll(register, since=date(2019, 1, 1))
    (done,) = poller.items
    assert isinstance(done, Finished)
    assert (done.state.last_ok, done.covered) == (NOW, (date(2019, 1, 1), NOW.date()))


def test_a_host_that_fails_again_and_again_is_left_alone(poller: Poller, register: Any, httpserver: HTTPServer) -> None:
    numbers = [f"2019-2220{number}" for number in range(6)]
    serve(httpserver, *(record(number) for number in numbers))
    for number in numbers:
        serve_text(httpserver, record(number), status=500)
    assert poller.poll(register) == {"Failed": 3}
    assert "3 requests in a row" in str(poller.error)


def test_a_long_retry_after_ends_the_poll_at_once(poller: Poller, register: Any, httpserver: HTTPServer) -> None:
    serve(httpserver, record(), record("2019-22211"))
    path = "/" + record()["full_text_xml_url"].split("/", 3)[3]
    httpserver.expect_request(path).respond_with_data("", status=503, headers={"Retry-After": "600"})
    assert poller.poll(register) == {"Failed": 1}
    assert poller.error is not None
    assert poller.error.retry_after == 600


def test_a_genuine_page_of_the_api_is_read() -> None:
    path = SHARED / "corpus" / "federal-register" / "documents-2024-page1-1000.json"
    if not path.exists():
        pytest.skip("the corpus is not beside this checkout")
    nothing: dict[str, Any] = {
        "media_type": "application/json",
        "charset": None,
        "fresh_for": None,
        "moved_to": None,
        "not_modified": False,
    }
    url = "http://127.0.0.1/"
    answer = Answer(
        url=url,
        requested_url=url,
        status=200,
        headers={},
        body=path.read_bytes(),
        fetched_at=NOW,
        validators=UrlValidators(url=url),
        **nothing,
    )
    page = read_page(answer)
    assert (page.count, page.total_pages, len(page.results)) == (1893, 2, 1000)
    records = [read_record(result, url) for result in page.results]
    assert all(len(metadata) > 500 for _, metadata in records)
    assert records[0][0].document_number == "2023-26792"


@pytest.fixture
def worldly(poller: Poller, world: World) -> Any:
    return poller.settings(
        id="register",
        kind="federal-register",
        base_url=world.base,
        agencies=["industry-and-security-bureau"],
        cfr={"title": 15, "part": 744},
        lookback=60 * 86400,
    )


def test_the_world_s_register(poller: Poller, worldly: Any, world: World) -> None:
    assert poller.poll(worldly) == {"Fetched": 3, "Finished": 1}
    assert [item.document.key for item in poller.fetched][-1] == "2019-22210"
    assert poller.poll(worldly) == {"Unchanged": 1, "Finished": 1}


SOURCE_FAILS = (
    "429 503 503date 500 truncate login empty huge bomb redirect301 redirect302 redirect_loop reset bad_gzip not_json stale304"
)


@pytest.mark.parametrize("kind", SOURCE_FAILS.split())
def test_faults_of_the_search_fail_the_poll_and_pass(poller: Poller, worldly: Any, world: World, kind: str) -> None:
    world.fault(kind, "api/v1/documents")
    assert poller.poll(worldly) == {}
    assert poller.error is not None
    world.site.faults.clear()
    assert poller.poll(worldly) == {"Fetched": 3, "Finished": 1}


@pytest.mark.parametrize("kind", ["slow", "wrong_type", "wrong_charset"])
def test_faults_of_the_search_that_do_no_harm(poller: Poller, worldly: Any, world: World, kind: str) -> None:
    world.fault(kind, "api/v1/documents")
    assert poller.poll(worldly) == {"Fetched": 3, "Finished": 1}


@pytest.mark.parametrize("kind", [*SOURCE_FAILS.split(), "mojibake", "wrong_charset", "wrong_type", "slow"])
def test_faults_of_one_document_leave_the_others_and_heal(poller: Poller, worldly: Any, world: World, kind: str) -> None:
    world.fault(kind, "full_text/xml/2019/08/21")
    poller.poll(worldly)
    keys = {item.document.key for item in poller.fetched if item.document.rendition == "xml"}
    world.site.faults.clear()
    poller.poll(worldly)
    keys |= {item.document.key for item in poller.fetched}
    assert len(keys) == 3
    assert not poller.failed
