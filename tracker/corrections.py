"""What one watch was told and reads otherwise now: the steps of a span put together, from as told to as it stands."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

import msgspec

from projections.rows import ChangeRow, FieldChange, Otherwise


class Corrected(msgspec.Struct, kw_only=True):
    """One fact or amendment from as it was told to as it stands. `after` goes by the names it has now."""

    at: int
    cause: str
    before: ChangeRow
    after: dict[str, ChangeRow]
    fields: dict[str, FieldChange]
    ids: set[str]

    @property
    def lines(self) -> tuple[ChangeRow, ...]:
        """How it reads now: nothing where it is retracted, several lines where it was split."""
        return tuple(self.after.values())

    @property
    def is_nothing(self) -> bool:
        """Whether it reads in the end as it was told."""
        return [words_of(one) for one in self.lines] == [words_of(self.before)] and not self.changed_fields

    @property
    def changed_fields(self) -> tuple[FieldChange, ...]:
        """The fields of an entry that read otherwise in the end."""
        return tuple(one for _, one in sorted(self.fields.items()) if one.before != one.after)


def words_of(line: ChangeRow) -> tuple[str | None, ...]:
    """What a line says; a citation that comes to be known is no other reading."""
    return (line.date, line.summary.rsplit(" by ", 1)[0] if line.listing else line.summary, line.standing)


Successions = dict[str, list[tuple[int, str]]]


def by_old_name(successions: Iterable[tuple[int, str, str]]) -> Successions:
    """Old name -> where it went over into which."""
    found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for position, old, new in successions:
        found[old].append((position, new))
    return dict(found)


def corrected(
    rows: Sequence[Otherwise], names: Successions, told_again: Mapping[str, Sequence[ChangeRow]] = MappingProxyType({})
) -> list[Corrected]:
    """The steps, in order of position, as one correction for each thing that was told.

    `told_again` has what was learnt anew under names that nothing told any more.
    """
    found: list[Corrected] = []
    for position, group in groupby(rows, key=lambda row: row.position):
        for one in found:
            _revive(one, told_again, position)
            _follow(one, names, position)
        # What stood before the position goes on with all of its steps there, and not with what they make of each other.
        steps = list(group)
        going_on = [(one, [row for row in steps if row.old in one.after]) for one in found]
        taken = {id(row) for _, mine in going_on for row in mine}
        for one, mine in going_on:
            _go_on(one, mine)
        found += [_begun(row) for row in steps if id(row) not in taken]
    for one in found:
        _revive(one, told_again, None)
    return found


def _begun(row: Otherwise) -> Corrected:
    return Corrected(
        at=row.position,
        cause=row.cause,
        before=row.before,
        after={_name(line): line for line in row.after},
        fields={one.field: one for one in row.fields},
        ids={row.old, *map(_name, row.after)},
    )


def _name(line: ChangeRow) -> str:
    return line.claim or line.fact


def _go_on(one: Corrected, rows: Sequence[Otherwise]) -> None:
    for row in rows:
        del one.after[row.old]
    for row in rows:
        one.after.update({_name(line): line for line in row.after})
        one.ids.update(_name(line) for line in row.after)
        one.at = row.position
        for field in row.fields:
            first = one.fields.get(field.field, field)
            one.fields[field.field] = msgspec.structs.replace(first, after=field.after)
    for row in rows:
        one.cause = row.cause if one.cause == "learnt" or not one.after else one.cause


def _revive(one: Corrected, told_again: Mapping[str, Sequence[ChangeRow]], until: int | None) -> None:
    """Takes up what was retracted and is told again, before a position."""
    if one.after:
        return
    for name in sorted(one.ids):
        for change in told_again.get(name, ()):
            position = change.position or 0
            if one.at < position and (until is None or position < until):
                one.after[name] = change
                one.at = position


def _follow(one: Corrected, names: Successions, until: int) -> None:
    """Takes over the names that went over into others without reading otherwise, before a position."""
    going = True
    while going:
        steps = sorted((p, old, new) for old in one.after for p, new in names.get(old, ()) if one.at < p < until)
        going = bool(steps)
        if going:
            first, old, _ = steps[0]
            line = one.after.pop(old)
            one.after.update({new: line for p, name, new in steps if (p, name) == (first, old)})
            one.ids.update(one.after)
            one.at = first
