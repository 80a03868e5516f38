"""What the events of one watch come to: its terms as they stand, and what of it is paused."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from events.base import Recorded
from events.operations import WatchAdded, WatchChanged, WatchPaused, WatchRemoved, WatchResumed, WatchTerms


class Watching(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A watch as it stands. It was added at the position `begun`, recorded at `begun_at`; ids may be used again."""

    terms: WatchAdded | WatchChanged
    begun: int
    begun_at: datetime | None = None
    paused: bool = False
    paused_channels: tuple[str, ...] = ()

    @property
    def watch(self) -> str:
        """Its id."""
        return self.terms.watch

    @property
    def channels(self) -> tuple[str, ...]:
        """All its channels, by reference."""
        return self.terms.channels

    @property
    def open_channels(self) -> tuple[str, ...]:
        """The channels that are owed something now."""
        return () if self.paused else tuple(one for one in self.terms.channels if one not in self.paused_channels)


def watching(recorded: Iterable[Recorded]) -> Watching | None:
    """The watch that a stream `watch/<id>` comes to; None where there is none, or it was removed."""
    found: Watching | None = None
    for one in recorded:
        found = followed(found, one)
    return found


def followed(before: Watching | None, one: Recorded) -> Watching | None:
    """A watch after one more event of its stream; other events change nothing."""
    event = one.event
    if isinstance(event, WatchAdded):
        return Watching(terms=event, begun=one.position, begun_at=one.recorded_at)
    if isinstance(event, WatchRemoved) or before is None:
        return None
    if isinstance(event, WatchChanged):
        kept = tuple(channel for channel in before.paused_channels if channel in event.channels)
        return msgspec.structs.replace(before, terms=event, paused_channels=kept)
    if isinstance(event, WatchPaused | WatchResumed):
        return _paused(before, event)
    return before


def _paused(before: Watching, event: WatchPaused | WatchResumed) -> Watching:
    pauses = isinstance(event, WatchPaused)
    if event.channel is not None:
        others = tuple(one for one in before.paused_channels if one != event.channel)
        return msgspec.structs.replace(before, paused_channels=(*others, event.channel) if pauses else others)
    terms: WatchTerms = before.terms
    if isinstance(event, WatchResumed) and event.since is not None:
        terms = msgspec.structs.replace(terms, since=max(event.since, terms.since))
    return msgspec.structs.replace(before, terms=terms, paused=pauses)
