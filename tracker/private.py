"""The private store: addresses and other personal data, outside the ledger so that they can be erased.

Events hold only a reference (`file:9f2c0a1b`); erasing the row leaves the reference meaningless.
"""

import hashlib
from pathlib import Path

import sqlite_utils


class PrivateStore:
    """`private.db`: references and what they stand for."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.database = sqlite_utils.Database(path)
        self.database.execute("PRAGMA secure_delete = ON")  # erased means overwritten, whatever SQLite's build says
        self.database.table("secrets").create({"reference": str, "value": str}, pk="reference", if_not_exists=True)
        path.chmod(0o600)

    def keep(self, owner: str, kind: str, value: str) -> str:
        """Keeps a value for an owner and gives its reference, `<kind>:<eight digits>`."""
        # The owner keeps two watches with one address apart, so that erasing one leaves the other.
        reference = f"{kind}:{hashlib.sha256(f'{owner}|{kind}|{value}'.encode()).hexdigest()[:12]}"
        self.database.table("secrets").upsert({"reference": reference, "value": value}, pk="reference")
        return reference

    def get(self, reference: str) -> str | None:
        """The value, or None when it was erased."""
        rows = list(self.database.table("secrets").rows_where("reference = ?", [reference]))
        return str(rows[0]["value"]) if rows else None

    def erase(self, reference: str) -> None:
        """Forgets a value for good."""
        self.database.table("secrets").delete_where("reference = ?", [reference])

    def close(self) -> None:
        """Closes the file."""
        self.database.close()
