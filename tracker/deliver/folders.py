"""What the channels that write files share: files that are there whole or not at all."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.deliver.base import DeliveryError
from tracker.durable import make_folder, write_durably


def kept_path(target: str) -> str:
    """A path as it is kept: absolute, since the next run may begin in another folder."""
    if "\0" in target:
        raise ValueError("a path holds no null character")
    return str(Path(target).expanduser().absolute())


def replaced(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all; it is on the disk before the receipt says so. Raises DeliveryError."""
    try:
        write_durably(path, content, path.with_name(f".{path.name}.new"))
    except OSError as error:
        raise DeliveryError(f"{path.parent}: {error.strerror or error}") from error


@contextmanager
def held(path: Path) -> Iterator[None]:
    """One process at a time writes a file that is made of many digests: the last one has seen them all."""
    try:
        make_folder(path.parent)
        lock = path.with_name(f".{path.name}.lock").open("ab")
    except OSError as error:
        raise DeliveryError(f"{path.parent}: {error.strerror or error}") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
