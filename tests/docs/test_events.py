"""docs/events.md against the events: every type and field, and nothing else."""

import re

import pytest

from events.base import Event
from events.codec import EVENTS
from tests.docs.pages import DOCS, documented, own_fields, tables, text

STRUCTS = documented(EVENTS)
TOLD = tables(DOCS / "events.md", "fields")


def test_every_event_and_part_of_one_is_documented_and_no_other() -> None:
    assert set(TOLD) == set(STRUCTS)
    headings = re.findall(r"^### ([a-z]+(?:-[a-z]+)+)$", text(DOCS / "events.md"), re.MULTILINE)
    assert sorted(headings) == sorted(event.topic() for event in EVENTS)


@pytest.mark.parametrize("name", STRUCTS)
def test_every_field_is_documented_and_no_other(name: str) -> None:
    assert set(TOLD[name]) == set(own_fields(STRUCTS[name]))


@pytest.mark.parametrize("event", EVENTS, ids=[event.topic() for event in EVENTS])
def test_internal_events_are_told_as_such(event: type[Event]) -> None:
    found = re.search(rf"^### {event.topic()}\n(.*?)<!--", text(DOCS / "events.md"), re.MULTILINE | re.DOTALL)
    assert found
    assert ("Internal." in found[1]) == event.internal
