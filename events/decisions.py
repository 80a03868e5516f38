"""What people decide, and what was adopted as the basis for reading."""

from typing import Literal

from events.base import Event


class RegisterAdopted(Event, frozen=True, kw_only=True, tag="register-adopted"):
    """A register, lexicon or set of overrides came into use; its text lies in the archive under `digest`.

    Stream `register/<name>`.
    """

    name: str
    digest: str


class PartyLinked(Event, frozen=True, kw_only=True, tag="party-linked"):
    """Entries of a list that carry a name are the party's.

    A link is by name, not by lineage, so that it holds whichever comes first, the link or the rule.
    `match` is `exact` (a name or alias equals it) or `begins` (a name or alias begins with these words);
    names are compared as `names.normalise` leaves them. Stream `register/parties`.
    """

    party: str
    list: str
    name: str
    match: Literal["exact", "begins"] = "exact"
    by: str = "register"


class PartyUnlinked(Event, frozen=True, kw_only=True, tag="party-unlinked"):
    """A link is taken back. Stream `register/parties`."""

    party: str
    list: str
    name: str
    match: Literal["exact", "begins"] = "exact"
    by: str = "register"


class ClaimRejected(Event, frozen=True, kw_only=True, tag="claim-rejected"):
    """A person decided that a claim is false; it stays in the ledger and counts nowhere.

    Stream `decision/<claim>`. The latest decision about a claim holds.
    """

    claim: str
    reason: str
    by: str


class ReadingAccepted(Event, frozen=True, kw_only=True, tag="reading-accepted"):
    """A person decided that a quarantined part of a document needs no statement: it waits no longer.

    `part` is the id of the part (`claims.part_id`). Stream `decision/<part>`.
    """

    document: str
    part: str
    reason: str
    by: str


class ClaimsMerged(Event, frozen=True, kw_only=True, tag="claims-merged"):
    """A person decided that these claims tell one fact. Stream `decision/<first claim>`.

    All are of one type and about one pair. Of two decisions about the same two claims the later one holds.
    """

    claims: tuple[str, ...]
    reason: str
    by: str


class ClaimsSplit(Event, frozen=True, kw_only=True, tag="claims-split"):
    """A person decided that `claims` tell another fact than `others`. Stream as `ClaimsMerged`."""

    claims: tuple[str, ...]
    others: tuple[str, ...]
    reason: str
    by: str


class NameDecided(Event, frozen=True, kw_only=True, tag="name-decided"):
    """A person decided whose name one is that documents print and no register holds.

    With `entry`, an id of the registers, what is said of the name is said of that institution or party; without, the
    name is nobody's and waits no longer. The latest decision about a name holds. Stream `decision/<id of the name>`.
    """

    role: Literal["institution", "party"]
    name: str
    entry: str | None = None
    reason: str
    by: str


class ClaimAccepted(Event, frozen=True, kw_only=True, tag="claim-accepted"):
    """A person decided that a claim stands, whatever was decided before. Stream `decision/<claim>`."""

    claim: str
    reason: str
    by: str
