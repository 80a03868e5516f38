"""What happened in the spans of any number of watches, matched once for all of them.

What was learnt is read a row at a time, and kept only where some watch takes it; watches with the same filters
share what they take. Evidence is read once for each change, whoever is told of it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache, partial
from typing import Final

import msgspec
from sqlite_utils import Database

from events.said import independent_sources
from events.watching import Watching
from projections import queries
from projections.claims import PRESENT, Horizon
from projections.effects import announced, learnt_first, taking_effect
from projections.entries import evidence_of
from projections.rows import ChangeRow, EvidenceRow
from projections.run import EventSource
from projections.settled import component, said_about
from projections.standing import facts_standing
from projections.superseded import successions, superseded
from projections.told import believed
from tracker.corrections import Restated, restated, standing
from tracker.matching import Index, Key, Query, query_of
from tracker.source_news import source_changes
from tracker.spans import Span
from tracker.steps import Steps

COMING_DAYS: Final = 14
"""How far ahead a digest looks."""
ReadNames = Callable[[str], Iterable[str]]
"""Reads a saved list of names by its reference."""
EntriesCalled = Callable[[str], Iterable[Key]]
"""Tells which entries of the registers go by a name."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A watch, and what its next digest covers."""

    watching: Watching
    span: Span


class Effect(msgspec.Struct, frozen=True):
    """What takes effect on a day, and the position at which it was learnt; None while it is on file only."""

    change: ChangeRow
    learnt: int | None


class Taken(msgspec.Struct):
    """What one query takes: in the order of the log, and by day."""

    after: int
    learnt: list[ChangeRow] = []
    effects: list[Effect] = []


class News:
    """What happened, for the watches given; what nobody takes is not kept."""

    def __init__(
        self,
        database: Database,
        ledger: EventSource,
        wanted: Sequence[Wanted],
        names: ReadNames,
        entries: EntriesCalled = lambda _: (),
    ) -> None:
        self.database = database
        self._facts_at = cache(partial(facts_standing, database))
        self._evidence: dict[tuple[str, str | None], tuple[tuple[EvidenceRow, ...], int]] = {}
        self._standing: dict[tuple[int, int], tuple[ChangeRow, tuple[ChangeRow, ...], list[frozenset[int]]]] = {}
        numbers: dict[Query, int] = {}
        self._query_of: dict[str, int] = {}
        for one in wanted:
            query = query_of(one.watching.terms, names, entries)
            self._query_of[one.watching.watch] = numbers.setdefault(query, len(numbers))
        self._index = Index(tuple(numbers))
        spans = [one.span for one in wanted]
        self._taken = [Taken(after=2**62) for _ in numbers]
        for one in wanted:
            mine = self.taken(one.watching.watch)
            mine.after = min(mine.after, one.span.after)
        self._read_steps({one.watching.watch: one.span for one in wanted})
        if spans:
            self._learn(ledger, min(span.after for span in spans), max(span.until for span in spans))
            self._take_effect(min(span.day_after for span in spans), max(span.day_until for span in spans))

    def taken(self, watch: str) -> Taken:
        """What the query of a watch takes; other watches may share it."""
        return self._taken[self._query_of[watch]]

    def in_order(self, wanted: Iterable[Wanted]) -> list[Wanted]:
        """The watches of the same filters one after the other, so that what they share need not be kept for long."""
        return sorted(wanted, key=lambda one: (self._query_of[one.watching.watch], one.watching.watch))

    def restated(self, wanted: Wanted) -> Restated:
        """What became of what a watch was told."""
        return restated(self._facts_at, self._steps, self._believed.get(wanted.watching.watch, ()), wanted.span)

    def standing(self, change: ChangeRow, wanted: Wanted) -> tuple[ChangeRow, ...]:
        """A line of the log as it stands at the end of a span, if it does and is still news to the watch.

        A fact may go by another name by then, be one with others, or be several; an amendment may have other words.
        """
        key = (id(change), wanted.span.until)
        if key not in self._standing:
            lines = standing(self._facts_at, self._steps, change, wanted.span.until)
            self._standing[key] = (change, lines, [frozenset(self._index.matching(one)) for one in lines if one is not change])
        _, lines, takers = self._standing[key]
        if not takers:
            return lines
        number = self._query_of[wanted.watching.watch]
        return tuple(one for one, taking in zip(lines, takers, strict=True) if number in taking)

    def _learn(self, ledger: EventSource, after: int, until: int) -> None:
        for change in queries.each_change(self.database, after, until):
            self._match(change)
            self._steps.learn(change)
        if operators := self._index.wanting_sources():
            for change in source_changes(ledger, min(self._taken[number].after for number in operators), until):
                self._match(change)

    def _match(self, change: ChangeRow) -> None:
        assert change.position is not None
        for number in self._index.matching(change):
            taken = self._taken[number]
            if change.position > taken.after:
                taken.learnt.append(change)

    def _take_effect(self, day_after: str, day_until: str) -> None:
        """What takes effect in the spans, and in the days after them."""
        last = later(day_until, COMING_DAYS)
        for change in taking_effect(self.database, day_after, last):
            first = learnt_first(self.database, change.fact)
            if first is not None:
                row = msgspec.structs.replace(change, source=first[1].split("/")[1], language=first[2])
                self._match_effect(Effect(row, first[0]))
        for change in announced(self.database, day_after, last):
            self._match_effect(Effect(change, None))

    def _match_effect(self, effect: Effect) -> None:
        for number in self._index.matching(effect.change):
            self._taken[number].effects.append(effect)

    def _read_steps(self, spans: Mapping[str, Span]) -> None:
        after = min((span.after for span in spans.values()), default=0)
        until = max((span.until for span in spans.values()), default=0)
        self._steps = Steps(superseded(self.database, after, until), successions(self.database, after, until))
        self._believed = believed(self.database, self._steps.names, {watch: span.after for watch, span in spans.items()})

    def evidence(self, change: ChangeRow) -> tuple[tuple[EvidenceRow, ...], int]:
        """The sources of a change as they stand, and how many of them are independent."""
        key = (change.claim or change.fact, change.document if change.listing else None)
        if key not in self._evidence:
            self._evidence[key] = _evidence(self.database, change)
        return self._evidence[key]

    def told_by(self, change: ChangeRow, position: int) -> tuple[EvidenceRow, ...]:
        """Who said at a position what nobody says any more: the documents that were corrected or taken back."""
        named = change.claim or change.fact
        said = said_about(self.database, queries.subjects_of_claims(self.database, [named]), Horizon(position=position))
        return tuple(evidence_of(one) for one in sorted(said, key=lambda one: one.order) if one.statement.claim == named)


def _evidence(database: Database, change: ChangeRow) -> tuple[tuple[EvidenceRow, ...], int]:
    """All of a fact's sources; for a listing, the amendment that made the change."""
    named = change.claim or change.fact
    _, fact = queries.fact_of(database, named) or (None, None)
    claims = fact.claims if fact is not None else (named,)
    subjects = queries.subjects_of_claims(database, claims)
    if fact is None:
        subjects = component(database, subjects) or subjects
    said = sorted(
        (one for one in said_about(database, subjects, PRESENT) if one.statement.claim in claims), key=lambda one: one.order
    )
    return tuple(evidence_of(one) for one in said), fact.sources if fact is not None else independent_sources(said)


def later(day: str, days: int) -> str:
    """An ISO day so many days later."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
