"""What a channel is given and what it gives back."""

from typing import Protocol

import msgspec


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """A digest to deliver. `id` is the same at every try, so that receivers can drop repeats."""

    id: str
    watch: str
    number: int
    text: bytes
    html: bytes
    json: bytes


class DeliveryError(Exception):
    """A channel could not take a parcel; it is tried again at the next run."""


class Channel(Protocol):
    """Delivers a parcel to a target and gives a receipt, a word about what was taken; raises DeliveryError."""

    def __call__(self, parcel: Parcel, target: str) -> str: ...
