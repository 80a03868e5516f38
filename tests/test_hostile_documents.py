"""Bombs among the documents of a poll and of an ingest: each is on record with its reason, and the others are taken in."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from pytest_httpserver import HTTPServer

from events.documents import DocumentCaptured, DocumentRead
from events.statements import TieEnded
from tests import hostile
from tracker.app import App
from tracker.ledger import Ledger
from tracker.poll import poll
from tracker.worker import WORKER

Tracker = Callable[..., Result]
GOOD = "<html><head><title>MIT ends ties with Huawei</title></head><body><article>{}</article></body></html>".format(
    "<p>MIT ended its ties with Huawei on Tuesday, the university said in a statement to its staff.</p>" * 2
).encode()
PAGE = b"<!DOCTYPE html><html><head><title>A page</title></head><body>"
BOMBS = {
    "deeply nested": PAGE + b"<div>" * 300_000 + b"MIT ended its ties with Huawei.",
    "unclosed paragraphs": PAGE + b"<p><b>" * 200_000 + b"MIT ended its ties with Huawei.",
    "a huge attribute": PAGE + b'<p title="' + b"a" * 1_500_000 + b'">MIT</p>',
    "many attributes": PAGE + b"<p " + b" ".join(b"a%d=1" % number for number in range(100_000)) + b">MIT</p>",
    "scripts": PAGE + b"<script " * 150_000,
    "comments": PAGE + b"<!--" * 150_000,
    "less than": PAGE + b"<" * 1_000_000,
    "blanks": PAGE + b"<p>MIT" + b" \t" * 190_000 + b"Huawei</p>",
    "entities": b'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "MIT ended its ties with Huawei.">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + depth, b"&%c;" % (97 + depth) * 10) for depth in range(9))
    + b"]><html><body><p>&j;</p></body></html>",
    "half a script": PAGE + b'<script type="application/ld+json">' + b"[" * 300_000 + b"</script><p>MIT</p>",
}
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + depth, b"&%c;" % (97 + depth) * 10) for depth in range(9))
    + b"]><rss><channel><title>&j;</title></channel></rss>"
)
FEED_BOMBS = {
    "entities": ENTITIES,
    "doctypes": b"<!DOCTYPE[" * 300_000,
    "deep": b'<rss version="2.0"><channel>' + b"<item>" * 400_000,
}


@pytest.fixture
def _little_time(config_directory: Path) -> None:
    """A little time for each document."""
    (config_directory / "tracker.toml").write_text('[worker]\ntimeout = "4s"\n')


def feed(httpserver: HTTPServer, *paths: str) -> bytes:
    items = "".join(f"<item><title>MIT and Huawei</title><link>{httpserver.url_for(path)}</link></item>" for path in paths)
    return f'<rss version="2.0"><channel><title>The Post</title>{items}</channel></rss>'.encode()


def outlets(folder: Path, httpserver: HTTPServer, *names: str) -> None:
    with (folder / "tracker.toml").open("a") as file:
        file.write("[http]\nallow_private = true\nper_host_gap = 0\nobey_robots = false\nretries = 0\n")
    source = '[[source]]\nid = "{0}"\nkind = "feed"\nlanguage = "en"\nurl = "{1}"\n'
    (folder / "sources.toml").write_text("".join(source.format(name, httpserver.url_for(f"/{name}/feed")) for name in names))


def readings(ledger: Ledger) -> dict[str, DocumentRead]:
    return {one.stream: one.event for one in ledger.read() if isinstance(one.event, DocumentRead)}


def read_by(monkeypatch: pytest.MonkeyPatch, deeds: dict[str, Callable[[], object]]) -> None:
    """The documents named here meet a fault of a parser's own, which no document causes on every machine alike."""
    call = WORKER.call

    def deadly(about: str, function: Callable[..., object], *arguments: object, **more: object) -> object:
        return call(about, deeds[about]) if about in deeds else call(about, function, *arguments, **more)

    monkeypatch.setattr(WORKER, "call", deadly)


