"""Mails, taken by a real SMTP server on loopback: whole, once, and never more than one plain mail."""

import html
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.builders import NOW
from tests.deliver.conftest import HOSTILE, Office, Settle
from tracker import watching
from tracker.errors import UsageError
from tracker.watching import WatchOrder

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


def test_a_mail_has_text_html_and_headers_that_lists_have(office: Office, box: Box) -> None:
    office.learn("Söhne & Co")
    assert not office.run().failed
    (mail,) = box.mails
    assert mail.get_content_type() == "multipart/alternative"
    text, page = mail.iter_parts()
    assert [text.get_content_type(), page.get_content_type()] == ["text/plain", "text/html"]
    assert "Söhne & Co" in text.get_content()
    assert "Söhne &amp; Co" in page.get_content()
    assert "<h1 style=" in page.get_content()  # styles stand on the elements
    assert "prefers-color-scheme" in page.get_content()
    assert (mail["From"], mail["To"]) == ("tracker@example.edu", ADDRESS)
    assert mail["Subject"] == "office: 1 change to 2019-10-09 (digest 1)"
    assert mail["Date"].datetime == NOW
    assert mail["List-Id"] == "<office.example.edu>"
    assert "List-Unsubscribe" not in mail
    assert "List-Unsubscribe-Post" not in mail
    assert not office.run(timedelta(days=1)).deliveries


@pytest.mark.parametrize(
    ("links", "header", "one_click"),
    [
        ('["mailto:stop@example.edu?subject={watch}"]', "<mailto:stop@example.edu?subject=office>", False),
        (
            f'["https://example.edu/stop/{"long" * 40}/{{channel}}", "mailto:stop@example.edu"]',
            f"<https://example.edu/stop/{'long' * 40}/email%3Aoffice-1-1>, <mailto:stop@example.edu>",
            True,
        ),
    ],
)
def test_how_to_unsubscribe(settled: Settle, server: AnyPort, box: Box, links: str, header: str, one_click: bool) -> None:
    office = settled(settings(server.port, f"unsubscribe = {links}"))
    office.watch(f"email:{ADDRESS}")
    office.learn()
    office.run()
    (mail,) = box.mails
    assert mail["List-Unsubscribe"] == header
    assert f"List-Unsubscribe: {header}".encode() in box.raw[0]  # as it is, since receivers do not decode it
    assert mail["List-Unsubscribe-Post"] == ("List-Unsubscribe=One-Click" if one_click else None)


OWN = "https://example.edu/stop/{channel}?watch={watch}"
SERVED_AT = '[serve]\npublic_url = "https://tracker.example.edu"'


@pytest.mark.parametrize(
    ("links", "served", "link"),
    [
        ([], True, "https://tracker.example.edu/unsubscribe/"),
        ([OWN], False, "https://example.edu/stop/email%3Aoffice-1-1?watch=office"),
        ([OWN], True, "https://example.edu/stop/email%3Aoffice-1-1?watch=office"),
        (["mailto:stop@example.edu"], True, "https://tracker.example.edu/unsubscribe/"),
        (["mailto:stop@example.edu", OWN], True, "https://example.edu/stop/email%3Aoffice-1-1?watch=office"),
        (["mailto:stop@example.edu?subject={watch}"], False, "mailto:stop@example.edu?subject=office"),
        ([], False, None),
    ],
)
def test_the_link_people_read_is_one_that_mail_programs_are_told(
    settled: Settle, server: AnyPort, box: Box, links: list[str], served: bool, link: str | None
) -> None:
    office = settled(settings(server.port, f"unsubscribe = {json.dumps(links)}", *([SERVED_AT] if served else [])))
    office.watch(f"email:{ADDRESS}")
    office.learn()
    office.run()
    (mail,) = box.mails
    text, page = (part.get_content() for part in mail.iter_parts())
    told = re.findall(r"To unsubscribe: (\S+)", text)
    assert told == [html.unescape(one) for one in re.findall(r'href="([^"]+)">Unsubscribe<', page)]
    assert [one[: len(link or "")] for one in told] == ([link] if link else [])
    if link:
        assert f"<{told[0]}>" in str(mail["List-Unsubscribe"]).split(", ")
        assert (mail["List-Unsubscribe-Post"] is not None) is link.startswith("https:")


