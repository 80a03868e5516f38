"""Corrections that people wrote down for printed slips, applied before a document is read.

An override holds for one document and exactly the bytes it names: when the source corrects the slip
itself, the override no longer fits and is passed over.
"""

import hashlib
from collections.abc import Iterable
from typing import Final

import msgspec

from events.documents import Check
from tracker.readers.base import Document, UnreadableError
from tracker.registers import Override

OVERRIDE: Final = "override"
"""The name of the check that tells of an override in a reading, with its reason."""


def overridden(document: Document, overrides: Iterable[Override]) -> tuple[Document, tuple[Check, ...]]:
    """The document as it is to be read, and a check for each override that was used.

    Raises UnreadableError when the words that an override replaces do not stand in it exactly once.
    """
    digest = hashlib.sha256(document.raw).hexdigest()
    used = []
    for override in overrides:
        if override.document != document.key or not digest.startswith(override.raw):
            continue
        raw = document.raw
        for replacement in override.replace:
            found = raw.count(replacement.find.encode())
            if found != 1:
                raise UnreadableError(f"an override replaces {replacement.find!r}, which stands {found} times in {document.key}")
            raw = raw.replace(replacement.find.encode(), replacement.put.encode())
        document = msgspec.structs.replace(document, raw=raw)
        used.append(Check(name=OVERRIDE, expected=override.reason, found=override.reason))
    return document, tuple(used)
