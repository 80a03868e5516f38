"""Copies of whole lists as lines of text, and back."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.snapshots import SnapshotEntry, from_lines, to_lines
from events.statements import Alias, Cited
from tests.strategies import of_struct

ENTRIES = st.lists(of_struct(SnapshotEntry), max_size=6)


@given(ENTRIES)
def test_there_and_back(entries: list[SnapshotEntry]) -> None:
    back = from_lines(to_lines(entries))
    assert sorted(map(repr, back)) == sorted(map(repr, entries))
    assert [entry.order for entry in back] == sorted(entry.order for entry in entries)


@given(ENTRIES, st.randoms(use_true_random=False))
def test_the_order_of_the_source_does_not_matter(entries: list[SnapshotEntry], chance: Any) -> None:
    shuffled = entries.copy()
    chance.shuffle(shuffled)
    assert to_lines(shuffled) == to_lines(entries)


@given(ENTRIES)
def test_an_entry_is_a_line(entries: list[SnapshotEntry]) -> None:
    assert len(to_lines(entries).split("\n")) == max(1, len(entries))


def test_what_is_not_printed_is_not_written() -> None:
    entry = SnapshotEntry(
        list="us-bis-el", name="北風\n儀器", aliases=(Alias(name="NWI"),), citations=(Cited(citation="84 FR 1"),)
    )
    said = '{"list":"us-bis-el","name":"北風\\n儀器","aliases":[{"name":"NWI"}],"citations":[{"citation":"84 FR 1"}]}'
    assert msgspec.json.decode(to_lines([entry])) == msgspec.json.decode(said)
    assert from_lines(to_lines([entry])) == (entry,)


def test_no_entries_are_no_text() -> None:
    assert to_lines([]) == ""
    assert from_lines("") == ()


@pytest.mark.parametrize("text", ["clean text of an article", '{"list":"us-bis-el"}', '{"list":"a","name":"b","more":1}', "[]"])
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        from_lines(text)
