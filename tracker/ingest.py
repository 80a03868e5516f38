"""Local documents, taken in through the same path as any other."""

import hashlib
import re
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from events import edtf
from tracker.errors import TrackerError, UsageError
from tracker.readers.base import Document, UnreadableError
from tracker.readers.clean import clean
from tracker.readers.pdf import is_pdf
from tracker.readers.registry import READERS
from tracker.registers import Registers
from tracker.sources.pages import canonical_url
from tracker.worker import WORKER, WorkerError

LOCAL: Final = "local"
_RULE: Final = re.compile(rb"<(RULE|PRORULE|NOTICE|CORRECT)[\s>]")
_ISSUE: Final = re.compile(rb"<FEDREG[\s>]")
_HTML: Final = re.compile(rb"<(!doctype\s+html|html|head|body|article|p|div)[\s>]", re.IGNORECASE)
_MOST_BYTES: Final = 64 * 1024 * 1024
_ADDRESS: Final = re.compile(r"(?!(?:https?|javascript|data|vbscript):)[a-z][a-z0-9+.-]*:\S+", re.IGNORECASE)


def local_document(
    path: Path, registers: Registers, *, url: str | None = None, published: str | None = None, language: str | None = None
) -> Document:
    """A document from a file; raises TrackerError with one line for what cannot be read.

    A rule of the Federal Register is keyed by its number, so that it is the same document whether it
    comes from a file or a poll. An article is keyed by its URL, else by its bytes.
    """
    raw = _bytes(path)
    if url is not None:
        url = _address(url)
    if published is not None:
        _check_date(published)
    if _ISSUE.search(raw[:4000]):
        raise TrackerError(f"{path}: a whole daily issue, not one document", "Cut out the <RULE> and ingest that.")
    document = Document(
        source=LOCAL,
        kind="article",
        key="",
        url=url or path.absolute().as_uri(),
        rendition="text",
        raw=raw,
        published=published,
        language=language,
    )
    if is_pdf(raw):
        document = msgspec.structs.replace(document, rendition="pdf", media_type="application/pdf")
        return _keyed(document, url)
    if _RULE.search(raw[:4000]):
        return _rule(msgspec.structs.replace(document, kind="rule", rendition="xml", media_type="application/xml"), registers)
    if _HTML.search(raw[:4000]) or path.suffix.lower() in {".html", ".htm"}:
        document = msgspec.structs.replace(document, rendition="html", media_type="text/html")
    else:
        document = msgspec.structs.replace(document, media_type="text/plain")
    return _article(document, url)


def _bytes(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
    except OSError as error:
        hint = "Give the path of a file: a rule as the Federal Register's XML, or an article as HTML, PDF or text."
        raise UsageError(f"{path}: {error.strerror or error}", hint) from error
    if not raw.strip():
        raise TrackerError(f"{path}: the file is empty", "Fetch or save it again.")
    if len(raw) > _MOST_BYTES:
        hint = "Cut it into documents, one a file, and ingest those."
        raise TrackerError(f"{path}: {len(raw):,} bytes are more than a document has", hint)
    return raw


def _address(url: str) -> str:
    """The address that was given, in the one spelling that a feed's entries have too."""
    if canonical := canonical_url(url):
        return canonical
    if _ADDRESS.fullmatch(url):
        return url
    raise UsageError(f"--url: {url!r} is not the address of a page", "Give the whole address, like https://example.org/article.")


def _own_address(url: str | None) -> str | None:
    """The address that a page gives of itself; None for half an address, and for the site's front page that some name."""
    if url is None or not (canonical_url(url) or _ADDRESS.fullmatch(url)):
        return None
    url = canonical_url(url) or url
    parts = urlsplit(url)
    return None if parts.hostname and parts.path == "/" and not parts.query else url


def _check_date(published: str) -> None:
    try:
        edtf.parse(published[:10] if "T" in published else published)
        if "T" in published:
            datetime.fromisoformat(published)
    except ValueError as error:
        raise UsageError(f"--published: {error}") from error


def _rule(document: Document, registers: Registers) -> Document:
    """The rule, keyed by the number it prints; one without a number is keyed by its bytes."""
    keyed = msgspec.structs.replace(document, key=_digest(document.raw))
    try:
        number = WORKER.call(document.url, READERS["rule"][2], keyed, keep=registers).number
    except (UnreadableError, WorkerError):
        return keyed  # the reading says why, and what the rule changes waits
    return msgspec.structs.replace(keyed, key=number) if number else keyed


def _article(document: Document, url: str | None) -> Document:
    keyed = _keyed(document, url)
    if url:
        return keyed
    try:
        page = WORKER.call(document.url, clean, keyed)
    except (UnreadableError, WorkerError):
        return keyed  # the reading says why
    return _keyed(document, _own_address(page.url))


def _keyed(document: Document, url: str | None) -> Document:
    """The document named by its URL, or by its bytes where none is known."""
    if url:
        return msgspec.structs.replace(document, key=url, url=url)
    return msgspec.structs.replace(document, key=_digest(document.raw))


def _digest(raw: bytes) -> str:
    return "sha256-" + hashlib.sha256(raw).hexdigest()[:16]
