"""Holds the fold of a list against an official copy of it, and names the cause of every difference.

    reconcile(listings, copy, waiting) -> Reconciliation(agree, differences)

The copies lag behind the rules, merge the destinations of one entity, drop characters, cite other pages, and
sometimes lose entries. So a copy never changes the list: what differs is told, with one of `CAUSES`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from difflib import SequenceMatcher
from typing import Final

import msgspec

from events.copied_fields import Explained, Shared, explain_fields, lags_since, squeezed
from events.names import addressed_as, normalise
from events.operations import Difference
from events.periods import Listing, Period, on_day, turns
from events.snapshots import SnapshotEntry

CAUSES: Final = (
    "lag",
    "merged destinations",
    "dropped characters",
    "citation page",
    "name drift",
    "revision without a citation",
    "waits here",
    "not on hand",
    "truly different",
)
"""Why an entry may differ: what the copy does, what is not read here (yet), and what nothing explains."""

_ALIKE: Final = 0.85
"""How much of two names must agree for one to be a misspelling of the other."""


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """An official copy of one list. `on` is the ISO day that it shows; destinations are `headings` or countries."""

    on: str
    entries: tuple[SnapshotEntry, ...]
    headings: bool
    complete_from: str | None = None
    """The first publication among the rules on hand: entries that are older may lack here."""
    read_until: str | None = None
    """The day up to which the rules were read: what a copy of a later day shows may be of a rule not on hand."""


class Reconciliation(msgspec.Struct, frozen=True, kw_only=True):
    """How many entries agree in all, and how the others differ."""

    agree: int
    differences: tuple[Difference, ...] = ()


class _Ours(msgspec.Struct, frozen=True, eq=False):
    """An entry of the fold as it stands on the day."""

    listing: Listing
    period: Period


def reconcile(listings: Sequence[Listing], copy: Copy, waiting: Set[str] = frozenset()) -> Reconciliation:
    """Compares what is listed on the copy's day; `waiting` are normalised names of which something is pending."""
    ours = [
        _Ours(one, status.period)
        for one in listings
        if (status := on_day(one, copy.on)) is not None and status.status == "listed"
    ]
    pairs, missing, extra = _paired(ours, copy)
    drifted, missing, extra = _drifted(missing, extra, copy)
    differences = [_drift(mine, theirs) for mine, theirs in drifted]
    agree = 0
    by_name: dict[str, list[Listing]] = defaultdict(list)
    for listing in listings:
        for name in dict.fromkeys(normalise(period.name) for period in listing.periods):
            by_name[name].append(listing)
    for mine, theirs, shared in pairs:
        # One record may also hold what moved away lately, or was removed.
        namesakes = by_name[normalise(mine.period.name)] if len(theirs.destinations) > 1 else ()
        also = [period for listing in namesakes for period in listing.periods]
        found = explain_fields(mine.listing, mine.period, theirs, Shared(shared, also), copy.on)
        otherwise = _unexplained(mine.period.name, copy, waiting)
        differences += [_differing(mine.period, one, otherwise) for one in found]
        agree += not found
    names = {normalise(entry.name) for entry in copy.entries}
    differences += [_missing(mine, copy, names, waiting) for mine in missing]
    differences += [_extra(theirs, copy, by_name, waiting) for theirs in extra]
    order = {kind: n for n, kind in enumerate(("missing", "extra", "differing"))}
    differences.sort(key=lambda one: (order[one.kind], one.destination, one.name, one.field or ""))
    return Reconciliation(agree=agree, differences=tuple(differences))


Pairs = list[tuple[_Ours, SnapshotEntry, list[Period]]]


def _paired(ours: Sequence[_Ours], copy: Copy) -> tuple[Pairs, list[_Ours], list[SnapshotEntry]]:
    """Entries that are the same, each with all periods that its record in the copy stands for, and the rest.

    Entries of one name and place are paired where they are most alike first, each record with one of ours
    unless it stands for several destinations.
    """
    by_key: dict[tuple[str, str], list[SnapshotEntry]] = defaultdict(list)
    for entry in copy.entries:
        for destination in dict.fromkeys(map(normalise, entry.destinations or ("",))):
            by_key[destination, normalise(entry.name)].append(entry)
    meeting = [(mine, theirs) for mine in ours for theirs in by_key.get(_key(mine.period, copy), ())]
    alone = Counter(id(mine) for mine, _ in meeting)
    meeting.sort(key=lambda pair: (alone[id(pair[0])] > 1, -_likeness(*pair)))
    partner: dict[int, SnapshotEntry] = {}
    taken: dict[int, list[_Ours]] = defaultdict(list)
    for mine, theirs in meeting:
        if id(mine) not in partner and (not taken[id(theirs)] or not copy.headings):
            partner[id(mine)] = theirs
            taken[id(theirs)].append(mine)
    extra = [entry for entry in copy.entries if not taken[id(entry)]]
    pairs = [
        (mine, partner[id(mine)], [one.period for one in taken[id(partner[id(mine)])]]) for mine in ours if id(mine) in partner
    ]
    return pairs, [mine for mine in ours if id(mine) not in partner], extra


