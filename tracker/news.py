"""What happened in the spans of any number of watches, matched once for all of them.

What was learnt is read a row at a time, and kept only where some watch takes it; watches with the same filters
share what they take. Evidence is read once for each change, whoever is told of it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Final

import msgspec
from sqlite_utils import Database

from events.said import independent_sources
from events.watching import Watching
from projections import queries
from projections.claims import PRESENT
from projections.entries import evidence_of
from projections.rows import ChangeRow, EvidenceRow, Otherwise
from projections.run import EventSource
from projections.settled import component, said_about
from projections.superseded import successions, superseded
from projections.told import who_was_told
from tracker.corrections import Corrected, by_old_name, corrected, words_of
from tracker.matching import Index, Query, query_of
from tracker.source_news import source_changes
from tracker.spans import Span

COMING_DAYS: Final = 14
"""How far ahead a digest looks."""
ReadNames = Callable[[str], Iterable[str]]
"""Reads a saved list of names by its reference."""


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

    def __init__(self, database: Database, ledger: EventSource, wanted: Sequence[Wanted], names: ReadNames) -> None:
        self.database = database
        self._evidence: dict[tuple[str, str | None], tuple[tuple[EvidenceRow, ...], int]] = {}
        self._stands: dict[int, tuple[ChangeRow, ChangeRow | None]] = {}
        numbers: dict[Query, int] = {}
        self._query_of: dict[str, int] = {}
        for one in wanted:
            query = query_of(one.watching.terms, names)
            self._query_of[one.watching.watch] = numbers.setdefault(query, len(numbers))
        self._index = Index(tuple(numbers))
        spans = [one.span for one in wanted]
        self._taken = [Taken(after=2**62) for _ in numbers]
        for one in wanted:
            mine = self.taken(one.watching.watch)
            mine.after = min(mine.after, one.span.after)
        self._read_superseded(wanted)
        if spans:
            self._learn(ledger, min(span.after for span in spans), max(span.until for span in spans))
            self._take_effect(min(span.day_after for span in spans), max(span.day_until for span in spans))

    def taken(self, watch: str) -> Taken:
        """What the query of a watch takes; other watches may share it."""
        return self._taken[self._query_of[watch]]

    def in_order(self, wanted: Iterable[Wanted]) -> list[Wanted]:
        """The watches of the same filters one after the other, so that what they share need not be kept for long."""
        return sorted(wanted, key=lambda one: (self._query_of[one.watching.watch], one.watching.watch))

    def corrections(self, watch: str) -> list[Corrected]:
        """What a watch was told and reads otherwise now."""
        return corrected(self._told.get(watch, ()), self._names, self._told_again)

    def stands(self, change: ChangeRow) -> ChangeRow | None:
        """A line of the log as it stands at the end of the spans; None where nothing tells it any more.

        A fact whose words moved has a later line of its own. A fact may have got another name meanwhile, and an
        amendment other words.
        """
        if id(change) not in self._stands:
            self._stands[id(change)] = (change, self._followed(change))
        return self._stands[id(change)][1]

    def _followed(self, change: ChangeRow) -> ChangeRow | None:
        if change.kind == "withdrawn":
            return None
        words = change.summary.removeprefix("corrected: ")
        stands = change if words == change.summary else msgspec.structs.replace(change, summary=words)
        position = change.position or 0
        while step := self._step(stands.claim or stands.fact, position):
            position, otherwise, name = step
            if otherwise is None:
                stands = msgspec.structs.replace(stands, claim=name, fact=name)
                continue
            heir = next((one for one in otherwise.after if words_of(one) == words_of(stands)), None)
            if heir is None and stands.listing and otherwise.after:
                heir = otherwise.after[0]
                stands = msgspec.structs.replace(stands, date=heir.date, summary=heir.summary, name=heir.name)
            elif heir is None:
                return None
            elif not stands.listing:
                stands = msgspec.structs.replace(stands, claim=heir.claim, fact=heir.fact)
        return stands

    def _step(self, name: str, after: int) -> tuple[int, Otherwise | None, str] | None:
        """What becomes of a name next: it reads otherwise, or goes over into another in silence."""
        rows = [(one.position, one, name) for one in self._superseded.get(name, ()) if one.position > after]
        silent = [(position, None, new) for position, new in self._names.get(name, ()) if position > after]
        return min([*rows[:1], *silent[:1]], key=lambda step: (step[0], step[1] is None), default=None)

    def _learn(self, ledger: EventSource, after: int, until: int) -> None:
        retracted = {old for old, rows in self._superseded.items() if not all(row.after for row in rows)}
        for change in queries.each_change(self.database, after, until):
            self._match(change)
            if change.kind != "withdrawn" and (change.claim or change.fact) in retracted:
                self._told_again[change.claim or change.fact].append(change)
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
        for change in queries.effects(self.database, day_after, last):
            first = queries.learnt_first(self.database, change.fact)
            if first is not None:
                row = msgspec.structs.replace(change, source=first[1].split("/")[1], language=first[2])
                self._match_effect(Effect(row, first[0]))
        for change in queries.announced(self.database, day_after, last):
            self._match_effect(Effect(change, None))

    def _match_effect(self, effect: Effect) -> None:
        for number in self._index.matching(effect.change):
            self._taken[number].effects.append(effect)

    def _read_superseded(self, wanted: Sequence[Wanted]) -> None:
        self._told: dict[str, list[Otherwise]] = {}
        self._told_again: defaultdict[str, list[ChangeRow]] = defaultdict(list)
        after = min((one.span.after for one in wanted), default=0)
        until = max((one.span.until for one in wanted), default=0)
        rows = superseded(self.database, after, until)
        self._names = by_old_name(successions(self.database, after, until))
        self._superseded: defaultdict[str, list[Otherwise]] = defaultdict(list)
        for row in rows:
            self._superseded[row.old].append(row)
        spans = {one.watching.watch: one.span for one in wanted}
        ended = {watch: span.after for watch, span in spans.items()}
        for watch, told in who_was_told(self.database, rows, ended).items():
            self._told[watch] = [one for one in told if spans[watch].after < one.position <= spans[watch].until]

    def evidence(self, change: ChangeRow) -> tuple[tuple[EvidenceRow, ...], int]:
        """The sources of a change as they stand, and how many of them are independent."""
        key = (change.claim or change.fact, change.document if change.listing else None)
        if key not in self._evidence:
            self._evidence[key] = _evidence(self.database, change)
        return self._evidence[key]


def _evidence(database: Database, change: ChangeRow) -> tuple[tuple[EvidenceRow, ...], int]:
    """All of a fact's sources; for a listing, the amendment that made the change."""
    named = change.claim or change.fact
    fact = queries.fact_with(database, named)
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
