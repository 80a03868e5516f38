"""What a view cannot take in is parked; all else goes on as if that view had not been asked."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from projections import filling, run
from projections.generations import Views
from projections.parked import Parked
from projections.run import catch_up, fingerprint, new_store, parked
from projections.store import ViewStore
from projections.view import Unit, View, units
from tests.histories import Memory
from tests.projections.snapshots import differing_from_rebuild, new_views, views_of
from tests.projections.test_run import APPENDS


@pytest.fixture
def ledger() -> Memory:
    return Memory(APPENDS)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ViewStore]:
    store = new_store(tmp_path / "views.db")
    yield store
    store.close()


class Refusing:
    """A view that does its work, and then raises for some units, after which it must be as if it had done none."""

    def __init__(self, view: View, positions: set[int], error: Callable[[], BaseException] = lambda: KeyError("no")) -> None:
        self.view, self.positions, self.error = view, positions, error
        self.name, self.version = view.name, view.version

    def create(self, database: Database) -> None:
        self.view.create(database)

    def apply(self, database: Database, unit: Unit) -> None:
        self.view.apply(database, unit)
        if unit.head.position in self.positions:
            unit.touched.add("nobody")
            raise self.error()


class Skipping(Refusing):
    """A view that does nothing for some units: what the tables must be equal to."""

    def apply(self, database: Database, unit: Unit) -> None:
        if unit.head.position not in self.positions:
            self.view.apply(database, unit)


def tables(store: ViewStore) -> dict[str, str]:
    return {name: digest for name, digest in fingerprint(store).items() if name != "parked"}


@pytest.mark.parametrize("batch", [1, 3, 500])
@pytest.mark.parametrize("name", list(run.VIEWS))
@given(positions=st.sets(st.sampled_from([1, 2, 5, 9, 21, 25, 29, 30]), min_size=1))
@settings(max_examples=5)
def test_the_others_go_on(monkeypatch: pytest.MonkeyPatch, batch: int, name: str, positions: set[int]) -> None:
    ledger = Memory(APPENDS)
    with monkeypatch.context() as patched:
        patched.setattr(run, "BATCH", batch)
        view = run.VIEWS[name]
        patched.setitem(run.VIEWS, name, Refusing(view, positions))
        with views_of(ledger) as store:
            assert store.checkpoint() == ledger.head()
            found, told = tables(store), parked(store)
        patched.setitem(run.VIEWS, name, Skipping(view, positions))
        with views_of(ledger) as store:
            assert tables(store) == found
            assert parked(store) == []
    heads = {unit.head.position for unit in units(ledger.read())}
    assert [(one.position, one.view) for one in told] == [(position, name) for position in sorted(positions & heads)]


def test_a_rebuild_after_the_fix_takes_it_in(ledger: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setitem(run.VIEWS, "claims", Refusing(run.VIEWS["claims"], {6}))
        views = Views(tmp_path / "views", ledger)
        assert parked(views.store) == [Parked(position=6, view="claims", error="KeyError: 'no'")]
        assert differing_from_rebuild(views.store, ledger) == [], "the same is parked at every rebuild"
    views.rebuild()
    assert parked(views.store) == []
    with views_of(ledger) as whole:
        assert fingerprint(views.store) == fingerprint(whole)
    views.close()


def test_a_fix_with_a_new_version_is_taken_in_by_itself(
    ledger: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as broken:
        broken.setitem(run.VIEWS, "facts", Refusing(run.VIEWS["facts"], {2}))
        Views(tmp_path / "views", ledger).close()
    assert "position 2: the view facts" in caplog.text
    monkeypatch.setattr(run, "code_of_views", lambda: "of the version with the fix")
    views = Views(tmp_path / "views", ledger)
    assert parked(views.store) == []
    views.close()


def test_what_is_parked_while_following_is_told_once(
    ledger: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    views = Views(tmp_path / "views", Memory(APPENDS[:2]))
    views.ledger = ledger
    monkeypatch.setitem(run.VIEWS, "facts", Refusing(run.VIEWS["facts"], {14}))
    views.catch_up()
    views.catch_up()
    assert caplog.text.count("could not take it in") == 1
    views.close()


def full_disk() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error


@pytest.mark.parametrize(
    "error",
    [full_disk, MemoryError, OSError, KeyboardInterrupt, lambda: sqlite3.DatabaseError("database disk image is malformed")],
)
def test_what_is_no_fault_of_the_unit_parks_nothing(
    ledger: Memory, store: ViewStore, monkeypatch: pytest.MonkeyPatch, error: Callable[[], BaseException]
) -> None:
    with monkeypatch.context() as broken:
        broken.setitem(run.VIEWS, "facts", Refusing(run.VIEWS["facts"], {2}, error))
        with pytest.raises(type(error())):
            catch_up(store, ledger)
    assert (store.checkpoint(), parked(store)) == (0, [])
    catch_up(store, ledger)
    with views_of(ledger) as whole:
        assert fingerprint(store) == fingerprint(whole)


def test_wrong_sql_is_a_fault_of_the_view(ledger: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    class Misspelt(Refusing):
        def apply(self, database: Database, unit: Unit) -> None:
            database.execute(f"SELECT * FROM nowhere WHERE position = {unit.position}")

    monkeypatch.setitem(run.VIEWS, "facts", Misspelt(run.VIEWS["facts"], set()))
    with new_views() as store:
        catch_up(store, ledger)
        assert {one.error for one in parked(store)} == {"OperationalError: no such table: nowhere"}


def test_progress_is_told_page_by_page(ledger: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "PAGE", 4)
    views = Views(tmp_path / "views", ledger)
    told: list[tuple[int, int]] = []
    views.rebuild(lambda position, head: told.append((position, head)))
    assert told == sorted(told)
    assert len(told) > 4
    assert told[-1] == (ledger.head(), ledger.head())
    views.close()
