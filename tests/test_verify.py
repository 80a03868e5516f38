"""Verification: it finds what is missing, changed or cited wrongly, and says where."""

import hashlib
import json
import shutil
from pathlib import Path

import msgspec
import pytest

from events.base import Evidence
from events.documents import DocumentCaptured
from events.operations import DeliveryFailed, SourceFailed
from projections import run
from projections.facts import Facts
from projections.view import Unit
from tests.builders import TEXT, added, append, ended, reading
from tests.conftest import Tracker
from tests.test_chain import tamper
from tracker.anchors import head_of
from tracker.app import App
from tracker.errors import TrackerError
from tracker.verify import verify

STREAM = "document/post/a"


@pytest.fixture
def sound(app: App) -> App:
    """A home whose every cited object is there."""
    app.archive.put(b"words")
    events = reading(STREAM, ended("2019-04-03"))
    raw = app.archive.put(b"the page")
    assert isinstance(events[0], DocumentCaptured)
    events[0] = msgspec.structs.replace(events[0], raw=raw)
    append(app.ledger, STREAM, events)
    app.views.catch_up()
    return app


def test_a_sound_home_has_no_problems(sound: App) -> None:
    found = verify(sound)
    assert (found.events, found.objects, found.spans, found.problems) == (3, 2, 1, ())


def test_a_missing_object(sound: App) -> None:
    (sound.archive.root / TEXT[:2] / TEXT[2:]).unlink()
    (problem,) = verify(sound).problems
    assert "missing" in problem
    assert "position 2" in problem


def test_a_changed_object(sound: App) -> None:
    digest = hashlib.sha256(b"the page").hexdigest()
    (sound.archive.root / digest[:2] / digest[2:]).write_bytes(b"another page")
    (problem,) = verify(sound).problems
    assert "damaged" in problem
    assert digest in problem


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (Evidence(text=TEXT, start=0, end=6), "0-6 of a text of 5 characters"),
        (Evidence(text=TEXT, start=3, end=3), "3-3"),
        (Evidence(text=TEXT, start=-1, end=3), "-1-3"),
        (Evidence(text=hashlib.sha256(b"the page").hexdigest(), start=0, end=1), "its reading did not make"),
    ],
)
def test_a_quote_that_is_not_in_its_text(sound: App, evidence: Evidence, words: str) -> None:
    append(sound.ledger, "document/post/b", reading("document/post/b", added("A", evidence=evidence))[1:])
    assert any(words in problem for problem in verify(sound).problems)


def test_views_that_were_tampered_with(sound: App) -> None:
    with sound.views.store.transaction() as database:
        database.execute("UPDATE facts SET date = '2018-01-01'")
    assert any("facts" in problem and "rebuild" in problem for problem in verify(sound).problems)
    sound.views.rebuild()
    assert verify(sound).problems == ()


def test_of_many_faults_of_a_kind_the_first_is_told(sound: App) -> None:
    for n in range(3):
        stream = f"document/post/more-{n}"
        append(sound.ledger, stream, [msgspec.structs.replace(reading(stream, ended())[0], raw=f"{n}" * 64)])
    (problem,) = verify(sound).problems
    assert "position 4" in problem
    assert "(and 2 more like it)" in problem


# The chains


def test_a_changed_event_is_told_first_and_the_rest_is_checked(sound: App) -> None:
    tamper(sound.ledger.path, "UPDATE stored_events SET state = replace(state, '2019-04-03', '2019-04-05') WHERE rowid = 3")
    tamper(sound.ledger.path, "UPDATE stored_events SET state = CAST(state AS BLOB)")
    (sound.archive.root / TEXT[:2] / TEXT[2:]).unlink()
    found = verify(sound)
    assert found.chain.position == 2
    assert "ledger.db: position 3" in found.problems[0]
    assert any("missing" in problem for problem in found.problems[1:])
    assert any("differs from a rebuild" in problem for problem in found.problems[1:])


def test_an_event_that_no_longer_reads_is_told_and_stops_only_what_rests_on_it(sound: App) -> None:
    tamper(sound.ledger.path, "UPDATE stored_events SET state = x'7b' WHERE rowid = 2")
    chain, unread = verify(sound).problems
    assert "position 2" in chain
    assert "the rest was not checked" in unread


def test_an_event_of_a_newer_version_is_an_error_as_ever(sound: App) -> None:
    tamper(sound.ledger.path, "INSERT INTO stored_events VALUES ('source/x', 1, 'source-failed@99', x'7b7d')")
    with pytest.raises(TrackerError, match="source-failed@99"):
        verify(sound)


