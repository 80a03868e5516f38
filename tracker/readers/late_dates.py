"""Dates told beside what they date: in the next sentence, or in the one that a quotation goes on with."""

from typing import Final

import msgspec

from events.statements import InstitutionResponded, TieEnded
from tracker.readers.compiled import Compiled
from tracker.readers.dates import find_dates
from tracker.readers.dating import when
from tracker.readers.in_mind import REMEMBERED
from tracker.readers.passage import Draft, Passage

_QUOTED: Final = ("“", '"', "„", "«", "「", "‘")


def late_date(passage: Passage, words: Compiled, drafts: list[Draft]) -> None:
    """Dates what was told just before: "The freeze began on January 30.\""""
    that = passage.scene.of("that_decision")
    decisions = that or passage.scene.of("decision")
    recent = [draft for draft in drafts if passage.place - draft.place <= REMEMBERED]
    if that:  # "confirmed on Thursday that it takes no more. That decision was made on January 8"
        recent = [draft for draft in recent if isinstance(draft.statement, TieEnded)]
    else:
        recent = [draft for draft in recent if not draft.dated]
        recent = [draft for draft in recent if isinstance(draft.statement, TieEnded | InstitutionResponded)]
        told = {(draft.statement.topic(), *draft.statement.subjects()) for draft in drafts if draft.dated}
        recent = [draft for draft in recent if (draft.statement.topic(), *draft.statement.subjects()) not in told]
    if not decisions or not recent:
        return
    dates = find_dates(passage.scene.folded, words.lexicon.dates, passage.published)
    date, rule, dated = when(passage.scene, passage.published, decisions[0], dates, "before", words)
    if dated:
        for draft in recent:
            draft.statement = msgspec.structs.replace(draft.statement, date=date, date_rule=rule)
            draft.dated = True


def quoted_date(passage: Passage, found: list[Draft], drafts: list[Draft]) -> None:
    """Dates what is quoted by the day on which the sentence before says that it was said."""
    if not passage.scene.text.startswith(_QUOTED):
        return
    for draft in found:
        if draft.dated or not isinstance(draft.statement, InstitutionResponded):
            continue
        who = draft.statement.institution
        said = (
            each
            for each in reversed(drafts)
            if each.dated and 0 < passage.place - each.place <= REMEMBERED and isinstance(each.statement, InstitutionResponded)
        )
        model = next((each for each in said if each.statement.subjects()[0] == who), None)
        if model is not None:
            draft.statement = msgspec.structs.replace(
                draft.statement, date=model.statement.date, date_rule=model.statement.date_rule
            )
            draft.dated = True
