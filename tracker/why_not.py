"""Why a name is not on a list: what mentions it, what of that does not count and by which rule, what comes near.

why_not(app, "Nimbus Kestrel", list_id, day, horizon) ->
    {name, names, list, on, listed, mentioned, waiting, rejected, blocked, near, copies, coverage}
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec
from sqlite_utils import Database

from events.decisions import ClaimRejected, ReadingAccepted
from events.statements import Statement
from projections import queries
from projections.claims import Horizon
from projections.pending import pending
from projections.queries import TextRow
from projections.rows import ListingRow, PendingRow
from projections.settled import decided
from projections.status import status
from tracker.app import App
from tracker.blocked import blocked_in
from tracker.coverage import RULES, coverage_of
from tracker.errors import UsageError
from tracker.mentioned import Mentions, Searched
from tracker.near import near
from tracker.readers.dates import publication
from tracker.subjects import named, names_of

COPIES: Final = frozenset({"ecfr", "ecfr-baseline", "csl", "list-copy"})
"""Kinds of document that show a whole list on one day."""
MOST_BLOCKED: Final = 20
"""Articles, the latest that mention the name, that are read again for what blockers took back."""
_ON: Final = frozenset({"listed", "suspended"})
Mentioning = tuple[TextRow, Mentions]


class Wanted:
    """Whom a question is about: the name as typed, and where the registers know it, all they call it."""

    def __init__(self, app: App, name: str) -> None:
        registers = app.config.registers
        self.party = named(registers.parties, name)
        self.institution = named(registers.institutions, name)
        known = [one for one in (self.party, self.institution) if one is not None]
        self.searched = Searched([name, *(each for one in known for each in names_of(one))])
        if not self.searched.names:
            raise UsageError(f"{name!r} has no letter or digit", "Give a name, for example: tracker why-not SenseTime")

    def is_about(self, statement: Statement) -> bool:
        """Whether a statement is about them, by the register's id or by a name in it."""
        if self.party and getattr(statement, "party", None) == self.party.id:
            return True
        if self.institution and getattr(statement, "institution", None) == self.institution.id:
            return True
        called = [getattr(statement, field, None) for field in ("name", "new_name", "party_name", "institution_name", "right")]
        called += [alias.name for alias in getattr(statement, "aliases", None) or ()]
        return any(self.searched.fits(one) for one in called)


def why_not(app: App, name: str, list_id: str | None, day: str, horizon: Horizon) -> dict[str, Any]:
    """Everything known about a name's absence, as on a day and at a state of knowledge."""
    wanted = Wanted(app, name)
    coverage = coverage_of(app, list_id or RULES)
    with app.views.store.reading() as database:
        rows = status(database, day, horizon, name=name, party=wanted.party.id if wanted.party else None)
        documents, copies = _mentions(app, queries.texts(database, horizon), wanted)
        statements = {text.reading: _about(database, text.reading, wanted) for text, _ in documents}
        found = {
            "waiting": _waiting(database, horizon, wanted, rows, documents, statements, list_id),
            "rejected": _rejected(app, database, horizon, wanted, list_id),
            "near": near(database, day, horizon, name, rows, list_id),
        }
    listed = [one for one in rows if one.status in _ON and list_id in (None, one.list)]
    return {
        "name": name,
        "names": wanted.searched.names,
        "list": list_id,
        "on": day,
        "listed": [_brief(one) for one in listed],
        "mentioned": [_mentioned(*one, statements[one[0].reading]) for one in documents],
        "waiting": found["waiting"],
        "rejected": found["rejected"],
        "blocked": list(_blocked(app, documents, wanted)),
        "near": found["near"],
        "copies": [_mentioned(*one, ()) for one in copies],
        "coverage": msgspec.to_builtins(coverage),
    }


def _mentions(app: App, texts: Iterable[TextRow], wanted: Wanted) -> tuple[list[Mentioning], list[Mentioning]]:
    """The documents that mention the name, and the copies of lists in which it stands."""
    documents: list[Mentioning] = []
    copies: list[Mentioning] = []
    for one in texts:
        mentions = wanted.searched.mentions(app.archive.text(one.text))
        if mentions is not None:
            (copies if one.kind in COPIES else documents).append((one, mentions))
    return documents, copies


def _about(database: Database, reading: int, wanted: Wanted) -> list[Statement]:
    return [one for one in queries.statements_of(database, reading) if wanted.is_about(one)]


def _mentioned(text: TextRow, mentions: Mentions, statements: Sequence[Statement]) -> dict[str, Any]:
    fields = ("document", "document_version", "title", "url", "outlet", "published", "text")
    return {
        **{field: getattr(text, field) for field in fields},
        **{field: getattr(mentions, field) for field in ("found", "quote", "start", "end")},
        "mentions": mentions.count,
        "statements": len(statements),
    }


def _brief(row: ListingRow) -> dict[str, Any]:
    fields = ("list", "destination", "country", "name", "aliases", "status", "effective_from", "effective_until", "lineage")
    return {field: getattr(row, field) for field in fields}


