"""Past digests computed again: composed from the ledger as it was at their end, and held against the archived bytes."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import msgspec
from sqlite_utils import Database

from events.decisions import RegisterAdopted
from events.operations import DigestIssued
from events.watching import Watching, followed
from projections.run import EventSource, catch_up
from projections.store import ViewStore
from projections.watches import watch_called
from tracker.app import App
from tracker.composing import RENDERER, Composer
from tracker.contents import Digest
from tracker.errors import TrackerError
from tracker.name_lists import names_in
from tracker.news import News, Wanted
from tracker.register_files import INSTITUTIONS
from tracker.render import Renderer
from tracker.spans import span_of

_NAMING: Final = {*(file.removesuffix(".toml") for file in INSTITUTIONS), "parties"}
"""The registers by which names are known."""


class Recomputed(msgspec.Struct, frozen=True, kw_only=True):
    """A past digest held against what is computed again.

    `differs` names the forms whose bytes differ, `cause` says why in words; `gone` are the archived lines that
    are not there again, `new` those that were not there then.
    """

    watch: str
    number: int
    same: bool
    renderer: int
    differs: tuple[str, ...] = ()
    cause: str | None = None
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()

    @property
    def is_problem(self) -> bool:
        """Whether it differs though the same code made it."""
        return not self.same and self.renderer == RENDERER and self.cause is None


def digests_sent(ledger: EventSource, head: int | None = None) -> Iterator[tuple[DigestIssued, Watching]]:
    """Every digest with its watch as it stood when it was issued."""
    known: dict[str, Watching] = {}
    for one in ledger.read(0, head):
        if one.stream.startswith("watch/"):
            after = followed(known.get(one.stream), one)
            known.pop(one.stream, None)
            if after is not None:
                known[one.stream] = after
        elif isinstance(one.event, DigestIssued) and f"watch/{one.event.watch}" in known:
            yield one.event, known[f"watch/{one.event.watch}"]


def recomputed(app: App, store: ViewStore, wanted: Callable[[DigestIssued], bool] = lambda _: True) -> Iterator[Recomputed]:
    """Computes digests again in views that are empty yet and grow to the end of each, in the order of their ends."""
    sent = [one.event for one in app.ledger.read() if isinstance(one.event, DigestIssued) and wanted(one.event)]
    for event in sorted(sent, key=lambda one: one.until):
        catch_up(store, app.ledger, until=event.until)
        with store.reading() as database:
            yield _held_against(app, database, event)


def _held_against(app: App, database: Database, event: DigestIssued) -> Recomputed:
    told = Recomputed(watch=event.watch, number=event.number, same=False, renderer=event.renderer)
    watching = watch_called(database, event.watch)
    if watching is None:
        return msgspec.structs.replace(told, cause="the watch was removed while the digest was made")
    wanted = Wanted(watching=watching, span=span_of(event))
    news = News(database, app.ledger, [wanted], names_in(app.private), app.entries_called)
    digest, renderer = Composer(news, event.most).compose(wanted, event.number), Renderer(app.templates)
    made = {"text": renderer.text(digest).encode(), "html": renderer.html(digest).encode(), "json": renderer.json(digest)}
    archived = {form: app.archive.get(getattr(event, form)) for form in made}
    differs = tuple(form for form, content in made.items() if content != archived[form])
    if not differs:
        return msgspec.structs.replace(told, same=True)
    before, after = _archived_lines(archived["json"]), told_lines(digest)
    return msgspec.structs.replace(
        told,
        differs=differs,
        cause=_cause(app, event, watching, differs),
        gone=tuple(line for line in before if line not in after),
        new=tuple(line for line in after if line not in before),
    )


def _cause(app: App, event: DigestIssued, watching: Watching, differs: tuple[str, ...]) -> str | None:
    if event.renderer != RENDERER:
        return f"made by version {event.renderer} of the composing; this is version {RENDERER}"
    if any(app.private.get(reference) is None for reference in watching.terms.names):
        return "a saved list of names was erased since"
    if watching.terms.names and _knew_others(app, event):
        return "the registers, which tell whom saved names mean, were changed since"
    if "json" not in differs:
        return "the same content written otherwise: by another template, or another version of the library that writes dates"
    return None


def _knew_others(app: App, event: DigestIssued) -> bool:
    """Whether the registers of institutions and parties are others than those in use when a digest was issued."""
    for name in _NAMING:
        known = [one.event for one in app.ledger.stream(f"register/{name}") if one.position <= event.until]
        used = [one.digest for one in known if isinstance(one, RegisterAdopted)]
        if used and used[-1] != app.config.registers.digests[name]:
            return True
    return False


def told_lines(digest: Digest) -> list[str]:
    """The lines of a digest, date and sentence."""
    return [f"{item.change.date}  {item.change.summary}" for group in digest.groups for item in group.items]


def _archived_lines(model: bytes) -> list[str]:
    """The same of an archived digest, of whatever version."""
    try:
        groups: Iterable[dict[str, Any]] = msgspec.json.decode(model)["groups"]
        return [f"{item['change']['date']}  {item['change']['summary']}" for group in groups for item in group["items"]]
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise TrackerError(f"an archived digest cannot be read: {error}", "`tracker verify` checks the archive.") from error
