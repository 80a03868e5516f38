"""The polite HTTP client: the only way the tracker asks for anything.

    client.get(url)
      -> for each hop: scheme and host allowed? robots.txt? the host's turn?
      -> request with the validators of that URL, retried while a fault may pass
      -> Answer, or FetchError with one line that says what, where and what to do

Nothing is read from or written to disk. The caller keeps `Answer.validators`, and only once what was
answered is recorded, so that a crash in between asks for it again.
Proxies and private certificate authorities come from the environment, as httpx2 reads it (HTTP_PROXY,
HTTPS_PROXY, ALL_PROXY, NO_PROXY, SSL_CERT_FILE, SSL_CERT_DIR).
"""

import logging
import re
from collections.abc import Iterator, Mapping
from typing import Self

import httpx2
import msgspec
import stamina

from tracker import network
from tracker.answers import Answer, NoValidators, UrlValidators, Validators, content_type
from tracker.bodies import BodyError, read_body
from tracker.clock import Clock
from tracker.errors import FetchError, OutOfTimeError
from tracker.http_faults import LATER, PassingError, brief, broken, fault, refused, shown
from tracker.politeness import PATIENCE, Robots, Turns, fresh_for, http_date, retry_after

__all__ = ["Answer", "HttpSettings", "NoValidators", "PoliteClient", "UrlValidators", "Validators", "content_type"]

# stamina logs every retry; without a handler of ours Python would print that bare on stderr.
logging.getLogger("stamina").addHandler(logging.NullHandler())

MAX_REDIRECTS = 5
_HOST = re.compile(rb"[A-Za-z0-9._:-]+")  # after IDNA, and without the brackets of IPv6
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_KEPT_HEADERS = frozenset(
    {"age", "cache-control", "content-language", "content-length", "content-type", "date", "etag", "expires"}
    | {"last-modified", "link", "location"}
)


class HttpSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the tracker behaves towards hosts; all durations are seconds.

    `contact` is an address or a page where operators of sites can reach whoever runs this; an e-mail
    address is also sent as From (RFC 9110, section 10.1.2). `timeout` is for connecting and for each
    wait for bytes, `deadline` for one request altogether, `max_bytes` is counted after decoding,
    `retries` is how often a passing fault is tried again.
    """

    user_agent: str = "regulatory-tracker/0.1"
    contact: str = ""
    allow_private: bool = False
    per_host_gap: float = 1.0
    timeout: float = 30.0
    deadline: float = 120.0
    max_bytes: int = 64 * 1024 * 1024
    retries: int = 3
    obey_robots: bool = True

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[\x20-\x7e]+", self.user_agent + self.contact):
            raise ValueError("user_agent and contact go into a header: plain ASCII on one line")
        if min(self.per_host_gap, self.retries) < 0 or min(self.timeout, self.deadline, self.max_bytes) <= 0:
            raise ValueError("per_host_gap and retries are 0 or more; timeout, deadline and max_bytes are more than 0")


class PoliteClient:
    """Fetches URLs one at a time, politely. Not for several threads; several processes are fine."""

    def __init__(
        self, settings: HttpSettings, clock: Clock, validators: Validators, resolve: network.Resolve = network.resolve
    ) -> None:
        self.settings = settings
        self._clock = clock
        self._validators = validators
        self._deadline = network.Deadline(clock)
        self._turns = Turns(clock)
        self._robots = Robots(settings.user_agent, self._robots_text)
        backend = network.CheckedBackend(self._deadline, allow_private=settings.allow_private, resolve=resolve)
        self._client = network.CheckedClient(backend, headers=_own_headers(settings), timeout=settings.timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections that were kept open."""
        self._client.close()

    def allow(self, seconds: float) -> None:
        """All that is asked from now on must be over within so many seconds; raises OutOfTimeError where it is not."""
        self._deadline.start_whole(seconds)

    def hurry(self, seconds: float) -> None:
        """What is in hand may take so many seconds more at most. May be called from a signal's handler."""
        self._deadline.shorten_whole(seconds)

    def check_time(self, needed: float = 0.0) -> None:
        """Raises OutOfTimeError when no time is left for the work in hand, or less than is needed."""
        if self._deadline.whole_left() <= needed:
            raise OutOfTimeError("took longer than it may", "what came before is kept; the rest follows at the next poll")

    def get(self, url: str, *, conditional: bool = True, expect: str = "*/*", max_bytes: int = 0) -> Answer:
        """Fetches a URL, following up to five redirects; raises FetchError for whatever is not an answer.

        With `conditional`, the validators held for a URL are sent and the answer may be `not_modified`
        (RFC 9110, section 13); leave it off when the version they stand for is not at hand. `expect` is
        the Accept header; what comes may be of another type all the same, since servers mislabel.
        `max_bytes` allows a body larger than the settings do, where a source is known to be large.
        """
        most = max(max_bytes, self.settings.max_bytes)
        return self._follow(url, conditional=conditional, expect=expect, robots=self.settings.obey_robots, most=most)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Sends bytes, once, to an address that asked for them, and gives the status (2xx).

        Raises FetchError for any other answer, and for none. What is sent is never passed on to where a
        redirect points, nothing of the answer is read, and robots.txt is not for what its owner ordered.
        """
        here = self._allowed(url)
        self._client.cookies.clear()
        self._deadline.start(self.settings.deadline)
        try:
            with self._client.stream("POST", here, content=body, headers=dict(headers)) as response:
                status, answered = response.status_code, dict(response.headers.items())
        except (httpx2.HTTPError, UnicodeError) as error:
            overrun = self.settings.deadline if self._deadline.left() <= 0 else None
            raise broken(error, here, None, timeout=self.settings.timeout, deadline=overrun) from error
        if status in _REDIRECTS:
            raise fault(here, "redirects, and what is sent is not passed on", "give the address it redirects to", status=status)
        if not 200 <= status < 300:
            now = http_date(answered.get("date", "")) or self._clock.now()
            raise refused(here, status, b"", retry_after(answered.get("retry-after"), now))
        return status

    def _follow(self, url: str, *, conditional: bool, expect: str, robots: bool, most: int) -> Answer:
        here = self._allowed(url)
        requested, seen = shown(here), [str(here)]
        moved_to, permanent = None, True
        while True:
            delay = self._robots.check(shown(here), _origin(here)) if robots else 0.0
            answer = self._tried(here, conditional, expect, delay, most)
            if answer.status not in _REDIRECTS:
                return msgspec.structs.replace(answer, requested_url=requested, moved_to=moved_to)
            here = self._next_hop(answer, here, requested)
            permanent = permanent and answer.status in _PERMANENT
            moved_to = shown(here) if permanent else moved_to
            if str(here) in seen or len(seen) > MAX_REDIRECTS:
                what = "in a circle" if str(here) in seen else f"more than {MAX_REDIRECTS} times"
                raise fault(requested, f"redirects {what}, at last to {brief(here)}", LATER, status=answer.status)
            seen.append(str(here))

    def _next_hop(self, answer: Answer, here: httpx2.URL, requested: str) -> httpx2.URL:
        target = answer.headers.get("location", "").strip()
        if not target:
            raise fault(requested, "redirects without saying where to", LATER, status=answer.status)
        try:
            return self._allowed(here.join(target))
        except httpx2.InvalidURL as error:
            raise fault(requested, f"redirects to what is not a URL ({error})", LATER, status=answer.status) from None
        except FetchError as error:
            raise FetchError(f"{requested} redirects: {error}", error.hint, url=requested, status=answer.status) from None

    def _allowed(self, url: httpx2.URL | str) -> httpx2.URL:
        """The URL to ask, without its fragment; raises FetchError for what is never asked."""
        try:
            found = httpx2.URL(url).copy_with(fragment=None)
        except httpx2.InvalidURL as error:
            raise fault(str(url), f"is not a URL: {error}", "check the address") from None
        if found.scheme not in {"http", "https"} or not _HOST.fullmatch(found.raw_host):
            raise fault(found, "is not an http or https URL, and nothing else is asked", "check the address")
        if not self.settings.allow_private:
            network.refuse_private_host(found.host, shown(found))
        return found

    def _tried(self, url: httpx2.URL, conditional: bool, expect: str, delay: float, most: int) -> Answer:
        """One hop, tried again while the fault may pass."""
        host, gap = _origin(url), max(self.settings.per_host_gap, delay)
        for attempt in stamina.retry_context(
            on=PassingError,
            attempts=self.settings.retries + 1,
            timeout=None,
            wait_initial=0.2,
            wait_max=2.0,
            wait_jitter=0.2,
        ):
            with attempt:
                self.check_time(self._turns.pause(host))
                self._turns.wait(host)
                try:
                    return self._once(url, conditional, expect, most)
                except FetchError as error:
                    if error.retry_after is not None and error.retry_after <= PATIENCE:
                        self._turns.done(host, error.retry_after)
                    raise
                finally:
                    self._turns.done(host, gap)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _once(self, url: httpx2.URL, conditional: bool, expect: str, most: int) -> Answer:
        """One request and its whole answer."""
        held = (self._validators.get(shown(url)) if conditional else None) or (None, None)
        headers = {"Accept": expect, "If-None-Match": held[0], "If-Modified-Since": held[1]}
        self._client.cookies.clear()  # an answer must not depend on what was asked before
        self._deadline.start(self.settings.deadline)
        body = bytearray()
        try:
            with self._client.stream("GET", url, headers={k: v for k, v in headers.items() if v}) as response:
                if response.status_code not in _REDIRECTS | {304}:  # of a redirect only the headers matter
                    coding = response.headers.get("content-encoding", "").strip().lower()
                    read_body(self._in_time(response), coding, most, body)
        except (httpx2.HTTPError, BodyError, UnicodeError) as error:
            self.check_time()
            overrun = self.settings.deadline if self._deadline.left() <= 0 else None
            raise broken(error, url, bytes(body) or None, timeout=self.settings.timeout, deadline=overrun) from error
        return self._judged(url, response.status_code, dict(response.headers.items()), bytes(body), held)

    def _in_time(self, response: httpx2.Response) -> Iterator[bytes]:
        for chunk in response.iter_raw():
            if self._deadline.left() <= 0:  # connections through a proxy do not know the deadline
                raise httpx2.ReadTimeout("the deadline is over")
            yield chunk

    def _judged(
        self, url: httpx2.URL, status: int, headers: Mapping[str, str], body: bytes, held: tuple[str | None, str | None]
    ) -> Answer:
        """The answer, where the status is one that was asked for; else raises the fault."""
        now = self._clock.now()
        if status == 304 and held == (None, None):
            raise fault(url, "answered 304 Not Modified though no version was named", LATER, status=304)
        if status not in _REDIRECTS | {200, 203, 304}:
            wait = retry_after(headers.get("retry-after"), http_date(headers.get("date", "")) or now)
            raise refused(url, status, body, wait)
        media_type, charset = content_type(headers.get("content-type", ""))
        before = held if status == 304 else (None, None)
        validators = UrlValidators(
            url=shown(url), etag=headers.get("etag", before[0]), last_modified=headers.get("last-modified", before[1])
        )
        return Answer(
            url=shown(url),
            requested_url=shown(url),
            status=status,
            headers={name: value for name, value in headers.items() if name in _KEPT_HEADERS},
            media_type=media_type,
            charset=charset,
            body=body,
            fetched_at=now,
            not_modified=status == 304,
            fresh_for=fresh_for(headers, now),
            moved_to=None,
            validators=validators,
        )

    def _robots_text(self, url: str) -> str:
        """robots.txt as text, empty where the host has none; raises FetchError when that cannot be told.

        4xx and endless redirects mean none, an unreachable host or 5xx mean that nothing is fetched
        (RFC 9309, section 2.3.1). 429 is taken for the latter: it asks for quiet.
        """
        try:
            most = self.settings.max_bytes
            answer = self._follow(url, conditional=False, expect="text/plain, */*;q=0.1", robots=False, most=most)
        except FetchError as error:
            if error.status is not None and 300 <= error.status < 500 and error.status not in {304, 429}:
                return ""
            if error.status is None:
                raise
            raise FetchError(
                f"robots.txt cannot be had, so nothing is fetched from that host: {error}",
                error.hint,
                url=url,
                retry_after=error.retry_after,
                status=error.status,
                body=error.body,
                transient=error.transient,
            ) from error
        return answer.body.decode("utf-8", "replace")


def _own_headers(settings: HttpSettings) -> dict[str, str]:
    contact = settings.contact
    headers = {
        "User-Agent": f"{settings.user_agent} (+{contact})" if contact else settings.user_agent,
        "Accept-Encoding": "gzip",
    }
    return headers | ({"From": contact} if re.fullmatch(r"[^\s@:/]+@[^\s@:/]+", contact) else {})


def _origin(url: httpx2.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"
