"""What is nice to remember between polls: `state.db`. Deleting it loses nothing but time.

It holds the validators of URLs, how each source fares, what is known of each document a source offers,
which watches had no news at their time, and a log of every poll. All of it is saved after the events it
follows from, never before, so the worst that a crash does is that something is fetched twice. Several
processes may use the file at once.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

import msgspec
from sqlite_utils import Database

from tracker.answers import UrlValidators
from tracker.errors import TrackerError
from tracker.gone_over import Days, joined
from tracker.shape import Shape

_VERSION = 5
_SCHEMA = """
CREATE TABLE validators (url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT) WITHOUT ROWID;
CREATE TABLE sources (
    source TEXT PRIMARY KEY, next_check TEXT, last_try TEXT, last_ok TEXT, failures INTEGER NOT NULL DEFAULT 0,
    error TEXT, failing_since TEXT, expected TEXT, sound_expected TEXT, reached TEXT, full_after TEXT, moved_to TEXT, wishes TEXT
) WITHOUT ROWID;
CREATE TABLE held (
    source TEXT NOT NULL, key TEXT NOT NULL, url TEXT NOT NULL, fingerprint TEXT NOT NULL, rendition TEXT,
    checked TEXT NOT NULL, PRIMARY KEY (source, key)
) WITHOUT ROWID;
CREATE TABLE polls (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, at TEXT NOT NULL, status TEXT NOT NULL, error TEXT,
    fetched INTEGER NOT NULL, documents INTEGER NOT NULL, events INTEGER NOT NULL, shape TEXT, trouble TEXT
);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, command TEXT NOT NULL, begun TEXT NOT NULL, ended TEXT NOT NULL, outcome TEXT NOT NULL
);
CREATE TABLE covered (source TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL);
CREATE TABLE looked (watch TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE belongs (ledger TEXT NOT NULL, position INTEGER NOT NULL DEFAULT 0, mark TEXT);
CREATE INDEX polls_of_source ON polls (source, id);
CREATE INDEX polls_by_time ON polls (at);
CREATE INDEX runs_by_time ON runs (ended);
"""


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What a source last saw of one document it offers.

    `fingerprint` stands for what the source says of it; `rendition` is what was recorded of it, None
    when it could not be had; `checked` is when its own URL was last asked.
    """

    source: str
    key: str
    url: str
    fingerprint: str
    rendition: str | None
    checked: datetime


class SourceState(msgspec.Struct, frozen=True, kw_only=True):
    """How a source fares. `failures` counts the failed polls since the last good one, `failing_since` is the first of them.

    `expected` is when the poll after the last one that worked was to be made: from then on a failure lasts;
    `sound_expected` the same of the last one whose answer had nothing the matter. `reached` is the ISO day up to
    which everything is recorded; `full_after` is when "not modified" no longer means that nothing is to be done;
    `moved_to` is where the source's URL went for good; `wishes` is what a feed last asked of those who poll it, as JSON.
    """

    source: str
    next_check: datetime | None = None
    last_try: datetime | None = None
    last_ok: datetime | None = None
    failures: int = 0
    error: str | None = None
    failing_since: datetime | None = None
    expected: datetime | None = None
    sound_expected: datetime | None = None
    reached: str | None = None
    full_after: datetime | None = None
    moved_to: str | None = None
    wishes: str | None = None


class Poll(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the poll log; `status` is `ok`, `unchanged` or `failed`.

    `shape` is what the answer looked like, where one came and was counted; `trouble` the kind of what was the matter.
    """

    source: str
    at: datetime
    status: str
    error: str | None = None
    fetched: int = 0
    documents: int = 0
    events: int = 0
    shape: Shape | None = None
    trouble: str | None = None


class LoggedRun(msgspec.Struct, frozen=True, kw_only=True):
    """One scheduled run: `command` is `daily` or `run`, `outcome` is `ok`, `failed` (some of it) or `stopped`."""

    command: str
    begun: datetime
    ended: datetime
    outcome: str


class _Moment(msgspec.Struct, frozen=True):
    """A time as the log writes it."""

    at: datetime


class State:
    """The open file. Raises TrackerError when it is damaged or cannot be opened."""

    def __init__(self, path: Path | str, *, busy_timeout: float = 30.0) -> None:
        self.path = Path(path)
        try:
            connection = sqlite3.connect(self.path, timeout=busy_timeout, isolation_level=None)
        except sqlite3.Error as error:
            raise TrackerError(f"{self.path} cannot be opened: {error}", "check the folder and its permissions") from error
        try:
            self._database = Database(connection)
            connection.execute("PRAGMA synchronous = NORMAL")
            with self._writing():
                self._prepare()
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.DatabaseError as error:
            connection.close()
            hint = "delete the file: it holds nothing that cannot be had again"
            raise TrackerError(f"{self.path}: {error}", hint) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def get(self, url: str) -> tuple[str | None, str | None] | None:
        """ETag and Last-Modified of the version of a URL that was recorded last; None when unknown."""
        row = self._row("SELECT etag, last_modified FROM validators WHERE url = ?", url)
        return None if row is None else (row["etag"], row["last_modified"])

    def held(self, source: str, key: str) -> Held | None:
        """What is known of one document of a source."""
        row = self._row("SELECT * FROM held WHERE source = ? AND key = ?", source, key)
        return None if row is None else msgspec.convert(row, Held)

    def source(self, source: str) -> SourceState:
        """How a source fares; a blank state for one never tried."""
        row = self._row("SELECT * FROM sources WHERE source = ?", source)
        return SourceState(source=source) if row is None else msgspec.convert(row, SourceState)

    def remember(self, validators: Iterable[UrlValidators] = (), held: Iterable[Held] = ()) -> None:
        """Saves what follows from something recorded. A URL that no longer has validators loses them."""
        validators = tuple(validators)
        with self._writing():
            self._upsert("validators", (v for v in validators if v.etag or v.last_modified), ("url",))
            for gone in (v.url for v in validators if not (v.etag or v.last_modified)):
                self._database.execute("DELETE FROM validators WHERE url = ?", [gone])
            self._upsert("held", held, ("source", "key"))

    def save_source(self, state: SourceState) -> None:
        """Saves how a source fares; the last word counts."""
        with self._writing():
            self._upsert("sources", [state], ("source",))

    def cover(self, source: str, days: Days) -> None:
        """Saves that all that a source published on these days was gone over."""
        with self._writing():
            spans = joined((*self.covered(source), days))
            self._database.execute("DELETE FROM covered WHERE source = ?", [source])
            rows = ({"source": source, "first": first.isoformat(), "last": last.isoformat()} for first, last in spans)
            self._database.table("covered").insert_all(rows)

    def covered(self, source: str) -> tuple[Days, ...]:
        """The days of publication for which a source was gone over, in order."""
        rows = self._database.query("SELECT first, last FROM covered WHERE source = ? ORDER BY first", [source])
        return tuple((date.fromisoformat(row["first"]), date.fromisoformat(row["last"])) for row in rows)

    def source_failed(self, source: str, now: datetime, error: str, next_check: datetime) -> SourceState:
        """Counts a failed poll; what had been reached before stays. Returns the new state."""
        with self._writing():
            before = self.source(source)
            after = msgspec.structs.replace(
                before,
                failures=before.failures + 1,
                error=error,
                failing_since=before.failing_since or now,
                last_try=now,
                next_check=next_check,
            )
            self._upsert("sources", [after], ("source",))
        return after

    def belong_to(self, ledger: str, mark_at: Callable[[int], str | None]) -> bool:
        """Makes sure that what is remembered belongs to this ledger; what was of another one is forgotten.

        "Not modified" would hide what a new ledger has never seen, and what one restored from a backup sees no more:
        `mark_at` gives a digest of the event that it holds at a position. The poll log stays. Tells whether anything
        was forgotten.
        """
        with self._writing():
            row = self._row("SELECT * FROM belongs")
            if row is not None and row["ledger"] == ledger and mark_at(row["position"]) == row["mark"]:
                return False
            for table in ("validators", "sources", "held", "covered", "looked", "belongs"):
                self._database.execute(f"DELETE FROM {table}")
            self._database.execute("INSERT INTO belongs (ledger) VALUES (?)", [ledger])
        return row is not None

    def reached(self, position: int, mark: str | None) -> None:
        """Notes how far the ledger was when what is remembered was recorded, with a digest of the event there."""
        with self._writing():
            self._database.execute("UPDATE belongs SET position = ?, mark = ?", [position, mark])

    def log(self, poll: Poll) -> None:
        """Adds a line to the poll log."""
        with self._writing():
            shape = None if poll.shape is None else msgspec.json.encode(poll.shape).decode()
            self._database.table("polls").insert({**_row_of(poll), "shape": shape})

    def polls(self, source: str | None = None, limit: int = 100) -> list[Poll]:
        """The poll log, latest first, of one source or of all."""
        condition, values = ("WHERE source = ?", [source]) if source is not None else ("", [])
        rows = self._database.query(f"SELECT * FROM polls {condition} ORDER BY id DESC LIMIT ?", [*values, limit])
        return [_poll(row) for row in rows]

    def sound_shapes(self, source: str, since: datetime) -> list[tuple[datetime, Shape]]:
        """What the answers of a source looked like, and when they came, since a time and without any trouble."""
        rows = self._database.query(
            "SELECT * FROM polls WHERE source = ? AND shape IS NOT NULL AND trouble IS NULL AND julianday(at) >= julianday(?)",
            [source, since.isoformat()],
        )
        return [(one.at, one.shape) for one in map(_poll, rows) if one.shape is not None]

    def last_shape(self, source: str) -> Shape | None:
        """What the last answer of a source looked like that was counted."""
        row = self._row("SELECT shape FROM polls WHERE source = ? AND shape IS NOT NULL ORDER BY id DESC LIMIT 1", source)
        return None if row is None else msgspec.json.decode(row["shape"], type=Shape)

    def log_run(self, run: LoggedRun) -> None:
        """Adds a scheduled run to the log."""
        with self._writing():
            self._database.table("runs").insert(_row_of(run))

    def forget_log(self, before: datetime) -> int:
        """Drops what the log has of polls and runs before a time; gives how many lines.

        Of each source the last poll stays, and the last one whose answer was counted: what it usually looks like.
        """
        last = "SELECT max(id) FROM polls GROUP BY source UNION SELECT max(id) FROM polls WHERE shape IS NOT NULL GROUP BY source"
        old = _row_of(_Moment(at=before))["at"]
        with self._writing():
            polls = self._database.execute(f"DELETE FROM polls WHERE at < ? AND id NOT IN ({last})", [old])
            runs = self._database.execute("DELETE FROM runs WHERE ended < ? AND id < (SELECT max(id) FROM runs)", [old])
        return int(polls.rowcount + runs.rowcount)

    def last_run(self) -> LoggedRun | None:
        """The scheduled run that ended last."""
        row = self._row("SELECT command, begun, ended, outcome FROM runs ORDER BY id DESC LIMIT 1")
        return None if row is None else msgspec.convert(row, LoggedRun)

    def look(self, watches: Iterable[str], now: datetime) -> None:
        """Keeps that watches were due at a time and there was nothing to tell them."""
        rows = [{"watch": watch, "at": now.isoformat()} for watch in watches]
        if rows:
            with self._writing():
                self._database.table("looked").upsert_all(rows, pk="watch")

    def looked(self) -> dict[str, datetime]:
        """Watch -> when it was last due with nothing to tell; only of those for which that ever was so."""
        return {row["watch"]: datetime.fromisoformat(row["at"]) for row in self._database.query("SELECT * FROM looked")}

    def belongs_to(self) -> str:
        """The ledger that what is remembered belongs to; empty when nothing was remembered yet."""
        row = self._row("SELECT ledger FROM belongs")
        return "" if row is None else str(row["ledger"])

    def _prepare(self) -> None:
        """Makes the tables. Those of another version are dropped: they only cost time to have again."""
        row = self._row("PRAGMA user_version")
        if row is not None and row["user_version"] == _VERSION:
            return
        for table in self._database.table_names():
            self._database.execute(f'DROP TABLE "{table}"')
        for statement in _SCHEMA.split(";"):
            self._database.execute(statement)
        self._database.execute(f"PRAGMA user_version = {_VERSION}")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        # IMMEDIATE takes the lock at the start: a transaction that reads first and writes later would
        # fail, not wait, when another process writes in between.
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def _row(self, sql: str, *values: str) -> dict[str, Any] | None:
        return next(iter(self._database.query(sql, list(values))), None)

    def _upsert(self, table: str, rows: Iterable[msgspec.Struct], key: tuple[str, ...]) -> None:
        self._database.table(table).upsert_all([_row_of(row) for row in rows], pk=key)


def _poll(row: dict[str, Any]) -> Poll:
    shape = msgspec.json.decode(row["shape"], type=Shape) if row["shape"] else None
    return msgspec.convert({key: value for key, value in row.items() if key not in {"id", "shape"}} | {"shape": shape}, Poll)


def _row_of(row: msgspec.Struct) -> dict[str, Any]:
    """The columns of a struct; times become ISO 8601 text."""
    built = msgspec.to_builtins(row)
    assert isinstance(built, dict)
    return built
