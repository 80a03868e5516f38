"""What an article says and a blocker takes back: "if MIT cut its ties", "has not been added to the list".

Blocked statements are nowhere on record, for they were never made. So the text is read once more with
every blocker silent; what comes out beside the statements of the reader was blocked,
and the blocker without which it would stand is the rule. Questions and acts of others are no blockers
of a lexicon, and are not told.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from events.edtf import Interval
from events.statements import Statement
from tracker.readers.article import read_text
from tracker.readers.lexicon import Lexicon
from tracker.registers import Registers

_BEFORE: Final = 1000
"""Characters before a statement that may tell whom it means by "the university"."""


class Blocked(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that was not made, and the blocker of the lexicon that took it back."""

    statement: Statement
    rule: str


def blocked_in(text: str, lexicon: Lexicon, registers: Registers, published: Interval | None) -> Iterator[Blocked]:
    """The statements of a clean text that blockers took back."""
    made = {_what(one) for one in read_text(text, lexicon, registers, published)}
    free = read_text(text, lexicon, registers, published, silent=lexicon.blockers)
    waiting = {_what(one): one for one in free if _what(one) not in made}
    for statement in waiting.values():
        yield Blocked(statement=statement, rule=_rule(statement, text, lexicon, registers, published))


def _rule(statement: Statement, text: str, lexicon: Lexicon, registers: Registers, published: Interval | None) -> str:
    """The first blocker without which the statement would stand, or that alone takes it back; only its surroundings are read."""
    start = text.rfind("\n", 0, max(0, statement.evidence.start - _BEFORE)) + 1
    end = text.find("\n", statement.evidence.end)
    near = text[start : len(text) if end < 0 else end]
    wanted = (statement.topic(), *statement.subjects(), statement.evidence.start - start)
    for name in lexicon.blockers:
        if any(_what(one) == wanted for one in read_text(near, lexicon, registers, published, silent=[name])):
            return name
    for name in lexicon.blockers:
        others = [other for other in lexicon.blockers if other != name]
        if not any(_what(one) == wanted for one in read_text(near, lexicon, registers, published, silent=others)):
            return name  # each of several would have been enough
    return "several together"


def _what(statement: Statement) -> tuple[object, ...]:
    return (statement.topic(), *statement.subjects(), statement.evidence.start)
