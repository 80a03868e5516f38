"""What is put in between commas about somebody and names others: "SenseTime, in which Alibaba holds shares, was listed"."""

import re
from typing import Final, NamedTuple

from tracker.readers.compiled import Compiled
from tracker.readers.gazetteer import Name
from tracker.readers.scene import Actor, Item, Scene

_COMMA: Final = re.compile(r"\)?, ")
_CLAUSE_END: Final = re.compile(r" (?=([\w-]+))(?:[\w-]+ ){0,8}[a-zäöüß]+,")
"""How a clause goes on behind its subject: up to a verb, where only names and nouns have capitals."""
_BEFORE: Final = 60
"""How far before a name words are looked at that make a part of it."""


class Aside(NamedTuple):
    """A clause put in, or at the end: about whom it tells, and where the comma stands that ends it, or the sentence."""

    head: Item
    end: int


def aside_of(item: Item, scene: Scene) -> Aside | None:
    """The clause that tells of another of the same kind and names this one; None where none does."""
    opening = scene.of("aside_w")
    if not opening:
        return None
    heads = [other for other in scene.of(item.family) if other.end < item.start and not other.pointing]
    comma = _COMMA.match(scene.folded, heads[-1].end) if heads else None
    if comma is None or "," in scene.folded[comma.end() : item.start]:
        return None
    if not any(comma.end() <= each.start < item.start and not is_an_article(each, scene) for each in opening):
        return None
    end = scene.folded.find(",", item.end)
    return Aside(heads[-1], end if end >= 0 else len(scene.folded))


def opens_a_clause(text: str, folded: str, start: int, name: Name, words: Compiled) -> bool:
    """Whether a name is the first of a clause about the one that ends at `start`: "MIT, whose rival Stanford takes money, has".

    German opens clauses with articles, which lists have too: "SMIC, das Huawei beliefert, wurde" goes on in small letters.
    """
    between = folded[start : name.start].removeprefix(")").split()
    opening = words.lexicon.words.get("aside_w", ())
    if len(between) < 2 or between[0] != ",":
        return False
    _, closes, goes_on_with = folded[start + 1 : name.start].rpartition(",")
    if closes and goes_on_with.strip() and words.joining.fullmatch(goes_on_with):
        return False  # "Princeton, which is in New Jersey, and Stanford have"
    if between[1] in opening and between[1] not in words.lexicon.joining:
        return True
    goes_on = _CLAUSE_END.match(text, name.end) if {between[1], between[-1]} & set(opening) else None
    return goes_on is not None and goes_on[1] not in words.lexicon.joining


def is_an_article(word: Item, scene: Scene) -> bool:
    """Whether a noun follows a word that elsewhere opens a relative clause: German "Dahua, die Spezialisten Megvii und Yitu"."""
    place = word.end + 1
    named = any(item.start <= place < item.end for item in scene.items if item.actors and not item.pointing)
    return scene.text[place : place + 1].isupper() and not named


def without_parts(item: Item, scene: Scene, words: Compiled) -> tuple[Actor, ...]:
    """The actors without those of whom only a part is told: "a subsidiary of BGI", "38 affiliates of Huawei".

    "Two subsidiaries of BGI, Xinjiang Silk Road BGI and Beijing Liuhe BGI" names the parts behind the first comma.
    """
    before, behind = words.rounds.part_of, words.rounds.parts
    actors = item.actors
    if behind is not None and not item.pointing and behind.match(scene.folded, item.end):
        actors = actors[:-1]
    if before is None or item.pointing or not before.search(scene.folded[max(0, item.start - _BEFORE) : item.start]):
        return actors
    first = scene.folded[item.start : item.end].partition(",")[0]
    and_ = words.grammar.conjunction
    return () if and_ is not None and and_.search(first) else actors[1:]
