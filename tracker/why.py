"""Why we say so: a fact walked back to the sentence, the bytes, the fetch and the reader."""

from typing import Any

import msgspec
from sqlite_utils import Database

from projections import queries
from projections.claims import PRESENT
from projections.entries import claims_of
from projections.settled import component, facts_of, listings_of, said_about
from tracker.app import App
from tracker.errors import UsageError
from tracker.quotes import surroundings


def why(app: App, database: Database, fact: str) -> dict[str, Any] | None:
    """The provenance of a fact, a claim or a listing (its id or the beginning of it); None when unknown.

    {fact, kind, settled, claims: [{claim, statement, quote, before, after, document, bytes, fetch, reader, recorded}]}
    """
    claims = queries.claims_beginning(database, fact)
    if not claims:
        return None
    if len(claims) > 1 and fact not in claims:
        raise UsageError(f"{len(claims)} claims begin with {fact!r}: {', '.join(sorted(claims)[:5])}", "Give more of the id.")
    subjects = queries.subjects_of_claims(database, claims[:1])
    settled, belonging = settled_with(database, subjects, claims[0])
    said = [one for one in said_about(database, _all_subjects(database, subjects), PRESENT) if one.statement.claim in belonging]
    found = [(one.statement, one.position) for one in sorted(said, key=lambda one: one.order)]
    provenance = [_claim(app, database, *one) for one in found or [queries.last_stated(database, claims[0])]]
    return {"fact": settled.get("fact") or settled.get("lineage") or claims[0], "settled": settled, "claims": provenance}


def _all_subjects(database: Database, subjects: set[str]) -> set[str]:
    return subjects | component(database, subjects)


def settled_with(database: Database, subjects: set[str], claim: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The listing or fact that a claim belongs to, and all claims of it."""
    for listing in listings_of(database, subjects, PRESENT).listings:
        if claim in claims_of(listing):
            return {**msgspec.to_builtins(listing), "rule": "amendments folded in legal order"}, tuple(claims_of(listing))
    for subject in subjects:
        for fact in () if subject.startswith("listing:") else facts_of(database, subject, PRESENT):
            if claim in fact.claims:
                return {**msgspec.to_builtins(fact), "rule": "reports of one subject, clustered by date"}, fact.claims
    return {"fact": claim, "rule": "not part of the present settlement: superseded, rejected or not decided"}, (claim,)


def _claim(app: App, database: Database, statement: Any, position: int) -> dict[str, Any]:
    source = queries.provenance(database, position)
    evidence = statement.evidence
    before, quote, after = surroundings(app.archive.text(evidence.text), evidence.start, evidence.end)
    return {
        "claim": statement.claim,
        "statement": {k: v for k, v in msgspec.to_builtins(statement).items() if k not in {"claim", "evidence"}},
        "before": before,
        "quote": quote,
        "after": after,
        "attributed_to": evidence.attributed_to,
        "start": evidence.start,
        "end": evidence.end,
        "text": evidence.text,
        **source,
        "provenance": [msgspec.to_builtins(one) for one in app.archive.provenance(source["bytes"])],
    }
