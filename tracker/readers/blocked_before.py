"""What takes a frame back by the words right before its anchor: the blockers that are made of expressions."""

from typing import Final

from tracker.readers.compiled import Compiled
from tracker.readers.frame import Frame
from tracker.readers.scene import Scene

_LEAD: Final = 140
"""How many letters before an anchor an expression is held against."""


def is_blocked_before(frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether a blocker that is made of expressions alone fits the words right before the anchor."""
    kind, despite = frame.trigger.statement, frame.trigger.despite
    fitting = scene.blockers_before.get((kind, frame.anchor.start))
    if fitting is None:  # several frames have the same anchor
        leads = leads_of(frame, scene, words)
        fitting = tuple(name for name, each in words.only_before[kind] if any(each.search(lead) for lead in leads))
        scene.blockers_before[kind, frame.anchor.start] = fitting
    return any(name not in despite and name not in words.silent for name in fitting)


def leads_of(frame: Frame, scene: Scene, words: Compiled) -> tuple[str, ...]:
    """The words right before the anchor, without and with its first word, where words are set apart."""
    start, text = frame.anchor.start, scene.folded
    low = max(0, start - _LEAD)
    if not words.lexicon.spaced:
        return (text[low:start],)
    end = text.find(" ", start)
    return text[low:start], text[low : end if end > start else len(text)]
