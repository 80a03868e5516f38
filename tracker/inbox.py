"""The inbox: what waits for a person, and what a person decides of it."""

from collections.abc import Sequence

from sqlite_utils import Database

from events.base import Event, Recorded
from events.decisions import ClaimAccepted, ClaimRejected, ReadingAccepted
from projections import queries
from projections.claims import PRESENT
from projections.pending import pending
from projections.rows import PendingRow
from tracker.app import App
from tracker.errors import UsageError


def waiting(database: Database, item: str) -> PendingRow:
    """The item of that id, or the one whose id begins so; raises UsageError for none or several."""
    found = {one.id: one for one in pending(database, PRESENT) if one.id.startswith(item)}
    if len(found) != 1 or len(item) < 4:
        what = "nothing in the inbox is" if not found else f"{len(found)} items are"
        raise UsageError(f"{what} called {item!r}", "`tracker inbox list` shows the ids; four characters at least.")
    return next(iter(found.values()))


def accept(app: App, item: str, reason: str, by: str) -> PendingRow:
    """Takes the statement that the reader proposes as said; raises UsageError where none is proposed."""
    with app.views.store.reading() as database:
        one = waiting(database, item)
    if one.claim is None:
        hint = "Correct the document in overrides.toml and `tracker reread` it, or `tracker inbox reject` the part."
        raise UsageError(f"{one.id}: the reader could make no statement of it, so there is none to accept", hint)
    _decide(app, f"decision/{one.claim}", ClaimAccepted(claim=one.claim, reason=reason, by=by))
    return one


def reject(app: App, item: str, reason: str, by: str) -> PendingRow:
    """Decides that a proposed statement is false, or that a part needs none: it waits no longer."""
    with app.views.store.reading() as database:
        one = waiting(database, item)
        is_claim = bool(queries.claims_beginning(database, one.id))
    claim = one.claim or (one.id if is_claim else None)
    if claim is not None:
        _decide(app, f"decision/{claim}", ClaimRejected(claim=claim, reason=reason, by=by))
    else:
        accepted = ReadingAccepted(document=one.document, part=one.id, reason=reason, by=by)
        _decide(app, f"decision/{one.id}", accepted)
    return one


def _decide(app: App, stream: str, decision: Event) -> None:
    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        return [] if known and known[-1].event == decision else [decision]

    app.ledger.append(stream, decide, app.clock.now())
    app.views.catch_up()
