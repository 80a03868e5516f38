"""Whom one reference means: whoever was named last and fits, in the sentence or in mind."""

from collections.abc import Iterable
from typing import Final, Literal

from tracker.readers.scene import Actor, Item, Memory

_SEVERAL: Final = 2
_PRONOUN: Final = 4
"""A word for several that is no longer than "them" means those named together only."""
_CODE: Final = 2
"""How long the code of a country is; longer is the id of a company, told by its town: "the Mountain View group"."""


def resolve(
    name: str, start: int, end: int, before: list[Item], memory: Memory, country: str | None, *, of_business: bool
) -> list[Item]:
    """Whom one reference means; `of_business` tells that it may be a company ("the American maker of chips")."""
    near = {kind: next((i.actors for i in reversed(before) if i.family == kind), ()) for kind in ("INSTITUTION", "PARTY")}
    institution = near["INSTITUTION"] or memory.main()
    party = near["PARTY"] or _topical(memory)
    if country is not None:
        institution = _from(country, institution, _named(before, "INSTITUTION"), memory.seen if memory.institutions else ())
        party = _from(country, party, _named(before, "PARTY"), memory.seen_parties)
    pointing: Literal["noun", "pronoun"] = "noun"
    match name:
        case "institution":
            institution = institution if of_business else _no_company(institution, memory)
            party = party if party and party[0].school else ()  # "the university" may be one on the list
        case "institutions":
            both = near["INSTITUTION"] or memory.all_institutions
            if len(both) == 1 and len(memory.seen) == _SEVERAL:
                both = memory.seen  # each named in a sentence of its own
            schools = tuple(actor for actor in memory.seen_parties if actor.school)
            schools = schools if len(schools) == _SEVERAL else ()
            several = {"INSTITUTION": both if len(both) > 1 else (), "PARTY": schools}
            return [Item(family, start, end, actors, "noun") for family, actors in several.items() if actors]
        case "party":
            institution = institution if institution and institution[0].company else ()
            party = _no_school(party, memory) if of_business else party
        case "parties":
            return _several(start, end, before, memory)
        case "inverted":
            party = ()
        case _:
            pointing = "pronoun"
    found = {"INSTITUTION": institution[:1], "PARTY": party[:1]}
    order = ("PARTY", "INSTITUTION") if name == "party" else ("INSTITUTION", "PARTY")
    return [Item(family, start, end, found[family], pointing) for family in order if found[family]]


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
    fits = {None, country} if len(country) == _CODE else {country}
    known = (*likeliest, *here, *reversed(seen))
    return next(((each,) for each in known if (each.country if len(country) == _CODE else each.id) in fits), ())


def _topical(memory: Memory) -> tuple[Actor, ...]:
    """The party named last; of several named together the one that the article is about."""
    about = {actor.key for actor in memory.topic}
    return memory.topic if about & {actor.key for actor in memory.party} else memory.party
