"""Copies of lists: one that is damaged or has collapsed is not believed, and fails the source once."""

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from events.documents import Check, DocumentCaptured, DocumentRead, Quarantine
from events.operations import SourceFailed, SourceRecovered
from projections.claims import PRESENT
from projections.pending import pending
from tests.builders import LIST, NOW, append, reading
from tests.conftest import HandClock
from tests.screening import DPL, FIRST, LABELS, SDN, UVL, Screening, file_of, many, record
from tracker.app import App
from tracker.archive import Provenance
from tracker.copies import collapsed, take_copy
from tracker.errors import ConfigError, FetchError
from tracker.poll import prepare
from tracker.readers.base import Document
from tracker.sources.ecfr import EcfrSettings
from tracker.verify import verify

EL = "us-bis-el"
ECFR = Path(__file__).parent / "data" / "ecfr" / "list.xml"


@pytest.fixture
def screening(app: App, clock: HandClock, httpserver: HTTPServer, config_directory: Path) -> Screening:
    return Screening(app, clock, httpserver, config_directory)


def copies(screening: Screening) -> list[int]:
    """The versions of the whole file."""
    stream = screening.app.ledger.stream("document/csl/consolidated")
    return [one.event.document_version for one in stream if isinstance(one.event, DocumentCaptured)]


def test_the_outage_of_may_2024(screening: Screening) -> None:
    """On 6 May 2024 the Treasury's 15,000 rows were gone, for three days."""
    whole = {SDN: many(150, "Designated"), UVL: many(30), DPL: many(25, "Denied")}
    outage = {**whole, SDN: []}
    assert screening.poll(0, whole).status == "ok"
    outcomes = [screening.poll(day, outage) for day in (5, 6, 7)]
    assert {one.status for one in outcomes} == {"failed"}
    assert "us-ofac-sdn went from 150 to 0 entries (most_lost = 0.1)" in (outcomes[0].error or "")
    assert "set most_lost in the expect of csl in sources.toml" in (outcomes[0].error or "")
    assert screening.poll(8, whole).status == "unchanged", "the copy after is as the one before"
    (failed,) = screening.events(SourceFailed)
    assert isinstance(failed, SourceFailed)
    assert screening.app.archive.get(failed.raw or "") == file_of(outage, 5)
    assert len(screening.events(SourceRecovered)) == 1
    assert copies(screening) == [1]
    assert screening.waits() == []
    assert {topic for topic, _ in screening.statements()} == {"entity-added"}
    assert screening.app.state.source("csl").failures == 0
    assert verify(screening.app).problems == ()


def test_the_list_that_collapsed_may_be_a_followed_one(screening: Screening) -> None:
    """For longer than patience lasts; afterwards the absence counts from the first copy that is believed."""
    whole = {UVL: many(40), DPL: many(25, "Denied")}
    screening.poll(0, whole)
    for day in range(1, 6):
        assert screening.poll(day, {**whole, UVL: many(10)}).status == "failed"
    assert screening.poll(6, {**whole, UVL: many(39)}).status == "ok"
    assert screening.waits() == []
    assert screening.status("Entry 0039") == ["listed"]


def test_a_loss_that_is_genuine_is_taken_in_when_a_person_says_so(screening: Screening) -> None:
    screening.poll(0, {UVL: many(30), DPL: many(5)})
    less = {UVL: many(12), DPL: many(5)}
    assert screening.poll(1, less).status == "failed"
    screening.settings("{ most_lost = 0.7 }")
    assert screening.poll(1, less).status == "ok"
    screening.settings()
    assert screening.poll(2, less).status == "unchanged", "from now on it is held against the smaller one"
    assert len(screening.events(SourceFailed)) == len(screening.events(SourceRecovered)) == 1


@pytest.mark.parametrize(
    ("before", "now", "lost"),
    [(20, 17, True), (20, 18, False), (19, 0, False), (100, 90, False), (100, 89, True), (100, 300, False), (0, 5, False)],
)
def test_bounds(before: int, now: int, lost: bool) -> None:
    then, today = ([Check(name="entries", expected=str(n), found=str(n), where=UVL)] for n in (before, now))
    assert bool(collapsed(then, today, 0.1)) == lost
    assert collapsed(then, [], 0.1) == [], "a list that lists.toml names no more has no bounds"
    assert collapsed([], today, 0.1) == [], "a list that appears is fine"


def test_a_loss_is_measured_against_the_ledger_and_not_against_what_is_remembered(screening: Screening) -> None:
    screening.poll(0, {UVL: many(30)})
    screening.app.state.close()
    del screening.app.__dict__["state"]
    (screening.app.home / "state.db").unlink()
    assert screening.poll(1, {UVL: many(20)}).status == "failed"


