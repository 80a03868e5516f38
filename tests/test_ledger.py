"""The ledger: nothing in it changes, nothing is lost between processes, and its times never go back."""

import multiprocessing
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from events.base import Event, Recorded
from events.decisions import ClaimAccepted, ClaimRejected
from events.operations import SourceFailed, SourceRecovered
from tests.builders import NOW, append
from tracker.errors import TrackerError
from tracker.ledger import Ledger

FAILED, RECOVERED = SourceFailed(source="a", error="no"), SourceRecovered(source="a")
COLUMNS = "originator_id, originator_version, topic, state"


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    """Three events in two streams."""
    append(ledger, "source/a", [FAILED, RECOVERED], NOW)
    append(ledger, "source/b", [FAILED], NOW + timedelta(hours=1))
    return ledger


def test_events_come_back_in_order(filled: Ledger) -> None:
    found = list(filled.read())
    assert [(one.position, one.stream, one.version) for one in found] == [
        (1, "source/a", 1),
        (2, "source/a", 2),
        (3, "source/b", 1),
    ]
    assert [one.event for one in found] == [FAILED, RECOVERED, FAILED]
    assert [one.version for one in filled.stream("source/a")] == [1, 2]
    assert [one.position for one in filled.read(after=1, until=2)] == [2]
    assert filled.head() == 3


def test_reading_goes_on_past_a_page(ledger: Ledger) -> None:
    append(ledger, "source/a", [FAILED] * 2_500)
    assert [one.position for one in ledger.read(after=10)] == list(range(11, 2_501))


def test_a_decision_that_finds_nothing_to_do_adds_nothing(filled: Ledger) -> None:
    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        assert [one.event for one in known] == [FAILED, RECOVERED]
        return []

    assert filled.append("source/a", decide, NOW) == []
    assert filled.head() == 3


def test_a_decision_that_fails_adds_nothing_and_leaves_no_lock(filled: Ledger) -> None:
    def decide(_: Sequence[Recorded]) -> Sequence[Event]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        filled.append("source/a", decide, NOW)
    assert append(filled, "source/a", [FAILED]) == 4


# Times and positions


def test_the_time_of_recording_never_goes_back(filled: Ledger) -> None:
    (one,) = filled.append("source/c", lambda _: [FAILED], NOW - timedelta(days=1))
    assert one.recorded_at == NOW + timedelta(hours=1)
    times = [recorded.recorded_at for recorded in filled.read()]
    assert times == sorted(times)


@pytest.mark.parametrize(
    ("after", "position"),
    [(timedelta(seconds=-1), 0), (timedelta(0), 2), (timedelta(minutes=59), 2), (timedelta(hours=1), 3), (timedelta(days=9), 3)],
)
def test_the_position_at_a_time(filled: Ledger, after: timedelta, position: int) -> None:
    assert filled.position_at(NOW + after) == position


def test_an_empty_ledger_has_no_position(ledger: Ledger) -> None:
    assert (ledger.head(), ledger.position_at(NOW), list(ledger.read())) == (0, 0, [])


