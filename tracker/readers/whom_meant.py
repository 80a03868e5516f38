"""Whom one reference means: whoever was named last and fits, in the sentence or in mind."""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from tracker.readers.scene import Actor, Item, Memory

_SEVERAL: Final = 2
_KINDS: Final = ("INSTITUTION", "PARTY")
_PRONOUN: Final = 4
"""A word for several that is no longer than "them" means those named together only."""
_CODE: Final = 2
"""How long the code of a country is; longer is the id of a company, told by its town: "the Mountain View group"."""


class Told(NamedTuple):
    """What a reference tells of its bearer: "the American chip maker"."""

    country: str | None
    """A country, or the ids of companies that are told by their town, with its country or without."""
    trades: frozenset[str]
    of_business: bool
    """Whether it may be a company."""


def resolve(name: str, start: int, end: int, before: list[Item], memory: Memory, told: Told) -> list[Item]:
    """Whom one reference means."""
    near = {kind: next((i.actors for i in reversed(before) if i.family == kind), ()) for kind in ("INSTITUTION", "PARTY")}
    institution = near["INSTITUTION"] or memory.main()
    party = near["PARTY"] or _topical(memory)
    here = {kind: _named(before, kind) for kind in near}
    seen = memory.seen if memory.institutions else ()
    if told.country is not None:
        institution = _from(told.country, institution, here["INSTITUTION"], seen)
        party = _from(told.country, party, here["PARTY"], memory.seen_parties)
    pointing: Literal["noun", "pronoun"] = "noun"
    match name:
        case "institution":
            institution = institution if told.of_business else _no_company(institution, memory)
            party = party if party and party[0].school else ()  # "the university" may be one on the list
        case "institutions":
            return _several_institutions(start, end, near["INSTITUTION"] or memory.all_institutions, memory)
        case "party":
            if told.of_business or end - start > _PRONOUN:
                party = _of_owner(party, memory)
            institution = _of_trade(told, institution, here["INSTITUTION"], seen)
            institution = institution if institution and institution[0].company else ()
            institution, party = _of_that_trade(told, institution, _of_trade(told, party, here["PARTY"], memory.seen_parties))
            party = _no_school(party, memory) if told.of_business else party
        case "parties":
            return _several(start, end, before, memory)
        case "latter" | "former" | "second":
            return _by_rank(name, start, end, before, memory)
        case "owner":
            return [Item("PARTY", start, end, _owner(party, memory), "noun")]
        case "inverted":
            party = ()
        case _:
            pointing = "pronoun"
    found = {"INSTITUTION": institution[:1], "PARTY": party[:1]}
    order = ("PARTY", "INSTITUTION") if name == "party" else ("INSTITUTION", "PARTY")
    return [Item(family, start, end, found[family], pointing) for family in order if found[family]]


def _by_rank(name: str, start: int, end: int, before: list[Item], memory: Memory) -> list[Item]:
    """Who was named last, or first or second of several."""
    if name == "latter":
        last = (before[-1].family, before[-1].actors[-1:]) if before else memory.latter
        return [Item(last[0], start, end, last[1], "noun")] if last[1] else []
    rank, several = int(name == "second"), named_together(before, memory.together)
    return [Item(kind, start, end, (actors[rank],), "noun") for kind, actors in several.items()]


def named_together(named: list[Item], known: dict[str, tuple[Actor, ...]]) -> dict[str, tuple[Actor, ...]]:
    """For each kind those that are named together, or were before where nobody else is named since."""
    found = dict(known)
    for kind in _KINDS:
        actors = tuple(dict.fromkeys(each for item in named if item.family == kind and not item.pointing for each in item.actors))
        if len(actors) >= _SEVERAL:
            found[kind] = actors
        elif any(actor not in found.get(kind, ()) for actor in actors):
            found.pop(kind, None)
    return found


def _several_institutions(start: int, end: int, both: tuple[Actor, ...], memory: Memory) -> list[Item]:
    """Who is meant by "both universities": institutions, or schools on the list."""
    if len(both) == 1 and len(memory.seen) == _SEVERAL:
        both = memory.seen  # each named in a sentence of its own
    schools = tuple(actor for actor in memory.seen_parties if actor.school)
    schools = schools if len(schools) == _SEVERAL else ()
    several = {"INSTITUTION": both if len(both) > 1 else (), "PARTY": schools}
    return [Item(family, start, end, actors, "noun") for family, actors in several.items() if actors]


