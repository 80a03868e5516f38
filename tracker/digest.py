"""Digests: what was learnt and what took effect for one watch since its last one.

A digest covers ledger positions (after, until] and legal days (day_after, day_until]; the next begins
where it ends. Its content follows from these alone, so any past digest can be computed again.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlite_utils import Database

from events.base import Event, Recorded
from events.operations import DigestIssued, WatchAdded
from events.words import ON_FILE
from projections import queries
from projections.claims import PRESENT
from projections.entries import evidence_of
from projections.rows import ChangeRow, EvidenceRow
from projections.settled import component, listings_of, said_about
from projections.watches import matches, watches
from tracker import render
from tracker.app import App
from tracker.errors import UsageError

_GROUPS: Final = (
    ("On file, not yet published", lambda change: change.kind == "learnt" and change.summary.startswith(ON_FILE)),
    ("Took effect", lambda change: change.kind == "effect"),
    ("Corrected or withdrawn", lambda change: change.kind in {"corrected", "withdrawn", "reread", "decided"}),
    ("Added to a list", lambda change: change.type == "entity-added"),
    ("Revised on a list", lambda change: change.type == "entity-revised"),
    ("Removed from a list", lambda change: change.type == "entity-removed"),
    ("Suspended for a time", lambda change: change.type == "entity-suspended"),
    ("Rules in force for a time", lambda change: change.type == "rule-in-force"),
    ("Institutions responded", lambda change: change.type == "institution-responded"),
    ("Ties ended", lambda change: change.type == "tie-ended"),
    ("Ties reported", lambda change: change.type == "tie-reported"),
    ("Listed parties responded", lambda change: change.type == "entity-responded"),
    ("Listings reported by the press", lambda change: change.type == "listing-reported"),
    ("Other changes", lambda _: True),
)


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """What a digest covers: positions (after, until] and days (day_after, day_until]."""

    after: int
    until: int
    day_after: str
    day_until: str


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a digest, with its sources."""

    change: ChangeRow
    evidence: tuple[EvidenceRow, ...] = ()


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Lines of one kind."""

    title: str
    items: tuple[Item, ...]


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """The one model behind the text, HTML and JSON of a digest."""

    watch: str
    number: int
    span: Span
    groups: tuple[Group, ...]

    @property
    def size(self) -> int:
        """How many changes it carries."""
        return sum(len(group.items) for group in self.groups)


def compose(database: Database, watch: WatchAdded, number: int, span: Span) -> Digest:
    """What is news to a watch in a span."""
    learnt = queries.changes(database, span.after, span.until)
    effects = queries.effects(database, span.day_after, span.day_until, learnt_by=span.after)
    news = [change for change in (*effects, *_latest(learnt)) if matches(watch, change)]
    official = {party for change in news for party in change.parties if change.type.startswith("entity-") and change.list}
    # What the press reported of a listing that the same digest tells officially is its evidence, not news.
    news = [change for change in news if change.type != "listing-reported" or change.party not in official]
    groups = []
    for title, belongs in _GROUPS:
        mine = [change for change in news if belongs(change)]
        news = [change for change in news if not belongs(change)]
        mine = _merged(mine)
        if mine:
            items = tuple(Item(change=change, evidence=_evidence(database, change)) for change in mine)
            groups.append(Group(title=title, items=items))
    return Digest(watch=watch.watch, number=number, span=span, groups=tuple(groups))


MOST_OF_ONE: Final = 200
"""Changes of one document and kind that a digest tells one by one; the first copy of a list holds thousands."""


def _merged(changes: list[ChangeRow]) -> list[ChangeRow]:
    """The changes with floods told in one line each: a list taken in for the first time must not bury the news."""
    count = Counter((change.document or "", change.type) for change in changes)
    told: set[tuple[str, str]] = set()
    kept = []
    for change in changes:
        key = (change.document or "", change.type)
        if count[key] <= MOST_OF_ONE or change.document is None:
            kept.append(change)
        elif key not in told:
            told.add(key)
            words = f"{change.summary}, and {count[key] - 1:,} more by the same document: `tracker changes` lists them"
            kept.append(msgspec.structs.replace(change, summary=words))
    return kept


def _latest(learnt: Iterable[ChangeRow]) -> list[ChangeRow]:
    """One line a fact: what a later source added in the same span is told in the fact's last words.

    Rules that revise one entry after each other are a line each: every amendment is news.
    """
    lines: dict[tuple[str | None, ...], ChangeRow] = {}
    for change in learnt:
        key: tuple[str | None, ...] = (change.fact, change.type)
        if change.type == "entity-revised" and change.kind == "learnt":
            key = (*key, change.document, change.date)
        first = lines.get(key)
        if first is not None and first.kind == "learnt" and change.kind == "withdrawn":
            del lines[key]  # came and went within the span: nothing to tell
            continue
        kind = first.kind if first is not None and change.kind == "learnt" else change.kind
        lines[key] = msgspec.structs.replace(change, kind=kind)
    return list(lines.values())


def _evidence(database: Database, change: ChangeRow) -> tuple[EvidenceRow, ...]:
    """The sources of a change's fact as they stand; for a listing, the amendment that made the change."""
    fact = queries.facts_named(database, change.fact)
    claims = fact.claims if fact is not None else (change.fact,)
    subjects = queries.subjects_of_claims(database, claims)
    if fact is None and change.document is not None:
        subjects = component(database, subjects)
        listed = [one.claims for one in listings_of(database, subjects, PRESENT).listings if one.lineage == change.fact]
        mine = [one for one in said_about(database, subjects, PRESENT) if listed and one.statement.claim in listed[0]]
        claims = tuple(one.statement.claim for one in mine if one.document == change.document) or claims
    said = [one for one in said_about(database, subjects, PRESENT) if one.statement.claim in claims]
    return tuple(evidence_of(one) for one in sorted(said, key=lambda one: one.order))


