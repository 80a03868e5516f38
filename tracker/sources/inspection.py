"""Rules on file for public inspection: what the Federal Register is about to publish.

    all that is on file now -> rules of our agencies -> published and held? skip; known and settled? skip
      else the text as filed, or the record alone where no text is served -> Fetched

A filing and the document published from it have one number and so one stream, in which the filing is the
rendition `inspection`. Its own `Held` (`inspection/<number>`) keeps the two apart. A filing that is
withdrawn says so in the editorial note of its record, which makes another version; one that is no longer
on file says nothing.
"""

import hashlib
from collections.abc import Generator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urljoin, urlsplit
from zoneinfo import ZoneInfo

import msgspec

from tracker.answers import Answer
from tracker.errors import FetchError
from tracker.http import PoliteClient
from tracker.readers.base import Document
from tracker.sources.base import ArchiveRaw, Failed, Fetched, Item, Patience, Unchanged, archived
from tracker.sources.full_text import heal_number, is_raw_text
from tracker.sources.register_search import Agency, FederalRegisterSettings, Page, on_origin, read_page
from tracker.state import Held, State

TIMEZONE: Final = "America/New_York"
SETTLED: Final = timedelta(days=3)
"""How long after its filing a text that looks the same is still asked for (conditionally)."""
RULES: Final = frozenset({"Rule", "Correction"})
PUBLISHED: Final = frozenset({"xml", "text"})
GENUINE: Final = frozenset({"www.federalregister.gov", "federalregister.gov"})
TEXTS: Final = "public-inspection.federalregister.gov"
NO_TEXT: Final = frozenset({400, 404, 410})
"""What is answered where there is no text: the record then goes on file alone, so that the filing is not lost."""
KEPT: Final = (
    "document_number", "docket_numbers", "editorial_note", "filed_at", "filing_type", "publication_date",
    "subject_1", "subject_2", "subject_3", "title", "type",
)  # fmt: skip


class Filing(msgspec.Struct):
    """The part of a record that is relied on; `publication_date` is the day that is planned."""

    document_number: str
    type: str
    publication_date: date | None = None
    filed_at: datetime | None = None
    title: str | None = None
    subject_1: str | None = None
    subject_2: str | None = None
    subject_3: str | None = None
    html_url: str | None = None
    raw_text_url: str | None = None
    agencies: list[Agency] | None = None

    @property
    def name(self) -> str | None:
        """Its title, or the lines of the table of contents where it has none yet."""
        return self.title or " ".join(filter(None, (self.subject_1, self.subject_2, self.subject_3))) or None

    @property
    def available(self) -> datetime | None:
        """When it was filed; a time without an offset is Washington's."""
        if self.filed_at is None:
            return None
        told = self.filed_at if self.filed_at.tzinfo else self.filed_at.replace(tzinfo=ZoneInfo(TIMEZONE))
        return told.astimezone(UTC)


def filings(
    source: FederalRegisterSettings, client: PoliteClient, state: State, archive_raw: ArchiveRaw, now: datetime
) -> Generator[Item, None, float | None]:
    """Fetches what is on file now, new or changed; returns the seconds for which the host asks to be left alone.

    A failure is an item and never an exception: what is published counts for more. Records name no part of
    the Code, so without agencies, which would mean all rules of the government, nothing is asked.
    """
    if not source.agencies:
        return None
    asked = urlencode([("conditions[agencies][]", agency) for agency in source.agencies])
    url = f"{source.base_url.rstrip('/')}/api/v1/public-inspection-documents/current.json?{asked}"
    try:
        listed = client.get(url, conditional=False, expect="application/json")
        page = read_page(listed)
        found, fault = _rules_of(page, source.agencies)
    except FetchError as error:
        yield _failed(error, archive_raw, url, "set inspection = false for a source that has no public inspection")
        return error.retry_after
    if fault is not None:
        raw = archive_raw(listed.body)
        yield Failed(url=url, error=f"{url.partition('?')[0]}: {fault}", hint="the API may have changed", raw=raw)
    patience = Patience()
    for filing, metadata in found:
        try:
            item = _document(source, client, state, filing, metadata, listed, now)
        except FetchError as error:
            archived(error, archive_raw)
            stop = _enough(patience, error)
            yield _failed(stop or error, archive_raw, url)
            if stop is not None:
                return stop.retry_after
            continue
        if item is not None:
            patience.worked()
            yield item
    return None


