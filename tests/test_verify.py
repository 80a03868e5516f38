"""Verification: it finds what is missing, changed or cited wrongly, and says where."""

import hashlib

import msgspec
import pytest

from events.base import Evidence
from events.documents import DocumentCaptured
from tests.builders import TEXT, added, append, ended, reading
from tracker.app import App
from tracker.verify import verify

STREAM = "document/post/a"


@pytest.fixture
def sound(app: App) -> App:
    """A home whose every cited object is there."""
    app.archive.put(b"words")
    events = reading(STREAM, ended("2019-04-03"))
    raw = app.archive.put(b"the page")
    assert isinstance(events[0], DocumentCaptured)
    events[0] = msgspec.structs.replace(events[0], raw=raw)
    append(app.ledger, STREAM, events)
    app.views.catch_up()
    return app


def test_a_sound_home_has_no_problems(sound: App) -> None:
    found = verify(sound)
    assert (found.events, found.objects, found.spans, found.problems) == (3, 2, 1, ())


def test_a_missing_object(sound: App) -> None:
    (sound.archive.root / TEXT[:2] / TEXT[2:]).unlink()
    (problem,) = verify(sound).problems
    assert "missing" in problem
    assert "position 2" in problem


def test_a_changed_object(sound: App) -> None:
    digest = hashlib.sha256(b"the page").hexdigest()
    (sound.archive.root / digest[:2] / digest[2:]).write_bytes(b"another page")
    (problem,) = verify(sound).problems
    assert "damaged" in problem
    assert digest in problem


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (Evidence(text=TEXT, start=0, end=6), "0-6 of a text of 5 characters"),
        (Evidence(text=TEXT, start=3, end=3), "3-3"),
        (Evidence(text=TEXT, start=-1, end=3), "-1-3"),
        (Evidence(text=hashlib.sha256(b"the page").hexdigest(), start=0, end=1), "its reading did not make"),
    ],
)
def test_a_quote_that_is_not_in_its_text(sound: App, evidence: Evidence, words: str) -> None:
    append(sound.ledger, "document/post/b", reading("document/post/b", added("A", evidence=evidence))[1:])
    assert any(words in problem for problem in verify(sound).problems)


def test_views_that_were_tampered_with(sound: App) -> None:
    with sound.views.store.transaction() as database:
        database.execute("UPDATE facts SET date = '2018-01-01'")
    assert any("facts" in problem and "rebuild" in problem for problem in verify(sound).problems)
    sound.views.rebuild()
    assert verify(sound).problems == ()
