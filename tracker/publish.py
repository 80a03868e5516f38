"""Feeds and calendars of one institution, party, list or watch, from the views: public facts, and nothing else.

A feed tells the newest changes of the change log, and what took effect on its day; a calendar the days of the
last year and all that are known ahead. Both follow from the views and the day alone, so the same question gives
the same bytes.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec
from sqlite_utils import Database

from events.visibility import public_changes
from projections.published import DayRow, Wanted, days, newest, parties_told_with, rules_with_records, source_of, took_effect
from projections.rows import ChangeRow, plain
from projections.watches import watches
from tracker.app import App
from tracker.deliver.atom import DAWN, as_feed
from tracker.deliver.ics import Day, as_calendar, uid_of
from tracker.deliver.told import Item, Line, Source
from tracker.matching import Index, query_of
from tracker.name_lists import names_in
from tracker.readers.rule_record import read_record, stated

Kind = Literal["institution", "party", "list", "watch"]
PAST: Final = timedelta(days=366)
"""How long a day that is over stays in a calendar."""
_LATELY: Final = 500
"""How many of the newest changes tell whom the index page names."""
_ENDS: Final = ("entity-expired", "entity-reinstated")
_NAME: Final = "tag:regulatory-change-tracker.invalid,2026"


class Published(msgspec.Struct, frozen=True):
    """Something to be read by others, and when it last changed."""

    body: bytes
    changed_at: datetime


class Subject(msgspec.Struct, frozen=True):
    """What a feed is about."""

    kind: Kind
    id: str
    name: str


def subject_named(app: App, kind: Kind, id_: str) -> Subject | None:
    """An institution, party or list of the registers, or a live watch; None for any other id."""
    if kind == "watch":
        with app.views.store.reading() as database:
            return next((Subject(kind, id_, id_) for one in watches(database) if one.watch == id_), None)
    known = app.config.registers
    names = {
        "institution": {one.id: one.name for one in known.institutions},
        "party": {one.id: one.name for one in known.parties},
        "list": {one.id: one.name for one in known.lists},
    }[kind]
    return Subject(kind, id_, names[id_]) if id_ in names else None


def spoken_of(app: App) -> list[Subject]:
    """The lists, and the parties and institutions of the newest public changes: what an index page leads to."""
    known = app.config.registers
    with app.views.store.reading() as database:
        lately = newest(database, lambda _: True, _LATELY)
    parties = {one.party for one in lately} | {party for one in lately for party in one.parties}
    institutions = {one.institution for one in lately}
    return [
        *(Subject("list", one.id, one.name) for one in known.lists),
        *(Subject("party", one.id, one.name) for one in known.parties if one.id in parties),
        *(Subject("institution", one.id, one.name) for one in known.institutions if one.id in institutions),
    ]


def feed(app: App, subject: Subject, url: str) -> Published:
    """The newest changes about a subject as an Atom feed that is had at `url`."""
    most, today = app.config.settings.serve.entries, app.clock.now().date().isoformat()
    with app.views.store.reading() as database:
        wanted = wanted_by(app, database, subject)
        changes = newest(database, wanted, most)
        flips = took_effect(database, changes[-1].recorded_at if len(changes) == most else None, today, wanted)
        told = [(change, change.document) for change in changes] + [(_as_flip(one.change), one.document) for one in flips]
        told.sort(key=lambda one: _recorded(one[0]), reverse=True)
        entries = [(_recorded(change), _item(database, change, document)) for change, document in told[:most]]
    body = as_feed(f"Regulatory changes: {subject.name}", f"{_NAME}:{subject.kind}:{subject.id}", url, entries)
    return Published(body, max((at for at, _ in entries), default=DAWN))


def calendar(app: App, subject: Subject) -> Published:
    """The days that matter to a subject as a calendar."""
    since = (app.clock.now().date() - PAST).isoformat()
    with app.views.store.reading() as database:
        wanted = wanted_by(app, database, subject, of_parties=True)
        rows = [*days(database, since, wanted), *(one for one in _deadlines(app, database, since) if wanted(one.change))]
    found = {uid_of(row.claim, row.change.type): _day(row) for row in rows if len(row.change.date) == 10}
    body = as_calendar(f"Regulatory changes: {subject.name}", found)
    return Published(body, max((day.told_at for day in found.values()), default=DAWN))


def _deadlines(app: App, database: Database, since: str) -> Iterator[DayRow]:
    """The last days for comments on rules, as the Register's own records state them."""
    for rule in rules_with_records(database, since):
        last = stated(read_record(app.archive.get(rule.metadata)), "comments_close_on")
        if last is None or not re.fullmatch(r"\d{4}-\d\d-\d\d", last) or last < since:
            continue
        by = f" ({rule.citation})" if rule.citation else ""
        change = ChangeRow(
            change=None, position=None, day=last, date=last, type="comments-close", kind="effect", list=rule.list,
            summary=f"last day for comments on “{rule.title or rule.document}”{by}", fact=rule.document, standing="official",
        )  # fmt: skip
        yield DayRow(
            claim=f"{rule.document} {rule.list}", change=change, revisions=rule.document_version - 1, told_at=rule.recorded_at
        )


def wanted_by(app: App, database: Database, subject: Subject, *, of_parties: bool = False) -> Wanted:
    """Which changes a subject's feed has; an institution's calendar has those of the parties that it spoke about."""
    if subject.kind == "watch":
        watch = next(one for one in watches(database) if one.watch == subject.id)
        index = Index((query_of(watch.terms, names_in(app.private), app.entries_called),))
        return lambda change: _is_public(change) and bool(index.matching(change))
    if subject.kind == "list":
        return lambda change: change.list == subject.id
    parties = {subject.id} if subject.kind == "party" else parties_told_with(database, subject.id) if of_parties else set()
    return lambda change: (
        (subject.kind == "institution" and change.institution == subject.id)
        or change.party in parties
        or not parties.isdisjoint(change.parties)
    )


def _is_public(change: ChangeRow) -> bool:
    return any(public_changes([change]))


def _as_flip(change: ChangeRow) -> ChangeRow:
    """In words other than those in which it was told when it was learnt; ends and terms have words of their own."""
    again = change.type.startswith("entity-") and change.type not in _ENDS
    return msgspec.structs.replace(change, summary=f"took effect: {change.summary}") if again else change


def _item(database: Database, change: ChangeRow, document: str | None) -> Item:
    source = source_of(database, document)
    evidence = [Source(document=document or "", url=source.url, title=source.title, outlet=source.outlet)] if source else []
    return Item(change=msgspec.convert(plain(change), Line), evidence=tuple(evidence))


def _recorded(change: ChangeRow) -> datetime:
    return datetime.fromisoformat(change.recorded_at) if change.recorded_at else DAWN


def _day(row: DayRow) -> Day:
    return Day(
        day=datetime.fromisoformat(row.change.date).date(),
        words=row.change.summary,
        told_at=datetime.fromisoformat(row.told_at),
        sequence=row.revisions,
    )
