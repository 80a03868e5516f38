"""Events to bytes and back, and the table of topics.

The stored topic is `<topic>@<schema>`, so that an old shape is known before its bytes are read; the
state is JSON, `{"at": <time of recording>, "event": {...}}`. Old shapes are upcast when read, one
schema at a time, and nothing stored is ever rewritten.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

import msgspec

from events import decisions, deliveries, documents, operations, statements
from events.base import Event

E = TypeVar("E", bound=Event)

EVENTS: Final[tuple[type[Event], ...]] = (
    documents.DocumentCaptured,
    documents.DocumentRead,
    statements.EntityAdded,
    statements.EntityRevised,
    statements.EntityRemoved,
    statements.EntitySuspended,
    statements.EntityCorrected,
    statements.EntityFound,
    statements.RuleInForce,
    statements.ListingReported,
    statements.InstitutionResponded,
    statements.EntityResponded,
    statements.TieReported,
    statements.TieEnded,
    decisions.RegisterAdopted,
    decisions.PartyLinked,
    decisions.PartyUnlinked,
    decisions.ClaimRejected,
    decisions.ClaimAccepted,
    decisions.ClaimsMerged,
    decisions.ClaimsSplit,
    decisions.NameDecided,
    decisions.ReadingAccepted,
    operations.SourceFailed,
    operations.SourceShrunk,
    operations.SourceChanged,
    operations.SourceSilent,
    operations.SourceRecovered,
    operations.ListReconciled,
    operations.WatchAdded,
    operations.WatchChanged,
    operations.WatchPaused,
    operations.WatchResumed,
    operations.WatchRemoved,
    operations.DigestIssued,
    operations.DeliveryMade,
    operations.DeliveryFailed,
    deliveries.ChannelPaused,
    deliveries.ChannelResumed,
    deliveries.ChannelUnsubscribed,
    deliveries.ConfirmationAsked,
    deliveries.ChannelConfirmed,
)

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTERS: Final[dict[str, Upcaster]] = {}
"""Stored topic of an old shape -> the function that turns its fields into the next schema's."""


class UnknownEventError(ValueError):
    """A stored event whose topic or shape this version of the software does not know."""


class _Envelope(msgspec.Struct, Generic[E], frozen=True):
    at: datetime
    event: E


_encoder = msgspec.json.Encoder()
_decoders: Final = {
    f"{event.topic()}@{event.schema}": msgspec.json.Decoder(_Envelope[event])  # type: ignore[valid-type]
    for event in EVENTS
}
_raw = msgspec.json.Decoder(dict[str, Any])


def stored_topic(event: type[Event]) -> str:
    """The topic as stored, `<topic>@<schema>`."""
    return f"{event.topic()}@{event.schema}"


def stored_topics(event: type[Event]) -> list[str]:
    """Every topic that events of a class may be stored under: that of today and those of older shapes."""
    older = [topic for topic in UPCASTERS if topic.partition("@")[0] == event.topic()]
    return [stored_topic(event), *older]


def encode(recorded_at: datetime, event: Event) -> tuple[str, bytes]:
    """Gives the stored topic and the bytes of one event."""
    return stored_topic(type(event)), _encoder.encode(_Envelope(recorded_at, event))


def decode(topic: str, state: bytes) -> tuple[datetime, Event]:
    """Reads one stored event, upcasting old shapes.

    Raises UnknownEventError for a topic nobody knows or bytes that do not fit it.
    """
    decoder = _decoders.get(topic)
    try:
        if decoder is not None:
            envelope = decoder.decode(state)
            return envelope.at, envelope.event
        return _decode_old(topic, state)
    except msgspec.MsgspecError as error:
        raise UnknownEventError(f"{topic}: {error}") from error


def _decode_old(topic: str, state: bytes) -> tuple[datetime, Event]:
    fields = _raw.decode(state)
    while topic not in _decoders:
        upcast = UPCASTERS.get(topic)
        if upcast is None:
            raise UnknownEventError(f"{topic}: not an event of this version; the ledger was written by a newer one")
        fields["event"] = upcast(fields["event"])
        name, _, schema = topic.partition("@")
        topic = f"{name}@{int(schema) + 1}"
    envelope = _decoders[topic].decode(_encoder.encode(fields))
    return envelope.at, envelope.event
