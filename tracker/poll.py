"""The path of the data.

    for each source that is named, or due:                        poll()
        source.fetch: conditional, polite                         sources/, http.py
            -> archive the raw bytes                              archive.py
            -> read: bytes to clean text and statements, pure     reading.py, readers/
               (copies of lists first: is it one to believe?      copies.py, following.py)
            -> archive the clean text
            -> append [captured, read, statements...] at once     ledger.py
            -> remember the validators                            state.py
        failed? one line in the poll log, one event a row of failures; the others go on
    settle and project                                            projections/
    (then, in the daily run: digest, deliver                      daily.py)

Each step rests on what the one before has fsynced, so a kill at any point loses nothing: what was not
appended is fetched again, and what was appended is not appended twice.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Literal, Protocol

import msgspec

from events.base import Event, Recorded
from events.documents import DocumentCaptured
from events.operations import SourceFailed, SourceRecovered
from tracker.adoption import adopt
from tracker.app import App
from tracker.archive import Provenance, kept_headers
from tracker.copies import COPIES, take_copy
from tracker.errors import FetchError, TrackerError, UsageError
from tracker.http import PoliteClient
from tracker.reading import record
from tracker.sources import SOURCES
from tracker.sources.base import Failed, Fetched, Finished, Item, SourceSettings, Unchanged, next_check
from tracker.state import Poll

log = logging.getLogger(__name__)


class Outcome(msgspec.Struct, kw_only=True):
    """What became of one source in one pass; keys as in the command-line contract."""

    source: str
    status: Literal["ok", "unchanged", "failed"] = "unchanged"
    fetched: int = 0
    documents: int = 0
    events: int = 0
    error: str | None = None


class Progress(Protocol):
    """Is told what is being done, and of which day (ISO) where the work goes through days."""

    def __call__(self, words: str, day: str | None = None) -> None: ...


def silent(words: str, day: str | None = None) -> None:
    """Says nothing."""


def poll(app: App, sources: Iterable[SourceSettings], progress: Progress = silent) -> list[Outcome]:
    """Polls each source once, one after the other, then brings the views up to date."""
    prepare(app)
    outcomes = []
    with PoliteClient(app.config.settings.http, app.clock, app.state) as client:
        for source in sources:
            progress(f"{source.id}: polling")
            outcomes.append(poll_source(app, source, client))
    app.views.catch_up()
    return outcomes


def backfill(app: App, source: SourceSettings, since: date | None, until: date | None, progress: Progress = silent) -> Outcome:
    """Takes in a source's past, oldest first; what is held already is passed over, so it can be resumed."""
    prepare(app)
    with PoliteClient(app.config.settings.http, app.clock, app.state) as client:
        outcome = poll_source(app, source, client, since, until, progress)
    app.views.catch_up()
    return outcome


def prepare(app: App) -> None:
    """Puts the registers on record, and makes sure that the state remembered is this ledger's."""
    adopt(app.config, app.ledger, app.archive, app.clock.now())
    first = next(app.ledger.read(0, 1))
    app.state.belong_to(f"{first.stream} at {first.recorded_at.isoformat()}")


def chosen(app: App, names: Sequence[str], due: bool) -> list[SourceSettings]:
    """The sources of those names, or all, or those that are due; raises UsageError for an unknown name."""
    known = {source.id: source for source in app.config.sources}
    if unknown := [name for name in names if name not in known]:
        raise UsageError(f"no source is called {unknown[0]!r}", f"Known: {', '.join(known)}. They are set in sources.toml.")
    wanted = [known[name] for name in names] if names else list(known.values())
    now = app.clock.now()
    return [source for source in wanted if not due or app.state.is_due(source.id, now)]


def poll_source(
    app: App,
    source: SourceSettings,
    client: PoliteClient,
    since: date | None = None,
    until: date | None = None,
    progress: Progress = silent,
) -> Outcome:
    """Polls one source; whatever goes wrong with it is in the outcome, and never an exception."""
    now = app.clock.now()
    outcome = Outcome(source=source.id)
    try:
        items = SOURCES[source.kind].fetch(source, client, app.state, app.archive.put, now, since, until)
        for item in items:
            _take(app, source, item, outcome)
            if isinstance(item, Fetched):
                progress(f"{source.id}: {item.document.title or item.document.key}", item.document.published)
    except FetchError as error:
        outcome.status, outcome.error = "failed", _line(error)
        wait = next_check(now, source.every, retry_after=error.retry_after)
        app.state.source_failed(source.id, now, outcome.error, wait)
        _failed(app, source.id, outcome.error, now, error.url, error.raw)
    except TrackerError:
        raise  # the ledger or the archive: nothing can go on without them
    except Exception as error:
        log.exception("%s: the poll failed", source.id)
        outcome.status, outcome.error = "failed", f"{source.id}: {type(error).__name__}: {error}"
        app.state.source_failed(source.id, now, outcome.error, next_check(now, source.every))
        _failed(app, source.id, outcome.error, now)
    app.state.log(
        Poll(
            source=source.id,
            at=now,
            status=outcome.status,
            error=outcome.error,
            fetched=outcome.fetched,
            documents=outcome.documents,
            events=outcome.events,
        )
    )
    return outcome


def _take(app: App, source: SourceSettings, item: Item, outcome: Outcome) -> None:
    match item:
        case Fetched():
            outcome.fetched += 1
            recorded = _record(app, source, item)
            outcome.documents += sum(isinstance(one.event, DocumentCaptured) for one in recorded)
            outcome.events += len(recorded)
            app.state.remember(item.validators, item.held)
        case Unchanged():
            app.state.remember(item.validators, item.held)
        case Failed():
            # One document of many: said aloud and logged, while the source as a whole works.
            log.warning("%s: %s", source.id, item.error)
            outcome.error = item.error
            app.state.remember((), item.held)
        case Finished():
            app.state.remember(item.validators)
            app.state.save_source(item.state)
            outcome.status = "unchanged" if item.unchanged or not outcome.documents else "ok"
            if item.failed:
                # The source works, and yet not all of it was had: an answer must not pass for complete.
                outcome.status = "failed"
            _recovered(app, source.id)


def _record(app: App, source: SourceSettings, item: Fetched) -> list[Recorded]:
    answer = item.answer
    provenance = Provenance(url=answer.url, at=answer.fetched_at, status=answer.status, headers=kept_headers(answer.headers))
    if item.document.kind in COPIES:
        return take_copy(app, source, item.document, provenance)
    return record(item.document, provenance, app.config.registers, app.ledger, app.archive, app.clock.now())


def _line(error: TrackerError) -> str:
    return f"{error} ({error.hint})" if error.hint else str(error)


def _failed(app: App, source: str, error: str, now: datetime, url: str | None = None, raw: str | None = None) -> None:
    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        failing = bool(known) and isinstance(known[-1].event, SourceFailed)
        return [] if failing else [SourceFailed(source=source, error=error, url=url, raw=raw)]

    app.ledger.append(f"source/{source}", decide, now)


def _recovered(app: App, source: str) -> None:
    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        failing = bool(known) and isinstance(known[-1].event, SourceFailed)
        return [SourceRecovered(source=source)] if failing else []

    app.ledger.append(f"source/{source}", decide, app.clock.now())
