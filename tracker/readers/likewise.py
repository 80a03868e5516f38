"""Who did the same: "Stanford has parted with the firms, and so has Oxford. Yale did likewise.\""""

import re
from collections.abc import Iterator
from itertools import product
from typing import Final

import msgspec

from events.statements import InstitutionResponded, TieEnded
from tracker.readers.compiled import Compiled
from tracker.readers.dates import find_dates
from tracker.readers.dating import when
from tracker.readers.passage import Draft, Passage
from tracker.readers.scene import Actor, Item, Memory, Scene

_NEAR: Final = 20
_BESIDE: Final = 3
_AT: Final = ("at_w", "with_w", "to_for")
_COMPOUND: Final = re.compile(r"(?:-\w+)? ")
"""What may stand between a subject and the particle of its verb: "die Stanford-Universität nach"."""
_ARTICLE: Final = 5
"""What may stand between a preposition and a name: "at the "."""
_OBJECT: Final = 14
"""How far behind "did the same with" a party or a tie may stand: "the rest of its "."""
_CLOSED: Final = frozenset({"", ".", ",", ";"})
"""What stands behind a tie of which no more is said: "its projects."."""
_RECENT: Final = 2
_AT_THE_HEAD: Final = 12
"""How far from the beginning "so has" may stand that speaks of the sentence before: "The same goes for Oxford."."""
_DOUBTS: Final = ("modal", "negation", "demand", "condition", "denial", "backshift", "misreport")
"""Blockers that take it back wherever they stand in the sentence."""


def likewise(passage: Passage, drafts: list[Draft], memory: Memory, words: Compiled) -> list[Draft]:
    """What others are told to have done too: of what the sentence itself tells, or else of what the one before told."""
    scene = passage.scene
    followers = list(_followers(scene, words)) if scene.of("so_did", "did_same", "did_split") else []
    told = [each for each in drafts if isinstance(each.statement, TieEnded | InstitutionResponded)]
    found: list[Draft] = []
    if followers and not _doubtful(scene):
        before = bool(scene.of("did_same", "did_split")) or any(each.start <= _AT_THE_HEAD for each in scene.of("so_did"))
        earlier = _told_before(passage, memory) if before else []
        for follower in followers:
            models = earlier if earlier and _speaks_of_before(follower, told, scene) else told or earlier
            models = [] if _with_something_else(follower, scene, words) else models
            copies = [each for model in models for each in _copies(passage, follower, model, words)]
            found += _with_whom(follower, copies, scene, words)
    found += _befallen(passage, told or _told_before(passage, memory))
    found += _one_more(passage, told)
    if (told or found) and not _only_qualifies(told, _told_before(passage, memory)):
        memory.told = (*told, *found)
    return found


def _only_qualifies(told: list[Draft], before: list[Draft]) -> bool:
    """Whether only what goes on of a tie just ended is told: "No new contract will be signed. Those that run will go on"."""
    ended = {each.statement.institution for each in before if isinstance(each.statement, TieEnded)}
    return bool(told) and all(
        isinstance(each.statement, InstitutionResponded)
        and each.statement.stance == "continuing"
        and each.statement.institution in ended
        for each in told
    )


def _said(follower: Item, scene: Scene) -> Item | None:
    """The words by which somebody is told to have done the same."""
    return next((each for each in scene.of("did_same") if each.start >= follower.end), None)


def _speaks_of_before(follower: Item, told: list[Draft], scene: Scene) -> bool:
    """Whether the sentence tells of others only in a clause behind: "Yale has done the same, while MIT reviews its own"."""
    said = _said(follower, scene)
    if said is None:
        return False
    ids = {each.statement.institution for each in told if isinstance(each.statement, TieEnded | InstitutionResponded)}
    items = [item for item in scene.of("INSTITUTION") if any(actor.id in ids for actor in item.actors)]
    return all(item.start >= said.end and scene.has("break", said.end, item.start) for item in items)


def _with_whom(follower: Item, copies: list[Draft], scene: Scene, words: Compiled) -> list[Draft]:
    """The same with the party that the sentence names behind: "Cornell has done the same with ZTE"."""
    said = _said(follower, scene)
    companion = words.grammar.companion
    if said is None or companion is None:
        return copies
    for party in (each for each in scene.of("PARTY") if said.end < each.start <= said.end + _OBJECT and not each.pointing):
        if companion.search(scene.text[said.end : party.start]) is not None:
            return _of(party.actors, copies)
    return copies


def _of(parties: tuple[Actor, ...], copies: list[Draft]) -> list[Draft]:
    """What is told, of other parties; of all that is told of one institution once each."""
    found: dict[tuple[type, str | None, str], Draft] = {}
    for copy, actor in product(copies, parties):
        statement = copy.statement
        assert isinstance(statement, TieEnded | InstitutionResponded)
        changed = msgspec.structs.replace(statement, party=actor.id, party_name=actor.name)
        found.setdefault((type(statement), statement.institution, actor.key), msgspec.structs.replace(copy, statement=changed))
    return list(found.values())


