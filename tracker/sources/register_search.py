"""The search of the Federal Register: its settings, and its results window by window, page by page."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import msgspec

from tracker.answers import Answer
from tracker.errors import FetchError
from tracker.http import PoliteClient
from tracker.politeness import PATIENCE
from tracker.sources.base import DAY, SourceSettings, check_url

WINDOW = timedelta(days=90)
PER_PAGE = 200
TRIES = 3
"""How often a backfill asks for a page: it is one of a hundred, and nobody asks again if it ends there."""
MOST = 2000  # the API shows no more results of one search, however many it counts

FIELDS = (
    "abstract", "action", "agencies", "cfr_references", "citation", "comments_close_on", "correction_of", "corrections", "dates",
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
    inspection: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        check_url(self.id, self.base_url)


class Agency(msgspec.Struct):
    """An agency as a record of the API names it; some of long ago have no slug."""

    slug: str | None = None
    raw_name: str | None = None


class Page(msgspec.Struct):
    """The part of an answer with results that is relied on; an empty one has no `results`."""

    count: int
    total_pages: int = 1
    results: list[dict[str, Any]] = []


def search(
    source: FederalRegisterSettings, client: PoliteClient, start: date, until: date | None, now: datetime, tries: int = 1
) -> Iterator[dict[str, Any]]:
    """The results between two days, oldest first, window by window; each page is asked for so many times at most."""
    pages = _Pages(source, client, tries)
    last = until or now.date()
    while True:
        end = start + WINDOW - timedelta(days=1)
        if end >= last:
            yield from pages.window(start, until)
            return
        yield from pages.window(start, end)
        start = end + timedelta(days=1)


class _Pages:
    """The pages of a search."""

    def __init__(self, source: FederalRegisterSettings, client: PoliteClient, tries: int) -> None:
        self._source, self._client, self._tries = source, client, tries

    def window(self, start: date, end: date | None) -> Iterator[dict[str, Any]]:
        """The results of one window, page by page; one with more than the API shows is halved."""
        first = self._page(start, end, 1)
        if first.count > MOST and end is not None and end > start:
            middle = start + (end - start) // 2
            yield from self.window(start, middle)
            yield from self.window(middle + timedelta(days=1), end)
            return
        self._source.expect.check(first.count, self._source.base_url)
        yield from first.results
        given = len(first.results)
        for number in range(2, first.total_pages + 1):
            page = self._page(start, end, number)
            given += len(page.results)
            yield from page.results
        if given < first.count:
            what = f"the search from {start} to {end or 'today'} counts {first.count} documents and shows {given}"
            raise FetchError(what, "it is asked again at the next poll", url=self._source.base_url)

    def _page(self, start: date, end: date | None, number: int) -> Page:
        """One page; it is asked for again where the answer is damaged or did not come, unless the host asks for a long wait."""
        url = _url(self._source, start, end, number)
        for left in reversed(range(self._tries)):
            try:
                return read_page(self._client.get(url, conditional=False, expect="application/json"))
            except FetchError as error:
                may_pass = error.transient or error.status == 200
                if not left or not may_pass or (error.retry_after or 0.0) > PATIENCE:
                    raise
        raise AssertionError("unreachable: the last try returns or raises")


def _url(source: FederalRegisterSettings, start: date, end: date | None, number: int) -> str:
    conditions = [("conditions[agencies][]", agency) for agency in source.agencies]
    if source.cfr is not None:
        conditions.append(("conditions[cfr][title]", str(source.cfr.title)))
        conditions.append(("conditions[cfr][part]", str(source.cfr.part)))
    conditions.append(("conditions[publication_date][gte]", start.isoformat()))
    if end is not None:
        conditions.append(("conditions[publication_date][lte]", end.isoformat()))
    asked = [*conditions, *(("fields[]", name) for name in FIELDS)]
    asked += [("order", "oldest"), ("per_page", str(PER_PAGE)), ("page", str(number))]
    return f"{source.base_url.rstrip('/')}/api/v1/documents.json?{urlencode(asked)}"


def read_page(answer: Answer) -> Page:
    """The page of results in an answer; raises FetchError, with the bytes, when it is anything else."""
    where = answer.url.partition("?")[0]
    try:
        found = msgspec.json.decode(answer.body)
        if isinstance(found, dict) and "count" not in found and ("errors" in found or "message" in found):
            raise ValueError(f"it says {msgspec.json.encode(found).decode()[:200]}")
        return msgspec.convert(found, Page)
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


def on_origin(link: str | None, base_url: str) -> str | None:
    """The link on the host of `base_url`, path and query kept; None stays None."""
    if not link:
        return None
    base, parts = urlsplit(base_url), urlsplit(link)
    return urlunsplit((base.scheme, base.netloc, parts.path, parts.query, ""))
