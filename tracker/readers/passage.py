"""One sentence with what surrounds it, and what is drafted from it before like statements are merged."""

from typing import Final

import msgspec

from events.base import Evidence
from events.edtf import Interval
from events.statements import Report
from tracker.readers.scene import Scene

EXPLICIT: Final = 1.0
"""How sure a statement is whose actors are named in the pattern; less where words point back."""
RESOLVED: Final = 0.9


class Passage(msgspec.Struct, frozen=True):
    """One sentence with what surrounds it."""

    place: int
    line: int
    evidence: Evidence
    scene: Scene
    published: Interval | None


class Draft(msgspec.Struct):
    """A statement before like ones are merged. `dated`: whether the text itself gives the date."""

    statement: Report
    place: int
    dated: bool
    named: bool
    headline: bool = False
    weak: bool = False
    implied: bool = False
    """Whether it is only a tie that stands behind a response, for a text that tells of none."""
