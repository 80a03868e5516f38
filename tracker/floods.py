"""The flood guard: more changes of a kind than a person reads are told in one line, with the command that lists them."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import msgspec

from projections.rows import ChangeRow, EvidenceRow
from tracker.corrections import Corrected

MOST_OF_ONE: Final = 200
"""Changes of one kind that a digest tells one by one, unless settings say otherwise; the first copy of a list holds thousands."""


class Line(msgspec.Struct, frozen=True):
    """A change to be told; with what it corrects, or how many more it stands for."""

    change: ChangeRow
    corrected: Corrected | None = None
    stands_for: int = 0
    of_what: str = ""
    is_late: bool = False
    was_told_by: tuple[EvidenceRow, ...] = ()
    """Of what is told no more: who said so."""


def merged(lines: Sequence[Line], most: int) -> list[Line]:
    """The lines of one group with floods in one line each: first those of one document, then what is still too much."""
    count = Counter(_source(line) for line in lines)
    told: set[tuple[str, str]] = set()
    kept = []
    for line in lines:
        key = _source(line)
        if count[key] <= most or line.change.document is None or line.is_late:
            kept.append(line)
        elif key not in told:
            told.add(key)
            kept.append(Line(line.change, line.corrected, count[key] - 1, " by the same document"))
    if len(kept) <= most:
        return kept
    rest = sum(1 + line.stands_for for line in kept[most:])
    last = kept[most]
    return [*kept[:most], Line(last.change, last.corrected, rest - 1, " of this kind") if rest > 1 else last]


def _source(line: Line) -> tuple[str, str]:
    return (line.change.document or "", line.change.type)
