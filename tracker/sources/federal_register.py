"""The Federal Register, by its API (https://www.federalregister.gov/developers/documentation/api/v1).

    windows of 90 days -> pages of the search, oldest first -> per document: known and settled? skip
      else the full text (XML, or raw text until there is XML) -> Fetched

A poll begins 14 days before the last good one reached, since documents are corrected and their XML
follows late; the first one reaches back by `lookback`. The last window has no upper end: the Register
lists Monday's issue on Saturday. A document that failed keeps the poll from reaching further, so it is
asked for until it is there. The raw text is replaced by the XML in any poll whose window it is still in.

Links in the answers are followed on the configured host, with their path: a mirror may print the genuine one.
"""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import msgspec

from tracker.answers import Answer
from tracker.errors import FetchError
from tracker.http import PoliteClient
from tracker.readers.base import Document
from tracker.sources.base import (
    DAY,
    ArchiveRaw,
    Failed,
    Fetched,
    Finished,
    Item,
    Patience,
    SourceSettings,
    Unchanged,
    archived,
    check_url,
    next_check,
)
from tracker.sources.full_text import fetch_full_text, heal_number
from tracker.state import Held, State

WINDOW = timedelta(days=90)
OVERLAP = timedelta(days=14)
SETTLED = timedelta(days=3)
"""How long after publication a document that looks the same is still asked for (conditionally)."""
PER_PAGE = 200
MOST = 2000  # the API shows no more results of one search, however many it counts

FIELDS = (
    "abstract", "action", "agencies", "cfr_references", "citation", "correction_of", "corrections", "dates",
    "docket_ids", "document_number", "effective_on", "end_page", "full_text_xml_url", "html_url", "pdf_url",
    "publication_date", "raw_text_url", "regulation_id_numbers", "significant", "signing_date", "start_page",
    "subtype", "title", "topics", "type", "volume",
)  # fmt: skip


