"""The private store: addresses and other personal data, outside the ledger so that they can be erased.

Events hold only a reference (`file:9f2c0a1b`); erasing the row leaves the reference meaningless.
"""

import os
from pathlib import Path

import sqlite_utils


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
        """All references that stand for something, but for those of secrets and of keys."""
        query = (
            "SELECT reference FROM secrets WHERE reference NOT LIKE '%/secret' AND reference NOT LIKE 'key:%' ORDER BY reference"
        )
        rows = self.database.execute(query)
        return [row[0] for row in rows]

    def erase(self, reference: str) -> None:
        """Forgets a value for good, and the secret kept beside it."""
        self.database.table("secrets").delete_where("reference IN (?, ?)", [reference, secret_of(reference)])

    def close(self) -> None:
        """Closes the file."""
        self.database.close()
