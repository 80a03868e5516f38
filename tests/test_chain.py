"""The chain of hashes: any change of the past is found, and an anchor proves what was there."""

import hashlib
import multiprocessing
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.base import Event
from events.decisions import ClaimRejected
from events.operations import SourceFailed, SourceRecovered
from tests.builders import NOW, append
from tracker.anchors import Anchor, anchors_in, head_of, prove
from tracker.chain import GENESIS, ORIGIN
from tracker.errors import TrackerError, UsageError
from tracker.ledger import Ledger

FAILED, RECOVERED = SourceFailed(source="a", error="no"), SourceRecovered(source="a")
GUARDS = ("stored_events_no_update", "stored_events_no_delete", "stored_events_no_replace")
CHAIN_GUARDS = ("chain_no_update", "chain_no_delete", "chain_next_only")
SWAP = """
    UPDATE stored_events SET rowid = -1 WHERE rowid = 3;
    UPDATE stored_events SET rowid = 3 WHERE rowid = 4;
    UPDATE stored_events SET rowid = 4 WHERE rowid = -1;
"""
REMADE = "DELETE FROM chain WHERE position > 1"


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    """Six events in two streams."""
    append(ledger, "source/a", [FAILED, RECOVERED, FAILED])
    append(ledger, "source/b", [FAILED, RECOVERED])
    append(ledger, "source/a", [RECOVERED])
    return ledger


def tamper(path: Path, sql: str) -> None:
    """What somebody with the file in hand can do; the guards are made again when the ledger is opened."""
    raw = sqlite3.connect(path)
    for name in (*GUARDS, *CHAIN_GUARDS):
        raw.execute(f"DROP TRIGGER IF EXISTS {name}")
    raw.executescript(sql)
    raw.commit()
    raw.close()


def anchor_of(ledger: Ledger) -> Anchor:
    head = head_of(ledger)
    return Anchor(position=head.position, digest=head.digest)


def as_before_the_chain(path: Path) -> None:
    tamper(path, "DROP TABLE chain")


def test_digests_are_as_the_design_says(filled: Ledger) -> None:
    """Made here from the words of docs/design.md, without the code of the chain."""
    raw = sqlite3.connect(filled.path)
    digest = hashlib.sha256(GENESIS).digest()
    for row in raw.execute(
        "SELECT e.rowid, originator_id, originator_version, topic, state, digest "
        "FROM stored_events e JOIN chain ON position = e.rowid ORDER BY position"
    ):
        made = hashlib.sha256(digest)
        for field in (*row[:4], row[4]):
            content = field if isinstance(field, bytes) else str(field).encode()
            made.update(len(content).to_bytes(8, "big") + content)
        digest = made.digest()
        assert row[5] == digest
    raw.close()
    assert head_of(filled).digest == digest.hex()


def test_an_empty_ledger_has_an_anchor(ledger: Ledger) -> None:
    head = head_of(ledger)
    assert (head.position, head.digest, head.recorded_at) == (0, ORIGIN.hex(), None)
    append(ledger, "source/a", [FAILED])
    assert prove(ledger, [head]).refuted == ()


def test_a_sound_ledger(filled: Ledger) -> None:
    proof = prove(filled)
    assert (proof.sound, proof.completed, proof.broken) == (anchor_of(filled), 0, None)
    assert head_of(filled).recorded_at == NOW


# Tampering


