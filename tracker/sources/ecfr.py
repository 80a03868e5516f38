"""The electronic Code of Federal Regulations: one appendix, as it stands on one day, by the eCFR's versioner.

    titles -> up to date as of a day that is held already? unchanged
      else the appendix as of that day, XML -> Fetched

A poll takes the latest copy, so it asks for the XML once per day that the eCFR catches up with: about once
per business day, whether or not the appendix changed, since a copy says that it is as it was, too. A backfill
takes one copy of the past, the baseline: a document of a kind and key of its own.

The eCFR reaches back to 2017-01-03 and is some business days behind the Register. It is a copy and never law.
(https://www.ecfr.gov/developers/documentation/api/v1)
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final, TypeVar
from urllib.parse import quote, urlencode

import msgspec

from tracker.answers import Answer
from tracker.errors import FetchError, UsageError
from tracker.http import PoliteClient
from tracker.readers.base import Document
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
from tracker.sources.full_text import xml_fault
from tracker.state import Held, SourceState, State

EARLIEST: Final = date(2017, 1, 3)
"""The first day that the eCFR keeps."""
_READ_AT: Final = "https://www.ecfr.gov"
_ROW: Final = re.compile(rb"<TR[\s>]", re.IGNORECASE)

Shape = TypeVar("Shape")


class EcfrSettings(SourceSettings, frozen=True, kw_only=True):
    """An appendix of the Code by its title, its part and its name there; `expect` counts the rows of its tables."""

    every: float = 12 * HOUR
    base_url: str = "https://www.ecfr.gov"
    title: int = 15
    part: int | str = 744
    appendix: str = "Supplement No. 4 to Part 744"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_url(self.id, self.base_url)
        if not self.appendix.strip() or self.title < 1:
            raise ValueError(f"source {self.id}: title is 1 or more, and appendix is not empty")

    @property
    def key(self) -> str:
        """What the document is called in the ledger: `title-15-part-744-supplement-4`."""
        name = re.sub(r"\s+to\s+part\b.*|\bno\.", " ", self.appendix.lower())
        return re.sub(r"[^a-z0-9]+", "-", f"title-{self.title}-part-{self.part}-{name}".lower()).strip("-")


class _Title(msgspec.Struct):
    number: int
    up_to_date_as_of: date | None = None
    processing_in_progress: bool = False


class _Meta(msgspec.Struct):
    import_in_progress: bool = False


class _Titles(msgspec.Struct):
    """The part of `titles.json` that is relied on."""

    titles: list[_Title]
    meta: _Meta = msgspec.field(default_factory=_Meta)


class _Version(msgspec.Struct):
    date: date
    identifier: str | None = None


class _Versions(msgspec.Struct):
    """The part of `versions/title-15.json` that is relied on."""

    content_versions: list[_Version]


def fetch(
    source: EcfrSettings,
    client: PoliteClient,
    state: State,
    archive_raw: ArchiveRaw,
    now: datetime,
    since: date | None = None,
    until: date | None = None,
) -> Iterator[Item]:
    """Fetches the latest copy, when there is a later one than is held. Raises FetchError when it cannot be had.

    With `since` it fetches the copy of that day instead, as a baseline, with `until` alone the latest one up to
    that day; either does not move what the polls have reached.
    """
    before = state.source(source.id)
    try:
        title, busy = _up_to_date_as_of(source, client)
        if (day := since or (until and min(until, title))) is not None:
            held = state.held(source.id, f"{source.key}/{day}")
            yield _baseline(source, client, day, title, held, now)
            yield Finished(state=_worked(before, now))
        elif busy:
            # Its tables are half the old ones and half the new ones: nothing is taken, and it is not a good poll.
            soon = next_check(now, min(source.every, HOUR))
            yield Finished(state=msgspec.structs.replace(before, last_try=now, next_check=soon), unchanged=True)
        else:
            item = _latest(source, client, title, state.held(source.id, source.key), now)
            yield item
            after = msgspec.structs.replace(
                _worked(before, now), reached=title.isoformat(), next_check=next_check(now, source.every)
            )
            yield Finished(state=after, unchanged=isinstance(item, Unchanged))
    except FetchError as error:
        raise archived(error, archive_raw) from None


def _worked(before: SourceState, now: datetime) -> SourceState:
    return msgspec.structs.replace(before, last_try=now, last_ok=now, failures=0, error=None)


def _latest(source: EcfrSettings, client: PoliteClient, day: date, held: Held | None, now: datetime) -> Fetched | Unchanged:
    """The copy of the day up to which the eCFR is complete, unless that one or a later one is held."""
    if held is not None and held.fingerprint >= day.isoformat():
        return Unchanged(url=held.url, held=(msgspec.structs.replace(held, checked=now),))
    answer = _supplement(source, client, day, day, conditional=False)
    return _fetched(source, answer, "ecfr", source.key, day, now)


def _baseline(
    source: EcfrSettings, client: PoliteClient, day: date, latest: date, held: Held | None, now: datetime
) -> Fetched | Unchanged:
    """The copy of a day in the past. Raises UsageError for a day that the eCFR does not have."""
    if not EARLIEST <= day <= latest:
        # The question is wrong, not the source: no alarm is raised for it.
        raise UsageError(f"the eCFR has no copy of {day}", f"Choose a day from {EARLIEST} to {latest}.")
    answer = _supplement(source, client, day, latest, conditional=held is not None)
    if answer.not_modified and held is not None:
        again = msgspec.structs.replace(held, checked=now)
        return Unchanged(url=held.url, validators=(answer.validators,), held=(again,))
    return _fetched(source, answer, "ecfr-baseline", f"{source.key}/{day}", day, now)


def _fetched(source: EcfrSettings, answer: Answer, kind: str, key: str, day: date, now: datetime) -> Fetched:
    path = f"title-{source.title}/part-{source.part}/appendix-{quote(source.appendix)}"
    document = Document(
        source=source.id,
        kind=kind,
        key=key,
        url=f"{_READ_AT}/on/{day}/{path}",
        rendition="xml",
        raw=answer.body,
        charset=answer.charset,
        media_type=answer.media_type,
        title=f"{source.appendix}, as of {day}",
        language="en",
        outlet="eCFR",
        timezone="America/New_York",
        published=day.isoformat(),
        # The copy of a day comes some business days later; one of long ago is no news of today.
        available=answer.fetched_at if kind == "ecfr" else None,
    )
    held = Held(source=source.id, key=key, url=answer.url, fingerprint=day.isoformat(), rendition="xml", checked=now)
    return Fetched(document=document, answer=answer, validators=(answer.validators,), held=(held,))


def _up_to_date_as_of(source: EcfrSettings, client: PoliteClient) -> tuple[date, bool]:
    """The day up to which the title is complete, and whether the eCFR is taking in an issue right now."""
    answer = client.get(_address(source, "titles.json"), conditional=False, expect="application/json")
    found = _decoded(answer, _Titles)
    title = next((title for title in found.titles if title.number == source.title), None)
    if title is None or title.up_to_date_as_of is None:
        what = f"{answer.url} does not say up to which day title {source.title} is complete"
        raise FetchError(what, "check the title in sources.toml", url=answer.url, status=answer.status, body=answer.body)
    return title.up_to_date_as_of, found.meta.import_in_progress or title.processing_in_progress


def versions(source: EcfrSettings, client: PoliteClient) -> tuple[date, ...]:
    """The days on which the appendix changed, as far as the eCFR reaches, earliest first; none where it knows no such."""
    asked = {"part": str(source.part), "appendix": source.appendix}
    url = _address(source, f"versions/title-{source.title}.json", asked)
    found = _decoded(client.get(url, conditional=False, expect="application/json"), _Versions)
    return tuple(sorted({one.date for one in found.content_versions if one.identifier in {None, source.appendix}}))


def _supplement(source: EcfrSettings, client: PoliteClient, day: date, latest: date, *, conditional: bool) -> Answer:
    """The XML of the appendix as of a day; raises FetchError for anything else."""
    asked = {"part": str(source.part), "appendix": source.appendix}
    url = _address(source, f"full/{day}/title-{source.title}.xml", asked)
    try:
        answer = client.get(url, conditional=conditional, expect="application/xml, text/xml")
    except FetchError as error:
        if error.status != 404:
            raise
        raise FetchError(
            f"the eCFR has no {source.appendix} of {day}",
            _known(source, client, latest),
            url=url, status=error.status, body=error.body,
        ) from None  # fmt: skip
    if answer.not_modified:
        return answer
    kind, fault = xml_fault(answer.body)
    if kind is None and b"<DIV9" not in answer.body:
        kind, fault = "other", "no appendix (DIV9) is in it"
    if kind is not None:
        raise FetchError(
            f"{url} is not the XML of {source.appendix}: {fault}",
            "look at it in a browser; it is asked again at the next poll",
            url=url, status=answer.status, body=answer.body,
        )  # fmt: skip
    source.expect.check(len(_ROW.findall(answer.body)), url)
    return answer


def _known(source: EcfrSettings, client: PoliteClient, latest: date) -> str:
    """What to do about an appendix that is not there, by what the eCFR says of its versions."""
    reach = f"the eCFR reaches from {EARLIEST} to {latest}"
    try:
        days = versions(source, client)
    except FetchError:
        return reach
    if not days:
        return "the eCFR knows no such appendix: check title, part and appendix in sources.toml"
    return f"{reach}; it has the appendix since {days[0]}, changed last on {days[-1]}"


def _address(source: EcfrSettings, path: str, asked: dict[str, str] | None = None) -> str:
    query = f"?{urlencode(asked, quote_via=quote)}" if asked else ""
    return f"{source.base_url.rstrip('/')}/api/versioner/v1/{path}{query}"


def _decoded(answer: Answer, shape: type[Shape]) -> Shape:
    """The JSON of an answer; raises FetchError, with the bytes, when it is anything else."""
    try:
        return msgspec.json.decode(answer.body, type=shape)
    except msgspec.MsgspecError as error:
        html = answer.body.lstrip()[:200].lower().startswith((b"<!doctype html", b"<html"))
        what = "answered with an HTML page, perhaps a login" if html else "did not answer as expected"
        raise FetchError(
            f"{answer.url.partition('?')[0]} {what}: {' '.join(str(error).split())}",
            "look at it in a browser; if the API has changed, the tracker needs an update",
            url=answer.url, status=answer.status, body=answer.body,
        ) from None  # fmt: skip
