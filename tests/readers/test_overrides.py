"""Overrides: a printed slip corrected for one document and exactly its bytes."""

import hashlib

import pytest

from tracker.readers.base import Document, UnreadableError
from tracker.readers.overrides import OVERRIDE, overridden
from tracker.registers import Override, Replacement

RAW = "<RULE>Under CANADA, in alphabetical order, “Acme”</RULE>".encode()
DIGEST = hashlib.sha256(RAW).hexdigest()


def rule(raw: bytes = RAW, key: str = "2019-1") -> Document:
    return Document(source="s", kind="rule", key=key, url="https://fr.example/1", rendition="xml", raw=raw)


def override(find: str = "CANADA, in", raw: str = DIGEST[:12], document: str = "2019-1") -> Override:
    replace = (Replacement(find=find, put="CANADA, by adding in"),)
    return Override(document=document, raw=raw, reason="the word adding is missing", replace=replace)


def test_the_words_are_replaced_and_the_reason_is_told() -> None:
    document, checks = overridden(rule(), [override()])
    assert b"CANADA, by adding in alphabetical" in document.raw
    assert [(check.name, check.found, check.passed) for check in checks] == [(OVERRIDE, "the word adding is missing", True)]


@pytest.mark.parametrize(
    ("document", "given"),
    [
        (rule(key="2019-2"), override()),
        (rule(RAW + b" "), override()),
        (rule(), override(raw="0" * 12)),
    ],
    ids=["another document", "corrected at the source", "another digest"],
)
def test_an_override_that_does_not_fit_is_passed_over(document: Document, given: Override) -> None:
    assert overridden(document, [given]) == (document, ())


def test_words_that_do_not_stand_there_once_are_refused() -> None:
    with pytest.raises(UnreadableError, match="stands 0 times"):
        overridden(rule(), [override(find="MEXICO")])


@pytest.mark.parametrize("fields", [{"raw": "abc"}, {"reason": " "}, {"replace": ()}])
def test_an_override_without_digest_reason_or_words_is_no_override(fields: dict[str, object]) -> None:
    complete = {"document": "1", "raw": DIGEST, "reason": "r", "replace": (Replacement(find="a", put="b"),)}
    with pytest.raises(ValueError, match="an override needs"):
        Override(**{**complete, **fields})  # type: ignore[arg-type]
