"""What the tests of the polite client share: a clock, a client that allows loopback, and a raw server."""

import socket
import threading
from datetime import UTC, datetime

import pytest

from tracker.clock import SystemClock
from tracker.errors import FetchError
from tracker.http import HttpSettings, PoliteClient

NOW = datetime(2019, 10, 9, 12, tzinfo=UTC)


class FakeClock:
    """Stands still but for its own sleeping, which takes no time."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.time += seconds


class Held(dict[str, tuple[str | None, str | None]]):
    """Validators in a dict."""


def client(clock: FakeClock | None = None, held: Held | None = None, **settings: object) -> PoliteClient:
    chosen = {"allow_private": True, "per_host_gap": 0.0, "timeout": 5.0, "retries": 1, "obey_robots": False} | settings
    return PoliteClient(HttpSettings(**chosen), clock or FakeClock(), Held() if held is None else held)  # type: ignore[arg-type]


def failure(url: str, **settings: object) -> FetchError:
    with client(**settings) as polite, pytest.raises(FetchError) as caught:  # type: ignore[arg-type]
        polite.get(url)
    assert "\n" not in str(caught.value)
    assert caught.value.hint
    return caught.value


def raw_server(answer: bytes, *, drip: float = 0.0) -> str:
    """Answers every connection with these bytes, a few at a time when dripping, then closes. Gives its URL."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener:
            for _ in range(4):
                try:
                    connection, _address = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    for start in range(0, len(answer), 8 if drip else max(1, len(answer))):
                        try:
                            connection.sendall(answer[start : start + (8 if drip else len(answer))])
                        except OSError:
                            break
                        SystemClock().sleep(drip)

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/x"
