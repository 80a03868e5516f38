"""What the demo world holds: rules, outlets and articles, each with the time at which it appears."""

import json
import tomllib
from datetime import UTC, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal

import msgspec

# The Federal Register puts an issue on line in the early morning of its day, Eastern time.
ISSUE_APPEARS_AT = time(10, 0, tzinfo=UTC)


class Outlet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An invented newspaper, with the furniture of its pages."""

    id: str
    name: str
    language: str
    timezone: str
    feed: Literal["rss", "atom"]
    encoding: str
    tagline: str
    sections: tuple[str, ...]
    cookies: str
    related: str
    newsletter: str
    footer: str

    @property
    def path(self) -> str:
        """Where the outlet lives on the server."""
        return f"/news/{self.id}"

    @property
    def feed_path(self) -> str:
        """Where its feed lives."""
        return f"{self.path}/{'rss' if self.feed == 'rss' else 'atom'}.xml"


class Revision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The text of an article after an edit."""

    at: datetime
    summary: str
    paragraphs: tuple[str, ...]


class Article(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An article as its file tells it; `reprint_of` names the file whose text it repeats."""

    outlet: str
    slug: str
    title: str
    byline: str
    published: datetime
    summary: str
    paragraphs: tuple[str, ...]
    reprint_of: str | None = None
    revision: tuple[Revision, ...] = ()

    @property
    def path(self) -> str:
        """Where the article lives on the server."""
        return f"/news/{self.outlet}/{self.published:%Y/%m/%d}/{self.slug}.html"

    def revised(self, now: datetime) -> Revision | None:
        """The latest edit that anyone can see at a time, if there is one."""
        seen = [revision for revision in self.revision if revision.at <= now]
        return seen[-1] if seen else None

    def changed(self, now: datetime) -> datetime:
        """When the article last changed, seen from a time."""
        revision = self.revised(now)
        return revision.at if revision else self.published

    def text(self, now: datetime) -> tuple[str, ...]:
        """The paragraphs that stand on the page at a time."""
        revision = self.revised(now)
        return revision.paragraphs if revision else self.paragraphs

    def teaser(self, now: datetime) -> str:
        """The sentence that feeds carry at a time."""
        revision = self.revised(now)
        return revision.summary if revision else self.summary


class Rule(msgspec.Struct, frozen=True):
    """A Federal Register document: the record of the API and the full text."""

    record: dict[str, Any]
    xml: bytes

    @property
    def number(self) -> str:
        """The document number, such as 2019-22210."""
        return str(self.record["document_number"])

    @property
    def appears(self) -> datetime:
        """When the API first lists the document."""
        day = datetime.fromisoformat(str(self.record["publication_date"]))
        return datetime.combine(day, ISSUE_APPEARS_AT)


class Filing(msgspec.Struct, frozen=True):
    """A rule on file for public inspection, as the API tells of it before the rule is published."""

    record: dict[str, Any]
    rule: Rule

    @property
    def number(self) -> str:
        """The document number, the same before and after."""
        return self.rule.number

    @property
    def filed(self) -> datetime:
        """When it was filed."""
        return datetime.fromisoformat(str(self.record["filed_at"])).astimezone(UTC)


def data() -> Traversable:
    """The folder of the demo's bytes, inside the package."""
    return files("tracker.demo") / "data"


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, oldest first."""
    folder = data() / "rules"
    found = [
        Rule(
            record=json.loads(entry.read_text("utf-8")),
            xml=(folder / entry.name.replace(".json", ".xml")).read_bytes(),
        )
        for entry in folder.iterdir()
        if entry.name.endswith(".json")
    ]
    return tuple(sorted(found, key=lambda rule: (rule.appears, rule.number)))


@cache
def filings() -> tuple[Filing, ...]:
    """The filings of rules, oldest first."""
    known = {rule.number: rule for rule in rules()}
    found = [
        Filing(record=json.loads(entry.read_text("utf-8")), rule=known[entry.name.removesuffix(".json")])
        for entry in (data() / "filings").iterdir()
        if entry.name.endswith(".json")
    ]
    return tuple(sorted(found, key=lambda filing: (filing.filed, filing.number)))


@cache
def outlets() -> dict[str, Outlet]:
    """All outlets by id."""
    table = tomllib.loads((data() / "outlets.toml").read_text("utf-8"))
    return {item.id: item for item in msgspec.convert(table["outlet"], tuple[Outlet, ...])}


@cache
def articles() -> tuple[Article, ...]:
    """All articles, oldest first, reprints with the text they repeat."""
    found = {
        entry.name.removesuffix(".toml"): msgspec.convert(tomllib.loads(entry.read_text("utf-8")), Article)
        for entry in (data() / "articles").iterdir()
        if entry.name.endswith(".toml")
    }
    whole = [_with_reprinted_text(article, found) for article in found.values()]
    return tuple(sorted(whole, key=lambda article: (article.published, article.outlet)))


def _with_reprinted_text(article: Article, found: dict[str, Article]) -> Article:
    if article.reprint_of is None:
        return article
    original = found[article.reprint_of]
    name = outlets()[original.outlet].name
    return msgspec.structs.replace(
        article,
        paragraphs=(*original.paragraphs, f"This report first appeared in {name}."),
    )


def moments() -> tuple[datetime, ...]:
    """The times at which something new appears, in order, in UTC."""
    found = {rule.appears for rule in rules()} | {filing.filed for filing in filings()}
    for article in articles():
        found.add(article.published.astimezone(UTC))
        found.update(revision.at.astimezone(UTC) for revision in article.revision)
    return tuple(sorted(found))


def before_the_story() -> datetime:
    """A time at which the world is still empty."""
    return moments()[0] - timedelta(seconds=1)


def config_files(base: str) -> dict[str, str]:
    """The demo's configuration by file name, pointed at a server."""
    return {
        entry.name: entry.read_text("utf-8").replace("{base}", base)
        for entry in (files("tracker.demo") / "config").iterdir()
        if entry.name.endswith(".toml")
    }
