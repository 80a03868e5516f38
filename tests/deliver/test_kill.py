"""kill -9 at random moments of runs that digest and deliver: every watcher has every change, exactly once."""

import json
import os
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from events.operations import DeliveryFailed, DeliveryMade
from projections.deliveries import Deliveries, channels_in_trouble, parcels
from tests.conftest import HandClock
from tests.deliver.conftest import SECRET
from tests.deliver.mailing import ADDRESS, AnyPort, Box, box, server, settings
from tracker import watching
from tracker.app import App
from tracker.digest import issued
from tracker.watching import WatchOrder

__all__ = ["box", "server"]  # fixtures
ROOT = Path(__file__).parents[2]
WATCHES = ("one", "two")
SLOW = [pytest.mark.slow, pytest.mark.timeout(900)]


class Hook:
    """A receiver of webhooks: watch -> id -> what came, and how often."""

    def __init__(self) -> None:
        self.taken: dict[str, dict[str, bytes]] = {}
        self.times: Counter[str] = Counter()
        hook = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                hook.times[self.headers["webhook-id"]] += 1
                before = hook.taken.setdefault(self.path, {}).setdefault(self.headers["webhook-id"], body)
                assert before == body  # the same id is the same digest
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Says nothing."""

            def handle(self) -> None:
                with suppress(ConnectionError):  # whoever asked was killed
                    super().handle()

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)


@pytest.fixture
def hook() -> Iterator[Hook]:
    hook = Hook()
    thread = threading.Thread(target=hook.server.serve_forever)
    thread.start()
    yield hook
    hook.server.shutdown()
    hook.server.server_close()
    thread.join()


def names(texts: list[str]) -> list[str]:
    """The firms that digests told of, one a digest that told of it."""
    return sorted(name for text in texts for name in set(re.findall(r"Firm \d{4}", text)))


def rows(view: Deliveries) -> list[object]:
    """All that the view says, caught up."""
    view.catch_up()
    with view.store.reading() as database:
        found = [*parcels(database), *channels_in_trouble(database)]
    view.close()
    return found


@pytest.mark.parametrize(("kills", "seed"), [(12, "few"), *(pytest.param(50, f"many-{n}", marks=SLOW) for n in range(1, 5))])
def test_every_change_comes_exactly_once_whenever_it_is_killed(
    tmp_path: Path, config_directory: Path, clock: HandClock, box: Box, server: AnyPort, hook: Hook, kills: int, seed: str
) -> None:
    home = tmp_path / "home"
    more = settings(server.port) + "\n[http]\nallow_private = true\n"
    (config_directory / "tracker.toml").write_text(more, encoding="utf-8")
    with App(home, config_directory, clock) as app:
        for watch in WATCHES:
            url = f"http://127.0.0.1:{hook.server.server_port}/{watch}"
            channels = (f"file:{tmp_path / watch}", f"webhook:{url}", f"email:{watch}-{ADDRESS}")
            watching.add(app, WatchOrder(watch=watch, channels=channels, secret=SECRET, cadence="immediate"))
    command = [sys.executable, "-m", "tests.killed_delivery", str(home), str(config_directory), str(kills), seed]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=850, env={**os.environ})
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert sum(told["killed"].values()) == kills
    firms = [f"Firm {run:04d}" for run in range(1, told["runs"] + 1)]
    mails = {mail["Message-ID"]: mail for mail in box.mails}
    with App(home, config_directory, clock) as app:
        for watch in WATCHES:
            count = len(issued(app, watch))
            files = [path.read_text(encoding="utf-8") for path in (tmp_path / watch).glob("*.txt")]
            hooked = [body.decode() for body in hook.taken[f"/{watch}"].values()]
            mailed = [mail for mail in mails.values() if mail["To"].startswith(watch)]
            assert len(files) == len(hooked) == len(mailed) == count  # no digest under two ids
            bodies = [mail.get_body(("plain",)).get_content() for mail in mailed]  # type: ignore[union-attr]
            assert names(files) == names(hooked) == names(bodies) == firms
        receipts = [one.event for one in app.receipts.read()]
        made = Counter((one.watch, one.number, one.channel) for one in receipts if isinstance(one, DeliveryMade))
        assert set(made.values()) == {1}
        assert not [one for one in receipts if isinstance(one, DeliveryFailed)]
        assert rows(app.deliveries) == rows(Deliveries(tmp_path / "anew.db", app.ledger, app.receipts))
    if kills >= 50:
        assert len(told["killed"]) > 10  # before and after most steps
        assert max(hook.times.values()) > 1  # sent, not recorded, sent again under the same id
