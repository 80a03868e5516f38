"""The private store: addresses and other personal data, outside the ledger so that they can be erased.

Events hold only a reference (`file:9f2c0a1b`); erasing the row leaves the reference meaningless.
"""

import hmac
import os
from pathlib import Path
from typing import Final

import sqlite_utils

_ENDED: Final = "ended"


def secret_of(reference: str) -> str:
    """Under which reference the secret of a channel is kept: apart from its address, which is shown."""
    return f"{reference}/secret"


class PrivateStore:
    """`private.db`: references and what they stand for."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.database = sqlite_utils.Database(path)
        self.database.execute("PRAGMA secure_delete = ON")  # erased means overwritten, whatever SQLite's build says
        self.database.table("secrets").create({"reference": str, "value": str}, pk="reference", if_not_exists=True)
        path.chmod(0o600)

    def keep(self, reference: str, value: str) -> bool:
        """Keeps a value under a reference, and tells whether it did; one that is taken keeps its value.

        A reference says nothing of the value, not even as a digest: an address that was erased cannot
        be guessed and confirmed.
        """
        assert self.database.conn is not None
        with self.database.conn as connection:
            kept = connection.execute("INSERT OR IGNORE INTO secrets (reference, value) VALUES (?, ?)", (reference, value))
        return kept.rowcount == 1

    def get(self, reference: str) -> str | None:
        """The value, or None when it was erased."""
        rows = list(self.database.table("secrets").rows_where("reference = ?", [reference]))
        return str(rows[0]["value"]) if rows else None

    def key(self, purpose: str) -> bytes:
        """A key of this home for one purpose, made when first asked for: what is derived from it nobody else can make."""
        reference = f"key:{purpose}"
        if self.get(reference) is None:
            self.keep(reference, os.urandom(32).hex())  # chance is the point of a key; two processes keep the first one
        return bytes.fromhex(str(self.get(reference)))

    def references(self) -> list[str]:
        """All references that stand for something, but for those of secrets, of keys and of addresses that ended."""
        beside = " AND ".join(f"reference NOT LIKE '{one}'" for one in ("%/secret", "key:%", f"{_ENDED}:%"))
        rows = self.database.execute(f"SELECT reference FROM secrets WHERE {beside} ORDER BY reference")
        return [row[0] for row in rows]

    def erase(self, reference: str) -> None:
        """Forgets a value for good, and the secret kept beside it."""
        self.database.table("secrets").delete_where("reference IN (?, ?)", [reference, secret_of(reference)])

    def end(self, watch: str, reference: str) -> None:
        """Erases the address of a channel that wants no more, and keeps a mark by which it is known again.

        The mark is made with a key of this home: without this file nobody can tell an address by it.
        """
        target = self.get(reference)
        if target is not None:
            self.keep(self._mark(watch, reference.partition(":")[0], target), "")
        self.erase(reference)

    def has_ended(self, watch: str, kind: str, target: str) -> bool:
        """Whether an address wants no more of a watch, whoever gives it again."""
        return self.get(f"key:{_ENDED}") is not None and self.get(self._mark(watch, kind, target)) is not None

    def _mark(self, watch: str, kind: str, target: str) -> str:
        words = f"{watch}\n{kind}\n{target.casefold()}"
        return f"{_ENDED}:{hmac.digest(self.key(_ENDED), words.encode(), 'sha256').hex()}"

    def close(self) -> None:
        """Closes the file."""
        self.database.close()
