"""A spaCy pipeline as a proposer: it finds names, and our own reader says what is stated of them.

Names of organisations that no register holds are put beside the registers for one text, once as institutions and once
as parties; what the reader of news then finds about them, and about them only, is proposed.
"""

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from events.names import normalise
from events.statements import Report, Statement
from tracker.proposers.base import Proposals, Proposer, ProposerError, Question, missing
from tracker.readers.article import read_text
from tracker.readers.dates import publication
from tracker.registers import Institution, Party, Registers

LABELS: Final = frozenset({"ORG", "ORGANIZATION", "COMPANY", "INSTITUTION", "PARTY"})
SURE: Final = 0.5
_OURS: Final = "proposed/"


def named_entities(model: str) -> Proposer:
    """Opens a pipeline by its name or folder; raises ProposerError where there is none."""
    try:
        import spacy
    except ImportError:
        raise missing("spacy") from None
    try:
        return _NamedEntities(spacy.load(model))
    except (OSError, ValueError) as error:
        hint = f"Give its folder, or install it: python -m spacy download {model}"
        raise ProposerError(
            f"[proposers] spacy: {model!r} cannot be loaded: {' '.join(str(error).split())[:200]}", hint
        ) from error


class _NamedEntities:
    """A pipeline with its named entity recogniser."""

    def __init__(self, pipeline: Any) -> None:
        self._pipeline = pipeline
        meta = pipeline.meta
        self.name = f"spacy:{meta['lang']}_{meta['name']}"
        self.version = str(meta["version"])

    def propose(self, question: Question, registers: Registers) -> Proposals:
        """Finds names, and reads the text again with them."""
        entities = [(str(one.text), str(one.label_)) for one in self._pipeline(question.text).ents]
        answer = msgspec.json.encode(entities).decode()
        names = dict.fromkeys(name for name, label in entities if label in LABELS and _is_new(name, registers))
        found: dict[tuple[object, ...], Report] = {}
        for extended in _extended(registers, names):
            for statement in _read(question, extended):
                proposed = _proposed(statement)
                if proposed is not None:
                    found.setdefault((proposed.topic(), *proposed.subjects()), proposed)
        return Proposals(answer=answer, statements=tuple(found.values()))


def _is_new(name: str, registers: Registers) -> bool:
    entries: tuple[Institution | Party, ...] = (*registers.institutions, *registers.parties)
    known = {normalise(each) for one in entries for each in (one.name, *one.names)}
    return len(name.strip()) > 2 and normalise(name) not in known


def _extended(registers: Registers, names: Iterable[str]) -> tuple[Registers, ...]:
    """The registers with the names as institutions, and with the names as parties."""
    ids = {f"{_OURS}{number}": name for number, name in enumerate(names)}
    if not ids:
        return ()
    institutions = tuple(Institution(id=entry, name=name) for entry, name in ids.items())
    parties = tuple(Party(id=entry, name=name) for entry, name in ids.items())
    return (
        msgspec.structs.replace(registers, institutions=(*registers.institutions, *institutions)),
        msgspec.structs.replace(registers, parties=(*registers.parties, *parties)),
    )


def _read(question: Question, registers: Registers) -> tuple[Statement, ...]:
    lexicon = registers.lexicons.get(question.language or "")
    if lexicon is None:
        return ()
    return read_text(question.text, lexicon, registers, publication(question.published, question.timezone))


def _proposed(statement: Statement) -> Report | None:
    """The statement as a proposal, where it is about one of the new names."""
    ours = {name: None for name in ("institution", "party") if str(getattr(statement, name, None) or "").startswith(_OURS)}
    if not ours or not isinstance(statement, Report):
        return None
    return msgspec.structs.replace(statement, standing="proposed", confidence=min(SURE, statement.confidence), **ours)
