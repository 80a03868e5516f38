"""What a digest tells below its lines is told by every channel, not in mails and files alone."""

from pathlib import Path

import feedparser
import pytest
from markdown_it import MarkdownIt

from tests.builders import NOW, added, responded, revised, suspended
from tests.conftest import HandClock
from tests.test_digest import DAY, RULE, learn
from tracker import watching
from tracker.app import App
from tracker.daily import daily
from tracker.watching import WatchOrder

KINDS = ("markdown", "atom", "file")


@pytest.fixture(autouse=True)
def watch(app: App, tmp_path: Path) -> None:
    channels = (f"markdown:{tmp_path / 'markdown'}", f"atom:{tmp_path / 'feed.atom'}", f"file:{tmp_path / 'files'}")
    watching.add(app, WatchOrder(watch="desk", channels=channels))


def told(folder: Path, kind: str, number: int) -> str:
    """What a digest says on a channel, on one line; of a feed, its newest entry."""
    if kind == "atom":
        text = feedparser.parse((folder / "feed.atom").read_bytes()).entries[0].summary
    elif kind == "markdown":
        text = MarkdownIt("commonmark").render((folder / f"markdown/desk-{number:04d}.md").read_text(encoding="utf-8"))
    else:
        text = (folder / f"files/desk-{number:04d}.txt").read_text(encoding="utf-8")
    return " ".join(text.split())


@pytest.mark.parametrize("kind", KINDS)
def test_a_correction_says_what_was_told_before(app: App, clock: HandClock, tmp_path: Path, kind: str) -> None:
    learn(app, "document/post/x", responded("2019-10-08"))
    daily(app)
    clock.at = NOW + DAY
    learn(app, "document/post/x", responded("2019-10-07"), version=2)
    daily(app)
    found = told(tmp_path, kind, 2)
    assert "2019-10-07" in found
    assert "told before: 2019-10-08: MIT is reviewing its relations with Huawei" in found


@pytest.mark.parametrize("kind", KINDS)
def test_a_revision_says_how_fields_read(app: App, clock: HandClock, tmp_path: Path, kind: str) -> None:
    learn(app, RULE, added("Acme", "2019-10-01"))
    daily(app)
    clock.at = NOW + DAY
    learn(app, "document/federal-register/2", revised("Acme", "2019-10-10", new_name="Zeta"), published="2019-10-10")
    daily(app)
    assert "name: “Acme” → “Zeta”" in told(tmp_path, kind, 2)


@pytest.mark.parametrize("kind", KINDS)
def test_a_suspension_says_until_when(app: App, clock: HandClock, tmp_path: Path, kind: str) -> None:
    learn(app, RULE, added("Acme", "2019-10-01"))
    daily(app)
    clock.at = NOW + DAY
    learn(app, "document/federal-register/2", suspended("Acme", "2019-10-10", "2020-10-09"), published="2019-10-10")
    daily(app)
    assert "by its own terms until 2020-10-09" in told(tmp_path, kind, 2)


@pytest.mark.parametrize("kind", ["markdown", "file"])
def test_what_comes_up_is_told(app: App, clock: HandClock, tmp_path: Path, kind: str) -> None:
    learn(app, RULE, added("Acme", "2019-10-16"))
    daily(app)
    clock.at = NOW + DAY
    learn(app, "document/post/x", responded("2019-10-08"))
    daily(app)
    assert "2019-10-16" in told(tmp_path, kind, 2).partition("Coming up in the next 14 days")[2]
