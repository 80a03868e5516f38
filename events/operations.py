"""The tracker's own doings: sources failing, watches kept, digests issued and delivered."""

from datetime import datetime
from typing import Literal

import msgspec

from events.base import Event

Cadence = Literal["immediate", "hourly", "daily", "weekly"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
LeastStanding = Literal["reported", "first-hand", "official"]
Empty = Literal["silent", "told"]
"""What a watch gets when a digest is due and nothing changed: nothing, or a digest that says so."""


class SourceFailed(Event, frozen=True, kw_only=True, tag="source-failed"):
    """The polls of a source fail, and not by a passing fault alone. Stream `source/<id>`.

    A row of failures is one event; every attempt stands in the poll log.
    `raw` is the digest of what was answered, where anything was.
    """

    source: str
    error: str
    url: str | None = None
    raw: str | None = None


class SourceShrunk(Event, frozen=True, kw_only=True, tag="source-shrunk"):
    """A source answers with far fewer entries than it should, or than it lately did. Stream `source/<id>`.

    `words` say so with the numbers; `raw` is the digest of the answer, where it was refused for that.
    """

    source: str
    words: str
    entries: int | None = None
    usual: int | None = None
    raw: str | None = None


class SourceChanged(Event, frozen=True, kw_only=True, tag="source-changed"):
    """A source answers with another thing than it did: a web page for a feed, entries without dates. Stream `source/<id>`."""

    source: str
    words: str
    raw: str | None = None


class SourceSilent(Event, frozen=True, kw_only=True, tag="source-silent"):
    """A source answers, and nothing new has come for far longer than usual. Stream `source/<id>`.

    `last` is when its last new document came, `after` the seconds without one after which it counts as
    silent: set, or by the rhythm of its documents.
    """

    source: str
    last: datetime
    after: float


SourceTrouble = Literal["failed", "shrunk", "changed", "silent"]


class SourceRecovered(Event, frozen=True, kw_only=True, tag="source-recovered"):
    """What was the matter with a source is over. Stream `source/<id>`.

    `of` are the troubles that ended: it works again, has its entries or its shape again, or something new came.
    """

    source: str
    of: tuple[SourceTrouble, ...] = ("failed",)


Disagreement = Literal["missing", "extra", "differing"]


class Difference(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One thing in which the fold of the rules and an official copy differ, and why.

    `missing` stands in the fold and not in the copy, `extra` the other way round; of an entry that is
    `differing` the field is named, with both readings. `explanation` is one of `reconciliation.CAUSES`.
    """

    kind: Disagreement
    name: str
    destination: str
    field: str | None = None
    ours: str | None = None
    theirs: str | None = None
    explanation: str


class ListReconciled(Event, frozen=True, kw_only=True, tag="list-reconciled"):
    """The fold of a list was held against an official copy of it. Stream `list/<list>/<source>`.

    `on` is the day compared, `position` the last event that the fold rested on, `document` and
    `document_version` the copy. `agree` counts the entries without any difference, `causes` the differences
    by their cause; those that are about the page of a citation alone are counted and not listed.
    """

    list: str
    source: str
    on: str
    position: int
    document: str
    document_version: int
    agree: int
    causes: dict[str, int] = {}
    differences: tuple[Difference, ...] = ()


class WatchTerms(Event, frozen=True, kw_only=True):
    """What a watch takes, when, and in which form; the whole of it, however little was changed.

    A change matches when any of its institution, party, listing, destination or list is named, or a name of a
    saved name list is among its names; where none of these is given, everything matches. The other filters
    narrow: its type, source, stance, the language of its document and its words must be among those given, its
    standing at least the one given. `channels` and `names` are references into the private store
    (`file:9f2c...`), never addresses or names. `since` is what counts as news to this watch.
    """

    internal = True

    watch: str
    institutions: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    cadence: Cadence = "daily"
    since: datetime
    listings: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    stances: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    standing: LeastStanding | None = None
    operators: bool = False
    at: str | None = None
    weekday: Weekday | None = None
    quiet: str | None = None
    zone: str = "UTC"
    dates: str | None = None
    empty: Empty = "silent"
    seeded: str | None = None


class WatchAdded(WatchTerms, frozen=True, kw_only=True, tag="watch-added"):
    """Somebody watches. Stream `watch/<id>`."""


class WatchChanged(WatchTerms, frozen=True, kw_only=True, tag="watch-changed"):
    """A watch takes something else from now on, in its own numbering and where its last digest ended. Stream `watch/<id>`."""


class WatchPaused(Event, frozen=True, kw_only=True, tag="watch-paused"):
    """A watch, or one channel of it, gets nothing until it is resumed. Stream `watch/<id>`.

    While a watch is paused no digest is issued for it and nothing is delivered to it; while one of its channels
    is, digests are issued as ever, to the others. What was not delivered stays owed.
    """

    internal = True

    watch: str
    channel: str | None = None
    reason: str | None = None


class WatchResumed(Event, frozen=True, kw_only=True, tag="watch-resumed"):
    """A watch, or one channel of it, goes on. Stream `watch/<id>`.

    It is told what it missed, unless `since` says that only what is learnt after that time is news.
    Resuming a watch leaves its paused channels paused.
    """

    internal = True

    watch: str
    channel: str | None = None
    since: datetime | None = None


class WatchRemoved(Event, frozen=True, kw_only=True, tag="watch-removed"):
    """A watch ended. Stream `watch/<id>`."""

    internal = True

    watch: str


class DigestIssued(Event, frozen=True, kw_only=True, tag="digest-issued"):
    """A digest was made for a watch. Stream `digest/<watch>`.

    It covers positions (`after`, `until`] of the ledger and legal days (`day_after`, `day_until`]; the
    next begins where it ends, so nothing falls between and nothing comes twice. `text`, `html` and
    `json` are the digests of the archived bytes. `facts` are the facts and amendments that it told one by
    one, `retracted` those of them of which it told that they are no more, or that go by another one of them
    now: who was told that one stands is told of its correction. `content` is the digest of what it says,
    whoever is told; watches that were told the same have the same. `renderer` and `most` are what it was
    made with: the version of the composing, and how many changes are told one by one.
    """

    internal = True

    watch: str
    number: int
    after: int
    until: int
    day_after: str
    day_until: str
    changes: int
    channels: tuple[str, ...]
    text: str
    html: str
    json: str
    facts: tuple[str, ...] = ()
    retracted: tuple[str, ...] = ()
    content: str | None = None
    renderer: int = 1
    most: int = 200


class DeliveryMade(Event, frozen=True, kw_only=True, tag="delivery-made"):
    """A channel took a digest. Stream `delivery/<watch>/<number>/<channel>` of the receipts ledger."""

    internal = True

    watch: str
    number: int
    channel: str
    receipt: str


class DeliveryFailed(Event, frozen=True, kw_only=True, tag="delivery-failed"):
    """A channel refused a digest; it is tried again, not before `next_try`. Stream as `DeliveryMade`.

    Nothing else is sent to the channel before `rest`. `weight` is how much this counts towards the pausing of
    the channel: nothing where the fault was ours. The number 0 stands for the mail that asks for a confirmation.
    """

    internal = True

    watch: str
    number: int
    channel: str
    error: str
    next_try: datetime | None = None
    rest: datetime | None = None
    weight: int = 0
