"""What a rule says of itself, counted after the reading: four checksums, and what each of them touches.

1. The summary's totals: "adding 10 entities under 13 entries".
2. Its totals by destination: "Canada (2), China (5)".
3. Names in the instructions against rows in the table.
4. "The following seven aliases" against the aliases that follow.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Literal

import msgspec

from events.documents import Check
from events.names import normalise
from tracker.readers.amendment import Amendment, Change
from tracker.readers.headings import Headings
from tracker.readers.summary import Claims, Total, read_summary
from tracker.readers.table_rows import squeezed

__all__ = ["Total", "read_summary", "run"]


def run(
    amendments: Sequence[Amendment], claims: Claims, headings: Headings, rows: int = 0
) -> tuple[list[Amendment], tuple[Check, ...]]:
    """Runs all checks; gives the amendments back, with trouble where a check that failed touches them.

    `rows` is how many rows a table has that prints the whole list anew.
    """
    moved, emptied = _move_checks(amendments, claims, headings)
    amendments = [a for a in amendments if a.empties is None or a.empties not in emptied]
    checks = [*_destination_checks(amendments, claims, headings), *_total_checks(amendments, claims)]
    touched = _recounted(amendments, checks, headings)
    for check, change in checks:
        if not check.passed and not _explained(check, amendments, headings):
            touched = _touch(touched, check, change, _reach(check, change, checks, claims), headings)
    if claims.whole is not None and rows:
        moved.append(Check(name="entries of the whole list", expected=str(claims.whole), found=str(rows)))
    touched += [_nameless(check, None) for check in moved if not check.passed]
    return touched, (*(check for check, _ in checks), *moved, *_name_checks(amendments), *_alias_checks(amendments))


def _recounted(amendments: Sequence[Amendment], checks: Sequence[tuple[Check, Change]], headings: Headings) -> list[Amendment]:
    """Rows that the instruction miscounts are in trouble, unless the summary counts them as the table has them.

    Then the slip is the instruction's, and what waits is the document, without a name.
    """
    agreed = {(change, check.where) for check, change in checks if check.where and check.passed}
    slips: dict[str, Amendment] = {}
    found = []
    for a in amendments:
        if a.miscounted is None or a.trouble:
            found.append(a)
        elif (a.change, headings.same(a.destination)) in agreed:
            found.append(a)
            slips[a.miscounted] = msgspec.structs.replace(a, name=None, guess=None, entry=None, trouble=a.miscounted)
        else:
            found.append(msgspec.structs.replace(a, trouble=a.miscounted))
    return [*found, *slips.values()]


def _reach(
    check: Check, change: Change, checks: Sequence[tuple[Check, Change]], claims: Claims
) -> Literal["nothing", "document", "all"]:
    """What a check that failed touches.

    A wrong total is the fault of a destination, if the counts by destination add up to it. If they add up to what
    was read instead, the total contradicts its own summary: nothing else is in doubt, and only the document
    waits, without a name.
    """
    if check.where is not None:
        return "all"
    placed = [one for one, kind in checks if one.where is not None and kind == change]
    if not placed:
        return "all"
    if all(one.passed for one in placed):
        return "document"
    return "nothing" if _covers(claims, change) else "all"


def _touch(amendments: list[Amendment], check: Check, change: Change, reach: str, headings: Headings) -> list[Amendment]:
    """The amendments with trouble where the check reaches; a nameless one where it reaches none."""
    if reach == "nothing":
        return amendments
    reason = _reason(check)
    touched = [
        msgspec.structs.replace(a, trouble=a.trouble or reason)
        if reach == "all" and (change, check.where) in {(kind, check.where and headings.same(at)) for kind, at in a.counted_as}
        else a
        for a in amendments
    ]
    # What waits anyway may be what is missing or too many.
    if any(a.trouble and a.change in {change, None} and check.where in {None, headings.same(a.destination)} for a in touched):
        return touched
    return [*touched, _nameless(check, change)]


def _nameless(check: Check, change: Change | None) -> Amendment:
    """What a check misses and no amendment can be blamed for: it waits under the document alone."""
    return Amendment(change=change, destination=check.where, name=None, trouble=_reason(check), start=0, end=0)


def _reason(check: Check) -> str:
    return f"{check.name}: the rule states {check.expected}, the reading has {check.found}"


def _covers(claims: Claims, change: Change) -> bool:
    """Whether the counts by destination add up to the total."""
    total = next((t for t in claims.totals if t.change == change), None)
    counted = sum(count for (kind, _), count in claims.destinations.items() if kind == change)
    return total is not None and counted == (total.entries if total.under else total.entities)


def _explained(check: Check, amendments: Sequence[Amendment], headings: Headings) -> bool:
    """Whether entries of which the change is not known, and which wait for a person anyway, fill the gap."""
    numbers = [int(n) for n in re.findall(r"\d+", check.expected)], [int(n) for n in re.findall(r"\d+", check.found)]
    unknown = sum(
        1
        for a in amendments
        if a.change is None and a.trouble and (check.where is None or headings.same(a.destination) == check.where)
    )
    return (
        unknown > 0
        and len(numbers[0]) == len(numbers[1])
        and all(0 <= expected - found <= unknown for expected, found in zip(*numbers, strict=True))
    )


def _move_checks(amendments: Sequence[Amendment], claims: Claims, headings: Headings) -> tuple[list[Check], set[str]]:
    """Entries moved against the summary's count; and the headings that are empty when all of theirs are moved."""
    found: Counter[tuple[str | None, str | None]] = Counter(
        (a.moved_from, headings.printed(a.destination or "")) for a in amendments if a.moved_from and not a.replaces_removal
    )
    checks = [
        Check(name="entries moved by destination", where=new, expected=str(count), found=str(found[old, new]))
        for (old, new), count in claims.moved.items()
    ]
    stated = Counter[str]()
    for (old, _), count in claims.moved.items():
        stated[old] += count
    emptied = {old for old, count in stated.items() if count == sum(n for (gone, _), n in found.items() if gone == old)}
    return checks, {a.empties for a in amendments if a.empties and headings.printed(a.empties) in emptied}


