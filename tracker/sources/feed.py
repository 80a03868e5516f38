"""A news outlet, by its RSS or Atom feed. Also for the Federal Register's own RSS.

    feed -> entries, oldest first -> known, unchanged and checked lately? skip
      else the article's page (conditionally, when it was recorded before) -> Fetched

An article is named by the canonical address of the entry's link. Its page is asked for when the entry
is new, when anything the feed says of it has changed, and otherwise every `recheck` seconds, since
outlets edit without telling. When the page cannot be had for good (gone, forbidden, a login wall) and
the entry carries the full text itself, that text is the document, as HTML. An entry that leaves the
feed changes nothing.

An entry that points to a document of the Federal Register is that document: of kind `rule`, named by
its number, with the full text from the same host.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from html import escape
from typing import ClassVar
from urllib.parse import urlsplit

import msgspec

from tracker.answers import Answer, UrlValidators
from tracker.errors import FetchError
from tracker.http import PoliteClient
from tracker.readers.base import Document
from tracker.readers.pdf import is_pdf
from tracker.sources.apart import read_feed, refusal
from tracker.sources.base import (
    HOUR,
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
from tracker.sources.feed_entries import Entry, Feed, NotAFeedError
from tracker.sources.feed_wishes import Wishes
from tracker.sources.full_text import fetch_full_text, heal_number
from tracker.state import Held, SourceState, State

_WANTED = "application/atom+xml, application/rss+xml, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
_REGISTER = re.compile(
    r"/documents/(?P<day>\d{4}/\d{2}/\d{2})/(?P<number>(?:[A-Z]\d?-)?(?:\d{2,4}|[A-Z]\d)[-\u2013]\d{2,6})(?:/[^/]*)?"
)


class FeedSettings(SourceSettings, frozen=True, kw_only=True):
    """A feed of an outlet. `timezone` is also where the outlet's days begin and end.

    `recheck` is how old the last look at an unchanged article may grow while it is in the feed;
    `outlet` is how it is named, the feed's own title when not set.
    """

    url: str
    language: str | None = None
    outlet: str | None = None
    recheck: float = 12 * HOUR

    is_public: ClassVar[bool] = False  # articles of the press are not ours to hand on

    def __post_init__(self) -> None:
        super().__post_init__()
        check_url(self.id, self.url)
        if self.language is not None and not re.fullmatch(r"[a-z]{2,3}", self.language):
            raise ValueError(f"source {self.id}: language {self.language!r} is no code like en or fr")


class _Poll(msgspec.Struct):
    """What one poll goes by, and what it has found out about its entries."""

    source: FeedSettings
    client: PoliteClient
    state: State
    archive_raw: ArchiveRaw
    now: datetime
    answer: Answer
    feed: Feed
    checked: list[datetime] = []
    owed: int = 0
    """Entries to be asked for again at the next poll, whether or not the feed changes."""


def fetch(
    source: FeedSettings,
    client: PoliteClient,
    state: State,
    archive_raw: ArchiveRaw,
    now: datetime,
    since: date | None = None,  # noqa: ARG001 - a feed has no past
    until: date | None = None,  # noqa: ARG001
) -> Iterator[Item]:
    """Fetches new and changed articles, oldest first. Raises FetchError when the feed itself fails.

    A feed has no past: `since` and `until` are not used.
    """
    before = state.source(source.id)
    settled = before.full_after is not None and now < before.full_after
    try:
        answer = client.get(source.url, conditional=settled, expect=_WANTED)
        if answer.not_modified:
            yield Finished(state=_worked(source, before, answer, now), validators=(answer.validators,), unchanged=True)
            return
        feed = _read(source, answer, now, was_feed=before.last_ok is not None)
        poll = _Poll(source, client, state, archive_raw, now, answer, feed)
        done = _worked(source, before, answer, now, feed.wishes)
        failed = 0
        for item in _entries(poll):
            failed += isinstance(item, Failed)
            yield item
    except FetchError as error:
        raise archived(error, archive_raw) from None
    if poll.feed.cut_short:
        what = f"{source.url} broke off before its end; the {len(poll.feed.entries)} entries that came were taken"
        raise FetchError(what, "nothing to do: it is asked again at the next poll", url=source.url)
    if poll.owed or not poll.feed.whole:
        yield Finished(state=msgspec.structs.replace(done, full_after=None), failed=failed, shape=feed.shape)
        return
    full_after = min(poll.checked, default=now) + timedelta(seconds=source.recheck)
    done = msgspec.structs.replace(done, full_after=full_after)
    yield Finished(state=done, validators=(answer.validators,), failed=failed, shape=feed.shape)


def _worked(
    source: FeedSettings, before: SourceState, answer: Answer, now: datetime, wishes: Wishes | None = None
) -> SourceState:
    """The state after a good answer. One that says "not modified" leaves what the feed asks for as it was."""
    if wishes is None:
        wishes = msgspec.json.decode(before.wishes or "{}", type=Wishes)
    fresh_for = max(answer.fresh_for or 0.0, wishes.wait or 0.0)
    check = next_check(now, source.every, fresh_for=fresh_for, longest_wait=source.longest_wait)
    rest = None if source.every_most is None else now + timedelta(seconds=source.every_most) - check
    return msgspec.structs.replace(
        before,
        last_try=now,
        last_ok=now,
        failures=0,
        error=None,
        moved_to=answer.moved_to,
        wishes=msgspec.json.encode(wishes, order="sorted").decode(),
        next_check=wishes.after(check, rest),
    )


def _read(source: FeedSettings, answer: Answer, now: datetime, *, was_feed: bool) -> Feed:
    try:
        feed = read_feed(
            answer.body,
            url=answer.url,
            media_type=answer.media_type,
            charset=answer.charset,
            timezone=source.timezone,
            now=now,
        )
    except NotAFeedError as error:
        hint = "open it in a browser; it is asked again at the next poll"
        raise FetchError(
            f"{answer.url} {error}",
            hint,
            url=answer.url,
            status=answer.status,
            body=answer.body,
            trouble="changed" if error.is_page and was_feed else "failed",
        ) from None
    source.expect.check(len(feed.entries), answer.url)
    return feed


def _entries(poll: _Poll) -> Iterator[Item]:
    patience = Patience()
    for entry in reversed(poll.feed.entries):
        register = _REGISTER.fullmatch(urlsplit(entry.url).path) if _is_register(entry.url, poll.answer.url) else None
        key = heal_number(register["number"]) if register else entry.url
        held = poll.state.held(poll.source.id, key)
        if held is not None and _is_settled(held, entry, poll):
            poll.checked.append(held.checked)
            continue
        try:
            item = _rule(poll, entry, key, held, register) if register else _article(poll, entry, held)
        except FetchError as error:
            yield _failed(poll, entry, key, held, error)
            patience.failed(error)
            continue
        patience.worked()
        poll.checked.append(poll.now)
        yield item


def _is_register(url: str, feed_url: str) -> bool:
    """Whether a link may lead to the Federal Register: its own host, or the feed's, which may be a mirror."""
    host = urlsplit(url).hostname
    return host in {"www.federalregister.gov", "federalregister.gov", urlsplit(feed_url).hostname}


