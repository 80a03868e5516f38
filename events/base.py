"""What an event is, and what it rests on.

An event is a frozen value with a topic (its msgspec tag) that never changes. The ledger adds the
stream, the version in the stream, the position in the ledger and the time of recording (`Recorded`).
"""

from datetime import datetime
from typing import ClassVar

import msgspec


class Event(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="type",
    omit_defaults=True,
    forbid_unknown_fields=True,
):
    """Anything the ledger holds; subclasses name their topic with `tag=`."""

    schema: ClassVar[int] = 1
    """Version of the shape. A new version needs an upcaster in `codec.UPCASTERS` and a stored sample."""

    internal: ClassVar[bool] = False
    """True for events about the people and ties of one institution: never shown outside it."""

    @classmethod
    def topic(cls) -> str:
        """The topic string, for example `entity-added`."""
        return str(cls.__struct_config__.tag)


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """An event as the ledger holds it.

    `position` counts from 1 over the whole ledger, `version` from 1 within the stream;
    `recorded_at` is aware and never decreases with the position.
    """

    position: int
    stream: str
    version: int
    recorded_at: datetime
    event: Event


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The passage a statement rests on: a span of an archived clean text.

    `text` is the sha256 of the clean text (UTF-8), `start` and `end` count code points in it, and
    `attributed_to` names whom the passage itself credits ("told Bloomberg"), if anyone. `words` is a
    digest of the passage with case and punctuation folded: the same words elsewhere are a copy.
    The version of the document stands once, on the `DocumentRead` that the statement follows.
    """

    text: str
    start: int
    end: int
    attributed_to: str | None = None
    words: str | None = None
