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


def round_words(rounds: Rounds) -> RoundWords:
    return RoundWords(
        opens=either("rounds.opens", rounds.opens),
        opens_it=either("rounds.opens_it", rounds.opens_it),
        counted=either("rounds.counted", rounds.counted),
        between=either("rounds.between", rounds.between),
        placed=either("rounds.placed", rounds.placed),
        ranked=either("rounds.ranked", rounds.ranked),
        surely=either("rounds.surely", rounds.surely),
        ranked_too=either("rounds.ranked_too", rounds.ranked_too),
        ranked_open=either("rounds.ranked_open", rounds.ranked_open),
        so_too=either("rounds.so_too", rounds.so_too),
        companion=either("rounds.companion", rounds.companion),
        row=either("rounds.row", rounds.row),
        attached=either("rounds.attached", tuple(f"(?:{each})$" for each in rounds.attached)),
    )
