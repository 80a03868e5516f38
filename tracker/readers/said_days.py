"""The day on which an institution said what it does, where another sentence tells it: "A spokesman said so on Thursday.\""""

from typing import Final

import msgspec

from events import edtf
from events.statements import InstitutionResponded, TieEnded
from tracker.readers.compiled import Compiled
from tracker.readers.dates import Dated, find_dates
from tracker.readers.merging import key_of
from tracker.readers.passage import Draft, Passage
from tracker.readers.scene import Scene

_BESIDE: Final = 60
"""How far from a verb of saying who says it and the day may stand."""
_OPENING: Final = 60
"""How long the words may be that open a sentence with a day."""
_WITHIN: Final = 6
"""How many sentences away from a response the day may be told."""
_RIGHT_BEFORE: Final = 2
"""How many sentences before a response an end may stand of which it is a part."""
_RECENT: Final = 7
"""How many days before the text the day may lie: earlier it was another matter."""


def date_by_saying(drafts: list[Draft], passages: list[Passage], words: Compiled) -> None:
    """Dates responses, of which the text gives no day, by the day on which it tells that the institution spoke."""
    dated = {key_of(draft.statement) for draft in drafts if draft.dated}
    for draft in drafts:
        statement = draft.statement
        if not isinstance(statement, InstitutionResponded) or draft.dated or key_of(statement) in dated:
            continue
        near = (each for each in passages if abs(each.place - draft.place) <= _WITHIN)
        who = statement.subjects()[0]
        days = (_day(each, who, words) for each in sorted(near, key=lambda each: abs(each.place - draft.place)))
        day = next((each for each in days if each is not None), None)
        date, rule = (day.edtf, day.rule) if day is not None else _decided(draft, drafts)
        if date is not None:
            draft.statement = msgspec.structs.replace(statement, date=date, date_rule=rule)
            draft.dated = True


def _decided(draft: Draft, drafts: list[Draft]) -> tuple[str | None, str | None]:
    """The date of the end told right before of the same two: "ended the deal in May. The rest will be completed"."""
    before = [
        each.statement
        for each in drafts
        if each.dated
        and 0 < draft.place - each.place <= _RIGHT_BEFORE
        and isinstance(each.statement, TieEnded)
        and each.statement.subjects()[:2] == draft.statement.subjects()[:2]
    ]
    return (before[-1].date, before[-1].date_rule) if before else (None, None)


def _day(passage: Passage, who: str | None, words: Compiled) -> Dated | None:
    """The day in the last week on which an institution is told to have said something."""
    scene, published = passage.scene, passage.published
    if published is None or published.days > 1 or not _speaks(scene, who):
        return None
    for dated in find_dates(scene.folded, words.lexicon.dates, published):
        day = edtf.parse(dated.edtf)
        if day.days == 1 and 0 <= (published.latest - day.latest).days < _RECENT and _is_of_saying(dated, scene):
            return dated
    return None


def _speaks(scene: Scene, who: str | None) -> bool:
    """Whether nobody else is named beside the institution in a sentence that tells that somebody said something."""
    actors = {actor.key for item in scene.of("INSTITUTION") for actor in item.actors}
    return actors == {who} and bool(scene.of("say"))


def _is_of_saying(dated: Dated, scene: Scene) -> bool:
    """Whether a date stands beside a verb of saying and who says it, with no comma between, or opens the sentence.

    "In an email circulated on Wednesday, the institute said ...": there the comma is its own.
    """
    for say in scene.of("say"):
        for speaker in scene.of("INSTITUTION"):
            low = min(dated.start, say.start, speaker.start)
            high = max(dated.end, say.end, speaker.end)
            opens = dated.end <= _OPENING and scene.folded.find(",") == dated.end
            between = scene.folded[dated.end + 1 : high] if opens else scene.folded[low:high]
            if high - low <= _BESIDE + (speaker.end - speaker.start) and "," not in between:
                return True
    return False
