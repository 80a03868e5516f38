"""What a text told a moment ago and now denies: "Infineon is said to have halted deliveries. Infineon denied the report."."""

from typing import Final

from events.statements import InstitutionResponded, TieEnded
from tracker.readers.merging import key_of
from tracker.readers.passage import Draft, Passage

_RECENT: Final = 2
"""How many sentences back the report may be told that is denied."""
_DENIES: Final = "denies_it"


def denied(passage: Passage, drafts: list[Draft]) -> set[tuple[str, ...]]:
    """The keys of acts told right before of an institution that here denies the report of it."""
    scene = passage.scene
    verbs = scene.of(_DENIES)
    if not verbs:
        return set()
    who = [item for item in scene.of("INSTITUTION") if item.end <= verbs[0].start] or scene.of("INSTITUTION")
    deniers = {actor.key for item in who for actor in item.actors}
    return {
        key_of(draft.statement)
        for draft in drafts
        if isinstance(draft.statement, TieEnded | InstitutionResponded)
        and 0 < passage.place - draft.place <= _RECENT
        and (draft.statement.institution or draft.statement.institution_name) in deniers
    }
