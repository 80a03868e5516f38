"""How views follow the ledger: batches, crashes, several processes, rebuilding."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from eventsourcing.persistence import IntegrityError
from sqlite_utils import Database

from events.base import Recorded
from projections import filling, run
from projections.documents import Documents
from projections.generations import Views
from projections.run import build, catch_up, fingerprint, new_store
from projections.store import ViewStore
from projections.view import Unit, units
from tests.builders import added, ended, reading
from tests.histories import Append, Memory
from tests.projections.snapshots import differing_from_rebuild, new_views, views_of

APPENDS = [
    Append(f"document/federal-register/{n}", tuple(reading(f"document/federal-register/{n}", added(f"Entry {n}"), added("Same"))))
    for n in range(7)
] + [Append("document/post/a", tuple(reading("document/post/a", ended("2019-04-03"))))]


@pytest.fixture
def ledger() -> Memory:
    return Memory(APPENDS)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ViewStore]:
    store = new_store(tmp_path / "views.db")
    yield store
    store.close()


def test_a_unit_is_a_reading_with_its_statements(ledger: Memory) -> None:
    found = list(units(ledger.read()))
    assert [len(unit.recorded) for unit in found[:3]] == [1, 3, 1]
    assert [unit.position for unit in found[:3]] == [1, 4, 5]


@pytest.mark.parametrize("cut", [2, 3])
def test_a_reading_that_is_not_all_there_waits(ledger: Memory, store: ViewStore, cut: int) -> None:
    assert catch_up(store, ledger, until=cut) == 1
    assert store.checkpoint() == 1
    catch_up(store, ledger)
    with views_of(ledger) as whole:
        assert fingerprint(store) == fingerprint(whole)


@pytest.mark.parametrize("batch", [1, 3, 1000])
def test_the_size_of_a_batch_makes_no_difference(ledger: Memory, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    with views_of(ledger) as usual:
        monkeypatch.setattr(run, "BATCH", batch)
        with views_of(ledger) as other:
            assert fingerprint(other) == fingerprint(usual)


class _BreaksAt(Documents):
    """Fails at the n-th unit, half way through the views."""

    def __init__(self, call: int) -> None:
        self.call, self.calls = call, 0

    def apply(self, database: Database, unit: Unit) -> None:
        super().apply(database, unit)
        self.calls += 1
        if self.calls == self.call:
            raise KeyboardInterrupt


@pytest.mark.parametrize("call", [1, 4, 16])
def test_a_crash_leaves_the_last_batch_and_the_next_run_goes_on(
    ledger: Memory, store: ViewStore, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    monkeypatch.setattr(run, "BATCH", 3)
    with monkeypatch.context() as broken:
        broken.setitem(run.VIEWS, "documents", _BreaksAt(call))
        with pytest.raises(KeyboardInterrupt):
            catch_up(store, ledger)
    with store.reading() as database:
        (last,) = database.execute("SELECT max(position) FROM documents").fetchone()
    assert (last or 0) <= store.checkpoint()
    catch_up(store, ledger)
    with views_of(ledger) as whole:
        assert fingerprint(store) == fingerprint(whole)


def test_two_at_once_apply_each_unit_once(ledger: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "BATCH", 1)
    new_store(tmp_path / "views.db").close()
    stores = [ViewStore(tmp_path / "views.db") for _ in range(2)]
    applied: list[int] = []
    threads = [threading.Thread(target=lambda one=one: applied.append(catch_up(one, ledger))) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(applied) == len(list(units(ledger.read())))
    with views_of(ledger) as whole:
        assert fingerprint(stores[0]) == fingerprint(whole)
    for one in stores:
        one.close()


def test_the_checkpoint_never_goes_back(ledger: Memory, store: ViewStore) -> None:
    catch_up(store, ledger)
    with pytest.raises(IntegrityError), store.transaction() as database:
        store.checkpoint_to(database, 1)
    assert store.checkpoint() == ledger.head()


# The files


def test_views_that_were_deleted_are_built_again(ledger: Memory, tmp_path: Path) -> None:
    views = Views(tmp_path / "views", ledger)
    before = fingerprint(views.store)
    views.close()
    for path in (tmp_path / "views").iterdir():
        path.unlink()
    views = Views(tmp_path / "views", ledger)
    assert fingerprint(views.store) == before
    views.close()


def test_a_rebuild_switches_and_leaves_nothing_behind(ledger: Memory, tmp_path: Path) -> None:
    views = Views(tmp_path / "views", ledger)
    before = fingerprint(views.store)
    for _ in range(2):
        views.rebuild()
    assert fingerprint(views.store) == before
    views.close()
    assert sorted(path.name for path in (tmp_path / "views").iterdir()) == ["000003.db", "current", "rebuilding"]


def test_a_rebuild_that_was_killed_does_not_harm(ledger: Memory, tmp_path: Path) -> None:
    """The next generation lies there half done; the current one is still named."""
    views = Views(tmp_path / "views", ledger)
    before = fingerprint(views.store)
    views.close()
    half = new_store(tmp_path / "views" / "000002.db")
    catch_up(half, ledger, until=5)
    half.close()
    views = Views(tmp_path / "views", ledger)
    assert fingerprint(views.store) == before
    views.rebuild()
    assert fingerprint(views.store) == before
    views.close()


def test_readers_never_see_views_that_are_half_built(ledger: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who opens them meanwhile gets the old ones, and keeps them until done, even past the switch."""
    monkeypatch.setattr(filling, "PAGE", 3)
    views = Views(tmp_path / "views", ledger)
    before = fingerprint(views.store)
    readers: list[Views] = []

    def look(_position: int, _head: int) -> None:
        readers.append(Views(tmp_path / "views", ledger))
        assert readers[-1].store.path.name == "000001.db"
        assert fingerprint(readers[-1].store) == before

    views.rebuild(look)
    assert len(readers) > 3
    for reader in readers:
        assert fingerprint(reader.store) == before
        reader.close()
    views.close()


