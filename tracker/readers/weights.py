"""What signs weigh for and against a kind of statement, learnt from labelled texts: `config/weights/<language>.json`.

A sign is a family of words or a word, and where it stands to the two who are spoken of (`signs`). The
weights of all signs of a pair add up to the logarithm of the odds that the sentence tells the statement of it.
"""

import hashlib
from typing import Final

import msgspec

KINDS: Final = ("tie-ended", "tie-reported", "institution-responded", "listing-reported")
"""The kinds of statements that are weighed, in the order of each line of weights."""

Sums = tuple[float, float, float, float]
"""For each kind what signs add up to."""


class Weights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The weights of one language. `least`: what a pair must weigh to be told; `digest`: the sha256 of the file."""

    language: str
    bias: Sums
    least: Sums
    signs: dict[str, dict[str, Sums]]
    """Where a sign stands -> the sign -> what it weighs."""
    digest: str = ""


def load_weights(text: str, where: str) -> Weights:
    """Reads weights; raises ValueError naming the file and what is wrong."""
    try:
        weights = msgspec.json.decode(text, type=Weights)
    except msgspec.MsgspecError as error:
        raise ValueError(f"{where}: {error}") from error
    return msgspec.structs.replace(weights, digest=hashlib.sha256(text.encode()).hexdigest())
