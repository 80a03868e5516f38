"""What a text tells as a report of others that is denied: "Infineon is said to have halted deliveries. It denied the report."

The report may stand behind the denial: "Infineon rejected a report. Nikkei had said that Infineon halted deliveries."
Or the next sentence takes back what was told: "Duke ended its contract with ZTE. Nothing of it is true."
"""

from typing import Final

from events.statements import InstitutionResponded, ListingReported, TieEnded
from tracker.readers.compiled import Compiled
from tracker.readers.merging import key_of
from tracker.readers.passage import Draft, Passage

_RECENT: Final = 2
"""How many sentences back the report may be told that is denied."""
_AFTERWARDS: Final = 4
"""How many sentences behind the denial."""
_DENIES: Final = "denies_it"
_SPEAKER: Final = "its_speaker"
_ACTS: Final = (TieEnded, InstitutionResponded, ListingReported)


def deniers(passage: Passage, drafts: list[Draft], words: Compiled) -> set[str]:
    """Who denies a report of what it did, by what tells institutions from others.

    A spokesman of nobody named speaks for whom the sentence before told of: "A spokesman denied the report."
    """
    scene = passage.scene
    verbs = scene.of(_DENIES)
    if not verbs:
        return set()
    who = [item for item in scene.of("INSTITUTION") if item.end <= verbs[0].start] or scene.of("INSTITUTION")
    if who:
        return {actor.key for item in who for actor in item.actors}
    end = verbs[0].start
    others = ("PARTY", *words.lexicon.lists.agents)
    if any(scene.has(each, 0, end) for each in others) or not scene.has(_SPEAKER, 0, end):
        return set()
    before = [each.statement for each in drafts if passage.place - each.place == 1]
    return {each.institution or each.institution_name for each in before if isinstance(each, TieEnded | InstitutionResponded)}


def denied(who: set[str], passage: Passage, drafts: list[Draft]) -> set[tuple[str, ...]]:
    """The keys of acts told right before of institutions that here deny the report of it."""
    return {key_of(each.statement) for each in drafts if 0 < passage.place - each.place <= _RECENT and _is_of(who, each)}


def undone(passage: Passage, words: Compiled, drafts: list[Draft]) -> set[tuple[str, ...]]:
    """The keys of acts of the sentence before that this one takes back: "The letter was never sent"."""
    before = [each for each in drafts if passage.place - each.place == 1 and isinstance(each.statement, _ACTS)]
    found = words.undone.search(passage.scene.folded) if before and words.undone else None
    if found is None or any(not item.pointing and item.end <= found.start() for item in passage.scene.of("INSTITUTION", "PARTY")):
        return set()
    return {key_of(each.statement) for each in before}


def reported(passage: Passage, found: list[Draft], denials: dict[str, int]) -> set[tuple[str, ...]]:
    """The keys of acts that somebody else reports of an institution that has just denied it, by the places of denials."""
    who = {each for each, place in denials.items() if 0 < passage.place - place <= _AFTERWARDS}
    told = [item for item in passage.scene.of("INSTITUTION") if who & {actor.key for actor in item.actors}]
    if not told or not any(item.end <= told[0].start for item in passage.scene.of("say")):
        return set()
    return {key_of(each.statement) for each in found if _is_of(who, each)}


def _is_of(who: set[str], draft: Draft) -> bool:
    """Whether it is an act of one of them."""
    statement = draft.statement
    if not isinstance(statement, TieEnded | InstitutionResponded):
        return False
    return (statement.institution or statement.institution_name) in who
