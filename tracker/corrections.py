"""What one watch was told and reads otherwise now: from as it stood at its last digest to as it stands.

A fact is held against itself: the facts that any of its claims, or of those that joined it meanwhile, belong to at the
end. An amendment keeps its claim, so its steps are put together. Nothing else is kept of what happened in between.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from events.facts import Fact
from projections.rows import ChangeRow, FieldChange
from projections.standing import fact_line
from projections.superseded import reads_as
from tracker.spans import Span
from tracker.steps import Path, Steps, Walk, name_of

_OF_PARTS: Final = frozenset({"withdrawn", "split"})
"""What a step may be called while the whole is neither."""
_TERMS: Final = "rule-"
"""How the types of amendments begin that are of no entry."""
FactsAt = Callable[[frozenset[str], int], Sequence[Fact]]
"""Reads the facts that any of some claims belonged to at a position."""


class Corrected(msgspec.Struct, frozen=True, kw_only=True):
    """One fact or amendment from as it was told to as it stands: no line where it is retracted, several where it was split.

    `ids` are all names that it had on the way.
    """

    cause: str
    before: ChangeRow
    lines: tuple[ChangeRow, ...]
    ids: frozenset[str]
    fields: tuple[FieldChange, ...] = ()


class Restated(msgspec.Struct, frozen=True):
    """What became of what a watch was told: what it is to be told, what goes by another name (from, to), all names on the way."""

    corrections: tuple[Corrected, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    names: frozenset[str] = frozenset()


class _Told(msgspec.Struct, frozen=True):
    """A fact that a watch was told, as it stood, and the facts that have its claims now."""

    name: str
    fact: Fact
    heirs: Sequence[Fact]
    path: Path


def restated(facts_at: FactsAt, steps: Steps, told: Iterable[str], span: Span) -> Restated:
    """What became of these names, under which a watch was told something that stood where its span begins."""
    facts, rest = list[_Told](), list[_Became]()
    for name in sorted(told):
        path = steps.path(name, span.after, span.until)
        if path == Path(frozenset({name}), ()):
            continue
        stood = next((one for one in facts_at(frozenset({name}), span.after) if one.fact == name), None)
        if stood is None:
            rest.append(_amendment(steps.walk(name, span.after, span.until)))
        else:
            heirs = facts_at(path.names.union(stood.claims), span.until)
            facts.append(_Told(name, stood, heirs, path))
    became = [*rest, *_facts(facts)]
    corrections = sorted((one for one in became if one.corrected), key=lambda one: one.at)
    return Restated(
        corrections=tuple(one.corrected for one in corrections if one.corrected),
        renamed=tuple(one.renamed for one in became if one.renamed),
        names=frozenset().union(*(one.names for one in became)),
    )


class _Became(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one name: a correction, or only another name; `names` are all that it had, at the end too."""

    at: int
    names: frozenset[str]
    corrected: Corrected | None = None
    renamed: tuple[str, str] | None = None


def _amendment(walk: Walk) -> _Became:
    fields = tuple(one for _, one in sorted(walk.fields.items()) if one.before != one.after)
    lines, names = () if walk.line is None else (walk.line,), frozenset(walk.names)
    if walk.before is None or (not fields and [words_of(one) for one in lines] == [words_of(walk.before)]):
        return _Became(at=walk.at, names=names, renamed=(walk.names[0], walk.name) if len(names) > 1 else None)
    cause = next((one for one in walk.causes if one not in {"learnt", *_OF_PARTS}), "corrected") if lines else "withdrawn"
    return _Became(
        at=walk.at, names=names, corrected=Corrected(cause=cause, before=walk.before, lines=lines, fields=fields, ids=names)
    )


def _facts(told: Sequence[_Told]) -> Iterator[_Became]:
    """Facts that still read as they were told need no word; the others, and new parts beside them, are corrections."""
    as_told: dict[str, Fact] = {}
    for one in told:
        if same := [heir for heir in one.heirs if reads_as(one.fact, heir)]:
            as_told[one.name] = min(same, key=lambda heir: (heir.fact != one.name, heir.fact))
    known = {heir.fact for heir in as_told.values()}
    shared = Counter(heir.fact for one in told for heir in one.heirs)
    for one in told:
        rows, same_now = one.path.rows, as_told.get(one.name)
        names = one.path.names.union(heir.fact for heir in one.heirs)
        if not rows or (same_now is not None and all(heir.fact in known for heir in one.heirs)):
            renamed = (one.name, same_now.fact) if same_now is not None and same_now.fact != one.name else None
            yield _Became(at=rows[-1].position if rows else 0, names=names, renamed=renamed)
            continue
        heirs = [heir for heir in one.heirs if heir == same_now or heir.fact not in known] or one.heirs
        yield _Became(at=rows[-1].position, names=names, corrected=_corrected(one, heirs, shared))


def _corrected(one: _Told, heirs: Sequence[Fact], shared: Mapping[str, int]) -> Corrected:
    rows = one.path.rows
    like = rows[-1].after[0] if rows[-1].after else rows[-1].before
    if not heirs:
        cause = "withdrawn"
    elif len(heirs) > 1:
        cause = "split"
    elif shared[heirs[0].fact] > 1:
        cause = "merged"
    else:
        cause = next((row.cause for row in rows if row.cause != "learnt"), "learnt")
        cause = "corrected" if cause in _OF_PARTS else cause
    return Corrected(
        cause=cause,
        before=fact_line(one.fact, rows[-1].before),
        lines=tuple(fact_line(heir, like) for heir in heirs),
        ids=frozenset({one.name, *(heir.fact for heir in heirs)}),
    )


def standing(facts_at: FactsAt, steps: Steps, change: ChangeRow, until: int) -> tuple[ChangeRow, ...]:
    """A line of the log as it stands at a position: no line where nothing tells it any more, the line itself where it stands."""
    if change.kind == "withdrawn":
        return ()
    told = msgspec.structs.replace(change, summary=change.summary.removeprefix("corrected: "))
    name, after = name_of(change), change.position or 0
    path = steps.path(name, after, until)
    if path == Path(frozenset({name}), ()):
        return (change,) if told.summary == change.summary else (told,)
    if not change.listing and not change.type.startswith(_TERMS):
        return tuple(_reading_as(told, fact_line(fact, change)) for fact in facts_at(path.names, until))
    walk = steps.walk(name, after, until)
    if walk.gone or not (walk.line or walk.before is None):
        return ()
    named = msgspec.structs.replace(told, claim=walk.name) if walk.name != name else told
    return (named if walk.line is None else _reading_as(named, walk.line),)


def _reading_as(line: ChangeRow, now: ChangeRow) -> ChangeRow:
    """A line that tells what another one does, where it was learnt."""
    told = {"date": now.date, "summary": now.summary, "name": now.name, "standing": now.standing, "stance": now.stance}
    names = {} if line.listing else {"claim": now.claim, "fact": now.fact, "names": now.names}
    return msgspec.structs.replace(line, **told, **names)


def words_of(line: ChangeRow) -> tuple[str | None, ...]:
    """What a line says; a citation that comes to be known is no other reading."""
    return (line.date, line.summary.rsplit(" by ", 1)[0] if line.listing else line.summary, line.standing)