def named(database: Database, watch: str | None) -> list[WatchAdded]:
    """All watches, or the one of that id; raises UsageError for an unknown one."""
    known = watches(database)
    chosen = [one for one in known if watch in (None, one.watch)]
    if watch is not None and not chosen:
        names = ", ".join(one.watch for one in known) or "none yet"
        raise UsageError(f"no watch is called {watch!r}", f"Known: {names}. Add one with `tracker watch add`.")
    return chosen


def next_span(app: App, watch: WatchAdded, issued: Sequence[DigestIssued], until: int) -> Span:
    """From where the last digest ended, or from the watch's `since` where that is later, to now."""
    today = app.clock.now().date().isoformat()
    after, day_after = _begin(app, watch), (watch.since.date() - timedelta(days=1)).isoformat()
    if issued:  # perhaps those of an earlier watch of the same id
        after, day_after = max(after, issued[-1].until), max(day_after, issued[-1].day_until)
    return Span(after=after, until=until, day_after=day_after, day_until=max(today, day_after))


def _begin(app: App, watch: WatchAdded) -> int:
    """The last position that is no news: what was recorded by `since`; of that very instant, up to the watch itself."""
    last = app.ledger.position_at(watch.since)
    first = app.ledger.position_at(watch.since - timedelta(microseconds=1))
    return next((one.position for one in app.ledger.read(first, last) if one.event == watch), last)


def issued(app: App, watch: str) -> list[DigestIssued]:
    """The digests of a watch, oldest first."""
    return [one.event for one in app.ledger.stream(f"digest/{watch}") if isinstance(one.event, DigestIssued)]


def issue(app: App, watch: WatchAdded) -> tuple[Digest, DigestIssued] | None:
    """Makes the next digest of a watch; nothing when there is no news. The content is archived first."""
    before = issued(app, watch.watch)
    with app.views.store.reading() as database:
        until = app.views.store.checkpoint_in(database)
        span = next_span(app, watch, before, until)
        digest = compose(database, watch, len(before) + 1, span)
    if digest.size == 0:
        return None
    event = DigestIssued(
        watch=watch.watch,
        number=digest.number,
        after=span.after,
        until=span.until,
        day_after=span.day_after,
        day_until=span.day_until,
        changes=digest.size,
        channels=watch.channels,
        text=app.archive.put(render.as_text(digest).encode()),
        html=app.archive.put(render.as_html(digest).encode()),
        json=app.archive.put(render.as_json(digest)),
    )

    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        # Another process may have issued meanwhile: its digest covers what ours would say again.
        return [event] if len(known) == len(before) else []

    return (digest, event) if app.ledger.append(f"digest/{watch.watch}", decide, app.clock.now()) else None


_PERIODS: Final = {"immediate": timedelta(0), "hourly": timedelta(hours=1), "weekly": timedelta(days=7)}


def is_due(watch: WatchAdded, last: datetime | None, now: datetime) -> bool:
    """Whether a watch's cadence allows a digest now; daily means once a calendar day (UTC)."""
    if last is None:
        return True
    if watch.cadence == "daily":
        return last.date() < now.date()
    return now - last >= _PERIODS[watch.cadence]