def test_a_rebuild_removes_what_killed_ones_left(ledger: Memory, tmp_path: Path) -> None:
    views = Views(tmp_path / "views", ledger)
    views.rebuild()
    for name in ("000001.db", "000001.db-wal", "000007.db", "current.new"):
        (tmp_path / "views" / name).write_bytes(b"")
    (tmp_path / "views" / "notes.txt").write_text("not ours")
    views.rebuild()
    views.close()
    names = sorted(path.name for path in (tmp_path / "views").iterdir())
    assert names == ["000003.db", "current", "notes.txt", "rebuilding"]


def test_views_of_other_code_are_built_again(ledger: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Views(tmp_path / "views", ledger).close()
    monkeypatch.setattr(run, "code_of_views", lambda: "of next year")
    views = Views(tmp_path / "views", ledger)
    assert views.store.path.name == "000002.db"
    views.close()


def test_views_that_are_ahead_of_the_ledger_are_built_again(ledger: Memory, tmp_path: Path) -> None:
    """As after an older ledger was restored from a backup."""
    Views(tmp_path / "views", ledger).close()
    older = Memory(APPENDS[:2])
    views = Views(tmp_path / "views", older)
    assert views.store.checkpoint() == older.head()
    with views_of(older) as whole:
        assert fingerprint(views.store) == fingerprint(whole)
    views.close()


def test_views_of_a_past_that_was_replaced_are_built_again_though_the_ledger_is_as_long(ledger: Memory, tmp_path: Path) -> None:
    """As after an older ledger was restored from a backup, and went on before anybody asked."""
    Views(tmp_path / "views", ledger).close()
    other = Memory([*APPENDS[:2], *(Append(f"{one.stream}-x", one.events) for one in (*APPENDS[2:], *APPENDS[2:]))])
    assert other.head() > ledger.head()
    views = Views(tmp_path / "views", other)
    views.catch_up()
    with views_of(other) as whole:
        assert fingerprint(views.store) == fingerprint(whole)
    views.close()


@pytest.mark.parametrize("content", [b"", b"garbage" * 1000, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_damaged_views_are_built_again(ledger: Memory, tmp_path: Path, content: bytes) -> None:
    """They are disposable: no error of theirs may stop an answer."""
    Views(tmp_path / "views", ledger).close()
    (tmp_path / "views" / "000001.db").write_bytes(content)
    views = Views(tmp_path / "views", ledger)
    views.catch_up()
    with views_of(ledger) as whole:
        assert fingerprint(views.store) == fingerprint(whole)
    views.close()


def test_verification_names_the_tables_that_differ(ledger: Memory, store: ViewStore) -> None:
    catch_up(store, ledger, until=10)
    assert differing_from_rebuild(store, ledger) == []
    with store.transaction() as database:
        database.execute("UPDATE listings SET name = 'Someone else'")
    assert differing_from_rebuild(store, ledger) == ["listings"]


def test_an_empty_ledger_has_empty_views() -> None:
    with new_views() as store:
        assert catch_up(store, Memory([])) == 0
        assert store.checkpoint() == 0


def test_events_read_one_by_one_are_the_same(ledger: Memory, store: ViewStore) -> None:
    """A ledger that is read while it grows."""

    class Growing(Memory):
        def read(self, after: int = 0, until: int | None = None) -> Iterator[Recorded]:
            yield from list(super().read(after, until))[:4]

    growing = Growing(APPENDS)
    catch_up(store, growing)
    assert store.checkpoint() == ledger.head()


def test_a_lock_file_that_is_none_is_no_obstacle(ledger: Memory, tmp_path: Path) -> None:
    folder = tmp_path / "views"
    folder.mkdir()
    (folder / "rebuilding").write_bytes(b"not a database, whoever wrote it" * 100)
    views = Views(folder, ledger)
    views.rebuild()
    assert views.store.checkpoint() == ledger.head()
    views.close()


# All at once


def test_what_fills_a_file_leaves_nothing_when_it_is_stopped(
    ledger: Memory, store: ViewStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = fingerprint(store)
    with monkeypatch.context() as broken:
        broken.setattr(filling.Filling, "listings", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            build(store, ledger)
    assert store.checkpoint() == 0
    assert fingerprint(store) == empty
    build(store, ledger)
    with views_of(ledger) as whole:
        assert fingerprint(store) == fingerprint(whole)


def test_what_cannot_be_taken_in_at_once_is_taken_in_unit_by_unit(
    ledger: Memory, store: ViewStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(filling, "taught_of", lambda _: (_ for _ in ()).throw(ValueError("never seen the like")))
        assert build(store, ledger) == len(list(units(ledger.read())))
    with views_of(ledger) as whole:
        assert fingerprint(store) == fingerprint(whole)


def test_a_file_that_has_rows_is_not_filled(ledger: Memory, store: ViewStore) -> None:
    catch_up(store, ledger, until=10)
    assert build(store, ledger) > 0
    with views_of(ledger) as whole:
        assert fingerprint(store) == fingerprint(whole)


def test_who_holds_a_file_that_another_process_replaced_lets_it_go(ledger: Memory, tmp_path: Path) -> None:
    reader, builder = Views(tmp_path / "views", ledger), Views(tmp_path / "views", ledger)
    held = reader.store
    builder.rebuild()
    assert reader.store is not held
    assert reader.store.path == builder.store.path
    assert fingerprint(reader.store) == fingerprint(builder.store)
    reader.close()
    builder.close()
