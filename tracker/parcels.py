"""What is put into the hands of a channel: a digest, under an id that is the same at every try."""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from events.operations import DigestIssued
from projections.deliveries import ParcelRow
from tracker.app import App
from tracker.deliver.base import Issued, Means, Parcel, TakesMail
from tracker.errors import TrackerError
from tracker.links import unsubscribe_path
from tracker.private import secret_of


def digest_of(app: App, row: ParcelRow) -> tuple[DigestIssued, datetime]:
    """The digest of a parcel and when it was issued; raises TrackerError when the ledger holds none there."""
    for one in app.ledger.read((row.position or 0) - 1, row.position or 0) if row.position else ():
        if isinstance(one.event, DigestIssued):
            return one.event, one.recorded_at
    raise TrackerError(f"{row.watch}-{row.number}: the ledger holds no such digest", "`tracker verify` tells more.")


def parcel(app: App, row: ParcelRow) -> Parcel:
    """A digest for a channel; raises TrackerError when the archive lacks it."""
    digest, at = digest_of(app, row)
    named = f"{row.channel}\n{digest.number}\n{digest.json}"
    return Parcel(
        id=f"{digest.watch[:40].replace('.', '_')}-{digest.number}-{hashlib.sha256(named.encode()).hexdigest()[:16]}",
        watch=digest.watch,
        number=digest.number,
        issued_at=at,
        text=app.archive.get(digest.text),
        html=app.archive.get(digest.html),
        json=app.archive.get(digest.json),
        all_issued=lambda: all_issued(app, digest.watch, row.channel),
    )


def all_issued(app: App, watch: str, channel: str) -> Iterator[Issued]:
    """The digests issued to a channel, newest first; those of an earlier watch of the same name are not among them."""
    streamed = [(one.recorded_at, one.event) for one in app.ledger.stream(f"digest/{watch}")]
    for at, event in reversed(streamed):
        if isinstance(event, DigestIssued) and channel in event.channels:
            yield Issued(at=at, json=app.archive.get(event.json))


def means(app: App, channel: str, mail_server: TakesMail | None = None) -> Means:
    """What a channel may use besides."""
    settings = app.config.settings
    base = settings.serve.base
    return Means(
        clock=app.clock,
        http=settings.http,
        email=settings.email,
        reference=channel,
        secret=app.private.get(secret_of(channel)),
        unsubscribe=base + unsubscribe_path(app, channel) if base else None,
        mail_server=mail_server,
    )
