"""What can go wrong with a request, in one line each: what, where, and what to do."""

from http import HTTPStatus

import httpx2

from tracker.bodies import BodyError
from tracker.errors import FetchError

PASSING = frozenset({500, 502, 503, 504})
LATER = "nothing to do: it is asked again at the next poll"
_HINTS = {
    401: "the site wants a login: check the address, or ask the publisher for access",
    403: "the site refuses programs: check the address, or ask the publisher for access",
    404: "check the address",
    410: "it was taken away by the publisher",
    429: "nothing to do: it is asked again later; if this goes on, poll less often",
}


class PassingError(FetchError):
    """A fault that often goes away at once: connection refused or reset, answer cut off, 500, 502, 503, 504."""


def shown(url: httpx2.URL | str) -> str:
    """The URL as it may be shown and stored: without user name and password."""
    try:
        found = httpx2.URL(url)
        return str(found.copy_with(username=None, password=None) if found.userinfo else found)
    except httpx2.InvalidURL:
        return str(url)


def brief(url: httpx2.URL | str) -> str:
    """The URL for a line of text: a query that runs on for lines is cut."""
    text = shown(url)
    start, mark, query = text.partition("?")
    return f"{start}{mark}{query[:60]}..." if len(query) > 80 else text


def fault(url: httpx2.URL | str, what: str, hint: str, *, status: int | None = None, body: bytes | None = None) -> FetchError:
    """A FetchError about a URL, `what` being the rest of a sentence that begins with it."""
    return FetchError(f"{brief(url)} {what}", hint, url=shown(url), status=status, body=body)


def refused(url: httpx2.URL, status: int, body: bytes, wait: float | None) -> FetchError:
    """The error for a status that is not an answer; `wait` is the Retry-After in seconds, if any.

    Only 429 and 503 carry it on (RFC 6585, section 4; RFC 9110, section 15.6.4): elsewhere it means other things.
    """
    wait = wait if status in {429, 503} else None
    phrase = next((f" {known.phrase}" for known in HTTPStatus if known == status), "")
    what = f"answered {status}{phrase}" + (f" and asks to be left alone for {wait:g} seconds" if wait is not None else "")
    kind = PassingError if status in PASSING and wait is None else FetchError
    return kind(
        f"{brief(url)} {what}",
        _HINTS.get(status, LATER if status >= 500 else "check the address"),
        url=shown(url),
        status=status,
        body=body or None,
        retry_after=wait,
        transient=status == 429 or status >= 500,
    )


def broken(error: Exception, url: httpx2.URL, body: bytes | None, *, timeout: float, deadline: float | None) -> FetchError:
    """The error for an answer that did not come, or not whole.

    `timeout` is the longest wait allowed, in seconds; `deadline` is the limit that was overrun, if it was.
    """
    what, hint, kind, transient = f"could not be asked: {error}", LATER, FetchError, True
    if isinstance(error, BodyError):
        what, hint, transient = (
            f"sent a body that {error}",
            "look at it in a browser; max_bytes is set under [http]",
            False,
        )
    elif isinstance(error, httpx2.TimeoutException):
        what = f"took longer than {deadline:g} seconds" if deadline else f"did not answer within {timeout:g} seconds"
    elif isinstance(error, httpx2.ProxyError):
        what, hint = f"could not be asked through the proxy: {error}", "check HTTP_PROXY, HTTPS_PROXY and NO_PROXY"
    elif isinstance(error, httpx2.ConnectError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
        what = f"shows a certificate that is not trusted: {error}"
        hint = "for a private certificate authority, set SSL_CERT_FILE"
    elif isinstance(error, httpx2.ConnectError):
        what, kind = f"cannot be reached: {error}", PassingError
        hint = "check the address and the network; it is asked again at the next poll"
    elif isinstance(error, (httpx2.NetworkError, httpx2.RemoteProtocolError)):
        what, kind = f"broke off its answer: {error}", PassingError
    line = " ".join(f"{brief(url)} {what}".split())
    return kind(line, hint, url=shown(url), body=body, transient=transient)
