"""PDF on its way in: from a file, from a feed whatever the server calls it, and where nothing can be read of it."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from click.testing import Result
from pytest_httpserver import HTTPServer

from events.documents import DocumentCaptured, DocumentRead
from events.statements import TieEnded
from tests.pdfs import assemble, column, pdf
from tests.test_hostile_documents import feed, outlets
from tracker.app import App
from tracker.archive import Archive
from tracker.ledger import Ledger
from tracker.poll import poll

Tracker = Callable[..., Result]
LETTER = (Path(__file__).parent / "data" / "pdf" / "letter.lines").read_text(encoding="utf-8")


def events(home: Path, kind: type) -> list[Any]:
    ledger = Ledger(home / "ledger.db")
    found = [one.event for one in ledger.read() if isinstance(one.event, kind)]
    ledger.close()
    return found


def locked(raw: bytes) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(raw))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_letter_is_taken_in_and_its_quotes_lie_in_the_archived_text(tracker: Tracker, tmp_path: Path, home: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf(column(LETTER), made="D:20190520101112Z"))
    result = tracker("ingest", path, "--url", "https://research.example/letter", "--published", "2019-04-03")
    assert result.exit_code == 0, result.stderr
    (captured,) = events(home, DocumentCaptured)
    assert (captured.key, captured.rendition) == ("https://research.example/letter", "pdf")
    assert captured.fetch.media_type == "application/pdf"
    timeline = json.loads(tracker("timeline", "mit", "--json").stdout)
    assert {(one["party"], tuple(one["extent"])) for one in timeline} == {
        ("huawei", ("new-engagements", "renewals")),
        ("zte", ("new-engagements", "renewals")),
    }
    quote = timeline[0]["evidence"][0]["quote"]
    assert quote.startswith("MIT accepts no new engagements with Huawei and ZTE and renews no existing ones")
    assert tracker("verify").exit_code == 0
    assert tracker("ingest", path, "--url", "https://research.example/letter").stdout.split()[-4:-3] == ["unchanged"]


def test_extract_says_that_the_file_s_own_date_is_not_used(tracker: Tracker, tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf(column(LETTER), made="D:20190520101112Z"))
    result = tracker("extract", path, "--json")
    assert "publication date" in result.stderr
    assert "made on 2019-05-20, which is not used" in result.stderr
    assert [row["type"] for row in json.loads(result.stdout)] == ["tie-ended", "tie-ended"]


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (locked(pdf(column(LETTER))), "encrypted"),
        (pdf(column(LETTER))[:700], "cut off before its end"),
        (assemble([b"q 9 0 0 9 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q"]), "no text"),
        (b"%PDF-1.7\n%%EOF\n", "damaged"),
    ],
    ids=["encrypted", "cut off", "picture", "empty"],
)
def test_what_cannot_be_read_is_archived_and_says_why(tracker: Tracker, tmp_path: Path, home: Path, raw: bytes, why: str) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(raw)
    result = tracker("ingest", path)
    assert result.exit_code == 3
    assert why in result.stderr
    (captured,) = events(home, DocumentCaptured)
    assert Archive(home / "archive").get(captured.raw) == raw
    (reading,) = events(home, DocumentRead)
    assert why in reading.failure


@pytest.mark.parametrize("content_type", ["application/pdf", "application/octet-stream", "text/html; charset=utf-8"])
def test_a_feed_may_lead_to_a_pdf(app: App, config_directory: Path, httpserver: HTTPServer, content_type: str) -> None:
    outlets(config_directory, httpserver, "office")
    httpserver.expect_request("/office/feed").respond_with_data(feed(httpserver, "/letter"), content_type="text/xml")
    httpserver.expect_request("/letter").respond_with_data(pdf(column(LETTER)), content_type=content_type)
    (outcome,) = poll(app, app.config.sources)
    assert (outcome.status, outcome.error) == ("ok", None)
    recorded = list(app.ledger.read())
    assert [one.event.rendition for one in recorded if isinstance(one.event, DocumentCaptured)] == ["pdf"]
    assert sum(isinstance(one.event, TieEnded) for one in recorded) == 2
    (outcome,) = poll(app, app.config.sources)
    assert outcome.documents == 0


def test_a_pdf_bomb_fails_alone(app: App, config_directory: Path, httpserver: HTTPServer) -> None:
    """A page of a few kilobytes that unpacks to a hundred megabytes of text, and one that draws itself for ever."""
    (config_directory / "tracker.toml").write_text('[worker]\ntimeout = "6s"\n')
    outlets(config_directory, httpserver, "office")
    paths = ("/good", "/large", "/many")
    httpserver.expect_request("/office/feed").respond_with_data(feed(httpserver, *paths), content_type="text/xml")
    httpserver.expect_request("/large").respond_with_data(assemble([b" " * 100_000_000], compress=True))
    line = b"BT /F1 9 Tf 1 0 0 1 9 9 Tm (MIT) Tj ET\n"
    httpserver.expect_request("/many").respond_with_data(assemble([line * 500_000], compress=True))
    httpserver.expect_request("/good").respond_with_data(pdf(column(LETTER)))
    poll(app, app.config.sources)
    found = {one.stream.rpartition("/")[2]: one.event for one in app.ledger.read() if isinstance(one.event, DocumentRead)}
    assert found["good"].statements == 2
    assert found["large"].failure
    why = found["many"].failure or ""  # a fast machine comes to the limit of memory first
    assert "it did not end within 6 s" in why or "none of its 1 pages can be read" in why