def test_the_chain_of_the_receipts_is_checked_too(sound: App) -> None:
    failed = DeliveryFailed(watch="office", number=1, channel="channel-1", error="no")
    append(sound.receipts, "delivery/office/1/channel-1", [failed])
    assert verify(sound).problems == ()
    tamper(sound.receipts.path, "UPDATE stored_events SET topic = 'delivery-made@1'")
    (problem,) = verify(sound).problems
    assert "receipts.db: position 1" in problem


def test_a_ledger_without_receipts_stays_so(sound: App) -> None:
    verify(sound)
    assert not (sound.home / "receipts.db").exists()


# The command


def folder_of(home: Path) -> dict[str, bytes]:
    """What a home holds, without SQLite's own files."""
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


@pytest.fixture
def filled(sound: App, tracker: Tracker) -> Tracker:
    """The sound home as the command line sees it."""
    sound.close()
    assert tracker("verify").exit_code == 0
    return tracker


def test_an_anchor_is_printed_and_proven(filled: Tracker, home: Path, tmp_path: Path) -> None:
    line = filled("anchor").stdout
    assert line.split()[:2] == ["tracker-anchor", "3"]
    told = json.loads(filled("anchor", "--json").stdout)
    assert list(told) == ["position", "digest", "recorded_at"]
    assert line.split()[2] == told["digest"]
    (tmp_path / "anchor.txt").write_text(line)
    for given in (line.strip(), tmp_path / "anchor.txt"):
        result = filled("verify", "--anchor", given)
        assert result.exit_code == 0, result.output
        assert "extends the anchor of position 3" in result.stderr
    tamper(home / "ledger.db", "DELETE FROM stored_events WHERE rowid = 3; DELETE FROM chain WHERE position = 3")
    result = filled("verify", "--anchor", line, "--json")
    assert result.exit_code == 1
    (problem,) = (one for one in json.loads(result.stdout)["problems"] if "anchor" in one)
    assert "ends at position 2" in problem


def test_no_anchor_is_misuse(filled: Tracker) -> None:
    result = filled("verify", "--anchor", "tracker-anchor 3")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "no anchor" in result.stderr


def test_a_missing_object_is_one_line_and_changes_nothing(filled: Tracker, home: Path) -> None:
    (home / "archive" / TEXT[:2] / TEXT[2:]).unlink()
    before = folder_of(home)
    result = filled("verify")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2
    assert folder_of(home) == before


def test_a_damaged_file_is_one_line_and_changes_nothing(filled: Tracker, home: Path, sound: App) -> None:
    append(sound.ledger, "source/a", [SourceFailed(source="a", error="no" * 400)] * 200)
    sound.close()
    path = home / "ledger.db"
    content = bytearray(path.read_bytes())
    content[40_000:90_000] = b"\xa5" * 50_000
    path.write_bytes(content)
    before = folder_of(home)
    result = filled("verify")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "ledger.db" in result.stderr
    assert len(result.stderr.splitlines()) == 2, "the error and the hint"
    assert folder_of(home) == before


# What a view cannot take in


class _Refuses(Facts):
    def apply(self, database: object, unit: Unit) -> None:
        if unit.head.stream == STREAM:
            raise ValueError("never seen\nthe like")


def test_what_is_parked_is_told_until_a_rebuild_takes_it_in(filled: Tracker, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(home / "views")
    with monkeypatch.context() as broken:
        broken.setitem(run.VIEWS, "facts", _Refuses())
        result = filled("rebuild")
        assert result.exit_code == 0
        assert "position 1: the view facts could not take it in (ValueError: never seen the like)" in result.stderr
        assert "parked: 2" in result.stderr
        result = filled("verify", "--json")
        assert result.exit_code == 1
        found = json.loads(result.stdout)
        assert [(one["position"], one["view"]) for one in found["parked"]] == [(1, "facts"), (2, "facts")]
        (problem,) = found["problems"]
        assert "position 1" in problem
        covered = filled("coverage", "--json")
        assert [line.partition(":")[0] for line in json.loads(covered.stdout)["parked"]] == ["position 1", "position 2"]
        assert "position 1" in filled("coverage").stderr
        assert "tracker rebuild" in problem
    assert "rebuild" in filled("verify").stdout
    assert "parked" not in filled("rebuild").stderr
    assert filled("verify").exit_code == 0


def test_the_anchor_of_the_head_is_that_of_the_verified_chain(sound: App) -> None:
    head = head_of(sound.ledger)
    found = verify(sound, [head])
    assert (found.chain.position, found.chain.digest) == (head.position, head.digest)
    assert found.anchors == (head,)
