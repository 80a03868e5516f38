"""What a watch, or filters that nobody saved, would have sent over a past period; nothing is written."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from sqlite_utils import Database

from events.watching import Watching
from projections import queries
from tracker.app import App
from tracker.contents import Digest
from tracker.digest import compose
from tracker.due import local_day, slots
from tracker.name_lists import read_names
from tracker.news import ReadNames
from tracker.spans import Span
from tracker.watch_checks import check_filters, check_times
from tracker.watching import WatchOrder, terms_of

_FIRST: Final = datetime(1, 1, 2, tzinfo=UTC)
_HOUR: Final = timedelta(hours=1)
_INSTANT: Final = timedelta(microseconds=1)


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """A past period; without `since`, all that is known."""

    since: datetime | None
    until: datetime


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """Filters that somebody tries out, with their names, which are kept nowhere."""

    watching: Watching
    names: ReadNames | None = None


def tried(app: App, options: dict[str, Any]) -> Tried:
    """The filters given; raises UsageError as `watch add` does."""
    order = WatchOrder(watch="preview", **options)
    check_filters(app.config, order, app.printed_destinations)
    check_times(order)
    names = {str(path): read_names(path) for path in order.names}
    terms = terms_of(order, (), tuple(names), _FIRST)
    return Tried(watching=Watching(terms=terms, begun=0), names=names.__getitem__)


def preview_whole(app: App, tried: Tried, period: Period) -> Digest:
    """One digest of all that a watch would have sent."""
    period = _reached(period)
    one = _beginning(tried.watching, period)
    with app.views.store.reading() as database:
        return compose(app, database, one, 0, _first_span(app, one, period, period.until), tried.names)


def preview_each(app: App, tried: Tried, period: Period) -> Iterator[Digest]:
    """The digests that a watch would have sent, as its cadence would have cut them; empty ones as it wants them."""
    period = _reached(period)
    one = _beginning(tried.watching, period)
    with app.views.store.reading() as database:
        number, before = 0, None
        for moment in _moments(app, database, one, period):
            span = _first_span(app, one, period, moment) if before is None else _span(app, one, before, moment)
            digest = compose(app, database, one, number + 1, span, tried.names)
            before = moment
            if digest.size or one.terms.empty == "told":
                number += 1
                yield digest


def _beginning(one: Watching, period: Period) -> Watching:
    """As if the watch had begun with the period: what is learnt in it is news."""
    since = period.since or _FIRST
    return msgspec.structs.replace(one, terms=msgspec.structs.replace(one.terms, since=min(since, one.terms.since)))


def _reached(period: Period) -> Period:
    """The period without years whose days cannot be told in every time zone."""
    return period if period.since is None else msgspec.structs.replace(period, since=max(period.since, _FIRST))


def _first_span(app: App, one: Watching, period: Period, until: datetime) -> Span:
    """What the first digest covers: where the period begins with a day, what takes effect on that day too."""
    since = period.since or _FIRST
    return msgspec.structs.replace(_span(app, one, since, until), day_after=local_day(one.terms, since - _INSTANT).isoformat())


def _span(app: App, one: Watching, since: datetime, until: datetime) -> Span:
    return Span(
        after=app.ledger.position_at(since),
        until=app.ledger.position_at(until),
        day_after=local_day(one.terms, since).isoformat(),
        day_until=local_day(one.terms, until).isoformat(),
    )


def _moments(app: App, database: Database, one: Watching, period: Period) -> Iterator[datetime]:
    """When digests would have been due: where something was learnt, or at the times of day; and at the end."""
    span = _first_span(app, one, period, period.until)
    learnt = [datetime.fromisoformat(row.recorded_at or "") for row in queries.each_change(database, span.after, span.until)]
    if one.terms.cadence in {"daily", "weekly"}:
        begun = next((one.recorded_at for one in app.ledger.read(0, 1)), period.until) - timedelta(days=1)
        start = max(period.since or begun, begun)  # before the first event no digest says anything
        found = list(slots(one.terms, start, period.until))
    elif one.terms.cadence == "hourly":
        found = sorted({at.replace(minute=0, second=0, microsecond=0) + _HOUR for at in learnt})
    else:
        found = sorted(set(learnt))
    yield from (moment for moment in found if moment < period.until)
    yield period.until
