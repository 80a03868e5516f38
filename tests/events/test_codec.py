"""Events to bytes and back: every class, every stored sample, and shapes of the past."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import codec
from events.base import Event
from events.codec import EVENTS, UPCASTERS, UnknownEventError, decode, encode, stored_topic
from events.decisions import ClaimRejected
from tests.strategies import of_struct

SAMPLES = Path(__file__).parents[1] / "data" / "ledger"
AT = datetime(2019, 10, 9, 12, tzinfo=UTC)
TOPICS = [stored_topic(event) for event in EVENTS]
by_topic = pytest.mark.parametrize("event", EVENTS, ids=TOPICS)


@by_topic
@given(data=st.data())
def test_every_event_comes_back_as_it_was(event: type[Event], data: st.DataObject) -> None:
    one = data.draw(of_struct(event))
    at = data.draw(st.datetimes(timezones=st.just(UTC)))
    topic, state = encode(at, one)
    assert topic == stored_topic(event)
    assert decode(topic, state) == (at, one)
    assert encode(*decode(topic, state)) == (topic, state)


def test_a_time_with_another_offset_is_the_same_instant() -> None:
    eastern = AT.astimezone(timezone(timedelta(hours=-4)))
    at, _ = decode(*encode(eastern, ClaimRejected(claim="c", reason="r", by="b")))
    assert at == AT
    assert at.utcoffset() is not None


def test_topics_are_all_different() -> None:
    assert len(set(TOPICS)) == len(EVENTS)


# Stored samples: one a version of an event, and another when a field with a default came later


def topic_of(path: Path) -> str:
    """`entity-added@1.json` and `entity-added@1.2.json` are both of `entity-added@1`."""
    return path.name.partition(".")[0]


ALL_SAMPLES = pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.stem)


@ALL_SAMPLES
def test_every_stored_sample_can_still_be_read(path: Path) -> None:
    _, one = decode(topic_of(path), path.read_bytes())
    assert one.topic() == topic_of(path).partition("@")[0]


@ALL_SAMPLES
def test_a_sample_of_a_present_shape_comes_back_byte_for_byte(path: Path) -> None:
    topic = topic_of(path)
    if topic in TOPICS:
        assert encode(*decode(topic, path.read_bytes())) == (topic, path.read_bytes())


@by_topic
def test_the_samples_of_an_event_set_every_field(event: type[Event]) -> None:
    """So that a field that is renamed or dropped cannot go unnoticed. Missing: write one, and a line in DIGESTS."""
    samples = [path for path in SAMPLES.glob("*.json") if topic_of(path) == stored_topic(event)]
    assert samples
    stored = {name for path in samples for name in msgspec.json.decode(path.read_bytes())["event"]}
    assert stored - {"type"} == {field.encode_name for field in msgspec.structs.fields(event)}


def test_stored_samples_never_change() -> None:
    """DIGESTS only grows: a sample that was once released stands for events in people's ledgers."""
    frozen = dict(line.split()[::-1] for line in (SAMPLES / "DIGESTS").read_text().splitlines())
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in SAMPLES.glob("*.json")}
    assert found == frozen


# Old shapes and unknown ones


@pytest.fixture
def _old_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if `claim-rejected` had once said `why` (schema -1), then `why` and `who` (schema 0)."""

    def first(fields: dict[str, Any]) -> dict[str, Any]:
        return {**fields, "who": "unknown"}

    def second(fields: dict[str, Any]) -> dict[str, Any]:
        return {"type": fields["type"], "claim": fields["claim"], "reason": fields["why"], "by": fields["who"]}

    monkeypatch.setitem(UPCASTERS, "claim-rejected@-1", first)
    monkeypatch.setitem(UPCASTERS, "claim-rejected@0", second)


@pytest.mark.usefixtures("_old_shapes")
@pytest.mark.parametrize(("schema", "extra", "by"), [("-1", b"", "unknown"), ("0", b',"who":"ada"', "ada")])
def test_old_shapes_are_upcast_step_by_step(schema: str, extra: bytes, by: str) -> None:
    state = b'{"at":"2019-10-09T12:00:00Z","event":{"type":"claim-rejected","claim":"c","why":"r"%s}}' % extra
    assert decode(f"claim-rejected@{schema}", state) == (AT, ClaimRejected(claim="c", reason="r", by=by))


@pytest.mark.parametrize(
    ("topic", "state"),
    [
        ("claim-rejected@2", b'{"at":"2019-10-09T12:00:00Z","event":{"type":"claim-rejected"}}'),
        ("never-heard-of@1", b'{"at":"2019-10-09T12:00:00Z","event":{"type":"never-heard-of"}}'),
        ("nonsense", b"{}"),
        ("claim-rejected@1", b'{"at":"2019-10-09T12:00:00Z","event":{"type":"claim-rejected","claim":"c"}}'),
        ("claim-rejected@1", b'{"at":"2019-10-09T12:00:00Z","event":{"type":"watch-removed","watch":"w"}}'),
        (
            "claim-rejected@1",
            b'{"at":"2019-10-09T12:00:00Z","event":{"type":"claim-rejected","claim":"c","reason":"r","by":"b","x":1}}',
        ),
        ("claim-rejected@1", b"not json"),
    ],
)
def test_what_is_not_known_is_refused(topic: str, state: bytes) -> None:
    with pytest.raises(UnknownEventError, match=topic):
        decode(topic, state)


def test_every_upcaster_leads_to_a_known_shape() -> None:
    for topic in UPCASTERS:
        name, _, schema = topic.partition("@")
        assert f"{name}@{int(schema) + 1}" in {*TOPICS, *UPCASTERS}
        assert (SAMPLES / f"{topic}.json").exists()
    assert codec.UPCASTERS is UPCASTERS


def test_only_events_about_watchers_and_what_they_were_sent_are_internal() -> None:
    internal = {event.topic() for event in EVENTS if event.internal}
    watches = {"watch-added", "watch-changed", "watch-paused", "watch-resumed", "watch-removed"}
    sent = {"digest-issued", "delivery-made", "delivery-failed"}
    channels = {"channel-paused", "channel-resumed", "channel-unsubscribed", "confirmation-asked", "channel-confirmed"}
    assert internal == watches | sent | channels
