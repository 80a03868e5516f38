"""Delivers what was issued: at least once, with a receipt in the second ledger, the same id at every try.

    what is owed, from the view -> a watch at a time, no two processes at once -> a channel at a time, oldest first
      -> taken: delivery-made; refused: delivery-failed, and the channel rests; refused too often: channel-paused

What somebody else's machine refused is tried again after 5 minutes, then 10, 20 ..., at most a day, or
after as long as it asked for; the record of the failure says when. What failed on this machine is tried
again at the next run. A digest that was refused three times lets later ones go first.
"""

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Final

import msgspec

from events.base import Event, Recorded
from events.operations import DeliveryFailed, DeliveryMade
from projections.deliveries import ChannelRow, ParcelRow, owed, parcel_of
from tracker.app import App
from tracker.channels import is_unconfirmed, pause_if_dead, state_of, unsubscribe, wanted
from tracker.confirming import ask
from tracker.deliver import CHANNELS
from tracker.deliver.base import ClosedError, DeliveryError, GoneError, RefusedError
from tracker.deliver.smtp import MailServer
from tracker.erasing import erase_leftovers
from tracker.errors import TrackerError
from tracker.lines import one_line
from tracker.locks import one_at_a_time
from tracker.parcels import means, parcel

FIRST_PAUSE: Final = timedelta(minutes=5)
LONGEST_PAUSE: Final = timedelta(days=1)
STUBBORN: Final = 3
"""Tries after which a digest no longer holds up those behind it: it may be the digest that is refused."""

log = logging.getLogger(__name__)


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one digest on one channel; `error` is None when it was taken."""

    watch: str
    number: int
    channel: str
    receipt: str | None = None
    error: str | None = None


def deliver(
    app: App, watch: str | None = None, *, at_once: bool = False, go_on: Callable[[], bool] = lambda: True
) -> list[Delivery]:
    """Delivers the digests of a watch, or of all, that some channel has not taken yet and that are due.

    With `at_once`, pauses after failures are not kept, nor those of channels that were given up: a person asked.
    `go_on` is asked before each channel: what is left when it says no is delivered by the next run.
    """
    erase_leftovers(app)
    found = wanted(app, watch)
    app.deliveries.catch_up()
    with app.deliveries.store.reading() as database:
        parcels = owed(database, watch)
    waiting = {channel for channel in parcels if channel in found}
    if app.config.settings.email.confirm:
        waiting |= {channel for channel in found if channel.startswith("email:")}
    done: list[Delivery] = []
    # What was refused comes last: a mail that a server hangs up on keeps no other from it.
    refused = {channel for channel in waiting if any(one.state == "failed" for one in parcels.get(channel, ()))}
    in_order = sorted((one for one in found if one in waiting), key=refused.__contains__)
    with MailServer(app.config.settings.email) as mail_server:
        run = _Run(app, mail_server, at_once)
        for channel in takewhile(lambda _: go_on(), in_order):
            with one_at_a_time(app.home, found[channel]):
                done += run.deliver_to(found[channel], channel)
    return done


class _Run:
    """One run: what is closed for the rest of it, and what became of each parcel."""

    def __init__(self, app: App, mail_server: MailServer, at_once: bool) -> None:
        self.app = app
        self.mail_server = mail_server
        self.at_once = at_once
        self.closed: set[str] = set()

    def deliver_to(self, watch: str, channel: str) -> Iterator[Delivery]:
        """Delivers to one channel what it is owed now: another process may have done so meanwhile."""
        state = state_of(self.app, channel)
        if state.unsubscribed_at is not None or not self._is_due(state):
            return
        with self.app.deliveries.store.reading() as database:
            waiting = owed(database, watch).get(channel, [])
            asked = parcel_of(database, channel, 0)
        if is_unconfirmed(self.app, state, self.app.private.get(channel)):
            waiting = [asked or ParcelRow(channel=channel, number=0, watch=watch)] if self._may_ask(state) else []
        for row in sorted(waiting, key=lambda one: (one.tries >= STUBBORN, one.number)):
            if not self.at_once and row.next_try is not None and datetime.fromisoformat(row.next_try) > self.app.clock.now():
                continue
            if channel.partition(":")[0] in self.closed:
                return
            delivery, goes_on = self._deliver(row)
            yield delivery
            if not goes_on:
                return

    def _is_due(self, state: ChannelRow) -> bool:
        if self.at_once:
            return True
        resting = state.rest is not None and datetime.fromisoformat(state.rest) > self.app.clock.now()
        return not resting and not pause_if_dead(self.app, state)

    def _may_ask(self, state: ChannelRow) -> bool:
        """An address is asked once; again only when a person wants it."""
        return state.asked_until is None or self.at_once

    def _deliver(self, row: ParcelRow) -> tuple[Delivery, bool]:
        """Tries one parcel; gives what became of it, and whether the channel may be tried with the next."""
        app, channel = self.app, row.channel
        delivery = Delivery(watch=row.watch, number=row.number, channel=channel)
        target = app.private.get(channel)
        try:
            receipt = self._sent(row, target)
        except GoneError as error:
            _failed(app, row, target, error)
            unsubscribe(app, row.watch, channel, how="gone")
            return msgspec.structs.replace(delivery, error=_without(target, str(error))), False
        except DeliveryError as error:
            _failed(app, row, target, error)
            if isinstance(error, ClosedError):
                self.closed.add(channel.partition(":")[0])
            if isinstance(error, RefusedError):
                pause_if_dead(app, state_of(app, channel))
            return msgspec.structs.replace(delivery, error=one_line(str(error))), not isinstance(error, RefusedError)
        if row.number:
            _made(app, row, _without(target, receipt))
        return msgspec.structs.replace(delivery, receipt=receipt), True

    def _sent(self, row: ParcelRow, target: str | None) -> str:
        """Sends one parcel; raises DeliveryError, whatever goes wrong: one channel's fault stops no other."""
        if target is None:
            raise DeliveryError("the address was erased")
        try:
            if row.number == 0:
                return ask(self.app, row, target, self.mail_server)
            kind = CHANNELS[row.channel.partition(":")[0]]
            return kind.deliver(parcel(self.app, row), target, means(self.app, row.channel, self.mail_server))
        except DeliveryError:
            raise
        except TrackerError as error:
            raise DeliveryError(f"{error}" + (f"; {error.hint}" if error.hint else "")) from error
        except Exception as error:
            log.exception("%s: a fault of the channel", row.channel)
            raise DeliveryError(f"a fault of the channel: {type(error).__name__}: {error}") from error


