"""Checks the house against itself: the chains, the archive, the evidence, the views, the digests."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from events.base import Recorded
from events.decisions import RegisterAdopted
from events.documents import DocumentCaptured, DocumentRead
from events.operations import DigestIssued
from events.statements import Statement
from projections.parked import Parked
from projections.run import differing_tables, parked
from tracker.anchors import Anchor, Proof, prove
from tracker.app import App
from tracker.errors import TrackerError
from tracker.recomputing import recomputed
from tracker.replay import scratch_views


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What was checked, and what is wrong: the first broken place of each kind, and how many follow.

    `problems` is empty when all is well. `chain` is the last sound place of the ledger's chain of hashes,
    `anchors` are those given that the ledger extends, `completed` is the number of events that an older version
    left without a digest, `parked` is what views could not take in.
    """

    events: int
    objects: int
    spans: int
    problems: tuple[str, ...]
    chain: Anchor
    anchors: tuple[Anchor, ...]
    completed: int
    parked: tuple[Parked, ...] = ()


class Problems:
    """Problems by kind: the first of each is told, the others are counted."""

    def __init__(self) -> None:
        self.first: dict[str, str] = {}
        self.more: Counter[str] = Counter()

    def add(self, kind: str, words: str) -> None:
        """Notes one."""
        if kind in self.first:
            self.more[kind] += 1
        else:
            self.first[kind] = words

    def told(self) -> tuple[str, ...]:
        """A line a kind."""
        return tuple(
            words + (f" (and {self.more[kind]} more like it)" if self.more[kind] else "") for kind, words in self.first.items()
        )


def verify(app: App, anchors: Iterable[Anchor] = ()) -> Verification:
    """Checks the chains, that every cited object is there and whole, every span lies in its text, and views equal a rebuild.

    Past digests are computed again on the way. `anchors` are proofs of the past, published elsewhere, which the
    ledger must still extend. Raises TrackerError when the file itself is damaged.
    """
    app.ledger.check_file()
    problems = Problems()
    proof = prove(app.ledger, anchors)
    _tell(problems, "ledger", proof)
    if (app.home / "receipts.db").exists():
        app.receipts.check_file()
        _tell(problems, "receipts", prove(app.receipts))
    checked, waiting = Checked(), list[Parked]()
    try:
        checked.read(app, problems)
        waiting = _views(app, problems)
    except TrackerError as error:
        if proof.broken is None:
            raise  # what cannot be read was written so: by a newer version
        problems.add("unreadable", f"the rest was not checked: {error}")
    return Verification(
        events=checked.events,
        objects=len(checked.lengths),
        spans=checked.spans,
        problems=problems.told(),
        chain=proof.sound,
        anchors=proof.extended,
        completed=proof.completed,
        parked=tuple(waiting),
    )


def _tell(problems: Problems, name: str, proof: Proof) -> None:
    if proof.broken:
        problems.add(f"chain of {name}", f"{name}.db: {proof.broken}; restore it from a backup")
    for words in proof.refuted:
        problems.add("anchor", f"{words}; restore a backup that extends it")


def _views(app: App, problems: Problems) -> list[Parked]:
    """Compares the views with a rebuild, past digests with what the growing rebuild gives, and gives what is parked."""
    waiting = parked(app.views.store)
    for one in waiting:
        problems.add("parked", f"{one.line()}; after an update that mends it, run `tracker rebuild`")
    with scratch_views() as beside:
        for again in recomputed(app, beside):
            if again.is_problem:
                words = f"digest {again.watch}-{again.number} differs when computed again: `tracker digest {again.watch}"
                problems.add("digest", f"{words} --number {again.number} --check` shows the lines")
        for table in differing_tables(app.views.store, app.ledger, beside):
            problems.add(f"view {table}", f"view table {table} differs from a rebuild: run `tracker rebuild`")
    return waiting


class Checked:
    """What was counted while the events were read, and the length of every cited text."""

    def __init__(self) -> None:
        self.events = self.spans = 0
        self.lengths: dict[str, int | None] = {}

    def read(self, app: App, problems: Problems) -> None:
        """Reads every event, every object it cites, and looks for every quote in its text."""
        reading: DocumentRead | None = None
        for one in app.ledger.read():
            self.events += 1
            for digest in cited(one):
                if digest not in self.lengths:
                    self.lengths[digest] = _length(app, digest, one, problems)
            if isinstance(one.event, DocumentRead):
                reading = one.event
            elif isinstance(one.event, Statement):
                self.spans += 1
                if problem := _span(one.event, reading, self.lengths):
                    problems.add("span", f"position {one.position}: {problem}")


def cited(one: Recorded) -> list[str]:
    """The archive objects that an event cites."""
    match one.event:
        case DocumentCaptured(raw=raw, metadata=metadata):
            return [raw, *([metadata] if metadata else [])]
        case DocumentRead(text=text, registers=registers):
            return [text, *registers.values()]
        case RegisterAdopted(digest=digest):
            return [digest]
        case DigestIssued(text=text, html=html, json=json):
            return [text, html, json]
    return []


def _length(app: App, digest: str, one: Recorded, problems: Problems) -> int | None:
    try:
        content = app.archive.get(digest)
    except TrackerError as error:
        problems.add("object", f"position {one.position} ({one.stream}): {error}")
        return None
    return len(content.decode(errors="replace"))


def _span(statement: Statement, reading: DocumentRead | None, lengths: dict[str, int | None]) -> str | None:
    evidence = statement.evidence
    if reading is None or evidence.text != reading.text:
        return f"claim {statement.claim} cites a text that its reading did not make"
    length = lengths.get(evidence.text)
    if length is not None and not 0 <= evidence.start < evidence.end <= length:
        return f"claim {statement.claim} cites {evidence.start}-{evidence.end} of a text of {length} characters"
    return None
