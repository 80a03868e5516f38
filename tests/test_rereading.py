"""Reading the archive again: only what reads otherwise is recorded, and never in a dry run."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from events.documents import DocumentRead
from projections import queries
from projections.claims import PRESENT, Horizon
from tests.builders import NOW, ended
from tests.conftest import Tracker
from tracker.app import App
from tracker.archive import Provenance
from tracker.config import packaged_directory
from tracker.errors import UsageError
from tracker.readers.base import Document, Reading
from tracker.readers.registry import READERS
from tracker.reading import record
from tracker.replay import leaving, replay
from tracker.rereading import documents_named, reread

ARTICLE = Document(
    source="post", kind="article", key="https://post.example/a", url="https://post.example/a", rendition="text",
    raw=b"MIT and Huawei", charset="latin-1", timezone="Europe/Paris", published="2019-04-04",
)  # fmt: skip


def reader(extent: tuple[Any, ...], seen: list[Document], version: int = 1) -> Any:
    """A reader that says the same of every document, and keeps what it was given."""

    def read(document: Document, _: Any) -> Reading:
        seen.append(document)
        statement = ended("2019-04-03", claim="", extent=extent)
        evidence = msgspec.structs.replace(statement.evidence, text="", start=0, end=3)
        said = msgspec.structs.replace(statement, evidence=evidence)
        return Reading(reader="words", reader_version=version, text="MIT and Huawei", statements=(said,))

    return ("words", version, read)


@pytest.fixture
def recorded(app: App, monkeypatch: pytest.MonkeyPatch, in_this_process: None) -> App:
    monkeypatch.setitem(READERS, "article", reader(("all",), []))
    record(ARTICLE, Provenance(url=ARTICLE.url, at=NOW), app.config.registers, app.ledger, app.archive, NOW)
    return app


def test_the_same_reading_again_adds_nothing(recorded: App, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Document] = []
    monkeypatch.setitem(READERS, "article", reader(("all",), seen, version=2))
    head = recorded.ledger.head()
    assert list(reread(recorded, documents_named(recorded, ()), dry_run=False)) == []
    assert recorded.ledger.head() == head
    assert seen == [msgspec.structs.replace(ARTICLE, media_type=None)], "the reader is given what it was given first"


def test_a_better_reading_is_recorded_and_counts(recorded: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(READERS, "article", reader(("new-engagements",), [], version=2))
    stream = ARTICLE.stream
    head = recorded.ledger.head()
    (preview,) = reread(recorded, [stream], dry_run=True)
    assert recorded.ledger.head() == head
    (done,) = reread(recorded, [stream], dry_run=False)
    assert preview == done
    assert (done.added, done.withdrawn, len(done.changed)) == ((), (), 1), "the claim keeps its id"
    recorded.views.catch_up()
    with recorded.views.store.reading() as database:
        (entry,) = queries.timeline(database, "institution:mit", PRESENT)
        (first, second) = queries.changes(database)
    assert entry.extent == ("new-engagements",)
    assert (first.kind, second.kind) == ("learnt", "reread")
    versions = [one.event for one in recorded.ledger.stream(stream) if isinstance(one.event, DocumentRead)]
    assert [(event.document_version, event.reader_version) for event in versions] == [(1, 1), (1, 2)]


def test_documents_are_named_by_stream_or_number(recorded: App) -> None:
    assert documents_named(recorded, [ARTICLE.stream]) == [ARTICLE.stream]
    assert documents_named(recorded, ["post.example/a"]) == [ARTICLE.stream]
    with pytest.raises(UsageError, match="no document"):
        documents_named(recorded, ["2019-00000"])


def test_a_replay_tries_todays_reader_and_records_nothing(recorded: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(READERS, "article", reader(("new-engagements",), [], version=2))
    recorded.views.catch_up()
    head = recorded.ledger.head()
    out = leaving(recorded, (), (), ("words@2",))
    (changed,) = replay(recorded, out, "2019-12-31", PRESENT)["timelines"]["changed"]
    assert "takes no new engagements" in changed["after"]["summary"]
    assert "takes no new engagements" not in changed["before"]["summary"]
    assert recorded.ledger.head() == head
    with pytest.raises(UsageError, match="nobody had read so"):
        replay(recorded, out, "2019-12-31", Horizon(position=head))
    assert not leaving(recorded, (), (), ("words@1",)).anew


@pytest.mark.slow
def test_a_preview_with_another_register_puts_nothing_on_record(tracker: Tracker, config_directory: Path, tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text("MIT cut its ties with Huawei on 3 April 2019, a spokesperson for MIT said on Thursday.\n")
    assert tracker("ingest", article).exit_code == 0
    before = tracker("anchor").stdout
    parties = (packaged_directory() / "parties.toml").read_text(encoding="utf-8")
    (config_directory / "parties.toml").write_text(parties.replace('id = "huawei"', 'id = "hua-wei"', 1), encoding="utf-8")
    assert len(json.loads(tracker("reread", "--dry-run", "--json").stdout)) == 1
    assert tracker("anchor").stdout == before
    assert len(json.loads(tracker("reread", "--json").stdout)) == 1
    assert tracker("anchor").stdout != before
