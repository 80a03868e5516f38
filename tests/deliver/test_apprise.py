"""Apprise, to a real receiver on loopback by its own `json://` and `form://` services."""

import importlib.util
import json
import socket
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.conftest import Tracker
from tests.deliver.conftest import HOSTILE, Office, Settle
from tracker import watching
from tracker.delivery import deliver
from tracker.errors import UsageError
from tracker.watching import WatchOrder

LOOPBACK = "[http]\nallow_private = true\n"
pytest.importorskip("apprise", reason="the extra `apprise` is not installed")


class Service:
    """Keeps what it is sent, and answers as told."""

    def __init__(self, server: HTTPServer) -> None:
        self.statuses: list[int] = []
        self.taken: list[Request] = []
        self.host = f"{server.host}:{server.port}"
        server.expect_request("/token").respond_with_handler(self.answer)

    def answer(self, request: Request) -> Response:
        request.get_data()
        self.taken.append(request)
        return Response(status=self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
def service(httpserver: HTTPServer) -> Service:
    return Service(httpserver)


def settled_office(settled: Settle, target: str, more: str = LOOPBACK) -> Office:
    office = settled(more)
    office.watch(f"apprise:{target}")
    office.learn(HOSTILE[:500])
    return office


def test_a_service_takes_title_and_text(settled: Settle, service: Service) -> None:
    office = settled_office(settled, f"json://{service.host}/token")
    assert not office.run().failed
    (request,) = service.taken
    told = json.loads(request.data)
    assert told["title"] == "office: 1 change to 2019-10-09 (digest 1)"
    assert "Acme BCC: eve@example.org" in told["message"]
    assert "Id: office-1-" in told["message"]
    assert not {"\x00", "\x1b", "\u202e"} & set(told["message"])
    assert office.receipts() == ["taken by JSON"]


def test_a_form_takes_it_too(settled: Settle, service: Service) -> None:
    office = settled_office(settled, f"form://{service.host}/token")
    assert not office.run().failed
    assert "Added to a list" in service.taken[0].form["message"]


def test_what_is_refused_is_tried_again_with_the_same_id(settled: Settle, service: Service) -> None:
    service.statuses = [500]
    office = settled_office(settled, f"json://{service.host}/token")
    assert office.run().failed
    (failed,) = office.failures()
    assert failed.next_try is not None
    assert "token" not in failed.error
    assert service.host not in failed.error
    assert [one.error for one in deliver(office.app, at_once=True)] == [None]
    first, second = (json.loads(one.data)["message"] for one in service.taken)
    assert first == second


def test_private_addresses_are_refused(settled: Settle, service: Service) -> None:
    office = settled_office(settled, f"json://{service.host}/token", more="")
    assert office.run().failed
    assert "allow_private" in office.failures()[0].error
    assert service.taken == []


def test_one_that_nobody_answers_is_left(settled: Settle) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        target = f"json://127.0.0.1:{silent.getsockname()[1]}/token?cto=0.3&rto=0.3"
        assert settled_office(settled, target).run().failed


@pytest.mark.parametrize("target", ["nonsense://x", "hello", "https://"])
def test_what_apprise_does_not_know_is_refused_when_the_watch_is_added(settled: Settle, target: str) -> None:
    with pytest.raises(UsageError, match="Apprise cannot use"):
        watching.add(settled("").app, WatchOrder(watch="office", channels=(f"apprise:{target}",)))


def test_without_the_extra_it_is_told_what_to_install(settled: Settle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.deliver.apprise.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'regulatory-change-tracker\[apprise\]'"):
        watching.add(settled("").app, WatchOrder(watch="office", channels=("apprise:json://example.org",)))
    assert importlib.util.find_spec("apprise")


def test_tokens_are_never_shown(tracker: Tracker, settled: Settle, home: Path) -> None:
    settled("")
    assert tracker("watch", "add", "office", "--channel", "apprise:json://user:hush@example.org/token").exit_code == 0
    for command in (("watch", "list", "--json"), ("watch", "show", "office"), ("deliveries", "--json")):
        assert "hush" not in tracker(*command).output
    assert "json://..." in tracker("watch", "list").output
    assert b"hush" not in (home / "ledger.db").read_bytes()
