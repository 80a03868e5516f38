"""The `atom:FILE` channel: the newest changes of a watch as an Atom feed, an entry each."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from feedgenerator import Atom1Feed
from markupsafe import Markup, escape

from tracker.deliver.base import Issued, Means, Parcel
from tracker.deliver.folders import held, replaced
from tracker.deliver.told import Item, told
from tracker.lines import notes, one_line
from tracker.render import web_only

NEWEST: Final = 200
DAWN: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TITLE: Final = 300  # characters of a title; the whole sentence stands in the summary


class Feed(Atom1Feed):  # type: ignore[misc]  # the library has no types
    """A feed that says when it last changed even when it is empty: at the dawn of time, not now."""

    def latest_post_date(self) -> datetime:
        """When the newest entry came."""
        return super().latest_post_date() if self.items else DAWN


def deliver_to_feed(parcel: Parcel, target: str, means: Means) -> str:  # noqa: ARG001
    """Writes the feed anew from the digests issued to it, whole or not at all."""
    path = Path(target)
    with held(path):
        entries = list(islice(told_entries(parcel.all_issued()), NEWEST))
        name = f"tag:regulatory-change-tracker.invalid,2026:watch:{parcel.watch}"
        replaced(path, as_feed(f"Regulatory changes: {parcel.watch}", name, None, entries))
    return f"{path.name}: {len(entries)} entries"


def told_entries(issued: Iterator[Issued]) -> Iterator[tuple[datetime, Item]]:
    """The changes, those of the newest digest first; one that was told twice stands where it was told last."""
    seen = set()
    for digest in issued:
        for item in told(digest.json).items():
            if item.change.tag not in seen:
                seen.add(item.change.tag)
                yield digest.at, item


def as_feed(title: str, name: str, url: str | None, entries: Iterable[tuple[datetime, Item]]) -> bytes:
    """An Atom feed; `name` is its id for good, `url` is where it can be had."""
    feed = Feed(
        title=one_line(title), link=url or name, feed_url=url, feed_guid=name, description=None, language="en",
        author_name="Regulatory change tracker",
    )  # fmt: skip
    for at, item in entries:
        _add(feed, at, item)
    return bytes(feed.writeString("utf-8").encode())


def _add(feed: Feed, at: datetime, item: Item) -> None:
    """One entry. The library writes titles as text and summaries as HTML, so only these are escaped here."""
    links = [link for link in (_link(one.url) for one in item.evidence) if link]
    sources = Markup(", ").join(Markup('<a href="{}">{}</a>').format(link, link) for link in links)
    feed.add_item(
        title=item.change.words[:_TITLE],
        link=links[0] if links else item.change.tag,
        description=str(Markup("<p>{}: {}</p>{}<p>{}</p>").format(item.change.date, item.change.words, _notes(item), sources)),
        unique_id=item.change.tag,
        pubdate=at,
        updateddate=at,
        categories=(str(escape(item.change.type)),),
    )


def _notes(item: Item) -> Markup:
    """What was told before, and how fields read, as a list; nothing where there is nothing to tell."""
    told_below = Markup().join(Markup("<li>{}</li>").format(note) for note in notes(item, None))
    return Markup("<ul>{}</ul>").format(told_below) if told_below else Markup()


def _link(url: str | None) -> str | None:
    link = web_only(url)
    return one_line(link).replace(" ", "%20") if link else None
