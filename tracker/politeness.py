"""Manners towards hosts: pauses between requests, robots.txt, and what answers say about coming back."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from protego import Protego

from tracker.clock import Clock
from tracker.errors import FetchError

CRAWL_DELAY_CAP = 10.0
"""Seconds: the longest Crawl-delay that is kept. Some sites ask for hours, which no poll could honour."""

PATIENCE = 10.0
"""Seconds: a Retry-After up to this is waited for before the host's next request; a longer one ends
the source's poll (`tracker.sources.base.Patience`)."""

_ROBOTS_LIMIT = 512 * 1024  # RFC 9309, section 2.5: at least 500 KiB of robots.txt must be read


class Turns:
    """When each host may be asked again: a pause after every request, counted from its end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._next: dict[str, float] = {}

    def pause(self, host: str) -> float:
        """Seconds until the host's turn, 0 when it has come."""
        return max(0.0, self._next.get(host, 0.0) - self._clock.monotonic())

    def wait(self, host: str) -> None:
        """Sleeps until the host's turn."""
        pause = self.pause(host)
        if pause > 0:
            self._clock.sleep(pause)

    def done(self, host: str, gap: float) -> None:
        """A request to the host is over: leave it alone for `gap` seconds, or longer if already so."""
        self._next[host] = max(self._next.get(host, 0.0), self._clock.monotonic() + gap)


class Robots:
    """robots.txt of each origin (RFC 9309), read once a run.

    `fetch` gives its text, an empty one where there is none, or raises FetchError when it cannot be
    told; such a failure is not kept, so the next request asks again.
    """

    def __init__(self, product: str, fetch: Callable[[str], str]) -> None:
        self._product = product.partition("/")[0].strip().lower()
        self._fetch = fetch
        self._rules: dict[str, Protego] = {}

    def check(self, url: str, origin: str) -> float:
        """The Crawl-delay for the origin, in seconds; raises FetchError where robots.txt forbids the URL."""
        if origin not in self._rules:
            self._rules[origin] = Protego.parse(self._fetch(f"{origin}/robots.txt")[:_ROBOTS_LIMIT])
        rules = self._rules[origin]
        if not rules.can_fetch(url, self._product):
            raise FetchError(
                f"{url}: robots.txt of {origin} asks programs not to fetch this",
                "ask the publisher for permission, then set obey_robots = false under [http] in tracker.toml",
                url=url,
            )
        return min(rules.crawl_delay(self._product) or 0.0, CRAWL_DELAY_CAP)


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds of a Retry-After header, given as a number or as a date (RFC 9110, section 10.2.3).

    `now` is what a date is measured from: the answer's own Date, so that the two clocks need not agree.
    Never negative; None when the header is missing or makes no sense.
    """
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    date = http_date(text)
    return None if date is None else max(0.0, (date - now).total_seconds())


def fresh_for(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds for which the answer says it stays as it is (RFC 9111, section 4.2.1).

    Cache-Control `max-age` comes before Expires; Age is taken off; `no-cache` and `no-store` are 0.
    None when the answer does not say. `headers` have lower-case names; `now` stands in for a missing Date.
    """
    directives = [part.strip().lower() for part in headers.get("cache-control", "").split(",")]
    if "no-cache" in directives or "no-store" in directives:
        return 0.0
    age = headers.get("age", "0").strip()
    for directive in directives:
        name, _, value = directive.partition("=")
        seconds = value.strip(' "')
        if name == "max-age" and seconds.isascii() and seconds.isdigit():
            return max(0.0, float(seconds) - (float(age) if age.isascii() and age.isdigit() else 0.0))
    if "expires" not in headers:
        return None
    expires = http_date(headers["expires"])
    if expires is None:
        return 0.0  # RFC 9111, section 5.3: an invalid date, "0" above all, means already over
    return max(0.0, (expires - (http_date(headers.get("date", "")) or now)).total_seconds())


def http_date(text: str) -> datetime | None:
    """A date of an HTTP header (RFC 9110, section 5.6.7), aware; None when it is not one."""
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
