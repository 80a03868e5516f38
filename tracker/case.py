"""The case file: what is known of one subject, and all that is needed to check it elsewhere.

    question -> timeline, statements, readings, decisions -> files -> a folder or a zip

`case_page` makes the page, `case_readme` says how to check it all, `case_target` writes.

The same question to the same ledger gives the same bytes: no clock goes in, only what was asked.
"""

import hashlib
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlite_utils import Database

import tracker
from events import edtf
from events.base import Recorded
from events.documents import DocumentCaptured, DocumentRead
from events.periods import Listing
from events.visibility import public
from projections import queries
from projections.claims import Horizon
from projections.entries import in_order
from projections.pending import pending
from projections.rows import Entry, PendingRow
from projections.settled import component, linked_subjects, links, listings_of
from tracker.app import App
from tracker.case_page import Page, as_page
from tracker.case_readme import readme
from tracker.case_target import check_target, write
from tracker.errors import TrackerError
from tracker.mentioned import Searched
from tracker.quotes import with_quotes
from tracker.subjects import named, names_of, subjects_named

FORMAT: Final = 1
"""Of the files of a case; counted up when one of them changes its shape."""
Files = dict[str, bytes]


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked, as it was typed; and what it came to."""

    subject: str
    on: str | None
    known_at: str | None
    available_at: str | None
    subjects: tuple[str, ...] = ()
    position: int = 0
    """The last position of the ledger that counts."""


class CaseDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a document that the case rests on; `files` has those of its digests that may be handed on."""

    document: str
    document_version: int
    source: str
    title: str | None
    outlet: str | None
    url: str
    published: str | None
    fetched_from: str
    fetched_at: str
    media_type: str | None
    reader: str
    reader_version: int
    raw: str
    text: str
    metadata: str | None
    republished: bool
    files: tuple[str, ...]


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """All that a case file tells."""

    question: Question
    digest: str | None
    entries: tuple[Entry, ...]
    listings: tuple[Listing, ...]
    waiting: tuple[PendingRow, ...]
    statements: tuple[Recorded, ...]
    readings: tuple[Recorded, ...]
    decisions: tuple[Recorded, ...]
    documents: tuple[CaseDocument, ...]


def export_case(app: App, question: Question, horizon: Horizon, target: Path, *, as_zip: bool, force: bool) -> Files | None:
    """Writes the case file and gives what was written; None, with nothing written, when nothing is known of the subject.

    Raises UsageError for a target that holds something else.
    """
    check_target(target, as_zip=as_zip, force=force)
    case = case_of(app, question, horizon)
    if case is None:
        return None
    files = files_of(app, case)
    write(files, target, as_zip=as_zip)
    return files


def case_of(app: App, question: Question, horizon: Horizon) -> Case | None:
    """Gathers the case; None when nothing is known of the subject. Raises TrackerError when a proof is missing."""
    registers = app.config.registers
    with app.views.store.reading() as database:
        subjects = subjects_named(registers, database, question.subject, horizon)
        found = {entry.fact: entry for one in subjects for entry in queries.timeline(database, one, horizon)}
        entries = [one for one in found.values() if question.on is None or _by(one, question.on)]
        if not entries:
            return None
        known = app.views.store.checkpoint_in(database)
        position = known if horizon.position is None else min(known, horizon.position)
        quoted = with_quotes(sorted(entries, key=in_order), app.archive)
        rests, decided = _rests_on(database, quoted, horizon)
        listings = _listings(database, subjects, horizon)
        party = named(registers.parties, question.subject)
        names = [question.subject, *(name for one in listings for name in one.names()), *(names_of(party) if party else ())]
        searched = Searched(names)
        waiting = [one for one in pending(database, horizon) if any(map(searched.fits, (one.name, *one.aliases)))]
    wanted = sorted({n for each in rests for n in each} | decided)
    recorded = {n: one for n in wanted for one in public(app.ledger.read(n - 1, n))}
    return Case(
        question=msgspec.structs.replace(question, subjects=tuple(subjects), position=position),
        digest=_chained(app, position),
        entries=tuple(quoted),
        listings=tuple(listings),
        waiting=tuple(waiting),
        statements=tuple(recorded[n] for n in sorted({each[2] for each in rests})),
        readings=tuple(recorded[n] for n in sorted({n for each in rests for n in each[:2]})),
        decisions=tuple(recorded[n] for n in sorted(decided) if n in recorded),
        documents=tuple(_document(app, recorded[n], recorded[m]) for n, m in sorted({each[:2] for each in rests})),
    )


def _by(entry: Entry, day: str) -> bool:
    return edtf.parse(entry.date).earliest.isoformat() <= day


