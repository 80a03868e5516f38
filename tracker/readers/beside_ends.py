"""What a sentence that tells of an end tells beside it: ties that stand on their own, and those that only say what ended."""

from events import edtf
from events.statements import TieReported
from tracker.readers.compiled import Compiled
from tracker.readers.frame import Frame
from tracker.readers.passage import Draft
from tracker.readers.scene import Item, Scene


def tells_more(draft: Draft, ends: set[str | None]) -> bool:
    """Whether a sentence that tells of an end tells of the tie itself too: how much it was worth, or since when it was.

    A day on which something ended is none since when it was.
    """
    statement = draft.statement
    if not isinstance(statement, TieReported):
        return False
    if statement.amount is not None or not draft.dated or statement.date is None:
        return statement.amount is not None
    since = edtf.parse(statement.date)
    return all(end is not None and not edtf.parse(end).overlaps(since) for end in ends)


def is_told_apart(frame: Frame, frames: list[Frame], scene: Scene, words: Compiled) -> bool:
    """Whether a relative clause tells it, or a clause of another institution: "Oxford has left; Surrey has a lab with Huawei"."""
    if _is_aside(frame, frames, scene, words):
        return True
    ends = [each for each in frames if each.trigger.statement == "tie-ended"]
    if all(_is_across_a_semicolon(frame, each, scene) for each in ends):
        return True
    own, theirs = frame.one("INSTITUTION"), [each.one("INSTITUTION") for each in ends]
    if own is None or own.pointing or any(item is None or item.pointing or item == own for item in theirs):
        return False
    return all(
        scene.has("break", min(each.end, frame.end), max(each.start, frame.start)) or _begins_a_clause(item, frame, scene)
        for each, item in zip(ends, theirs, strict=True)
    )


def _is_across_a_semicolon(frame: Frame, other: Frame, scene: Scene) -> bool:
    """Whether a sentence tells two things one after the other: "It worked with HIT until 2020; the ties have ended"."""
    return ";" in scene.folded[min(frame.end, other.end) : max(frame.start, other.start)]


def _begins_a_clause(subject: Item | None, frame: Frame, scene: Scene) -> bool:
    """Whether another institution begins a clause right behind what is told: "Keio works with Beihang, Chiba ended its ..."."""
    return subject is not None and frame.end <= subject.start and scene.folded[: subject.start].rstrip().endswith(",")


def _is_aside(frame: Frame, frames: list[Frame], scene: Scene, words: Compiled) -> bool:
    """Whether a relative clause tells it, and no end: "Qorvo, which earns much with Huawei, has stopped the deliveries"."""
    comma = scene.folded.rfind(",", 0, frame.anchor.start)
    first = scene.folded[comma + 1 :].split(maxsplit=1)[:1] if comma >= 0 else []
    if not first or first[0] not in words.lexicon.words.get("relative", ()):
        return False
    end = scene.folded.find(",", frame.anchor.end)
    end = end if end >= 0 else len(scene.folded)
    return not any(each.trigger.statement == "tie-ended" and comma < each.anchor.start < end for each in frames)
