"""Commands that ask: status, coverage, timeline, changes, events, why."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import click
import msgspec

from events import edtf
from events.visibility import public
from projections import queries
from projections.effects import announced, taking_effect
from projections.entries import in_order
from projections.pending import pending
from projections.rows import ChangeRow, Entry, ListingRow
from projections.status import status as status_on
from tracker.app import App
from tracker.cli.explain import print_timeline, print_why
from tracker.cli.output import emit, output_options, say
from tracker.cli.shared import Globals
from tracker.cli.times import LAST_POSITION, Times, iso_day, time_options, times
from tracker.coverage import RULES, coverage_of, stale
from tracker.errors import TrackerError, UsageError
from tracker.moments import beginning, instant
from tracker.quotes import with_quotes
from tracker.subjects import every_name, named, nearest, subjects_named
from tracker.why import why as why_so

_FIRST: Final = datetime(1, 1, 2, tzinfo=UTC)
_INSTANT: Final = timedelta(microseconds=1)


@click.command()
@click.argument("name", required=False)
@click.option("--list", "list_id", metavar="L", help="Only this list, for example us-bis-el.")
@click.option("--country", metavar="CC", help="Only this country (ISO 3166, two letters).")
@time_options
@output_options
@click.pass_obj
def status(
    given: Globals, name: str | None, list_id: str | None, country: str | None, on: str | None, known_at: str | None,
    available_at: str | None, form: str | None,
) -> None:  # fmt: skip
    """Show entries of the lists, on any day and in any state of knowledge.

    Example: tracker status SenseTime --on 2019-10-09
    """
    with given.app() as app:
        when = times(app, on, known_at, available_at)
        check_list(app, list_id)
        party = named(app.config.registers.parties, name) if name else None
        with app.views.store.reading() as database:
            rows = status_on(
                database, when.day, when.horizon, name=name, party=party.id if party else None, list_id=list_id,
                country=country.upper() if country else None,
            )  # fmt: skip
            tell_what_waits(database, when)
            for words in stale(app, database, list_id or RULES):
                say(words)
            if not rows and name:
                suggest(app, database, name, "no entry of a list is called")
    columns = ("name", "destination", "status", "effective_from:from", "effective_until:until", "citations", "standing")
    emit(rows if form else map(_shortened, rows), form, columns)
    if form is None and name:
        _detail(rows)


def _shortened(row: ListingRow) -> dict[str, Any]:
    """For people: citations as they are cited."""
    return {**msgspec.to_builtins(row), "citations": [one.citation for one in row.citations]}


def _detail(rows: list[ListingRow]) -> None:
    for row in rows:
        if row.reported:
            said = ", ".join(f"{one.date} ({one.document.rpartition('/')[2]})" for one in row.reported)
            say(f"the press reports {row.name}: {said}")
        for one in row.pending:
            say(f"pending: {row.name}: {one.reason} ({one.document})")


def check_list(app: App, list_id: str | None) -> None:
    """Raises UsageError for a list that is not in the register."""
    known = [one.id for one in app.config.registers.lists]
    if list_id is not None and list_id not in known:
        raise UsageError(f"no list is called {list_id!r}", f"Known: {', '.join(known)}.")


def tell_what_waits(database: Any, when: Times) -> None:
    """Says which documents wait for a person, a few by name."""
    waiting = {one.document: one for one in reversed(pending(database, when.horizon)) if one.name is None}
    for one in list(waiting.values())[:3]:
        say(f"pending: {one.document}: {one.reason}")
    if len(waiting) > 3:
        say(f"... and {len(waiting) - 3} more documents: `tracker coverage` lists them")


def suggest(app: App, database: Any, name: str, what: str) -> None:
    """Says that nothing was found, and the nearest names; none for a registered name, of which nothing is held yet."""
    registers = app.config.registers
    registered = named(registers.institutions, name) or named(registers.parties, name)
    close = [] if registered else nearest(name, every_name(registers, database))
    say(f"{what} {name!r} at that time" + (f"; nearest names: {', '.join(close)}" if close else ""))


@click.command()
@click.option("--list", "list_id", metavar="L", default="us-bis-el", show_default=True, help="Which list.")
@output_options
@click.pass_obj
def coverage(given: Globals, list_id: str, form: str | None) -> None:
    """Show what answers about a list rest on: from when it is complete, and what waits for a person.

    Example: tracker coverage --list us-bis-el
    """
    with given.app() as app:
        check_list(app, list_id)
        found = coverage_of(app, list_id)
    emit([found], form, ("list", "complete_from", "last_good_poll"), single=True)
    if form is None:
        for one in found.reconciled:
            causes = "; ".join(f"{cause} {count}" for cause, count in one["causes"].items())
            say(f"held against {one['source']} of {one['on']}: {one['agree']} entries agree{f' ({causes})' if causes else ''}")
        for line in found.parked:
            say(f"{line}; `tracker rebuild` tries again")
        emit((*found.quarantined, *found.pending), form, ("document", "change", "name", "destination", "reason"))


@click.command()
@click.argument("subject")
@click.option("--from", "first", metavar="D", help="Nothing that was over before that day.")
@click.option("--to", "last", metavar="D", help="Nothing that began after that day.")
@time_options
@output_options
@click.pass_obj
def timeline(
    given: Globals, subject: str, first: str | None, last: str | None, on: str | None, known_at: str | None,
    available_at: str | None, form: str | None,
) -> None:  # fmt: skip
    """Show what happened about an institution, a party or a listed entity, in order, with its evidence.

    Example: tracker timeline mit
    """
    first, last = first and iso_day(first, "--from"), last and iso_day(last, "--to")
    with given.app() as app:
        when = times(app, on, known_at, available_at)
        last = last or (when.day if on else None)
        with app.views.store.reading() as database:
            found: dict[str, Entry] = {}
            for one in subjects_named(app.config.registers, database, subject, when.horizon):
                found.update({entry.fact: entry for entry in queries.timeline(database, one, when.horizon)})
            entries = [entry for entry in found.values() if _within(entry.date, first, last)]
            if not entries:
                suggest(app, database, subject, "nothing is known of")
        rows = with_quotes(sorted(entries, key=in_order), app.archive)
    if form is None:
        print_timeline(rows)
    else:
        emit(rows, form, ())


def _within(date: str, first: str | None, last: str | None) -> bool:
    interval = edtf.parse(date)
    after = first is None or interval.latest.isoformat() >= first
    return after and (last is None or interval.earliest.isoformat() <= last)


@click.command()
@click.option("--after", type=click.IntRange(0, LAST_POSITION), default=0, metavar="N", help="Only changes numbered higher.")
@click.option("--since", metavar="T", help="Only what was learnt or took effect since that time or day.")
@click.option("--until", metavar="T", help="Only what was learnt or took effect up to that time.")
@output_options
@click.pass_obj
def changes(given: Globals, after: int, since: str | None, until: str | None, form: str | None) -> None:
    """Show the change log: what was learnt, by number, and what took effect, by day.

    Example: tracker changes --since 2019-10-01
    """
    with given.app() as app:
        start = beginning(since, "--since") if since else None
        end = instant(until, "--until") if until else None
        first = app.ledger.position_at(start) if start else 0
        last = app.ledger.position_at(end) if end else None
        with app.views.store.reading() as database:
            learnt = [row for row in queries.changes(database, first, last) if (row.change or 0) > after]
            # What takes effect on a day does so at its beginning.
            day_after = (max(start, _FIRST) - _INSTANT).date().isoformat() if start else "0000-00-00"
            day_until = min(end or app.clock.now(), app.clock.now()).date().isoformat()
            effects = [] if after else taking_effect(database, day_after, day_until)
    rows = sorted([*learnt, *effects], key=_when)
    emit(rows, form, ("change", "position", "day", "kind", "date", "type", "summary"))


@click.command()
@click.option("--days", type=click.IntRange(min=1), default=90, show_default=True, metavar="N", help="How far ahead.")
@output_options
@click.pass_obj
def upcoming(given: Globals, days: int, form: str | None) -> None:
    """Show what will take effect or end: known today, in force later.

    Example: tracker upcoming --days 30
    """
    with given.app() as app, app.views.store.reading() as database:
        today = app.clock.now().date()
        span = (today.isoformat(), (today + timedelta(days=days)).isoformat())
        rows = [*taking_effect(database, *span), *announced(database, *span)]
        rows.sort(key=lambda row: (row.date, row.type, row.name or ""))
    emit(rows, form, ("day", "type", "summary"))


def _when(row: ChangeRow) -> tuple[str, int]:
    return (row.recorded_at or f"{row.day}T00:00:00", row.change or 0)


@click.command()
@click.option("--stream", metavar="S", help="Only this stream, or those that begin so when it ends in /.")
@click.option("--type", "topic", metavar="T", help="Only this type, for example entity-added.")
@click.option("--subject", metavar="X", help="Only events that name this institution, party, entity or claim.")
@click.option("--after", type=click.IntRange(0, LAST_POSITION), default=0, metavar="P", help="Only positions past this one.")
@click.option("--until", type=click.IntRange(0, LAST_POSITION), metavar="P", help="Only positions up to this one.")
@click.option("--public", "only_public", is_flag=True, help="Leave out internal events: watches and what was sent to them.")
@output_options
@click.pass_obj
def events(
    given: Globals,
    stream: str | None,
    topic: str | None,
    subject: str | None,
    after: int,
    until: int | None,
    only_public: bool,
    form: str | None,
) -> None:
    """Show the raw ledger.

    Example: tracker events --type entity-added --json
    """
    rows = []
    with given.app() as app:
        found = app.ledger.read(after, until)
        for one in public(found) if only_public else found:
            if stream and not (one.stream.startswith(stream) if stream.endswith("/") else one.stream == stream):
                continue
            fields = msgspec.to_builtins(one.event)
            if (topic and fields["type"] != topic) or (subject and not _names(fields, subject)):
                continue
            head = {"position": one.position, "stream": one.stream, "version": one.version}
            rows.append({**head, "type": fields.pop("type"), "recorded_at": one.recorded_at.isoformat(), **fields})
    emit(rows, form, ("position", "recorded_at", "type", "stream", "claim"))


def _names(value: Any, subject: str) -> bool:
    if isinstance(value, dict):
        return any(_names(inner, subject) for inner in value.values())
    if isinstance(value, list):
        return any(_names(inner, subject) for inner in value)
    return isinstance(value, str) and value.casefold() == subject.casefold()


@click.command()
@click.argument("fact")
@click.option("--json", "form", flag_value="json", help="One JSON object.")
@click.pass_obj
def why(given: Globals, fact: str, form: str | None) -> None:
    """Walk a fact back to the sentence, the bytes and the reader. FACT is an id, or its beginning.

    Example: tracker why 1f3a9c07
    """
    with given.app() as app, app.views.store.reading() as database:
        found = why_so(app, database, fact)
    if found is None:
        raise TrackerError(f"no fact is called {fact!r}", "`tracker timeline SUBJECT` and `tracker changes` show their ids.")
    if form:
        emit([found], form, (), single=True)
    else:
        print_why(found)


COMMANDS = (status, upcoming, coverage, timeline, changes, events, why)
