"""Sources: one file a kind, one line in `SOURCES`.

A new kind is a module with a settings struct (`SourceSettings` and more) and a `fetch` function
(`tracker.sources.base.Fetch`), one line here, tests, and a row in the documentation.

    settings = msgspec.convert(table, SOURCES[table["kind"]].settings)
    for item in SOURCES[settings.kind].fetch(settings, client, state, archive_raw, now):
        ...
"""

from collections.abc import Callable, Iterator

import msgspec

from tracker.sources import csl, ecfr, federal_register, feed
from tracker.sources.base import Item, SourceSettings
from tracker.sources.register_search import FederalRegisterSettings


class SourceKind(msgspec.Struct, frozen=True):
    """The settings that a kind of source takes, and how it fetches (`tracker.sources.base.Fetch`)."""

    settings: type[SourceSettings]
    fetch: Callable[..., Iterator[Item]]


SOURCES: dict[str, SourceKind] = {
    "federal-register": SourceKind(FederalRegisterSettings, federal_register.fetch),
    "csl": SourceKind(csl.CslSettings, csl.fetch),
    "ecfr": SourceKind(ecfr.EcfrSettings, ecfr.fetch),
    "feed": SourceKind(feed.FeedSettings, feed.fetch),
}
"""Every kind of source that `kind` in `sources.toml` may name."""
