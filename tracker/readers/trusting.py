"""Whether what a trigger tells is likely: signs may speak against it.

Triggers of ends and listings are mostly right where they fit, those of ties told in passing and of responses in two of
three: "a review had led the institute to end it" tells of none that goes on. What signs weigh for such a trigger is
learnt (`weights`), and one that weighs too little tells nothing. Nor does such a trigger tell of two that it names what all
other signs refute: "The government allows Microsoft to do business with Huawei" tells of no business.
"""

from collections.abc import Iterable
from typing import Final

from tracker.readers.compiled import Compiled
from tracker.readers.frame import Frame
from tracker.readers.scene import Memory, Scene
from tracker.readers.signs import Around, Told, of_frame, of_trigger
from tracker.readers.weights import KINDS, Sign, Table, Weights

_DOUBTED: Final = frozenset({"tie-reported", "institution-responded"})
UNLABELLED: Final = frozenset({"continuing", "denying"})
"""Stances that labelled articles know nothing of, whoever takes them."""


def is_doubted(frame: Frame) -> bool:
    """Whether it is a trigger of a kind that is weighed."""
    return frame.trigger.statement in _DOUBTED and frame.trigger.stance not in UNLABELLED


def trusted(scene: Scene, told: Told, words: Compiled, memory: Memory, weights: Weights) -> list[Frame]:
    """The frames of a sentence without those that weigh too little."""
    return [each for each in told.frames if not is_doubted(each) or _is_likely(each, scene, told, words, memory, weights)]


def _is_likely(frame: Frame, scene: Scene, told: Told, words: Compiled, memory: Memory, weights: Weights) -> bool:
    number = KINDS.index(frame.trigger.statement)
    near = told.around(scene, words, memory)
    pair = dict.fromkeys(of_frame(frame, scene, near, words, memory))
    names_both = frame.one("INSTITUTION") is not None and frame.one("PARTY") is not None
    if names_both and _weigh(weights.pairs, number, near, pair) < weights.refuted[number]:
        return False
    return _weigh(weights.triggers, number, near, (*of_trigger(frame), *pair)) >= weights.triggers.least[number]


def _weigh(table: Table, number: int, near: Around, signs: Iterable[Sign]) -> float:
    """What signs weigh for a kind, together with those of their sentence."""
    return table.bias[number] + near.sum(table)[number] + table.sum(signs)[number]
