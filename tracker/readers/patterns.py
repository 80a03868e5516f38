"""The patterns of triggers, prepared for use: elements with their families and gaps, in every order they may take."""

from itertools import permutations
from typing import Final

import msgspec

from tracker.readers.lexicon import ACTORS, Lexicon, Trigger

ACTS: Final = frozenset({"tie-ended", "institution-responded"})


class Element(msgspec.Struct, frozen=True):
    """One element of a compiled pattern: which families fit, and how far from the element before."""

    families: frozenset[str]
    gap: int


class Pattern(msgspec.Struct, frozen=True):
    """A compiled pattern of a trigger; `anchor` is the place of its anchor, `order` its own in the lexicon.

    `unnamed`: whether it leaves it to the context who acts. `single`: the families that must be present;
    of each of `several` one must.
    """

    trigger: Trigger
    elements: tuple[Element, ...]
    anchor: int
    order: int
    unnamed: bool = False
    single: frozenset[str] = frozenset()
    several: tuple[frozenset[str], ...] = ()


def orders(line: str) -> list[str]:
    """All orders of the parts of a pattern, that in which they are written first."""
    return [" ".join(order) for order in permutations(line.split(" / "))]


def pattern_of(lexicon: Lexicon, trigger: Trigger, line: str, order: int) -> Pattern:
    where = f"triggers.{trigger.id}: pattern {line!r}"
    elements: list[Element] = []
    starred: list[int] = []
    gap = lexicon.gap
    for word in line.split():
        if word.startswith("<"):
            gap = int(word[1:])
            continue
        if word.startswith("*"):
            starred.append(len(elements))
        families = frozenset(word.lstrip("*").split("|"))
        unknown = families - ACTORS - lexicon.words.keys()
        if unknown:
            raise ValueError(f"{where}: no family {', '.join(sorted(unknown))} in words")
        elements.append(Element(families, gap))
        gap = lexicon.gap
    anchors = [place for place, element in enumerate(elements) if not element.families & ACTORS]
    if not anchors:
        raise ValueError(f"{where}: needs a family of words beside the names")
    missing = [name for name in (*trigger.despite,) if name not in lexicon.blockers]
    missing += [name for name in (*trigger.needs, *trigger.unless) if name not in lexicon.words]
    if missing:
        raise ValueError(f"{where}: unknown {', '.join(missing)}")
    unnamed = not trigger.all_named and all("INSTITUTION" not in each.families for each in elements)
    sets = [element.families for element in elements]
    return Pattern(
        trigger,
        tuple(elements),
        (starred or anchors)[0],
        order,
        unnamed=unnamed and trigger.statement in ACTS,
        single=frozenset().union(*(each for each in sets if len(each) == 1)),
        several=tuple(each for each in sets if len(each) > 1),
    )
