"""Mail servers that close, hang, refuse or have enough, and what is never sent in the open."""

import os
import signal
import socket
import ssl
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.builders import NOW
from tests.deliver.conftest import Office, Settle
from tests.deliver.mailing import ADDRESS, ROOT, AnyPort, Box, box, office, server, settings
from tracker import watching
from tracker.watching import WatchOrder

__all__ = ["box", "office", "server"]  # fixtures


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
