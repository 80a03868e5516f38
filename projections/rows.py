"""The shapes that queries answer with; keys as in the command-line contract."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """An answer's row: every key is always there, null when it does not apply."""


class EvidenceRow(Row, frozen=True, kw_only=True):
    """One source's word for a fact. `quote` is read from the archive when shown."""

    claim: str
    type: str
    document: str
    url: str | None = None
    title: str | None = None
    outlet: str | None = None
    attributed_to: str | None = None
    date: str | None = None
    published: str | None = None
    text: str
    start: int
    end: int
    quote: str | None = None
    details: dict[str, Any] = {}


class Entry(Row, frozen=True, kw_only=True):
    """One line of a timeline."""

    date: str
    type: str
    institution: str | None = None
    institution_name: str | None = None
    party: str | None = None
    party_name: str | None = None
    list: str | None = None
    name: str | None = None
    listings: tuple[str, ...] = ()
    change: str | None = None
    stance: str | None = None
    extent: tuple[str, ...] = ()
    scope: str | None = None
    reason: str | None = None
    kind: str | None = None
    amounts: tuple[str, ...] = ()
    summary: str
    standing: str
    sources: int
    citation: str | None = None
    published: str | None = None
    reported: tuple[str, ...] = ()
    """The dates that the press gave for an official change, where they differ from it or not."""
    evidence: tuple[EvidenceRow, ...] = ()
    fact: str
    position: int
    recorded_at: str


class CitationRow(Row, frozen=True, kw_only=True):
    """A Federal Register citation, when it was published, and the page that the list itself cites."""

    citation: str | None
    published: str | None
    page: str | None = None


class CorrectionRow(Row, frozen=True, kw_only=True):
    """A document that corrected an entry: its citation, and the number of the document that was wrong."""

    citation: str | None
    published: str | None
    corrects: str
    applicable: str | None = None
    """The day as of which it wants to be read, where it says so."""


class ReportedRow(Row, frozen=True, kw_only=True):
    """A date that the press gave for a listing, and which document said so."""

    date: str
    document: str


class PendingRow(Row, frozen=True, kw_only=True):
    """Something about a list that waits for a person."""

    list: str
    change: str | None
    destination: str | None
    name: str | None
    reason: str
    document: str
    id: str
    """What `tracker inbox` calls it."""
    claim: str | None = None
    """The statement that the reader proposes for it, where there is one."""
    aliases: tuple[str, ...] = ()
    """The other names that the proposal gives."""


class ListingRow(Row, frozen=True, kw_only=True):
    """One entry of a list on one day."""

    list: str
    destination: str | None
    country: str | None = None
    name: str
    aliases: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    status: str
    standing: str
    effective_from: str | None = None
    effective_until: str | None = None
    suspended_until: str | None = None
    """The day on which a suspended entry is back."""
    citations: tuple[CitationRow, ...] = ()
    license_requirement: str | None = None
    review_policy: str | None = None
    footnotes: tuple[str, ...] = ()
    reported: tuple[ReportedRow, ...] = ()
    pending: tuple[PendingRow, ...] = ()
    corrections: tuple[CorrectionRow, ...] = ()
    provisional: bool = False
    """True where a copy of the list begins the history: days before it are those of the first citation."""
    parties: tuple[str, ...] = ()
    lineage: str


class FieldChange(Row, frozen=True, kw_only=True):
    """How one field of an entry read before a revision, and how after it; nothing where it is empty."""

    field: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def encode_fields(fields: Iterable[FieldChange]) -> str:
    """Changes of fields as one column of a row; empty for none."""
    found = tuple(fields)
    return msgspec.json.encode(found).decode() if found else ""


def decode_fields(column: str) -> tuple[FieldChange, ...]:
    """Reads that column."""
    return _decode_fields(column) if column else ()


_decode_fields: Final = msgspec.json.Decoder(tuple[FieldChange, ...]).decode


class ChangeRow(Row, frozen=True, kw_only=True):
    """One line of the change log. `change` numbers what was learnt; what took effect has a `day` instead."""

    change: int | None
    position: int | None
    day: str | None
    date: str
    type: str
    kind: str
    institution: str | None = None
    party: str | None = None
    parties: tuple[str, ...] = ()
    list: str | None = None
    name: str | None = None
    summary: str
    fact: str
    document: str | None = None
    recorded_at: str | None = None
    claim: str | None = None
    """The amendment or fact that it rests on: what stays the same thing, whatever else is learnt."""
    listing: str | None = None
    """The lineage, where the change is of an entry of a list."""
    destination: str | None = None
    country: str | None = None
    names: tuple[str, ...] = ()
    """Every name and alias of whom it is about, normalised."""
    stance: str | None = None
    standing: str | None = None
    fields: tuple[FieldChange, ...] = ()
    source: str | None = None
    language: str | None = None
    title: str | None = None
    available: str | None = None
    """When anyone could first read the document that brought it."""


def change_row(row: dict[str, Any], available: str | None = None) -> ChangeRow:
    """A line of the change log from its columns."""
    told = {
        "day": None,
        "parties": tuple(filter(None, row["parties"].split(","))),
        "names": tuple(filter(None, row["names"].split("\n"))),
        "fields": decode_fields(row["fields"]),
        "source": row["document"].split("/")[1] if row["document"] else None,
        "available": available,
    }
    return ChangeRow(**{**row, **told})


class Otherwise(Row, frozen=True, kw_only=True):
    """That something reads otherwise since a position than it could be told before.

    `old` is the fact or amendment, `before` its line. `after` are the lines that it has now: none when nothing
    tells it any more, several when it was split. `fields` are the fields of an entry that read otherwise.
    `cause` is `learnt` (a later source tells more exactly), `corrected`, `withdrawn`, `merged`, `split`,
    `reread` or `decided`.
    """

    position: int
    old: str
    cause: str
    before: ChangeRow
    after: tuple[ChangeRow, ...] = ()
    fields: tuple[FieldChange, ...] = ()


def plain(row: Any) -> Any:
    """A row as dictionaries, lists and scalars."""
    return msgspec.to_builtins(row)
