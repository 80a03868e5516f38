"""Puts articles to the configured proposers, and what they propose on record for a person to decide.

    clean text of an article -> proposer -> those with a verbatim quote -> those that the reader did not find
        -> archive the answer -> append [captured, read, statements...] as a document of its own

The answer is a document of kind `proposals`: its bytes are what the model said, its evidence points into the text of
the article. So readings of the article stay as they are, and the same folds hold: a proposed statement counts nowhere
until a person accepts it (`tracker inbox`).
"""

from collections.abc import Iterator, Sequence
from typing import Final, Literal

import msgspec

from events.base import Event, Recorded
from events.documents import Check, DocumentCaptured, DocumentRead, Fetch
from events.statements import Report, Statement
from tracker.app import App
from tracker.archive import Provenance
from tracker.errors import UsageError
from tracker.proposers.base import Proposals, Proposer, ProposerError, Question
from tracker.proposers.registry import PROPOSERS
from tracker.proposers.settings import ProposerSettings
from tracker.readers.base import Reading
from tracker.reading import ReadDocument, finished

PROPOSALS: Final = "proposals"
"""Source and kind of what proposers say."""
VERSION: Final = 1
"""Of the questions put to proposers, and of how their answers are read."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one article put to one proposer."""

    document: str
    proposer: str
    status: Literal["ok", "unchanged", "failed"] = "ok"
    proposed: int = 0
    known: int = 0
    """Proposals that the reader had found by itself."""
    dropped: tuple[str, ...] = ()
    error: str | None = None


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """The reading of an article that counts: what proposers are asked about."""

    stream: str
    captured: DocumentCaptured
    reading: DocumentRead
    statements: tuple[Statement, ...]


def proposers(settings: ProposerSettings) -> list[Proposer]:
    """Opens those that are configured; raises UsageError where none is, ProposerError for one that cannot be opened."""
    named = {kind: model for kind, model in msgspec.structs.asdict(settings).items() if model}
    if not named:
        raise UsageError("no proposer is configured", "Name a model under [proposers] in tracker.toml: llm or spacy.")
    return [PROPOSERS[kind](model) for kind, model in named.items()]


def articles(app: App, streams: Sequence[str] = ()) -> Iterator[Article]:
    """Every article that could be read, or those of the streams: its newest version, in the latest reading of that."""
    found: dict[str, list[Recorded]] = {}
    for one in app.ledger.read():
        if isinstance(one.event, DocumentCaptured | DocumentRead | Statement) and (not streams or one.stream in streams):
            found.setdefault(one.stream, []).append(one)
    for stream, recorded in found.items():
        article = _article(stream, recorded)
        if article is not None:
            yield article


def _article(stream: str, recorded: Sequence[Recorded]) -> Article | None:
    captured = {one.event.document_version: one.event for one in recorded if isinstance(one.event, DocumentCaptured)}
    best: tuple[int, int] | None = None
    for place, one in enumerate(recorded):
        if isinstance(one.event, DocumentRead) and one.event.failure is None:
            best = max(best or (0, 0), (one.event.document_version, place))
    if best is None or captured[best[0]].kind != "article":
        return None
    reading = recorded[best[1]].event
    assert isinstance(reading, DocumentRead)
    said = [one.event for one in recorded[best[1] + 1 : best[1] + 1 + reading.statements]]
    statements = tuple(one for one in said if isinstance(one, Statement))
    return Article(stream=stream, captured=captured[best[0]], reading=reading, statements=statements)


