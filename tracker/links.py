"""Addresses that only we can have made: to confirm, to unsubscribe, and to read what a watch was sent.

They carry what they stand for and a code made from it with a key of this home (HMAC), so nothing has to be kept for
them, and they work for years. A reference is new for each watch ever added, so a link never means somebody else.
"""

import hmac
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import Final
from urllib.parse import quote

from events.operations import WatchAdded
from projections.rows import Row
from projections.watches import watches
from tracker.app import App

_CODE_BYTES: Final = 20
_KEY: Final = "links"


def unsubscribe_path(app: App, channel: str) -> str:
    """The page that ends a channel; it never expires."""
    return f"/unsubscribe/{_quoted(channel)}/{code(app, 'unsubscribe', channel)}"


def confirm_path(app: App, channel: str, until: datetime) -> str:
    """The page that confirms a channel, up to a time."""
    moment = str(int(until.timestamp()))
    return f"/confirm/{_quoted(channel)}/{moment}/{code(app, 'confirm', channel, moment)}"


def watch_path(app: App, watch: str) -> str | None:
    """Where the feed and the calendar of a watch are; None when there is no such watch.

    A later watch of the same name has another address.
    """
    added = _added(app, watch)
    return f"/watch/{_quoted(watch)}/{code(app, 'watch', watch, added)}" if added else None


def is_watch(app: App, watch: str, given: str) -> bool:
    """Whether a code is that of a watch."""
    added = _added(app, watch)
    return added is not None and is_code(app, given, "watch", watch, added)


def _added(app: App, watch: str) -> str | None:
    """What tells a watch from earlier ones of its name."""
    added = [one.version for one in app.ledger.stream(f"watch/{watch}") if isinstance(one.event, WatchAdded)]
    return str(added[-1]) if added else None


def code(app: App, *parts: str) -> str:
    """The code of what a link stands for; `is_code` compares one."""
    made = hmac.digest(app.private.key(_KEY), "\n".join(parts).encode(), "sha256")
    return urlsafe_b64encode(made[:_CODE_BYTES]).decode().rstrip("=")


def is_code(app: App, given: str, *parts: str) -> bool:
    """Whether a code is the one of these parts, in a time that tells nothing about how much of it was right."""
    return hmac.compare_digest(given.encode(), code(app, *parts).encode())


def _quoted(text: str) -> str:
    return quote(text, safe=":")


class LinkRow(Row, frozen=True, kw_only=True):
    """Where a feed and a calendar are: those of a watch are for whoever has the address."""

    kind: str
    id: str
    feed: str
    calendar: str


def served_links(app: App) -> list[LinkRow]:
    """Where everything is that `tracker serve` publishes: watches, then lists, parties and institutions."""
    with app.views.store.reading() as database:
        live = [one.watch for one in watches(database)]
    registers, base = app.config.registers, app.config.settings.serve.base
    paths = [("watch", one, path) for one in live if (path := watch_path(app, one))]
    for kind, register in (("list", registers.lists), ("party", registers.parties), ("institution", registers.institutions)):
        paths += [(kind, one.id, f"/{kind}/{one.id}") for one in register]
    return [
        LinkRow(kind=kind, id=id_, feed=f"{base}{path}/feed.atom", calendar=f"{base}{path}/calendar.ics")
        for kind, id_, path in paths
    ]
