"""Webhooks, posted to a real receiver that checks signatures with the standard's own library."""

import json
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from standardwebhooks import Webhook
from werkzeug import Request, Response

from tests.conftest import HandClock, Tracker
from tests.deliver.conftest import HOSTILE, SECRET, Office, Settle
from tracker import watching
from tracker.clock import SystemClock
from tracker.daily import Run
from tracker.delivery import deliver
from tracker.errors import UsageError
from tracker.private import secret_of
from tracker.watching import WatchOrder

LOOPBACK = '[http]\nallow_private = true\ntimeout = "2s"\n'


class Receiver:
    """Keeps what it takes, once an id, and answers as told; it believes only what is signed."""

    def __init__(self, server: HTTPServer) -> None:
        self.answers: list[Response] = []
        self.taken: dict[str, bytes] = {}
        self.ids: list[str] = []
        self.url = server.url_for("/hook?key=hush")
        server.expect_request("/hook", method="POST").respond_with_handler(self.answer)

    def answer(self, request: Request) -> Response:
        Webhook(SECRET).verify(request.data, dict(request.headers))
        self.ids.append(request.headers["webhook-id"])
        answer = self.answers.pop(0) if self.answers else Response(status=200)
        if answer.status_code < 300:
            self.taken[self.ids[-1]] = request.data
        return answer


@pytest.fixture
def receiver(httpserver: HTTPServer) -> Receiver:
    return Receiver(httpserver)


@pytest.fixture
def office(settled: Settle, receiver: Receiver, clock: HandClock) -> Office:
    clock.at = SystemClock().now().replace(microsecond=0)  # receivers refuse what is older than five minutes
    office = settled(LOOPBACK)
    office.watch(f"webhook:{receiver.url}", secret=SECRET)
    return office


def again(office: Office) -> Run:
    """At once, as `tracker digest` does: the receiver's clock does not jump with ours."""
    return Run(deliveries=tuple(deliver(office.app, "office", at_once=True)))


def test_a_digest_is_posted_and_signed(office: Office, receiver: Receiver) -> None:
    office.learn(HOSTILE)
    assert not office.run().failed
    ((id_, body),) = receiver.taken.items()
    assert json.loads(body)["groups"][0]["items"][0]["change"]["name"] == HOSTILE
    assert id_.startswith("office-1-")
    assert "." not in id_
    assert office.receipts() == ["answered 200"]
    assert not office.run(timedelta(days=1)).deliveries


@pytest.mark.parametrize(
    ("status", "headers", "words", "pause"),
    [
        (500, {}, "the receiver answered 500 Internal Server Error", timedelta(minutes=5)),
        (429, {"Retry-After": "3600"}, "left alone for 3600 seconds", timedelta(hours=1)),
        (429, {"Retry-After": "1"}, "left alone for 1 seconds", timedelta(minutes=5)),
        (503, {"Retry-After": "9999999"}, "the receiver answered 503", timedelta(days=1)),
        (404, {}, "the receiver answered 404 Not Found", timedelta(minutes=5)),
    ],
)
def test_what_is_refused_is_tried_again_later(
    office: Office, receiver: Receiver, status: int, headers: dict[str, str], words: str, pause: timedelta
) -> None:
    receiver.answers = [Response(status=status, headers=headers)]
    office.learn()
    assert office.run().failed
    (failed,) = office.failures()
    assert words in failed.error
    assert failed.next_try == office.clock.at + pause
    assert office.run().deliveries == ()
    assert not again(office).failed
    assert len(receiver.ids) == 2
    assert len(set(receiver.ids)) == 1
    assert len(receiver.taken) == 1


def test_no_part_of_the_address_is_in_the_receipts(office: Office, receiver: Receiver) -> None:
    receiver.answers = [Response(status=500), Response(status=302, headers={"Location": "http://10.0.0.1/"})]
    office.learn()
    office.run()
    again(office)
    told = " ".join(one.error for one in office.failures())
    assert "127.0.0.1" not in told
    assert "hook" not in told
    assert "hush" not in told


