"""Who acts and what is acted on, as the words right before a name or noun tell (`[roles]` of a lexicon).

A frame only says which words stand in which order. "A conference on the cooperation with Huawei was
called off" has the order of an end, and so has "the ministry cut Princeton's funds".
"""

import re
from typing import Final

from tracker.readers.compiled_clauses import RoleWords
from tracker.readers.scene import Item, Scene

_CONTEXT: Final = 60
_TIES: Final = frozenset({"tie", "money", "that_tie", "laboratory"})


def plays_another_role(kind: str, anchor: Item, matched: tuple[Item, ...], scene: Scene, roles: RoleWords) -> bool:
    """Whether an institution of the match is acted on, a party acts, or the tie only describes something else."""
    for item in matched:
        expression = None
        if item.family == "INSTITUTION" and item.start >= anchor.end:
            expression = None if _owns_what_stands_before(item, scene, roles) else roles.patient_behind
        elif item.family == "INSTITUTION":
            if kind == "tie-ended" and roles.people is not None and roles.people.match(scene.text, item.end):
                return True
            item = _meant(item, scene)
            expression = None if _acts_in_a_relative_clause(item, scene) else roles.patient
        elif item.family == "PARTY":
            expression = roles.agent
        elif item.family in _TIES and item is not anchor and kind == "tie-ended":
            expression = roles.of_another
        if expression is not None and _stands_before(expression, item, matched, scene):
            return True
    if kind != "tie-ended":
        return False
    if roles.stranger is not None and _stands_before(roles.stranger, anchor, matched, scene):
        return True
    return roles.apart is not None and _is_apart(roles.apart, anchor, matched, scene)


def _acts_in_a_relative_clause(item: Item, scene: Scene) -> bool:
    """Whether a clause right behind an institution tells what that did: "the example of Oxford, which ended ..."."""
    return scene.folded.startswith(", ", item.end) and any(each.start == item.end + 2 for each in scene.of("relative"))


def _meant(item: Item, scene: Scene) -> Item:
    """The name for which a pronoun stands, where the sentence has it: "Employees of Yale say they cut their ties"."""
    if item.pointing != "pronoun":
        return item
    named = [each for each in scene.of("INSTITUTION") if each.end <= item.start and each.pointing != "pronoun"]
    return next((each for each in reversed(named) if set(each.actors) & set(item.actors)), item)


def _owns_what_stands_before(item: Item, scene: Scene, roles: RoleWords) -> bool:
    """Whether an institution is told right behind a noun whose owner it is: German "die Kooperation der Universität"."""
    found = roles.owner.search(scene.text[max(0, item.start - _CONTEXT) : item.start]) if roles.owner else None
    if found is None:
        return False
    start = found.start() + max(0, item.start - _CONTEXT)
    return not any(each.actors and each.start <= start < each.end for each in scene.items)


def is_acted_on(item: Item, scene: Scene, roles: RoleWords) -> bool:
    """Whether the words before an institution say that it does not act: "a foundation close to Oxford"."""
    return roles.patient is not None and _stands_before(roles.patient, item, (), scene)


def _is_apart(expression: re.Pattern[str], anchor: Item, matched: tuple[Item, ...], scene: Scene) -> bool:
    """Whether the party comes in a clause of its own behind: "the contract of its head, who had met Huawei"."""
    bare = not any(item.family in _TIES for item in matched)
    for tie in matched:
        party = next((item for item in matched if item.family == "PARTY" and item.start >= tie.end), None)
        if (
            (tie.family in _TIES or (bare and tie is anchor))
            and party is not None
            and expression.search(scene.text, tie.end, party.start)
        ):
            return True
    return False


def _stands_before(expression: re.Pattern[str], item: Item, matched: tuple[Item, ...], scene: Scene) -> bool:
    """Whether the words end right before the item, and neither belong to the match nor name an actor."""
    others = [*matched, *(each for each in scene.items if each.actors)]
    start = max([0, item.start - _CONTEXT, *(each.end for each in others if each.end <= item.start)])
    return expression.search(scene.text[start : item.start]) is not None
