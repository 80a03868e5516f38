"""The Atom feed, read back with feedparser."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest

from tests.builders import NOW, ended
from tests.deliver.conftest import HOSTILE, Office, Settle
from tests.test_digest import learn
from tracker import watching
from tracker.deliver import atom
from tracker.watching import WatchOrder

DAY = timedelta(days=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "feeds" / "office.atom"


@pytest.fixture
def office(settled: Settle, path: Path) -> Office:
    office = settled("")
    office.watch(f"atom:{path}")
    return office


def read(path: Path) -> Any:
    """The feed, which must be well-formed: feedparser says so by `bozo`."""
    found = feedparser.parse(BytesIO(path.read_bytes()))
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    return found


def test_an_entry_a_change_the_newest_first(office: Office, path: Path) -> None:
    office.learn("Acme")
    assert not office.run().failed
    (first,) = read(path).entries
    office.learn("Zenith", "document/federal-register/2")
    office.run(DAY)
    found = read(path)
    assert found.feed.title == "Regulatory changes: office"
    assert ["Zenith" in one.title for one in found.entries] == [True, False]
    assert found.entries[1].id == first.id
    assert first.id.startswith("tag:regulatory-change-tracker.invalid,2026:")
    assert found.entries[1].updated == NOW.isoformat()
    assert found.feed.updated == (NOW + DAY).isoformat()
    assert not list(path.parent.glob("*.new"))


def test_sources_are_linked(office: Office, path: Path) -> None:
    learn(office.app, 'document/post/a"><script>', ended("2019-10-01"))
    office.run()
    (entry,) = read(path).entries
    assert entry.link.startswith("https://post.example/a")
    assert "https://post.example/a" in entry.summary
    summary = ET.fromstring(path.read_bytes()).findtext("{*}entry/{*}summary")
    assert summary is not None
    assert "<script" not in summary


def test_a_hostile_name_breaks_nothing(office: Office, path: Path) -> None:
    office.learn(HOSTILE)
    assert not office.run().failed
    (entry,) = read(path).entries
    assert "<script>alert(1)</script>]]>" in entry.title  # words, not marks: titles are text
    root = ET.fromstring(path.read_bytes())
    assert [child.tag.rpartition("}")[2] for child in root].count("entry") == 1
    summary = root.findtext("{*}entry/{*}summary")
    assert summary is not None
    assert "<script" not in summary  # HTML, so it is escaped once more
    assert "&lt;script&gt;" in summary
    assert not {"\u202e", "\u200f", "\x1b", "\r"} & set(path.read_text(encoding="utf-8"))


def test_only_the_newest_are_kept(office: Office, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atom, "NEWEST", 3)
    for number in range(5):
        office.learn(f"Firm {number}", f"document/federal-register/{number}")
        office.run(DAY)
    entries = read(path).entries
    assert ["Firm 4" in entries[0].title, "Firm 2" in entries[2].title, len(entries)] == [True, True, 3]


def test_a_feed_that_was_lost_comes_back_whole(office: Office, path: Path) -> None:
    office.learn("Acme")
    office.run()
    path.unlink()
    office.learn("Zenith", "document/federal-register/2")
    office.run(DAY)
    assert len(read(path).entries) == 2


def test_a_retry_of_an_old_digest_undoes_nothing(office: Office, path: Path) -> None:
    path.parent.mkdir()
    path.mkdir()  # in the way
    office.learn("Acme")
    assert office.run().failed
    path.rmdir()
    office.learn("Zenith", "document/federal-register/2")
    done = office.run(DAY)
    assert [one.number for one in done.deliveries] == [1, 2]
    assert len(read(path).entries) == 2


def test_what_an_earlier_watch_of_the_name_was_told_stays_its_own(office: Office, path: Path) -> None:
    office.learn("Secret")
    office.run()
    watching.remove(office.app, "office")
    office.clock.at += DAY
    watching.add(office.app, WatchOrder(watch="office", channels=(f"atom:{path}",)))
    office.clock.at += DAY
    office.learn("Zenith", "document/federal-register/2")
    assert not office.run().failed
    (entry,) = read(path).entries
    assert "Zenith" in entry.title
