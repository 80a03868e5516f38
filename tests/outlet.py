"""An outlet that a test makes ill: a feed at a real server, and an app that polls it by a clock that the test moves."""

from datetime import timedelta
from pathlib import Path

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.builders import NOW
from tests.conftest import HandClock
from tests.quality.source_health import told
from tracker.app import App
from tracker.poll import Outcome, chosen, poll


class Outlet:
    """A feed whose entries carry their own text, so that no page is asked for; the test says what it answers."""

    def __init__(self, server: HTTPServer, app: App, clock: HandClock, config: Path) -> None:
        self.app, self.clock, self.config, self.url = app, clock, config, server.url_for("/feed")
        self.published = [NOW - timedelta(hours=6) * number for number in range(20)]
        self.shown, self.dated = 20, True
        self.answer: Response | None = None
        server.expect_request("/feed").respond_with_handler(self.respond)
        server.expect_request("/articles").respond_with_data("", status=404)
        self.write()

    def write(self, **settings: str) -> None:
        """Writes the settings of the source."""
        http = "[http]\nallow_private = true\nobey_robots = false\nper_host_gap = 0\nretries = 0\n"
        (self.config / "tracker.toml").write_text(http)
        keys = "".join(f"{name} = {value}\n" for name, value in settings.items())
        (self.config / "sources.toml").write_text(
            f'[[source]]\nid = "courier"\nkind = "feed"\nurl = "{self.url}"\nlanguage = "en"\nrecheck = "90d"\n{keys}'
        )
        self.app.__dict__.pop("config", None)

    def respond(self, _: Request) -> Response:
        """The feed as it is now."""
        if self.answer is not None:
            return self.answer
        entries = "".join(self._entry(number) for number in range(len(self.published))[: self.shown])
        body = f'<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>{entries}</channel></rss>'
        return Response(body, content_type="application/rss+xml")

    def _entry(self, number: int) -> str:
        when = self.published[number]
        date = f"<pubDate>{when:%a, %d %b %Y %H:%M:%S} +0000</pubDate>" if self.dated else ""
        link = f"{self.url.replace('feed', 'articles')}?at={when.timestamp():.0f}"
        return f"<item><title>Notes</title><link>{link}</link>{date}<content:encoded>Some notes.</content:encoded></item>"

    def publish(self) -> None:
        """A new entry, now."""
        self.published.insert(0, self.clock.at)

    def poll_after(self, wait: timedelta = timedelta()) -> Outcome:
        """Polls, some time later."""
        self.clock.at += wait
        (outcome,) = poll(self.app, chosen(self.app, (), due=False))
        return outcome

    def live(self, days: int) -> None:
        """So many days of an entry each six hours, and a poll after each."""
        for _ in range(4 * days):
            self.clock.at += timedelta(hours=6)
            self.publish()
            self.poll_after()

    def told(self) -> list[str]:
        """What was told of it, in order."""
        return told(self.app.ledger.read()).get("courier", [])


def unavailable() -> Response:
    """What a server answers that is down."""
    return Response("", 503)
