"""One loopback server for the whole demo world; nothing shows before its time on the virtual clock."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit

from tracker.demo import content, inspection, press, register
from tracker.demo.press import Sheet

ROBOTS = "User-agent: *\nDisallow: /subscribers/\n"


class DemoWorld:
    """The demo world at a time.

    Set `now` to move the clock, in either direction: answers depend on it alone. A world starts
    empty; `moments()` tells when anything new appears.
    """

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now or content.before_the_story()

    @property
    def now(self) -> datetime:
        """The virtual time, in UTC."""
        return self._now

    @now.setter
    def now(self, time: datetime) -> None:
        if time.tzinfo is None:
            raise ValueError("the demo world needs a time with an offset")
        self._now = time.astimezone(UTC)

    def moments(self) -> tuple[datetime, ...]:
        """The times at which something new appears, in order, in UTC."""
        return content.moments()

    def show(self, path: str, query: register.Query, base: str) -> Sheet | None:
        """What a path shows now, or None where there is nothing (yet)."""
        if path == "/robots.txt":
            return Sheet(ROBOTS.encode(), "text/plain; charset=utf-8")
        if path.startswith("/news/"):
            return press.show(path, self.now, base)
        return inspection.show(path, self.now, base) or register.show(path, query, self.now, base)

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[str]:
        """Serves the world on 127.0.0.1 and gives the base URL; port 0 takes any free one."""
        handler = type("DemoRequest", (DemoRequest,), {"world": self})
        with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
            server.daemon_threads = True
            thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            thread.start()
            try:
                yield f"http://127.0.0.1:{server.server_address[1]}"
            finally:
                server.shutdown()
                thread.join()


class DemoRequest(BaseHTTPRequestHandler):
    """Answers one connection from the world."""

    world: ClassVar[DemoWorld]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 10

    def do_GET(self) -> None:
        """Answers GET, with 304 where the client has the latest."""
        host, port = self.connection.getsockname()[:2]
        parts = urlsplit(self.path)
        query = parse_qsl(parts.query, keep_blank_values=True)
        try:
            sheet = self.world.show(parts.path, query, f"http://{host}:{port}")
        except ValueError as error:
            body = json.dumps({"errors": [str(error)]}).encode()
            self._answer(HTTPStatus.BAD_REQUEST, Sheet(body, "application/json; charset=utf-8"))
            return
        if sheet is None:
            missing = Sheet(b"Not found\n", "text/plain; charset=utf-8")
            self._answer(HTTPStatus.NOT_FOUND, missing)
        else:
            self._answer(HTTPStatus.OK, sheet)

    def do_HEAD(self) -> None:
        """Answers HEAD as GET without a body."""
        self.do_GET()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base class names it so
        """Says nothing: the demo's own words are what people read."""

    def _answer(self, status: HTTPStatus, sheet: Sheet) -> None:
        tag = f'"{hashlib.sha256(sheet.body).hexdigest()[:32]}"'
        found = status == HTTPStatus.OK
        if found and self._client_has(tag, sheet.changed):
            status = HTTPStatus.NOT_MODIFIED
        self.send_response_only(status)
        self.send_header("Date", _http_date(self.world.now))
        if found:
            self.send_header("ETag", tag)
            self.send_header("Cache-Control", "public, max-age=300")
            if sheet.changed:
                self.send_header("Last-Modified", _http_date(sheet.changed))
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", sheet.media_type)
            self.send_header("Content-Length", str(len(sheet.body)))
        self.end_headers()
        if status != HTTPStatus.NOT_MODIFIED and self.command != "HEAD":
            self.wfile.write(sheet.body)

    def _client_has(self, tag: str, changed: datetime | None) -> bool:
        """Whether the validators of the request match; the tag decides where there is one."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return tag in [one.strip().removeprefix("W/") for one in tags.split(",")]
        since = self.headers.get("If-Modified-Since")
        if since is None or changed is None:
            return False
        try:
            return changed.replace(microsecond=0) <= parsedate_to_datetime(since)
        except ValueError:
            return False


def _http_date(time: datetime) -> str:
    return format_datetime(time.astimezone(UTC), usegmt=True)