def _rests_on(database: Database, entries: list[Entry], horizon: Horizon) -> tuple[list[tuple[int, ...]], set[int]]:
    """The positions of each statement with its capture and reading; and those of the decisions about them."""
    rests: set[tuple[int, ...]] = set()
    decided: set[int] = set()
    for entry in entries:
        for one in entry.evidence:
            if at := queries.stated_at(database, one.document, one.claim, horizon):
                rests.add(at)
            decided.update(queries.decided_at(database, one.claim, horizon))
    return sorted(rests), decided


def _listings(database: Database, subjects: list[str], horizon: Horizon) -> list[Listing]:
    """The entries of lists that the subjects are, or that are linked to them; oldest first."""
    found: dict[str, Listing] = {}
    for one in subjects:
        kind, _, name = one.partition(":")
        if kind == "party":
            linked = links(database, horizon, name)
            settled = listings_of(database, linked_subjects(database, linked), horizon).listings
            found.update({each.lineage: each for each in settled if any(link.fits(each) for link in linked)})
        elif kind == "listing":
            begun = component(database, queries.subjects_of_claims(database, [name]))
            found.update({each.lineage: each for each in listings_of(database, begun, horizon).listings if each.lineage == name})
    return sorted(found.values(), key=lambda each: (each.first.start, each.list, each.first.name, each.lineage))


def _chained(app: App, position: int) -> str | None:
    """The digest of the ledger's chain at a position, made again from the stored events."""
    for one in app.ledger.walk_chain():
        if one.wrong:
            hint = "`tracker verify` tells more; restore the ledger from a backup."
            raise TrackerError(f"ledger: position {one.position}: {one.wrong}", hint)
        if one.position == position:
            return one.digest.hex() if one.digest else None
    return None


def _document(app: App, captured: Recorded, reading: Recorded) -> CaseDocument:
    version, read = captured.event, reading.event
    assert isinstance(version, DocumentCaptured)
    assert isinstance(read, DocumentRead)
    republished = any(source.id == version.source and source.may_republish for source in app.config.sources)
    names = [f"documents/{version.raw}.raw", f"documents/{read.text}.txt"]
    names += [f"documents/{version.metadata}.json"] if version.metadata else []
    return CaseDocument(
        document=captured.stream,
        document_version=version.document_version,
        source=version.source,
        title=read.title or version.title,
        outlet=version.outlet,
        url=version.url,
        published=read.published or version.published,
        fetched_from=version.fetch.url,
        fetched_at=version.fetch.at.isoformat(),
        media_type=version.fetch.media_type,
        reader=read.reader,
        reader_version=read.reader_version,
        raw=version.raw,
        text=read.text,
        metadata=version.metadata,
        republished=republished,
        files=tuple(sorted(names)) if republished else (),
    )


def files_of(app: App, case: Case) -> Files:
    """Every file of the case by its name, sorted; raises TrackerError when an archived object is missing."""
    files: Files = {
        "index.html": as_page(_page(case)).encode(),
        "timeline.jsonl": _lines(case.entries),
        "statements.jsonl": _lines(map(_raw, case.statements)),
        "readings.jsonl": _lines(map(_raw, case.readings)),
        "decisions.jsonl": _lines(map(_raw, case.decisions)),
        "README.txt": readme(case.question.subject, case.question.position, case.digest).encode(),
    }
    for name in sorted({name for one in case.documents for name in one.files}):
        files[name] = app.archive.get(name.removeprefix("documents/").partition(".")[0])
    files["manifest.json"] = _manifest(case, files)
    files["SHA256SUMS"] = "".join(f"{_sha256(files[name])}  {name}\n" for name in sorted(files)).encode()
    return dict(sorted(files.items()))


def _page(case: Case) -> Page:
    return Page(
        question=case.question, digest=case.digest, entries=case.entries, listings=case.listings, waiting=case.waiting,
        documents=case.documents,
    )  # fmt: skip


def _lines(rows: Any) -> bytes:
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)


def _raw(one: Recorded) -> dict[str, Any]:
    """An event as `tracker events` shows it."""
    fields = msgspec.to_builtins(one.event)
    head = {"position": one.position, "stream": one.stream, "version": one.version}
    return {**head, "type": fields.pop("type"), "recorded_at": one.recorded_at.isoformat(), **fields}


def _manifest(case: Case, files: Files) -> bytes:
    told = {
        "format": FORMAT,
        "made_by": f"regulatory-change-tracker {tracker.__version__}",
        "question": case.question,
        "ledger": {"position": case.question.position, "digest": case.digest},
        "documents": case.documents,
        "files": {name: {"sha256": _sha256(files[name]), "bytes": len(files[name])} for name in sorted(files)},
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
