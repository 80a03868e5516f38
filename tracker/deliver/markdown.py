"""The `markdown:DIR` channel: each digest as a Markdown file (CommonMark) in a folder."""

import re
from pathlib import Path
from typing import Final
from urllib.parse import quote

from events.words import say_date
from tracker.deliver.base import Means, Parcel
from tracker.deliver.folders import replaced
from tracker.deliver.told import Item, Source, told
from tracker.render import one_line, web_only

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
    for group in told(parcel.json).groups:
        lines += [f"## {plain(group.title)}", "", *(_line(item) for item in group.items), ""]
    return "\n".join(lines)


def plain(text: str) -> str:
    """Text in which no mark means anything."""
    return _MARKS.sub(r"\\\1", one_line(text))


def _line(item: Item) -> str:
    sources = "; ".join(_source(one) for one in item.evidence)
    line = f"- **{plain(say_date(item.change.date))}** {plain(item.change.summary)}"
    return f"{line} ({sources})" if sources else line


def _source(source: Source) -> str:
    who = plain(source.outlet or source.title or source.document.rpartition("/")[2])
    link = web_only(source.url)
    return f"[{who}](<{quote(one_line(link), safe=_IN_URLS)}>)" if link else who