def _waiting(
    database: Database, horizon: Horizon, wanted: Wanted, rows: Iterable[ListingRow], documents: Iterable[Mentioning],
    statements: dict[int, list[Statement]], list_id: str | None,
) -> list[dict[str, Any]]:  # fmt: skip
    """What is about the name and does not count yet, and the rule or reason that holds it back."""
    mentioning = {text.document for text, _ in documents}
    waiting: dict[str, dict[str, Any]] = {}
    for one in pending(database, horizon):
        if any(wanted.searched.fits(called) for called in (one.name, *one.aliases)):
            waiting[one.id] = _item("proposed" if one.claim else _kind(database, one), one)
        elif one.name is None and one.document in mentioning:
            waiting[one.id] = _item("document", one)
    for row in rows:
        for one in row.pending:
            waiting.setdefault(one.id, _item("filed", one))
        if row.status == "announced":
            waiting[row.lineage] = _announced(row)
    verdicts, held = decided(database, horizon), {one["claim"] for one in waiting.values()}
    for text, _ in documents:
        for statement in statements[text.reading]:
            if statement.standing == "proposed" and statement.claim not in verdicts and statement.claim not in held:
                waiting[statement.claim] = _proposed(text, statement)
    chosen = [one for one in waiting.values() if list_id is None or one["list"] in (None, list_id)]
    return sorted(chosen, key=lambda one: (one["document"] or "", one["name"] or "", one["id"]))


def _kind(database: Database, one: PendingRow) -> str:
    return "unmatched" if one.id in queries.claims_beginning(database, one.id) else "quarantined"


def _item(kind: str, one: PendingRow) -> dict[str, Any]:
    return {"kind": kind, **msgspec.to_builtins(one)}


def _announced(row: ListingRow) -> dict[str, Any]:
    one = PendingRow(
        list=row.list, change="added", destination=row.destination, name=row.name, document="", id=row.lineage, claim=row.lineage,
        aliases=row.aliases, reason=f"could be read by then, and takes effect on {row.effective_from}",
    )  # fmt: skip
    return {**_item("announced", one), "document": None}


def _proposed(text: TextRow, statement: Statement) -> dict[str, Any]:
    one = PendingRow(
        list=getattr(statement, "list", ""), change=getattr(statement, "change", None), document=text.document,
        destination=getattr(statement, "destination", None), id=statement.claim, claim=statement.claim,
        name=getattr(statement, "name", None) or getattr(statement, "party_name", None),
        reason=f"the reader only proposes it ({statement.topic()})",
    )  # fmt: skip
    return {**_item("proposed", one), "list": one.list or None}


def _rejected(app: App, database: Database, horizon: Horizon, wanted: Wanted, list_id: str | None) -> list[dict[str, Any]]:
    """Statements that a person rejected, and quarantined parts that a person set aside."""
    found = []
    for claim, accepted in decided(database, horizon).items():
        if not accepted and claim in queries.claims_beginning(database, claim):
            statement, reading = queries.last_stated(database, claim)
            if wanted.is_about(statement) and list_id in (None, getattr(statement, "list", list_id)):
                document = queries.provenance(database, reading)["document"]
                found.append({**_verdict(app, database, claim, horizon), **_rejected_statement(statement), "document": document})
    for part in queries.set_aside(database, horizon):
        if wanted.searched.fits(part.name) and list_id in (None, part.list):
            fields = {key: getattr(part, key) for key in ("list", "change", "destination", "name", "document")}
            found.append({"claim": None, **_verdict(app, database, part.id, horizon), **fields, "quarantined": part.reason})
    return found


def _rejected_statement(statement: Statement) -> dict[str, Any]:
    fields = {key: getattr(statement, key, None) for key in ("list", "change", "destination", "name")}
    fields["name"] = fields["name"] or getattr(statement, "party_name", None)
    return {"claim": statement.claim, **fields, "change": fields["change"] or statement.topic(), "quarantined": None}


def _verdict(app: App, database: Database, item: str, horizon: Horizon) -> dict[str, Any]:
    """The decision about a claim or part that holds: why, by whom, and when it was recorded."""
    position = queries.decided_at(database, item, horizon)[-1]
    decision = next(app.ledger.read(position - 1, position))
    assert isinstance(decision.event, ClaimRejected | ReadingAccepted)
    at = decision.recorded_at.isoformat()
    return {"id": item, "reason": decision.event.reason, "by": decision.event.by, "position": position, "decided_at": at}


def _blocked(app: App, documents: Sequence[Mentioning], wanted: Wanted) -> Iterator[dict[str, Any]]:
    """What blockers of the lexicons took back in the latest articles that mention the name, as read today."""
    registers = app.config.registers
    articles = [text for text, _ in documents if text.kind == "article" and text.language in registers.lexicons]
    for one in articles[-MOST_BLOCKED:]:
        text = app.archive.text(one.text)
        for blocked in blocked_in(text, registers.lexicons[one.language or ""], registers, publication(one.published)):
            statement, evidence = blocked.statement, blocked.statement.evidence
            if wanted.is_about(statement):
                yield {
                    "document": one.document,
                    "type": statement.topic(),
                    "rule": blocked.rule,
                    "subjects": statement.subjects(),
                    "text": one.text,
                    "quote": text[evidence.start : evidence.end],
                    "start": evidence.start,
                    "end": evidence.end,
                }
