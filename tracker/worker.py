"""What parses bytes of strangers runs in a process of its own, with limits on time and memory.

    call(function, arguments) -> pickled through a pipe -> the worker calls it -> its result, or what it raised

One worker serves a whole run and is started at the first call: a process for each document would cost more than
reading it. A worker that hangs is killed; one that crashes, runs out of memory or is killed is replaced at the
next call, and the call at hand raises `WorkerError`, which says what was read, where in the code it ended, and why.
What the function gives or raises is the same as without a worker, so nothing depends on which way was taken.
"""

import atexit
import faulthandler
import hashlib
import importlib
import logging
import logging.handlers
import math
import os
import pickle
import queue
import re
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any, Final, NoReturn, TypeVar

import msgspec

from tracker.errors import TrackerError

T = TypeVar("T")
_HERE: Final = Path(__file__).parent
_LOADING: Final = 60.0
_GRACE: Final = 0.5
"""Seconds in which a call that is over its time may still say where it is."""
_KEPT: Final = 4
"""How many sets of registers a worker holds at once."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one call may take: seconds by the clock, and bytes of address space of the worker altogether."""

    seconds: float = 60.0
    memory: int = 2 * 1024**3


class WorkerError(TrackerError):
    """The worker did not come to an end with one document: says which, where and why, in one line.

    `why` is the line without the document.
    """

    def __init__(self, about: str, why: str) -> None:
        super().__init__(f"{about}: {why}")
        self.why = why


class Worker:
    """One process that calls functions for this one; started at the first call, and again after each death."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Starts the process where it does not run, without waiting for it: it gets ready meanwhile."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        theirs_in, self._to = _pipe()
        self._from, theirs_out = _pipe()
        self._trace = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the worker
        self._kept: dict[str, object] = {}
        self._last: tuple[object, str] | None = None
        ends = (theirs_in.fileno(), theirs_out.fileno(), self._trace.fileno())
        code = f"import sys; sys.path[:] = {sys.path!r}; from tracker.worker import serve; serve{ends!r}"
        # Our own interpreter with our own words; the bytes of strangers go through the pipe only.
        self._process = subprocess.Popen([sys.executable, "-c", code], pass_fds=ends, stdin=subprocess.DEVNULL)  # noqa: S603
        self._ready = False
        theirs_in.close()
        theirs_out.close()

    def _wait(self) -> None:
        """Waits until the process has loaded what it needs, which is no document's fault."""
        if not self._ready and self._from.poll(_LOADING):
            self._ready = self._from.recv()

    def call(self, about: str, function: Callable[..., T], *arguments: Any, keep: object = None, **named: Any) -> T:
        """What the function gives; `keep` is its last argument, which the worker holds for later calls.

        The function and all arguments are pickled. Raises what the function raises, and WorkerError, with `about`
        before its colon, where the worker came to no end.
        """
        with self._lock:
            try:
                self.start()
                self._wait()
                self._to.send((self.limits, function, arguments, named, self._reference(keep)))
                answered = self._from.poll(self.limits.seconds + _GRACE)
                outcome: Any = self._from.recv() if answered else _NO_ANSWER
            except (EOFError, ConnectionError):
                self._died(about, None)
            except BaseException:
                self.close()  # an answer that comes later would be taken for that of the next call
                raise
            if outcome is _NO_ANSWER:
                self._died(about, f"it did not end within {self.limits.seconds:g} s")
        result, error, exhausted, logged = outcome
        for record in logged:
            logger = logging.getLogger(record.name)
            if logger.isEnabledFor(record.levelno):
                logger.handle(record)
        if exhausted is not None:
            self.close()
            raise WorkerError(about, f"it needs more than {self.limits.memory // 1024**2} MiB of memory ({exhausted})")
        if error is not None:
            raise error
        return result  # type: ignore[no-any-return]

    def _reference(self, keep: object) -> tuple[str, bytes | None] | None:
        """A digest of what the worker holds, with its pickled bytes where it does not hold them yet."""
        if keep is None:
            return None
        if self._last is not None and self._last[0] is keep:
            return self._last[1], None
        pickled = pickle.dumps(keep)
        digest = hashlib.sha256(pickled).hexdigest()
        self._last = (keep, digest)
        if digest in self._kept:
            return digest, None
        if len(self._kept) >= _KEPT:
            self._kept.clear()
        self._kept[digest] = True
        return digest, pickled

    def _died(self, about: str, why: str | None) -> NoReturn:
        """Ends what is left of the process, and says where and why it ended."""
        process, trace = self._process, self._trace
        assert process is not None
        if why is not None:
            process.kill()
        code = process.wait()
        where = _place(trace)
        self.close()
        why = why or f"it ended the worker process by {_cause(code)}"
        raise WorkerError(about, f"{why} ({where})" if where else why)

    def close(self) -> None:
        """Ends the process, whatever it is doing."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        self._process = None
        self._to.close()
        self._from.close()
        self._trace.close()


WORKER: Final = Worker()
"""The worker of this process."""
atexit.register(WORKER.close)
_NO_ANSWER: Final = object()


def _pipe() -> tuple[Connection, Connection]:
    reading, writing = os.pipe()
    return Connection(reading, writable=False), Connection(writing, readable=False)


def _cause(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _place(trace: IO[bytes]) -> str | None:
    """The line of ours that the process was in when it ended, as `faulthandler` noted it, the latest call first."""
    trace.seek(0)
    calls = re.findall(r'File "([^"]+)", line (\d+) in (\S+)', trace.read(100_000).decode("utf-8", "replace"))
    ours = next((call for call in calls if Path(call[0]).is_relative_to(_HERE) and call[0] != __file__), None)
    return _line(*(ours or calls[0])) if calls else None


def _line(file: str, number: object, function: str) -> str:
    return f"in {Path(file).name}, line {number}, {function}"


def serve(reading: int, writing: int, trace: int) -> None:
    """The worker's side: calls what it is told to until the pipe ends. It outlives nobody who might ask it."""
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.SIG_IGN)  # whoever asked finishes the run, and ends this process
    orders, answers = Connection(reading, writable=False), Connection(writing, readable=False)
    logged: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    logging.basicConfig(handlers=[logging.handlers.QueueHandler(logged)])
    faulthandler.enable(trace)
    importlib.import_module("tracker.reading")  # while the first document is still on its way
    answers.send(True)
    kept: dict[str, object] = {}
    while True:
        try:
            limits, function, arguments, named, reference = orders.recv()
        except EOFError:
            return
        if reference is not None:
            arguments = (*arguments, _kept(kept, *reference))
        outcome = _called(limits, trace, function, arguments, named)
        answers.send((*outcome, [logged.get() for _ in range(logged.qsize())]))


