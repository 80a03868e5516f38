"""The rows of the view of deliveries, and how events of either ledger change them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlite_utils import Database

from events.base import Event, Recorded
from events.deliveries import ChannelConfirmed, ChannelPaused, ChannelResumed, ChannelUnsubscribed, ConfirmationAsked
from events.operations import DeliveryFailed, DeliveryMade, DigestIssued, WatchRemoved

VERSION: Final = 2
TOLD_APART: Final = timedelta(minutes=5)
"""Refusals that follow each other faster count as one: a person tried again and again, or the machine did."""
FROM_LEDGER: Final = (DigestIssued, WatchRemoved)
SCHEMA: Final = f"""
CREATE TABLE made_by (version INTEGER NOT NULL);
INSERT INTO made_by VALUES ({VERSION});
CREATE TABLE parcels (
    channel TEXT NOT NULL, number INTEGER NOT NULL, watch TEXT NOT NULL, position INTEGER, issued_at TEXT, changes INTEGER,
    state TEXT NOT NULL DEFAULT 'waiting', at TEXT, receipt TEXT, error TEXT, tries INTEGER NOT NULL DEFAULT 0, next_try TEXT,
    PRIMARY KEY (channel, number)
) WITHOUT ROWID;
CREATE INDEX owed ON parcels (watch, channel) WHERE state IN ('waiting', 'failed');
CREATE TABLE channels (
    channel TEXT PRIMARY KEY, watch TEXT NOT NULL, refusals INTEGER NOT NULL DEFAULT 0, weight INTEGER NOT NULL DEFAULT 0,
    since TEXT, counted TEXT, rest TEXT, paused_at TEXT, error TEXT, unsubscribed_at TEXT, how TEXT,
    asked_until TEXT, confirmed_at TEXT, taken_at TEXT
) WITHOUT ROWID;
"""


class ParcelRow(msgspec.Struct, frozen=True, kw_only=True):
    """One digest on its way to one channel. `state` is `waiting`, `failed`, `delivered` or `removed` (the watch was)."""

    channel: str
    number: int
    watch: str
    position: int | None = None
    issued_at: str | None = None
    changes: int | None = None
    state: str = "waiting"
    at: str | None = None
    receipt: str | None = None
    error: str | None = None
    tries: int = 0
    next_try: str | None = None


class ChannelRow(msgspec.Struct, frozen=True, kw_only=True):
    """How a channel fares: refusals in a row since it last took something, and what they weigh together."""

    channel: str
    watch: str = ""
    refusals: int = 0
    weight: int = 0
    since: str | None = None
    counted: str | None = None
    rest: str | None = None
    paused_at: str | None = None
    error: str | None = None
    unsubscribed_at: str | None = None
    how: str | None = None
    asked_until: str | None = None
    confirmed_at: str | None = None
    taken_at: str | None = None


def channel_named(database: Database, channel: str) -> ChannelRow:
    """How a channel fares; one that nothing was ever sent to fares well."""
    for row in database.query("SELECT * FROM channels WHERE channel = ?", [channel]):
        return ChannelRow(**row)
    return ChannelRow(channel=channel)


def apply(database: Database, one: Recorded) -> None:
    """Takes in one event of either ledger."""
    if taking_in := _APPLY.get(type(one.event)):
        taking_in(database, one)


def _issued(database: Database, one: Recorded) -> None:
    event = one.event
    assert isinstance(event, DigestIssued)
    for channel in event.channels:
        _run(
            database,
            "INSERT INTO parcels (channel, number, watch, position, issued_at, changes) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET position = excluded.position, issued_at = excluded.issued_at, changes = excluded.changes",
            channel, event.number, event.watch, one.position, _time(one.recorded_at), event.changes,
        )  # fmt: skip


def _removed(database: Database, one: Recorded) -> None:
    event = one.event
    assert isinstance(event, WatchRemoved)
    query = (
        "UPDATE parcels SET state = 'removed' WHERE watch = ? AND state IN ('waiting', 'failed') AND coalesce(position, 0) < ?"
    )
    _run(database, query, event.watch, one.position)


def _made(database: Database, one: Recorded) -> None:
    event, at = one.event, _time(one.recorded_at)
    assert isinstance(event, DeliveryMade)
    _known(database, event.channel, event.watch, event.number)
    taken = "state = 'delivered', at = ?, receipt = ?, error = NULL, next_try = NULL"
    query = f"UPDATE parcels SET {taken} WHERE channel = ? AND number = ?"
    _run(database, query, at, event.receipt, event.channel, event.number)
    _run(database, f"UPDATE channels SET {_WELL}, taken_at = ? WHERE channel = ?", at, event.channel)


_WELL: Final = "refusals = 0, weight = 0, since = NULL, counted = NULL, rest = NULL, paused_at = NULL, error = NULL"


def _failed(database: Database, one: Recorded) -> None:
    event, at = one.event, one.recorded_at
    assert isinstance(event, DeliveryFailed)
    _known(database, event.channel, event.watch, event.number)
    _run(
        database,
        "UPDATE parcels SET state = CASE state WHEN 'waiting' THEN 'failed' ELSE state END, at = ?, error = ?, next_try = ?, "
        "tries = tries + 1 WHERE channel = ? AND number = ? AND state != 'delivered'",
        _time(at), event.error, _time(event.next_try), event.channel, event.number,
    )  # fmt: skip
    channel = channel_named(database, event.channel)
    counts = event.weight > 0 and (channel.counted is None or at - datetime.fromisoformat(channel.counted) >= TOLD_APART)
    _run(
        database,
        "UPDATE channels SET refusals = ?, weight = ?, since = ?, counted = ?, rest = ?, error = ? WHERE channel = ?",
        channel.refusals + (event.next_try is not None), channel.weight + (event.weight if counts else 0),
        channel.since or _time(at), _time(at) if counts else channel.counted, _time(event.rest), event.error, event.channel,
    )  # fmt: skip


def _paused(database: Database, one: Recorded) -> None:
    event = one.event
    assert isinstance(event, ChannelPaused)
    _known(database, event.channel, event.watch)
    query = "UPDATE channels SET paused_at = ?, error = ? WHERE channel = ?"
    _run(database, query, _time(one.recorded_at), event.error, event.channel)


def _resumed(database: Database, one: Recorded) -> None:
    event = one.event
    assert isinstance(event, ChannelResumed)
    _known(database, event.channel, event.watch)
    _run(database, f"UPDATE channels SET {_WELL} WHERE channel = ?", event.channel)
    _run(database, "UPDATE parcels SET next_try = NULL, tries = 0 WHERE channel = ? AND state = 'failed'", event.channel)


def _unsubscribed(database: Database, one: Recorded) -> None:
    event = one.event
    assert isinstance(event, ChannelUnsubscribed)
    _known(database, event.channel, event.watch)
    query = "UPDATE channels SET unsubscribed_at = ?, how = ? WHERE channel = ?"
    _run(database, query, _time(one.recorded_at), event.how, event.channel)


def _asked(database: Database, one: Recorded) -> None:
    event = one.event
    assert isinstance(event, ConfirmationAsked)
    _known(database, event.channel, event.watch)
    _run(database, f"UPDATE channels SET {_WELL}, asked_until = ? WHERE channel = ?", _time(event.until), event.channel)
    _run(database, "DELETE FROM parcels WHERE channel = ? AND number = 0", event.channel)


def _confirmed(database: Database, one: Recorded) -> None:
    event = one.event
    assert isinstance(event, ChannelConfirmed)
    _known(database, event.channel, event.watch)
    _run(database, "UPDATE channels SET confirmed_at = ? WHERE channel = ?", _time(one.recorded_at), event.channel)


_APPLY: Final[dict[type[Event], Callable[[Database, Recorded], None]]] = {
    DigestIssued: _issued,
    WatchRemoved: _removed,
    DeliveryMade: _made,
    DeliveryFailed: _failed,
    ChannelPaused: _paused,
    ChannelResumed: _resumed,
    ChannelUnsubscribed: _unsubscribed,
    ConfirmationAsked: _asked,
    ChannelConfirmed: _confirmed,
}


def _known(database: Database, channel: str, watch: str, number: int | None = None) -> None:
    _run(database, "INSERT OR IGNORE INTO channels (channel, watch) VALUES (?, ?)", channel, watch)
    if number is not None:
        _run(database, "INSERT OR IGNORE INTO parcels (channel, number, watch) VALUES (?, ?, ?)", channel, number, watch)


def _run(database: Database, query: str, *values: object) -> None:
    assert database.conn is not None
    database.conn.execute(query, values)


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
