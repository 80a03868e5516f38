"""Settles a list: the amendments of all rules, in legal order, into each entry's history.

    settle_list(amendments) -> ListSettlement(listings, unmatched)

A listing is a lineage: it begins with the amendment that added it, whose claim is its name for good,
and goes on through renames, moves and revisions. Legal order is effective date, then publication, then
document and place in it: the order in which documents arrived makes no difference.

Corrections go into what they correct first (`corrections`). What is on file and not published is told
beside the history, and changes nothing. An official copy of the list begins the history of an entry that
no rule on hand begins; the same entry is then one listing, whichever came first, the copy or the rule.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from events.corrections import Corrected, correct
from events.lineage import Lineage, addressed, announcement, day_after, legal_order
from events.names import addressed_as
from events.periods import ListSettlement, Unmatched
from events.said import Said
from events.statements import Amendment, EntityAdded, EntityFound, EntityRemoved, EntityRevised, EntitySuspended

_CHANGES: Final = {EntityRevised: "revised", EntityRemoved: "removed", EntitySuspended: "suspended"}


def settle_list(amendments: Iterable[Said]) -> ListSettlement:
    """Folds amendments in legal order; other statements, and what is only proposed, are not taken."""
    counting = [
        said
        for said in amendments
        if isinstance(said.statement, Amendment) and said.statement.standing not in {"proposed", "rejected"}
    ]
    corrected = correct(counting)
    begun: list[Said] = []
    while True:
        fold = _Fold(corrected)
        fold.run(begun)
        if not fold.unknown:
            return fold.settlement()
        # Entries that only a copy shows begin where their first citation says, and on the next pass the rules that
        # changed them find them. The earliest copy goes first: a later one may show no more than the same.
        first = min(legal_order(said)[:3] for said in fold.unknown)
        begun += [said for said in fold.unknown if legal_order(said)[:3] == first]


class _Step(msgspec.Struct, frozen=True, order=True):
    """One thing to do on a legal day; ends of terms come before what rules do on that day."""

    day: str
    kind: int
    order: tuple[object, ...]
    said: Said = msgspec.field(default=None)  # type: ignore[assignment]


_ENDS, _BEGINS, _DOES, _SHOWS = 0, 1, 2, 3


class _Fold:
    """The lineages of a list while its steps are taken."""

    def __init__(self, corrected: Corrected) -> None:
        self.corrected = corrected
        self.lineages: list[Lineage] = []
        self.called: dict[str, list[Lineage]] = defaultdict(list)
        self.by_claim: dict[str, Lineage] = {}
        self.unmatched: list[Unmatched] = list(corrected.unmatched)
        self.unknown: list[Said] = []
        self.seen: set[int] = set()
        """Lineages that the copy of this day has shown already: two entries of one name are two."""

    def run(self, begun: Sequence[Said]) -> None:
        """Takes every step in legal order; `begun` are copies' entries that begin a history of their own."""
        steps = [step for said in self.corrected.amendments for step in _steps(said)]
        steps += [_Step(_first_day(said), _BEGINS, legal_order(said), said) for said in begun]
        copied = ""
        for step in sorted(steps, key=lambda step: (step.day, step.kind, step.order)):
            if isinstance(step.said.statement, EntityFound) and step.kind == _SHOWS and copied != step.said.document:
                copied = step.said.document
                self.seen.clear()
            self._take(step)

    def _take(self, step: _Step) -> None:
        said, statement = step.said, step.said.statement
        if step.kind == _ENDS:
            self._end(step.day, statement.claim)
        elif step.kind == _BEGINS or isinstance(statement, EntityAdded):
            assert isinstance(statement, EntityAdded | EntityFound)
            self._begin(said, step.day if step.kind == _BEGINS else statement.effective, statement)
        elif isinstance(statement, EntityFound):
            self._found(said, statement)
        elif isinstance(statement, EntityRevised | EntityRemoved | EntitySuspended):
            self._address(said, statement)

    def _begin(self, said: Said, day: str, statement: EntityAdded | EntityFound) -> None:
        lineage = Lineage(said, day, statement)
        self.lineages.append(lineage)
        self.by_claim[statement.claim] = lineage
        if said.filed and isinstance(statement, EntityAdded):
            # It is told, and found by nothing that is law: a filing that is withdrawn never was.
            lineage.announce(said, statement)
        else:
            self.called[addressed_as(statement.name)].append(lineage)

    def _end(self, day: str, claim: str) -> None:
        lineage = self.by_claim.get(claim)
        if lineage is None:
            return
        if isinstance(lineage.beginning, EntityAdded) and lineage.beginning.claim == claim:
            if lineage.is_open:
                lineage.expire(day)
        else:
            lineage.reinstate(day, claim)

    def _found(self, said: Said, statement: EntityFound) -> None:
        own = self.by_claim.get(statement.claim)
        candidates = [one for one in self.called[addressed_as(statement.name)] if id(one) not in self.seen]
        # Which of two entries of one name a copy shows first makes no difference, as long as each is shown once.
        lineage = own or addressed(candidates, statement) or _any_of(candidates, statement)
        if lineage is None:
            self.unknown.append(said)
        else:
            self.seen.add(id(lineage))
            lineage.seen(statement)

    def _address(self, said: Said, statement: EntityRevised | EntityRemoved | EntitySuspended) -> None:
        lineage = addressed(self.called[addressed_as(statement.name)], statement)
        if lineage is None:
            self.unmatched.append(_unmatched(said, statement))
        elif said.filed:
            lineage.announced.append(announcement(said, statement))
        elif isinstance(statement, EntityRevised):
            lineage.revise(said, statement)
            if statement.new_name and lineage not in self.called[addressed_as(statement.new_name)]:
                self.called[addressed_as(statement.new_name)].append(lineage)
        elif isinstance(statement, EntitySuspended):
            lineage.suspend(statement)
            self.by_claim[statement.claim] = lineage
        else:
            lineage.remove(said, statement)

    def settlement(self) -> ListSettlement:
        """The finished listings, in the order in which they began."""
        return ListSettlement(
            listings=tuple(lineage.listing(self.corrected.corrections) for lineage in self.lineages),
            unmatched=tuple(self.unmatched),
        )