def test_a_hostile_name_breaks_nothing(office: Office, box: Box) -> None:
    office.learn(HOSTILE)
    assert not office.run().failed
    (mail,) = box.mails
    assert set(mail.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "List-Id", "Auto-Submitted", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert "bcc:" not in box.raw[0].decode().lower().partition("\r\n\r\n")[0]
    text, page = (part.get_content() for part in mail.iter_parts())
    assert "<script" not in page
    assert not {"\x00", "\x1b", "\u202e", "\u200f"} & set(text + page)
    assert not any(line.startswith("BCC:") for line in text.splitlines())


@pytest.mark.parametrize(
    "address",
    [
        "ada", "ada@", "@example.org", "ada@example.org\nBCC: eve@example.org", "ada@example.org\r\n", "a@b@c",
        "ada @example.org", "ada@example.org,eve@example.org", "Ada <ada@example.org>", "ada@exämple.org",
        f"{'a' * 65}@example.org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_when_the_watch_is_added(office: Office, address: str) -> None:
    with pytest.raises(UsageError, match="plain mail address") as caught:
        watching.add(office.app, WatchOrder(watch="other", channels=(f"email:{address}",)))
    assert "\n" not in str(caught.value)


def test_a_grey_list_is_waited_for_and_the_same_mail_comes(office: Office, box: Box) -> None:
    box.answers = [f"451 4.7.1 <{ADDRESS.upper()}> grey, come again"]
    office.learn()
    first = office.run()
    assert first.failed
    (failed,) = office.failures()
    assert failed.error == "the mail server refused the address: 451 4.7.1 <the address> grey, come again"
    assert failed.next_try == NOW + timedelta(minutes=5)
    assert office.run(timedelta(minutes=4)).deliveries == ()
    assert not office.run(timedelta(minutes=1)).failed
    assert len(box.mails) == 1


def test_pauses_grow_up_to_a_day(settled: Settle, server: AnyPort, box: Box) -> None:
    box.answers = ["451 4.7.1 come again"] * 12
    office = settled(settings(server.port, "[delivery]", "pause_after = 100"))
    office.watch(f"email:{ADDRESS}")
    office.learn()
    office.run()
    for _ in range(10):
        due = office.failures()[-1].next_try
        assert due
        office.run(due - office.clock.at)
    pauses = [60 * 2**n * 5 for n in range(9)]
    starts = [one.recorded_at for one in office.app.receipts.read()]
    waited = [one.next_try - start for one, start in zip(office.failures(), starts, strict=True) if one.next_try]
    assert waited == [timedelta(seconds=min(86400, pause)) for pause in [*pauses, 86400, 86400]]


def test_a_server_that_closes_in_the_middle(office: Office, box: Box) -> None:
    box.hang_up = True
    office.learn()
    assert office.run().failed
    assert "could not be used" in office.failures()[0].error
    box.hang_up = False
    assert not office.run(timedelta(minutes=5)).failed
    assert len(box.mails) == 1


def test_a_mail_that_the_server_hangs_up_on_holds_up_no_other_address(office: Office, box: Box) -> None:
    watching.add(office.app, WatchOrder(watch="second", channels=("email:other@example.org",)))
    box.hang_up_for = ADDRESS
    office.learn()
    office.run()
    assert box.mails == [], "what a server does that cannot be used is not asked twice in a run"
    for _ in range(8):
        office.run(timedelta(days=1))
    assert [mail["To"] for mail in box.mails] == ["other@example.org"]


def many(office: Office, count: int) -> list[str]:
    """More watches, each with an address of its own; gives all addresses."""
    others = [f"reader-{n}@example.org" for n in range(count)]
    for n, address in enumerate(others):
        watching.add(office.app, WatchOrder(watch=f"watch-{n}", channels=(f"email:{address}",)))
    return sorted([ADDRESS, *others])


def test_the_mails_of_a_run_take_one_connection(office: Office, box: Box) -> None:
    addresses = many(office, 5)
    office.learn()
    assert not office.run().failed
    assert sorted(mail["To"] for mail in box.mails) == addresses
    assert len({mail["Message-ID"] for mail in box.mails}) == 6
    assert len(box.connections) == 1
    office.learn("Zenith", "document/federal-register/2")
    assert not office.run(timedelta(days=1)).failed
    assert len(box.mails) == 12
    assert len(box.connections) == 2, "the next run has its own"


@pytest.mark.parametrize("enough", ["", "421 4.7.0 too many mails", "451 4.3.2 come again"])
def test_a_server_that_has_enough_of_a_connection_gets_another(office: Office, box: Box, enough: str) -> None:
    addresses = many(office, 4)
    box.most, box.enough = 2, enough
    office.learn()
    run = office.run()
    if enough.startswith("451"):  # no word of the connection: the same for every address
        assert len(box.connections) == 1
        assert [one.error for one in run.deliveries].count("the mail server did not take it: 451 4.3.2 come again") == 1
        return
    assert not run.failed
    assert sorted(mail["To"] for mail in box.mails) == addresses, "each once"
    assert len(box.connections) == 3


def test_an_address_that_is_refused_ends_no_connection(office: Office, box: Box) -> None:
    addresses = many(office, 3)
    box.answers = ["550 5.1.1 no such user"]
    office.learn()
    assert [one.error is None for one in office.run().deliveries] == [False, True, True, True]
    assert len(box.mails) == len(addresses) - 1
    assert len(box.connections) == 1


def test_a_server_that_hangs_is_left(settled: Settle) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        office = settled(settings(silent.getsockname()[1]).replace('"2s"', '"0.3s"'))
        office.watch(f"email:{ADDRESS}")
        office.learn()
        assert office.run().failed
    (failed,) = office.failures()
    assert "timed out" in failed.error
    assert failed.next_try


def test_no_server_is_set(settled: Settle) -> None:
    office = settled("")
    office.watch(f"email:{ADDRESS}")
    office.learn()
    assert [one.error for one in office.run().deliveries] == [
        "no mail server is set: host and from under [email] in tracker.toml"
    ]


def test_nothing_is_sent_in_the_open_where_starttls_is_asked_for(settled: Settle, server: AnyPort, box: Box) -> None:
    office = settled(settings(server.port, security="starttls"))
    office.watch(f"email:{ADDRESS}")
    office.learn()
    assert office.run().failed
    assert "STARTTLS" in office.failures()[0].error
    assert box.raw == []


def test_no_password_is_sent_in_the_open(office: Office, box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_SMTP_USER", "tracker")
    monkeypatch.setenv("TRACKER_SMTP_PASSWORD", "open sesame")
    office.learn()
    assert "password is not sent in the open" in str(office.run().deliveries[0].error)
    assert box.raw == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_login_over_tls(settled: Settle, box: Box, security: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=60)
    except FileNotFoundError:
        pytest.skip("openssl makes the certificate of the test's server, and is not there")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    wanted, logins = LoginPassword(b"tracker", b"open sesame"), list[bool]()

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        logins.append(given == wanted)
        return AuthResult(success=logins[-1], handled=False)

    more: dict[str, Any] = {"tls_context": context} if security == "starttls" else {"ssl_context": context}
    running = AnyPort(box, authenticator=check, auth_require_tls=security == "starttls", **more)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("TRACKER_SMTP_USER", "tracker")
    office = settled(settings(running.port, security=security))
    office.watch(f"email:{ADDRESS}")
    office.learn()
    running.start()
    try:
        monkeypatch.setenv("TRACKER_SMTP_PASSWORD", "wrong")
        assert office.run().failed
        assert "535" in office.failures()[0].error
        monkeypatch.setenv("TRACKER_SMTP_PASSWORD", "open sesame")
        assert not office.run(timedelta(minutes=5)).failed
    finally:
        running.stop()
    assert len(box.mails) == 1
    assert set(logins) == {False, True}
    assert logins[-1]


KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from events.operations import DeliveryMade
from tracker import delivery
from tracker.app import App
from tracker.clock import FixedClock
from tracker.daily import daily

home, config, now = sys.argv[1:]
delivery.DeliveryMade = lambda **_: os.kill(os.getpid(), signal.SIGKILL)  # sent, not recorded
with App(Path(home), Path(config), FixedClock(datetime.fromisoformat(now))) as app:
    daily(app)
"""


def test_a_kill_between_sending_and_recording_repeats_the_message_id(office: Office, box: Box, config_directory: Path) -> None:
    office.learn()
    command = [sys.executable, "-c", KILLED, str(office.app.home), str(config_directory), NOW.isoformat()]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, timeout=120, env={**os.environ})
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not office.run().failed
    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@example.edu>")
    assert first.get_body(("plain",)).get_content() == second.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert office.run().deliveries == ()
