"""A real mail server on loopback, and a watch whose digests go to it."""

import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.deliver.conftest import Office, Settle

ADDRESS = "ada@example.org"
ROOT = Path(__file__).parents[2]


class Box:
    """A mail box behind an SMTP server; `answers` are what it says next to a recipient, before it takes mail."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.raw: list[bytes] = []
        self.hang_up = False
        self.hang_up_for = ""
        self.connections: set[tuple[str, int]] = set()
        self.most = 100
        """How many mails are taken on one connection; after the last it is closed, or the next is answered `enough`."""
        self.enough = ""

    async def handle_MAIL(self, _server: Any, session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        self.connections.add(session.peer)
        envelope.mail_from = address
        session.mails = getattr(session, "mails", 0) + 1
        if session.mails > self.most:
            return self.enough
        return "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.hang_up or self.hang_up_for in envelope.rcpt_tos:
            server.transport.abort()
            return "451 gone"
        self.raw.append(envelope.original_content)
        if session.mails == self.most and not self.enough:
            server.loop.call_soon(server.transport.close)  # what is written goes out first
        return "250 taken"

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(one, policy=default) for one in self.raw]


class AnyPort(Controller):
    """A server on a port that the system chooses."""

    def __init__(self, box: Box, **more: Any) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        super().__init__(box, hostname="127.0.0.1", port=port, **more)


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def server(box: Box) -> Iterator[AnyPort]:
    running = AnyPort(box)
    running.start()
    yield running
    running.stop()


def settings(port: int, *more: str, security: str = "none") -> str:
    lines = ["[email]", 'host = "127.0.0.1"', f"port = {port}", f'security = "{security}"', 'from = "tracker@example.edu"']
    return "\n".join([*lines, 'timeout = "2s"', *more])


@pytest.fixture
def office(settled: Settle, server: AnyPort) -> Office:
    office = settled(settings(server.port))
    office.watch(f"email:{ADDRESS}")
    return office