def _any_of(lineages: Iterable[Lineage], found: EntityFound) -> Lineage | None:
    fitting = (one for one in lineages if one.is_open and one.answers_to(found))
    return min(fitting, key=lambda one: legal_order(one.said), default=None)


def _steps(said: Said) -> list[_Step]:
    """What a statement does on which day: itself, and the end of its term where it has one."""
    statement = said.statement
    order, day = legal_order(said), said.interval.earliest.isoformat()
    if isinstance(statement, EntityFound):
        # A copy shows the list at the end of its day.
        return [_Step(day, _SHOWS, order, said)]
    steps = [_Step(day, _DOES, order, said)]
    until = getattr(statement, "until", None)
    if until and not said.filed:
        steps.append(_Step(day_after(until), _ENDS, order, said))
    return steps


def _first_day(said: Said) -> str:
    """The day on which the first document that an entry of a copy cites was published, or the copy's own."""
    found = said.statement
    assert isinstance(found, EntityFound)
    days = [one.published for one in found.citations if one.published]
    return min([*days, found.effective])


def _unmatched(said: Said, amendment: EntityRevised | EntityRemoved | EntitySuspended) -> Unmatched:
    change = _CHANGES[type(amendment)]
    return Unmatched(
        claim=amendment.claim,
        list=amendment.list,
        destination=amendment.destination,
        name=amendment.name,
        change=change,  # type: ignore[arg-type]
        document=said.document,
        reason=f"the entry that is {change} was not in the list as far as it was read",
    )
