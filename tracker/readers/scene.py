"""One annotated sentence, and what the sentences so far leave in mind."""

from functools import cached_property
from typing import Any, Final, Literal

import msgspec

from tracker.readers.gazetteer import Gazetteer, Name
from tracker.readers.introduced import Introduced
from tracker.readers.short_names import ShortName

OTHER_LIST: Final = "other"
"""What stands in memory for a list that is not kept here."""

TIES: Final = frozenset({"tie", "money", "project", "laboratory", "jointly_with"})
"""Families of words for what binds an institution to a party."""

BINDING: Final = frozenset({"bonds_to", "bonds_from", "bonds_people", "bonds_with", "bonds_by"})
"""Families of verbs that bind subject and object wherever both stand in one clause: "trains ZTE's engineers"."""

DOING: Final = BINDING | {"doing", "supplies_of", "sales_w", "support_w", "does", "does_so", "withdrawn", "come_home"}
"""Families of verbs for what is done at, on or for somebody, and so with them: "stopped servicing machines at YMTC's plants"."""


class Actor(msgspec.Struct, frozen=True):
    """An institution or party, as an id of the registers (or None) and as printed."""

    id: str | None
    name: str
    company: bool = False
    """Whether it is an institution that is a company: "the company" may be it."""
    country: str | None = None
    school: bool = False
    """Whether it is a university or an institute: "the university" may be it."""
    trades: tuple[str, ...] = ()
    """What it makes or does: "the chip designer" may be it."""
    owner: str | None = None
    """The id of the party whose company it is."""

    @property
    def key(self) -> str:
        """What tells it from others."""
        return self.id or self.name


def actor_of(name: Name, register: Gazetteer, firms: frozenset[str] = frozenset()) -> Actor:
    """Whose name it is, with what tells which words may point back to it; `firms` are companies that no register holds."""
    trades, owner = register.trades(name), register.owner(name)
    firm = name.id is None and name.printed in firms
    company, school = register.is_company(name) or firm, register.is_school(name) and not firm
    return Actor(name.id, name.printed, company, register.country(name), school, trades, owner)


class Item(msgspec.Struct, frozen=True):
    """A stretch of a sentence with what it is: a family of words, or actors, or a list."""

    family: str
    start: int
    end: int
    actors: tuple[Actor, ...] = ()
    pointing: Literal["", "noun", "pronoun"] = ""


class PendingEnd(msgspec.Struct, frozen=True):
    """An end whose party no sentence has named yet: its drafts, the nouns of the tie, and its place."""

    drafts: tuple[Any, ...]
    nouns: frozenset[str]
    place: int


