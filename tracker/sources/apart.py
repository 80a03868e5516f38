"""What sources make of bytes of strangers, done in the worker process: feeds, and pages before they are read."""

from datetime import datetime

from tracker.answers import Answer
from tracker.sources import feed_entries, pages
from tracker.sources.feed_entries import Feed, NotAFeedError
from tracker.worker import WORKER, WorkerError


def read_feed(body: bytes, *, url: str, media_type: str | None, charset: str | None, timezone: str, now: datetime) -> Feed:
    """As `feed_entries.read_feed`; a feed that ends or exhausts the worker is none."""
    told = {"url": url, "media_type": media_type, "charset": charset, "timezone": timezone, "now": now}
    try:
        return WORKER.call(url, feed_entries.read_feed, body, **told)
    except WorkerError as error:
        raise NotAFeedError(f"cannot be read as a feed: {error.why}") from error


def refusal(answer: Answer, title: str | None) -> str | None:
    """As `pages.refusal`. A page that ends or exhausts the worker is taken: its reading fails likewise, on record."""
    try:
        return WORKER.call(answer.url, pages.refusal, answer, title)
    except WorkerError:
        return None