def _with_something_else(follower: Item, scene: Scene, words: Compiled) -> bool:
    """Whether it was done with what is neither a party nor a tie: Spanish "hará lo propio con los ensayos de un catedrático"."""
    said = _said(follower, scene)
    companion = words.grammar.companion
    if said is None or companion is None or said.end == len(scene.text):
        return False
    first = scene.text.find(" ", said.end + 1) + 1
    if not first or companion.search(scene.text[said.end : first]) is None:
        return False
    near = [each for each in scene.of("PARTY", "that_tie", "tie") if said.end <= each.start <= first + _OBJECT]
    return not any(each.family != "tie" or scene.text[each.end : each.end + 1] in _CLOSED for each in near)


def _told_before(passage: Passage, memory: Memory) -> list[Draft]:
    """What the sentences right before told."""
    return [each for each in memory.told if passage.place - each.place <= _RECENT]


def _befallen(passage: Passage, models: list[Draft]) -> list[Draft]:
    """The end of a tie once more for the party to which "the same has happened"."""
    scene = passage.scene
    same = scene.of("same_befell")
    if not same or _doubtful(scene):
        return []
    parties = [item for item in scene.of("PARTY") if any(_is_beside(item, each) for each in same)]
    found = []
    for model, actor in product(models, (actor for item in parties if item.pointing != "pronoun" for actor in item.actors)):
        statement = model.statement
        if isinstance(statement, TieEnded) and actor.id != statement.party:
            copy = msgspec.structs.replace(statement, party=actor.id, party_name=actor.name, evidence=passage.evidence)
            found.append(Draft(copy, passage.place, dated=False, named=model.named, headline=model.headline))
    return found


def _one_more(passage: Passage, models: list[Draft]) -> list[Draft]:
    """What the sentence tells once more of others: "Tohoku has ended its pact with Beihang, Chiba one with HIT"."""
    scene, found = passage.scene, []
    for one in scene.of("one_with") if models and not _doubtful(scene) else ():
        before = next((each for each in scene.of("INSTITUTION") if 0 < one.start - each.end <= _BESIDE), None)
        behind = next((each for each in scene.of("PARTY") if 0 < each.start - one.end <= _ARTICLE), None)
        if before is None or behind is None or before.pointing or behind.pointing:
            continue
        statement = models[-1].statement
        assert isinstance(statement, TieEnded | InstitutionResponded)
        for institution, party in product(before.actors, behind.actors):
            copy = msgspec.structs.replace(
                statement,
                institution=institution.id,
                institution_name=institution.name,
                party=party.id,
                party_name=party.name,
            )
            found.append(Draft(copy, passage.place, models[-1].dated, named=True, headline=models[-1].headline))
    return found


def _is_beside(item: Item, said: Item) -> bool:
    """Whether a party stands right before "met the same", or right behind "the same happened to"."""
    return 0 <= said.start - item.end <= _NEAR or 0 <= item.start - said.end <= _NEAR


def _doubtful(scene: Scene) -> bool:
    """Whether a plan, denial or the like takes it back; French "emboîté le pas" has a "pas" of its own."""
    said = scene.of("so_did", "did_same", "did_split")
    doubts = scene.of("wished", *(f"block:{name}" for name in _DOUBTS))
    return any(not any(each.start <= doubt.start and doubt.end <= each.end for each in said) for doubt in doubts)


def _followers(scene: Scene, words: Compiled) -> Iterator[Item]:
    """The institutions right behind "so has", or right before "did likewise"."""
    for item in scene.of("INSTITUTION"):
        before = any(0 <= item.start - each.end <= _NEAR for each in scene.of("so_did"))
        if not before and any(0 < item.start - each.end <= _ARTICLE for each in scene.of(*_AT)):
            continue  # "will be felt at Cambridge too"
        behind = any(_is_right_behind(item, each, scene, words) for each in scene.of("did_same"))
        if item.pointing != "pronoun" and (before or behind or _is_within(item, scene)):
            yield item


def _is_within(item: Item, scene: Scene) -> bool:
    """Whether a verb and its particle stand around their subject: German "im April zog die ETH nach"."""
    verb = any(0 <= item.start - each.end <= _NEAR for each in scene.of("did_split"))
    return verb and any(_COMPOUND.fullmatch(scene.folded, item.end, each.start) for each in scene.of("did_end"))


def _is_right_behind(item: Item, said: Item, scene: Scene, words: Compiled) -> bool:
    """Whether words follow their subject, with nothing but an insertion between: "Limerick, which is near, said the same"."""
    between = scene.folded[item.end : said.start].strip()
    if item.end <= said.start and all(word in words.lexicon.grammar.auxiliaries for word in between.split()):
        return True
    return item.end <= said.start <= item.end + _BESIDE or (between[:1] == between[-1:] == "," and len(between) > 1)


def _copies(passage: Passage, follower: Item, model: Draft, words: Compiled) -> Iterator[Draft]:
    """The statement once more for each follower; its date holds only within its own sentence."""
    statement = model.statement
    assert isinstance(statement, TieEnded | InstitutionResponded)
    for actor in follower.actors:
        if actor.id == statement.institution:
            continue
        copy = msgspec.structs.replace(statement, institution=actor.id, institution_name=actor.name, evidence=passage.evidence)
        dated = model.dated and model.place == passage.place
        if model.place != passage.place:
            dates = find_dates(passage.scene.folded, words.lexicon.dates, passage.published)
            default = "before" if isinstance(statement, TieEnded) else "publication"
            date, rule, dated = when(passage.scene, passage.published, follower, dates, default, words)
            copy = msgspec.structs.replace(copy, date=date, date_rule=rule)
        yield Draft(copy, passage.place, dated, model.named, model.headline)
