"""A whole list as an official copy of it shows it on one day: the eCFR, or the Consolidated Screening List.

    to_lines(entries) -> str       from_lines(str) -> tuple[SnapshotEntry, ...]

A copy is never law. It is held against the fold of the rules (`reconciliation`), and it may begin a
history that no rule on hand begins.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from events.statements import Alias, Cited


class SnapshotEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One entry of a copy. `destinations` are headings in the eCFR, ISO 3166 codes in the screening list.

    `key` is the source's own id where it has one; `start` the day from which the source says it is listed.
    Fields that the copy does not print are None or empty.
    """

    list: str
    name: str
    destinations: tuple[str, ...] = ()
    key: str | None = None
    aliases: tuple[Alias, ...] = ()
    addresses: tuple[str, ...] = ()
    license_requirement: str | None = None
    review_policy: str | None = None
    footnotes: tuple[str, ...] = ()
    citations: tuple[Cited, ...] = ()
    start: str | None = None

    @property
    def order(self) -> tuple[object, ...]:
        """Where it stands among the lines, whatever order the source keeps."""
        return (self.list, self.destinations, self.name, self.key or "")

    @property
    def aliases_as_text(self) -> tuple[str, ...]:
        """The other names, a.k.a. and f.k.a. together."""
        return tuple(alias.name for alias in self.aliases)


__all__ = ["Cited", "SnapshotEntry", "from_lines", "in_order", "to_lines"]

_encode: Final = msgspec.json.Encoder(order="deterministic").encode
_decode: Final = msgspec.json.Decoder(SnapshotEntry).decode


def to_lines(entries: Iterable[SnapshotEntry]) -> str:
    """One JSON object a line, in an order of its own: equal lists are equal texts."""
    return "\n".join(line for _, line in in_order(entries))


def in_order(entries: Iterable[SnapshotEntry]) -> list[tuple[SnapshotEntry, str]]:
    """The entries with their lines, in the order of the text."""
    lines = [(entry, _encode(entry).decode()) for entry in entries]
    return sorted(lines, key=lambda one: (one[0].order, one[1]))


def from_lines(text: str) -> tuple[SnapshotEntry, ...]:
    """The entries of such a text; raises msgspec.DecodeError for anything else."""
    return tuple(_decode(line) for line in text.split("\n") if line)
