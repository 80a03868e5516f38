"""What a view could not take in is parked: noted with its position, so that all else goes on.

A batch is applied in one transaction. Only when a view raises is that taken back and the batch applied
again with a savepoint around every view of every unit, so the usual way costs nothing more. A rebuild
applies everything again, and so what was parked too.
"""

import re
import sqlite3
from collections.abc import Iterable
from copy import copy
from typing import Final

import msgspec
from sqlite_utils import Database

from projections.view import Unit, View

_LONGEST: Final = 300


class Parked(msgspec.Struct, frozen=True, kw_only=True):
    """A unit that a view could not take in: the position of its first event, and why."""

    position: int
    view: str
    error: str

    def line(self) -> str:
        """One line about it."""
        return f"position {self.position}: the view {self.view} could not take it in ({self.error})"


def create(database: Database) -> None:
    """Makes the table `parked`."""
    database.table("parked").create({"position": int, "view": str, "error": str}, pk=("position", "view"))


def parked_in(database: Database, after: int = 0) -> list[Parked]:
    """What is parked past a position, in order."""
    rows = database.execute("SELECT position, view, error FROM parked WHERE position > ? ORDER BY position, view", [after])
    return [Parked(position=position, view=view, error=error) for position, view, error in rows]


def apply_carefully(database: Database, batch: Iterable[Unit], views: Iterable[View]) -> None:
    """Passes each unit through all views; what a view did with a unit before it raised is taken back."""
    views = tuple(views)
    for unit in batch:
        for view in views:
            kept = {name: copy(getattr(unit, name)) for name in Unit.__struct_fields__}
            database.execute("SAVEPOINT one_view")
            try:
                view.apply(database, unit)
            except Exception as error:
                if not is_of_the_unit(error):
                    raise
                database.execute("ROLLBACK TO one_view")
                for name, value in kept.items():
                    setattr(unit, name, value)
                row = (unit.head.position, view.name, _words(error))
                database.execute("INSERT INTO parked (position, view, error) VALUES (?, ?, ?)", row)
            database.execute("RELEASE one_view")


def is_of_the_unit(error: Exception) -> bool:
    """Whether an error comes from what the view was given, and not from the disk, the memory or another process."""
    if isinstance(error, OSError | MemoryError):
        return False
    if isinstance(error, sqlite3.OperationalError):  # wrong SQL, or a full disk, a lock, ...
        return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
    return type(error) is not sqlite3.DatabaseError  # that one says that the file is damaged


def _words(error: Exception) -> str:
    """An error in one short line that is the same at every rebuild."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    return re.sub(r"0x[0-9a-f]+", "0x", text)[:_LONGEST]
