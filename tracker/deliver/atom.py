"""The `atom:FILE` channel: the newest changes of a watch as an Atom feed, an entry each."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final

from feedgenerator import Atom1Feed
from markupsafe import Markup, escape

from tracker.deliver.base import Means, Parcel
from tracker.deliver.folders import held, replaced
from tracker.deliver.told import Item, told
from tracker.render import one_line, web_only

NEWEST: Final = 200
_TITLE: Final = 300  # characters of a title; the whole sentence stands in the summary


def deliver_to_feed(parcel: Parcel, target: str, means: Means) -> str:  # noqa: ARG001
    """Writes the feed anew from the digests issued to it, whole or not at all."""
    path = Path(target)
    with held(path):
        entries = list(islice(_entries(parcel), NEWEST))
        feed = Atom1Feed(
            title=f"Regulatory changes: {parcel.watch}",
            link=f"tag:regulatory-change-tracker.invalid,2026:watch:{parcel.watch}",
            description=None,
            language="en",
            author_name="Regulatory change tracker",
        )
        for at, item in entries:
            _add(feed, at, item)
        replaced(path, feed.writeString("utf-8").encode())
    return f"{path.name}: {len(entries)} entries"


def _entries(parcel: Parcel) -> Iterator[tuple[datetime, Item]]:
    """The changes, those of the newest digest first; one that was told twice stands where it was told last."""
    seen = set()
    for issued in parcel.all_issued():
        for item in told(issued.json).items():
            if item.change.tag not in seen:
                seen.add(item.change.tag)
                yield issued.at, item


def _add(feed: Atom1Feed, at: datetime, item: Item) -> None:
    """One entry. The library writes titles as text and summaries as HTML, so only these are escaped here."""
    links = [link for link in (_link(one.url) for one in item.evidence) if link]
    sources = Markup(", ").join(Markup('<a href="{}">{}</a>').format(link, link) for link in links)
    feed.add_item(
        title=item.change.words[:_TITLE],
        link=links[0] if links else item.change.tag,
        description=str(Markup("<p>{}: {}</p><p>{}</p>").format(item.change.date, item.change.words, sources)),
        unique_id=item.change.tag,
        pubdate=at,
        updateddate=at,
        categories=(str(escape(item.change.type)),),
    )


def _link(url: str | None) -> str | None:
    link = web_only(url)
    return one_line(link).replace(" ", "%20") if link else None