class Cfr(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the Code of Federal Regulations: 15 CFR part 744."""

    title: int
    part: int


class FederalRegisterSettings(SourceSettings, frozen=True, kw_only=True):
    """A search of the Register: documents of any of the agencies that touch the part. Durations in seconds."""

    base_url: str = "https://www.federalregister.gov"
    agencies: tuple[str, ...] = ()
    cfr: Cfr | None = None
    lookback: float = 30 * DAY

    def __post_init__(self) -> None:
        super().__post_init__()
        check_url(self.id, self.base_url)


class _Agency(msgspec.Struct):
    slug: str | None = None
    raw_name: str | None = None


class _Reference(msgspec.Struct):
    title: int | str | None = None
    part: int | str | None = None


class _Record(msgspec.Struct):
    """The part of a result that is relied on."""

    document_number: str
    publication_date: date
    title: str | None = None
    html_url: str | None = None
    full_text_xml_url: str | None = None
    raw_text_url: str | None = None
    agencies: list[_Agency] | None = None
    cfr_references: list[_Reference] | None = None


class _Page(msgspec.Struct):
    """The part of an answer of the search that is relied on; an empty one has no `results`."""

    count: int
    total_pages: int = 1
    results: list[dict[str, Any]] = []


def fetch(
    source: FederalRegisterSettings,
    client: PoliteClient,
    state: State,
    archive_raw: ArchiveRaw,
    now: datetime,
    since: date | None = None,
    until: date | None = None,
) -> Iterator[Item]:
    """Fetches new and changed documents, oldest first. Raises FetchError when the search itself fails.

    With `since` or `until` (publication days, both included) it goes over that time instead and does
    not move what the polls have reached; what is held already is passed over, so it can be resumed.
    """
    backfill = since is not None or until is not None
    before = state.source(source.id)
    start = since or _start(source, before.reached, now)
    failed, owed, patience = 0, False, Patience()
    try:
        for result in _search(source, client, start, until, now):
            try:
                item = _document(source, client, state, result, now)
            except FetchError as error:
                failed += 1
                archived(error, archive_raw)
                yield Failed(url=error.url or source.base_url, error=str(error), hint=error.hint, raw=error.raw)
                patience.failed(error)
                continue
            if item is not None:
                patience.worked()
                owed = owed or item.provisional
                yield item
    except FetchError as error:
        raise archived(error, archive_raw) from None
    after = msgspec.structs.replace(before, last_try=now, last_ok=now, failures=0, error=None)
    if not backfill:
        # After a failure, or a stand-in for damaged XML, the next poll begins where this one did, so that
        # nothing slips out of its window.
        reached = start + OVERLAP if failed or owed else now.date()
        after = msgspec.structs.replace(after, reached=reached.isoformat(), next_check=next_check(now, source.every))
    yield Finished(state=after, failed=failed)


def _start(source: FederalRegisterSettings, reached: str | None, now: datetime) -> date:
    if reached is None:
        return (now - timedelta(seconds=source.lookback)).date()
    return date.fromisoformat(reached) - OVERLAP


def _document(
    source: FederalRegisterSettings, client: PoliteClient, state: State, result: dict[str, Any], now: datetime
) -> Fetched | Unchanged | None:
    """One result of the search; None when nothing is to be asked. Raises FetchError when it cannot be had."""
    record, metadata = read_record(result, source.base_url)
    key, fingerprint = heal_number(record.document_number), hashlib.sha256(metadata).hexdigest()
    held = state.held(source.id, key)
    same = held is not None and held.fingerprint == fingerprint
    if same and held is not None and held.rendition == "xml" and record.publication_date < (now - SETTLED).date():
        return None
    found = fetch_full_text(
        client,
        on_origin(record.full_text_xml_url, source.base_url),
        on_origin(record.raw_text_url, source.base_url),
        held=None if held is None else held.rendition,
        conditional=same,  # with other metadata it is another version, and that takes the bytes
    )
    answer, rendition = found.answer, found.rendition
    url = record.html_url or answer.url
    saved = Held(source=source.id, key=key, url=answer.url, fingerprint=fingerprint, rendition=rendition, checked=now)
    if answer.not_modified:
        return Unchanged(url=url, validators=(answer.validators,), held=(saved,), provisional=found.provisional)
    document = Document(
        source=source.id,
        kind="rule",
        key=key,
        url=url,
        rendition=rendition,
        raw=answer.body,
        charset=answer.charset,
        media_type=answer.media_type,
        title=record.title,
        language="en",
        outlet="Federal Register",
        timezone="America/New_York",
        published=record.publication_date.isoformat(),
        metadata=metadata,
    )
    return Fetched(
        document=document, answer=answer, validators=(answer.validators,), held=(saved,), provisional=found.provisional
    )


def read_record(result: dict[str, Any], where: str) -> tuple[_Record, bytes]:
    """One result, checked, and what is kept of it as JSON with sorted keys; raises FetchError.

    Equal records are equal bytes: agencies become their slugs (names where there is none), references
    to the Code title and part; nothing that changes daily, such as page views, is among the fields.
    """
    url = str(result.get("html_url") or where)
    try:
        record = msgspec.convert(result, _Record)
    except msgspec.ValidationError as error:
        raise FetchError(f"{url}: a result is not as expected: {error}", "the API may have changed", url=url) from None
    kept = {name: result.get(name) for name in FIELDS}
    kept["agencies"] = [agency.slug or agency.raw_name for agency in record.agencies or ()]
    kept["cfr_references"] = [msgspec.to_builtins(reference) for reference in record.cfr_references or ()]
    return record, msgspec.json.encode(kept, order="deterministic")


def on_origin(link: str | None, base_url: str) -> str | None:
    """The link on the host of `base_url`, path and query kept; None stays None."""
    if not link:
        return None
    base, parts = urlsplit(base_url), urlsplit(link)
    return urlunsplit((base.scheme, base.netloc, parts.path, parts.query, ""))


def _search(
    source: FederalRegisterSettings, client: PoliteClient, start: date, until: date | None, now: datetime
) -> Iterator[dict[str, Any]]:
    """The results between two days, oldest first, window by window."""
    last = until or now.date()
    while True:
        end = start + WINDOW - timedelta(days=1)
        if end >= last:
            yield from _window(source, client, start, until)
            return
        yield from _window(source, client, start, end)
        start = end + timedelta(days=1)


def _window(source: FederalRegisterSettings, client: PoliteClient, start: date, end: date | None) -> Iterator[dict[str, Any]]:
    """The results of one window, page by page; one with more than the API shows is halved."""
    first = _page(source, client, start, end, 1)
    if first.count > MOST and end is not None and end > start:
        middle = start + (end - start) // 2
        yield from _window(source, client, start, middle)
        yield from _window(source, client, middle + timedelta(days=1), end)
        return
    source.expect.check(first.count, source.base_url)
    yield from first.results
    given = len(first.results)
    for number in range(2, first.total_pages + 1):
        page = _page(source, client, start, end, number)
        given += len(page.results)
        yield from page.results
    if given < first.count:
        what = f"the search from {start} to {end or 'today'} counts {first.count} documents and shows {given}"
        raise FetchError(what, "it is asked again at the next poll", url=source.base_url)


def _page(source: FederalRegisterSettings, client: PoliteClient, start: date, end: date | None, number: int) -> _Page:
    conditions = [("conditions[agencies][]", agency) for agency in source.agencies]
    if source.cfr is not None:
        conditions.append(("conditions[cfr][title]", str(source.cfr.title)))
        conditions.append(("conditions[cfr][part]", str(source.cfr.part)))
    conditions.append(("conditions[publication_date][gte]", start.isoformat()))
    if end is not None:
        conditions.append(("conditions[publication_date][lte]", end.isoformat()))
    asked = [*conditions, *(("fields[]", name) for name in FIELDS)]
    asked += [("order", "oldest"), ("per_page", str(PER_PAGE)), ("page", str(number))]
    url = f"{source.base_url.rstrip('/')}/api/v1/documents.json?{urlencode(asked)}"
    return read_page(client.get(url, conditional=False, expect="application/json"))


def read_page(answer: Answer) -> _Page:
    """The page of results in an answer; raises FetchError, with the bytes, when it is anything else."""
    where = answer.url.partition("?")[0]
    try:
        found = msgspec.json.decode(answer.body)
        if isinstance(found, dict) and "count" not in found and ("errors" in found or "message" in found):
            raise ValueError(f"it says {msgspec.json.encode(found).decode()[:200]}")
        return msgspec.convert(found, _Page)
    except (msgspec.MsgspecError, ValueError) as error:
        html = answer.body.lstrip()[:200].lower().startswith((b"<!doctype html", b"<html"))
        what = "answered with an HTML page, perhaps a login" if html else "did not answer with search results"
        raise FetchError(
            f"{where} {what}: {error}",
            "look at it in a browser; if the API has changed, the tracker needs an update",
            url=answer.url,
            status=answer.status,
            body=answer.body,
        ) from None