def propose(app: App, proposer: Proposer, article: Article) -> Asked:
    """Asks one proposer about one article, once for each text; what it answers is on record."""
    stream = f"document/{PROPOSALS}/{proposer.name}/{article.stream.removeprefix('document/')}"
    asked = Asked(document=article.stream, proposer=proposer.name)
    if _asked_before(app.ledger.stream(stream), article):
        return msgspec.structs.replace(asked, status="unchanged")
    text = app.archive.text(article.reading.text)
    question = Question(
        text=text,
        title=article.reading.title,
        published=article.reading.published,
        language=article.reading.language,
        timezone=article.captured.timezone,
    )
    try:
        proposals = proposer.propose(question, app.config.registers)
    except ProposerError as error:
        return msgspec.structs.replace(asked, status="failed", error=f"{error} ({error.hint})" if error.hint else str(error))
    found = {_about(one) for one in article.statements}
    new = tuple(_signed(one, proposer, text) for one in proposals.statements if _about(one) not in found)
    known = len(proposals.statements) - len(new)
    reading = Reading(
        reader=proposer.name,
        reader_version=VERSION,
        text=text,
        statements=new,
        checks=_counted(proposals),
        title=article.reading.title,
        published=article.reading.published,
        language=article.reading.language,
    )
    _record(app, stream, article, proposer, proposals.answer, finished(stream, reading))
    return msgspec.structs.replace(asked, proposed=len(new), known=known, dropped=proposals.dropped)


def _asked_before(known: Sequence[Recorded], article: Article) -> bool:
    """Whether the latest answer on record is about this text, to the question as it is put today."""
    last = next((one.event for one in reversed(known) if isinstance(one.event, DocumentRead)), None)
    return last is not None and (last.text, last.reader_version) == (article.reading.text, VERSION)


def _about(statement: Statement) -> tuple[str, ...]:
    return (statement.topic(), *statement.subjects())


def _signed(statement: Report, proposer: Proposer, text: str) -> Report:
    """The proposal with who dated it; a last look that its quote stands in the text."""
    evidence = statement.evidence
    assert statement.standing == "proposed"
    assert 0 <= evidence.start < evidence.end <= len(text)
    return (
        statement
        if statement.date is None or statement.date_rule
        else msgspec.structs.replace(statement, date_rule=proposer.name)
    )


def _counted(proposals: Proposals) -> tuple[Check, ...]:
    made = len(proposals.statements)
    return (Check(name="proposals with a verbatim quote", expected=str(made + len(proposals.dropped)), found=str(made)),)


def _record(app: App, stream: str, article: Article, proposer: Proposer, answer: str, done: ReadDocument) -> None:
    """Archives the answer and appends it with its proposals, in one transaction."""
    now = app.clock.now()
    said = {"proposer": proposer.name, "version": proposer.version, "document": article.stream, "text": done.text}
    url = f"{proposer.name}@{proposer.version}"
    raw = app.archive.put(
        msgspec.json.format(msgspec.json.encode({**said, "answer": answer}), indent=1), Provenance(url=url, at=now)
    )

    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        if _asked_before(known, article):
            return []
        version = 1 + sum(isinstance(one.event, DocumentCaptured) for one in known)
        captured = DocumentCaptured(
            source=PROPOSALS,
            kind=PROPOSALS,
            key=stream.removeprefix(f"document/{PROPOSALS}/"),
            document_version=version,
            rendition="json",
            raw=raw,
            url=article.captured.url,
            fetch=Fetch(url=url, at=now, media_type="application/json"),
            title=article.captured.title,
            language=article.captured.language,
            outlet=article.captured.outlet,
            published=article.captured.published,
            timezone=article.captured.timezone,
        )
        return [captured, _read(article, done, version, app), *done.statements]

    app.ledger.append(stream, decide, now)


def _read(article: Article, done: ReadDocument, version: int, app: App) -> DocumentRead:
    digests = app.config.registers.digests
    return DocumentRead(
        document_version=version,
        reader=done.reading.reader,
        reader_version=done.reading.reader_version,
        text=done.text,
        available=article.reading.available,
        statements=len(done.statements),
        published=done.reading.published,
        title=done.reading.title,
        language=done.reading.language,
        registers={name: digests[name] for name in ("institutions", "parties", "lists") if name in digests},
        checks=done.reading.checks,
    )
