"""The inbox: what waits for a person, and what a person decides of it."""

from collections.abc import Sequence
from typing import Final, Literal, cast

import msgspec
from sqlite_utils import Database

from events.base import Event, Recorded
from events.decisions import ClaimAccepted, ClaimRejected, ClaimsMerged, ClaimsSplit, NameDecided, ReadingAccepted
from events.facts import Fact
from projections import inbox, queries
from projections.claims import PRESENT
from projections.rows import WaitingRow
from tracker.app import App
from tracker.archive import Archive
from tracker.errors import UsageError

_SHORTEST: Final = 4
"""Characters of an id that must be given at least."""


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
    if len(found) != 1 or len(item) < _SHORTEST:
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


def merge(app: App, facts: Sequence[str], reason: str, by: str) -> ClaimsMerged:
    """Decides that several facts are one; raises UsageError unless all are of one type and about one pair."""
    with app.views.store.reading() as database:
        found = [_fact(database, fact) for fact in facts]
    about = sorted({f"{fact.type} of {subject}" for subject, fact in found})
    if len(about) > 1:
        raise UsageError(f"{' and '.join(about)} cannot be one fact", "Only facts of one type about one pair can.")
    claims = tuple(dict.fromkeys(claim for _, fact in found for claim in fact.claims))
    if len({fact.fact for _, fact in found}) == 1:
        raise UsageError("these are one fact already", "`tracker why FACT` shows its claims.")
    merged = ClaimsMerged(claims=claims, reason=reason, by=by)
    _append(app, f"decision/{claims[0]}", merged)
    return merged


def split(app: App, claims: Sequence[str], reason: str, by: str) -> ClaimsSplit:
    """Decides that some claims of a fact tell another one; raises UsageError where they are all of it, or of several."""
    with app.views.store.reading() as database:
        wanted = tuple(dict.fromkeys(_claim(database, claim) for claim in claims))
        found = {fact.fact: fact for _, fact in (_fact(database, claim) for claim in wanted)}
    if len(found) > 1:
        raise UsageError(f"the claims are of {len(found)} facts", "Split one fact at a time.")
    (fact,) = found.values()
    others = tuple(claim for claim in fact.claims if claim not in wanted)
    if not others:
        raise UsageError(f"{fact.fact} has no other claims to part these from", "`tracker why FACT` shows them all.")
    parted = ClaimsSplit(claims=wanted, others=others, reason=reason, by=by)
    _append(app, f"decision/{wanted[0]}", parted)
    return parted


def _fact(database: Database, name: str) -> tuple[str, Fact]:
    found = queries.fact_of(database, _claim(database, name))
    if found is None:
        raise UsageError(f"{name!r} is no reported fact as it stands", "`tracker timeline SUBJECT` shows them with their ids.")
    return found


def _claim(database: Database, beginning: str) -> str:
    """The claim of that id, or the one whose id begins so."""
    found = queries.claims_beginning(database, beginning) if len(beginning) >= _SHORTEST else []
    if len(found) != 1:
        what = f"{len(found)} claims are" if found else "no claim is"
        raise UsageError(f"{what} called {beginning!r}", "Give the id, or its first characters, four at least.")
    return found[0]


def _append(app: App, stream: str, decision: Event) -> None:
    """Adds a decision that was made before too, and undone in another stream meanwhile."""
    app.ledger.append(stream, lambda _: [decision], app.clock.now())
    app.views.catch_up()


def _decide_name(app: App, one: WaitingRow, entry: str | None, reason: str, by: str) -> None:
    role = cast(Literal["institution", "party"], one.change)
    _decide(app, f"decision/{one.id}", NameDecided(role=role, name=one.name or "", entry=entry, reason=reason, by=by))


def _decide(app: App, stream: str, decision: Event) -> None:
    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        return [] if known and known[-1].event == decision else [decision]

    app.ledger.append(stream, decide, app.clock.now())
    app.views.catch_up()