def _likeness(mine: _Ours, theirs: SnapshotEntry) -> int:
    """How much of two entries agrees, besides name and place."""
    aliases = {squeezed(alias.name) for alias in mine.period.aliases}, {squeezed(name) for name in theirs.aliases_as_text}
    addresses = {squeezed(one) for one in mine.period.addresses}, {squeezed(one) for one in theirs.addresses}
    return sum(2 * (one == other) + len(one & other) for one, other in (aliases, addresses))


def _key(period: Period, copy: Copy) -> tuple[str, str]:
    destination = period.destination if copy.headings else period.country or ""
    return normalise(destination), normalise(period.name)


def _shared_addresses(period: Period, entry: SnapshotEntry) -> int:
    return len({squeezed(one) for one in period.addresses} & {squeezed(one) for one in entry.addresses})


def _drifted(
    missing: Sequence[_Ours], extra: Sequence[SnapshotEntry], copy: Copy
) -> tuple[list[tuple[_Ours, SnapshotEntry]], list[_Ours], list[SnapshotEntry]]:
    """Entries whose name alone differs: at the same place, one name an alias or a misspelling of the other."""
    drifted: list[tuple[_Ours, SnapshotEntry]] = []
    left = list(extra)
    rest = []
    for mine in missing:
        place = _key(mine.period, copy)[0]
        near = [one for one in left if place in {normalise(where) for where in one.destinations} and _same_entity(mine, one)]
        if len(near) == 1:
            left.remove(near[0])
            drifted.append((mine, near[0]))
        else:
            rest.append(mine)
    return drifted, rest, left


def _same_entity(mine: _Ours, theirs: SnapshotEntry) -> bool:
    names = {addressed_as(name) for name in (*mine.listing.names(), mine.period.name)}
    theirs_too = {addressed_as(name) for name in theirs.aliases_as_text}
    if addressed_as(theirs.name) in names or addressed_as(mine.period.name) in theirs_too:
        return True
    close = SequenceMatcher(None, squeezed(mine.period.name), squeezed(theirs.name)).ratio() >= _ALIKE
    return close and _shared_addresses(mine.period, theirs) > 0


def _drift(mine: _Ours, theirs: SnapshotEntry) -> Difference:
    return Difference(
        kind="differing",
        name=mine.period.name,
        destination=mine.period.destination,
        field="name",
        ours=mine.period.name,
        theirs=theirs.name,
        explanation="name drift",
    )


def _unexplained(name: str, copy: Copy, waiting: Set[str]) -> str:
    """What is left as a cause when nothing about the entry itself explains a difference."""
    if normalise(name) in waiting:
        return "waits here"
    return "not on hand" if copy.read_until is not None and copy.read_until < copy.on else "truly different"


def _differing(period: Period, found: Explained, otherwise: str) -> Difference:
    cause = otherwise if found.cause == "truly different" else found.cause
    return Difference(
        kind="differing",
        name=period.name,
        destination=period.destination,
        field=found.field,
        ours=found.ours,
        theirs=found.theirs,
        explanation=cause,
    )


def _missing(mine: _Ours, copy: Copy, names: Set[str], waiting: Set[str]) -> Difference:
    """Why the copy lacks an entry: it lags, or keeps it in a record of another destination."""
    if _lags(mine.listing, copy.on):
        cause = "lag"
    elif normalise(mine.period.name) in names and not copy.headings:
        cause = "merged destinations"
    else:
        cause = _unexplained(mine.period.name, copy, waiting)
    return Difference(kind="missing", name=mine.period.name, destination=mine.period.destination, explanation=cause)


def _extra(theirs: SnapshotEntry, copy: Copy, by_name: dict[str, list[Listing]], waiting: Set[str]) -> Difference:
    """Why the copy has an entry that the fold has not: it lags, what added it waits here, or was never read here."""
    known = by_name.get(normalise(theirs.name), [])
    cited = [one.published for one in theirs.citations if one.published]
    begun = min([*cited, *([theirs.start] if theirs.start else [])], default=None)
    if any(_lags(listing, copy.on) for listing in known):
        cause = "lag"
    elif (
        not known
        and normalise(theirs.name) not in waiting
        and copy.complete_from is not None
        and begun is not None
        and begun < copy.complete_from
    ):
        cause = "not on hand"
    else:
        cause = _unexplained(theirs.name, copy, waiting)
    where = ", ".join(theirs.destinations)
    return Difference(kind="extra", name=theirs.name, destination=where, explanation=cause)


def _lags(listing: Listing, on: str) -> bool:
    """Whether something was done to the entry so lately that a copy of that day may not have it yet."""
    since = lags_since(on)
    days: Iterable[str | None] = (
        *(turn.day for turn in turns(listing) if turn.day <= on),
        *(one.published for one in listing.citations),
        *(one.published for one in listing.corrections),
    )
    return any(day is not None and day > since for day in days)
