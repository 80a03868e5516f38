"""How the fields of one entry differ between the fold and an official copy, and why."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

import msgspec

from events.periods import Listing, Period
from events.snapshots import SnapshotEntry

LAG_DAYS: Final = 10
"""How long after a rule a copy may still show what was before: three issues, weekends and holidays between."""

_MARKS: Final = re.compile(r"[\W_]+")
_WORD: Final = re.compile(r"\w+")
_JOINING: Final = ("and", "or")
_CITATION: Final = re.compile(r"(\d+)\s+FR\s+(\d+)")
_SEE: Final = re.compile(r"\s*\(See [^)]*\)\)?\.?$", re.IGNORECASE)


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """One field that differs: both readings, and the cause (one of `reconciliation.CAUSES`)."""

    field: str
    ours: str
    theirs: str
    cause: str


def lags_since(on: str) -> str:
    """The day after which what was done may be missing from a copy of a day."""
    return (date.fromisoformat(on) - timedelta(days=LAG_DAYS)).isoformat()


def squeezed(text: str) -> str:
    """A text without marks, spaces and case: copies set these as they like."""
    return _MARKS.sub("", text.casefold())


class Shared(NamedTuple):
    """Our entries that one record of a copy stands for, as they are, and all that its name ever stood for."""

    now: Sequence[Period]
    ever: Sequence[Period]


def explain_fields(listing: Listing, period: Period, theirs: SnapshotEntry, shared: Shared, on: str) -> list[Explained]:
    """The fields that differ, each with its cause."""
    found = []
    if len(theirs.destinations) > 1:
        found.append(_explained("destination", period.destination, ", ".join(theirs.destinations), "merged destinations"))
    for field, mine_of, theirs_of in _FIELDS:
        mine, copied = mine_of(period), theirs_of(theirs)
        if copied is None or _set(mine) == _set(copied):
            continue
        if _same_words(mine, copied, period.footnotes):
            continue
        cause = _cause(field, mine_of, listing, period, shared, copied, on)
        found.append(_explained(field, "; ".join(mine), "; ".join(copied), cause))
    cited = _citations(listing, theirs, on, merged=len(shared.now) > 1 or len(theirs.destinations) > 1)
    return [*found, *([cited] if cited else [])]


def _explained(field: str, ours: str, theirs: str, cause: str) -> Explained:
    return Explained(field=field, ours=ours, theirs=theirs, cause=cause)


def _set(values: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, (squeezed(value) for value in values)))


Texts = tuple[str, ...]


def _text(value: str | None) -> Texts:
    return (value,) if value else ()


def _addresses(values: Texts) -> Texts:
    """Addresses without pointers to other entries, which copies leave out."""
    return tuple(_SEE.sub("", value) for value in values)


_FIELDS: Final[tuple[tuple[str, Callable[[Period], Texts], Callable[[SnapshotEntry], Texts | None]], ...]] = (
    ("aliases", lambda p: tuple(a.name for a in p.aliases), lambda s: s.aliases_as_text),
    ("addresses", lambda p: _addresses(p.addresses), lambda s: _addresses(s.addresses)),
    ("license_requirement", lambda p: _text(p.license_requirement), lambda s: _text(s.license_requirement) or None),
    ("review_policy", lambda p: _text(p.review_policy), lambda s: _text(s.review_policy) or None),
)


def _cause(
    field: str,
    mine_of: Callable[[Period], Texts],
    listing: Listing,
    period: Period,
    shared: Shared,
    copied: Texts,
    on: str,
) -> str:
    if field in {"aliases", "addresses"} and _loses_characters(mine_of(period), copied, period.footnotes):
        return "dropped characters"
    if _items(mine_of(period)) < _items(copied) <= _items(value for one in shared.ever for value in mine_of(one)):
        return "merged destinations"
    if len(shared.now) > 1:
        together = tuple(value for one in shared.now for value in mine_of(one))
        whole = any(_same_words(some, copied, period.footnotes) for some in (together, *map(mine_of, shared.now)))
        if whole or _loses_characters(together, copied, period.footnotes):
            return "merged destinations"
    if _same_words(_as_printed(mine_of(period), listing), copied, period.footnotes):
        return "lag" if _turned_lately(listing, period, on) else "revision without a citation"
    others = [one for one in listing.periods if one is not period]
    if any(_same_words(mine_of(one), copied, one.footnotes) or _loses_characters(mine_of(one), copied, ()) for one in others):
        return "lag" if _turned_lately(listing, period, on) else _stale(listing)
    return "truly different"


def _same_words(mine: Texts, copied: Texts, footnotes: Texts) -> bool:
    """Whether both have the same words, cut into items elsewhere; a copy may keep the marks of footnotes."""
    ours, theirs = _words(mine), _words(copied)
    return not ours - theirs and set(theirs - ours) <= set(footnotes)


def _as_printed(values: Texts, listing: Listing) -> Texts:
    """Texts before corrections put them right."""
    for one in listing.corrections:
        if one.wrong is not None and one.right is not None:
            values = tuple(value.replace(one.right, one.wrong) for value in values)
    return values


def _items(values: Iterable[str]) -> frozenset[str]:
    return frozenset(squeezed(re.sub(r"^\s*and\b", "", item)) for value in values for item in value.split(";")) - {""}


def _words(values: Texts) -> Counter[str]:
    """The words of distinct items: a copy repeats none."""
    distinct = {squeezed(item): item for value in values for item in value.split(";")}
    words = Counter(_WORD.findall(" ".join(distinct.values()).casefold()))
    for word in _JOINING:
        words.pop(word, None)
    return words


def _loses_characters(mine: Texts, copied: Texts, footnotes: Texts) -> bool:
    """Whether the copy has ours but for items, or letters, that are not ASCII."""
    if all(value.isascii() for value in mine):
        return False
    plain = tuple(value for value in mine if value.isascii())
    if _same_words(plain, copied, footnotes):
        return True
    theirs = {squeezed(value) for value in copied}
    lost = [value for value in mine if squeezed(value) not in theirs]
    if lost and all(not value.isascii() for value in lost) and theirs <= {squeezed(value) for value in mine}:
        return True
    return _ascii(mine) == _ascii(copied)


def _ascii(values: Texts) -> frozenset[str]:
    return frozenset(re.sub(r"[^a-z0-9]", "", value.casefold()) for value in values) - {""}


def _turned_lately(listing: Listing, period: Period, on: str) -> bool:
    since = lags_since(on)
    published = [*(one.published for one in listing.citations), *(one.published for one in listing.corrections)]
    return period.start > since or any(day is not None and day > since for day in published)


def _stale(listing: Listing) -> str:
    """Why a copy may show an earlier reading for long: the revision left no citation for it to follow."""
    cited = {one.claim for one in listing.citations}
    silent = any(claim not in cited for claim in listing.claims)
    return "revision without a citation" if silent else "truly different"


def _citations(listing: Listing, theirs: SnapshotEntry, on: str, *, merged: bool) -> Explained | None:
    """Volumes and pages: only the volume says which document, for the list and the copies cite different pages."""
    since = lags_since(on)
    acting = [one for one in listing.citations if one.published is None or one.published <= on]
    mine = [one.page or one.citation or "" for one in acting]
    first = [one.citation or one.page or "" for one in acting]
    copied = [one.citation for one in theirs.citations]
    if not copied or set(copied) in (set(mine), set(first)):
        return None
    ours, others = "; ".join(mine), "; ".join(copied)
    if {_volume(one) for one in mine} == {_volume(one) for one in copied} and len(set(mine)) == len(set(copied)):
        return _explained("citations", ours, others, "citation page")
    late = [one for one in acting if one.published is not None and one.published > since]
    if late and {_volume(one) for one in copied} <= {_volume(one) for one in mine}:
        return _explained("citations", ours, others, "lag")
    if merged or {_volume(one) for one in copied} > {_volume(one) for one in mine}:
        return _explained("citations", ours, others, "merged destinations" if merged else "truly different")
    return _explained("citations", ours, others, "revision without a citation")


def _volume(citation: str) -> str:
    found = _CITATION.search(citation)
    return found.group(1) if found else citation
