"""The steps of a stretch of the ledger by which lines came to read otherwise, or to go by another name."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from projections.rows import ChangeRow, FieldChange, Otherwise


class Path(msgspec.Struct, frozen=True):
    """Where a name led: all names on the way, itself included, and what read otherwise there, in order."""

    names: frozenset[str]
    rows: tuple[Otherwise, ...]


class Walk(msgspec.Struct):
    """What became of an amendment: the name it has, its line and its fields as first told and as they stand.

    `line` is None where nothing on the way read otherwise, or where it is `gone`.
    """

    name: str
    at: int
    line: ChangeRow | None = None
    gone: bool = False
    before: ChangeRow | None = None
    names: list[str] = []
    fields: dict[str, FieldChange] = {}
    causes: list[str] = []


class Steps:
    """What is noted of a stretch, by the names that things had before: nothing where a name stands as it stood."""

    def __init__(self, rows: Iterable[Otherwise], successions: Iterable[tuple[int, str, str]]) -> None:
        self._rows: defaultdict[str, list[Otherwise]] = defaultdict(list)
        self._renamed: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        self._told_again: defaultdict[str, list[ChangeRow]] = defaultdict(list)
        for row in rows:
            self._rows[row.old].append(row)
        for position, old, new in successions:
            self._renamed[old].append((position, new))
        self._gone = {old for old, found in self._rows.items() if not all(row.after for row in found)}

    @property
    def names(self) -> set[str]:
        """The names of which anything is noted."""
        return self._rows.keys() | self._renamed.keys()

    def learn(self, change: ChangeRow) -> None:
        """Takes note of a line of the log: what was no more may be told again."""
        name = name_of(change)
        if name in self._gone and change.kind != "withdrawn":
            self._told_again[name].append(change)

    def path(self, name: str, after: int, until: int) -> Path:
        """Where a fact of a name led, wherever it joined others or parted; later steps go on from earlier ones."""
        reached, waiting, rows = {name: after}, [name], dict[int, Otherwise]()
        while waiting:
            old = waiting.pop()
            since = reached[old]
            mine = [row for row in self._rows.get(old, ()) if since < row.position <= until]
            rows.update((id(row), row) for row in mine)
            onward = [(row.position, name_of(line)) for row in mine for line in row.after]
            onward += [(position, new) for position, new in self._renamed.get(old, ()) if since < position <= until]
            for position, new in onward:
                if new not in reached or position < reached[new]:
                    reached[new] = position
                    waiting.append(new)
        return Path(frozenset(reached), tuple(sorted(rows.values(), key=lambda row: row.position)))

    def walk(self, name: str, after: int, until: int) -> Walk:
        """What became of an amendment, which is of one name at any time."""
        walk = Walk(name=name, at=after, names=[name])
        while step := self._next(walk, until):
            walk.at, what = step
            match what:
                case Otherwise():
                    _go_on(walk, what)
                case ChangeRow():
                    walk.line, walk.gone = what, False
                case new:
                    walk.name = new
                    walk.names.append(new)
        return walk

    def _next(self, walk: Walk, until: int) -> tuple[int, Otherwise | ChangeRow | str] | None:
        """The next step: reading otherwise comes before another name at one position; only what is gone is told again."""
        steps: list[tuple[int, Otherwise | ChangeRow | str]] = []
        if walk.gone:
            steps = [(one.position or 0, one) for one in self._told_again.get(walk.name, ())]
        else:
            steps += [(row.position, row) for row in self._rows.get(walk.name, ())]
            steps += self._renamed.get(walk.name, ())
        return min((step for step in steps if walk.at < step[0] <= until), key=lambda step: step[0], default=None)


def _go_on(walk: Walk, row: Otherwise) -> None:
    walk.before = walk.before or row.before
    walk.line = row.after[0] if row.after else None
    walk.gone = not row.after
    walk.causes.append(row.cause)
    for field in row.fields:
        walk.fields[field.field] = msgspec.structs.replace(walk.fields.get(field.field, field), after=field.after)


def name_of(line: ChangeRow) -> str:
    """What a line goes by: its amendment, or its fact."""
    return line.claim or line.fact
