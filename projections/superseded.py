"""The view of what no longer reads as it could be told, so that whoever was told can be told of that.

A fact goes by its least claim, so it changes its name when facts join or part: `succession` holds which
name went over into which, whether anything reads otherwise or not. An amendment keeps its claim.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
from sqlite_utils import Database

from events.facts import Fact
from events.periods import Listing, Turn, turns
from events.words import summarise_amendment
from projections.changes import Change, cause_of, fact_change, headline, term_change
from projections.claims import Horizon
from projections.facts import FactsBefore
from projections.listing_changes import (
    announced_row,
    contradicts,
    field_changes,
    joined,
    learnt_turns,
    listing_row,
    place_of,
)
from projections.listings import Before
from projections.rows import FieldChange, Otherwise, change_row
from projections.settled import Link, links
from projections.terms import TermsBefore
from projections.view import Unit

_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(Otherwise).decode


class _Found(msgspec.Struct):
    """What of a unit reads otherwise, and which names went over into which."""

    old: str
    cause: str
    before: Change
    after: tuple[Change, ...] = ()
    fields: tuple[FieldChange, ...] = ()


class Superseded:
    """Tables `superseded` (a row a fact or amendment that reads otherwise) and `succession` (a row a name that went over)."""

    name = "superseded"
    version = 3

    def create(self, database: Database) -> None:
        """Makes the tables."""
        database.table("superseded").create({"number": int, "position": int, "old": str, "body": bytes}, pk="number")
        database.table("superseded").create_index(["position"])
        database.table("superseded").create_index(["old"])
        database.table("succession").create({"position": int, "old": str, "new": str}, pk=("new", "old", "position"))
        database.table("succession").create_index(["position"])

    def apply(self, database: Database, unit: Unit) -> None:
        """Compares what was settled before the unit with what is settled now."""
        facts = [news for news in unit.news if isinstance(news, FactsBefore) and news.before]
        entries = [news for news in unit.news if isinstance(news, Before) and news.before]
        terms = [news for news in unit.news if isinstance(news, TermsBefore) and news.before]
        if not (facts or entries or terms):
            return
        successions = set(_names_of_facts(unit.news))
        found = [*_facts(unit.news)]
        known = links(database, Horizon(position=unit.known)) if entries else []
        for news in entries:
            found += _amendments(news, known)
            successions |= set(_joined_entries(news))
        for ended in terms:
            found += _terms(ended)
        cause = cause_of(database, unit)
        for one in sorted(found, key=lambda one: one.old):
            _put(database, unit, one, cause)
        rows = [{"position": unit.head.position, "old": old, "new": new} for old, new in sorted(successions)]
        database.table("succession").insert_all(rows)


def _put(database: Database, unit: Unit, one: _Found, cause: str) -> None:
    document = unit.head.stream if unit.head.stream.startswith("document/") else None
    setting = {"change": None, "position": unit.head.position, "recorded_at": unit.head.recorded_at.isoformat()}
    body = Otherwise(
        position=unit.head.position,
        old=one.old,
        cause=one.cause if cause == "learnt" or one.cause == "withdrawn" else cause,
        before=change_row({**one.before, **setting, "document": None}),
        after=tuple(change_row({**after, **setting, "document": document}) for after in one.after),
        fields=one.fields,
    )
    database.table("superseded").insert({"position": body.position, "old": one.old, "body": _encode(body)})


def _by_claim(facts: Sequence[Fact]) -> dict[str, Fact]:
    return {claim: fact for fact in facts for claim in fact.claims}


def _before_and_after(news: Sequence[object]) -> tuple[list[Fact], list[Fact]]:
    """All subjects of a unit at once: a fact may move between them, when a printed name comes to be known."""
    facts = [one for one in news if isinstance(one, FactsBefore)]
    return [fact for one in facts for fact in one.before], [fact for one in facts for fact in one.after]


def _heirs(old: Fact, after: dict[str, Fact]) -> list[Fact]:
    """The facts that have any of its claims now, in the order of the claims."""
    return list({heir.fact: heir for claim in old.claims if (heir := after.get(claim)) is not None}.values())


def _names_of_facts(news: Sequence[object]) -> Iterator[tuple[str, str]]:
    before, after = _before_and_after(news)
    by_claim = _by_claim(after)
    for old in before:
        yield from ((old.fact, heir.fact) for heir in _heirs(old, by_claim) if heir.fact != old.fact)


def _facts(news: Sequence[object]) -> Iterator[_Found]:
    before, after = _before_and_after(news)
    by_claim, had = _by_claim(after), _by_claim(before)
    for old in before:
        heirs = _heirs(old, by_claim)
        if len(heirs) == 1 and reads_as(old, heirs[0]):
            continue
        yield _Found(
            old=old.fact,
            cause=_cause(old, heirs, had),
            before=fact_change(old, "learnt", ""),
            after=tuple(fact_change(heir, "learnt", "") for heir in heirs),
        )


def reads_as(old: Fact, new: Fact) -> bool:
    """Whether a fact says what it said; a name printed otherwise, or a reason that nobody gave before, is no other reading."""
    return headline(old) == headline(new) and (old.reason is None or old.reason == new.reason)


def _cause(old: Fact, heirs: Sequence[Fact], had: dict[str, Fact]) -> str:
    if not heirs:
        return "withdrawn"
    if len(heirs) > 1:
        return "split"
    (heir,) = heirs
    if any(had[claim].fact != old.fact for claim in heir.claims if claim in had):
        return "merged"
    # A source more tells more exactly; the same sources, or fewer, tell otherwise.
    return "learnt" if set(old.claims) < set(heir.claims) else "corrected"


class _State(msgspec.Struct):
    """How an amendment could be told: its line, and its turn unless another amendment took its place or it is on file."""

    listing: Listing
    line: Change
    turn: Turn | None = None

    @property
    def words(self) -> tuple[str, str]:
        """Its day and sentence; a citation that comes to be known is no other reading."""
        assert self.turn is not None
        period = self.turn.period
        return (
            self.turn.day,
            summarise_amendment(self.turn.type, self.listing.list, (period.name,), period.destination, None),
        )

    @property
    def opens(self) -> bool:
        """Whether the fields of its period are what it states."""
        return self.turn is not None and self.turn.period.because == self.turn.claim and self.turn.day == self.turn.period.start


def _states(listings: Sequence[Listing], found: Sequence[Link]) -> dict[str, _State]:
    states = {}
    for listing in listings:
        for filed in listing.announced:
            states[filed.claim] = _State(listing, announced_row(listing, filed, found))
        own = () if listing.filed else turns(listing)
        for turn in () if listing.filed else learnt_turns(listing, set()):
            states[turn.claim] = _State(listing, listing_row(listing, found, "learnt", turn), turn if turn in own else None)
    return states


def _amendments(news: Before, found: Sequence[Link]) -> Iterator[_Found]:
    before, after = _states(news.before, found), _states(news.after, found)
    carried_on = joined(news)
    for claim, old in before.items():
        new = after.get(claim)
        if new is None:
            if old.listing.lineage not in carried_on:
                yield _Found(old=claim, cause="withdrawn", before=old.line)
            continue
        if old.turn is None or new.turn is None:
            continue
        fields: tuple[FieldChange, ...] = ()
        if old.opens and new.opens and contradicts(old.turn.period, new.turn.period):
            fields = tuple(one for one in field_changes(old.turn.period, new.turn.period) if one.before)
        if fields or old.words != new.words:
            yield _Found(old=claim, cause="corrected", before=old.line, after=(new.line,), fields=fields)


def _joined_entries(news: Before) -> Iterator[tuple[str, str]]:
    """Entries that a copy of the list began, and the rule's that go on from there."""
    carried_on = joined(news)
    begun = {place_of(listing): listing.claims[0] for listing in news.after if not listing.provisional}
    for old in news.before:
        if old.lineage in carried_on:
            yield (old.claims[0], begun[place_of(old)])


def _terms(news: TermsBefore) -> Iterator[_Found]:
    for claim, old in news.before.items():
        new = news.after.get(claim)
        if new != old:
            yield _Found(
                old=claim,
                cause="corrected" if new else "withdrawn",
                before=term_change(news.list, claim, *old),
                after=(term_change(news.list, claim, *new),) if new else (),
            )


def superseded(database: Database, after: int, until: int) -> list[Otherwise]:
    """What came to read otherwise at positions past `after` up to `until`, in order."""
    query = "SELECT body FROM superseded WHERE position > ? AND position <= ? ORDER BY number"
    return [_decode(row[0]) for row in database.execute(query, [after, until])]


def successions(database: Database, after: int, until: int) -> list[tuple[int, str, str]]:
    """Which names of facts went over into which there: position, old and new."""
    query = "SELECT position, old, new FROM succession WHERE position > ? AND position <= ? ORDER BY position, old, new"
    return [(row[0], row[1], row[2]) for row in database.execute(query, [after, until])]
