"""Delivers what was issued: at least once, with a receipt in the second ledger, the same id at every try."""

from collections.abc import Sequence

import msgspec

from events.base import Event, Recorded
from events.operations import DeliveryFailed, DeliveryMade, DigestIssued, WatchAdded
from tracker.app import App
from tracker.deliver import CHANNELS
from tracker.deliver.base import DeliveryError, Parcel
from tracker.digest import issued


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one digest on one channel; `error` is None when it was taken."""

    watch: str
    number: int
    channel: str
    receipt: str | None = None
    error: str | None = None


def deliver(app: App, watch: str) -> list[Delivery]:
    """Delivers every digest of a watch that some channel of it has not taken yet, oldest first."""
    done = []
    for digest in issued(app, watch):
        for channel in _still_wanted(app, digest):
            stream = f"delivery/{watch}/{digest.number}/{channel}"
            if not any(isinstance(one.event, DeliveryMade) for one in app.receipts.stream(stream)):
                done.append(_deliver(app, digest, channel, stream))
    return done


def _still_wanted(app: App, digest: DigestIssued) -> list[str]:
    """The channels that the watch still has: one that was removed, its address erased, is owed nothing."""
    known = [one.event for one in app.ledger.stream(f"watch/{digest.watch}")]
    wanted = known[-1].channels if known and isinstance(known[-1], WatchAdded) else ()
    return [channel for channel in digest.channels if channel in wanted]


def _deliver(app: App, digest: DigestIssued, channel: str, stream: str) -> Delivery:
    delivery = Delivery(watch=digest.watch, number=digest.number, channel=channel)
    target = app.private.get(channel)
    kind = channel.partition(":")[0]
    try:
        if target is None:
            raise DeliveryError("the address was erased")
        receipt = CHANNELS[kind](_parcel(app, digest), target)
    except DeliveryError as error:
        # The address itself stays out of the ledger of receipts: it could not be erased there.
        words = str(error).replace(target, "the address") if target else str(error)
        failed = DeliveryFailed(watch=digest.watch, number=digest.number, channel=channel, error=words)
        app.receipts.append(stream, lambda _: [failed], app.clock.now())
        return msgspec.structs.replace(delivery, error=str(error))
    made = DeliveryMade(watch=digest.watch, number=digest.number, channel=channel, receipt=receipt)

    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        return [] if any(isinstance(one.event, DeliveryMade) for one in known) else [made]

    app.receipts.append(stream, decide, app.clock.now())
    return msgspec.structs.replace(delivery, receipt=receipt)


def _parcel(app: App, digest: DigestIssued) -> Parcel:
    return Parcel(
        id=f"{digest.watch}-{digest.number}",
        watch=digest.watch,
        number=digest.number,
        text=app.archive.get(digest.text),
        html=app.archive.get(digest.html),
        json=app.archive.get(digest.json),
    )
