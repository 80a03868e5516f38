"""Statements that no pattern puts in order, told by weighing all signs of a sentence together.

Where no trigger fits, each institution (or list) and party that a sentence may speak of is weighed (`signs`,
`weights`). What weighs enough becomes a frame: the family of words that weighs most is its anchor, and what it says
of stance, change and the like is what the first trigger of the lexicon says that has this anchor. The words of blockers
are signs among others.
"""

from collections.abc import Iterable, Iterator
from itertools import product
from operator import add
from typing import Final

import msgspec

from tracker.readers.blocking import asks
from tracker.readers.compiled import Compiled
from tracker.readers.frame import Frame
from tracker.readers.scene import Item, Memory, Scene
from tracker.readers.signs import Told, of_pair
from tracker.readers.weights import KINDS, Sign, Sums, Weights

LISTING: Final = "listing-reported"
_IN_PASSING: Final = "tie-reported"
_MOST: Final = 6
"""How many of a kind are weighed; a sentence that names more enumerates, and those stand together."""
_MOST_LISTED: Final = 24
"""The same of the parties of listings where pairs are weighed widely."""
_OF_ROUND: Final = "of a round"
"""The anchor of a listing that no word tells of: "There are eight: Dahua, Hikvision, ..." of a round told of before."""
_REMEMBERED: Final = 3
"""For how many sentences somebody is meant who is not named."""


class Candidate(msgspec.Struct, frozen=True):
    """Two of whom a sentence may tell a kind of statement, and what speaks for it."""

    kind: str
    frame: Frame
    weight: float
    signs: tuple[Sign, ...] = ()
    """Only for who learns from them."""


def candidates(
    scene: Scene, told: Told, words: Compiled, memory: Memory, weights: Weights, *, keep: bool = False
) -> Iterator[Candidate]:
    """The pairs of a sentence that may weigh enough for a kind that its words may tell; `keep` keeps all, with their signs."""
    telling = {kind: [item for item in scene.items if (item.family, kind) in words.telling] for kind in KINDS}
    of_round = words.of_round is not None and _speaks_of_listings(scene, told)
    if not (any(telling.values()) or of_round) or not _may_tell(scene, memory):
        return
    near, pairs = told.around(scene, words, memory), weights.pairs
    alone = tuple(map(add, pairs.bias, near.sum(pairs)))
    needed = pairs.least if weights.encoder is None else (weights.gate,) * len(KINDS)
    lists = scene.of("LIST")[:_MOST] or (None,)
    institutions, parties = _spoken_of(scene.of("INSTITUTION")), _spoken_of(scene.of("PARTY"))
    listed = (scene.of("PARTY")[:_MOST_LISTED] or (None,)) if weights.wide else parties
    agents = () if scene.of("some_list") else scene.of(*words.lexicon.lists.agents)
    hopeful = [kind for number, kind in enumerate(KINDS) if keep or alone[number] >= weights.hope[number]]
    acts = [kind for kind in hopeful if kind != LISTING and telling[kind]]
    listings = [LISTING] if LISTING in hopeful and (telling[LISTING] or of_round) and not _is_no_news(scene, told) else []
    for kinds, ones, others in ((acts, institutions, parties), (listings, lists, listed)):
        for one, party in product(ones, others) if kinds else ():
            meant = [kind for kind in kinds if _is_in_mind(one, party, kind, memory, agents)]
            meant = meant if weights.wide else [kind for kind in meant if _is_plain(one, party, kind)]
            if not meant or one is party:
                continue  # nobody with nobody
            own = tuple(dict.fromkeys(of_pair(scene, one, party, near, words, memory)))
            sums = pairs.sum(own)
            for kind in meant:
                number = KINDS.index(kind)
                weight = alone[number] + sums[number]
                if keep or weight >= needed[number]:
                    beside = agents[:1] if kind == LISTING and one is None else ()
                    frame = _frame(kind, telling[kind], (one, party, *beside), words, weights)
                    yield Candidate(kind, frame, weight, near.signs + own if keep else ())