def _destination_checks(amendments: Sequence[Amendment], claims: Claims, headings: Headings) -> list[tuple[Check, Change]]:
    counted = Counter((change, headings.same(at)) for a in amendments for change, at in a.counted_as)
    # Where a summary counts some destinations of a change, the others are counted as none.
    stated = {change for change, _ in claims.destinations}
    keys = {
        **dict.fromkeys(claims.destinations),
        **dict.fromkeys((c, d) for c, d in counted if d is not None for c in stated.intersection({c})),
    }
    return [
        (
            Check(
                name=f"entries {change} by destination",
                where=destination,
                expected=str(claims.destinations.get((change, destination), 0)),
                found=str(counted[change, destination]),
            ),
            change,
        )
        for change, destination in keys
    ]


def _total_checks(amendments: Sequence[Amendment], claims: Claims) -> list[tuple[Check, Change]]:
    checks = []
    for total in claims.totals:
        entries = [a for a in amendments for change, _ in a.counted_as if change == total.change]
        distinct = _distinct(entries, total.entities)
        if total.under and total.entities:
            expected = f"{total.entities} entities under {total.entries} entries"
            found = f"{distinct} entities under {len(entries)} entries"
        elif total.under:
            expected, found = f"{total.entries} entries", f"{len(entries)} entries"
        else:
            # Some summaries call entries entities.
            entities = total.entities if total.entities == len(entries) else distinct
            expected, found = f"{total.entities} entities", f"{entities} entities"
        checks.append((Check(name=f"total {total.change}", expected=expected, found=found), total.change))
    return checks


def _distinct(entries: Sequence[Amendment], stated: int) -> int:
    """How many entities the entries are: the stated number, where it is one of those that can be meant.

    Names that differ in punctuation alone, or stand twice under one destination, may be one entity or two.
    """
    # Names that differ even without their punctuation are as many entities.
    if len({squeezed(a.name or str(a.start)) for a in entries}) == len(entries):
        return len(entries)
    names = Counter(normalise(a.name or str(a.start)) for a in entries)
    twice = Counter((normalise(a.name or str(a.start)), a.destination) for a in entries)
    most = len(names) + sum(count - 1 for count in twice.values())
    spelled = len({(a.name or str(a.start)).casefold() for a in entries})
    return stated if len(names) <= stated <= max(most, spelled) else max(len(names), spelled)


def _name_checks(amendments: Sequence[Amendment]) -> list[Check]:
    """How many entries the instructions of each destination ask the table for, and how many rows it has."""
    named: dict[str, int] = defaultdict(int)
    rows: dict[str, int] = defaultdict(int)
    for amendment in amendments:
        where = amendment.destination or ""
        wants_row = amendment.change in {"added", "revised"} or amendment.entry is not None
        named[where] += amendment.named and wants_row
        rows[where] += amendment.entry is not None
    return [
        Check(name="names and rows", where=where or None, expected=str(named[where]), found=str(rows[where]))
        for where in named
        if named[where] or rows[where]
    ]


def _alias_checks(amendments: Sequence[Amendment]) -> list[Check]:
    return [
        Check(name="aliases", where=a.entity.name, expected=str(count.expected), found=str(count.found))
        for a in amendments
        if a.entity is not None
        for count in a.entity.counts
    ]
