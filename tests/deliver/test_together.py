"""Two processes that deliver at once, to a receiver that takes its time: nothing is sent twice, and nothing is lost."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from events.operations import DeliveryMade
from tests.builders import NOW
from tests.deliver.conftest import SECRET, Settle
from tracker import digest, watching
from tracker.locks import one_at_a_time
from tracker.watching import WatchOrder

ROOT = Path(__file__).parents[2]
DELIVER = """
import sys
from datetime import datetime
from pathlib import Path
from tracker.app import App
from tracker.clock import FixedClock
from tracker.delivery import deliver

home, config, now = sys.argv[1:]
with App(Path(home), Path(config), FixedClock(datetime.fromisoformat(now))) as app:
    print("ready", flush=True)
    sys.stdin.readline()
    print([one.error for one in deliver(app)])
"""


def test_nothing_is_sent_twice(settled: Settle, httpserver: HTTPServer, home: Path, config_directory: Path) -> None:
    times: Counter[str] = Counter()

    def answer(request: Request) -> Response:
        times[request.headers["webhook-id"]] += 1
        time.sleep(0.1)  # noqa: TID251  long enough for the other process to come by
        return Response()

    httpserver.expect_request("/").respond_with_handler(answer)
    office = settled("[http]\nallow_private = true\n")
    for n in range(6):
        order = WatchOrder(watch=f"watch-{n}", channels=(f"webhook:{httpserver.url_for('/')}",), secret=SECRET)
        watching.add(office.app, order)
    office.learn()
    office.app.views.catch_up()
    assert len(list(digest.issue_due(office.app))) == 6
    command = [sys.executable, "-c", DELIVER, str(home), str(config_directory), NOW.isoformat()]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT, "env": {**os.environ}}
    running = [subprocess.Popen(command, **pipes) for _ in range(2)]  # type: ignore[call-overload]
    assert [one.stdout.readline() for one in running] == ["ready\n"] * 2
    for one in running:
        one.stdin.write("go\n")
        one.stdin.flush()
    said = [one.communicate(timeout=60)[0] for one in running]
    assert sum(text.count("None") for text in said) == 6, said
    assert sorted(times.values()) == [1] * 6
    made = [one.event for one in office.app.receipts.read() if isinstance(one.event, DeliveryMade)]
    assert sorted(one.watch for one in made) == [f"watch-{n}" for n in range(6)]


KILLED = """
import os, signal, sys
from pathlib import Path
from tracker.locks import one_at_a_time

with one_at_a_time(Path(sys.argv[1]), "x"):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_that_was_killed_holds_up_nobody(settled: Settle) -> None:
    home = settled("").app.home
    done = subprocess.run([sys.executable, "-c", KILLED, str(home)], cwd=ROOT, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    with one_at_a_time(home, "x"):
        pass
