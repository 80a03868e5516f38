"""Saved name lists: the names of partners, from a CSV, kept in the private store and nowhere else."""

import csv
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import msgspec

from tracker.errors import UsageError
from tracker.private import PrivateStore

COLUMN: Final = "name"
"""The column that is read where the first line names columns; else it is the first."""


def read_names(path: Path) -> list[str]:
    """The names of a CSV: its column `name`, or the first; raises UsageError for a file without any."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if any(cell.strip() for cell in row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path}: cannot be read as CSV: {error}", "Save it as CSV in UTF-8, a name a line.") from error
    head = [cell.strip().casefold() for cell in rows[0]] if rows else []
    column = head.index(COLUMN) if COLUMN in head else 0
    body = rows[1:] if COLUMN in head else rows
    names = [name for row in body if len(row) > column and (name := row[column].strip())]
    if not names:
        raise UsageError(f"{path}: no names", "Write a name a line, or name a column `name`.")
    return list(dict.fromkeys(names))


def keep_names(private: PrivateStore, reference: str, names: Iterable[str]) -> bool:
    """Keeps a list under a reference, unless that is taken."""
    return private.keep(reference, msgspec.json.encode(list(names)).decode())


def names_in(private: PrivateStore) -> Callable[[str], list[str]]:
    """Reads saved lists by their references; one that was erased is empty."""

    def names(reference: str) -> list[str]:
        kept = private.get(reference)
        return msgspec.json.decode(kept, type=list[str]) if kept else []

    return names
