"""What was learnt between two states of knowledge about a day, and what made us learn it.

An item's cause is the unit of the ledger after which it stood as it stands now: a document that told something or
corrected something, a document read anew, or a person's decision. Where all that bears on an item is of one kind,
that is the cause; else the item is settled again before each unit, from the last one back, until it stood otherwise.
"""

from collections.abc import Callable, Iterable, Sequence, Set
from typing import Any, Final

import msgspec
from sqlite_utils import Database

from events.facts import Fact
from events.periods import on_day
from projections import queries
from projections.causes import Bearing, bearing_on, claims_about
from projections.claims import Horizon
from projections.rows import Entry
from projections.settled import component, facts_of, listings_of
from projections.status import status
from tracker.compare import RESPONSES, TIES, all_entries, differences, event_lines, fact_line, in_force

_SAYS: Final = (
    "date", "institution", "party", "standing", "stance", "extent", "scope", "reason", "kind", "amounts", "sources"
)  # fmt: skip
Settled = Callable[[Horizon], Any]
"""How an item stands in a state of knowledge."""


def between_knowledge(database: Database, day: str, first: int, second: int) -> dict[str, Any]:
    """What was learnt after one position, up to another, about a day; each with what made us learn it.

    Keys: those of a difference between two days, `changed` (facts that are told otherwise) and `withdrawn` (facts that
    are told no more, or `into` which other one they went).
    """
    why = _Why(database, min(first, second), max(first, second))
    before, after = (in_force(status(database, day, Horizon(position=k))) for k in (first, second))
    both = before.keys() & after.keys()
    listed = differences(before, after, lambda lineage: why.of_listing(lineage, day, is_revised=lineage in both))
    olds, news = (_facts(database, Horizon(position=k)) for k in (first, second))
    pairs = _paired(olds, news)
    kept, met = {old.fact for old, _ in pairs}, {new.fact for _, new in pairs}
    fresh = [one for one in news if one.fact not in met]
    gone = [(one, _sharing(one, news)) for one in olds if one.fact not in kept]
    return {
        **listed,
        **event_lines(fresh, lambda one: why.of_fact(one, _sharing(one, olds))),
        "changed": [
            {**fact_line(new), "fields": fields, **why.of_change(old, new)}
            for old, new in pairs
            if (fields := _differing(old, new))
        ],
        "withdrawn": [
            {**fact_line(old), "into": other.fact if other else None, **why.of_fact(old, other)} for old, other in gone
        ],
    }


def _facts(database: Database, horizon: Horizon) -> list[Entry]:
    return [one for one in all_entries(database, horizon) if one.type in (*RESPONSES, *TIES)]


def _paired(olds: Sequence[Entry], news: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    """The facts that are one and the same, by the claims that they share.

    A fact is named after its least claim, so it may go by another name. Of one that was parted, the larger part is it.
    """
    by_claim = {one.claim: n for n, new in enumerate(news) for one in new.evidence}
    shared: dict[tuple[int, int], int] = {}
    for m, old in enumerate(olds):
        for one in old.evidence:
            if one.claim in by_claim:
                key = (m, by_claim[one.claim])
                shared[key] = shared.get(key, 0) + 1
    found: dict[int, int] = {}
    for m, n in sorted(shared, key=lambda key: (-shared[key], olds[key[0]].fact != news[key[1]].fact, key)):
        if m not in found and n not in found.values():
            found[m] = n
    return [(olds[m], news[n]) for m, n in sorted(found.items())]


def _differing(old: Entry, new: Entry) -> dict[str, Any]:
    return {
        name: {"before": getattr(old, name), "after": getattr(new, name)}
        for name in _SAYS
        if getattr(old, name) != getattr(new, name)
    }


class _Why:
    """What made us learn each item, between two positions."""

    def __init__(self, database: Database, after: int, until: int) -> None:
        self.database, self.after, self.until = database, after, until

    def of_listing(self, lineage: str, day: str, *, is_revised: bool) -> dict[str, Any]:
        """The cause of an entry's being on the list or not; or, of one that is, of its reading as it does."""
        subjects = component(self.database, queries.subjects_of_claims(self.database, [lineage]))

        def standing(horizon: Horizon) -> Any:
            settled = listings_of(self.database, subjects, horizon).listings
            listing = next((one for one in settled if one.lineage == lineage), None)
            found = on_day(listing, day) if listing else None
            if found is None or found.status not in {"listed", "suspended"}:
                return None
            reads = {**msgspec.structs.asdict(found.period), "start": "", "end": None, "because": ""}
            return (found.status, reads) if is_revised else True

        return self._cause(claims_about(self.database, subjects), standing)

    def of_fact(self, entry: Entry, other: Entry | None) -> dict[str, Any]:
        """The cause of a fact's being told or not; `other` is what it was parted from, or went into."""
        claims = _claims(entry)
        others = _claims(other) - claims if other else set[str]()

        def standing(horizon: Horizon) -> Any:
            found = [set(fact.claims) for fact in self._facts(claims, horizon)]
            return bool(found), any(others & each for each in found)

        return self._cause(claims | others, standing)

    def of_change(self, old: Entry, new: Entry) -> dict[str, Any]:
        """The cause of a fact's being told as it is."""
        claims = _claims(old) | _claims(new)

        def standing(horizon: Horizon) -> Any:
            return [[getattr(fact, name) for name in _SAYS] for fact in self._facts(_claims(new), horizon)]

        return self._cause(claims, standing)

    def _facts(self, claims: Set[str], horizon: Horizon) -> list[Fact]:
        """The facts that hold any of the claims."""
        subjects = sorted(queries.subjects_of_claims(self.database, claims))
        found = (fact for subject in subjects for fact in facts_of(self.database, subject, horizon))
        return [fact for fact in found if claims & set(fact.claims)]

    def _cause(self, claims: Iterable[str], standing: Settled) -> dict[str, Any]:
        bearing = bearing_on(self.database, claims, self.after, self.until)
        chosen = bearing[-1] if bearing else Bearing(position=self.until, cause="source")
        if len({(one.cause, one.reader) for one in bearing}) > 1:
            now = standing(Horizon(position=self.until))
            chosen = next((one for one in reversed(bearing) if standing(Horizon(position=one.position - 1)) != now), chosen)
        return {"cause": chosen.cause, "reader": chosen.reader}


def _claims(entry: Entry) -> set[str]:
    return {one.claim for one in entry.evidence}


def _sharing(entry: Entry, others: Iterable[Entry]) -> Entry | None:
    """The fact that it was parted from, or went into."""
    return next((other for other in others if _claims(other) & _claims(entry)), None)
