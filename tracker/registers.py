"""The registers that readings use: institutions, parties, lists and lexicons, as frozen values.

They are read from `config/` once, archived by digest and adopted by an event before any reading that
uses them, so that a rebuild next year gives the same answer.
"""

from typing import Literal

import msgspec

from tracker.readers.lexicon import Lexicon
from tracker.readers.weights import Weights


class Register(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every entry of a TOML register is: frozen, and strict about its keys. Names are not empty."""

    def __post_init__(self) -> None:
        named = (getattr(self, "id", "-"), getattr(self, "name", "-"), *getattr(self, "names", ()))
        if not all(name.strip() for name in named):
            raise ValueError(f"{' '.join(named).strip() or 'an entry'}: ids and names are not empty")


class Institution(Register, frozen=True, kw_only=True):
    """A body that reacts: a university, company or association.

    `names` are matched as whole words, with their case, in any language; `names_in` adds names for one
    language only ("l'Institut ..."). `ror` and `wikidata` are public identifiers.
    """

    id: str
    name: str
    names: tuple[str, ...] = ()
    names_in: dict[str, tuple[str, ...]] = {}
    not_in: tuple[str, ...] = ()
    """Languages in which the short names are ordinary words (German "mit")."""
    country: str | None = None
    kind: Literal["university", "company", "association", "government", "other"] = "university"
    trades: tuple[str, ...] = ()
    """What a company makes or does, by which words may point back to it ("the chip designer"): names of a lexicon's trades."""
    ror: str | None = None
    wikidata: str | None = None


class ListingLink(Register, frozen=True, kw_only=True):
    """Which entries of a list are the party's: by a name or alias they carry."""

    list: str
    name: str
    match: Literal["exact", "begins"] = "exact"


class Party(Register, frozen=True, kw_only=True):
    """Whom the news speak of ("Huawei"); it may have many listings, or none."""

    id: str
    name: str
    names: tuple[str, ...] = ()
    names_in: dict[str, tuple[str, ...]] = {}
    not_in: tuple[str, ...] = ()
    country: str | None = None
    trades: tuple[str, ...] = ()
    owner: str | None = None
    """The party whose company it is: "the company" behind its name is rather the owner, where that was named before."""
    listings: tuple[ListingLink, ...] = ()
    wikidata: str | None = None


class ListOfEntities(Register, frozen=True, kw_only=True):
    """An official list. `cfr` is where it stands in law; `names` are how people call it.

    `csl` is its label in the Consolidated Screening List (the column `source`), to the letter. With `follow`
    the copies in it tell the list's history; the removal of an entry is proposed when every copy of
    `missing_for` days lacked it.
    """

    id: str
    name: str
    names: tuple[str, ...] = ()
    cfr: str | None = None
    url: str | None = None
    csl: str | None = None
    follow: bool = False
    missing_for: int = 3

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.missing_for < 1:
            raise ValueError(f"list {self.id}: missing_for is one day or more")
        if self.follow and not self.csl:
            raise ValueError(f"list {self.id}: follow needs csl, the label of the list in the screening list")


class Replacement(Register, frozen=True, kw_only=True):
    """Words of a document and what is read instead; the words must stand in it exactly once."""

    find: str
    put: str = msgspec.field(name="with")


class Override(Register, frozen=True, kw_only=True):
    """A printed slip, corrected by a person for one document and exactly these bytes of it.

    `document` is the number, `raw` the sha256 of the bytes or at least its first twelve digits.
    """

    document: str
    raw: str
    reason: str
    replace: tuple[Replacement, ...]

    def __post_init__(self) -> None:
        if len(self.raw) < 12 or not self.reason.strip() or not self.replace:
            raise ValueError("an override needs a digest of twelve digits or more, a reason and something to replace")


class Registers(msgspec.Struct, frozen=True, kw_only=True):
    """All registers of one run. `digests` names each by the sha256 of its canonical text."""

    institutions: tuple[Institution, ...] = ()
    parties: tuple[Party, ...] = ()
    lists: tuple[ListOfEntities, ...] = ()
    destinations: dict[str, str] = {}
    """Destination headings as printed (upper case) -> ISO 3166 alpha-2 country codes."""
    overrides: tuple[Override, ...] = ()
    lexicons: dict[str, Lexicon] = {}
    """Language -> the lexicon for it."""
    weights: dict[str, Weights] = {}
    """Language -> what signs weigh in it."""
    digests: dict[str, str] = {}