def _of_trade(told: Told, likeliest: tuple[Actor, ...], here: Iterable[Actor], seen: tuple[Actor, ...]) -> tuple[Actor, ...]:
    """The likeliest that makes or does what is told; where nobody is known to, whoever was likely anyway."""
    if not told.trades:
        return likeliest
    known = (each for each in (*likeliest, *here, *reversed(seen)) if told.trades.intersection(each.trades))
    return next(((each,) for each in known if told.country is None or _is_from(told.country, each)), likeliest)


def _of_that_trade(
    told: Told, institution: tuple[Actor, ...], party: tuple[Actor, ...]
) -> tuple[tuple[Actor, ...], tuple[Actor, ...]]:
    """Of a company and a party those that may be meant, where one is known to make or do something else."""
    if _is_of_another_trade(told, institution):
        return (), party
    return institution, () if institution and _is_of_another_trade(told, party) else party


def _is_of_another_trade(told: Told, actors: tuple[Actor, ...]) -> bool:
    """Whether they are known to make or do something else than what is told."""
    known = {trade for actor in actors for trade in actor.trades}
    return bool(told.trades and known) and not told.trades & known


def _of_owner(likeliest: tuple[Actor, ...], memory: Memory) -> tuple[Actor, ...]:
    """Who is meant behind the name of a party's own company: the party, where it was named before."""
    owner = likeliest[0].owner if likeliest else None
    return next(((each,) for each in memory.seen_parties if owner and each.id == owner), likeliest)


def _owner(likeliest: tuple[Actor, ...], memory: Memory) -> tuple[Actor, ...]:
    """Who is meant by "the parent company": nobody where its name is not told, as it is not the company itself."""
    owner = likeliest[0].owner if likeliest else None
    return next(((each,) for each in (*memory.owner, *memory.seen_parties) if owner and each.id == owner), ())


def _no_company(likeliest: tuple[Actor, ...], memory: Memory) -> tuple[Actor, ...]:
    """Who is meant by "the university": never a company, so rather who was named before."""
    if not likeliest or not likeliest[0].company:
        return likeliest
    return tuple(actor for actor in memory.all_institutions if not actor.company)[:1]


def _no_school(likeliest: tuple[Actor, ...], memory: Memory) -> tuple[Actor, ...]:
    """Who is meant by "the group": a university only where no company was named."""
    if not likeliest or not likeliest[0].school:
        return likeliest
    return next(((actor,) for actor in reversed(memory.seen_parties) if not actor.school), likeliest)


def _several(start: int, end: int, before: list[Item], memory: Memory) -> list[Item]:
    """Several parties, and the institutions named last where all are companies: "both firms"."""
    parties = next((i.actors for i in reversed(before) if i.family == "PARTY" and len(i.actors) > 1), memory.parties)
    if not parties and end - start > _PRONOUN and len(memory.seen_parties) == _SEVERAL:
        parties = memory.seen_parties  # "the pair", each named in a sentence of its own
    here = next((i.actors for i in reversed(before) if i.family == "INSTITUTION" and len(i.actors) > 1), ())
    institutions = here or memory.all_institutions
    if len(institutions) == 1 and len(memory.seen) == _SEVERAL:
        institutions = memory.seen  # each named in a sentence of its own
    found = [Item("PARTY", start, end, parties, "noun")] if parties else []
    if len(institutions) > 1 and all(actor.company for actor in institutions):
        found.append(Item("INSTITUTION", start, end, institutions, "noun"))
    return found


def _named(before: list[Item], family: str) -> list[Actor]:
    """All actors of a kind that the sentence has named, the last first."""
    return [actor for item in reversed(before) if item.family == family for actor in item.actors]


def _from(country: str, likeliest: tuple[Actor, ...], here: Iterable[Actor], seen: tuple[Actor, ...]) -> tuple[Actor, ...]:
    """The likeliest that is from a country, or not known to be from another; or the one whose town is told, by its id."""
    known = (*likeliest, *here, *reversed(seen))
    there = next(((each,) for each in known if each.id in country.split()), ())
    return there or next(((each,) for each in known if _is_from(country, each, perhaps=True)), ())


def _is_from(country: str, actor: Actor, *, perhaps: bool = False) -> bool:
    """Whether an actor is one of the companies told by a town, or placed in the country; `perhaps`: or nowhere."""
    told = country.split()
    codes = [each for each in told if len(each) == _CODE]
    return actor.id in told or bool(codes and (actor.country in codes or (perhaps and actor.country is None)))


def _topical(memory: Memory) -> tuple[Actor, ...]:
    """The party named last; of several named together the one that the article is about."""
    about = {actor.key for actor in memory.topic}
    return memory.topic if about & {actor.key for actor in memory.party} else memory.party
