"""The `markdown:DIR` channel: each digest as a Markdown file (CommonMark) in a folder."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

from events.words import say_date
from tracker.deliver.base import Means, Parcel
from tracker.deliver.folders import replaced
from tracker.deliver.told import Item, Source, told
from tracker.lines import counted, notes, one_line, source_line
from tracker.render import COMING, NOTHING, web_only

_MARKS: Final = re.compile(r"([!-/:-@\[-`{-~])")  # all ASCII punctuation: CommonMark lets any of it be escaped
_IN_URLS: Final = "%:/?#@!$&*+,;=~.-_"  # neither brackets nor quotes nor spaces


def deliver_as_markdown(parcel: Parcel, target: str, means: Means) -> str:  # noqa: ARG001
    """Writes the file, whole or not at all; writing the same digest again changes nothing."""
    name = f"{parcel.watch}-{parcel.number:04d}.md"
    replaced(Path(target) / name, as_markdown(parcel).encode())
    return name


def as_markdown(parcel: Parcel) -> str:
    """The digest: what others said is escaped, on one line, and can neither begin a block nor a link."""
    lines = [f"# {plain(parcel.text.decode().partition(chr(10))[0])}", ""]
    digest = told(parcel.json)
    lines += [] if digest.groups else [plain(NOTHING), ""]
    for title, items in (*((group.title, group.items) for group in digest.groups), (COMING, digest.coming)):
        if items:
            lines += [f"## {plain(title)}", "", *(line for item in items for line in _lines(item)), ""]
    return "\n".join(lines)


def plain(text: str) -> str:
    """Text in which no mark means anything."""
    return _MARKS.sub(r"\\\1", one_line(text))


def _lines(item: Item) -> Iterator[str]:
    """A line of the digest, and below it what was told before and how fields read."""
    links = "; ".join(_source(one) for one in item.evidence)
    sources = ": ".join(filter(None, (plain(counted(item)), links)))
    line = f"- **{plain(say_date(item.change.date))}** {plain(item.change.summary)}"
    yield f"{line} ({sources})" if sources else line
    yield from (f"  - {plain(note)}" for note in notes(item, None))


def _source(source: Source) -> str:
    who = plain(source_line(source))
    link = web_only(source.url)
    return f"[{who}](<{quote(one_line(link), safe=_IN_URLS)}>)" if link else who
