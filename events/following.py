"""A list whose history is told by official copies alone: what one more copy says of it.

    advance(what is known, the copy's entries, its day, patience) -> what is known now, and what is new

Copies lose entries and get them back, so an absence is only counted; when it has lasted, the entry is told as
gone, once, and a person or a document decides. Nothing is ever dropped from what is known.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from typing import Final

import msgspec

from events.names import normalise
from events.snapshots import SnapshotEntry, in_order


class Followed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An entry as a copy showed it last; `missing_since` is the day of the first copy without it.

    `told` says that its absence lasted, and that its removal was proposed.
    """

    entry: SnapshotEntry
    missing_since: str | None = None
    told: bool = False


class Turned(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of one copy, and the same entry in the next."""

    before: Followed
    after: Followed


class Advance(msgspec.Struct, frozen=True, kw_only=True):
    """What one more copy says; everything is in the order of the text."""

    after: tuple[Followed, ...]
    added: tuple[Followed, ...]
    revised: tuple[Turned, ...]
    gone: tuple[Followed, ...]
    """Missing for long enough since this copy, and not told before."""
    back: tuple[Turned, ...]
    """Seen again after having been told as gone."""


FIELDS: Final = ("name", "destinations", "license_requirement", "review_policy")
UNORDERED: Final = ("aliases", "addresses", "footnotes")
"""Fields whose order is the source's whim."""

_encode: Final = msgspec.json.Encoder(order="deterministic").encode
_decode: Final = msgspec.json.Decoder(Followed).decode


def to_lines(followed: Iterable[Followed]) -> str:
    """One JSON object a line, in an order of its own: equal states are equal texts."""
    return "\n".join(_line(one) for one in sorted(followed, key=_order))


def from_lines(text: str) -> tuple[Followed, ...]:
    """What such a text says; raises msgspec.DecodeError for anything else."""
    return tuple(line_of(line) for line in text.split("\n") if line)


def line_of(line: str) -> Followed:
    """What one line of such a text says."""
    return _decode(line)


def spans(followed: Iterable[Followed]) -> dict[Followed, tuple[int, int]]:
    """Where the line of each stands in the text, in code points; of equal lines the first."""
    found: dict[Followed, tuple[int, int]] = {}
    start = 0
    for one in sorted(followed, key=_order):
        end = start + len(_line(one))
        found.setdefault(one, (start, end))
        start = end + 1
    return found


def advance(before: Iterable[Followed], entries: Iterable[SnapshotEntry], day: date, patience: int) -> Advance:
    """Takes in a copy of the list as of a day; an entry is gone when it has been missing for `patience` days."""
    pairs, absent, new = _paired(before, entries)
    turned = [Turned(before=one, after=Followed(entry=entry)) for one, entry in pairs]
    turned.sort(key=lambda one: (_order(one.after), _order(one.before)))
    missing = [(one, _missing(one, day, patience)) for one in absent]
    added = sorted((Followed(entry=entry) for entry in new), key=_order)
    after = [*(one.after for one in turned), *(now for _, now in missing), *added]
    return Advance(
        after=tuple(sorted(after, key=_order)),
        added=tuple(added),
        revised=tuple(one for one in turned if differing(one.before.entry, one.after.entry)),
        gone=tuple(sorted((now for then, now in missing if now.told and not then.told), key=_order)),
        back=tuple(one for one in turned if one.before.told),
    )


def differing(before: SnapshotEntry, after: SnapshotEntry) -> tuple[str, ...]:
    """The fields in which an entry reads otherwise; a citation that went is no change of the entry."""
    found = [field for field in FIELDS if getattr(before, field) != getattr(after, field)]
    found += [field for field in UNORDERED if set(getattr(before, field)) != set(getattr(after, field))]
    return (*found, *(["citations"] if newly_cited(before, after) else []))


def newly_cited(before: SnapshotEntry, after: SnapshotEntry) -> tuple[str, ...]:
    """The citations that an entry had not before."""
    known = {one.citation for one in before.citations}
    return tuple(one.citation for one in after.citations if one.citation not in known)


def _missing(one: Followed, day: date, patience: int) -> Followed:
    since = one.missing_since or day.isoformat()
    lasted = (day - date.fromisoformat(since)).days >= patience - 1
    return Followed(entry=one.entry, missing_since=since, told=one.told or lasted)


def _line(one: Followed) -> str:
    return _encode(one).decode()


def _order(one: Followed) -> tuple[object, ...]:
    return (one.entry.order, _line(one))


def _place(entry: SnapshotEntry) -> tuple[str, tuple[str, ...]]:
    return (normalise(entry.name), entry.destinations)


_SIGNS: Final[Sequence[Callable[[SnapshotEntry], Hashable]]] = (
    lambda entry: entry,
    lambda entry: (*_place(entry), entry.key) if entry.key else None,
    _place,
    lambda entry: entry.key,
)
"""By what an entry is known again, the surest first. Name and destinations come before the source's own id: that is
missing from older files, and other in other forms of one file. None: not to be known by this."""

Pairs = list[tuple[Followed, SnapshotEntry]]


def _paired(before: Iterable[Followed], entries: Iterable[SnapshotEntry]) -> tuple[Pairs, list[Followed], list[SnapshotEntry]]:
    """The entries known again, those that are missing, and those that are new; of equals the first with the first."""
    # Where two are alike and one of them is missing, it is the other one that is seen.
    left = sorted(before, key=lambda one: (one.missing_since is not None, _order(one)))
    new = [entry for entry, _ in in_order(entries)]
    pairs: Pairs = []
    for sign in _SIGNS:
        waiting: dict[Hashable, deque[SnapshotEntry]] = defaultdict(deque)
        for entry in new:
            waiting[sign(entry)].append(entry)
        unknown = waiting.pop(None, deque())
        rest = []
        for one in left:
            same = waiting.get(sign(one.entry))
            if same:
                pairs.append((one, same.popleft()))
            else:
                rest.append(one)
        left, new = rest, [*unknown, *(entry for same in waiting.values() for entry in same)]
    return pairs, left, new
