"""Small pages for people: a heading, some words, perhaps one button. No script, nothing from elsewhere."""

import hashlib
from base64 import b64encode
from functools import cache
from typing import Final

from werkzeug import Response

from tracker.publish import Subject
from tracker.render import environment

STYLE: Final = (
    "body{margin:0;background:#fff;color:#1c2733;font:17px/1.55 Georgia,'Times New Roman',serif}"
    "main{max-width:34rem;margin:0 auto;padding:3rem 1.25rem}"
    "h1{font-size:1.4rem;line-height:1.25;margin:0 0 1rem}"
    "h2{font-size:1.05rem;margin:2rem 0 .5rem}table{border-collapse:collapse;width:100%}"
    "td{padding:.25rem 0;border-top:1px solid #8884}td+td{text-align:right;white-space:nowrap}a{color:#14508c}"
    "button{font:600 1rem system-ui,sans-serif;padding:.7rem 1.4rem;border:0;border-radius:.3rem;background:#14508c;color:#fff}"
    "button:focus-visible{outline:3px solid #e09f3e;outline-offset:2px}"
    "@media(prefers-color-scheme:dark){body{background:#14191f;color:#dde4ea}button{background:#7db6f0;color:#10151a}a{color:#7db6f0}}"
)


@cache
def policy() -> str:
    """The Content-Security-Policy of everything that is served: this one style, and forms that come back here."""
    digest = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


def page(heading: str, words: str, button: str | None = None, status: int = 200) -> Response:
    """A page; the button posts what one click in a mail program posts (RFC 8058)."""
    return _shown("page.html", status, heading=heading, words=words, button=button)


def index(subjects: list[Subject]) -> Response:
    """What is served, for whoever opens the address itself: feeds and calendars by kind. Watches are not named."""
    kinds = (("Lists", "list"), ("Institutions with news", "institution"), ("Parties with news", "party"))
    groups = [
        (title, sorted((one for one in subjects if one.kind == kind), key=lambda one: one.name.casefold()))
        for title, kind in kinds
    ]
    return _shown("index.html", 200, heading="Regulatory changes", groups=groups)


def _shown(template: str, status: int, **values: object) -> Response:
    body = environment().get_template(template).render(style=STYLE, **values)
    response = Response(body + "\n", status=status, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
