"""Tells the history of a list from the copies of it, where no rules on hand do: `follow = true` in lists.toml.

    the list as known (the text of its latest document) + the copy's entries -> advance (pure) -> append
        [captured, read, statements...]   stream document/<source>/<list>/<day>, kind list-copy

Additions and revisions are stated as the copy has them. An entry that every copy lacked for days is quarantined
with its removal as a proposal: a person decides, or the entry comes back and the proposal is withdrawn. Each
document rests on the one before it, so all of them count, and none can be read again by itself.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from events import edtf
from events.base import Event, Recorded
from events.decisions import ClaimAccepted, ClaimRejected
from events.documents import Check, DocumentRead
from events.following import Followed, Turned, advance, from_lines, line_of, to_lines
from events.snapshots import SnapshotEntry
from events.snapshots import from_lines as entries_of
from events.statements import EntityRemoved
from tracker.app import App
from tracker.archive import Provenance
from tracker.followed_statements import Told, removal_waits, statements
from tracker.readers.base import Document, Reading
from tracker.reading import ReadDocument, document_captured, document_read, finished
from tracker.registers import ListOfEntities

KIND: Final = "list-copy"
READER: Final = "following"
VERSION: Final = 1
BY: Final = "tracker"
"""Who withdraws a proposal when the entry is back."""
_EASTERN: Final = ZoneInfo("America/New_York")


class Copy:
    """An accepted copy: what it is, how it came, and its bytes, archived once when they are first cited."""

    def __init__(self, app: App, document: Document, provenance: Provenance, raw: str | None = None) -> None:
        self.app, self.document, self.provenance = app, document, provenance
        self.day = copy_day(document, provenance.at)
        self._raw = raw

    @cached_property
    def raw(self) -> str:
        """The digest of the bytes in the archive."""
        return self._raw or self.app.archive.put(self.document.raw, self.provenance)

    def of_list(self, one: ListOfEntities, number: int) -> Document:
        """What it says of one list, as a document of its own: the how-manieth of the day."""
        key = f"{one.id}/{self.day}" + (f".{number}" if number > 1 else "")
        title = f"{one.name}, as of {self.day}"
        return msgspec.structs.replace(self.document, kind=KIND, key=key, title=title, published=self.day.isoformat())


def follow(copy: Copy, done: ReadDocument) -> list[Recorded]:
    """Tells each followed list what an accepted copy says of it; gives the recorded events, none when nothing is new."""
    by_list: dict[str, list[SnapshotEntry]] = defaultdict(list)
    for entry in entries_of(done.reading.text):
        by_list[entry.list].append(entry)
    # A list that seems to go by another label now is absent for that reason alone.
    mislabelled = {check.where for check in done.reading.checks if check.name == "label" and not check.passed}
    recorded: list[Recorded] = []
    for one in copy.app.config.registers.lists:
        if one.follow and one.id not in mislabelled:
            recorded += _follow(copy, one, by_list[one.id])
    return recorded


def copy_day(document: Document, fetched: datetime) -> date:
    """The day that a copy shows, where its makers are; a time that has not come is not believed."""
    seen = fetched.astimezone(_EASTERN).date()
    told = document.published
    if told is None:
        return seen
    if "T" not in told:
        return min(edtf.parse(told).latest, seen)
    return min(datetime.fromisoformat(told).astimezone(_EASTERN).date(), seen)


class _Known(msgspec.Struct, frozen=True, kw_only=True):
    """A list as its documents tell it so far: their streams, oldest first, and what the last of them says."""

    streams: tuple[str, ...] = ()
    followed: tuple[Followed, ...] = ()

    @property
    def last(self) -> tuple[str, int]:
        """The day of the last document, and the how-manieth of that day it is."""
        return _placed(self.streams[-1]) if self.streams else ("", 0)


def _placed(stream: str) -> tuple[str, int]:
    day, _, number = stream.rpartition("/")[2].partition(".")
    return day, int(number or 1)


def _known(app: App, beginning: str) -> _Known:
    streams = sorted(app.ledger.streams(beginning), key=_placed)
    if not streams:
        return _Known()
    reading = next(one.event for one in app.ledger.stream(streams[-1]) if isinstance(one.event, DocumentRead))
    return _Known(streams=tuple(streams), followed=from_lines(app.archive.text(reading.text)))


def _follow(copy: Copy, one: ListOfEntities, entries: Sequence[SnapshotEntry]) -> list[Recorded]:
    app, day = copy.app, copy.day
    recorded: list[Recorded] = []
    while True:
        known = _known(app, f"document/{copy.document.source}/{one.id}/")
        last, number = known.last
        step = advance(known.followed, entries, day, one.missing_for)
        # A copy older than the last one (a cache on the way, say) cannot tell what became of the list since.
        if day.isoformat() < last or step.after == known.followed:
            return recorded
        # Proposals are withdrawn first: were this cut off, the next poll would find them decided and go on.
        withdrawn, again = _back(app, known, step.back, day)
        document = copy.of_list(one, number + 1 if last == day.isoformat() else 1)
        told = Told(list=one.id, day=day, known=known.followed, step=step, again=again)
        appended = _append(copy, document, _reading(told))
        recorded += withdrawn + appended
        if appended:
            return recorded
        # Another process was quicker: begin again from what it made of the list.


def _back(app: App, known: _Known, back: Sequence[Turned], day: date) -> tuple[list[Recorded], tuple[Turned, ...]]:
    """Withdraws the proposals to remove what is there again; gives the entries whose removal a person had accepted."""
    recorded: list[Recorded] = []
    again: list[Turned] = []
    proposals = _proposals(app, known, [one.before.entry for one in back]) if back else []
    for one, claim in zip(back, proposals, strict=True):
        reject = ClaimRejected(claim=claim, reason=f"it stands in the copy of {day} again", by=BY)

        def decide(decided: Sequence[Recorded], reject: ClaimRejected = reject) -> Sequence[Event]:
            return [] if decided else [reject]

        recorded += app.ledger.append(f"decision/{claim}", decide, app.clock.now())
        if isinstance(app.ledger.stream(f"decision/{claim}")[-1].event, ClaimAccepted):
            again.append(one)
    return recorded, tuple(again)


def _proposals(app: App, known: _Known, entries: Sequence[SnapshotEntry]) -> list[str]:
    """The claim by which the removal of each entry was proposed last."""
    wanted = dict(enumerate(entries))
    found: dict[int, str] = {}
    for stream in reversed(known.streams):
        reading, *rest = (one.event for one in app.ledger.stream(stream)[1:])
        if not wanted or not isinstance(reading, DocumentRead):
            break
        removed = [event for event in rest if isinstance(event, EntityRemoved)]
        text = app.archive.text(reading.text) if removed else ""
        for event in removed:
            entry = line_of(text[event.evidence.start : event.evidence.end]).entry
            number = next((number for number, one in wanted.items() if one == entry), None)
            if number is not None:
                found[number] = event.claim
                del wanted[number]
    return [found[number] for number in range(len(entries))]


def _reading(told: Told) -> Reading:
    standing = str(sum(one.missing_since is None for one in told.step.after))
    return Reading(
        reader=READER,
        reader_version=VERSION,
        text=to_lines(told.step.after),
        statements=statements(told),
        checks=(Check(name="entries", expected=standing, found=standing, where=told.list),),
        quarantined=tuple(removal_waits(told.list, one) for one in told.step.gone),
        language="en",
    )


def _append(copy: Copy, document: Document, reading: Reading) -> list[Recorded]:
    """Appends one document of a list; nothing when another process did so meanwhile."""
    app = copy.app
    app.archive.put(reading.text.encode())
    done = finished(document.stream, reading)
    captured = msgspec.structs.replace(document_captured(document, copy.provenance, copy.raw), document_version=1)
    # Its statements cite what the entries cite, which was not published on the day of the copy.
    undated = msgspec.structs.replace(document, published=None)
    events = [captured, document_read(undated, captured, done, app.config.registers, 1), *done.statements]

    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        return [] if known else events

    return app.ledger.append(document.stream, decide, app.clock.now())