def _kept(kept: dict[str, object], digest: str, pickled: bytes | None) -> object:
    if pickled is not None:
        if len(kept) >= _KEPT:
            kept.clear()
        kept[digest] = pickle.loads(pickled)  # noqa: S301 - from the process that started this one
    return kept[digest]


def _called(
    limits: Limits, trace: int, function: Callable[..., object], arguments: tuple[Any, ...], named: dict[str, Any]
) -> tuple[object, Exception | None, str | None]:
    """The result, what was raised, and where memory ran out; only one of them is told."""
    _limit(limits)
    os.ftruncate(trace, 0)
    os.lseek(trace, 0, os.SEEK_SET)
    faulthandler.dump_traceback_later(limits.seconds, file=trace)
    try:
        return function(*arguments, **named), None, None
    except MemoryError as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return None, None, _line(last.filename, last.lineno, last.name)
    except Exception as error:  # noqa: BLE001 - it is raised where the call was made
        try:
            pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
        except Exception:  # noqa: BLE001 - whatever stops it from travelling, its words still do
            return None, RuntimeError(f"{type(error).__name__}: {error}"), None
        return None, error, None
    finally:
        faulthandler.cancel_dump_traceback_later()


def _limit(limits: Limits) -> None:
    """Sets the limits: of processor time too, so that the process ends even when nobody is left to kill it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = math.ceil(used.ru_utime + used.ru_stime + limits.seconds) + 2
    for what, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, limits.memory), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