def test_a_redirect_is_not_followed(office: Office, receiver: Receiver, httpserver: HTTPServer) -> None:
    asked = []
    httpserver.expect_request("/private").respond_with_handler(lambda request: asked.append(request) or Response())  # type: ignore[func-returns-value]
    receiver.answers = [Response(status=307, headers={"Location": httpserver.url_for("/private")})]
    office.learn()
    assert office.run().failed
    assert "redirects, and what is sent is not passed on" in office.failures()[0].error
    assert asked == []


def test_private_addresses_are_refused(settled: Settle, receiver: Receiver) -> None:
    office = settled("")
    office.watch(f"webhook:{receiver.url}", secret=SECRET)
    office.learn()
    assert office.run().failed
    (failed,) = office.failures()
    assert "private network" in failed.error
    assert "allow_private" in failed.error
    assert receiver.ids == []


def test_a_receiver_that_never_answers_is_left(settled: Settle) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        office = settled(LOOPBACK.replace("2s", "0.3s"))
        office.watch(f"webhook:http://127.0.0.1:{silent.getsockname()[1]}/", secret=SECRET)
        office.learn()
        assert office.run().failed
    assert office.failures()[0].error == "the receiver did not answer within 0.3 seconds"


@pytest.mark.parametrize(
    ("target", "secret", "words"),
    [
        ("https://example.org/", None, "needs a secret"),
        ("https://example.org/", "whsec_c2hvcnQ=", "24 to 64 bytes"),
        ("https://example.org/", "whsec_no base64 at all, however long it may be", "24 to 64 bytes"),
        ("ftp://example.org/", SECRET, "http or https URL"),
        ("https://example.org/\r\nX: y", SECRET, "URL"),
        ("https://", SECRET, "http or https URL"),
        ("https://user:word@example.org/", SECRET, "user and password"),
    ],
)
def test_what_cannot_work_is_refused_when_the_watch_is_added(
    settled: Settle, target: str, secret: str | None, words: str
) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        watching.add(settled("").app, WatchOrder(watch="office", channels=(f"webhook:{target}",), secret=secret))
    assert "word@" not in str(caught.value)


def test_secrets_are_kept_apart_never_shown_and_erased(
    tracker: Tracker, settled: Settle, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled("")
    refused = tracker("watch", "add", "office", "--channel", "webhook:https://example.org/hook?key=hush")
    assert refused.exit_code == 2
    assert "TRACKER_WEBHOOK_SECRET" in refused.stderr
    monkeypatch.setenv("TRACKER_WEBHOOK_SECRET", SECRET)
    assert tracker("watch", "add", "office", "--channel", "webhook:https://example.org/hook?key=hush").exit_code == 0
    for command in (("list",), ("list", "--json"), ("show", "office"), ("show", "office", "--json")):
        shown = tracker("watch", *command)
        assert shown.exit_code == 0
        assert SECRET not in shown.output
        assert "hush" not in shown.output
    assert "https://example.org/hook?..." in tracker("watch", "list", "--json").output
    assert SECRET.encode() not in (home / "ledger.db").read_bytes()
    assert tracker("watch", "remove", "office").exit_code == 0
    for path in home.rglob("*"):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes(), path


def test_an_erased_secret_is_told(office: Office) -> None:
    office.learn()
    (channel,) = office.app.ledger.stream("watch/office")[-1].event.channels  # type: ignore[attr-defined]
    office.app.private.erase(secret_of(channel))
    assert [one.error for one in office.run().deliveries] == ["the secret was erased: remove the watch and add it again"]


def test_an_unknown_kind_is_refused_and_the_known_are_named(tracker: Tracker) -> None:
    done = tracker("watch", "add", "office", "--channel", "pigeon:post")
    assert done.exit_code == 2
    for kind in ("email:ADDRESS", "file:DIR", "webhook:URL"):
        assert kind in done.stderr


def test_the_time_of_a_signature_is_the_clocks(settled: Settle, httpserver: HTTPServer, clock: HandClock) -> None:
    stamps = []
    clock.at = datetime(2019, 10, 9, 12, tzinfo=UTC)
    httpserver.expect_request("/").respond_with_handler(
        lambda request: stamps.append(request.headers["webhook-timestamp"]) or Response()  # type: ignore[func-returns-value]
    )
    office = settled(LOOPBACK)
    office.watch(f"webhook:{httpserver.url_for('/')}", secret=SECRET)
    office.learn()
    office.run()
    assert stamps == ["1570622400"]
