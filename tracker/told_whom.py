"""Who was told what, when: the record of deliveries, and which of them carried a fact or spoke of a subject."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache

import msgspec
from sqlite_utils import Database

from events.names import normalise
from projections import queries
from projections.claims import PRESENT
from projections.deliveries import ChannelRow, ParcelRow, channels_in_trouble, parcels
from projections.entries import claims_of
from projections.rows import Row
from projections.settled import listings_of
from projections.status import listings
from tracker.app import App
from tracker.channels import is_unconfirmed, wanted
from tracker.deliver import CHANNELS
from tracker.deliver.told import Item, told
from tracker.parcels import digest_of
from tracker.subjects import named
from tracker.why import settled_with


class DeliveryRow(Row, frozen=True, kw_only=True):
    """One digest and one channel: what became of it.

    `state` is `delivered`, `failed`, `waiting`, `paused` (the channel refused too often), `unconfirmed` (the address
    has not said yes), `unsubscribed`, or `removed` (the channel, or its watch). `address` is masked. `about` are the
    lines that were asked for.
    """

    watch: str
    number: int
    channel: str
    address: str | None
    state: str
    at: str | None
    issued_at: str | None
    changes: int | None
    tries: int
    receipt: str | None = None
    error: str | None = None
    next_try: str | None = None
    about: tuple[str, ...] = ()


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """What a person asks about: claims (of a fact, or of entries of that name), and ids and names of subjects."""

    claims: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    name: str = ""

    def is_in(self, item: Item) -> bool:
        """Whether a line of a digest is about it."""
        line = item.change
        if not self.claims.isdisjoint((line.fact, line.claim, *item.told, *(one.claim for one in item.evidence))):
            return True
        about = {line.institution, line.party, line.list, *line.parties}
        return bool(self.subjects & about) or (self.name != "" and normalise(line.name or "") == self.name)

    def __bool__(self) -> bool:
        return bool(self.claims or self.subjects)


def deliveries(
    app: App, watch: str | None = None, since: datetime | None = None, about: Sought | None = None
) -> Iterator[DeliveryRow]:
    """Everything that was sent or waits, oldest digest first: of a watch, from a time on, about a fact or a subject."""
    app.deliveries.catch_up()
    with app.deliveries.store.reading() as database:
        found = list(parcels(database, watch))
    masked, lines = cache(lambda channel: _masked(app, channel)), dict[tuple[str, int], tuple[str, ...]]()
    for parcel, channel in found:
        moment = parcel.at or parcel.issued_at
        if since is not None and (moment is None or datetime.fromisoformat(moment) < since):
            continue
        digest = (parcel.watch, parcel.number)
        if about is not None and digest not in lines:
            lines[digest] = tuple(one.change.words for one in carried(app, parcel, about) if about.is_in(one))
        if about is None or lines[digest]:
            yield _row(app, parcel, channel, masked(parcel.channel), lines.get(digest, ()))


def carried(app: App, parcel: ParcelRow, about: Sought) -> Iterator[Item]:
    """The lines of a digest, as its archived JSON tells them; the one place that looks into it.

    It is not even opened where the ledger says that it told other facts.
    """
    if not parcel.number:
        return
    digest, _ = digest_of(app, parcel)
    if digest.facts and not about.subjects and not about.name and about.claims.isdisjoint(digest.facts):
        return
    found = told(app.archive.get(digest.json))
    yield from (*found.items(), *found.coming)


def _row(app: App, parcel: ParcelRow, channel: ChannelRow, masked: str | None, about: tuple[str, ...]) -> DeliveryRow:
    return DeliveryRow(
        watch=parcel.watch,
        number=parcel.number,
        channel=parcel.channel,
        address=masked,
        state=_state(app, parcel, channel),
        at=parcel.at,
        issued_at=parcel.issued_at,
        changes=parcel.changes,
        tries=parcel.tries,
        receipt=parcel.receipt,
        error=parcel.error,
        next_try=parcel.next_try,
        about=about,
    )


def _state(app: App, parcel: ParcelRow, channel: ChannelRow) -> str:
    if parcel.state not in {"waiting", "failed"}:
        return parcel.state
    if channel.unsubscribed_at is not None:
        return "unsubscribed"
    if app.private.get(parcel.channel) is None:
        return "removed"
    if channel.paused_at is not None:
        return "paused"
    return "unconfirmed" if is_unconfirmed(app, channel, app.private.get(parcel.channel)) else parcel.state


def _masked(app: App, channel: str) -> str | None:
    target = app.private.get(channel)
    return CHANNELS[channel.partition(":")[0]].mask(target) if target else None


def sought(app: App, database: Database, text: str) -> Sought:
    """What a text means: a fact, claim or listing by its id; an institution, party or list; an entry by any name it had."""
    if claims := queries.claims_beginning(database, text):
        _, belonging = settled_with(database, queries.subjects_of_claims(database, claims[:1]), claims[0])
        return Sought(claims=frozenset((*belonging, *claims)))
    registers = app.config.registers
    known = [named(registers.institutions, text), named(registers.parties, text)]
    subjects = {one.id for one in known if one} | {one.id for one in registers.lists if text in (one.id, one.name)}
    entries = {f"listing:{one.lineage}" for one in listings(database, PRESENT, text)}
    found = listings_of(database, queries.subjects_of_claims(database, [one.partition(":")[2] for one in entries]), PRESENT)
    claims = [claim for one in found.listings if f"listing:{one.lineage}" in entries for claim in (one.lineage, *claims_of(one))]
    return Sought(claims=frozenset(claims), subjects=frozenset(subjects), name=normalise(text))


def in_trouble(app: App) -> list[str]:
    """A line for each channel that was paused or refuses what it is sent, for the operators."""
    app.deliveries.catch_up()
    with app.deliveries.store.reading() as database:
        found = channels_in_trouble(database)
    lines, live = [], wanted(app)
    for one in found:
        if one.channel in live and one.paused_at is not None:
            lines.append(
                f"{one.channel} is paused since {one.paused_at[:10]}: {one.refusals} refusals in a row, at last: {one.error}; "
                f"`tracker deliver {one.watch} --at-once` tries again"
            )
        elif one.channel in live and one.unsubscribed_at is None:
            lines.append(f"{one.channel} refuses since {(one.since or '')[:10]}: {one.error}")
    return lines
