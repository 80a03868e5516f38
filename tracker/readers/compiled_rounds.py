"""The compiled `[rounds]` of a lexicon: how sentences count parties for a round of listings told before."""

import re

import msgspec

from tracker.readers.expressions import either
from tracker.readers.lexicon_clauses import Rounds


class RoundWords(msgspec.Struct, frozen=True):
    """The expressions of `Rounds`; None where the lexicon has none."""

    opens: re.Pattern[str] | None
    opens_it: re.Pattern[str] | None
    counted: re.Pattern[str] | None
    between: re.Pattern[str] | None
    placed: re.Pattern[str] | None
    ranked: re.Pattern[str] | None
    surely: re.Pattern[str] | None
    ranked_too: re.Pattern[str] | None
    ranked_open: re.Pattern[str] | None
    so_too: re.Pattern[str] | None
    companion: re.Pattern[str] | None
    row: re.Pattern[str] | None
    attached: re.Pattern[str] | None
    part_of: re.Pattern[str] | None
    parts: re.Pattern[str] | None


def round_words(rounds: Rounds) -> RoundWords:
    """The expressions, each by its name; what attaches a name to another, or makes a part of it, ends right before it."""
    expressions = {name: getattr(rounds, name) for name in RoundWords.__struct_fields__}
    for name in ("attached", "part_of"):
        expressions[name] = tuple(f"(?:{each})$" for each in expressions[name])
    return RoundWords(**{name: either(f"rounds.{name}", each) for name, each in expressions.items()})
