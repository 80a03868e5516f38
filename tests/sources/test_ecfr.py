"""The eCFR's versioner, against a real server on loopback."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from events.snapshots import from_lines
from tests.sources.conftest import NOW, Poller, World
from tracker.config import load_config
from tracker.errors import UsageError
from tracker.readers.ecfr import read_ecfr
from tracker.registers import Registers
from tracker.sources.base import Finished
from tracker.sources.ecfr import EcfrSettings, versions

DATA = Path(__file__).parents[1] / "data" / "ecfr"
LIST = (DATA / "list.xml").read_bytes()
API = "/api/versioner/v1"
APPENDIX = "Supplement No. 4 to Part 744"
KEY = "title-15-part-744-supplement-4"
LOGIN = b"<!DOCTYPE html><html><body><form><input type=password></form></body></html>"


def serve_titles(server: HTTPServer, day: str | None = "2019-10-07", busy: str = "") -> None:
    """What the eCFR says of its titles; `busy` is the flag that it raises while it takes in an issue."""
    title = {"number": 15, "name": "Commerce", "latest_issue_date": day, "up_to_date_as_of": day, "reserved": False}
    title |= {"processing_in_progress": busy == "processing"}
    meta = {"date": day, "import_in_progress": busy == "import"}
    other = {"number": 35, "name": "Reserved", "up_to_date_as_of": None, "reserved": True}
    server.expect_request(f"{API}/titles.json").respond_with_json({"titles": [other, title], "meta": meta})


def serve_list(server: HTTPServer, day: str = "2019-10-07", body: bytes = LIST, status: int = 200, etag: str = "") -> None:
    def respond(request: Request) -> Response:
        assert request.query_string.decode() == f"part=744&appendix={quote(APPENDIX)}"
        if etag and request.headers.get("If-None-Match") == etag:
            return Response(b"", 304, {"ETag": etag})
        return Response(body, status, {"ETag": etag} if etag else {}, content_type="application/xml; charset=utf-8")

    server.expect_request(f"{API}/full/{day}/title-15.xml").respond_with_handler(respond)


def serve_versions(server: HTTPServer, *days: str) -> None:
    found = [{"date": day, "identifier": APPENDIX, "part": "744", "substantive": True} for day in days]
    found.append({"date": "2018-01-01", "identifier": "744.11", "part": "744", "substantive": True})
    server.expect_request(f"{API}/versions/title-15.json").respond_with_json({"content_versions": found, "meta": {}})


@pytest.fixture
def ecfr(poller: Poller, httpserver: HTTPServer) -> Any:
    return poller.settings(id="ecfr", kind="ecfr", base_url=httpserver.url_for("/"))


def test_the_copy_of_the_latest_day_comes_as_xml(poller: Poller, ecfr: Any, httpserver: HTTPServer) -> None:
    serve_titles(httpserver)
    serve_list(httpserver)
    assert poller.poll(ecfr) == {"Fetched": 1, "Finished": 1}
    document = poller.fetched[0].document
    assert (document.source, document.kind, document.key, document.rendition) == ("ecfr", "ecfr", KEY, "xml")
    assert (document.raw, document.charset, document.media_type) == (LIST, "utf-8", "application/xml")
    assert (document.published, document.available, document.timezone) == ("2019-10-07", NOW, "America/New_York")
    assert (document.outlet, document.language, document.title) == ("eCFR", "en", f"{APPENDIX}, as of 2019-10-07")
    assert document.url == f"https://www.ecfr.gov/on/2019-10-07/title-15/part-744/appendix-{quote(APPENDIX)}"
    state = poller.state.source("ecfr")
    assert (state.reached, state.last_ok, state.next_check) == ("2019-10-07", NOW, NOW + timedelta(hours=12))


def test_each_day_s_copy_is_asked_for_once(
    poller: Poller, ecfr: Any, httpserver: HTTPServer, asked: Callable[[], list[str]]
) -> None:
    serve_titles(httpserver)
    serve_list(httpserver)
    poller.poll(ecfr)
    asked()
    assert poller.poll(ecfr, after=timedelta(hours=12)) == {"Unchanged": 1, "Finished": 1}
    assert asked() == [f"{API}/titles.json"]
    assert isinstance(poller.items[-1], Finished)
    assert poller.items[-1].unchanged
    httpserver.clear_all_handlers()
    serve_titles(httpserver, "2019-10-04")  # a stale answer takes nothing back
    assert poller.poll(ecfr, after=timedelta(days=1)) == {"Unchanged": 1, "Finished": 1}
    httpserver.clear_all_handlers()
    serve_titles(httpserver, "2019-10-08")
    serve_list(httpserver, "2019-10-08")
    assert poller.poll(ecfr, after=timedelta(days=2)) == {"Fetched": 1, "Finished": 1}
    document = poller.fetched[0].document
    assert (document.key, document.published) == (KEY, "2019-10-08")


@pytest.mark.parametrize("flag", ["import", "processing"])
def test_nothing_is_taken_while_an_issue_comes_in(poller: Poller, ecfr: Any, httpserver: HTTPServer, flag: str) -> None:
    serve_titles(httpserver, busy=flag)
    assert poller.poll(ecfr) == {"Finished": 1}
    state = poller.state.source("ecfr")
    assert (state.reached, state.last_ok, state.next_check) == (None, None, NOW + timedelta(hours=1))


def test_a_baseline_is_one_copy_of_the_past(poller: Poller, ecfr: Any, httpserver: HTTPServer) -> None:
    serve_titles(httpserver)
    serve_list(httpserver, "2018-03-01", etag='"1"')
    since, until = date(2018, 3, 1), date(2018, 12, 31)
    assert poller.poll(ecfr, since=since, until=until) == {"Fetched": 1, "Finished": 1}
    document = poller.fetched[0].document
    assert (document.kind, document.key, document.published) == ("ecfr-baseline", f"{KEY}/2018-03-01", "2018-03-01")
    assert document.available is None
    assert "/on/2018-03-01/" in document.url
    state = poller.state.source("ecfr")
    assert (state.reached, state.next_check, state.last_ok) == (None, None, NOW)
    assert poller.poll(ecfr, since=since) == {"Unchanged": 1, "Finished": 1}
    assert httpserver.log[-1][0].headers["If-None-Match"] == '"1"'
    serve_list(httpserver, "2018-12-31")
    assert poller.poll(ecfr, until=until) == {"Fetched": 1, "Finished": 1}
    serve_list(httpserver)
    assert poller.poll(ecfr) == {"Fetched": 1, "Finished": 1}


@pytest.mark.parametrize("day", [date(2016, 12, 31), date(2019, 10, 8), date(2031, 1, 1)])
def test_a_day_without_a_copy_is_told_with_those_that_have_one(
    poller: Poller, ecfr: Any, httpserver: HTTPServer, asked: Callable[[], list[str]], day: date
) -> None:
    serve_titles(httpserver)
    with pytest.raises(UsageError, match=f"the eCFR has no copy of {day}") as caught:
        poller.poll(ecfr, since=day)
    assert caught.value.hint == "Choose a day from 2017-01-03 to 2019-10-07."
    assert asked() == [f"{API}/titles.json"]


def test_a_copy_that_is_not_there_is_told_with_what_the_ecfr_knows(poller: Poller, ecfr: Any, httpserver: HTTPServer) -> None:
    serve_titles(httpserver)
    serve_list(httpserver, body=b'{"error": "not available"}', status=404)
    poller.poll(ecfr)
    assert poller.error is not None
    assert str(poller.error) == f"the eCFR has no {APPENDIX} of 2019-10-07"
    assert poller.error.hint == "the eCFR reaches from 2017-01-03 to 2019-10-07"
    assert poller.archive[poller.error.raw or ""] == b'{"error": "not available"}'
    serve_versions(httpserver, "2017-01-03", "2019-10-04")
    poller.poll(ecfr)
    assert (poller.error.hint or "").endswith("; it has the appendix since 2017-01-03, changed last on 2019-10-04")
    assert versions(ecfr, poller.client) == (date(2017, 1, 3), date(2019, 10, 4))


def test_an_appendix_that_nobody_knows_is_a_matter_of_the_settings(poller: Poller, ecfr: Any, httpserver: HTTPServer) -> None:
    serve_titles(httpserver)
    serve_list(httpserver, status=404)
    serve_versions(httpserver)
    poller.poll(ecfr)
    assert poller.error is not None
    assert "check title, part and appendix in sources.toml" in (poller.error.hint or "")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "it is empty"),
        (LOGIN, "an HTML page, perhaps a login"),
        (LIST[: len(LIST) // 2], "is not the XML of"),
        (b'{"error": "later"}', "is not the XML of"),
        (b"<errors><error>later</error></errors>", "it is <errors>"),
        (b'<!DOCTYPE a [<!ENTITY b "bbbb">]><DIV9>&b;</DIV9>', "it declares entities"),
        (b"<DIV5><HEAD>PART 744</HEAD></DIV5>", "no appendix (DIV9) is in it"),
    ],
)
def test_what_is_no_copy_fails_the_poll_and_is_kept(
    poller: Poller, ecfr: Any, httpserver: HTTPServer, body: bytes, words: str
) -> None:
    serve_titles(httpserver)
    serve_list(httpserver, body=body)
    assert poller.poll(ecfr) == {}
    assert poller.error is not None
    assert words in str(poller.error)
    assert poller.archive.get(poller.error.raw or "", b"") == body
    assert poller.state.source("ecfr").reached is None
    httpserver.clear_all_handlers()
    serve_titles(httpserver)
    serve_list(httpserver)
    assert poller.poll(ecfr) == {"Fetched": 1, "Finished": 1}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (LOGIN, "perhaps a login"),
        (b"[]", "did not answer as expected"),
        (b"not json", "did not answer as expected"),
        (b'{"titles": [{"number": 14, "up_to_date_as_of": "2019-10-07"}]}', "does not say up to which day title 15"),
        (b'{"titles": [{"number": 15, "up_to_date_as_of": "soon"}]}', "did not answer as expected"),
    ],
)
def test_titles_that_say_nothing_fail_the_poll(
    poller: Poller, ecfr: Any, httpserver: HTTPServer, body: bytes, words: str
) -> None:
    httpserver.expect_request(f"{API}/titles.json").respond_with_data(body, content_type="application/json")
    assert poller.poll(ecfr) == {}
    assert poller.error is not None
    assert words in str(poller.error)
    assert poller.archive[poller.error.raw or ""] == body


def test_a_list_that_collapses_does_not_pass_as_one(poller: Poller, httpserver: HTTPServer) -> None:
    serve_titles(httpserver)
    serve_list(httpserver)
    source = poller.settings(id="ecfr", kind="ecfr", base_url=httpserver.url_for("/"), expect={"min": 500})
    assert poller.poll(source) == {}
    assert "holds 10 entries, 500 to any number are expected" in str(poller.error)


def test_the_key_follows_the_settings_and_these_are_checked() -> None:
    assert EcfrSettings(id="ecfr", kind="ecfr").key == KEY
    other = EcfrSettings(id="ecfr", kind="ecfr", title=22, part="120A", appendix="Appendix B to Part 120A")
    assert other.key == "title-22-part-120a-appendix-b"
    for wrong in ({"base_url": "ftp://a.example"}, {"title": 0}, {"appendix": " "}):
        with pytest.raises(ValueError, match="source ecfr: "):
            EcfrSettings(id="ecfr", kind="ecfr", **wrong)


def test_the_world_s_list_over_some_days(poller: Poller, world: World) -> None:
    source = poller.settings(id="ecfr", kind="ecfr", base_url=world.base)
    assert poller.poll(source) == {"Fetched": 1, "Finished": 1}
    document = poller.fetched[0].document
    assert document.published == "2019-10-07"
    assert len(from_lines(read_ecfr(document, Registers()).text)) > 1000
    assert poller.poll(source, after=timedelta(hours=1)) == {"Unchanged": 1, "Finished": 1}
    world.site.now = NOW + timedelta(days=2)
    assert poller.poll(source, after=timedelta(days=2)) == {"Fetched": 1, "Finished": 1}
    assert poller.poll(source, since=date(2018, 1, 2)) == {"Fetched": 1, "Finished": 1}
    assert poller.fetched[0].document.published == "2018-01-02"


@pytest.mark.parametrize("kind", ["login", "empty", "truncate", "not_json", "503", "bad_gzip", "huge", "bomb", "wrong_type"])
def test_faults_of_the_world_fail_the_poll_or_do_no_harm(poller: Poller, world: World, kind: str) -> None:
    source = poller.settings(id="ecfr", kind="ecfr", base_url=world.base)
    world.fault(kind, "versioner/v1/full")
    found = poller.poll(source)
    assert found == ({"Fetched": 1, "Finished": 1} if kind == "wrong_type" else {})
    world.site.faults.clear()
    poller.poll(source)
    assert poller.error is None
    state = poller.state.source("ecfr")
    assert state.reached == "2019-10-07"


def test_the_packaged_source_is_there() -> None:
    (source,) = [one for one in load_config().sources if one.kind == "ecfr"]
    assert source == EcfrSettings(id="ecfr", kind="ecfr")
