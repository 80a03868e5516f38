"""The tracker as processes, on sources that a test holds up."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tracker.clock import SystemClock

FEED = (
    '<rss version="2.0"><channel><title>Courier</title><item><title>One</title><link>{base}article</link>'
    "<pubDate>Wed, 09 Oct 2019 08:30:00 GMT</pubDate></item></channel></rss>"
)
ARTICLE = "<!DOCTYPE html><title>One</title><article><p>MIT reviews its relations with Huawei, it said.</p></article>"


class HeldSources:
    """Feeds `one`, `two` ... at a server; the first does not answer before the test says so."""

    def __init__(self, server: HTTPServer, config: Path, count: int = 2) -> None:
        self.asked = threading.Event()
        self.go_on = threading.Event()
        names = ("one", "two", "three")[:count]
        base = server.url_for("/")
        feed = FEED.format(base=base)
        server.expect_request("/one").respond_with_handler(self._held(feed))
        for name in names[1:]:
            server.expect_request(f"/{name}").respond_with_data(feed, content_type="application/rss+xml")
        server.expect_request("/article").respond_with_data(ARTICLE, content_type="text/html")
        config.mkdir(exist_ok=True)
        table = '[[source]]\nid = "{0}"\nkind = "feed"\nurl = "{1}{0}"\nlanguage = "en"\n'
        (config / "sources.toml").write_text("".join(table.format(name, base) for name in names))
        http = '[http]\nallow_private = true\nobey_robots = false\nper_host_gap = "0s"\nretries = 0\ntimeout = "20s"\n'
        (config / "tracker.toml").write_text(http + '[schedule]\npoll_every = "1s"\n')

    def _held(self, feed: str) -> Callable[[Request], Response]:
        def respond(_: Request) -> Response:
            self.asked.set()
            self.go_on.wait(30)
            return Response(feed, content_type="application/rss+xml")

        return respond


def start(home: Path, config: Path, *command: str) -> subprocess.Popen[str]:
    """Starts a command as a process of its own."""
    line = [sys.executable, "-m", "tracker.cli", "--home", str(home), "--config", str(config), *command]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Waits until something is so; fails when it is not in time."""
    clock = SystemClock()
    end = clock.monotonic() + seconds
    while not condition():
        assert clock.monotonic() < end, "it did not come to pass in time"
        clock.sleep(0.05)