def _is_settled(held: Held, entry: Entry, poll: _Poll) -> bool:
    """Whether an entry needs no request: as before, in its final rendition, looked at lately."""
    lately = poll.now - held.checked < timedelta(seconds=poll.source.recheck)
    return held.fingerprint == entry.fingerprint and held.rendition != "text" and lately


def _article(poll: _Poll, entry: Entry, held: Held | None) -> Fetched | Unchanged:
    """The page of an article, or the full text of its entry; raises FetchError when neither can be had."""
    recorded = held is not None and held.rendition == "html"
    try:
        answer = poll.client.get(entry.url, conditional=recorded, expect="text/html, application/xhtml+xml, */*;q=0.1")
        why = None if answer.not_modified else refusal(answer, entry.title)
        if why is not None:
            hint = "open it in a browser; it is asked again at the next poll"
            raise FetchError(f"{entry.url} {why}", hint, url=entry.url, status=answer.status, body=answer.body)
    except FetchError as error:
        # What will pass is waited for; and a page that was recorded is better than a copy of its text.
        if error.transient or recorded or not entry.content:
            raise
        archived(error, poll.archive_raw)
        body = f"<!DOCTYPE html>\n<title>{escape(entry.title or '')}</title>\n<article>{entry.content}</article>\n"
        document = _document(poll, entry, body.encode(), charset="utf-8", media_type="text/html")
        saved = _held(poll, entry, entry.url, "entry")
        if not _is_meant(error):  # a login wall, a broken page: the page itself is tried again at the next poll
            saved = msgspec.structs.replace(saved, fingerprint="")
            poll.owed += 1
        return Fetched(document=document, answer=poll.answer, held=(saved,))
    saved = _held(poll, entry, entry.url, "html")
    if answer.not_modified:
        return Unchanged(url=entry.url, validators=(answer.validators,), held=(saved,))
    document = _document(poll, entry, answer.body, charset=answer.charset, media_type=answer.media_type)
    return Fetched(document=document, answer=answer, validators=(answer.validators,), held=(saved,))


