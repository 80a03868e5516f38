"""The inbox: what waits for a person, and what a person decides of it."""

from collections.abc import Sequence
from typing import Literal, cast

import msgspec
from sqlite_utils import Database

from events.base import Event, Recorded
from events.decisions import ClaimAccepted, ClaimRejected, NameDecided, ReadingAccepted
from projections import inbox, queries
from projections.claims import PRESENT
from projections.rows import WaitingRow
from tracker.app import App
from tracker.archive import Archive
from tracker.errors import UsageError


def items(database: Database, archive: Archive, list_id: str | None = None, kind: str | None = None) -> list[WaitingRow]:
    """What waits, all or of one list or kind, with the quotes of proposals and names."""
    found = [one for one in inbox.waiting(database, PRESENT) if list_id in (None, one.list) and kind in (None, one.kind)]
    return [_quoted(one, archive) for one in found]


def _quoted(one: WaitingRow, archive: Archive) -> WaitingRow:
    if one.text is None:
        return one
    return msgspec.structs.replace(one, quote=" ".join(archive.text(one.text)[one.start : one.end].split()))


def waiting(database: Database, item: str) -> WaitingRow:
    """The item of that id, or the one whose id begins so; raises UsageError for none or several."""
    found = {one.id: one for one in inbox.waiting(database, PRESENT) if one.id.startswith(item)}
    if len(found) != 1 or len(item) < 4:
        what = "nothing in the inbox is" if not found else f"{len(found)} items are"
        raise UsageError(f"{what} called {item!r}", "`tracker inbox list` shows the ids; four characters at least.")
    return next(iter(found.values()))


def accept(app: App, item: str, reason: str, by: str, entry: str | None = None) -> WaitingRow:
    """Takes the statement that is proposed as said, or a name as that of an `entry` of the registers.

    Raises UsageError where no statement is proposed, and for a name without an entry or with one that is not there.
    """
    with app.views.store.reading() as database:
        one = waiting(database, item)
    if one.kind == "name":
        _decide_name(app, one, _entry(app, one, entry), reason, by)
        return one
    if entry is not None:
        raise UsageError(f"{one.id}: --as is for names, and this is none", "Leave it out.")
    if one.claim is None:
        hint = "Correct the document in overrides.toml and `tracker reread` it, or `tracker inbox reject` the part."
        raise UsageError(f"{one.id}: the reader could make no statement of it, so there is none to accept", hint)
    _decide(app, f"decision/{one.claim}", ClaimAccepted(claim=one.claim, reason=reason, by=by))
    return one


def _entry(app: App, one: WaitingRow, entry: str | None) -> str:
    register = app.config.registers.institutions if one.change == "institution" else app.config.registers.parties
    if entry is None:
        hint = f"Say which of {one.change}s with --as ID; where there is none yet, add it to the register and reread, or reject."
        raise UsageError(f"{one.id}: whose name {one.name!r} is has to be said", hint)
    if entry not in {each.id for each in register}:
        raise UsageError(
            f"no {one.change} of the registers is called {entry!r}", f"`tracker config show` says where {one.change}s are."
        )
    return entry


def reject(app: App, item: str, reason: str, by: str) -> WaitingRow:
    """Decides that a proposed statement is false, that a part needs none, or that a name is nobody's: it waits no longer."""
    with app.views.store.reading() as database:
        one = waiting(database, item)
        is_claim = bool(queries.claims_beginning(database, one.id))
    claim = one.claim or (one.id if is_claim else None)
    if one.kind == "name":
        _decide_name(app, one, None, reason, by)
    elif claim is not None:
        _decide(app, f"decision/{claim}", ClaimRejected(claim=claim, reason=reason, by=by))
    else:
        accepted = ReadingAccepted(document=one.document, part=one.id, reason=reason, by=by)
        _decide(app, f"decision/{one.id}", accepted)
    return one


def _decide_name(app: App, one: WaitingRow, entry: str | None, reason: str, by: str) -> None:
    role = cast(Literal["institution", "party"], one.change)
    _decide(app, f"decision/{one.id}", NameDecided(role=role, name=one.name or "", entry=entry, reason=reason, by=by))


def _decide(app: App, stream: str, decision: Event) -> None:
    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        return [] if known and known[-1].event == decision else [decision]

    app.ledger.append(stream, decide, app.clock.now())
    app.views.catch_up()