def _is_no_news(scene: Scene, told: Told) -> bool:
    """Whether a listing is planned, denied or doubted, or only goes on: "It does not take Huawei off the list", "stays on it".

    Nor is another told where a trigger tells one: "added SMIC to the list, saying that it supplies Huawei".
    """
    if any(frame.trigger.statement == LISTING and frame.one("PARTY") is not None for frame in told.frames):
        return True
    return bool(scene.of("stays_listed")) or any(frame.trigger.statement == LISTING for frame in told.taken_back)


def _spoken_of(items: tuple[Item, ...]) -> tuple[Item | None, ...]:
    """Those of a sentence that are weighed, or None for whom the context has where there is none."""
    return items[:_MOST] or (None,)


def _is_plain(one: Item | None, party: Item | None, kind: str) -> bool:
    """Whether it is sure enough who is meant: for a tie told in passing "it" and "the university" are too unsure."""
    if kind != _IN_PASSING:
        return True
    return not (one is not None and one.pointing) and not (party is not None and party.pointing == "pronoun")


def _may_tell(scene: Scene, memory: Memory) -> bool:
    """Whether anybody is spoken of, and nothing asked."""
    return not asks(scene) and bool(scene.of("PARTY") or (scene.of("INSTITUTION") and (memory.party or memory.topic)))


def _speaks_of_listings(scene: Scene, told: Told) -> bool:
    """Whether a sentence or the ones before speak of a list, so that one more may be told of: "On the list as well are"."""
    return LISTING in told.before or any(f.trigger.statement == LISTING for f in told.frames) or bool(scene.of("LIST"))


def _is_in_mind(one: Item | None, party: Item | None, kind: str, memory: Memory, agents: tuple[Item, ...]) -> bool:
    """Whether whom the sentence leaves out was spoken of shortly before; who is listed is always in the sentence.

    Where no list at all is spoken of but an agent is, it is the agent's: "both were blacklisted by the Commerce Department".
    """
    if kind == LISTING:
        return party is not None and (one is not None or memory.list is not None or bool(agents))
    if (one is None or one.start == one.end) and (party is None or party.pointing == "pronoun"):
        return False  # "They confirmed it on Monday", Spanish "lo confirmó el lunes"
    if kind == _IN_PASSING and party is None:
        if len(memory.party) > 1:
            return False  # "Huawei and ZTE are on the list. McGill University has had $400,000 since 2014."
        if one is not None and any(actor.key in memory.partners for actor in one.actors):
            return False  # of whom ties are told already, the next may be with others
    if one is None:
        return memory.age <= _REMEMBERED or bool(memory.own)
    return party is not None or memory.party_age <= _REMEMBERED or bool(memory.topic)


def _frame(kind: str, telling: list[Item], actors: tuple[Item | None, ...], words: Compiled, weights: Weights) -> Frame:
    """The frame of a pair: its anchor is the word that weighs most for the kind, of equal ones the nearest."""
    named = [item for item in actors if item is not None]
    if not telling and words.of_round is not None:
        place = max(item.start for item in named if item.family == "PARTY")
        return Frame(words.of_round, Item(_OF_ROUND, place, place), tuple(item for item in named if item.family == "PARTY"))
    families, number = weights.pairs.signs.get("f", {}), KINDS.index(kind)

    def ranks(item: Item) -> tuple[float, int]:
        return families.get(item.family, (0.0,) * len(KINDS))[number], -min(abs(item.start - each.start) for each in named)

    anchor = max(telling, key=ranks)
    matched = tuple(sorted((*named, anchor), key=lambda item: item.start))
    return Frame(words.telling[anchor.family, kind], anchor, matched)


def enough(found: Iterable[Candidate], least: Sums) -> list[Candidate]:
    """Those that weigh enough: of each institution the one that weighs most, of whatever kind of act."""
    best: dict[tuple[bool, int], Candidate] = {}
    for candidate in found:
        is_listing = candidate.kind == LISTING
        of_whom = candidate.frame.one("PARTY" if is_listing else "INSTITUTION")
        key = (is_listing, of_whom.start if of_whom is not None else -1)
        if key not in best or best[key].weight < candidate.weight:
            best[key] = candidate
    return [each for each in best.values() if each.weight >= least[KINDS.index(each.kind)]]
