"""A feed's bytes, read into entries: RSS 0.9x, 1.0 and 2.0, and Atom (RFC 4287). Pure."""

import calendar
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import feedparser
import msgspec

from tracker.shape import Shape
from tracker.sources.feed_wishes import Wishes, wishes_of
from tracker.sources.pages import canonical_url

_PROLOG_ENTITY = re.compile(rb"<!DOCTYPE[^>\[]*\[.*?<!ENTITY", re.IGNORECASE | re.DOTALL)
_END = re.compile(rb"</(?:rss|feed|(?:\w+:)?RDF)\s*>", re.IGNORECASE)
_ROOT = re.compile(rb"<[A-Za-z_]")
_TAG = re.compile(r"</?[A-Za-z][^>]*>")
_EARLIEST = datetime(1994, 1, 1, tzinfo=UTC)  # before the web had news; such dates are faults


class NotAFeedError(ValueError):
    """The bytes are no feed, or not a whole one: the rest of a sentence that begins with the URL.

    `is_page` says that they are a web page instead.
    """

    def __init__(self, words: str, *, is_page: bool = False) -> None:
        super().__init__(words)
        self.is_page = is_page


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a feed.

    `url` is canonical. `published` is an ISO time with offset, a day where no more is told, or None.
    `content` is the full text that the feed itself carries, as HTML, if it does. `fingerprint` stands
    for everything the feed says of it.
    """

    url: str
    title: str | None
    published: str | None
    content: str | None
    fingerprint: str


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """A feed as read.

    `whole` is False when it is malformed and more may have been meant, `cut_short` says that its end is missing.
    """

    title: str | None
    entries: tuple[Entry, ...]
    whole: bool
    shape: Shape
    wishes: Wishes = Wishes()
    cut_short: bool = False


def read_feed(body: bytes, *, url: str, media_type: str | None, charset: str | None, timezone: str, now: datetime) -> Feed:
    """Reads a feed, newest entry first as feeds have it; raises NotAFeedError.

    `url` is what relative links resolve against where the feed has no xml:base. The declared charset
    counts (RFC 7303), unless the bytes are plainly UTF-8. Dates without a zone are of `timezone`
    (IANA); dates before 1994 or after `now` plus two days are dropped. Entries without an http or
    https link are left out, as are repeated ones.
    """
    _refuse(body)
    if _is_utf8(body):
        charset = "utf-8"
    declared = f"{media_type or 'application/xml'}; charset={charset}" if charset else media_type or "application/xml"
    # A BytesIO, never str or bytes: those feedparser may take for a path or URL and open.
    found = feedparser.parse(io.BytesIO(body), response_headers={"content-type": declared, "content-location": url})
    fault = found.get("bozo_exception")
    # Wrong or missing media types and charsets that feedparser saw through are no reason to distrust the rest.
    harmless = (feedparser.NonXMLContentType, feedparser.CharacterEncodingOverride)
    malformed = bool(found.bozo) and not isinstance(fault, harmless)
    if not found.get("version"):
        raise _not_a_feed(body)
    if malformed and not found.entries:
        raise NotAFeedError(f"is a broken feed without entries: {' '.join(str(fault).split())}")
    entries: dict[str, Entry] = {}
    for raw in found.entries:
        # A plain dict: feedparser's own one answers "updated" with "published", and warns that it will not.
        entry = _entry(dict(raw), url, timezone, now)
        if entry is not None:
            entries.setdefault(entry.url, entry)
    return Feed(
        title=found.feed.get("title") or None,
        entries=tuple(entries.values()),
        whole=not malformed,
        shape=_shape(found.entries),
        wishes=wishes_of(found.feed, body),
        cut_short=malformed and _END.search(body.replace(b"\0", b"")) is None,
    )


def _shape(entries: Sequence[Mapping[str, Any]]) -> Shape:
    parts = {"link": ("link",), "title": ("title",), "date": ("published", "updated", "created"), "text": ("summary", "content")}
    having = {part: sum(any(one.get(name) for name in names) for one in map(dict, entries)) for part, names in parts.items()}
    return Shape(entries=len(entries), having=having)


def _refuse(body: bytes) -> None:
    if not body.strip(b" \t\r\n\0"):
        raise NotAFeedError("answered with nothing")
    plain = body.replace(b"\0", b"")  # UTF-16 and UTF-32 read as ASCII this way, well enough to see a DOCTYPE
    doctype = _PROLOG_ENTITY.search(plain)
    root = next((m for m in _ROOT.finditer(plain)), None)
    if doctype and (root is None or doctype.start() < root.start()):
        raise NotAFeedError("declares entities, as feeds have no need to and bombs do")


def _not_a_feed(body: bytes) -> NotAFeedError:
    head = body[:2048].lower()
    if b"<html" in head or b"<!doctype html" in head:
        return NotAFeedError("answered with an HTML page, not a feed: perhaps a login or block page", is_page=True)
    return NotAFeedError("answered with something that is not a feed (RSS or Atom)")


def _is_utf8(body: bytes) -> bool:
    """Whether bytes beyond ASCII are UTF-8: other encodings hardly ever pass for it by chance."""
    if body.isascii():
        return False
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _entry(raw: dict[str, Any], base: str, timezone: str, now: datetime) -> Entry | None:
    link = str(raw.get("feedburner_origlink") or raw.get("link") or "").strip()
    url = _absolute(base, link) if link else None
    if url is None:
        return None
    title, content = _title(raw), _content(raw)
    told = [url, title, raw.get("published"), raw.get("updated"), raw.get("summary"), content]
    return Entry(
        url=url,
        title=title,
        published=_published(raw, timezone, now),
        content=content,
        fingerprint=hashlib.sha256(msgspec.json.encode(told)).hexdigest(),
    )


def _absolute(base: str, link: str) -> str | None:
    try:
        return canonical_url(urljoin(base, link))
    except ValueError:
        return None


def _title(raw: dict[str, Any]) -> str | None:
    """The title as plain text; feedparser gives some as HTML and says so."""
    title = str(raw.get("title") or "")
    if (raw.get("title_detail") or {}).get("type") in {"text/html", "application/xhtml+xml"}:
        title = unescape(_TAG.sub("", title))
    return " ".join(title.split()) or None


def _content(raw: dict[str, Any]) -> str | None:
    """content:encoded of RSS or the content of Atom; a summary is not the full text."""
    for part in raw.get("content") or ():
        if part.get("value") and part.get("type") in {"text/html", "application/xhtml+xml", "text/plain"}:
            return str(part["value"])
    return None


def _published(raw: dict[str, Any], timezone: str, now: datetime) -> str | None:
    for name in ("published", "created", "updated"):
        found = read_date(raw.get(name), timezone) or _parsed(raw.get(f"{name}_parsed"))
        if found is None:
            continue
        day = found if isinstance(found, datetime) else datetime(found.year, found.month, found.day, tzinfo=UTC)
        if _EARLIEST <= day <= now + timedelta(days=2):
            return found.isoformat()
    return None


def read_date(text: str | None, timezone: str) -> datetime | date | None:
    """A date of a feed with the offset it was written with: RFC 5322 or ISO 8601; None for other forms.

    Times without a zone are of `timezone` (IANA); a day without a time stays a day.
    """
    text = (text or "").strip()
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    found = None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
            break
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    if found is None:
        return None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(timezone))


def _parsed(parts: Any) -> datetime | None:
    """feedparser's own reading of a date, which is in UTC."""
    try:
        return None if parts is None else datetime.fromtimestamp(calendar.timegm(parts), UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        return None
