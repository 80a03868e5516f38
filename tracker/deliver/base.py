"""What a channel is given and what it gives back."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Protocol

import msgspec

from tracker.clock import Clock
from tracker.deliver.settings import EmailSettings
from tracker.http import HttpSettings


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """A digest as it was issued to a channel: when, and its model in JSON."""

    at: datetime
    json: bytes


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """A digest to deliver. `id` is the same at every try, so that receivers can drop repeats.

    It belongs to the digest, the channel and the content, holds letters, digits, `_` and `-` only, and
    tells nothing about the address. `all_issued` reads every digest issued to the channel so far, newest
    first: feeds and calendars are written from all of them, so that a retry of an old one undoes nothing.
    """

    id: str
    watch: str
    number: int
    issued_at: datetime
    text: bytes
    html: bytes
    json: bytes
    all_issued: Callable[[], Iterator[Issued]]


class TakesMail(Protocol):
    """A mail server as channels use it."""

    def send(self, message: EmailMessage, target: str) -> str:
        """Sends a mail to one address and gives the receipt; raises DeliveryError."""


class Means(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel may use besides: the time, the settings, and the secret kept with its address."""

    clock: Clock
    http: HttpSettings = HttpSettings()
    email: EmailSettings = EmailSettings()
    reference: str = ""
    secret: str | None = None
    unsubscribe: str | None = None
    """The page on which this channel can be ended without login, where one is served."""
    mail_server: TakesMail | None = None
    """What mails of this run go through; a connection of its own for each where there is none."""


class DeliveryError(Exception):
    """A channel could not take a parcel; it is tried again at the next run."""


class RefusedError(DeliveryError):
    """Somebody else's machine did not take a parcel: it is tried again after a pause that grows with each try.

    `wait` is how long that machine asked to be left alone, where it did. `weight` is how much the refusal counts
    towards giving the address up: nothing where the address is not to blame.
    """

    def __init__(self, message: str, wait: timedelta = timedelta(0), weight: int = 1) -> None:
        super().__init__(message)
        self.wait = wait
        self.weight = weight


class ClosedError(RefusedError):
    """The way that all channels of this kind take is closed: none of them is tried again in this run."""

    def __init__(self, message: str) -> None:
        super().__init__(message, weight=0)


class GoneError(DeliveryError):
    """Whoever is behind the channel wants no more, and said so."""


class Channel(Protocol):
    """Delivers a parcel to a target and gives a receipt, a word about what was taken; raises DeliveryError."""

    def __call__(self, parcel: Parcel, target: str, means: Means) -> str: ...


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of channel.

    `target` names what follows the colon. `check` gives a target as it is kept, or raises ValueError with
    a sentence that says what to write instead. `show` is the target as it may be printed to the operator, `mask`
    as a record of deliveries tells it.
    """

    target: str
    deliver: Channel
    check: Callable[[str], str]
    show: Callable[[str], str] = str
    mask: Callable[[str], str] = str
    needs_secret: bool = False
