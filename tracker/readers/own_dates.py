"""Which dates of a sentence may date an act at all: not those of an aside, of the tie, or of another act."""

import re
from typing import Final

from tracker.readers.compiled import Compiled
from tracker.readers.dates import Dated
from tracker.readers.frame import Frame
from tracker.readers.left_out import relative_clauses
from tracker.readers.patterns import ACTS
from tracker.readers.phrases import OTHER_ACT
from tracker.readers.scene import Item, Scene

_YEAR: Final = "year"
_BESIDE_THE_WORDS: Final = 12
"""How far from the words that something goes on a year may stand that dates them."""
_APPOSITION: Final = re.compile(r", [^,;:()]{12,120},(?= )")


def own_dates(frame: Frame, scene: Scene, dates: list[Dated], words: Compiled) -> list[Dated]:
    """The dates that may be those of the act of a frame."""
    acts = frame.trigger.statement in ACTS
    if acts:
        dates = [each for each in dates if not (_is_of_another_act(each, frame, scene) or _is_put_in(each, frame, scene))]
    if acts or frame.trigger.statement == "listing-reported":
        clauses = relative_clauses(scene, words)
        dates = [each for each in dates if not (_is_aside(each, frame, clauses) or _is_in_an_apposition(each, frame, scene))]
    if frame.trigger.stance == "continuing":
        dates = [each for each in dates if not _is_year_of_the_tie(each, frame.anchor)]
    return dates


def _is_aside(dated: Dated, frame: Frame, clauses: list[tuple[int, int]]) -> bool:
    """Whether a date stands in a relative clause and the words of the act behind it, or the other way round."""
    place = frame.anchor.start
    return any((start < dated.start < end) != (start < place < end) for start, end in clauses)


def _is_in_an_apposition(dated: Dated, frame: Frame, scene: Scene) -> bool:
    """Whether a date stands in what only says who somebody is: "Skoltech, the school set up eleven years ago, was added"."""
    articles = {item.start for item in scene.of("the_w")}
    actors = (item for item in scene.of("INSTITUTION", "PARTY") if item.end + 2 in articles and item.end <= dated.start)
    asides = (_APPOSITION.match(scene.folded, item.end) for item in actors)
    place = frame.anchor.start
    return any(aside is not None and dated.end < aside.end() <= place for aside in asides)


def _is_put_in(dated: Dated, frame: Frame, scene: Scene) -> bool:
    """Whether a date stands between commas with the words of another act that open there: "the deal, signed in 2018, was"."""
    start, end = scene.folded.rfind(", ", 0, dated.start), scene.folded.find(",", dated.end)
    if start < 0 or end < 0 or start < frame.anchor.start < end:
        return False
    return any(other.start == start + 2 and other.end <= dated.start for other in scene.of(OTHER_ACT))


def _is_year_of_the_tie(dated: Dated, anchor: Item) -> bool:
    """Whether a year stands far from the words that something goes on: "set up a chair in 2015 that, they say, goes on"."""
    return dated.rule == _YEAR and max(dated.start - anchor.end, anchor.start - dated.end) > _BESIDE_THE_WORDS


def _is_of_another_act(dated: Dated, frame: Frame, scene: Scene) -> bool:
    """Whether the words of another act reach into a date: French "un contrat noué en 2012"."""
    low, high = frame.anchor.start, frame.anchor.end
    # "The contract, signed in 2016, has been terminated", and not "announced in 2016 the end of"
    apart = frame.trigger.stance == "continuing" or "," in scene.folded[dated.end : low]
    others = (each for each in scene.of(OTHER_ACT) if high <= each.start or (apart and each.end <= low))
    return any(other.start < dated.start < other.end <= dated.end for other in others)
