"""A digest as text, HTML and JSON, from one model. Titles and quotes of the press are escaped, always.

A line that many watches are told is rendered once for all of them.
"""

import hashlib
import logging
import textwrap
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import jinja2
import msgspec
from markupsafe import Markup

from events.words import say_date
from tracker.dates import say
from tracker.lines import counted, notes, one_line, source_line

if TYPE_CHECKING:
    from tracker.contents import Content, Digest, Item

log = logging.getLogger(__name__)

WIDTH = 88
COMING: Final = "Coming up in the next 14 days"
NOTHING: Final = "Nothing changed."


def heading(digest: "Digest") -> str:
    """The digest's title line."""
    plural = "change" if digest.size == 1 else "changes"
    count = f"{digest.size} {plural}" if digest.size else "nothing changed"
    return f"{digest.watch}: {count} to {say(digest.span.day_until, digest.dates)} (digest {digest.number})"


def covers(digest: "Digest") -> str:
    """What the digest covers."""
    span = digest.span
    return f"Covers ledger positions {span.after + 1} to {span.until} and legal days after {span.day_after} to {span.day_until}."


class Renderer:
    """Renders digests whose lines many of them share.

    `templates` is a folder of the user's own templates; where one of them is broken, ours are used, and it is told.
    """

    def __init__(self, templates: Path | None = None) -> None:
        self._templates = templates
        self._lines: dict[tuple[int, str | None, str], tuple[Item, str]] = {}
        self._bodies: dict[tuple[int, str | None, str], tuple[Content, Any]] = {}

    def text(self, digest: "Digest") -> str:
        """Plain text, wrapped."""
        title = heading(digest)
        lines = [title, "=" * min(WIDTH, len(title)), "", self._body(digest, "text", self._text_body), covers(digest)]
        return "\n".join(lines) + "\n"

    def html(self, digest: "Digest") -> str:
        """One self-contained page: inline styles, no scripts, no images."""
        try:
            return self._html(digest)
        except Exception as error:  # a template may raise anything
            if self._templates is None:
                raise
            where = f"{getattr(error, 'filename', None) or self._templates}, line {getattr(error, 'lineno', '?')}"
            log.error("a template of yours is broken, so ours are used: %s: %s: %s", where, type(error).__name__, error)
        self._templates = None
        self._lines.clear()
        self._bodies.clear()
        return self._html(digest)

    def _html(self, digest: "Digest") -> str:
        body = self._body(digest, "html", self._html_body)
        page = environment(self._templates).get_template("digest.html")
        return page.render(heading=heading(digest), body=body, covers=covers(digest)) + "\n"

    def json(self, digest: "Digest") -> bytes:
        """The model itself."""
        body = self.model(digest)
        whole = {"watch": digest.watch, "number": digest.number, "span": digest.span}
        return msgspec.json.format(msgspec.json.encode(whole)[:-1] + b"," + body[1:], indent=2) + b"\n"

    def model(self, digest: "Digest") -> bytes:
        """What is said, whoever is told, as JSON."""
        body: bytes = self._body(digest, "json", lambda content, _: msgspec.json.encode(content))
        return body

    def content_id(self, digest: "Digest") -> str:
        """The digest of what is said, whoever is told."""
        found: str = self._body(digest, "id", lambda *_: hashlib.sha256(self.model(digest)).hexdigest())
        return found

    def _body(self, digest: "Digest", form: str, render: Any) -> Any:
        key = (id(digest.content), digest.dates, form)
        if key not in self._bodies:
            if len(self._bodies) > _KEPT:
                self._bodies.clear()  # what is shared comes one after the other
            self._bodies[key] = (digest.content, render(digest.content, digest.dates))
        return self._bodies[key][1]

    def _shared(self, item: "Item", dates: str | None, form: str, render: Any) -> str:
        key = (id(item), dates, form)
        if key not in self._lines:
            if len(self._lines) > _KEPT_LINES:
                self._lines.clear()
            self._lines[key] = (item, render(item, dates))
        return self._lines[key][1]

    def _text_body(self, content: "Content", dates: str | None) -> str:
        parts = [] if content.size else [f"{NOTHING}\n"]
        for title, items in _sections(content):
            lines = [self._shared(one, dates, "text", text_line) for one in items]
            parts.append("\n".join([title, "-" * len(title), *lines, ""]))
        return "\n".join(parts)

    def _html_body(self, content: "Content", dates: str | None) -> Markup:
        line = partial(html_line, templates=self._templates)
        sections = [
            (title, [Markup(self._shared(one, dates, "html", line)) for one in items])  # noqa: S704  escaped by its template
            for title, items in _sections(content)
        ]
        template = environment(self._templates).get_template("digest_body.html")
        return Markup(template.render(sections=sections, nothing="" if content.size else NOTHING))  # noqa: S704  as above


_KEPT: Final = 400
_KEPT_LINES: Final = 20_000


def _sections(content: "Content") -> Iterator[tuple[str, "tuple[Item, ...]"]]:
    yield from ((group.title, group.items) for group in content.groups)
    if content.coming:
        yield (COMING, content.coming)


def text_line(item: "Item", dates: str | None) -> str:
    """One line of a digest and what stands below it, as text."""
    count = f" ({counted(item)})" if counted(item) else ""
    words = f"{say(item.change.date, dates)}  {one_line(item.change.summary)}{count}"
    wrap = partial(textwrap.wrap, width=WIDTH, break_on_hyphens=False)
    lines = wrap(words, subsequent_indent="    ")
    for note in notes(item, dates):
        lines += wrap(note, initial_indent="    ", subsequent_indent="      ")
    lines += [f"    {source_line(one)}: {one_line(one.url or one.document)}" for one in item.evidence]
    return "\n".join(lines)


def html_line(item: "Item", dates: str | None, templates: Path | None = None) -> str:
    """One line of a digest as a row of its table."""
    told = {"date": say(item.change.date, dates), "count": counted(item), "notes": list(notes(item, dates))}
    return environment(templates).get_template("digest_line.html").render(item=item, **told)


@cache
def environment(templates: Path | None = None) -> jinja2.Environment:
    """The templates, with everything escaped; those in a folder of the user's own come first."""
    ours = jinja2.PackageLoader("tracker")
    loader = jinja2.ChoiceLoader([jinja2.FileSystemLoader(templates), ours]) if templates else ours
    found = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    found.filters.update(say_date=say_date, one_line=one_line, source_line=source_line, web_only=web_only)
    return found


def web_only(url: str | None) -> str | None:
    """A URL that may be linked: http or https, nothing else; what cannot stand in one is percent-encoded."""
    return quote(one_line(url), safe=_IN_URLS) if url and url.startswith(("https://", "http://")) else None


_IN_URLS: Final = "".join(chr(one) for one in range(0x21, 0x7F) if chr(one) not in '"<>\\^`{|}')
