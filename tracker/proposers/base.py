"""What a proposer is given and what it gives back."""

from typing import Protocol

import msgspec

from events.statements import Report
from tracker.errors import TrackerError
from tracker.registers import Registers


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A text to propose statements for: its clean text, and what is known of it."""

    text: str
    title: str | None = None
    published: str | None = None
    language: str | None = None
    timezone: str = "UTC"


class Proposals(msgspec.Struct, frozen=True, kw_only=True):
    """What a proposer answered: its own words (`answer`), the statements in them, and how many were left out, and why.

    Evidence points into the text of the question; a proposal whose quote does not stand there is in `dropped`.
    """

    answer: str
    statements: tuple[Report, ...] = ()
    dropped: tuple[str, ...] = ()


class ProposerError(TrackerError):
    """A proposer cannot be opened, or gives no answer: says what to do."""


class Proposer(Protocol):
    """An opened model. `name` is `llm:MODEL` or `spacy:MODEL`, `version` that of the library or the model."""

    name: str
    version: str

    def propose(self, question: Question, registers: Registers) -> Proposals:
        """Proposes statements for a text; raises ProposerError where no answer can be had."""


def missing(library: str) -> ProposerError:
    """What is said where the library of a proposer is not installed."""
    hint = 'It comes with the extra: pip install "regulatory-change-tracker[proposers]"'
    return ProposerError(f"[proposers] names a model for {library}, and {library} is not installed", hint)
