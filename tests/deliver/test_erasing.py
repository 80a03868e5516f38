"""kill -9 between the record that something ended and the erasure of its addresses: the next run erases them."""

import os
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from events.deliveries import ChannelUnsubscribed
from tests.conftest import HandClock
from tests.deadly import counted
from tests.deliver.conftest import Office, Settle
from tests.web.conftest import PUBLIC
from tracker import watching
from tracker.app import App
from tracker.channels import unsubscribe, wanted
from tracker.config import Config
from tracker.delivery import deliver
from tracker.private import PrivateStore

ADDRESS = "jane.doe@example.org"
MOMENTS = [("end", "before"), ("keep", "before"), ("keep", "after"), ("erase", "before"), ("erase", "after"), ("end", "after")]


@pytest.fixture
def office(settled: Settle, config_directory: Path) -> Office:
    office = settled(f'[serve]\npublic_url = "{PUBLIC}"\n')
    partners = config_directory / "partners.csv"
    partners.write_text("Secret Partner\n", encoding="utf-8")
    watching.add(office.app, watching.WatchOrder(watch="office", channels=(f"email:{ADDRESS}",), names=(partners,)))
    return office


def killed(office: Office, work: Callable[[App], object], step: str, when: str) -> int:
    """Works in a process of its own, which is killed at the first call of a step of the private store; how it ended."""
    home, directory, config, at = office.app.home, office.app.config_directory, office.app.config, office.clock.now()
    office.app.close()  # connections to SQLite do not outlive a fork
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        deadly: Any = counted(step, getattr(PrivateStore, step), Counter(), (step, when, 1))
        setattr(PrivateStore, step, deadly)
        _work(home, directory, config, HandClock(at), work)
    finally:
        os._exit(1)


def _work(home: Path, directory: Path | None, config: Config, clock: HandClock, work: Callable[[App], object]) -> None:
    with App(home, directory, clock) as app:
        app.config = config
        work(app)


def left(office: Office) -> str:
    """All that the private store's files hold, deleted pages too."""
    office.app.close()
    return "".join(path.read_bytes().decode("utf-8", "replace") for path in office.app.home.glob("private.db*"))


@pytest.mark.parametrize(("step", "when"), MOMENTS)
def test_an_address_that_unsubscribed_is_erased_by_the_next_run(office: Office, step: str, when: str) -> None:
    (channel,) = wanted(office.app)
    office.app.private.key("ended")  # made when the first one ends, by a `keep` of its own
    assert killed(office, lambda app: unsubscribe(app, "office", channel), step, when) == -signal.SIGKILL
    assert len([one for one in office.app.receipts.read() if isinstance(one.event, ChannelUnsubscribed)]) == 1
    assert (ADDRESS in left(office)) is ((step, when) in MOMENTS[:4])
    for _ in range(2):
        deliver(office.app)
        assert ADDRESS not in left(office)
        assert office.app.private.has_ended("office", "email", ADDRESS), "it stays out"
    assert "Secret Partner" in left(office), "the watch is there still"
    assert len([one for one in office.app.receipts.read() if isinstance(one.event, ChannelUnsubscribed)]) == 1


@pytest.mark.parametrize("work", ["remove", "change"])
def test_what_a_watch_gave_up_is_erased_by_the_next_run(office: Office, tmp_path: Path, work: str) -> None:
    edits = {"channels": (f"file:{tmp_path}",), "names": ()}
    act = {"remove": lambda app: watching.remove(app, "office"), "change": lambda app: watching.change(app, "office", edits)}
    assert killed(office, act[work], "erase", "before") == -signal.SIGKILL
    assert ADDRESS in left(office)
    deliver(office.app)
    assert ADDRESS not in left(office)
    assert "Secret Partner" not in left(office)
    assert [one.partition(":")[0] for one in office.app.private.references()] == ([] if work == "remove" else ["file"])


def test_what_somebody_is_adding_just_now_is_left_alone(office: Office) -> None:
    office.app.private.keep("email:new-9-1", "new@example.org")
    office.app.private.keep("email:office-999999-1", "newer@example.org")
    deliver(office.app)
    assert office.app.private.get("email:new-9-1")
    assert office.app.private.get("email:office-999999-1")