def _rules_of(page: Page, agencies: tuple[str, ...]) -> tuple[list[tuple[Filing, bytes]], str | None]:
    """The rules of the agencies with what is kept of their records, and in a few words what is wrong with the rest.

    The genuine endpoint gives the filings of all agencies, whatever it is asked, so they are picked here.
    """
    found, faults = [], []
    if page.count > len(page.results):
        faults.append(f"it counts {page.count} filings and shows {len(page.results)}")
    for result in page.results:
        kind = result.get("type")
        if isinstance(kind, str) and kind not in RULES:
            continue
        try:
            filing = msgspec.convert(result, Filing)
        except msgspec.ValidationError as error:
            faults.append(f"the record of {result.get('document_number')} is not as expected: {error}")
            continue
        if any(agency.slug in agencies for agency in filing.agencies or ()):
            found.append((filing, _kept(filing, result)))
    more = f" (and {len(faults) - 1} more like it)" if len(faults) > 1 else ""
    return found, faults[0] + more if faults else None


def _kept(filing: Filing, result: dict[str, Any]) -> bytes:
    """What is kept of a record, as JSON with sorted keys; nothing in it changes from day to day by itself."""
    kept = {name: result.get(name) for name in KEPT}
    kept["agencies"] = [agency.slug or agency.raw_name for agency in filing.agencies or ()]
    return msgspec.json.encode(kept, order="deterministic")


def _document(
    source: FederalRegisterSettings, client: PoliteClient, state: State, filing: Filing, metadata: bytes,
    listed: Answer, now: datetime,
) -> Fetched | Unchanged | None:  # fmt: skip
    """One filing; None when nothing is to be asked. Raises FetchError when its text cannot be had."""
    number, fingerprint = heal_number(filing.document_number), hashlib.sha256(metadata).hexdigest()
    published = state.held(source.id, number)
    if published is not None and published.rendition in PUBLISHED:
        return None
    address = text_address(filing.raw_text_url, source.base_url)
    held = state.held(source.id, f"inspection/{number}")
    same = held is not None and held.fingerprint == fingerprint
    has_text = held is not None and held.rendition is not None
    settled = filing.available is not None and filing.available < now - SETTLED
    if same and (address is None or (has_text and settled)):
        return None
    answer = _text(client, address, conditional=same and has_text) if address else None
    saved = Held(
        source=source.id,
        key=f"inspection/{number}",
        url=address or listed.url,
        fingerprint=fingerprint,
        # A text that was held stays so, though it is no longer served.
        rendition="inspection" if answer is not None or (same and has_text) else None,
        checked=now,
    )
    url = filing.html_url or address or listed.url
    if same and (answer is None or answer.not_modified):
        return Unchanged(url=url, validators=(answer.validators,) if answer else (), held=(saved,))
    document = Document(
        source=source.id,
        kind="rule",
        key=number,
        url=url,
        rendition="inspection",
        raw=answer.body if answer else metadata,
        charset=answer.charset if answer else "utf-8",
        media_type=answer.media_type if answer else "application/json",
        title=filing.name,
        language="en",
        outlet="Federal Register",
        timezone=TIMEZONE,
        published=filing.publication_date.isoformat() if filing.publication_date else None,
        available=filing.available,
        metadata=metadata,
    )
    validators = (answer.validators,) if answer else ()
    return Fetched(document=document, answer=answer or listed, validators=validators, held=(saved,))


def text_address(link: str | None, base_url: str) -> str | None:
    """Where the text of a filing is asked for; None where the record names no address.

    The genuine texts lie on a host of their own. A mirror has them under `public-inspection/`, whichever
    of the two hosts its answers name. Raises FetchError for what is no address.
    """
    if not link:
        return None
    try:
        whole = urljoin(base_url, link)
        parts, base = urlsplit(whole), urlsplit(base_url)
    except ValueError as error:
        raise FetchError(f"{link!r} is no address of a text: {error}", "the API may have changed", url=base_url) from None
    if base.hostname in GENUINE:
        return whole
    if parts.hostname == TEXTS:
        return f"{base_url.rstrip('/')}/public-inspection{parts.path}" + (f"?{parts.query}" if parts.query else "")
    return on_origin(whole, base_url)


def _text(client: PoliteClient, address: str, *, conditional: bool) -> Answer | None:
    """The answer with the text, None where none is served. Raises FetchError for anything else."""
    try:
        answer = client.get(address, conditional=conditional, expect="text/plain, text/html")
    except FetchError as error:
        if error.status in NO_TEXT:
            return None
        raise
    if not answer.not_modified and not is_raw_text(answer.body):
        raise FetchError(
            f"{address} is not the text of a filing: perhaps a login or block page", "look at it in a browser",
            url=address, status=answer.status, body=answer.body,
        )  # fmt: skip
    return answer


def _enough(patience: Patience, error: FetchError) -> FetchError | None:
    """The error to stop with, None while the host deserves another request."""
    try:
        patience.failed(error)
    except FetchError as stop:
        return stop
    return None


def _failed(error: FetchError, archive_raw: ArchiveRaw, url: str, hint: str | None = None) -> Failed:
    archived(error, archive_raw)
    hint = hint if error.status in {404, 410} and hint else error.hint
    return Failed(url=error.url or url, error=str(error), hint=hint, raw=error.raw)