CUT = file_of({UVL: many(30)})[:-500]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (CUT, "not all of it"),
        (file_of({UVL: many(30)}).replace(b'"name"', b'"full_name"'), "cannot be read"),
        (file_of({UVL: many(30)}).replace(b'"source"', b'"list"'), "cannot be read"),
        (
            file_of({UVL: many(30)}).replace(b"Unverified List", b"Doubtful List"),
            "none of its lists is one that lists.toml names",
        ),
        (file_of({}), "the file holds no records"),
    ],
    ids=["cut", "names", "sources", "label", "empty"],
)
def test_a_damaged_file_fails_once_and_is_asked_for_again(screening: Screening, body: bytes, words: str) -> None:
    screening.poll(0, {UVL: many(30)}, ETag='"good"')
    before = screening.app.ledger.head()
    for day in (1, 2):
        outcome = screening.poll(day, body=body, ETag='"bad"')
        assert outcome.status == "failed"
        assert words in (outcome.error or "")
        assert "\n" not in (outcome.error or "")
    assert screening.topics(before) == ["source-failed"]
    (failed,) = screening.events(SourceFailed)
    assert isinstance(failed, SourceFailed)
    assert screening.app.archive.get(failed.raw or "") == body
    assert screening.poll(3, {UVL: many(31)}, ETag='"bad"').status == "ok", "its validators were not remembered"
    assert screening.topics(before)[:1] == ["source-failed"]
    assert "source-recovered" in screening.topics(before)


def test_the_same_list_in_other_bytes_is_not_kept(screening: Screening) -> None:
    screening.poll(0, {UVL: many(3), DPL: many(3)})
    head, kept = screening.app.ledger.head(), list(screening.app.archive.digests())
    outcome = screening.poll(1, {DPL: many(3)[::-1], UVL: many(3)})
    assert (outcome.status, outcome.fetched, outcome.documents, outcome.events) == ("unchanged", 1, 0, 0)
    assert screening.app.ledger.head() == head
    assert list(screening.app.archive.digests()) == kept
    assert screening.app.state.source("csl").last_ok == screening.clock.at


def test_it_is_read_once(screening: Screening, monkeypatch: pytest.MonkeyPatch, in_this_process: None) -> None:
    from tracker.readers.registry import READERS

    name, version, reader = READERS["csl"]
    count: list[Document] = []

    def counting(document: Document, registers: Any) -> Any:
        count.append(document)
        return reader(document, registers)

    monkeypatch.setitem(READERS, "csl", (name, version, counting))
    screening.poll(0, {UVL: many(3)})
    assert len(count) == 1


def test_a_reader_that_crashes_fails_the_source(
    screening: Screening, monkeypatch: pytest.MonkeyPatch, in_this_process: None
) -> None:
    from tracker.readers.registry import READERS

    def broken(document: Document, registers: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setitem(READERS, "csl", ("csl", 1, broken))
    outcome = screening.poll(0, {UVL: many(3)})
    assert outcome.status == "failed"
    assert "the reader failed: ZeroDivisionError" in (outcome.error or "")
    assert screening.topics() == ["source-failed"]


def test_only_the_lists_are_on_record_as_used(screening: Screening) -> None:
    screening.poll(0, {UVL: many(3)})
    readings = [event for event in screening.events(DocumentRead) if isinstance(event, DocumentRead)]
    assert {tuple(event.registers) for event in readings} == {("lists",)}


@pytest.mark.parametrize("wrong", ["-0.1", "1.5"])
def test_what_may_be_lost_is_a_part(screening: Screening, wrong: str) -> None:
    screening.settings(f"{{ most_lost = {wrong} }}")
    with pytest.raises(ConfigError, match="most_lost is a part"):
        screening.app.config  # noqa: B018


# The eCFR


def ecfr(raw: bytes, day: str) -> Document:
    return Document(
        source="ecfr", kind="ecfr", key="title-15", url="https://www.ecfr.gov/x", rendition="xml", raw=raw, published=day,
        available=NOW,
    )  # fmt: skip


def test_a_copy_of_the_code_is_taken_in_when_it_differs(app: App) -> None:
    prepare(app)
    source = EcfrSettings(id="ecfr", kind="ecfr")
    whole = ECFR.read_bytes()
    provenance = Provenance(url="https://www.ecfr.gov/x", at=NOW)
    assert take_copy(app, source, ecfr(whole, "2019-10-09"), provenance)
    assert take_copy(app, source, ecfr(whole + b"\n", "2019-10-10"), provenance) == []
    with pytest.raises(FetchError, match="cannot be read") as caught:
        take_copy(app, source, ecfr(whole[: len(whole) // 2], "2019-10-11"), provenance)
    assert app.archive.get(caught.value.raw or "") == whole[: len(whole) // 2]
    assert app.ledger.streams("document/ecfr/") == ["document/ecfr/title-15"], "and nothing is followed"


def test_doubts_about_a_copy_are_no_entries_that_wait(app: App) -> None:
    """They are told when the copy is held against the rules; those of a baseline are all that is known."""
    part = Quarantine(list=LIST, reason="not understood", change="added", name="Acme")
    for number, kind in enumerate(("ecfr", "csl", "ecfr-baseline", "list-copy", "rule")):
        stream = f"document/some/{number}"
        captured, *rest = reading(stream, quarantined=(part,))
        append(app.ledger, stream, [_of_kind(captured, kind), *rest])
    with app.views.store.reading() as database:
        assert [one.document for one in pending(database, PRESENT)] == [f"document/some/{number}" for number in (2, 3, 4)]


def _of_kind(captured: Any, kind: str) -> DocumentCaptured:
    import msgspec

    changed = msgspec.structs.replace(captured, kind=kind)
    assert isinstance(changed, DocumentCaptured)
    return changed


def test_the_builders_file_is_one_that_the_reader_knows() -> None:
    made = json.loads(file_of({UVL: [record("Acme")]}))
    assert made["results"][0]["source"] == LABELS[UVL]
    assert made["search_performed_at"] == FIRST.replace(hour=9).isoformat()
