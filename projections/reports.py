"""What each position of the ledger taught about the subjects of reports, found subject by subject in memory.

The rows of a subject come from the file in one pass. Which reading of a document counts at a position, and
what people decided by then, is followed here as `settled.CHOSEN_READING` and `settled.decided` say it for one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

import msgspec
from sqlite_utils import Database

from events.facts import Fact, settle_facts
from events.said import Said
from projections.claims import Horizon
from projections.facts import FactsBefore
from projections.settled import SAID, as_said, counting, said_about

KINDS: Final = ("entity", "pair", "reported")

_SAID_IN_ORDER: Final = f"{SAID} WHERE subject > ? AND subject < ? ORDER BY subject, subjects.position"

_READ_AGAIN: Final = """
    SELECT DISTINCT subject, readings.position, readings.document, filed, document_version
    FROM subjects JOIN readings USING (document)
    WHERE subject > ? AND subject < ? AND failure IS NULL AND document IN (
        SELECT document FROM readings WHERE failure IS NULL GROUP BY document HAVING count(*) > 1)
    ORDER BY subject, readings.position
"""
_DECIDED: Final = """
    SELECT DISTINCT subject, decided.position, claim, other, holds
    FROM (SELECT position, claim, NULL AS other, 1 - rejected AS holds FROM decisions
          UNION ALL SELECT position, claim, other, together FROM grouped) AS decided
    JOIN statements USING (claim) JOIN subjects ON subjects.position = statements.position ORDER BY decided.position
"""
"""Verdicts about claims, and about two of them whether they are of one fact."""


Rank = tuple[bool, int, int]
"""What makes a reading count over another of the same document: published, of the newest version, the last."""

_NAMED: Final = """
    SELECT DISTINCT beside.subject FROM name_decisions
    JOIN subjects ON instr(subjects.subject, '~' || normalised) JOIN subjects AS beside ON beside.position = subjects.position
"""
"""The subjects of statements that print a name which people decided about."""


class Decision(NamedTuple):
    """What a person decided of a claim; with another one, whether both are of one fact."""

    position: int
    claim: str
    other: str | None
    holds: bool


class Taught(msgspec.Struct, frozen=True):
    """What was said of a subject as it counts in the end, its facts, and what each position changed."""

    subject: str
    said: list[Said]
    facts: tuple[Fact, ...]
    news: list[tuple[int, FactsBefore]]


def taught_of(database: Database) -> Iterator[Taught]:
    """Every subject of reports, with all that was ever said of it taken in one position after the other."""
    decided: defaultdict[str, list[Decision]] = defaultdict(list)
    for subject, *decision in database.execute(_DECIDED):
        decided[subject].append(Decision(*decision))
    named = {row[0] for row in database.execute(_NAMED)}
    naming = [row[0] for row in database.execute("SELECT position FROM name_decisions")]
    for kind in KINDS:
        limits = [f"{kind}:", f"{kind};"]
        again = _Beside(database.execute(_READ_AGAIN, limits))
        for subject, rows in groupby(database.execute(_SAID_IN_ORDER, limits), key=lambda row: row[11]):
            stated = []
            readings: dict[int, tuple[str, Rank]] = {}
            for row in rows:
                stated.append(as_said(row, {}))
                readings[row[5]] = (row[1], (not row[7], row[12], row[5]))
            for _, position, document, filed, version in again.of(subject):
                readings[position] = (document, (not filed, version, position))
            mine = decided.get(subject, ())
            if subject in named:
                yield _asked(database, subject, {*readings, *naming, *(one.position for one in mine)})
            else:
                yield _settled(subject, stated, readings, mine)


def _settled(
    subject: str,
    stated: Sequence[Said],
    readings: dict[int, tuple[str, Rank]],
    decided: Sequence[Decision],
) -> Taught:
    chosen: dict[str, Rank] = {}
    verdicts: dict[str, bool] = {}
    groups: dict[str, dict[str, bool]] = {}
    deciding: defaultdict[int, list[Decision]] = defaultdict(list)
    for one in decided:
        deciding[one.position].append(one)
    facts: tuple[Fact, ...] = ()
    said: list[Said] = []
    news = []
    for position in sorted(readings.keys() | deciding.keys()):
        if position in deciding:
            for _, claim, other, holds in deciding[position]:
                if other is None:
                    verdicts[claim] = bool(holds)
                else:
                    groups.setdefault(claim, {})[other] = bool(holds)
        else:
            document, rank = readings[position]
            chosen[document] = max(rank, chosen.get(document, rank))
        counted = (
            counting(one, verdicts, groups)
            for one in stated
            if one.document in chosen and chosen[one.document][2] == one.position
        )
        said = [one for one in counted if one is not None]
        after = settle_facts(said)
        if after != facts:
            news.append((position, _difference(facts, after)))
            facts = after
    return Taught(subject, said, facts, news)


def _asked(database: Database, subject: str, positions: Iterable[int]) -> Taught:
    """The same for a subject whose statements have moved with decisions about names: asked for at each position."""
    facts: tuple[Fact, ...] = ()
    said: list[Said] = []
    news = []
    for position in sorted(positions):
        said = said_about(database, [subject], Horizon(position=position))
        after = settle_facts(said)
        if after != facts:
            news.append((position, _difference(facts, after)))
            facts = after
    return Taught(subject, said, facts, news)


def _difference(before: tuple[Fact, ...], after: tuple[Fact, ...]) -> FactsBefore:
    """The facts that changed: what stands as it stood is no news, however often it was told."""
    if not before:
        return FactsBefore((), after)
    same = set(before) & set(after)
    return FactsBefore(tuple(one for one in before if one not in same), tuple(one for one in after if one not in same))


class _Beside:
    """Rows in order of subject, of which some subjects have none."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._groups = groupby(rows, key=lambda row: row[0])
        self._next = next(self._groups, None)

    def of(self, subject: str) -> list[Any]:
        """The rows of a subject; subjects are asked for in order."""
        if self._next is None or self._next[0] != subject:
            return []
        rows = list(self._next[1])
        self._next = next(self._groups, None)
        return rows
