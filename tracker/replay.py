"""What if: the same ledger settled again without a source, a document, or newer readings.

    events of the ledger -> those that count in the question (`Leaving`) -> views of a scratch file -> compared

Nothing is written to the ledger or the live views, and nothing is sent. The scratch file goes at the end.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils import Database

from events.base import Recorded
from events.documents import DocumentCaptured, DocumentRead
from projections.claims import Horizon
from projections.run import EventSource, build, new_store
from projections.store import ViewStore
from projections.view import units
from tracker.app import App
from tracker.compare import between_views
from tracker.digest import compose
from tracker.errors import UsageError
from tracker.readers.registry import READERS
from tracker.recomputing import digests_sent, told_lines
from tracker.rereading import read_anew
from tracker.spans import span_of


class Leaving(msgspec.Struct, frozen=True, kw_only=True):
    """What a replay leaves out: sources and documents (streams), and readings newer than a reader's version.

    `anew` are readers of which today's version is asked for and was never run: their documents are read for the replay.
    """

    sources: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    readings: dict[str, int] = {}
    anew: frozenset[str] = frozenset()

    @property
    def is_nothing(self) -> bool:
        """Whether the replay is of everything as it stands."""
        return not (self.sources or self.documents or self.readings)


class Without:
    """A ledger as views need one, without what a replay leaves out; positions stay as they are."""

    def __init__(self, ledger: EventSource, leaving: Leaving, until: int | None = None) -> None:
        self._ledger, self._leaving, self._until = ledger, leaving, until

    def head(self) -> int:
        """The last position that counts."""
        head = self._ledger.head()
        return head if self._until is None else min(head, self._until)

    def read(self, after: int = 0, until: int | None = None) -> Iterator[Recorded]:
        """Events past a position that count; a reading goes with all its statements."""
        last = self.head() if until is None else min(until, self.head())
        for unit in units(self._ledger.read(after, last)):
            if self._counts(unit.head):
                yield from unit.recorded

    def _counts(self, one: Recorded) -> bool:
        if not one.stream.startswith("document/"):
            return True
        if one.stream in self._leaving.documents or one.stream.split("/")[1] in self._leaving.sources:
            return False
        if isinstance(one.event, DocumentRead):
            newest = self._leaving.readings.get(one.event.reader)
            return newest is None or one.event.reader_version <= newest
        return True


class WithAnew:
    """Such a ledger with readings behind its end that are nowhere recorded."""

    def __init__(self, ledger: Without, anew: Sequence[Recorded]) -> None:
        self._ledger, self._anew = ledger, anew

    def head(self) -> int:
        """The last position."""
        return self._anew[-1].position if self._anew else self._ledger.head()

    def read(self, after: int = 0, until: int | None = None) -> Iterator[Recorded]:
        """Events past a position that count, then the readings made for the replay."""
        yield from self._ledger.read(after, until)
        last = self.head() if until is None else until
        yield from (one for one in self._anew if after < one.position <= last)


def _readings_anew(app: App, ledger: Without, readers: frozenset[str]) -> list[Recorded]:
    streams = list(dict.fromkeys(one.stream for one in ledger.read() if isinstance(one.event, DocumentCaptured)))
    found: list[Recorded] = []
    position, at = ledger.head(), app.clock.now()
    for one in read_anew(app, streams) if readers else ():
        if one.event.reader in readers:
            for event in one.events:
                position += 1
                found.append(Recorded(position=position, stream=one.stream, version=position, recorded_at=at, event=event))
    return found


def leaving(app: App, sources: tuple[str, ...], documents: tuple[str, ...], readings: tuple[str, ...]) -> Leaving:
    """Reads the options; raises UsageError for a source, document or reader that the ledger does not know."""
    known_sources, known_documents, known_readers = set[str](), set[str](), dict[str, int]()
    for one in app.ledger.read():
        if isinstance(one.event, DocumentCaptured):
            known_sources |= {one.event.source, one.stream.split("/")[1]}
            known_documents.add(one.stream)
        elif isinstance(one.event, DocumentRead):
            known_readers[one.event.reader] = max(one.event.reader_version, known_readers.get(one.event.reader, 0))
    for source in sources:
        if source not in known_sources:
            raise UsageError(f"no document came from a source called {source!r}", f"Known: {', '.join(sorted(known_sources))}.")
    streams = frozenset(_document(text, known_documents) for text in documents)
    versions = dict(_reader(text, known_readers) for text in readings)
    anew = frozenset(name for name, version in versions.items() if version > known_readers[name])
    return Leaving(sources=frozenset(sources), documents=streams, readings=versions, anew=anew)


def _document(text: str, known: set[str]) -> str:
    """The stream of a document: whole, or by its end (a rule's number, a URL) where that is clear."""
    fitting = [text] if text in known else sorted(stream for stream in known if stream.endswith(f"/{text}"))
    if len(fitting) != 1:
        found = f"{len(fitting)} documents end in {text!r}" if fitting else f"no document is called {text!r}"
        raise UsageError(found, "Give its stream, as `tracker events --type document-captured` shows it.")
    return fitting[0]


def _reader(text: str, known: dict[str, int]) -> tuple[str, int]:
    name, _, version = text.partition("@")
    if name not in known or not version.isdigit():
        raise UsageError(f"--readings {text!r}: no such reading", f"Write READER@VERSION; readers: {', '.join(sorted(known))}.")
    today = {reader: number for reader, number, _ in READERS.values()}
    if int(version) > known[name] and int(version) != today.get(name):
        words = (
            f"--readings {text!r}: the newest on record is {name}@{known[name]}, and today's reader is {name}@{today.get(name)}"
        )
        raise UsageError(words, "Other versions of a reader come with other versions of the tracker.")
    return name, int(version)


@contextmanager
def scratch_views() -> Iterator[ViewStore]:
    """Empty views in a file that goes at the end."""
    with tempfile.TemporaryDirectory() as folder:
        store = new_store(Path(folder) / "scratch.db")
        try:
            yield store
        finally:
            store.close()


@contextmanager
def scratch(ledger: EventSource) -> Iterator[ViewStore]:
    """Views of a ledger in a file that goes at the end."""
    with scratch_views() as store:
        build(store, ledger)
        yield store


def replay(app: App, out: Leaving, day: str, horizon: Horizon) -> dict[str, Any]:
    """How status, timelines and past digests would differ. Keys: {on, events, left_out, status, timelines, digests}."""
    if out.anew and horizon.position is not None:
        raise UsageError(f"{', '.join(sorted(out.anew))}: nobody had read so at that time", "Leave --known-at out.")
    ledger = Without(app.ledger, out, horizon.position)
    counted = sum(1 for _ in ledger.read())
    with (
        scratch(WithAnew(ledger, _readings_anew(app, ledger, out.anew))) as store,
        store.reading() as there,
        app.views.store.reading() as here,
    ):
        found = between_views(here, there, day, horizon)
        digests = list(_digests(app, here, there, ledger.head()))
    return {"on": day, "events": counted, "left_out": ledger.head() - counted, **found, "digests": digests}


def _digests(app: App, here: Database, there: Database, head: int) -> Iterator[dict[str, Any]]:
    """What each digest that was sent would have said otherwise, in the views as they are and in the scratch ones."""
    for sent, watching in digests_sent(app.ledger, head):
        span = span_of(sent)
        before, after = (told_lines(compose(app, views, watching, sent.number, span)) for views in (here, there))
        if before != after:
            yield {
                "watch": sent.watch,
                "number": sent.number,
                "gone": [line for line in before if line not in after],
                "new": [line for line in after if line not in before],
            }