@pytest.mark.usefixtures("_little_time")
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_page_that_is_a_bomb_is_taken_in_or_failed_and_the_next_one_read(
    app: App, config_directory: Path, httpserver: HTTPServer, bomb: str
) -> None:
    outlets(config_directory, httpserver, "post")
    httpserver.expect_request("/post/feed").respond_with_data(feed(httpserver, "/good", "/bomb"), content_type="text/xml")
    httpserver.expect_request("/bomb").respond_with_data(BOMBS[bomb], content_type="text/html")
    httpserver.expect_request("/good").respond_with_data(GOOD, content_type="text/html")
    (outcome,) = poll(app, app.config.sources)
    found = readings(app.ledger)
    good = found.pop(f"document/post/{httpserver.url_for('/good')}")
    assert (good.failure, good.statements) == (None, 1)
    for stream, event in found.items():
        assert stream.endswith("/bomb")
        assert event.failure is None or "\n" not in event.failure
    raws = [one.event.raw for one in app.ledger.read() if isinstance(one.event, DocumentCaptured) and one.stream in found]
    assert raws or "/bomb" in (outcome.error or ""), "on record, or told"
    assert all(app.archive.get(raw) == BOMBS[bomb] for raw in raws)


def test_a_page_that_never_comes_to_its_end_says_where_it_stopped(
    app: App, config_directory: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (config_directory / "tracker.toml").write_text('[worker]\ntimeout = "2s"\n')
    outlets(config_directory, httpserver, "post")
    httpserver.expect_request("/post/feed").respond_with_data(feed(httpserver, "/bomb"), content_type="text/xml")
    httpserver.expect_request("/bomb").respond_with_data(GOOD, content_type="text/html")
    read_by(monkeypatch, {httpserver.url_for("/bomb"): hostile.spin})
    poll(app, app.config.sources)
    (event,) = readings(app.ledger).values()
    assert re.fullmatch(r"not read: it did not end within 2 s \(in hostile.py, line \d+, spin\)", event.failure or "")
    head = app.ledger.head()
    poll(app, app.config.sources)
    assert app.ledger.head() == head, "the same bytes are not tried again"


@pytest.mark.usefixtures("_little_time")
@pytest.mark.parametrize("bomb", FEED_BOMBS)
def test_a_feed_that_is_a_bomb_fails_its_source_alone(
    app: App, config_directory: Path, httpserver: HTTPServer, bomb: str
) -> None:
    outlets(config_directory, httpserver, "bad", "post")
    httpserver.expect_request("/bad/feed").respond_with_data(FEED_BOMBS[bomb], content_type="text/xml")
    httpserver.expect_request("/post/feed").respond_with_data(feed(httpserver, "/good"), content_type="text/xml")
    httpserver.expect_request("/good").respond_with_data(GOOD, content_type="text/html")
    outcomes = poll(app, app.config.sources)
    assert [one.status for one in outcomes] == ["failed", "ok"]
    assert httpserver.url_for("/bad/feed") in (outcomes[0].error or "")
    assert any(isinstance(one.event, TieEnded) for one in app.ledger.read())


@pytest.mark.parametrize(("deed", "why"), [("crash", "signal SIGABRT"), ("eat", "MiB of memory")])
def test_a_reader_that_dies_fails_its_document_alone(
    tracker: Tracker, tmp_path: Path, home: Path, config_directory: Path, monkeypatch: pytest.MonkeyPatch, deed: str, why: str
) -> None:
    files = [tmp_path / name for name in ("a.txt", "b.txt", "c.txt")]
    for file in files:
        file.write_text(f"{file.name}: MIT ended its ties with Huawei on 3 April 2019, the university said.")
    read_by(monkeypatch, {files[1].absolute().as_uri(): getattr(hostile, deed)})
    (config_directory / "tracker.toml").write_text(f"[worker]\nmemory = {1024**3}\n")
    result = tracker("ingest", *files, "--json")
    assert result.exit_code == 3
    assert f"{files[1]}: not read: " in result.stderr
    assert why in result.stderr
    ledger = Ledger(home / "ledger.db")
    failures = [event.failure for event in readings(ledger).values()]
    assert [bool(failure) for failure in failures] == [False, True, False]
    assert sum(isinstance(one.event, TieEnded) for one in ledger.read()) == 2
    ledger.close()
