"""Public inspection: what is on file before it is published, against a server on loopback and the simulated world."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from events.documents import DocumentCaptured
from tests.sources.conftest import INSPECTION, NOW, Poller, World
from tracker.app import App
from tracker.archive import Provenance
from tracker.reading import record
from tracker.sources.base import Finished
from tracker.sources.inspection import text_address

BUREAU = "industry-and-security-bureau"
TEXT = b"This document is scheduled to be published in the Federal Register on 10/11/2019."
XML = b"<RULE><SUBJECT>Additions to the Entity List</SUBJECT></RULE>"
FILED = datetime(2019, 10, 8, 20, 15, tzinfo=UTC)
WITHDRAWN = "The agency has requested that this document be withdrawn from publication."
GENUINE = "https://www.federalregister.gov"


def filing(number: str = "2019-22300", **changed: Any) -> dict[str, Any]:
    """A record of the endpoint, with the genuine hosts in its links."""
    found = {
        "agencies": [{"raw_name": "Bureau of Industry and Security", "slug": BUREAU}],
        "docket_numbers": ["Docket No. 1"],
        "document_number": number,
        "editorial_note": None,
        "filed_at": "2019-10-08T16:15:00.000-04:00",
        "filing_type": "special",
        "html_url": f"{GENUINE}/public-inspection/{number}/additions",
        "page_views": {"count": 4},
        "pdf_updated_at": "2019-10-08T16:13:38.000-04:00",
        "publication_date": "2019-10-11",
        "raw_text_url": f"https://public-inspection.federalregister.gov/{number}.txt",
        "subject_1": "Export Administration Regulations:",
        "subject_2": "Additions",
        "subject_3": None,
        "title": "Additions to the Entity List",
        "type": "Rule",
    }
    return found | changed


def published(number: str = "2019-22300") -> dict[str, Any]:
    """The result of the search for the same document, once it is published."""
    return {
        "document_number": number,
        "publication_date": "2019-10-11",
        "html_url": f"{GENUINE}/documents/2019/10/11/{number}/additions",
        "full_text_xml_url": f"{GENUINE}/documents/full_text/xml/{number}.xml",
    }


class Desk:
    """A register whose answers a test changes between polls; files carry an ETag."""

    def __init__(self, server: HTTPServer) -> None:
        self.published: list[dict[str, Any]] = []
        self.on_file: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.status = 404
        server.expect_request("/api/v1/documents.json").respond_with_handler(lambda _: _results(self.published))
        server.expect_request(INSPECTION).respond_with_handler(lambda _: _results(self.on_file))
        server.expect_request(re.compile("/(public-inspection|documents|elsewhere)/.*")).respond_with_handler(self._file)

    def _file(self, request: Request) -> Response:
        body = self.files.get(request.path.rsplit("/", 1)[-1])
        if body is None:
            return Response(b"", self.status)
        response = Response(body, 200, content_type="text/plain; charset=utf-8")
        response.add_etag()
        return response.make_conditional(request)


def _results(results: list[dict[str, Any]]) -> Response:
    return Response(json.dumps({"count": len(results), "results": results}), content_type="application/json")


@pytest.fixture
def desk(httpserver: HTTPServer) -> Desk:
    desk = Desk(httpserver)
    desk.on_file, desk.files = [filing()], {"2019-22300.txt": TEXT}
    return desk


@pytest.fixture
def register(poller: Poller, httpserver: HTTPServer) -> Any:
    return poller.settings(id="register", kind="federal-register", base_url=httpserver.url_for("/"), agencies=[BUREAU])


def test_a_filing_is_captured_with_its_time_to_the_minute(
    poller: Poller, register: Any, desk: Desk, httpserver: HTTPServer
) -> None:
    assert poller.poll(register) == {"Fetched": 1, "Finished": 1}
    document = poller.fetched[0].document
    assert (document.kind, document.key, document.rendition, document.raw) == ("rule", "2019-22300", "inspection", TEXT)
    assert (document.available, document.published) == (FILED, "2019-10-11")
    assert (document.title, document.url) == ("Additions to the Entity List", filing()["html_url"])
    assert document.stream == "document/federal-register/2019-22300"
    metadata = json.loads(document.metadata or b"")
    assert (metadata["agencies"], metadata["editorial_note"], metadata["filing_type"]) == ([BUREAU], None, "special")
    assert list(metadata) == sorted(metadata)
    assert not {"page_views", "pdf_updated_at", "html_url", "raw_text_url"} & set(metadata)
    asked = [request for request, _ in httpserver.log]
    assert [request.path for request in asked][1:] == [INSPECTION, "/public-inspection/2019-22300.txt"]
    assert asked[1].args.getlist("conditions[agencies][]") == [BUREAU]


def test_unchanged_filings_bring_nothing_and_are_asked_for_only_at_first(
    poller: Poller, register: Any, desk: Desk, asked: Callable[[], list[str]]
) -> None:
    poller.poll(register)
    desk.on_file = [filing(page_views={"count": 900}, pdf_updated_at="2019-10-09T09:00:00.000-04:00")]
    asked()
    assert poller.poll(register, after=timedelta(hours=1)) == {"Unchanged": 1, "Finished": 1}
    assert len(asked()) == 3
    assert poller.poll(register, after=timedelta(days=3)) == {"Finished": 1}
    assert asked()[-1] == INSPECTION


def test_another_text_of_the_same_record_is_fetched(poller: Poller, register: Any, desk: Desk) -> None:
    poller.poll(register)
    desk.files["2019-22300.txt"] = TEXT + b" Corrected."
    poller.poll(register, after=timedelta(hours=1))
    assert [item.document.raw for item in poller.fetched] == [TEXT + b" Corrected."]


def test_a_withdrawal_is_another_version_with_its_text(poller: Poller, register: Any, desk: Desk) -> None:
    poller.poll(register)
    desk.on_file = [filing(editorial_note=WITHDRAWN)]
    assert poller.poll(register, after=timedelta(days=5)) == {"Fetched": 1, "Finished": 1}
    document = poller.fetched[0].document
    assert (document.raw, document.available) == (TEXT, FILED)
    assert json.loads(document.metadata or b"")["editorial_note"] == WITHDRAWN
    assert poller.poll(register, after=timedelta(days=5)) == {"Finished": 1}


def test_a_withdrawal_that_takes_the_text_away_is_on_record(poller: Poller, register: Any, desk: Desk) -> None:
    poller.poll(register)
    desk.on_file, desk.files = [filing(editorial_note=WITHDRAWN)], {}
    poller.poll(register, after=timedelta(hours=1))
    document = poller.fetched[0].document
    assert (document.rendition, document.media_type) == ("inspection", "application/json")
    assert document.raw == document.metadata
    assert WITHDRAWN.encode() in document.raw
    assert poller.poll(register, after=timedelta(hours=2)) == {"Unchanged": 1, "Finished": 1}


def test_a_text_that_is_taken_away_changes_nothing_by_itself(poller: Poller, register: Any, desk: Desk) -> None:
    poller.poll(register)
    text, desk.files = desk.files, {}
    assert poller.poll(register, after=timedelta(hours=1)) == {"Unchanged": 1, "Finished": 1}
    desk.files = text
    assert poller.poll(register, after=timedelta(hours=2)) == {"Unchanged": 1, "Finished": 1}


@pytest.mark.parametrize("status", [400, 404, 410])
def test_without_a_text_the_record_stands_in_until_there_is_one(
    poller: Poller, register: Any, desk: Desk, httpserver: HTTPServer, status: int
) -> None:
    desk.files, desk.status = {}, status
    assert poller.poll(register) == {"Fetched": 1, "Finished": 1}
    item = poller.fetched[0]
    assert (item.document.media_type, item.document.available) == ("application/json", FILED)
    assert json.loads(item.document.raw)["document_number"] == "2019-22300"
    assert item.answer.url.startswith(httpserver.url_for(INSPECTION))
    desk.files = {"2019-22300.txt": TEXT}
    poller.poll(register, after=timedelta(days=4))
    assert [item.document.raw for item in poller.fetched] == [TEXT]


def test_a_record_without_an_address_of_a_text_is_captured_once(
    poller: Poller, register: Any, desk: Desk, asked: Callable[[], list[str]]
) -> None:
    desk.on_file = [filing(raw_text_url=None, title=None, publication_date=None)]
    poller.poll(register)
    document = poller.fetched[0].document
    assert (document.media_type, document.published) == ("application/json", None)
    assert document.title == "Export Administration Regulations: Additions"
    assert poller.poll(register) == {"Finished": 1}
    assert not [path for path in asked() if path.startswith("/public-inspection")]


def test_published_under_the_same_number_it_is_a_later_version_of_one_stream(
    poller: Poller, register: Any, desk: Desk, app: App
) -> None:
    def take_in() -> None:
        for item in poller.fetched:
            provenance = Provenance(url=item.answer.url, at=item.answer.fetched_at, status=item.answer.status)
            record(item.document, provenance, app.config.registers, app.ledger, app.archive, poller.clock.now())

    poller.poll(register)
    take_in()
    desk.published, desk.files["2019-22300.xml"] = [published()], XML
    assert poller.poll(register, after=timedelta(days=2)) == {"Fetched": 1, "Finished": 1}
    take_in()
    events = [one.event for one in app.ledger.stream("document/federal-register/2019-22300")]
    versions = [(one.document_version, one.rendition) for one in events if isinstance(one, DocumentCaptured)]
    assert versions == [(1, "inspection"), (2, "xml")]
    desk.on_file = [filing(editorial_note="It is late in leaving the desk.")]
    assert poller.poll(register, after=timedelta(days=2)) == {"Unchanged": 1, "Finished": 1}


def test_dashes_in_numbers_are_healed(poller: Poller, register: Any, desk: Desk) -> None:
    desk.on_file = [filing("2019\u201322300", raw_text_url=filing()["raw_text_url"])]
    poller.poll(register)
    assert poller.fetched[0].document.key == "2019-22300"
    desk.published, desk.files["2019-22300.xml"] = [published()], XML
    assert poller.poll(register, after=timedelta(days=2)) == {"Fetched": 1, "Finished": 1}
    assert poller.fetched[0].document.rendition == "xml"


def test_only_rules_of_the_agencies_are_taken(poller: Poller, register: Any, desk: Desk) -> None:
    other = {"raw_name": "Coast Guard", "slug": "coast-guard"}
    desk.on_file = [
        filing("2019-1", type="Notice"),
        filing("2019-2", type="Proposed Rule"),
        filing("2019-3", type="Presidential Document"),
        filing("2019-4", agencies=[other]),
        filing("2019-5", agencies=[other, {"slug": BUREAU}]),
        filing("C1-2019-6"),
    ]
    poller.poll(register)
    assert [item.document.key for item in poller.fetched] == ["2019-5", "C1-2019-6"]


def test_it_is_left_out_of_backfills_and_where_it_is_not_wanted(
    poller: Poller, httpserver: HTTPServer, desk: Desk, register: Any, asked: Callable[[], list[str]]
) -> None:
    poller.poll(register, since=date(2019, 10, 1))
    table = {"id": "quiet", "kind": "federal-register", "base_url": httpserver.url_for("/")}
    poller.poll(poller.settings(**table, agencies=[BUREAU], inspection=False))
    poller.poll(poller.settings(**table))  # without agencies it would be all rules of the government
    assert set(asked()) == {"/api/v1/documents.json"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 404),
        ("", 503),
        ("<!DOCTYPE html><html><body>Sign in</body></html>", 200),
        ("{", 200),
        ("[]", 200),
        ('{"results": []}', 200),
        ('{"count": 3}', 200),
        ('{"count": 1, "results": [3]}', 200),
        ('{"count": 2, "results": [{"document_number": "2019-1"}, {"type": "Rule"}]}', 200),
        ('{"count": 1, "results": [{"type": ["Rule"]}]}', 200),
        ('{"errors": {"agencies": "is not valid"}}', 200),
    ],
)
def test_a_failing_endpoint_is_one_failure_and_leaves_the_rest(
    poller: Poller, register: Any, httpserver: HTTPServer, body: str, status: int
) -> None:
    httpserver.expect_request(INSPECTION).respond_with_data(body, status, content_type="application/json")
    desk = Desk(httpserver)
    desk.published, desk.files = [published()], {"2019-22300.xml": XML}
    assert poller.poll(register) == {"Fetched": 1, "Failed": 1, "Finished": 1}
    assert "\n" not in poller.failed[0].error
    assert "public-inspection-documents/current.json" in poller.failed[0].error
    assert poller.failed[0].hint
    assert poller.archive.get(poller.failed[0].raw or "", b"") == body.encode()
    assert poller.state.source("register").reached == "2019-10-09"


def test_a_long_retry_after_is_kept_for_the_next_poll(poller: Poller, register: Any, httpserver: HTTPServer) -> None:
    httpserver.expect_request(INSPECTION).respond_with_data("", 503, headers={"Retry-After": "7200"})
    Desk(httpserver)
    poller.poll(register)
    assert poller.state.source("register").next_check == NOW + timedelta(hours=2)


def test_one_bad_record_or_text_does_not_stop_the_others(poller: Poller, register: Any, desk: Desk) -> None:
    bad = filing("2019-1", filed_at="yesterday")
    desk.on_file = [bad, filing("2019-2"), filing("2019-3", raw_text_url="http://[x"), filing()]
    desk.files["2019-2.txt"] = b"<html><body>Sign in</body></html>"
    assert poller.poll(register) == {"Failed": 3, "Fetched": 1, "Finished": 1}
    told = [item.error for item in poller.failed]
    assert [word in error for word, error in zip(("2019-1 is not as expected", "login", "[x"), told, strict=True)] == [True] * 3
    assert isinstance(poller.items[-1], Finished)
    assert poller.state.source("register").reached == "2019-10-09"


def test_a_host_that_fails_again_and_again_is_left_alone(poller: Poller, register: Any, desk: Desk) -> None:
    desk.on_file, desk.files, desk.status = [filing(f"2019-{number}") for number in range(6)], {}, 500
    assert poller.poll(register) == {"Failed": 3, "Finished": 1}
    assert "3 requests in a row" in poller.failed[-1].error


@pytest.mark.parametrize(
    ("base", "link", "address"),
    [
        (GENUINE, "https://public-inspection.federalregister.gov/1.txt?7", "https://public-inspection.federalregister.gov/1.txt?7"),
        (f"{GENUINE}/", f"{GENUINE}/public-inspection/1.txt", f"{GENUINE}/public-inspection/1.txt"),
        (GENUINE, "/raw/1.txt", f"{GENUINE}/raw/1.txt"),
        ("http://mirror.example/", "https://public-inspection.federalregister.gov/1.txt", "http://mirror.example/public-inspection/1.txt"),
        ("http://mirror.example", "https://public-inspection.federalregister.gov/a/1.txt?7", "http://mirror.example/public-inspection/a/1.txt?7"),
        ("http://mirror.example", "http://mirror.example/elsewhere/1.txt", "http://mirror.example/elsewhere/1.txt"),
        ("http://mirror.example", f"{GENUINE}/documents/1.txt", "http://mirror.example/documents/1.txt"),
        ("http://mirror.example", None, None),
    ],
)  # fmt: skip
def test_where_a_text_is_asked_for(base: str, link: str | None, address: str | None) -> None:
    assert text_address(link, base) == address


def test_a_link_on_the_mirror_itself_is_followed(poller: Poller, register: Any, desk: Desk, httpserver: HTTPServer) -> None:
    desk.on_file = [filing(raw_text_url=httpserver.url_for("/elsewhere/2019-22300.txt"))]
    poller.poll(register)
    assert poller.fetched[0].answer.url == httpserver.url_for("/elsewhere/2019-22300.txt")


# The simulated world


@pytest.fixture
def worldly(poller: Poller, world: World) -> Any:
    return poller.settings(
        id="register", kind="federal-register", base_url=world.base, agencies=[BUREAU], cfr={"title": 15, "part": 744}
    )


def poll_at(poller: Poller, source: Any, world: World, at: datetime) -> dict[str, int]:
    world.site.now = at
    return poller.poll(source, after=at - NOW)


@pytest.mark.parametrize("links", ["local", "real"])
def test_the_world_s_filing_of_84_fr_54002(
    poller: Poller, worldly: Any, world: World, monkeypatch: pytest.MonkeyPatch, links: str
) -> None:
    monkeypatch.setattr(world.site, "links", links)
    before = datetime(2019, 10, 7, 20, 14, tzinfo=UTC)
    poll_at(poller, worldly, world, before)
    assert "2019-22210" not in [item.document.key for item in poller.fetched]
    poll_at(poller, worldly, world, before + timedelta(minutes=1))
    (item,) = poller.fetched
    assert (item.document.key, item.document.rendition) == ("2019-22210", "inspection")
    assert item.document.available == datetime(2019, 10, 7, 20, 15, tzinfo=UTC)
    assert b"2019-22210" in item.document.raw
    assert poll_at(poller, worldly, world, before + timedelta(hours=2)) == {"Unchanged": 1, "Finished": 1}
    poll_at(poller, worldly, world, NOW)
    assert [(item.document.key, item.document.rendition) for item in poller.fetched] == [("2019-22210", "xml")]


def test_the_world_s_withdrawn_rule(poller: Poller, worldly: Any, world: World) -> None:
    withdrawn = world.site.world.withdrawn[0]
    noon = datetime(withdrawn.pub.year, withdrawn.pub.month, withdrawn.pub.day, 17, tzinfo=UTC)
    versions = []
    for day in range(-6, 3):
        poll_at(poller, worldly, world, noon + timedelta(days=day))
        assert not poller.failed
        versions += [item.document for item in poller.fetched if item.document.key == withdrawn.number]
    assert [one.rendition for one in versions] == ["inspection", "inspection"]
    assert [bool(json.loads(one.metadata or b"")["editorial_note"]) for one in versions] == [False, True]
    assert all(one.key in one.raw.decode() for one in versions)


@pytest.mark.parametrize("kind", ["500", "login", "empty", "not_json", "reset", "redirect_loop", "truncate"])
def test_faults_of_the_world_s_inspection_leave_its_register(poller: Poller, worldly: Any, world: World, kind: str) -> None:
    world.fault(kind, "public-inspection-documents")
    assert poll_at(poller, worldly, world, NOW) == {"Fetched": 1, "Failed": 1, "Finished": 1}
    assert poller.state.source("register").reached == "2019-10-09"
