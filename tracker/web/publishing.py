"""Feeds and calendars over HTTP, with validators, so that most questions cost nothing."""

import hashlib
from collections import OrderedDict
from threading import Lock
from typing import Final

from werkzeug import Request, Response
from werkzeug.exceptions import NotFound

from tracker import publish
from tracker.app import App
from tracker.links import is_watch
from tracker.publish import Kind, Published

FRESH: Final = 300
"""Seconds for which readers need not ask again."""
_KEPT: Final = 128
_TYPES: Final = {"feed.atom": "application/atom+xml; charset=utf-8", "calendar.ics": "text/calendar; charset=utf-8"}
_Key = tuple[str, int, str]


class Shelf:
    """The last answers, by path, ledger position and day: what they were made from. For several threads."""

    def __init__(self) -> None:
        self._answers: OrderedDict[_Key, Published] = OrderedDict()
        self._lock = Lock()

    def get(self, key: _Key) -> Published | None:
        """An answer that was made from the same."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def put(self, key: _Key, answer: Published) -> Published:
        """Keeps an answer, in place of the one that was not asked for the longest."""
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
        return answer


def about(app: App, request: Request, shelf: Shelf, kind: Kind, id: str, what: str, base: str) -> Response:  # noqa: A002
    """The public feed or calendar of an institution, a party or a list."""
    return _answer(app, request, shelf, kind, id, what, base, private=False)


def of_watch(app: App, request: Request, shelf: Shelf, watch: str, code: str, what: str, base: str) -> Response:
    """The feed or calendar of a watch, at an address that nobody guesses."""
    if not is_watch(app, watch, code):
        raise NotFound
    return _answer(app, request, shelf, "watch", watch, what, base, private=True)


def _answer(app: App, request: Request, shelf: Shelf, kind: Kind, id_: str, what: str, base: str, *, private: bool) -> Response:
    subject = publish.subject_named(app, kind, id_)
    if subject is None or what not in _TYPES:
        raise NotFound
    url = base + request.path
    key = (url, app.views.store.checkpoint(), app.clock.now().date().isoformat())
    found = shelf.get(key)
    if found is None:
        made = publish.feed(app, subject, url) if what == "feed.atom" else publish.calendar(app, subject)
        found = shelf.put(key, made)
    response = Response(found.body, content_type=_TYPES[what])
    response.set_etag(hashlib.sha256(found.body).hexdigest()[:32])
    response.last_modified = found.changed_at
    response.headers["Cache-Control"] = f"{'private' if private else 'public'}, max-age={FRESH}"
    if private:
        response.headers["X-Robots-Tag"] = "noindex"
    # By the tag alone: within one second, or when something is taken back, the time stays and the bytes do not.
    return response.make_conditional({key: value for key, value in request.environ.items() if key != "HTTP_IF_MODIFIED_SINCE"})
