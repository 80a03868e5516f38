"""Taking in a document: what makes a version, what a failing reader leaves, what two processes leave."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from events.documents import DocumentCaptured, DocumentRead
from events.statements import Statement
from projections import queries
from projections.claims import PRESENT
from tests.builders import NOW, ended, instant
from tracker.app import App
from tracker.archive import Provenance
from tracker.readers.base import Document, Reading, UnreadableError
from tracker.readers.registry import READERS
from tracker.reading import end_of, read, record

Say = Callable[..., list[str]]


def read_words(document: Document, _: Any) -> Reading:
    """A reader of `words # furniture`: "ended" in the words is a statement, "crash" and "broken" are what they say."""
    words = document.raw.decode().partition("#")[0]
    if "crash" in words:
        raise ZeroDivisionError("no such thing")
    if "broken" in words:
        raise UnreadableError(f"{document.key}: the page is broken")
    statements: list[Statement] = []
    for place, word in enumerate(words.split()):
        if word in {"huawei", "zte"}:
            start = words.index(word)
            one = ended("2019-04-03", claim="", party=word, party_name=word.title())
            evidence = msgspec.structs.replace(one.evidence, text="", start=start, end=start + len(word))
            statements.append(msgspec.structs.replace(one, evidence=evidence, place=place))
    return Reading(reader="words", reader_version=1, text=words, statements=tuple(statements))


@pytest.fixture(autouse=True)
def _reader(monkeypatch: pytest.MonkeyPatch, in_this_process: None) -> None:
    monkeypatch.setitem(READERS, "article", ("words", 1, read_words))
    monkeypatch.setitem(READERS, "rule", ("words", 1, read_words))


def article(words: str, **more: Any) -> Document:
    fields: dict[str, Any] = {
        "source": "post",
        "kind": "article",
        "key": "a",
        "url": "https://post.example/a",
        "rendition": "html",
        **more,
    }
    return Document(raw=words.encode(), **fields)


@pytest.fixture
def take_in(app: App) -> Say:
    """Records a document; gives the types of the events that it took."""

    def taken(words: str, at: datetime = NOW, **more: Any) -> list[str]:
        document = article(words, **more)
        provenance = Provenance(url=document.url, at=at, status=200)
        return [one.event.topic() for one in record(document, provenance, app.config.registers, app.ledger, app.archive, at)]

    return taken


def versions(app: App, stream: str = "document/post/a") -> list[int]:
    return [one.event.document_version for one in app.ledger.stream(stream) if isinstance(one.event, DocumentCaptured)]


def parties(app: App) -> set[str | None]:
    app.views.catch_up()
    with app.views.store.reading() as database:
        return {entry.party for entry in queries.timeline(database, "institution:mit", PRESENT)}


def test_a_document_is_captured_read_and_stated_at_once(app: App, take_in: Say) -> None:
    assert take_in("MIT ended ties with huawei and zte") == ["document-captured", "document-read", "tie-ended", "tie-ended"]
    captured, reading, *statements = app.ledger.stream("document/post/a")
    assert isinstance(captured.event, DocumentCaptured)
    assert isinstance(reading.event, DocumentRead)
    assert app.archive.get(captured.event.raw) == b"MIT ended ties with huawei and zte"
    assert reading.event.statements == 2
    for one in statements:
        assert isinstance(one.event, Statement)
        evidence = one.event.evidence
        assert app.archive.text(evidence.text)[evidence.start : evidence.end] in {"huawei", "zte"}
        assert one.event.claim
    assert len({one.recorded_at for one in app.ledger.stream("document/post/a")}) == 1


def test_the_same_again_adds_nothing(app: App, take_in: Say) -> None:
    take_in("huawei")
    assert take_in("huawei", NOW + timedelta(days=1)) == []
    assert app.ledger.head() == 3


def test_a_b_and_a_again_are_three_versions(app: App, take_in: Say) -> None:
    for words in ("huawei", "zte", "huawei"):
        assert take_in(words)
    assert versions(app) == [1, 2, 3]
    assert parties(app) == {"huawei"}


def test_page_furniture_alone_is_no_new_version(app: App, take_in: Say) -> None:
    take_in("huawei # 3 comments")
    assert take_in("huawei # 4 comments") == []
    assert take_in("huawei # 5 comments") == []
    assert take_in("huawei zte # 5 comments")
    assert versions(app) == [1, 2]


def test_a_new_title_is_a_new_version(app: App, take_in: Say) -> None:
    take_in("huawei", title="MIT ends ties")
    assert take_in("huawei", title="MIT ends ties") == []
    assert take_in("huawei # edited", title="Correction: MIT reviews ties")
    assert versions(app) == [1, 2]


def test_a_rule_has_no_furniture(app: App, take_in: Say) -> None:
    """Any change in the bytes of an official document, or in the record of it, is a new version."""
    rule = {"kind": "rule", "source": "federal-register", "key": "2019-1", "rendition": "xml"}
    take_in("huawei # a", **rule, metadata=b"{}")
    assert take_in("huawei # b", **rule, metadata=b"{}")
    assert take_in("huawei # b", **rule, metadata=b'{"corrections":1}')
    assert take_in("huawei # b", **rule) == []
    assert versions(app, "document/federal-register/2019-1") == [1, 2, 3]


def test_renditions_are_compared_with_their_like(app: App, take_in: Say) -> None:
    rule = {"kind": "rule", "source": "federal-register", "key": "2019-1"}
    take_in("huawei # text", **rule, rendition="text")
    take_in("huawei # xml", **rule, rendition="xml")
    assert take_in("huawei # text", **rule, rendition="text") == []
    assert take_in("huawei # xml", **rule, rendition="xml") == []
    assert versions(app, "document/federal-register/2019-1") == [1, 2]


@pytest.mark.parametrize(("words", "failure"), [("crash", "ZeroDivisionError"), ("broken", "the page is broken")])
def test_a_reader_that_fails_hides_nothing_that_was_read_before(app: App, take_in: Say, words: str, failure: str) -> None:
    take_in("huawei")
    assert take_in(words) == ["document-captured", "document-read"]
    last = app.ledger.stream("document/post/a")[-1].event
    assert isinstance(last, DocumentRead)
    assert failure in (last.failure or "")
    assert "\n" not in (last.failure or "")
    assert parties(app) == {"huawei"}
    assert take_in(words) == []
    assert take_in("zte")
    assert parties(app) == {"zte"}


def test_a_reading_without_statements_takes_back_what_was_said(app: App, take_in: Say) -> None:
    take_in("huawei zte")
    take_in("zte")
    assert parties(app) == {"zte"}
    take_in("nothing any more")
    assert parties(app) == set()


def test_a_claim_keeps_its_id_through_an_edit(app: App, take_in: Say) -> None:
    take_in("huawei zte")
    take_in("as first reported, zte and then huawei")
    claims = {one.event.claim for one in app.ledger.stream("document/post/a") if isinstance(one.event, Statement)}
    assert len(claims) == 2


# When it could first be read


@pytest.mark.parametrize(
    ("more", "fetched", "expected"),
    [
        ({"available": instant("2019-10-07T20:15")}, "2019-10-09", "2019-10-07T20:15:00"),
        ({"published": "2019-10-08"}, "2019-10-09", "2019-10-08T23:59:59"),
        ({"published": "2019-10-09"}, "2019-10-09T08:00", "2019-10-09T08:00:00"),
        ({"published": "2019-10-08T10:00:00+02:00"}, "2019-10-09", "2019-10-08T08:00:00"),
        ({"published": "2019-10"}, "2020-01-01", "2019-10-31T23:59:59"),
        ({}, "2019-10-09", "2019-10-09T12:00:00"),
    ],
)
def test_available_is_never_earlier_than_it_was(
    app: App, take_in: Say, more: dict[str, Any], fetched: str, expected: str
) -> None:
    take_in("huawei", instant(fetched), **more)
    reading = app.ledger.stream("document/post/a")[1].event
    assert isinstance(reading, DocumentRead)
    assert reading.available.isoformat() == f"{expected}+00:00"


def test_an_edit_could_be_read_when_it_was_seen(app: App, take_in: Say) -> None:
    """So that asking what could be known before it gives the first version."""
    take_in("huawei", instant("2019-10-09"), published="2019-10-08T10:00:00Z", available=instant("2019-10-08T10:00"))
    take_in("zte", instant("2019-10-11"), published="2019-10-08T10:00:00Z", available=instant("2019-10-08T10:00"))
    first, second = [one.event.available for one in app.ledger.stream("document/post/a") if isinstance(one.event, DocumentRead)]
    assert (first, second) == (instant("2019-10-08T10:00"), instant("2019-10-11"))


def test_the_end_of_a_date_and_the_instant_of_a_time() -> None:
    assert end_of("2019-10-09").isoformat() == "2019-10-09T23:59:59+00:00"
    assert end_of("2019-10-09T10:00:00").isoformat() == "2019-10-09T10:00:00+00:00"


def test_reading_writes_nothing(app: App) -> None:
    done = read(article("huawei"), app.config.registers)
    assert [one.topic() for one in done.statements] == ["tie-ended"]
    assert app.ledger.head() == 0
    assert list(app.archive.digests()) == []


def test_a_process_that_was_quicker_is_noticed(app: App, take_in: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both saw an empty stream and read the document; the second to append finds it there."""
    monkeypatch.setattr(app.ledger, "stream", lambda _: [])
    assert take_in("huawei")
    assert take_in("huawei") == []
    assert app.ledger.head() == 3