def _document(poll: _Poll, entry: Entry, raw: bytes, *, charset: str | None, media_type: str | None) -> Document:
    return Document(
        source=poll.source.id,
        kind="article",
        key=entry.url,
        url=entry.url,
        rendition="pdf" if is_pdf(raw) else "html",
        raw=raw,
        charset=charset,
        media_type=media_type,
        title=entry.title,
        language=poll.source.language,
        outlet=poll.source.outlet or poll.feed.title,
        timezone=poll.source.timezone,
        published=entry.published,
    )


def _rule(poll: _Poll, entry: Entry, key: str, held: Held | None, register: re.Match[str]) -> Fetched | Unchanged:
    """The full text of a document of the Federal Register that an entry points to; raises FetchError."""
    parts = urlsplit(entry.url)
    base = f"{parts.scheme}://{parts.netloc}/documents/full_text"
    day, number = register["day"], register["number"]
    found = fetch_full_text(
        poll.client,
        f"{base}/xml/{day}/{number}.xml",
        f"{base}/text/{day}/{number}.txt",
        held=None if held is None else held.rendition,
        conditional=True,
    )
    saved = _held(poll, entry, key, found.rendition)
    poll.owed += found.rendition == "text"  # the XML may follow while the feed stays as it is
    answer = found.answer
    validators: tuple[UrlValidators, ...] = (answer.validators,)
    if answer.not_modified:
        return Unchanged(url=entry.url, validators=validators, held=(saved,))
    document = Document(
        source=poll.source.id,
        kind="rule",
        key=key,
        url=entry.url,
        rendition=found.rendition,
        raw=answer.body,
        charset=answer.charset,
        media_type=answer.media_type,
        title=entry.title,
        language="en",
        outlet="Federal Register",
        timezone="America/New_York",
        published=day.replace("/", "-"),
    )
    return Fetched(document=document, answer=answer, validators=validators, held=(saved,))


def _held(poll: _Poll, entry: Entry, key: str, rendition: str | None) -> Held:
    return Held(
        source=poll.source.id,
        key=key,
        url=entry.url,
        fingerprint=entry.fingerprint,
        rendition=rendition,
        checked=poll.now,
    )


def _failed(poll: _Poll, entry: Entry, key: str, held: Held | None, error: FetchError) -> Failed:
    """The failure of one entry. One that the host means (404, 410, 403 ...) rests until `recheck`."""
    archived(error, poll.archive_raw)
    meant = _is_meant(error)
    if meant:
        poll.checked.append(poll.now)
    else:
        poll.owed += 1
    rests = (_held(poll, entry, key, held.rendition if held else None),) if meant else ()
    return Failed(url=entry.url, error=str(error), hint=error.hint, raw=error.raw, held=rests)


def _is_meant(error: FetchError) -> bool:
    """Whether the host says for good that there is no such page for us (404, 410, 403 ...)."""
    return error.status is not None and 400 <= error.status < 500 and not error.transient
