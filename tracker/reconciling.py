"""Holds the Entity List, as the rules settle to it, against the official copies that were taken in.

    for each source of copies: its latest copy up to a day -> entries (from the archive)
        -> reconcile (pure) -> list-reconciled, when it says something else than the last time

A copy never changes the list. What differs is told with its cause, and put on record.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import msgspec
from sqlite_utils import Database

from events.base import Event, Recorded
from events.names import normalise
from events.operations import Difference, ListReconciled
from events.reconciliation import Copy, Reconciliation, reconcile
from events.snapshots import from_lines
from projections import queries
from projections.claims import PRESENT
from projections.pending import pending
from projections.queries import CopyRow
from projections.status import listings
from tracker.app import App
from tracker.copies import COPIES
from tracker.coverage import complete_from, told_by
from tracker.errors import TrackerError, UsageError
from tracker.sources.base import SourceSettings

LIST: Final = "us-bis-el"


class Reconciled(msgspec.Struct, frozen=True, kw_only=True):
    """One source's copy compared; `missing`, `extra` and `differing` as in the command-line contract."""

    on: str
    source: str
    document: str
    agree: int
    missing: tuple[Difference, ...]
    extra: tuple[Difference, ...]
    differing: tuple[Difference, ...]


def sources_of_copies(app: App, wanted: str | None = None) -> list[SourceSettings]:
    """The sources that give copies, all or those of one id or kind; raises UsageError where there is none such."""
    found = [one for one in app.config.sources if one.kind in COPIES and wanted in (None, one.kind, one.id)]
    if not found:
        named = f" called {wanted}" if wanted else ""
        raise UsageError(f"no source of copies{named} is configured", f"Kinds of such sources: {', '.join(sorted(COPIES))}.")
    return found


def reconcile_all(app: App, day: str | None = None, wanted: str | None = None) -> list[Reconciled]:
    """Compares with the latest copy of each source up to a day, and records what is new.

    Raises TrackerError where no copy was taken in by that day.
    """
    sources = sources_of_copies(app, wanted)
    done = [found for source in sources if (found := reconcile_with(app, source, day)) is not None]
    if not done:
        until = f" up to {day}" if day else ""
        past = f"; the copy of a day in the past: tracker backfill ecfr --since {day}" if day else ""
        polling = f"tracker poll {' '.join(one.id for one in sources)}"
        raise TrackerError(f"no copy of the list has been taken in{until}", f"Take one in: {polling}{past}")
    return done


def reconcile_with(app: App, source: SourceSettings, day: str | None = None) -> Reconciled | None:
    """Compares with one source's latest copy up to a day; None where there is none."""
    with app.views.store.reading() as database:
        row = queries.latest_copy(database, source.id, source.kind, day)
        if row is None:
            return None
        copy = _copy(app, source, row, database, day)
        waiting = frozenset(normalise(one.name) for one in pending(database, PRESENT) if one.name and one.list == LIST)
        mine = [one for one in listings(database, PRESENT) if one.list == LIST]
    result = reconcile(mine, copy, waiting)
    _put_on_record(app, source, row, copy, result)
    kinds = {kind: tuple(one for one in result.differences if one.kind == kind) for kind in ("missing", "extra", "differing")}
    return Reconciled(on=copy.on, source=source.id, document=row.document, agree=result.agree, **kinds)


def _copy(app: App, source: SourceSettings, row: CopyRow, database: Database, day: str | None) -> Copy:
    entries = tuple(entry for entry in from_lines(app.archive.text(row.text)) if entry.list == LIST)
    # A copy that came again without a change is not recorded again: it holds for the day up to which it was seen.
    held = app.state.held(source.id, row.document.split("/", 2)[2])
    seen = held.fingerprint if held is not None and row.is_latest and source.kind == "ecfr" else row.day
    on = max(row.day, min(seen, day or seen))
    polls = [last for one in told_by(app, LIST) if (last := app.state.source(one.id).last_ok) is not None]
    return Copy(
        on=on,
        entries=entries,
        headings=source.kind == "ecfr",  # the screening list names countries
        complete_from=complete_from(app, database, LIST),
        read_until=max(polls).date().isoformat() if polls else None,
    )


def _put_on_record(app: App, source: SourceSettings, row: CopyRow, copy: Copy, result: Reconciliation) -> None:
    position = app.ledger.head()

    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        event = ListReconciled(
            list=LIST,
            source=source.id,
            on=copy.on,
            position=position,
            document=row.document,
            document_version=row.document_version,
            agree=result.agree,
            causes=dict(sorted(Counter(one.explanation for one in result.differences).items())),
            differences=tuple(one for one in result.differences if one.explanation != "citation page"),
        )
        last = known[-1].event if known else None
        same = isinstance(last, ListReconciled) and _found(last) == _found(event)
        return [] if same else [event]

    app.ledger.append(f"list/{LIST}/{source.id}", decide, app.clock.now())
    app.views.catch_up()


def _found(event: ListReconciled) -> tuple[object, ...]:
    return (event.agree, event.causes, event.differences)