@pytest.mark.parametrize(
    ("sql", "position", "words"),
    [
        (
            "UPDATE stored_events SET state = CAST(replace(CAST(state AS TEXT), 'no', 'na') AS BLOB) WHERE rowid = 3",
            3,
            "appended",
        ),
        ("UPDATE stored_events SET originator_id = 'source/z' WHERE rowid = 4", 4, "source/z"),
        ("UPDATE stored_events SET originator_version = 9 WHERE rowid = 2", 2, "appended"),
        ("UPDATE stored_events SET topic = 'source-failed@2' WHERE rowid = 1", 1, "appended"),
        ("UPDATE stored_events SET originator_id = CAST(originator_id AS BLOB) WHERE rowid = 5", 5, "type"),
        ("UPDATE stored_events SET state = NULL WHERE rowid = 5", 5, "type"),
        ("UPDATE chain SET digest = zeroblob(32) WHERE position = 2", 2, "digest"),
        ("DELETE FROM chain WHERE position = 2", 2, "digest of the event is missing"),
        ("DELETE FROM stored_events WHERE rowid = 3", 3, "missing"),
        ("DELETE FROM stored_events WHERE rowid >= 5", 5, "missing from here to 6"),
        ("DELETE FROM stored_events", 1, "missing from here to 6"),
        (SWAP, 3, "appended"),
    ],
)
def test_the_first_changed_place_is_told(filled: Ledger, sql: str, position: int, words: str) -> None:
    tamper(filled.path, sql)
    before = sqlite3.connect(filled.path).execute("SELECT * FROM chain ORDER BY position").fetchall()
    proof = prove(filled)
    assert proof.broken is not None
    assert f"position {position}:" in proof.broken
    assert words in proof.broken
    assert proof.sound.position == position - 1
    assert sqlite3.connect(filled.path).execute("SELECT * FROM chain ORDER BY position").fetchall() == before


@pytest.mark.parametrize("sql", ["DELETE FROM stored_events WHERE rowid >= 5", "DELETE FROM stored_events"])
def test_nothing_is_appended_where_events_are_missing(filled: Ledger, sql: str) -> None:
    tamper(filled.path, sql)
    for ledger in (filled, Ledger(filled.path)):
        with pytest.raises(TrackerError, match="missing") as raised:
            append(ledger, "source/c", [FAILED])
        assert raised.value.hint
    with pytest.raises(TrackerError, match="missing"):
        head_of(filled)


# Anchors


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("DELETE FROM stored_events WHERE rowid > 4; DELETE FROM chain WHERE position > 4", "ends at position 4"),
        (f"UPDATE stored_events SET topic = 'x' WHERE rowid = 2; {REMADE}", "another past"),
        (f"{SWAP} {REMADE}", "another past"),
        ("DELETE FROM stored_events WHERE rowid = 6", "ends at position 5"),
    ],
)
def test_an_anchor_finds_what_the_chain_cannot(filled: Ledger, sql: str, words: str) -> None:
    """A tail cut from both tables, or a past that was written anew together with its digests."""
    anchor = anchor_of(filled)
    tamper(filled.path, sql)
    proof = prove(filled, [anchor])
    assert len(proof.refuted) == 1
    assert words in proof.refuted[0]
    assert str(anchor.position) in proof.refuted[0]
    assert proof.extended == ()


def test_an_anchor_from_before_a_change_still_holds(filled: Ledger) -> None:
    early = anchor_of(filled)
    append(filled, "source/c", [FAILED, RECOVERED])
    late = anchor_of(filled)
    tamper(filled.path, "UPDATE stored_events SET topic = 'x' WHERE rowid = 7")
    proof = prove(filled, [early, late])
    assert proof.extended == (early,)
    assert len(proof.refuted) == 1


@given(st.lists(st.tuples(st.sampled_from("abc"), st.lists(st.sampled_from([FAILED, RECOVERED]), max_size=3)), max_size=8))
@settings(max_examples=25)
def test_the_anchor_of_any_prefix_is_extended_by_the_whole(
    tmp_path_factory: pytest.TempPathFactory, appends: list[tuple[str, list[Event]]]
) -> None:
    ledger = Ledger(tmp_path_factory.mktemp("prefix") / "ledger.db")
    anchors = [anchor_of(ledger)]
    for stream, events in appends:
        append(ledger, f"source/{stream}", events)
        anchors.append(anchor_of(ledger))
    proof = prove(ledger, anchors)
    assert (proof.broken, proof.refuted, proof.extended) == (None, (), tuple(anchors))
    as_before_the_chain(ledger.path)
    ledger.close()
    again = Ledger(ledger.path)
    assert prove(again, anchors).refuted == ()
    assert anchor_of(again) == anchors[-1], "made afresh, the chain is the same"
    again.close()


