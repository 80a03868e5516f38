"""Ending in order: the first SIGTERM or SIGINT lets the source at work finish, the second ends at once.

Nothing is lost by the second one: what was not recorded is asked for again (docs/operations.md).
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

GRACE: Final = 20.0
"""Seconds that the source at work has to finish once a stop was asked for. systemd waits 90 seconds before it kills."""
_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class Stop:
    """Whether the work is to end: looked at between two steps."""

    def __init__(self) -> None:
        self.asked = False
        self._listeners: list[Callable[[], None]] = []

    def ask(self) -> None:
        """Asks for the end; who is at work is told at once."""
        self.asked = True
        for tell in reversed(tuple(self._listeners)):  # who listens within another's work hears first
            tell()

    @contextmanager
    def telling(self, tell: Callable[[], None]) -> Iterator[None]:
        """Calls `tell` when a stop is asked for while inside; at once when it was asked for before."""
        self._listeners.append(tell)
        if self.asked:
            tell()
        try:
            yield
        finally:
            self._listeners.remove(tell)


@contextmanager
def stopped_by_signals(*, quiet: bool = False) -> Iterator[Stop]:
    """A stop that SIGTERM and SIGINT ask for while inside."""
    stop = Stop()

    def asked(number: int, _frame: FrameType | None) -> None:
        if stop.asked:
            os._exit(128 + number)
        stop.asked = True  # before anything else: the second signal may come in the midst of this
        if not quiet:  # not by print: the signal may have come in the midst of one
            os.write(2, b"stopping when the source at work is done; once more to stop at once\n")
        stop.ask()

    if threading.current_thread() is not threading.main_thread():
        yield stop  # signals are the main thread's
        return
    before = {number: signal.signal(number, asked) for number in _SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
