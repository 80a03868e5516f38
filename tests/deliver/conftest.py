"""What the tests of channels share: a home with one watch, news that means harm, and what became of it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from events.operations import DeliveryFailed, DeliveryMade
from tests.builders import added
from tests.conftest import HandClock
from tests.test_digest import RULE, learn
from tracker import watching
from tracker.app import App
from tracker.daily import Run, daily
from tracker.watching import WatchOrder

HOSTILE = (
    "Acme\r\nBCC: eve@example.org\r\n\r\n<script>alert(1)</script>]]> `x` [a](javascript:b) ![i](http://c) |\n# H\n"
    "END:VCALENDAR\u202eevil\u200f\x1b[31m\x00,;\\n &amp; " + "long" * 2500
)
"""A name that tries to break headers, HTML, XML, Markdown, calendars and terminals, and 10,000 characters of it."""

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Office:
    """A home where one watch, `office`, has one channel."""

    def __init__(self, app: App, clock: HandClock) -> None:
        self.app = app
        self.clock = clock

    def watch(self, channel: str, **more: str) -> None:
        watching.add(self.app, WatchOrder(watch="office", channels=(channel,), **more))  # type: ignore[arg-type]

    def learn(self, name: str = "Acme", stream: str = RULE, effective: str = "2019-10-09") -> None:
        learn(self.app, stream, added(name, effective))

    def run(self, after: timedelta = timedelta(0)) -> Run:
        self.clock.at += after
        return daily(self.app)

    def failures(self) -> list[DeliveryFailed]:
        return [one.event for one in self.app.receipts.read() if isinstance(one.event, DeliveryFailed)]

    def receipts(self) -> list[str]:
        return [one.event.receipt for one in self.app.receipts.read() if isinstance(one.event, DeliveryMade)]


Settle = Callable[[str], Office]


@pytest.fixture
def settled(app: App, clock: HandClock, config_directory: Path) -> Settle:
    """Gives the office, with such a `tracker.toml`."""

    def make(settings: str) -> Office:
        (config_directory / "tracker.toml").write_text(settings, encoding="utf-8")
        return Office(app, clock)

    return make