# Append-only


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE {table} SET state = x'00'",
        "UPDATE OR REPLACE {table} SET originator_version = 1 WHERE originator_version = 2",
        "DELETE FROM {table}",
        "DELETE FROM {table} WHERE rowid = 3",
        "INSERT OR REPLACE INTO {table} ({columns}) VALUES ('source/a', 1, 't', x'00')",
        "INSERT OR REPLACE INTO {table} (rowid, {columns}) VALUES (2, 'source/z', 1, 't', x'00')",
        "REPLACE INTO {table} ({columns}) SELECT originator_id, originator_version, topic, x'00' FROM {table}",
        "INSERT INTO {table} ({columns}) VALUES ('source/a', 1, 't', x'00') ON CONFLICT DO UPDATE SET state = x'00'",
    ],
)
def test_what_is_written_stays(filled: Ledger, sql: str) -> None:
    before = list(filled.read())
    raw = sqlite3.connect(filled.path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(sql.format(table=filled.recorder.events_table_name, columns=COLUMNS))
    raw.commit()
    raw.close()
    assert list(filled.read()) == before


# Several processes


def _count_up(path: Path, times: int) -> None:
    """Appends so that each event tells how many there were before: a lost or doubled one would show."""
    ledger = Ledger(path)
    for _ in range(times):
        ledger.append("decision/x", lambda known: [ClaimRejected(claim="x", reason=str(len(known)), by="p")], datetime.now(UTC))  # noqa: TID251
        ledger.append("decision/once", _once, NOW)
    ledger.close()


def _once(known: Sequence[Recorded]) -> Sequence[Event]:
    return [] if known else [ClaimAccepted(claim="once", reason="first", by="p")]


def test_processes_that_append_at_once_lose_and_double_nothing(home: Path) -> None:
    path, spawn = home / "ledger.db", multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_count_up, args=(path, 15)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 4
    ledger = Ledger(path)
    counted = [one.event.reason for one in ledger.stream("decision/x") if isinstance(one.event, ClaimRejected)]
    assert counted == [str(n) for n in range(60)]
    assert len(ledger.stream("decision/once")) == 1
    found = list(ledger.read())
    assert [one.position for one in found] == list(range(1, 62))
    assert [one.recorded_at for one in found] == sorted(one.recorded_at for one in found)
    ledger.close()


# Damage


def one_line(error: TrackerError) -> str:
    text = str(error)
    assert "\n" not in text
    assert error.hint
    return text


@pytest.mark.parametrize(
    "content", [b"this is not a database at all, but longer than a header" * 40, b"SQLite format 3\x00" + b"\xff" * 4000]
)
def test_a_file_that_is_no_ledger_is_told_in_one_line(home: Path, content: bytes) -> None:
    home.mkdir()
    (home / "ledger.db").write_bytes(content)
    with pytest.raises(TrackerError) as raised:
        Ledger(home / "ledger.db")
    assert "ledger.db" in one_line(raised.value)
    assert (home / "ledger.db").read_bytes() == content


def test_damage_in_the_middle_is_told_in_one_line(home: Path) -> None:
    ledger = Ledger(home / "ledger.db")
    append(ledger, "source/a", [FAILED] * 3_000)
    ledger.close()
    for leftover in home.glob("ledger.db-*"):
        leftover.unlink()
    content = bytearray((home / "ledger.db").read_bytes())
    content[8192:-8192] = b"\xa5" * (len(content) - 16384)
    (home / "ledger.db").write_bytes(content)
    with pytest.raises(TrackerError) as raised:
        list(Ledger(home / "ledger.db").read())
    assert "ledger.db" in one_line(raised.value)


@pytest.mark.parametrize(
    "ask",
    [
        lambda ledger: list(ledger.read()),
        lambda ledger: ledger.stream("source/a"),
        lambda ledger: ledger.position_at(datetime.max.replace(tzinfo=UTC)),
        lambda ledger: append(ledger, "source/a", []),
    ],
)
def test_events_of_a_newer_version_are_told_in_one_line(filled: Ledger, ask: object) -> None:
    raw = sqlite3.connect(filled.path)
    state = b'{"at":"2030-01-01T00:00:00Z","event":{"type":"source-failed"}}'
    row = ("source/a", 3, "source-failed@9", state)
    raw.execute(f"INSERT INTO {filled.recorder.events_table_name} ({COLUMNS}) VALUES (?, ?, ?, ?)", row)
    raw.commit()
    raw.close()
    with pytest.raises(TrackerError, match="source-failed@9") as raised:
        ask(filled)  # type: ignore[operator]
    assert "newer" in (raised.value.hint or "") + one_line(raised.value)


def test_the_environment_does_not_move_the_ledger(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SQLITE_DBNAME", "TRACKER_SQLITE_DBNAME", "LEDGER_SQLITE_DBNAME", "APPLICATION_SQLITE_DBNAME"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere.db"))
    ledger = Ledger(home / "ledger.db")
    append(ledger, "source/a", [FAILED])
    ledger.close()
    assert (home / "ledger.db").exists()
    assert not (tmp_path / "elsewhere.db").exists()


@pytest.mark.parametrize("name", ["with space", "a?b", "a#b", "a%20b", "été"])
def test_any_folder_name_will_do(tmp_path: Path, name: str) -> None:
    ledger = Ledger(tmp_path / name / "ledger.db")
    append(ledger, "source/a", [FAILED])
    ledger.close()
    assert (tmp_path / name / "ledger.db").stat().st_size > 0
