"""What a reader is given and what it gives back."""

from datetime import datetime
from typing import Protocol

import msgspec

from events.documents import Check, Quarantine
from events.statements import Statement
from tracker.registers import Registers


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a document as a source delivered it.

    `key` with `source` names its stream. `kind` chooses the reader: `rule` or `article`. `rendition` is
    `xml`, `text`, `html` or `pdf`; `charset` is what the transport declared. `published` is EDTF or an ISO
    time with offset; `timezone` (IANA) is where the outlet's days begin and end. `metadata` is the
    source's own record of the document (for the Federal Register, the API's), as JSON bytes.
    """

    source: str
    kind: str
    key: str
    url: str
    rendition: str
    raw: bytes
    charset: str | None = None
    media_type: str | None = None
    title: str | None = None
    language: str | None = None
    outlet: str | None = None
    timezone: str = "UTC"
    published: str | None = None
    available: datetime | None = None
    metadata: bytes | None = None

    @property
    def stream(self) -> str:
        """The ledger stream of the document, `document/<source>/<key>`.

        A rule's number is its name wherever it was found (the API, the Register's RSS, a file), so all
        rules lie under `document/federal-register/`.
        """
        return f"document/{'federal-register' if self.kind == 'rule' else self.source}/{self.key}"


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader made of a document.

    `text` is the clean text that the evidence of all statements points into (code points); in the
    statements' evidence `text` is still empty, claim ids too: `tracker.reading` fills both in.
    Fields that are None are not told by the document itself; the source's word is used then.
    """

    reader: str
    reader_version: int
    text: str
    statements: tuple[Statement, ...] = ()
    checks: tuple[Check, ...] = ()
    quarantined: tuple[Quarantine, ...] = ()
    title: str | None = None
    published: str | None = None
    available: datetime | None = None
    number: str | None = None
    citation: str | None = None
    language: str | None = None


class UnreadableError(ValueError):
    """The bytes are not a document of this kind: says where and why, in one line."""


class Reader(Protocol):
    """A reader. Raises UnreadableError; anything else it raises is a fault of ours, kept as such."""

    def __call__(self, document: Document, registers: Registers) -> Reading:
        """Reads one version of a document."""
