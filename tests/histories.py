"""Small random histories: documents in several versions, readings that fail, links and decisions.

A history is a set of lanes. Within a lane the order is given (the versions of a document, the decisions
about a claim); between lanes any order of arrival is possible.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st

from events.base import Event, Recorded
from events.claims import part_id
from events.decisions import (
    ClaimAccepted,
    ClaimRejected,
    ClaimsMerged,
    ClaimsSplit,
    NameDecided,
    PartyLinked,
    PartyUnlinked,
    ReadingAccepted,
)
from events.documents import DocumentCaptured, DocumentRead, Quarantine
from events.statements import EntityResponded, Statement
from tests.builders import (
    CHINA,
    LIST,
    NOW,
    added,
    claims_of,
    corrected,
    ended,
    evidence,
    found,
    instant,
    reading,
    removed,
    reported,
    responded,
    revised,
    suspended,
    tie,
)

DAYS = tuple(f"2019-10-{day:02}" for day in range(5, 12))
NAMES = ("Acme", "Apex", "Acme Holdings")
# The second is what a printed name looks like that the register does not know, or did not know yet.
PARTIES = (("acme", "Acme"), (None, "Acme"), ("apex", "Apex"))
INSTITUTIONS = (("mit", "MIT"), (None, "MIT"))
DATES = st.sampled_from([None, "2019-10-06", "2019-10-08", "2019-10-09", "2019", "2019-10-05/2019-10-07"])

days, names = st.sampled_from(DAYS), st.sampled_from(NAMES)
parties, institutions = st.sampled_from(PARTIES), st.sampled_from(INSTITUTIONS)
destinations = st.sampled_from([CHINA, CHINA, "IRAN"])


class Append(msgspec.Struct, frozen=True):
    """What is appended at once."""

    stream: str
    events: tuple[Event, ...]


Lane = list[Append]


class Memory:
    """A ledger in memory, as the views need one; each append is an hour after the one before."""

    def __init__(self, appends: Sequence[Append]) -> None:
        self.recorded: list[Recorded] = []
        self.ends = [0]
        versions: dict[str, int] = {}
        for hour, append in enumerate(appends):
            for event in append.events:
                versions[append.stream] = version = versions.get(append.stream, 0) + 1
                at = NOW + timedelta(hours=hour)
                position = len(self.recorded) + 1
                self.recorded.append(
                    Recorded(position=position, stream=append.stream, version=version, recorded_at=at, event=event)
                )
            self.ends.append(len(self.recorded))

    def read(self, after: int = 0, until: int | None = None) -> Iterator[Recorded]:
        yield from self.recorded[after:until]

    def head(self) -> int:
        return len(self.recorded)


quarantines = st.builds(
    Quarantine, list=st.just(LIST), reason=st.just("unclear"), name=st.none() | names,
    change=st.sampled_from([None, "added"]), destination=st.just(CHINA),
)  # fmt: skip
standings = st.sampled_from(["official", "official", "proposed"])
amendments = st.one_of(
    st.builds(
        added, names, days, destination=destinations, aliases=st.sampled_from([(), ("Apex",), ("AC",)]), standing=standings
    ),
    st.builds(
        revised, names, days, destination=destinations, new_name=st.none() | names, new_destination=st.none() | destinations,
        addresses=st.sampled_from([None, (), ("Here",)]), standing=standings,
    ),
    st.builds(added, names, days, destination=destinations, until=st.sampled_from([None, "2019-10-10"])),
    st.builds(removed, names, days, destination=destinations, standing=standings),
    st.builds(suspended, names, days, st.sampled_from(["2019-10-09", "2019-10-11", None]), destination=destinations),
    st.builds(
        corrected, names, st.sampled_from(["Acme", "AC"]), st.just("Apex"), st.sampled_from(["r0", "r1"]),
        destination=destinations,
    ),
    st.builds(
        found, names, days, destination=destinations, addresses=st.sampled_from([(), ("Here",)]),
        cited=st.sampled_from([(), (("84 FR 1", "2019-10-06"),), (("84 FR 1", "2019-10-06"), ("84 FR 9", "2019-10-09"))]),
    ),
)  # fmt: skip


@st.composite
def reports(draw: st.DrawFn) -> Statement:
    """What the press may say."""
    date, (party, party_name), (institution, institution_name) = draw(DATES), draw(parties), draw(institutions)
    whom: dict[str, Any] = {"party": party, "party_name": party_name}
    both = {**whom, "institution": institution, "institution_name": institution_name}
    match draw(st.integers(0, 5)):
        case 0:
            return reported(date=date, change=draw(st.sampled_from(["added", "removed"])), **whom)
        case 1:
            return responded(date, stance=draw(st.sampled_from(["reviewing", "restricting"])), **both)
        case 2:
            return responded(date, **{**both, "party": None, "party_name": None, "scope": f"list:{LIST}"})
        case 3:
            return tie(date, kind=draw(st.sampled_from(["funding", "membership"])), **both)
        case 4:
            return EntityResponded(evidence=evidence(), date=date, **whom)
    return ended(
        date, told=draw(st.sampled_from([None, "Bloomberg"])), extent=draw(st.sampled_from([("all",), ("funding",)])), **both
    )


@st.composite
def documents(draw: st.DrawFn, stream: str, statements: st.SearchStrategy[Statement]) -> Lane:
    """One document: some versions, read well or not, and perhaps one of them read again."""
    lane: Lane = []
    for version in range(1, draw(st.integers(1, 3)) + 1):
        lane.append(_version(draw, stream, statements, version, again=False))
    if draw(st.booleans()):
        lane.append(_version(draw, stream, statements, draw(st.integers(1, len(lane))), again=True))
    return lane


def _version(draw: st.DrawFn, stream: str, statements: st.SearchStrategy[Statement], version: int, *, again: bool) -> Append:
    failed = draw(st.integers(0, 5)) == 0
    said = [] if failed else draw(st.lists(statements, max_size=3))
    quarantined = draw(st.lists(quarantines, max_size=1))
    events = reading(
        stream, *said, version=version, published=draw(days), available=instant(draw(days)), again=again,
        failure="it broke" if failed else None, quarantined=() if failed else tuple(quarantined),
        rendition=draw(st.sampled_from(["xml", "xml", "inspection"])),
    )  # fmt: skip
    return Append(stream, tuple(events))


@st.composite
def histories(draw: st.DrawFn) -> list[Lane]:
    """A small world."""
    lanes = [draw(documents(f"document/federal-register/r{n}", amendments)) for n in range(draw(st.integers(0, 3)))]
    lanes += [draw(documents(f"document/post/p{n}", reports())) for n in range(draw(st.integers(0, 3)))]
    claims = sorted({claim for lane in lanes for append in lane for claim in claims_of(append.events)})
    if claims:
        for claim in draw(st.lists(st.sampled_from(claims), max_size=2, unique=True)):
            lanes.append(
                [
                    Append(f"decision/{claim}", (kind(claim=claim, reason="so", by="ada"),))
                    for kind in draw(st.lists(st.sampled_from([ClaimRejected, ClaimAccepted]), min_size=1, max_size=2))
                ]
            )
    if len(claims) > 1:
        lanes.append(draw(groupings(claims)))
    for document, part in draw(
        st.lists(st.sampled_from(_parts(lanes)), max_size=2, unique=True) if _parts(lanes) else st.just([])
    ):
        accepted = ReadingAccepted(document=document, part=part, reason="so", by="ada")
        lanes.append([Append(f"decision/{part}", (accepted,))])
    for party, name, match in draw(
        st.lists(
            st.tuples(st.sampled_from(["acme", "apex"]), names, st.sampled_from(["exact", "begins"])), max_size=3, unique=True
        )
    ):
        kinds = [PartyLinked, PartyUnlinked, PartyLinked][: draw(st.integers(1, 3))]
        lanes.append([Append("register/parties", (kind(party=party, list=LIST, name=name, match=match),)) for kind in kinds])  # type: ignore[arg-type]
    for role, name, entries in draw(
        st.lists(
            st.tuples(
                st.sampled_from(["institution", "party"]),
                st.sampled_from(["Acme", "MIT"]),
                st.lists(st.sampled_from(["acme", "apex", "mit", None]), min_size=1, max_size=2),
            ),
            max_size=2,
            unique_by=lambda one: one[:2],
        )
    ):
        decisions = [NameDecided(role=role, name=name, entry=entry, reason="so", by="ada") for entry in entries]  # type: ignore[arg-type]
        lanes.append([Append(f"decision/{role}-{name}", (decision,)) for decision in decisions])
    return lanes


@st.composite
def groupings(draw: st.DrawFn, claims: list[str]) -> Lane:
    """What somebody joined and parted, one decision after the other."""
    lane: Lane = []
    for _ in range(draw(st.integers(0, 3))):
        some = draw(st.lists(st.sampled_from(claims), min_size=2, max_size=3, unique=True))
        merged = ClaimsMerged(claims=tuple(some), reason="so", by="ada")
        split = ClaimsSplit(claims=tuple(some[:1]), others=tuple(some[1:]), reason="so", by="ada")
        lane.append(Append(f"decision/{some[0]}", (draw(st.sampled_from([merged, split])),)))
    return lane


def _parts(lanes: Sequence[Lane]) -> list[tuple[str, str]]:
    """The quarantined parts of all readings, with their documents."""
    return sorted(
        {
            (append.stream, part_id(append.stream, part))
            for lane in lanes
            for append in lane
            for event in append.events
            if isinstance(event, DocumentRead)
            for part in event.quarantined
        }
    )


def arrivals(lanes: Sequence[Lane]) -> st.SearchStrategy[list[Append]]:
    """Any order in which the lanes may arrive."""
    tokens = [number for number, lane in enumerate(lanes) for _ in lane]

    def arranged(order: Sequence[int]) -> list[Append]:
        following = [iter(lane) for lane in lanes]
        return [next(following[number]) for number in order]

    return st.permutations(tokens).map(arranged)


def available_by(appends: Sequence[Append], time: datetime) -> list[Append]:
    """The same arrivals without the readings of what nobody could have read by then."""

    def is_late(append: Append) -> bool:
        return any(isinstance(event, DocumentRead) and event.available > time for event in append.events)

    def unread(append: Append) -> Append:
        return Append(append.stream, tuple(event for event in append.events if isinstance(event, DocumentCaptured)))

    return [unread(append) if is_late(append) else append for append in appends]
