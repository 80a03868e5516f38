"""The Consolidated Screening List of the US government: one file, asked for conditionally.

    the file, as JSON or CSV -> a whole list? -> Fetched; the same as before -> Unchanged

Every answer is all there is today: the file has no past, and what it no longer shows is no removal.
Whether the bytes are whole is seen here, so that a cut answer is asked for again; what they say is the
reader's business.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final, Literal

import msgspec

from tracker.answers import Answer
from tracker.errors import FetchError
from tracker.http import PoliteClient
from tracker.politeness import http_date
from tracker.readers.base import Document, UnreadableError
from tracker.readers.csl_file import NEEDED, csv_lines, performed_at, utf8
from tracker.sources.base import (
    HOUR,
    ArchiveRaw,
    Fetched,
    Finished,
    Item,
    SourceSettings,
    Unchanged,
    archived,
    check_url,
    next_check,
)
from tracker.state import State

MOST_BYTES: Final = 200 * 1024 * 1024
"""The JSON has 40 to 60 MB today, which is about what one answer may have elsewhere."""
_PATH: Final = "downloadable_consolidated_screening_list/v1/consolidated"
_WANTED: Final = {"json": "application/json", "csv": "text/csv, text/plain;q=0.9, */*;q=0.5"}


class CslSettings(SourceSettings, frozen=True, kw_only=True):
    """The file of the screening list, in one of its two forms; asked for every twelve hours unless told otherwise."""

    every: float = 12 * HOUR
    base_url: str = "https://data.trade.gov"
    format: Literal["json", "csv"] = "json"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_url(self.id, self.base_url)


class _Head(msgspec.Struct):
    """The JSON as far as it must be known here; its records are only told apart."""

    results: list[msgspec.Raw]
    search_performed_at: Any = None


def fetch(
    source: CslSettings,
    client: PoliteClient,
    state: State,
    archive_raw: ArchiveRaw,
    now: datetime,
    since: date | None = None,
    until: date | None = None,
) -> Iterator[Item]:
    """Fetches the file when it has changed. Raises FetchError when it cannot be had whole, and for `since` or `until`."""
    url = f"{source.base_url.rstrip('/')}/{_PATH}.{source.format}"
    if since is not None or until is not None:
        what = f"{url} shows the list of today only; it has no past to take in"
        raise FetchError(what, f"poll it instead: tracker poll {source.id}", url=url)
    try:
        answer = client.get(url, expect=_WANTED[source.format], max_bytes=MOST_BYTES)
        item = Unchanged(url=url, validators=(answer.validators,)) if answer.not_modified else _fetched(source, answer)
    except FetchError as error:
        raise archived(error, archive_raw) from None
    yield item
    done = msgspec.structs.replace(
        state.source(source.id),
        last_try=now,
        last_ok=now,
        failures=0,
        error=None,
        moved_to=answer.moved_to,
        next_check=next_check(now, source.every, fresh_for=answer.fresh_for, longest_wait=source.longest_wait),
    )
    yield Finished(state=done, unchanged=answer.not_modified)


def _fetched(source: CslSettings, answer: Answer) -> Fetched:
    count, made = _whole_csv(answer) if source.format == "csv" else _whole_json(answer)
    try:
        source.expect.check(count, answer.url)
    except FetchError as error:
        error.body = answer.body  # what a list looked like when it collapsed is worth keeping
        raise
    told = made or http_date(answer.validators.last_modified or "")
    document = Document(
        source=source.id,
        kind="csl",
        key="consolidated",
        url=answer.url,
        rendition=source.format,
        raw=answer.body,
        charset=answer.charset,
        media_type=answer.media_type,
        title="Consolidated Screening List",
        language="en",
        outlet="Consolidated Screening List",
        timezone="America/New_York",
        published=told.isoformat() if told else None,
        # A server whose clock is fast does not make the file later than it was held here.
        available=min(told, answer.fetched_at) if told else None,
    )
    return Fetched(document=document, answer=answer, validators=(answer.validators,))


def _whole_json(answer: Answer) -> tuple[int, datetime | None]:
    """How many records the JSON has, and when it was made; raises FetchError when it is anything else."""
    body = answer.body.removeprefix(b"\xef\xbb\xbf")
    try:
        try:
            head = msgspec.json.decode(body, type=_Head)
        except (msgspec.DecodeError, UnicodeDecodeError):  # perhaps for bytes that are not UTF-8, which the reader heals
            if (whole := utf8(body)) == body:
                raise
            head = msgspec.json.decode(whole, type=_Head)
    except msgspec.DecodeError as error:
        raise _refused(answer, str(error)) from None
    return len(head.results), performed_at(head.search_performed_at)


def _whole_csv(answer: Answer) -> tuple[int, None]:
    """How many records the CSV has, which does not say when it was made; raises FetchError when it is anything else."""
    lines, records = csv_lines(answer.body), 0
    try:
        header = last = next(lines, [])
        for row in lines:
            records, last = records + 1, row
    except UnreadableError as error:
        raise _refused(answer, str(error)) from None
    if not {name.strip() for name in header} & set(NEEDED):
        raise _refused(answer, "its first line names none of the columns of the list")
    if len(last) != len(header):
        raise _refused(answer, f"its last line has {len(last)} columns of {len(header)}: it is cut off")
    return records, None


def _refused(answer: Answer, why: str) -> FetchError:
    body = answer.body.lstrip()[:200].lower()
    what = f"is not the screening list, or not all of it: {why}"
    if not body:
        what = "answered with nothing"
    elif body.startswith((b"<!doctype html", b"<html")):
        what = "answered with an HTML page, perhaps a login, and not with the screening list"
    hint = "open it in a browser; it is asked again at the next poll"
    return FetchError(f"{answer.url} {what}", hint, url=answer.url, status=answer.status, body=answer.body or None)
