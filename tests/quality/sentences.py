"""The project's own sentences: what each must tell, and how many are read, by language.

A line of `<language>-spoken.lines` or `<language>-unseen.lines` holds the statements and the words
that tell them: `tie-ended mit huawei suspended | Das MIT ...`; several statements have `; ` between.
The spoken ones are a gate (`tests/readers/test_article.py`). The unseen ones were written at the same
time and put away until the lexicon was done: what they give shows better what other texts will.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from events.statements import (
    EntityResponded,
    InstitutionResponded,
    ListingReported,
    Statement,
    TieEnded,
    TieReported,
)
from tracker.readers.article import read_text
from tracker.readers.dates import publication
from tracker.registers import Registers

FOLDER = Path(__file__).parents[1] / "data" / "articles"
PUBLISHED = "2019-10-09"
TITLE = "An ordinary day"
"""The headline above sentences that tell nothing."""

Key = tuple[str, ...]
"""What tells a statement from others: its type and subjects, and of a listing the change."""


class Line(NamedTuple):
    """A sentence and the statements that it tells, each with the details that must be among its own."""

    text: str
    told: dict[Key, frozenset[str]]


def lines(path: Path) -> Iterator[Line]:
    """The lines of one file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        told, text = line.split(" | ", 1)
        statements = {}
        for each in told.split("; "):
            words = each.split()
            own = 2 if words[0] == "entity-responded" else 3
            statements[tuple(words[:own])] = frozenset(words[own:])
        yield Line(text, statements)


def read(text: str, language: str, registers: Registers) -> dict[Key, frozenset[str]]:
    """What the reader makes of a sentence, in the shape of a line."""
    found = read_text(text, registers.lexicons[language], registers, publication(PUBLISHED))
    return {_key(statement): _details(statement) for statement in found}


def _key(statement: Statement) -> Key:
    kind = statement.topic()
    match statement:
        case ListingReported():
            return (kind, statement.change, statement.party or statement.party_name)
        case EntityResponded():
            return (kind, statement.party or "?")
        case InstitutionResponded() | TieReported() | TieEnded():
            party = "*" if isinstance(statement, InstitutionResponded) and statement.scope else statement.party or "?"
            return (kind, statement.institution or statement.institution_name, party)
    return (kind,)


def _details(statement: Statement) -> frozenset[str]:
    if isinstance(statement, TieEnded):
        return frozenset(statement.extent)
    if isinstance(statement, TieReported):
        return frozenset({statement.kind})
    return frozenset({statement.stance}) if isinstance(statement, InstitutionResponded | EntityResponded) else frozenset()


def show(registers: Registers, verbose: bool) -> None:
    """Prints one table of all files."""
    print(f"\n{'own sentences':28}{'right':>6}{'wrong':>6}{'missed':>7}{'precision':>10}{'recall':>8}")
    for path in sorted([*FOLDER.glob("*-spoken.lines"), *FOLDER.glob("*-unseen.lines")]):
        right = wrong = missed = 0
        for line in lines(path):
            found = read(line.text, path.stem[:2], registers)
            fits = {key for key, details in line.told.items() if key in found and details <= found[key]}
            right += len(fits)
            wrong += len(found.keys() - line.told.keys())
            missed += len(line.told) - len(fits)
            if verbose and (found.keys() != line.told.keys() or len(fits) < len(line.told)):
                print(f"  {path.stem}: {line.text} -> {sorted(found)}")
        precision = right / (right + wrong) if right + wrong else 1.0
        print(f"{path.stem:28}{right:6}{wrong:6}{missed:7}{precision:10.2f}{right / max(1, right + missed):8.2f}")
