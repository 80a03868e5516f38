"""Takes in official copies of lists, from the eCFR and the Consolidated Screening List.

    read -> readable, and no list collapsed? -> other than the copy before? record it -> follow its lists

A copy is never law, and copies do come damaged: lists have lost 15,000 rows overnight and had them back days
later. So a copy is read before anything of it is kept; one that is not believed fails the source, as one row of
failures, and its bytes are archived for whoever looks into it.
"""

from collections.abc import Sequence
from typing import Final

from events.base import Recorded
from events.documents import Check, DocumentCaptured, DocumentRead
from tracker.app import App
from tracker.archive import Provenance
from tracker.errors import FetchError
from tracker.following import Copy, follow
from tracker.readers.base import Document
from tracker.reading import read_apart, record
from tracker.sources.base import SourceSettings

COPIES: Final = frozenset({"ecfr", "csl"})
"""Kinds of document that show a whole list on one day. The copy with which a history begins is a document like others."""

SMALL: Final = 20
"""A list with fewer entries may lose any part of them: a few make a large part."""


def take_copy(app: App, source: SourceSettings, document: Document, provenance: Provenance) -> list[Recorded]:
    """Takes in a copy; gives the recorded events, none when it is as the one before.

    Raises FetchError, with the bytes archived, for a copy that cannot be read or lacks too much.
    """
    done = read_apart(document, app.config.registers)
    if done.failure is not None:
        hint = "look at the bytes kept in the archive; it is asked for again at the next poll"
        raise _refused(app, document, provenance, f"{document.url} cannot be read: {done.failure}", hint)
    before = last_good(app.ledger.stream(document.stream))
    if before is not None and (lost := collapsed(before.checks, done.reading.checks, source.expect.most_lost)):
        hint = (
            "it is asked for again at the next poll; if the loss is genuine, set most_lost in the expect of "
            f"{source.id} in sources.toml until one copy was taken in"
        )
        raise _refused(app, document, provenance, f"{document.url} lacks too much: {'; '.join(lost)}", hint)
    recorded: list[Recorded] = []
    if before is None or before.text != done.text:
        now = app.clock.now()
        recorded = record(document, provenance, app.config.registers, app.ledger, app.archive, now, done)
    if document.kind == "csl" and _tells_lists(app, source):
        kept = next((one.event.raw for one in recorded if isinstance(one.event, DocumentCaptured)), None)
        recorded = recorded + follow(Copy(app, document, provenance, kept), done)
    return recorded


def last_good(stream: Sequence[Recorded]) -> DocumentRead | None:
    """The latest reading that worked of the latest version that could be read."""
    good = [one.event for one in stream if isinstance(one.event, DocumentRead) and one.event.failure is None]
    return max(reversed(good), key=lambda event: event.document_version, default=None)


def collapsed(before: Sequence[Check], now: Sequence[Check], most_lost: float) -> list[str]:
    """What is said of each list that lost more than that part of its entries."""
    found = _entries(now)
    lists = {name: (then, found[name]) for name, then in _entries(before).items() if name in found and then >= SMALL}
    return [
        f"{name} went from {then} to {left} entries (most_lost = {most_lost:g})"
        for name, (then, left) in lists.items()
        if then - left > most_lost * then
    ]


def _entries(checks: Sequence[Check]) -> dict[str, int]:
    return {check.where: int(check.found) for check in checks if check.name == "entries" and check.where}


def _refused(app: App, document: Document, provenance: Provenance, what: str, hint: str) -> FetchError:
    raw = app.archive.put(document.raw, provenance)
    return FetchError(what, hint, url=provenance.url, status=provenance.status, raw=raw)


def _tells_lists(app: App, source: SourceSettings) -> bool:
    """One source tells what becomes of the followed lists: from two, each entry would be added twice."""
    return next((one.id for one in app.config.sources if one.kind == source.kind), source.id) == source.id
