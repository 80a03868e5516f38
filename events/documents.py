"""A document's life: captured from a source, then read."""

from datetime import datetime

import msgspec

from events.base import Event


class Fetch(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How the bytes came: the final URL, when, and the answer's status and media type."""

    url: str
    at: datetime
    status: int | None = None
    media_type: str | None = None


class DocumentCaptured(Event, frozen=True, kw_only=True, tag="document-captured"):
    """One version of a document was taken in; its bytes lie in the archive under `raw`.

    Stream `document/<source>/<key>`. A version is one set of bytes of one rendition together with
    what the source says of it (`metadata`, the digest of the archived record); the same again adds
    nothing. `url` is where people read it, `fetch` how these bytes came. `published` is EDTF as the
    source gives it; `available` is when anyone could first read it.
    """

    source: str
    kind: str
    """What kind of document it is, and so who reads it (`tracker.readers.registry`); `list-copy` is read by nobody."""
    key: str
    document_version: int
    rendition: str
    raw: str
    url: str
    fetch: Fetch
    title: str | None = None
    language: str | None = None
    outlet: str | None = None
    published: str | None = None
    available: datetime | None = None
    metadata: str | None = None
    charset: str | None = None
    """As the transport declared it: with `timezone`, what reading the same bytes again needs to know."""
    timezone: str = "UTC"


class Check(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One count that a document states of itself, and what the reading found.

    `where` places it: a destination, a row's name, or nothing for the whole document.
    """

    name: str
    expected: str
    found: str
    where: str | None = None

    @property
    def passed(self) -> bool:
        """Whether the document and the reading agree."""
        return self.expected == self.found


class Quarantine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A part of a document that was not understood and waits for a person.

    `change` is `added`, `revised`, `removed` or nothing when it cannot be told; `name` is the entry as
    printed, nothing when the trouble cannot be placed within the document.
    """

    list: str
    reason: str
    change: str | None = None
    destination: str | None = None
    name: str | None = None


class DocumentRead(Event, frozen=True, kw_only=True, tag="document-read"):
    """A reader went over one version of a document; its statements follow in the same append.

    `text` is the digest of the archived clean text that all evidence points into; `registers` are the
    digests of the registers, lexicons and overrides that were used; `statements` is how many follow.
    `published`, `available`, `title`, `number`, `citation`, `language` are the document's own words
    where it has them, else the source's.
    """

    document_version: int
    reader: str
    reader_version: int
    text: str
    available: datetime
    statements: int
    published: str | None = None
    title: str | None = None
    number: str | None = None
    citation: str | None = None
    language: str | None = None
    registers: dict[str, str] = {}
    checks: tuple[Check, ...] = ()
    quarantined: tuple[Quarantine, ...] = ()
    failure: str | None = None
