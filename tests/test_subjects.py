"""What was typed, and which names it could have meant."""

import json
from pathlib import Path

import pytest

from tests.builders import responded, take_in
from tests.conftest import Tracker
from tracker.archive import Archive
from tracker.ledger import Ledger
from tracker.subjects import nearest

NAMES = {
    "mit": "mit",
    "MIT": "mit",
    "Am MIT": "mit",
    "Das MIT": "mit",
    "Mittweida": "mittweida",
    "Huawei": "huawei",
    "Huawei Technologies": "huawei",
    "Awi": "awi",
    "Hikvision": "hikvision",
    "Acme": "acme",
}


@pytest.mark.parametrize(("typed", "first", "never"), [
    ("mitt", ["mit", "Mittweida"], "Am MIT"),
    ("huawie", ["Huawei"], "Awi"),
    ("Hikvisoin", ["Hikvision"], "Huawei"),
    ("Acme Incorporated", ["Acme"], "Awi"),
    ("Zzyzx", [], "Awi"),
])  # fmt: skip
def test_the_nearest_names_are_one_a_subject_and_the_best_comes_first(typed: str, first: list[str], never: str) -> None:
    found = nearest(typed, NAMES)
    assert [name.casefold() for name in found[: len(first)]] == [name.casefold() for name in first]
    assert never not in found


def test_names_without_subjects_differ_by_their_letters_alone() -> None:
    assert nearest("acme", ["Acme", "ACME", "Acme Ltd"]) == ["Acme", "Acme Ltd"]


def test_a_name_that_no_register_holds_is_answered_for_as_it_was_known_then(ledger: Ledger, tracker: Tracker, home: Path) -> None:
    Archive(home / "archive").put(b"words")
    said = responded("2019-10-08", institution=None, institution_name="Acme Works")
    head = take_in(ledger, "document/post/a", said)
    take_in(ledger, "document/post/a", version=2)
    assert json.loads(tracker("timeline", "acme works", "--json").stdout) == []
    (entry,) = json.loads(tracker("timeline", "acme works", "--known-at", head, "--json").stdout)
    assert entry["institution_name"] == "Acme Works"
