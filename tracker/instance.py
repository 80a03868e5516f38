"""One worker at a time in a home: a lock that the system frees when its process ends, however it ends.

`tracker run` holds it for as long as it is up; `daily`, `poll` and `backfill` while they work. All four
exclude each other, so that no host is asked by two at once and no digest is sent by two at once. Commands
that ask or decide (`status`, `ingest`, `inbox`, `watch` ...) need no lock: the stores are safe for several.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from tracker.clock import SystemClock
from tracker.errors import TrackerError

LOCK: Final = "working.lock"
"""The file in the home. It stays when nobody holds it; deleting it while somebody works would let a second one in."""


class Worker(msgspec.Struct, frozen=True, kw_only=True):
    """Who works on a home: a process, its command, and since when (by the machine's clock, whatever `--now` says)."""

    pid: int
    command: str
    since: datetime

    def __str__(self) -> str:
        return f"`tracker {self.command}`, process {self.pid}, since {self.since:%Y-%m-%d %H:%M:%S} UTC"


@contextmanager
def only_one(home: Path, command: str) -> Iterator[None]:
    """Holds the home while inside; raises TrackerError, naming who does, when another process holds it."""
    path = home / LOCK
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise TrackerError(f"{path} cannot be opened: {error.strerror}", "Check the folder and its permissions.") from error
    try:
        _take(home, descriptor)
        worker = Worker(pid=os.getpid(), command=command, since=SystemClock().now())
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, msgspec.json.encode(worker) + b"\n", 0)
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def at_work(home: Path) -> Worker | None:
    """Who works on a home now; None when nobody does, or when it cannot be told."""
    try:
        descriptor = os.open(home / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(descriptor)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return None


def _take(home: Path, descriptor: int) -> None:
    """Takes the lock. One without a living owner's name is `at_work` looking, or a worker that begins: a moment's matter."""
    for _ in range(20):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            worker = _read(descriptor)
            if worker is not None and _is_alive(worker.pid):
                raise _refused(home, worker) from None
            SystemClock().sleep(0.02)
        except OSError as error:
            hint = "Keep the home on a local disk; folders of the network often have no locks."
            raise TrackerError(f"{home / LOCK} cannot be locked: {error.strerror}", hint) from error
        else:
            return
    raise _refused(home, None)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # of another user
    return True


def _read(descriptor: int) -> Worker | None:
    try:
        return msgspec.json.decode(os.pread(descriptor, 4096, 0), type=Worker)
    except msgspec.MsgspecError:
        return None  # it has the lock and has not yet written its name


def _refused(home: Path, worker: Worker | None) -> TrackerError:
    if worker is None:
        return TrackerError(f"another tracker is at work on {home}", "Try again when it is done.")
    if worker.command == "run":
        hint = f"It does by itself what is due. To work by hand, stop it first: kill -TERM {worker.pid}"
    else:
        hint = "Try again when it is done; asking (`tracker status` and the like) works meanwhile."
    return TrackerError(f"another tracker is at work on {home}: {worker}", hint)
