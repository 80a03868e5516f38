"""The sockets under the application: waitress, with bounds on everything that a client may send or hold."""

import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from waitress.server import create_server

from tracker.app import App
from tracker.clock import Clock
from tracker.config import load_config
from tracker.errors import TrackerError
from tracker.web.application import MOST_BYTES, Application

LIMITS: Final = {
    "threads": 4,
    "connection_limit": 200,
    "channel_timeout": 20,
    "cleanup_interval": 5,
    "max_request_header_size": 16 * 1024,
    "max_request_body_size": MOST_BYTES,
    "ident": None,
    "expose_tracebacks": False,
}


def application(home: Path, directory: Path | None, clock: Clock) -> Application:
    """The application of a home; settings are read once."""
    config = load_config(directory)

    def opened() -> App:
        app = App(home, directory, clock)
        app.config = config
        return app

    return Application(opened)


def listening(application: Application, host: str, port: int) -> Any:
    """A server that listens but does not answer yet; raises TrackerError where it cannot listen."""
    try:
        (family, _, _, _, address), *_ = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        bound = socket.create_server(address[:2], family=family)
    except OSError as error:
        raise TrackerError(f"{host}:{port}: cannot be listened on: {error}", "Give --host and --port others.") from error
    return create_server(application, sockets=[bound], **LIMITS)


def serve(server: Any, began: Callable[[], None]) -> None:
    """Answers until SIGTERM or Ctrl-C; requests at work are finished."""

    def stop(*_: object) -> None:
        raise SystemExit(0)

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, stop)
    began()
    server.run()
    server.close()
