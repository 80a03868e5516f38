"""The path of the data.

    for each source that is named, or due:                        poll()
        source.fetch: conditional, polite                         sources/, http.py
            -> archive the raw bytes                              archive.py
            -> read: bytes to clean text and statements, pure     reading.py, readers/
               (copies of lists first: is it one to believe?      copies.py, following.py)
            -> archive the clean text
            -> append [captured, read, statements...] at once     ledger.py
            -> remember the validators                            state.py
        failed, shrunk, changed? a line in the poll log, an event when it lasts; the others go on     troubles.py
    asked for longer than its deadline? what came is kept, the rest follows; the others go on
    settle and project                                            projections/
    silent for far longer than usual? an event                    rhythm.py, troubles.py
    (then, in the daily run: digest, deliver                      daily.py)

Each step rests on what the one before has fsynced, so a kill at any point loses nothing: what was not
appended is fetched again, and what was appended is not appended twice.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final, Literal, Protocol

import msgspec

from events.base import Recorded
from events.documents import DocumentCaptured
from projections.followed import mark_at
from projections.sources import document_times
from tracker.adoption import adopt
from tracker.app import App
from tracker.archive import Provenance, kept_headers
from tracker.copies import COPIES, take_copy
from tracker.errors import FetchError, OutOfTimeError, TrackerError, UsageError
from tracker.http import PoliteClient
from tracker.reading import record
from tracker.rhythm import is_due, paced, planned, rhythm_of
from tracker.shape import Shape, Trouble
from tracker.sources import SOURCES
from tracker.sources.base import Failed, Fetched, Finished, Item, SourceSettings, Unchanged, next_check
from tracker.state import Poll, SourceState
from tracker.stopping import GRACE, Stop
from tracker.troubles import judged, note_answer, note_failure, note_silences, state_after

log = logging.getLogger(__name__)
_OTHER_PAST: Final = (
    "the ledger is another one than at the last poll, or an earlier state of it: sources are asked for everything again, "
    "as far as polls reach; `tracker backfill` takes in what is older"
)

FIRST_RETRY: Final = 300.0
"""Seconds after which a source is asked again that failed once."""
STOPPED: Final = "stopped before its end; the rest follows at the next run"


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


def poll(app: App, sources: Iterable[SourceSettings], progress: Progress = silent, stop: Stop | None = None) -> list[Outcome]:
    """Polls each source once, one after the other, then brings the views up to date.

    When a stop is asked for, the source at work is finished and the rest is left.
    """
    prepare(app)
    stop, sources = stop or Stop(), list(sources)
    if not sources:
        app.views.catch_up()
        return []  # nothing is due, and a client takes a tenth of a second to make
    outcomes, worked = [], []
    with PoliteClient(app.config.settings.http, app.clock, app.state) as client, stop.telling(lambda: client.hurry(GRACE)):
        for source in sources:
            if stop.asked:
                break
            progress(f"{source.id}: polling")
            outcomes.append(poll_source(app, _paced(app, source), client, stop=stop))
            worked += [source] if app.state.source(source.id).failures == 0 else []
    app.views.catch_up()
    if note_silences(app, worked, app.clock.now()):
        app.views.catch_up()
    return outcomes


def backfill(
    app: App,
    source: SourceSettings,
    since: date | None,
    until: date | None,
    progress: Progress = silent,
    stop: Stop | None = None,
) -> Outcome:
    """Takes in a source's past, oldest first; what is held already is passed over, so it can be stopped and resumed."""
    prepare(app)
    stop = stop or Stop()
    with PoliteClient(app.config.settings.http, app.clock, app.state) as client, stop.telling(lambda: client.hurry(GRACE)):
        outcome = poll_source(app, source, client, since, until, progress, stop)
    app.views.catch_up()
    return outcome


def _paced(app: App, source: SourceSettings) -> SourceSettings:
    """The source at the pace of its documents, where its settings leave room for one."""
    if source.every_least is None and source.every_most is None:
        return source
    with app.views.store.reading() as database:
        return paced(source, rhythm_of(document_times(database, source.id)))


def prepare(app: App) -> None:
    """Puts the registers on record, and makes sure that the state remembered is this ledger's."""
    adopt(app.config, app.ledger, app.archive, app.clock.now())
    first = next(app.ledger.read(0, 1))
    identity = f"{first.stream} at {first.recorded_at.isoformat()}"
    if app.state.belong_to(identity, lambda position: mark_at(app.ledger, position)):
        log.warning(_OTHER_PAST)


def chosen(app: App, names: Sequence[str], due: bool) -> list[SourceSettings]:
    """The sources of those names, or all, or those that are due; raises UsageError for an unknown name."""
    known = {source.id: source for source in app.config.sources}
    if unknown := [name for name in names if name not in known]:
        raise UsageError(f"no source is called {unknown[0]!r}", f"Known: {', '.join(known)}. They are set in sources.toml.")
    wanted = [known[name] for name in names] if names else list(known.values())
    now = app.clock.now()
    return [source for source in wanted if not due or is_due(source, app.state.source(source.id).next_check, now)]


