"""What becomes of a channel: confirmed, paused, tried again, unsubscribed. All of it stands in the ledger of receipts."""

from datetime import datetime
from typing import Literal

from events.base import Event


class ChannelPaused(Event, frozen=True, kw_only=True, tag="channel-paused"):
    """A channel refused so often that nothing more is sent to it by itself. Stream `channel/<channel>`.

    `failures` is the number of refusals in a row, `since` the time of the first, `error` the last one's word.
    """

    internal = True

    watch: str
    channel: str
    failures: int
    since: datetime
    error: str


class ChannelResumed(Event, frozen=True, kw_only=True, tag="channel-resumed"):
    """A person wants a paused channel to be tried again. Stream `channel/<channel>`."""

    internal = True

    watch: str
    channel: str


class ChannelUnsubscribed(Event, frozen=True, kw_only=True, tag="channel-unsubscribed"):
    """Whoever is behind a channel wants no more; its address is erased. Stream `channel/<channel>`.

    `how` is `link` (of a mail, or its one-click button) or `gone` (a webhook that answered 410).
    """

    internal = True

    watch: str
    channel: str
    how: Literal["link", "gone"]


class ConfirmationAsked(Event, frozen=True, kw_only=True, tag="confirmation-asked"):
    """An address was asked whether it wants the digests of a watch. Stream `channel/<channel>`.

    Its digests wait until it says yes, by a link that is good until `until`.
    """

    internal = True

    watch: str
    channel: str
    until: datetime


class ChannelConfirmed(Event, frozen=True, kw_only=True, tag="channel-confirmed"):
    """An address said that it wants the digests of a watch. Stream `channel/<channel>`."""

    internal = True

    watch: str
    channel: str
