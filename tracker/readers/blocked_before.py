"""What takes a frame back by the words right before its anchor: the blockers that are made of expressions."""

from typing import Final

from tracker.readers.compiled import Compiled
from tracker.readers.frame import Frame
from tracker.readers.scene import Scene
from tracker.readers.side_clauses import without_side_clauses

_LEAD: Final = 140
"""How many letters before an anchor an expression is held against."""


def is_blocked_before(frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether a blocker that is made of expressions alone fits the words right before the anchor."""
    kind, despite = frame.trigger.statement, frame.trigger.despite
    leads = leads_of(frame, scene, words)
    fitting = scene.blockers_before.get((kind, *leads))
    if fitting is None:  # several frames have the same anchor
        fitting = tuple(name for name, each in words.only_before[kind] if any(each.search(lead) for lead in leads))
        scene.blockers_before[kind, *leads] = fitting
    return any(name not in despite and name not in words.silent for name in fitting)


def leads_of(frame: Frame, scene: Scene, words: Compiled) -> tuple[str, ...]:
    """The words right before the anchor, without and with its first word, where words are set apart."""
    start, text = frame.anchor.start, scene.folded
    low = max(0, start - _LEAD)
    if not words.lexicon.spaced:
        return (text[low:start],)
    end = text.find(" ", start)
    lead = without_side_clauses(frame, scene, words, start)[-_LEAD:]
    return lead, lead + text[start : end if end > start else len(text)]