def poll_source(
    app: App,
    source: SourceSettings,
    client: PoliteClient,
    since: date | None = None,
    until: date | None = None,
    progress: Progress = silent,
    stop: Stop | None = None,
) -> Outcome:
    """Polls one source; whatever goes wrong with it is in the outcome, and never an exception."""
    now = app.clock.now()
    taking = _Taking(app, source, now, Outcome(source=source.id), is_poll=since is None and until is None)
    outcome, before = taking.outcome, app.state.source(source.id)
    trouble: Trouble | None = None
    client.allow(source.deadline if taking.is_poll else float("inf"))
    if stop is not None and stop.asked:
        client.hurry(GRACE)  # asked for this very moment: what was allowed has undone it
    try:
        for item in SOURCES[source.kind].fetch(source, client, app.state, app.archive.put, now, since, until):
            _take(taking, item)
            if isinstance(item, Fetched):
                progress(f"{source.id}: {item.document.title or item.document.key}", item.document.published)
            _go_on(taking, client, stop)
    except (OutOfTimeError, FetchError) as error:
        trouble = _trouble(taking, error, stop)
    except TrackerError:
        raise  # the ledger or the archive: nothing can go on without them
    except Exception as error:
        log.exception("%s: the poll failed", source.id)
        trouble = Trouble(kind="failed", words=f"{source.id}: {type(error).__name__}: {error}")
    if trouble is not None:
        outcome.status, outcome.error = "failed", trouble.words
        note_failure(app, source, before, trouble, now)
        app.state.source_failed(source.id, now, trouble.words, _next_try(taking, before))
    _log(taking, trouble)
    head = app.ledger.head()
    app.state.reached(head, mark_at(app.ledger, head))
    return outcome


def _go_on(taking: "_Taking", client: PoliteClient, stop: Stop | None) -> None:
    """Raises OutOfTimeError when no time is left; a backfill, which may take hours, ends as soon as it is told to."""
    if taking.is_finished:
        return
    if stop is not None and stop.asked and not taking.is_poll:
        raise OutOfTimeError("stopped")
    client.check_time()


def _trouble(taking: "_Taking", error: OutOfTimeError | FetchError, stop: Stop | None) -> Trouble | None:
    """What is the matter with a source whose poll ended so; nothing when it was we who stopped."""
    outcome, source = taking.outcome, taking.source
    if isinstance(error, FetchError):
        taking.retry_after = error.retry_after
        return Trouble(kind=error.trouble, words=_line(error), url=error.url, raw=error.raw)
    if stop is not None and stop.asked:
        outcome.status, outcome.error = "ok" if outcome.documents else "unchanged", STOPPED
        return None
    words = f"{source.id}: took longer than {source.deadline:g} seconds altogether ({error.hint})"
    return Trouble(kind="failed", words=words)


class _Taking(msgspec.Struct):
    """What one poll of a source goes by, and what has come of it."""

    app: App
    source: SourceSettings
    now: datetime
    outcome: Outcome
    is_poll: bool
    """Not so for a backfill, which moves no plans."""
    is_finished: bool = False
    retry_after: float | None = None
    shape: Shape | None = None
    trouble: Trouble | None = None
    """What is the matter with an answer that was had."""


def _log(taking: _Taking, trouble: Trouble | None) -> None:
    trouble = trouble or taking.trouble
    taking.app.state.log(
        Poll(
            source=taking.source.id,
            at=taking.now,
            status=taking.outcome.status,
            error=taking.outcome.error,
            fetched=taking.outcome.fetched,
            documents=taking.outcome.documents,
            events=taking.outcome.events,
            shape=taking.shape,
            trouble=None if trouble is None else trouble.kind,
        )
    )


def _next_try(taking: _Taking, before: SourceState) -> datetime:
    """When a source that failed is asked again: soon, then after pauses that double, up to its usual pace."""
    wait = min(taking.source.every, FIRST_RETRY * 2 ** min(before.failures, 20))
    check = next_check(taking.now, wait, retry_after=taking.retry_after)
    return planned(taking.source, check, taking.app.state.belongs_to())


def _take(taking: _Taking, item: Item) -> None:
    app, outcome = taking.app, taking.outcome
    match item:
        case Fetched():
            outcome.fetched += 1
            recorded = _record(app, taking.source, item)
            outcome.documents += sum(isinstance(one.event, DocumentCaptured) for one in recorded)
            outcome.events += len(recorded)
            app.state.remember(item.validators, item.held)
        case Unchanged():
            app.state.remember(item.validators, item.held)
        case Failed():
            # One document of many: said aloud and logged, while the source as a whole works.
            log.warning("%s: %s", taking.source.id, item.error)
            outcome.error = item.error
            app.state.remember((), item.held)
        case Finished():
            app.state.remember(item.validators)
            outcome.status = "unchanged" if item.unchanged or not outcome.documents else "ok"
            if item.failed:
                # The source works, and yet not all of it was had: an answer must not pass for complete.
                outcome.status = "failed"
            _finish(taking, item)


def _finish(taking: _Taking, item: Finished) -> None:
    """Saves how the source fares, plans its next check, and notes what is or is no longer the matter with it."""
    app, source, state, now = taking.app, taking.source, item.state, taking.now
    taking.is_finished, taking.shape = True, item.shape
    if item.covered is not None:
        app.state.cover(source.id, item.covered)
    if taking.is_poll and state.last_ok != now:
        app.state.save_source(state)  # it answered that it is busy: neither well nor ill
        return
    if taking.is_poll:
        taking.trouble = judged(app, source, item.shape, now)
        if state.next_check is not None:
            state = msgspec.structs.replace(state, next_check=planned(source, state.next_check, app.state.belongs_to()))
        state = state_after(state, taking.trouble)
    else:
        state = msgspec.structs.replace(state, failing_since=None)
    note_answer(app, source, app.state.source(source.id), taking.trouble, now)
    app.state.save_source(state)


def _record(app: App, source: SourceSettings, item: Fetched) -> list[Recorded]:
    answer = item.answer
    provenance = Provenance(url=answer.url, at=answer.fetched_at, status=answer.status, headers=kept_headers(answer.headers))
    if item.document.kind in COPIES:
        return take_copy(app, source, item.document, provenance)
    return record(item.document, provenance, app.config.registers, app.ledger, app.archive, app.clock.now())


def _line(error: TrackerError) -> str:
    return f"{error} ({error.hint})" if error.hint else str(error)
