"""Like statements of one text become one, with the best evidence; distinct facts stay apart."""

from collections import defaultdict
from typing import Final, get_args

import msgspec

from events import edtf
from events.statements import (
    EntityResponded,
    Extent,
    InstitutionResponded,
    ListingReported,
    Report,
    Statement,
    TieEnded,
    TieReported,
)
from tracker.readers.passage import Draft

_VAGUE: Final = frozenset({"all", "unknown"})
_EXTENTS: Final[tuple[Extent, ...]] = get_args(Extent)


def merge(drafts: list[Draft]) -> tuple[Statement, ...]:
    """The statements of a text in order of place."""
    groups: list[_Group] = []
    alike: defaultdict[tuple[str, ...], list[_Group]] = defaultdict(list)
    tied = {_pair(draft) for draft in drafts if isinstance(draft.statement, TieReported) and not draft.implied}
    for draft in (each for each in drafts if not (each.implied and _pair(each) in tied)):
        like = alike[key_of(draft.statement)]
        group = next((each for each in like if each.takes(draft)), None)
        if group is None:
            group = _Group()
            groups.append(group)
            like.append(group)
        group.add(draft)
    merged = _not_over(_only_suspended([_best(group.drafts) for group in groups]))
    spoken_of = {name for statement in merged for name in _answerable(statement)}
    merged = [
        statement
        for statement in merged
        if not isinstance(statement, EntityResponded) or (statement.party or statement.party_name) in spoken_of
    ]
    return tuple(sorted(merged, key=lambda statement: (statement.evidence.start, statement.topic())))


class _Group(msgspec.Struct):
    """Drafts of one fact, and the dates that they give, each once: of a long text hundreds may give the same."""

    drafts: list[Draft] = []
    dates: set[str] = set()

    def takes(self, draft: Draft) -> bool:
        """Whether a draft with the same key can be of the same fact: no date speaks against it."""
        date = _given(draft)
        return date is None or all(edtf.parse(date).overlaps(edtf.parse(other)) for other in self.dates)

    def add(self, draft: Draft) -> None:
        """Takes the draft in."""
        self.drafts.append(draft)
        if (date := _given(draft)) is not None:
            self.dates.add(date)


def _given(draft: Draft) -> str | None:
    """The date that the text itself gives."""
    return draft.statement.date if draft.dated else None


def _pair(draft: Draft) -> tuple[str, ...]:
    """The institution and the party of a tie."""
    return draft.statement.subjects()[:2]


def _only_suspended(statements: list[Report]) -> list[Report]:
    """The statements; an end with no word on its extent was a suspension where the text tells that the same was resumed."""
    resumed = {each.subjects()[:2] for each in statements if isinstance(each, InstitutionResponded) and each.stance == "resuming"}
    return [
        msgspec.structs.replace(each, extent=("suspended",))
        if isinstance(each, TieEnded) and each.extent == ("all",) and each.subjects()[:2] in resumed
        else each
        for each in statements
    ]


def _not_over(statements: list[Report]) -> list[Report]:
    """The statements without what went on once, and is over: "ended the programme, which was extended in 2019"."""
    ends = [each for each in statements if isinstance(each, TieEnded) and each.extent == ("all",)]
    return [each for each in statements if not any(_is_history(each, end) for end in ends)]


def _is_history(statement: Report, end: TieEnded) -> bool:
    """Whether a tie is told to have been kept on a day long before its end, where the text gives that day."""
    if not isinstance(statement, InstitutionResponded) or statement.stance != "continuing" or statement.date_rule != "year":
        return False
    if statement.date is None or statement.subjects()[:2] != end.subjects()[:2]:
        return False
    ended = edtf.parse(end.date) if end.date else edtf.Interval()
    last = ended.earliest if ended.earliest != edtf.Interval().earliest else ended.latest
    return edtf.parse(statement.date).latest < last


def _answerable(statement: Report) -> tuple[str, ...]:
    """The parties that a statement gives something to answer to."""
    if isinstance(statement, ListingReported | TieEnded | InstitutionResponded):
        return (statement.party or statement.party_name or "",)
    return ()


def key_of(statement: Report) -> tuple[str, ...]:
    """What statements of one fact share besides the date."""
    key: tuple[str, ...] = (statement.topic(), *statement.subjects())
    return key if not isinstance(statement, TieReported) else (*key, statement.scope or "")


def _best(group: list[Draft]) -> Report:
    """The statement with the best evidence, completed from the others."""
    best = max(group, key=_worth)
    statement = best.statement
    if not best.dated:
        dated = [draft for draft in group if draft.dated]
        if dated:
            best_dated = max(dated, key=_worth).statement
            statement = msgspec.structs.replace(statement, date=best_dated.date, date_rule=best_dated.date_rule)
    credited = next((d.statement.evidence for d in group if d.statement.evidence.attributed_to), None)
    if isinstance(statement, TieEnded):
        told = {each for d in group if isinstance(d.statement, TieEnded) for each in d.statement.extent} - _VAGUE
        ordered = tuple(each for each in _EXTENTS if each in told)
        statement = msgspec.structs.replace(statement, extent=ordered or statement.extent)
        reason = next((d.statement.reason for d in group if isinstance(d.statement, TieEnded) and d.statement.reason), None)
        statement = msgspec.structs.replace(statement, reason=reason)
    if isinstance(statement, TieReported) and statement.amount is None:
        amounts = [d.statement.amount for d in group if isinstance(d.statement, TieReported) and d.statement.amount]
        statement = msgspec.structs.replace(statement, amount=amounts[0] if amounts else None)
    if credited is not None and isinstance(statement, EntityResponded):
        statement = msgspec.structs.replace(statement, evidence=credited)
    return statement


def _worth(draft: Draft) -> tuple[int, bool, bool, int]:
    """How good the evidence is: the extent told, named, dated, then the earliest."""
    statement = draft.statement
    precise = isinstance(statement, TieEnded) and not _VAGUE.intersection(statement.extent)
    told = isinstance(statement, TieReported) and statement.amount is not None
    credited = bool(statement.evidence.attributed_to)
    return (int(precise or told) + int(draft.named) - int(draft.headline), draft.dated, credited, -draft.place)
