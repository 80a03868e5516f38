"""What a rule says of itself, counted after the reading: four checksums, and what each of them touches.

1. The summary's totals: "adding 10 entities under 13 entries".
2. Its totals by destination: "Canada (2), China (5)".
3. Names in the instructions against rows in the table.
4. "The following seven aliases" against the aliases that follow.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import msgspec

from events.documents import Check
from events.names import normalise
from events.statements import Change
from tracker.readers.amendments import Amendment, Headings
from tracker.readers.entity_cell import number

_VERB = re.compile(
    r"\b(?:(?P<added>add(?:s|ing|ed)?)|(?P<revised>revis(?:es|ing)|modif(?:ies|ying)|correct(?:s|ing))"
    r"|(?P<removed>remov(?:es|ing))|(?P<other>suspend(?:s|ing)|mov(?:es|ed)))\b",
    re.IGNORECASE,
)
_NUMBER = r"(?:\d[\d,]*|(?:[a-z]+ty-)?[a-z]+)"
_NOUN = r"(?:existing\s+|new\s+|additional\s+)*(?P<noun>entit(?:y|ies)|persons?|entr(?:y|ies)|address(?:es)?)"
_TOTAL = re.compile(
    rf"\s+(?:the\s+following\s+)?(?P<number>{_NUMBER})\s+{_NOUN}(?:\s+(?:under|in)\s+(?P<under>{_NUMBER})\s+entr(?:y|ies))?",
    re.IGNORECASE,
)
_MORE = re.compile(rf"\s+and{_TOTAL.pattern}", re.IGNORECASE)
_DESTINATIONS = re.compile(r"\bdestinations?\s+of\s+", re.IGNORECASE)
_ONE = re.compile(
    r"\s*(?:,\s*)?(?:and\s+)?(?:the\s+)?(?P<name>[A-Z](?:[^()\d;.]|\.(?=\w|\s*\())*?)\s*"
    r"(?:\((?P<short>[^()\d]+)\)\s*)?\((?P<count>\d+)\)"
)


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """A total of the summary: so many entities, under so many entries where it says so."""

    change: Change
    entities: int = 0
    entries: int = 0
    under: bool = False


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """All that a summary counts: totals by change, and counts by change and destination."""

    totals: tuple[Total, ...] = ()
    destinations: dict[tuple[Change, str], int] = {}


def read_summary(text: str, headings: Headings) -> Claims:
    """Reads the counts of a summary. Each belongs to the last verb before it."""
    verbs = list(_VERB.finditer(text))
    totals: dict[Change, Total] = {}
    stated: set[Total] = set()
    destinations: dict[tuple[Change, str], int] = {}
    ends = [*(verb.start() for verb in verbs[1:]), len(text)]
    for verb, end in zip(verbs, ends[: len(verbs)], strict=True):
        change = _change(verb)
        clause = text[verb.end() : end]
        if change is None or re.search(r"\bto the Military End|Unverified List", clause[:120]):
            continue
        total = _total(change, clause)
        if total is not None and total not in stated:  # a summary may say the same twice
            totals[change] = _sum(totals.get(change), total)
            stated.add(total)
        for phrase in _DESTINATIONS.finditer(clause):
            for heading, count in _counts(clause[phrase.end() :], headings):
                destinations[change, heading] = destinations.get((change, heading), 0) + count
    return Claims(totals=tuple(totals.values()), destinations=destinations)


def _change(verb: re.Match[str]) -> Change | None:
    change = verb.lastgroup
    return change if change in {"added", "revised", "removed"} else None  # type: ignore[return-value]


def _total(change: Change, clause: str) -> Total | None:
    found = _TOTAL.match(clause)
    total = None
    while found:
        count = number(found["number"])
        under = number(found["under"]) if found["under"] else None
        if count is None or (found["under"] and under is None):
            return None
        entries = found["noun"].lower().startswith("entr")
        one = Total(
            change=change, entities=0 if entries else count, entries=count if entries else under or 0,
            under=under is not None or entries,
        )
        total = _sum(total, one)
        clause = clause[found.end() :]
        found = _MORE.match(clause)
    return total


def _sum(one: Total | None, other: Total) -> Total:
    if one is None:
        return other
    return Total(
        change=other.change, entities=one.entities + other.entities,
        # A total without "under" has as many entries as entities.
        entries=(one.entries if one.under else one.entities) + (other.entries if other.under else other.entities),
        under=one.under or other.under,
    )


def _counts(text: str, headings: Headings) -> list[tuple[str, int]]:
    found = []
    at = 0
    while one := _ONE.match(text, at):
        names = (one["name"], one["short"] or "")
        heading = next((printed for name in names if (printed := headings.printed(name))), normalise(one["name"]))
        found.append((heading, int(one["count"])))
        at = one.end()
    return found


def run(
    amendments: Sequence[Amendment], claims: Claims, headings: Headings
) -> tuple[list[Amendment], tuple[Check, ...]]:
    """Runs all checks; gives the amendments back, with trouble where a check that failed touches them."""
    checks = [*_destination_checks(amendments, claims, headings), *_total_checks(amendments, claims)]
    touched = list(amendments)
    placed = any(not check.passed and check.where for check, _ in checks)
    for check, change in checks:
        if check.passed or _explained(check, amendments, headings):
            continue
        # A wrong total is the fault of a destination, if the summary's counts by destination show of which.
        if check.where is None and placed and _covers(claims, change):
            continue
        reason = f"{check.name}: the rule states {check.expected}, the reading has {check.found}"
        touched = [
            msgspec.structs.replace(a, trouble=reason)
            if a.trouble is None
            and (a.change == change or a.change is None)
            and (check.where is None or headings.same(a.destination) == check.where)
            else a
            for a in touched
        ]
    rows = (*_name_checks(amendments), *_alias_checks(amendments))
    return touched, (*(check for check, _ in checks), *rows)


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
    return unknown > 0 and len(numbers[0]) == len(numbers[1]) and all(
        0 <= expected - found <= unknown for expected, found in zip(*numbers, strict=True)
    )


def _destination_checks(
    amendments: Sequence[Amendment], claims: Claims, headings: Headings
) -> list[tuple[Check, Change]]:
    counted = Counter((a.change, headings.same(a.destination)) for a in amendments)
    # Where a summary counts some destinations of a change, the others are counted as none.
    stated = {change for change, _ in claims.destinations}
    keys = {
        **dict.fromkeys(claims.destinations),
        **dict.fromkeys((c, d) for c, d in counted if c in stated and c is not None and d is not None),
    }
    return [
        (
            Check(
                name=f"entries {change} by destination", where=destination,
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
        entries = [a for a in amendments if a.change == total.change]
        # Names that differ in punctuation alone may be two entities, or one under two destinations.
        alike = {len({form(a.name or str(a.start)) for a in entries}) for form in (normalise, str.casefold)}
        distinct = total.entities if total.entities in alike else max(alike)
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
