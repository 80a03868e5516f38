"""A digest as text, HTML and JSON, from one model. Titles and quotes of the press are escaped, always."""

import textwrap
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import jinja2
import msgspec

from events.words import say_date
from projections.rows import EvidenceRow

if TYPE_CHECKING:
    from tracker.digest import Digest

WIDTH = 88


def heading(digest: "Digest") -> str:
    """The digest's title line."""
    plural = "change" if digest.size == 1 else "changes"
    return f"{digest.watch}: {digest.size} {plural} to {digest.span.day_until} (digest {digest.number})"


def source_line(evidence: EvidenceRow) -> str:
    """Who says so: outlet or document, and whom it credits."""
    who = one_line(evidence.outlet or evidence.title or evidence.document.rpartition("/")[2])
    credit = f", told {one_line(evidence.attributed_to)}" if evidence.attributed_to else ""
    return f"{who}{credit}"


def one_line(text: str) -> str:
    """Text of others on one line, without control characters, so that it cannot pose as ours."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def as_text(digest: "Digest") -> str:
    """Plain text, wrapped."""
    lines = [heading(digest), "=" * min(WIDTH, len(heading(digest))), ""]
    for group in digest.groups:
        lines += [group.title, "-" * len(group.title)]
        for item in group.items:
            line = f"{say_date(item.change.date)}  {one_line(item.change.summary)}"
            lines += textwrap.wrap(line, WIDTH, subsequent_indent="    ", break_on_hyphens=False)
            lines += [f"    {source_line(one)}: {one_line(one.url or one.document)}" for one in item.evidence]
        lines.append("")
    lines.append(f"Covers ledger positions {digest.span.after + 1} to {digest.span.until}.")
    return "\n".join(lines) + "\n"


@cache
def environment() -> jinja2.Environment:
    """The templates, with everything escaped."""
    found = jinja2.Environment(
        loader=jinja2.PackageLoader("tracker"), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    found.filters.update(say_date=say_date, one_line=one_line, source_line=source_line, web_only=web_only)
    return found


def web_only(url: str | None) -> str | None:
    """A URL that may be linked: http or https, nothing else; what cannot stand in one is percent-encoded."""
    return quote(one_line(url), safe=_IN_URLS) if url and url.startswith(("https://", "http://")) else None


_IN_URLS: Final = "".join(chr(one) for one in range(0x21, 0x7F) if chr(one) not in '"<>\\^`{|}')


def as_html(digest: "Digest") -> str:
    """One self-contained page: inline styles, no scripts, no images."""
    return environment().get_template("digest.html").render(digest=digest, heading=heading(digest)) + "\n"


def as_json(digest: "Digest") -> bytes:
    """The model itself."""
    return msgspec.json.format(msgspec.json.encode(digest), indent=2) + b"\n"
