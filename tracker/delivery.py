"""Delivers what was issued: at least once, with a receipt in the second ledger, the same id at every try.

What somebody else's machine refused is tried again after 5 minutes, then 10, 20 ..., at most a day, or
after as long as it asked for; the record of the failure says when. What failed on this machine is tried
again at the next run.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from events.base import Event, Recorded
from events.operations import DeliveryFailed, DeliveryMade, DigestIssued, WatchAdded
from tracker.app import App
from tracker.deliver import CHANNELS
from tracker.deliver.base import DeliveryError, Issued, Means, Parcel, RefusedError
from tracker.digest import issued
from tracker.private import secret_of
from tracker.render import one_line

FIRST_PAUSE: Final = timedelta(minutes=5)
LONGEST_PAUSE: Final = timedelta(days=1)


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one digest on one channel; `error` is None when it was taken."""

    watch: str
    number: int
    channel: str
    receipt: str | None = None
    error: str | None = None


def deliver(app: App, watch: str, *, at_once: bool = False) -> list[Delivery]:
    """Delivers every digest of a watch that some channel of it has not taken yet and is due, oldest first.

    With `at_once`, pauses after failures are not kept: a person asked.
    """
    done = []
    now = app.clock.now()
    for digest in issued(app, watch):
        for channel in _still_wanted(app, digest):
            stream = f"delivery/{watch}/{digest.number}/{channel}"
            tries = [one.event for one in app.receipts.stream(stream)]
            if any(isinstance(one, DeliveryMade) for one in tries):
                continue
            failures = [one for one in tries if isinstance(one, DeliveryFailed)]
            next_try = failures[-1].next_try if failures else None
            if at_once or next_try is None or next_try <= now:
                done.append(_deliver(app, digest, channel, stream, len(failures)))
    return done


def _still_wanted(app: App, digest: DigestIssued) -> list[str]:
    """The channels that the watch still has: one that was removed, its address erased, is owed nothing."""
    known = [one.event for one in app.ledger.stream(f"watch/{digest.watch}")]
    wanted = known[-1].channels if known and isinstance(known[-1], WatchAdded) else ()
    return [channel for channel in digest.channels if channel in wanted]


def _deliver(app: App, digest: DigestIssued, channel: str, stream: str, failures: int) -> Delivery:
    delivery = Delivery(watch=digest.watch, number=digest.number, channel=channel)
    target = app.private.get(channel)
    try:
        if target is None:
            raise DeliveryError("the address was erased")
        kind = CHANNELS[channel.partition(":")[0]]
        receipt = kind.deliver(_parcel(app, digest, channel), target, _means(app, channel))
    except DeliveryError as error:
        failed = DeliveryFailed(
            watch=digest.watch,
            number=digest.number,
            channel=channel,
            error=_without(target, str(error)),
            next_try=_next_try(error, failures, app.clock.now()),
        )
        app.receipts.append(stream, lambda _: [failed], app.clock.now())
        return msgspec.structs.replace(delivery, error=one_line(str(error)))
    made = DeliveryMade(watch=digest.watch, number=digest.number, channel=channel, receipt=_without(target, receipt))

    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        return [] if any(isinstance(one.event, DeliveryMade) for one in known) else [made]

    app.receipts.append(stream, decide, app.clock.now())
    return msgspec.structs.replace(delivery, receipt=receipt)


def _without(target: str | None, words: str) -> str:
    """The words on one line without the address, however it is capitalised: it could not be erased from a ledger."""
    return one_line(re.sub(re.escape(target), "the address", words, flags=re.IGNORECASE) if target else words)


def _next_try(error: DeliveryError, failures: int, now: datetime) -> datetime | None:
    """When to try again at the earliest; None means at the next run."""
    if not isinstance(error, RefusedError):
        return None
    pause: timedelta = FIRST_PAUSE * (1 << min(failures, 10))
    return now + min(max(pause, error.wait), LONGEST_PAUSE)


def _means(app: App, channel: str) -> Means:
    settings = app.config.settings
    secret = app.private.get(secret_of(channel))
    return Means(clock=app.clock, http=settings.http, email=settings.email, reference=channel, secret=secret)


def _parcel(app: App, digest: DigestIssued, channel: str) -> Parcel:
    named = f"{channel}\n{digest.number}\n{digest.json}"
    (at,) = [one.recorded_at for one in app.ledger.stream(f"digest/{digest.watch}") if one.event == digest]
    return Parcel(
        id=f"{digest.watch[:40].replace('.', '_')}-{digest.number}-{hashlib.sha256(named.encode()).hexdigest()[:16]}",
        watch=digest.watch,
        number=digest.number,
        issued_at=at,
        text=app.archive.get(digest.text),
        html=app.archive.get(digest.html),
        json=app.archive.get(digest.json),
        all_issued=lambda: _all_issued(app, digest.watch, channel),
    )


def _all_issued(app: App, watch: str, channel: str) -> Iterator[Issued]:
    """The digests issued to a channel, newest first; those of an earlier watch of the same name are not among them."""
    streamed = [(one.recorded_at, one.event) for one in app.ledger.stream(f"digest/{watch}")]
    for at, event in reversed(streamed):
        if isinstance(event, DigestIssued) and channel in event.channels:
            yield Issued(at=at, json=app.archive.get(event.json))
