"""The WSGI application: a path to a page, and what every answer carries.

Each request opens the home anew and closes it: connections to SQLite belong to one thread, and a rebuild of the
views is seen at once. Settings are read once.
"""

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException, ServiceUnavailable
from werkzeug.routing import Map, Rule

from tracker import publish
from tracker.app import App
from tracker.errors import TrackerError
from tracker.web import publishing, subscribing
from tracker.web.pages import index, page, policy

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MOST_BYTES: Final = 8 * 1024
"""Of the body of a request: a click has forty."""
_KINDS: Final = "any(institution, party, list)"
_FILES: Final = 'any("feed.atom", "calendar.ics")'
_ROUTES: Final = Map(
    [
        Rule("/", endpoint="index", methods=["GET"]),
        Rule("/unsubscribe/<channel>/<code>", endpoint="unsubscribe", methods=["GET", "POST"]),
        Rule("/confirm/<channel>/<int(max=99999999999):until>/<code>", endpoint="confirm", methods=["GET", "POST"]),
        Rule(f"/watch/<watch>/<code>/<{_FILES}:what>", endpoint="watch", methods=["GET"]),
        Rule(f"/<{_KINDS}:kind>/<id>/<{_FILES}:what>", endpoint="about", methods=["GET"]),
    ],
    strict_slashes=True,
    merge_slashes=False,
)
_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}

log = logging.getLogger(__name__)


class SmallRequest(Request):
    """A request whose body is small, or refused."""

    max_content_length = MOST_BYTES
    max_form_memory_size = MOST_BYTES
    max_form_parts = 8


class Application:
    """What is served. `open_app` opens a home for one request."""

    def __init__(self, open_app: Callable[[], App]) -> None:
        self._open = open_app
        self._shelf = publishing.Shelf()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answers one request, whatever it is."""
        request = SmallRequest(environ)
        response = self._answer(request)
        response.headers.extend({**_ALWAYS, "Content-Security-Policy": policy()})
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        try:
            return self._routed(request)
        except HTTPException as error:
            return _told(error)
        except TrackerError as error:
            log.warning("%s: %s", request.path, error)
            return _told(ServiceUnavailable("Try again later.", retry_after=60))
        except Exception:
            log.exception("%s: a fault of ours", request.method)
            return page("Something went wrong", "It is our fault, and on record.", status=500)

    def _routed(self, request: Request) -> Response:
        endpoint, values = _ROUTES.bind_to_environ(request.environ).match()
        with self._open() as app:
            if endpoint == "unsubscribe":
                return subscribing.unsubscribe(app, request, **values)
            if endpoint == "confirm":
                return subscribing.confirm(app, request, **values)
            if endpoint == "index":
                return index(publish.spoken_of(app))
            more: dict[str, Any] = {**values, "base": app.config.settings.serve.base or request.host_url.rstrip("/")}
            answer = publishing.of_watch if endpoint == "watch" else publishing.about
            return answer(app, request, self._shelf, **more)


def _told(error: HTTPException) -> Response:
    code = error.code or 500
    response = page(error.name, _WORDS.get(code, error.description or ""), status=code)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After", "Location"}:
            response.headers[name] = value
    return response


_WORDS: Final = {404: "There is nothing at this address.", 405: "This address does not take that."}
