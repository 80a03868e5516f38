"""Digests: what was learnt and what took effect for a watch since its last one; made, archived, issued.

A digest covers ledger positions (after, until] and legal days (day_after, day_until]; the next begins
where it ends. Its content follows from these alone, so any past digest can be computed again
(`tracker/recomputing.py`).
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time

from sqlite_utils import Database

from events.base import Event, Recorded
from events.operations import DigestIssued
from events.watching import Watching
from projections.deliveries import highest_numbers
from projections.told import LastDigest, last_digests
from projections.watches import watches
from tracker.app import App
from tracker.composing import RENDERER, Composer
from tracker.contents import Digest
from tracker.due import has_time, is_due
from tracker.name_lists import names_in
from tracker.news import News, ReadNames, Wanted
from tracker.render import Renderer
from tracker.spans import Beginnings, Span, next_span
from tracker.watch_checks import unknown_watch

Choice = Callable[[Database], Sequence[Watching]]


def named(database: Database, watch: str | None) -> list[Watching]:
    """All watches, or the one of that id; raises UsageError for an unknown one."""
    known = watches(database)
    chosen = [one for one in known if watch in (None, one.watch)]
    if watch is not None and not chosen:
        raise unknown_watch(watch, [one.watch for one in known])
    return chosen


def issued(app: App, watch: str) -> list[DigestIssued]:
    """The digests of a watch, oldest first."""
    return [one.event for one in app.ledger.stream(f"digest/{watch}") if isinstance(one.event, DigestIssued)]


def compose(app: App, database: Database, watching: Watching, number: int, span: Span, names: ReadNames | None = None) -> Digest:
    """What is news to one watch in a span; `names` reads saved lists that are not in the private store."""
    wanted = Wanted(watching=watching, span=span)
    news = News(database, app.ledger, [wanted], names or names_in(app.private), app.entries_called)
    return Composer(news, app.config.settings.digest.most).compose(wanted, number)


def next_digest(app: App, database: Database, watching: Watching) -> Digest:
    """What the next digest of a watch would say now; nothing is issued."""
    last, until = last_digests(database).get(watching.watch), app.views.store.checkpoint_in(database)
    span = next_span(Beginnings(app.ledger), watching, last, until, app.clock.now())
    return compose(app, database, watching, _Numbers(app).after(watching.watch, last), span)


def issue(app: App, watch: str) -> tuple[Digest, DigestIssued] | None:
    """Makes the next digest of a watch, whatever its cadence; nothing when there is no news."""
    return next(issue_each(app, lambda database: named(database, watch)), None)


def issue_due(app: App, digest_at: time | None = None) -> Iterator[DigestIssued]:
    """Makes the digests that are due, of all watches that are not paused.

    A watch with a time of its own that has no news then waits for its next time: that it was looked at is kept.
    """
    now = app.clock.now()
    silent: set[str] = set()

    def due(database: Database) -> list[Watching]:
        last = {watch: one.recorded_at for watch, one in last_digests(database).items()}
        looked = app.state.looked()
        found = [one for one in watches(database) if is_due(one, last.get(one.watch), now, digest_at, looked.get(one.watch))]
        silent.update(one.watch for one in found if has_time(one.terms))
        return found

    app.views.catch_up()
    for _, event in issue_each(app, due, now):
        silent.discard(event.watch)
        yield event
    app.state.look(silent, now)
    app.views.catch_up()


def issue_each(app: App, choose: Choice, now: datetime | None = None) -> Iterator[tuple[Digest, DigestIssued]]:
    """Makes the next digests of some watches, from one state of the views; the content of each is archived first."""
    now = now or app.clock.now()
    with app.views.store.reading() as database:
        until, last = app.views.store.checkpoint_in(database), last_digests(database)
        beginnings = Beginnings(app.ledger)
        wanted = [
            Wanted(watching=one, span=next_span(beginnings, one, last.get(one.watch), until, now)) for one in choose(database)
        ]
        if not wanted:
            return
        news = News(database, app.ledger, wanted, names_in(app.private), app.entries_called)
        composer, renderer, numbers = Composer(news, app.config.settings.digest.most), Renderer(app.templates), _Numbers(app)
        for one in news.in_order(wanted):
            before = last.get(one.watching.watch)
            digest = composer.compose(one, numbers.after(one.watching.watch, before))
            if digest.size == 0 and one.watching.terms.empty == "silent":
                continue
            if event := _issued(app, one.watching, digest, before.number if before else 0, renderer):
                yield digest, event


class _Numbers:
    """The numbers of the next digests.

    A number that a receipt speaks of is never given again: where an older ledger was put back and the receipts were
    not, the new digest would pass for delivered.
    """

    def __init__(self, app: App) -> None:
        app.deliveries.catch_up()
        with app.deliveries.store.reading() as database:
            self._taken = highest_numbers(database)

    def after(self, watch: str, last: LastDigest | None) -> int:
        """The number that follows the last digest of a watch."""
        return max(last.number if last else 0, self._taken.get(watch, 0)) + 1


def _issued(app: App, watching: Watching, digest: Digest, before: int, renderer: Renderer) -> DigestIssued | None:
    """Archives a digest and records that it was issued; None where another process issued one since the one `before`."""
    span = digest.span
    event = DigestIssued(
        watch=digest.watch,
        number=digest.number,
        after=span.after,
        until=span.until,
        day_after=span.day_after,
        day_until=span.day_until,
        changes=digest.size,
        channels=watching.terms.channels,
        text=app.archive.put(renderer.text(digest).encode()),
        html=app.archive.put(renderer.html(digest).encode()),
        json=app.archive.put(renderer.json(digest)),
        facts=digest.content.facts,
        retracted=digest.content.retracted,
        content=renderer.content_id(digest),
        renderer=RENDERER,
        most=app.config.settings.digest.most,
    )

    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        # Another process may have issued meanwhile: its digest covers what ours would say again.
        last = max((one.event.number for one in known if isinstance(one.event, DigestIssued)), default=0)
        return [event] if last == before else []

    return event if app.ledger.append(f"digest/{digest.watch}", decide, app.clock.now()) else None
