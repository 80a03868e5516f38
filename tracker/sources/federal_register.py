"""The Federal Register, by its API (https://www.federalregister.gov/developers/documentation/api/v1).

    windows of 90 days -> pages of the search, oldest first -> per document: known and settled? skip
      else the full text (XML, or raw text until there is XML) -> Fetched
    then what is on file for public inspection                       inspection.py

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

import msgspec

from tracker.errors import FetchError
from tracker.http import PoliteClient
from tracker.readers.base import Document
from tracker.sources.base import ArchiveRaw, Failed, Fetched, Finished, Item, Patience, Unchanged, archived, next_check
from tracker.sources.full_text import fetch_full_text, heal_number
from tracker.sources.inspection import filings
from tracker.sources.register_search import FIELDS, TRIES, Agency, FederalRegisterSettings, on_origin, search
from tracker.state import Held, State

OVERLAP = timedelta(days=14)
SETTLED = timedelta(days=3)
"""How long after publication a document that looks the same is still asked for (conditionally)."""


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
    agencies: list[Agency] | None = None
    cfr_references: list[_Reference] | None = None


def fetch(
    source: FederalRegisterSettings,
    client: PoliteClient,
    state: State,
    archive_raw: ArchiveRaw,
    now: datetime,
    since: date | None = None,
    until: date | None = None,
) -> Iterator[Item]:
    """Fetches new and changed documents, oldest first, then filings. Raises FetchError when the search itself fails.

    With `since` or `until` (publication days, both included) it goes over that time instead and does
    not move what the polls have reached; what is held already is passed over, so it can be resumed.
    """
    backfill = since is not None or until is not None
    before = state.source(source.id)
    start = since or _start(source, before.reached, now)
    failed, owed, patience = 0, False, Patience()
    try:
        for result in search(source, client, start, until, now, TRIES if backfill else 1):
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
    today = now.date()
    # A backfill of the past alone is no good poll: what was published since was not asked for.
    is_up_to_date = start <= today and (until is None or until >= today)
    last_ok = now if is_up_to_date else before.last_ok
    after = msgspec.structs.replace(before, last_try=now, last_ok=last_ok, failures=0, error=None)
    if not backfill:
        wait = (yield from filings(source, client, state, archive_raw, now)) if source.inspection else None
        # After a failure, or a stand-in for damaged XML, the next poll begins where this one did, so that
        # nothing slips out of its window. Filings have none: all that are on file are listed at every poll.
        reached = start + OVERLAP if failed or owed else today
        check = next_check(now, source.every, retry_after=wait)
        after = msgspec.structs.replace(after, reached=reached.isoformat(), next_check=check)
    last = min(until or today, today)
    yield Finished(state=after, failed=failed, covered=None if failed or start > last else (start, last))


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
