"""Corrections of one document by another: "In rule document ..., “a” should read “b”", and correcting amendments.

The first kind (numbers that begin C1-, R1-, and so on) states no day of effect: what it corrects reads as if it
had been printed so. The second amends the list on a day of its own, and names the document that was wrong.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from events.base import Evidence
from events.documents import Quarantine
from events.statements import EntityCorrected
from tracker.readers.headings import Headings
from tracker.readers.instructions import Instruction
from tracker.readers.register_xml import CleanText

_DASH: Final = "[-‐‑‒–—]"
_NUMBER: Final = rf"(?P<number>(?:[A-Z]\d*{_DASH})?\d{{2,4}}{_DASH}\d{{2,6}}|[A-Z]\d{{1,2}}{_DASH}\d{{2,6}})"
_CORRECTED: Final = re.compile(
    rf"\bIn\s+(?:the\s+)?(?:rule|FR|final\s+rule)\s+doc(?:ument|\.)?\s*(?:No\.?\s*)?{_NUMBER}", re.IGNORECASE
)
_FR_DOC: Final = re.compile(rf"\bFR\s+Doc\.?\s*(?:No\.?:?\s*)?{_NUMBER}", re.IGNORECASE)
_OF: Final = re.compile(rf"{_NUMBER}/?$")
_OWN: Final = re.compile(r"[A-Z]\d*-(?P<number>\d{2,4}-\d{2,6})")
_CORRECTING: Final = re.compile(r"\bcorrecting\s+amendments?\b|;\s*corrections?\s*$|\bcorrection\b", re.IGNORECASE)
# Addresses are stated without these notes.
_SEE_ALSO: Final = re.compile(r"[;,]?\s*\(\s*See\s+(?:also\s+)?(?:alternate\s+)?address(?:es)?\s+under\s+[^()]*\)", re.IGNORECASE)
_DASHES: Final = str.maketrans("‐‑‒–—", "-----")


def corrected_document(content: CleanText, number: str | None, record: dict[str, Any]) -> str | None:
    """The number of the document whose words are corrected, if any.

    The text says it ("In rule document 2017-00986 ..."), else the source's record, else the correction's own
    number (C1-2017-00986).
    """
    found = (
        _CORRECTED.search(content.text)
        or _OF.search(str(record.get("correction_of") or ""))
        or _OWN.fullmatch((number or "").translate(_DASHES))
    )
    return found["number"].translate(_DASHES) if found else None


def document_amended(content: CleanText, title: str | None, summary: str, record: dict[str, Any]) -> str | None:
    """The number of the document that a correcting amendment finds wrong, if this is one and names it."""
    action = " ".join(block.text for block in content.within("ACT"))
    if not (_CORRECTING.search(action) or _CORRECTING.search(title or "")):
        return None
    stated = record.get("correction_of")
    if isinstance(stated, str) and (found := _OF.search(stated)):
        return found["number"].translate(_DASHES)
    named = _FR_DOC.search(summary) or _FR_DOC.search(content.text.partition("[FR Doc")[0])
    return named["number"].translate(_DASHES) if named else None


def is_correction(instruction: Instruction) -> bool:
    """Whether an instruction says that some words should read otherwise."""
    return re.match(r"should\s+read", instruction.word, re.IGNORECASE) is not None


class Corrections(msgspec.Struct, frozen=True):
    """What a correction states, and what of it is not understood."""

    statements: tuple[EntityCorrected, ...]
    quarantined: tuple[Quarantine, ...]


def read_corrections(
    instructions: Sequence[Instruction], corrects: str | None, published: str | None, headings: Headings, list_id: str
) -> Corrections:
    """The corrections that instructions spell out; an entry and its destination must be named."""
    statements: list[EntityCorrected] = []
    waiting: list[Quarantine] = []
    for instruction in instructions:
        pairs = _pairs(instruction)
        destination = headings.printed(instruction.destination or "") or instruction.destination
        entry = instruction.names[0].text if instruction.names else None
        reason = _trouble(instruction, corrects, published, destination, understood=bool(pairs))
        if reason is not None:
            # Without a destination the first words may as well be those that are wrong.
            name = entry if destination is not None else None
            waiting.append(Quarantine(list=list_id, reason=reason, change="corrected", destination=destination, name=name))
            continue
        assert corrects is not None and published is not None and destination is not None and entry is not None
        statements += (
            EntityCorrected(
                evidence=Evidence(text="", start=instruction.start, end=instruction.end),
                list=list_id,
                destination=destination,
                name=entry,
                effective=published,
                corrects=corrects,
                wrong=wrong,
                right=right,
            )
            for wrong, right in pairs
        )
    return Corrections(tuple(statements), tuple(waiting))


def _pairs(instruction: Instruction) -> list[tuple[str, str]]:
    """Wrong and right words: of "the entry “X”, “a” should read “b”", or of "“X” should read “Y”"."""
    words = [name.text for name in instruction.names]
    if len(words) == 2:
        return [_without_notes(words[0], words[1])]
    return list(map(_without_notes, words[1::2], words[2::2])) if len(words) % 2 and len(words) > 1 else []


def _without_notes(wrong: str, right: str) -> tuple[str, str]:
    """The words without the notes to other addresses that both have."""
    if _SEE_ALSO.findall(wrong) != _SEE_ALSO.findall(right):
        return wrong, right
    return _SEE_ALSO.sub("", wrong), _SEE_ALSO.sub("", right)


def _trouble(
    instruction: Instruction, corrects: str | None, published: str | None, destination: str | None, *, understood: bool
) -> str | None:
    if corrects is None:
        return "words should read otherwise, and which document is corrected is not told"
    if published is None:
        return "the correction does not say when it was published"
    if any(name.broken for name in instruction.names):
        return "a quotation mark is missing in the correction"
    if destination is None or not understood:
        return "the correction does not name the destination, the entry and both readings"
    return None
