"""Saved name lists: the names of partners, from a CSV, kept in the private store and nowhere else."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from io import StringIO
from itertools import takewhile
from pathlib import Path
from typing import Final

import msgspec

from events.names import normalise
from tracker.errors import UsageError
from tracker.matching import Key
from tracker.private import PrivateStore
from tracker.registers import Registers
from tracker.subjects import names_of

COLUMN: Final = "name"
"""The column that is read where the first line names columns; else it is the first."""


def read_names(path: Path) -> list[str]:
    """The names of a CSV: its column `name`, or the first; raises UsageError for a file without any.

    Columns are apart by commas, or by the semicolons or tabs that spreadsheets write where the comma is decimal.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        first = text.lstrip().partition("\n")[0]
        mark = next((one for one in ";\t" if one in first), ",")
        lines = csv.reader(StringIO(text), delimiter=mark)
        rows = [row for row in lines if any(cell.strip() for cell in row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path}: cannot be read as CSV: {error}", "Save it as CSV in UTF-8, a name a line.") from error
    head = [cell.strip().casefold() for cell in rows[0]] if rows else []
    named = COLUMN in head
    column, width = (head.index(COLUMN), len(head)) if named else (0, 0)
    names = [name for row in rows[named:] for name in _names_of(row[column:], width - column, mark) if name]
    if not names:
        raise UsageError(f"{path}: no names", "Write a name a line, or name a column `name`.")
    return list(dict.fromkeys(names))


def _names_of(row: list[str], width: int, mark: str) -> Iterator[str]:
    """The name that a row begins with; where nobody quoted one with a comma in it, `Acme Co., Ltd.`, as a whole too.

    `width` is how many cells the row should have, none where no head says so.
    """
    if len(row) <= width or not row:
        yield from (cell.strip() for cell in row[:1])
        return
    rest = row[1:] if width == 1 else takewhile(lambda cell: cell[:1].isspace(), row[1:])
    whole = mark.join([row[0], *rest]).strip(f" {mark}")
    yield from [whole] if width == 1 else [row[0].strip(), whole]


def keep_names(private: PrivateStore, reference: str, names: Iterable[str]) -> bool:
    """Keeps a list under a reference, unless that is taken."""
    return private.keep(reference, msgspec.json.encode(list(names)).decode())


def entries_called(registers: Registers) -> Callable[[str], Iterable[Key]]:
    """Tells which institutions and parties of the registers go by a name, in any language."""

    @cache
    def entries() -> dict[str, set[Key]]:
        found: defaultdict[str, set[Key]] = defaultdict(set)
        for kind, register in (("institution", registers.institutions), ("party", registers.parties)):
            for one in register:
                for name in names_of(one):
                    found[normalise(name)].add((kind, one.id))
        return found

    return lambda name: entries().get(normalise(name), ())


def names_in(private: PrivateStore) -> Callable[[str], list[str]]:
    """Reads saved lists by their references; one that was erased is empty."""

    def names(reference: str) -> list[str]:
        kept = private.get(reference)
        return msgspec.json.decode(kept, type=list[str]) if kept else []

    return names
