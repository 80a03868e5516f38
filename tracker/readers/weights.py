"""What signs weigh for and against a kind of statement, learnt from labelled texts: `config/weights/<language>.json`.

A sign is a family of words or a word, and where it stands to the two who are spoken of (`signs`). The weights of all
signs add up to the logarithm of the odds: for two who are spoken of, that the sentence tells a statement of them
(`pairs`); for a trigger that fits, that what it tells is right (`triggers`).
"""

import hashlib
from collections.abc import Iterable
from typing import Final

import msgspec

from tracker.readers.encoder import Encoder

KINDS: Final = ("tie-ended", "tie-reported", "institution-responded", "listing-reported")
"""The kinds of statements that are weighed, in the order of each line of weights."""

Sign = tuple[str, str]
"""Where a sign stands, and what it is."""
Sums = tuple[float, float, float, float]
"""For each kind what signs add up to."""


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What signs weigh. `bias`: what nothing weighs; `least`: what a statement must weigh to be told."""

    bias: Sums
    least: Sums
    signs: dict[str, dict[str, Sums]]
    """Where a sign stands -> the sign -> what it weighs."""

    def sum(self, signs: Iterable[Sign]) -> Sums:
        """What signs weigh together, for each kind; the bias is not among it."""
        tables = self.signs
        ended = had = answered = listed = 0.0
        for where, sign in signs:
            table = tables.get(where)
            found = table.get(sign) if table is not None else None
            if found is not None:
                ended += found[0]
                had += found[1]
                answered += found[2]
                listed += found[3]
        return ended, had, answered, listed


class Weights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The weights of one language. `digest`: the sha256 of the file."""

    language: str
    pairs: Table
    triggers: Table
    refuted: Sums
    """For each kind what a pair weighs where so much speaks against it that no trigger of ties or responses is believed."""
    hope: Sums = (-99.0, -99.0, -99.0, -99.0)
    """For each kind what a sentence must weigh alone for its pairs to be weighed at all: it saves time, and should lose none."""
    wide: bool = False
    """Whether pairs are weighed, too, of whom it is less sure that they are meant: the encoder tells."""
    share: Sums = (1.0, 1.0, 1.0, 1.0)
    """How much of what the encoder says counts, kind by kind."""
    gate: float = 0.0
    """What a pair weighs below which the encoder is not asked."""
    least_read: Sums = (0.0, 0.0, 0.0, 0.0)
    """What a pair must weigh to be told, with what the encoder adds."""
    encoder: Encoder | None = None
    """What reads sentences whole, where there is one for the language."""
    digest: str = ""


def load_weights(text: str, where: str) -> Weights:
    """Reads weights; raises ValueError naming the file and what is wrong."""
    try:
        weights = msgspec.json.decode(text, type=Weights)
    except msgspec.MsgspecError as error:
        raise ValueError(f"{where}: {error}") from error
    return msgspec.structs.replace(weights, digest=hashlib.sha256(text.encode()).hexdigest())