def _made(app: App, row: ParcelRow, receipt: str) -> None:
    made = DeliveryMade(watch=row.watch, number=row.number, channel=row.channel, receipt=receipt)

    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        return [] if any(isinstance(one.event, DeliveryMade) for one in known) else [made]

    app.receipts.append(_stream(row), decide, app.clock.now())


def _failed(app: App, row: ParcelRow, target: str | None, error: DeliveryError) -> None:
    now, state = app.clock.now(), state_of(app, row.channel)
    failed = DeliveryFailed(
        watch=row.watch,
        number=row.number,
        channel=row.channel,
        error=_without(target, str(error)),
        next_try=_later(error, row.tries, now),
        rest=_later(error, state.refusals, now),
        weight=error.weight if isinstance(error, RefusedError) else 0,
    )

    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        # A disk that is full is told once, not at every run.
        again = failed.next_try is None and known and known[-1].event == failed
        return [] if again else [failed]

    app.receipts.append(_stream(row), decide, now)


def _stream(row: ParcelRow) -> str:
    return f"delivery/{row.watch}/{row.number}/{row.channel}"


def _without(target: str | None, words: str) -> str:
    """The words on one line without the address, however it is capitalised: it could not be erased from a ledger."""
    return one_line(re.sub(re.escape(target), "the address", words, flags=re.IGNORECASE) if target else words)


def _later(error: DeliveryError, failures: int, now: datetime) -> datetime | None:
    """When to try again at the earliest, after so many failures; None means at the next run."""
    if not isinstance(error, RefusedError):
        return None
    pause: timedelta = FIRST_PAUSE * (1 << min(failures, 10))
    return now + min(max(pause, error.wait), LONGEST_PAUSE)
