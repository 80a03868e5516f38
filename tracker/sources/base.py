"""What a source is: settings, and a function from them to documents, one after the other.

    for item in SOURCES[settings.kind].fetch(settings, client, state, archive_raw, now):
        Fetched    a document: record it, then state.remember(item.validators, item.held)
        Unchanged  nothing new: state.remember(item.validators, item.held)
        Failed     one document could not be had, the others go on: log it, state.remember((), item.held)
        Finished   the last item of a poll that worked: state.remember(item.validators), state.save_source(item.state)
    FetchError     the source as a whole failed: state.source_failed(...); what was recorded before it stays

The next document is asked for only when the caller comes back for it, so everything before it is
recorded by then. A source reads the state and never writes it.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import ClassVar, Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from tracker.answers import Answer, UrlValidators
from tracker.errors import FetchError
from tracker.gone_over import Days
from tracker.http import PoliteClient
from tracker.politeness import PATIENCE
from tracker.readers.base import Document
from tracker.shape import Shape
from tracker.state import Held, SourceState, State
from tracker.windows import Window, read_window

HOUR = 3600.0
DAY = 24 * HOUR

ArchiveRaw = Callable[[bytes], str]
"""Keeps bytes and gives their digest."""


class Expect(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many entries or documents an answer of the source holds at least and at most.

    `most_lost` is the part of a list's entries that one copy of it may have less than the copy before.
    """

    min: int = 0
    max: int | None = None
    most_lost: float = 0.1

    def __post_init__(self) -> None:
        if self.min < 0 or (self.max is not None and self.max < self.min):
            raise ValueError("expect: min is 0 or more, and max is not less than min")
        if not 0 <= self.most_lost <= 1:
            raise ValueError("expect: most_lost is a part of the entries, from 0 to 1")

    def check(self, count: int, url: str) -> None:
        """Raises FetchError when a count is out of bounds: a source that collapses must not pass as quiet."""
        if count < self.min or (self.max is not None and count > self.max):
            bounds = f"{self.min} to {'any number' if self.max is None else self.max}"
            what = f"{url} holds {count} entries, {bounds} are expected"
            hint = "look at the source, or change its expect in sources.toml"
            raise FetchError(what, hint, url=url, trouble="shrunk" if count < self.min else "failed")


class SourceSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every `[[source]]` has; durations in seconds.

    `every` is the time between two polls, `every_least` and `every_most` the bounds within which the source's
    rhythm and its host's word move it. It is asked in its `window` only, whose hours are of `timezone` (IANA),
    and up to `jitter` later than planned. `deadline` is for one poll altogether. `tolerate` is how long a trouble
    must last before it is told, `silent_after` how long no new document may come.
    `republish` says whether its documents may be handed on in full, as in a case file; not set, the kind decides.
    """

    id: str
    kind: str
    every: float = HOUR
    every_least: float | None = None
    every_most: float | None = None
    window: str | None = None
    timezone: str = "UTC"
    jitter: float = 0.0
    deadline: float = HOUR / 4
    tolerate: float = 2 * HOUR
    silent_after: float | None = None
    expect: Expect = Expect()
    republish: bool | None = None

    is_public: ClassVar[bool] = True
    """Whether documents of the kind are anyone's to hand on, where `republish` is not set."""

    def __post_init__(self) -> None:
        if self.every < 1:
            raise ValueError(f"source {self.id}: every is one second or more")
        least = self.every if self.every_least is None else self.every_least
        most = self.every if self.every_most is None else self.every_most
        if not 1 <= least <= self.every <= most:
            raise ValueError(
                f"source {self.id}: every_least is a second or more, every no less, and every_most no less than that"
            )
        silent_after = 1 if self.silent_after is None else self.silent_after
        if min(self.jitter, self.tolerate) < 0 or min(self.deadline, silent_after) <= 0:
            raise ValueError(f"source {self.id}: jitter and tolerate are 0 or more; deadline and silent_after are more than 0")
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"source {self.id}: timezone {self.timezone!r} is none of the IANA list") from None
        try:
            self.hours  # noqa: B018 - so that a window that cannot be read is told at the start
        except ValueError as error:
            raise ValueError(f"source {self.id}: {error}") from None

    @property
    def hours(self) -> Window | None:
        """The hours in which it is asked; None for all."""
        return None if self.window is None else read_window(self.window, self.timezone)

    @property
    def longest_wait(self) -> float:
        """How far what its host says may move a poll, in seconds."""
        return self.every_most or max(self.every, 6 * HOUR)

    @property
    def may_republish(self) -> bool:
        """Whether its documents may be handed on in full."""
        return self.is_public if self.republish is None else self.republish


