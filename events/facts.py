"""Settles reports: all statements about one subject into facts, each with all its sources.

    settle_facts(said) -> facts

Precise dates anchor facts; an imprecise one ("in 2019") attaches to the one anchor it is compatible
with, or stays beside when there are none or several. What people decided to be one fact, or two, is so
(`events/grouping.py`). The order of arrival makes no difference. The headline of a fact (its date, extent,
reason) is taken from one source by a fixed rule: official over first-hand over reported, then the more
precise date, then the more specific words, then the earliest.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

import msgspec

from events import edtf
from events.edtf import Interval
from events.grouping import regroup
from events.said import Said, independent_sources
from events.statements import (
    Amount,
    EntityResponded,
    InstitutionResponded,
    ListingReported,
    Report,
    TieEnded,
    TieReported,
)

ANCHOR_DAYS: Final = 3
"""A date this narrow anchors a fact."""
ANCHOR_GAP: Final = 1
"""Anchors this many days apart are one fact whose sources disagree (3 or 4 April)."""
STANDING_ORDER: Final = ("official", "first-hand", "reported", "proposed", "rejected")


class Fact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a subject's sources together say happened once.

    `fact` is the least claim by (available, document, place); `claims` are all, in that order. `date` is
    EDTF. `sources` counts independent sources. Fields that do not apply are None or empty.
    """

    fact: str
    type: str
    claims: tuple[str, ...]
    date: str
    standing: str
    sources: int
    institution: str | None = None
    institution_name: str | None = None
    party: str | None = None
    party_name: str | None = None
    list: str | None = None
    change: str | None = None
    stance: str | None = None
    scope: str | None = None
    reason: str | None = None
    kind: str | None = None
    extent: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()


def settle_facts(said: Iterable[Said]) -> tuple[Fact, ...]:
    """Clusters like reports of one subject; gives facts in order of their first source."""
    alike: defaultdict[tuple[str, ...], list[Said]] = defaultdict(list)
    for one in said:
        if isinstance(one.statement, Report) and one.statement.standing not in {"proposed", "rejected"}:
            alike[_likeness(one.statement)].append(one)
    clusters: defaultdict[str, list[list[Said]]] = defaultdict(list)
    for likeness, group in alike.items():
        clusters[likeness[0]] += _cluster(group)
    decided = [cluster for of_one_type in clusters.values() for cluster in regroup(of_one_type)]
    facts = [_fact(sorted(cluster, key=lambda one: one.order)) for cluster in decided]
    return tuple(sorted(facts, key=lambda fact: (fact.date, fact.fact)))


def _likeness(report: Report) -> tuple[str, ...]:
    """What two reports must share to be able to be one fact, besides their subject."""
    match report:
        case ListingReported():
            return (report.topic(), report.change)
        case InstitutionResponded() | EntityResponded():
            return (report.topic(), report.stance, report.scope or "")
        case TieReported():
            return (report.topic(), report.kind)
    return (report.topic(),)


def _cluster(group: Sequence[Said]) -> list[list[Said]]:
    if len(group) == 1:  # most subjects, on most days
        return [list(group)]
    precise = [one for one in group if one.interval.days <= ANCHOR_DAYS]
    vague = [one for one in group if one.interval.days > ANCHOR_DAYS]
    clusters = _chain(precise, ANCHOR_GAP)
    anchors = [_hull(cluster) for cluster in clusters]
    beside = []
    for one in vague:
        compatible = [i for i, anchor in enumerate(anchors) if one.interval.overlaps(anchor, ANCHOR_GAP)]
        if len(compatible) == 1:
            clusters[compatible[0]].append(one)
        else:
            beside.append(one)
    return clusters + _chain(beside, 0)


def _chain(group: Sequence[Said], gap: int) -> list[list[Said]]:
    """Joins what touches: sorted by day, each follows its neighbour's cluster when they overlap."""
    clusters: list[list[Said]] = []
    reach = None
    for one in sorted(group, key=lambda one: (one.interval, one.order)):
        if reach is not None and (one.interval.earliest - reach).days <= gap:
            clusters[-1].append(one)
            reach = max(reach, one.interval.latest)
        else:
            clusters.append([one])
            reach = one.interval.latest
    return clusters


def _hull(cluster: Sequence[Said]) -> Interval:
    return Interval(min(one.interval.earliest for one in cluster), max(one.interval.latest for one in cluster))


def _fact(cluster: Sequence[Said]) -> Fact:
    headline = min(cluster, key=_headline_order) if len(cluster) > 1 else cluster[0]
    report = headline.statement
    assert isinstance(report, Report)
    amounts = (one.statement.amount for one in cluster if isinstance(one.statement, TieReported))
    return Fact(
        fact=cluster[0].statement.claim,
        type=report.topic(),
        claims=tuple(one.statement.claim for one in cluster),
        date=_date(cluster, headline),
        standing=report.standing,
        sources=independent_sources(cluster),
        amounts=tuple(dict.fromkeys(str(amount) for amount in amounts if isinstance(amount, Amount))),
        **_fields(report, cluster),
    )


_LAST_LATIN: Final = "\u024f"

_SPECIFIC: Final = {"unknown": 0, "all": 1}
"""How much an extent tells: "all" is often a headline's word, a part is somebody's who looked."""


def _headline_order(one: Said) -> tuple[object, ...]:
    report = one.statement
    specific = sum(_SPECIFIC.get(extent, 2) for extent in report.extent) if isinstance(report, TieEnded) else 0
    return (STANDING_ORDER.index(report.standing), one.interval.days, -specific, *one.order)


def _date(cluster: Sequence[Said], headline: Said) -> str:
    """The headline's own date; where it is vague, narrowed by what the other sources allow."""
    interval = headline.interval
    if interval.days > ANCHOR_DAYS:
        earliest = max(one.interval.earliest for one in cluster)
        latest = min(one.interval.latest for one in cluster)
        if earliest <= latest:
            interval = Interval(earliest, latest)
    return edtf.write(interval)


@cache
def _told_by(report: type[Report]) -> tuple[str, ...]:
    """The fields of a kind of report that its fact has too."""
    shared = set(Fact.__struct_fields__) & set(report.__struct_fields__)
    return tuple(sorted(shared - {"date", "standing", "reason", "sources"}))


def _fields(report: Report, cluster: Sequence[Said]) -> dict[str, Any]:
    """The fields of the headline, and the first reason that any source gives where it gives none."""
    fields: dict[str, Any] = {name: getattr(report, name) for name in _told_by(type(report))}
    for field in ("institution_name", "party_name"):
        # Sources print one body's name in several ways; the shortest in Latin letters reads best and is the same everywhere.
        names = [name for one in cluster if (name := getattr(one.statement, field, None))]
        if names:
            fields[field] = min(names, key=lambda name: (max(name) > _LAST_LATIN, len(name), name))
    reasons = [getattr(one.statement, "reason", None) for one in cluster]
    fields["reason"] = getattr(report, "reason", None) or next(filter(None, reasons), None)
    return fields
