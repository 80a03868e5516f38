"""Documents whose words lie in the archive, as readings leave them: quotes can be read, bytes handed on."""

from datetime import datetime
from typing import Any

import msgspec

from events.base import Event, Evidence
from events.documents import DocumentCaptured, DocumentRead
from events.statements import Statement
from tests.builders import NOW, append, reading
from tracker.archive import Archive
from tracker.ledger import Ledger


def put(
    ledger: Ledger, archive: Archive, stream: str, words: str, *statements: Statement,
    now: datetime = NOW, title: str | None = None, kind: str | None = None, **more: Any,
) -> str:  # fmt: skip
    """Takes in a document of these words; each statement quotes all of them. Gives the digest of the text."""
    version = more.get("version", 1)
    text = archive.put(words.encode())
    archive.put(f"{stream} {version}".encode())
    evidence = Evidence(text=text, start=0, end=len(words))
    said = [msgspec.structs.replace(one, evidence=evidence) for one in statements]
    append(ledger, stream, [_made(one, text, title, kind) for one in reading(stream, *said, **more)], now)
    return text


def _made(event: Event, text: str, title: str | None, kind: str | None) -> Event:
    if isinstance(event, DocumentRead):
        return msgspec.structs.replace(event, text=text, title=title or event.title)
    if isinstance(event, DocumentCaptured):
        return msgspec.structs.replace(event, kind=kind or event.kind)
    return event
