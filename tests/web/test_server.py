"""The server itself, on real sockets: bounded, guarded, and gone when told so."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest
from werkzeug.test import Client

from tests.builders import LIST
from tests.conftest import Tracker
from tests.deliver.conftest import Office
from tracker.errors import TrackerError
from tracker.web.server import application, listening

ROOT = Path(__file__).parents[2]
Open = Callable[[], HTTPConnection]
FEED = f"/list/{LIST}/feed.atom"


def ask(
    served: Open, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    connection = served()
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    found = (answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    connection.close()
    return found


def test_many_at_once_get_the_same(office: Office, served: Open) -> None:
    office.learn()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask(served, FEED), range(24)))
    assert {status for status, _, _ in answers} == {200}
    assert len({body for _, _, body in answers}) == 1
    assert len({headers["etag"] for _, headers, _ in answers}) == 1


@pytest.mark.parametrize("path", [FEED, "/unsubscribe/x/y", "/nothing"])
def test_every_answer_carries_the_guards(office: Office, served: Open, path: str) -> None:
    _, headers, _ = ask(served, path)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "server" not in headers


def test_what_is_too_much_is_refused(office: Office, served: Open) -> None:
    assert ask(served, "/unsubscribe/x/y", "POST", b"x" * 100_000)[0] == 413
    assert ask(served, "/" + "x" * 20_000)[0] in {400, 414, 431}
    assert ask(served, FEED, Cookie="x" * 20_000)[0] in {400, 431}
    assert ask(served, FEED)[0] == 200


def test_clients_that_drip_hold_up_nobody(office: Office, served: Open) -> None:
    port = served().port
    assert port
    slow = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(12)]
    for one in slow:
        one.sendall(b"GET /" + FEED.encode() + b" HTTP/1.1\r\nHost: x\r\nX-Drip: ")
    try:
        assert ask(served, FEED)[0] == 200
    finally:
        for one in slow:
            one.close()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_feeds_are_only_read(office: Office, served: Open, method: str) -> None:
    status, headers, _ = ask(served, FEED, method)
    assert status == 405
    assert set(headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_a_fault_of_ours_is_told_without_details(office: Office, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("the secret is 42")

    monkeypatch.setattr("tracker.publish.feed", broken)
    answer = client.get(FEED)
    assert answer.status_code == 500
    assert "42" not in answer.text


def test_a_home_that_is_in_use_is_asked_for_later(office: Office, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> None:
        raise TrackerError("ledger.db: locked")

    monkeypatch.setattr("tracker.publish.feed", busy)
    answer = client.get(FEED)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


def test_a_port_in_use_is_told(office: Office, home: Path, config_directory: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(TrackerError, match="cannot be listened on"):
        listening(application(home, config_directory, office.clock), "127.0.0.1", taken.getsockname()[1])


def test_the_command_serves_until_it_is_told_to_end(office: Office, home: Path, config_directory: Path) -> None:
    where = ["--home", str(home), "--config", str(config_directory)]
    command = [sys.executable, "-m", "tracker.cli", *where, "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env={**os.environ}) as running:
        assert running.stderr is not None
        line = running.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+) as https://tracker\.example\.edu", line)
        assert found, line
        assert ask(lambda: HTTPConnection("127.0.0.1", int(found[1]), timeout=10), FEED)[0] == 200
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=20) == 0


def test_links_tell_where_everything_is(office: Office, tracker: Tracker) -> None:
    assert tracker("watch", "add", "mine", "--channel", "file:/nowhere").exit_code == 0
    lines = tracker("serve", "--links").stdout.splitlines()
    assert lines[1].startswith("watch\tmine\thttps://tracker.example.edu/watch/mine/")
    assert f"list\t{LIST}\thttps://tracker.example.edu{FEED}\thttps://tracker.example.edu/list/{LIST}/calendar.ics" in lines