class Memory(msgspec.Struct):
    """What the sentences so far leave in mind. It is changed while a text is read, and by nobody else."""

    institutions: tuple[Actor, ...] = ()
    party: tuple[Actor, ...] = ()
    parties: tuple[Actor, ...] = ()
    all_institutions: tuple[Actor, ...] = ()
    list: str | None = None
    """The list spoken of last: an id, `other`, or None."""
    by_agent: bool = False
    """Whether an agent was named whose list "the blacklist" is where no list was named."""
    age: int = 99
    """Sentences since an institution was named."""
    party_age: int = 99
    """Sentences since a party was named."""
    listing: tuple[str, ...] | None = None
    """A listing just told of whose parties may still be counted up: list, change, date, rule, whether dated."""
    last_listing: tuple[str, ...] | None = None
    """The listing told of last, though the text has gone on to something else since."""
    listing_place: int = -99
    """The place of the sentence that told of a listing last."""
    listed_named: bool = False
    """Whether that sentence itself named who was listed."""
    rows: int = -1
    """The place of the line that may be a row of names below a colon."""
    own: Actor | None = None
    """The institution whose own statement the text is."""
    seen: tuple[Actor, ...] = ()
    """All institutions named so far; where it is but one, an unquoted "we" is that one."""
    universities: bool = False
    """Whether the text has spoken of universities, of none by name as well."""
    printed: frozenset[str] = frozenset()
    """The ids of all whose names were printed so far, those too that were only "a student at" of somebody."""
    printing: frozenset[str] = frozenset()
    """The same of the sentence that is being read."""
    acronyms: dict[str, Name] = {}
    """Initials of longer names printed so far: HIT for Harbin Institute of Technology."""
    owner: tuple[Actor, ...] = ()
    """The party of which the sentence names only a company as acting: later "the group" is the party."""
    in_passing: tuple[Actor, ...] = ()
    """Parties that the last sentence named and that do nothing there: "students of Harbin Engineering University"."""
    seen_parties: tuple[Actor, ...] = ()
    """All parties named so far, in the order in which they were first named."""
    latter: tuple[str, tuple[Actor, ...]] = ("", ())
    """The kind and the actor that the last sentence with a name names last: "the latter"."""
    together: dict[str, tuple[Actor, ...]] = {}
    """For each kind those that one sentence named together, until another is named: "the former"."""
    subject: tuple[Actor, ...] = ()
    """The institution with which the last sentence that names any began, if it did."""
    acted: frozenset[str] = frozenset()
    """The keys of all institutions with which a sentence began."""
    topic: tuple[Actor, ...] = ()
    """The one party that headline and opening speak of: meant by "the company" where no other is near."""
    about: tuple[Actor, ...] = ()
    """The one institution that the headline names: meant by "the university" where a sentence named several."""
    headline: tuple[Actor, ...] = ()
    """All institutions that the headline names: meant by "both universities" where others were named since."""
    short: dict[str, ShortName] = {}
    """Short names of institutions that the text names in full: Illinois for the University of Illinois."""
    tied: int = 99
    """Sentences since one had a word for a tie."""
    tied_before: int = 99
    """The same without the last sentence: "it" in that may be the tie."""
    told: tuple[Any, ...] = ()
    """The drafts of ends and responses that were found last, for whoever is told to have done the same."""
    pending_end: PendingEnd | None = None
    """An end told before any party was named, for the sentence that names whose the tie was."""
    partners: dict[str, tuple[Actor, ...]] = {}
    """For the key of an institution the parties with which it was told to have ties."""
    stems: dict[str, Name] = {}
    """Stems of the names that the text prints in full: 浪潮 for 浪潮集团."""
    introduced: tuple[Introduced, ...] = ()
    """Names that no register holds and that the text introduces with what they are."""
    heading: tuple[Actor, ...] = ()
    """The institution whose name heads the paragraph."""
    quoted: bool = False
    """Whether a quotation runs on from the sentence before."""

    def main(self) -> tuple[Actor, ...]:
        """The institution named last; of several named in one sentence the one that the headline names."""
        about = {actor.key for actor in self.about}
        return tuple(actor for actor in self.all_institutions if actor.key in about) or self.institutions

    def takes_in(self) -> None:
        """Leaves in mind the parties that the sentence before named in passing."""
        for actor in self.in_passing:
            self.seen_parties = tuple({each.key: each for each in (*self.seen_parties, actor)}.values())
            self.party, self.party_age = (self.party, self.party_age) if self.party_age <= 1 else ((actor,), 1)
        self.in_passing = ()

    def goes_over(self, actor: Actor) -> None:
        """Leaves one institution in mind who may act, which no sentence has named: the text goes over to its town."""
        self.institutions = self.all_institutions = self.subject = (actor,)
        self.seen = tuple({each.key: each for each in (*self.seen, actor)}.values())
        self.age = -1

    def tie(self, institution: str, party: str) -> None:
        """Keeps in mind that an institution has ties with a party."""
        before = self.partners.get(institution, ())
        named = (actor for actor in self.seen_parties if actor.key == party and actor not in before)
        self.partners[institution] = (*before, *named)
        self.tied = 0  # "has worked with Huawei" tells of a tie without a word for one

    def forget(self) -> None:
        """Leaves nobody in mind who may act: the text goes over to somebody else."""
        self.institutions = self.all_institutions = self.subject = ()
        self.age = 99


class Scene(msgspec.Struct, frozen=True, dict=True):
    """One annotated sentence: the items in order of place, and where words part nothing ("in May", "by its own account")."""

    text: str
    folded: str
    items: tuple[Item, ...]
    by_the_way: tuple[tuple[int, int], ...] = ()

    @cached_property
    def _found(self) -> dict[tuple[str, ...], tuple[Item, ...]]:
        """The items of the families asked for so far; of one sentence the same is asked some thirty times."""
        found: dict[tuple[str, ...], list[Item]] = {}
        for item in self.items:
            found.setdefault((item.family,), []).append(item)
        return {families: tuple(items) for families, items in found.items()}

    @cached_property
    def blockers_before(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """For a kind of statement and the words before an anchor the blockers found to fit before it, as far as asked for."""
        return {}

    def of(self, *families: str) -> tuple[Item, ...]:
        """The items of some families, in order."""
        found = self._found.get(families)
        if found is None:
            several = len(families) > 1
            found = tuple(item for item in self.items if item.family in families) if several else ()
            self._found[families] = found
        return found

    def has(self, family: str, start: int = 0, end: int | None = None) -> bool:
        """Whether a family occurs within a stretch."""
        last = len(self.text) if end is None else end
        return any(start <= item.start and item.end <= last for item in self.of(family))