def test_anchors_are_read_from_words_and_files(filled: Ledger, tmp_path: Path) -> None:
    anchor = anchor_of(filled)
    assert anchors_in(anchor.line()) == (anchor,)
    assert anchors_in(f"On 3 May: tracker-anchor  6 {anchor.digest.upper()}.") == (anchor,)
    page = tmp_path / "published.txt"
    page.write_text(f"tracker-anchor 0 {ORIGIN.hex()}\nother words\n{anchor.line()}\n")
    assert anchors_in(str(page)) == (Anchor(position=0, digest=ORIGIN.hex()), anchor)
    page.write_text(f'{{\n  "position": 6,\n  "digest": "{anchor.digest}"}}')
    assert anchors_in(str(page)) == (anchor,)


@pytest.mark.parametrize(
    "given_text", ["", "no anchor", "tracker-anchor 6 3f0c", "tracker-anchor x " + "0" * 64, "/", "a\0b", "x" * 5000]
)
def test_what_is_no_anchor_is_told(given_text: str) -> None:
    with pytest.raises(UsageError) as raised:
        anchors_in(given_text)
    assert "tracker anchor" in (raised.value.hint or "")


# Ledgers from before the chain


def old(home: Path, events: int) -> Path:
    ledger = Ledger(home / "ledger.db")
    append(ledger, "source/a", [FAILED] * events)
    ledger.close()
    as_before_the_chain(ledger.path)
    return ledger.path


@pytest.mark.parametrize("batch", [1, 7, 10_000])
def test_a_ledger_without_a_chain_gets_one(home: Path, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr("tracker.chain.BATCH", batch)
    path = old(home, 20)
    ledger = Ledger(path)
    assert append(ledger, "source/b", [RECOVERED]) == 21
    assert prove(ledger).broken is None
    assert prove(ledger).completed == 0
    assert anchor_of(ledger).position == 21
    ledger.close()


def test_proving_completes_the_chain(home: Path) -> None:
    ledger = Ledger(old(home, 3))
    assert prove(ledger).completed == 3
    assert prove(ledger).completed == 0
    ledger.close()


def test_events_that_an_older_version_appends_meanwhile_are_chained(filled: Ledger) -> None:
    raw = sqlite3.connect(filled.path)
    state = b'{"at":"2019-10-09T12:00:00Z","event":{"type":"source-recovered","source":"c"}}'
    for version in (1, 2):
        raw.execute("INSERT INTO stored_events VALUES ('source/c', ?, 'source-recovered@1', ?)", (version, state))
    raw.commit()
    raw.close()
    assert append(filled, "source/c", [FAILED]) == 9
    proof = prove(filled)
    assert (proof.sound.position, proof.completed, proof.broken) == (9, 0, None)


def _open_and_append(path: Path) -> None:
    ledger = Ledger(path)
    for n in range(10):
        ledger.append("decision/x", lambda _: [ClaimRejected(claim="x", reason=str(n), by="p")], datetime.now(UTC))  # noqa: TID251, B023
    ledger.close()


def test_processes_that_complete_and_append_at_once(home: Path) -> None:
    path, spawn = old(home, 2_000), multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_open_and_append, args=(path,)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 4
    ledger = Ledger(path)
    proof = prove(ledger)
    assert (proof.sound.position, proof.completed, proof.broken) == (2_040, 0, None)
    ledger.close()


# Append-only


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE chain SET digest = x'00'",
        "UPDATE OR REPLACE chain SET position = 1 WHERE position = 2",
        "DELETE FROM chain",
        "DELETE FROM chain WHERE position = 6",
        "INSERT OR REPLACE INTO chain VALUES (6, x'00')",
        "REPLACE INTO chain SELECT position, x'00' FROM chain",
        "INSERT INTO chain VALUES (6, x'00') ON CONFLICT DO UPDATE SET digest = x'00'",
        "INSERT INTO chain VALUES (8, x'00')",
        "INSERT INTO chain VALUES (0, x'00')",
        "INSERT OR IGNORE INTO chain (digest) VALUES (x'00')",
    ],
)
def test_digests_stay(filled: Ledger, sql: str) -> None:
    before = anchor_of(filled)
    raw = sqlite3.connect(filled.path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(sql)
    raw.commit()
    raw.close()
    assert prove(filled, [before]).extended == (before,)


def test_guards_that_were_dropped_are_made_again(filled: Ledger) -> None:
    tamper(filled.path, "")
    Ledger(filled.path).close()
    raw = sqlite3.connect(filled.path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute("DELETE FROM stored_events")
    raw.close()
