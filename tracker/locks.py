"""Locks between processes: files that are held while a piece of work lasts. A kill frees them."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_STRIPES: Final = 32
"""Enough that two watches seldom wait for each other, and few enough files."""


@contextmanager
def one_at_a_time(home: Path, watch: str) -> Iterator[None]:
    """One process at a time delivers what a watch is owed: the next one finds it done."""
    stripe = hashlib.sha256(watch.encode()).digest()[0] % _STRIPES
    folder = home / "locks"
    folder.mkdir(exist_ok=True)
    with (folder / f"deliver-{stripe:02d}").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
