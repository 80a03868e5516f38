"""What feeds and calendars read of digests: their JSON, as any reader outside would.

Only what is needed is read, and all of it may be missing, so that digests of years ago can be read too.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

import msgspec

from projections.rows import FieldChange
from tracker.lines import one_line

_AUTHORITY: Final = "regulatory-change-tracker.invalid,2026"
"""Of tag URIs (RFC 4151): a reserved name, under which nobody else can make ids, the same in every installation."""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Who says so."""

    claim: str = ""
    document: str = ""
    url: str | None = None
    title: str | None = None
    outlet: str | None = None
    attributed_to: str | None = None
    type: str = ""
    details: dict[str, Any] = {}


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One change, as digests and the change log tell it."""

    type: str
    kind: str
    fact: str
    date: str
    summary: str
    day: str | None = None
    position: int | None = None
    document: str | None = None
    list: str | None = None
    institution: str | None = None
    party: str | None = None
    parties: tuple[str, ...] = ()
    name: str | None = None
    claim: str | None = None
    standing: str | None = None
    fields: tuple[FieldChange, ...] = ()

    @property
    def words(self) -> str:
        """The sentence, on one line."""
        return one_line(self.summary)

    @property
    def tag(self) -> str:
        """An id of this change that never changes: of its fact, and of what sets it apart from the fact's other changes."""
        apart = "\n".join(map(str, (self.type, self.kind, self.position, self.day, self.date, self.document)))
        return f"tag:{_AUTHORITY}:{quote(self.fact, safe='')}:{hashlib.sha256(apart.encode()).hexdigest()[:16]}"


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A line with its sources, what was told before, and the ids of what it tells."""

    change: Line
    evidence: tuple[Source, ...] = ()
    sources: int = 0
    cause: str | None = None
    before: Line | None = None
    also: tuple[Line, ...] = ()
    told: tuple[str, ...] = ()


class _Group(msgspec.Struct, frozen=True, kw_only=True):
    title: str = ""
    items: tuple[Item, ...] = ()


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A digest."""

    watch: str
    number: int
    groups: tuple[_Group, ...] = ()
    coming: tuple[Item, ...] = ()

    def items(self) -> Iterator[Item]:
        """Its lines in order."""
        for group in self.groups:
            yield from group.items


def told(model: bytes) -> Told:
    """Reads the JSON of a digest."""
    return msgspec.json.decode(model, type=Told)