def check_url(source: str, url: str) -> None:
    """Raises ValueError for what is no web address."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"source {source}: {url!r} is no http or https address")


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """A document and the answer it came in; `validators` and `held` are saved once it is recorded.

    A `provisional` one stands in for what came damaged; the source asks for that again.
    """

    document: Document
    answer: Answer
    validators: tuple[UrlValidators, ...] = ()
    held: tuple[Held, ...] = ()
    provisional: bool = False


class Unchanged(msgspec.Struct, frozen=True, kw_only=True):
    """A document was asked for and is as it was; `provisional` as in `Fetched`."""

    url: str
    validators: tuple[UrlValidators, ...] = ()
    held: tuple[Held, ...] = ()
    provisional: bool = False


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """One document could not be had; `raw` is the digest of what was answered instead, if anything was.

    With `held` it is not asked again before its time (it is gone for good), else at the next poll.
    """

    url: str
    error: str
    hint: str | None = None
    raw: str | None = None
    held: tuple[Held, ...] = ()


class Finished(msgspec.Struct, frozen=True, kw_only=True):
    """The source is through: the state to save, and validators of its own URL. `unchanged` says it answered so.

    `shape` is what its own answer looked like, where there was one and the kind of source tells. `covered` are the days of
    publication that were gone over wholly, where the source tells its past.
    """

    state: SourceState
    validators: tuple[UrlValidators, ...] = ()
    unchanged: bool = False
    failed: int = 0
    shape: Shape | None = None
    covered: Days | None = None


Item = Fetched | Unchanged | Failed | Finished


class Fetch(Protocol):
    """Fetches what is new at a source, lazily. Raises FetchError when the source as a whole fails.

    `now` is the time of the poll, aware. `since` and `until` (days, both included) reach into the past
    where the source has one; the state then does not move.
    """

    def __call__(
        self,
        source: "SourceSettings",
        client: PoliteClient,
        state: State,
        archive_raw: ArchiveRaw,
        now: datetime,
        since: date | None = None,
        until: date | None = None,
    ) -> Iterator[Item]: ...


class Patience:
    """When to stop asking a source: three failures of the host in a row, or its word to wait for long.

    One document that fails is no reason, and neither is a wait that the client keeps by itself.
    """

    def __init__(self, limit: int = 3) -> None:
        self._limit = limit
        self._failures = 0

    def worked(self) -> None:
        """The host answered as it should."""
        self._failures = 0

    def failed(self, error: FetchError) -> None:
        """Raises FetchError when that is enough."""
        self._failures = self._failures + 1 if error.transient else 0
        told = error.retry_after is not None and error.retry_after > PATIENCE
        if not told and self._failures < self._limit:
            return
        why = "the host asks to be left alone" if told else f"{self._failures} requests in a row failed"
        raise FetchError(
            f"stopped early, {why}: {error}",
            "what came before is kept; the rest follows at the next poll",
            url=error.url,
            raw=error.raw,
            retry_after=error.retry_after,
            status=error.status,
            transient=True,
        ) from error


def archived(error: FetchError, archive_raw: ArchiveRaw) -> FetchError:
    """The same error with the bytes of the answer archived, where there were any."""
    if error.raw is None and error.body:
        error.raw = archive_raw(error.body)
    return error


def next_check(
    now: datetime,
    every: float,
    *,
    fresh_for: float | None = None,
    retry_after: float | None = None,
    longest_wait: float = 6 * HOUR,
) -> datetime:
    """When a source is to be polled again.

    After `every` seconds, or later where the host says so: Retry-After is kept up to a day, the freshness
    of its answer up to `longest_wait` (a careless max-age of a year must not silence a source).
    """
    wait = max(every, min(fresh_for or 0.0, longest_wait), min(retry_after or 0.0, DAY))
    return now + timedelta(seconds=wait)
