"""Names compared, and the ids of claims that are made of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.claims import claim_id, identify
from events.names import contains_words, mixed_scripts, normalise
from events.said import party_key, subjects_of
from tests.builders import added, removed, reported, responded, revised


@given(st.text())
def test_to_normalise_twice_changes_nothing(name: str) -> None:
    assert normalise(normalise(name)) == normalise(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hikvision Co., Ltd.", "HIKVISION CO LTD"),
        (
            "Xinjiang Uighur Autonomous Region (XUAR) People’s Government",
            "xinjiang uighur autonomous region xuar peoples government",
        ),
        ("Ｈｕａｗｅｉ", "Huawei"),
        ("E\u0301cole", "\u00c9cole"),
        ("Yixin Science & Technology", "Yixin Science  Technology"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(("one", "other"), [("Huawei", "Hua Wei"), ("海康威视", "大华股份"), ("Yitu", "Yitu Technology")])
def test_other_names(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize(
    ("name", "query", "expected"),
    [
        ("beijing sensetime technology", "sensetime", True),
        ("beijing sensetime technology", "sense", False),
        ("beijing sensetime technology", "sensetime technology", True),
        ("beijing sensetime technology", "", False),
    ],
)
def test_words_within_a_name(name: str, query: str, expected: bool) -> None:
    assert contains_words(name, query) is expected


def test_a_claim_is_named_by_what_it_is_about_and_nothing_else() -> None:
    first = identify("document/a/1", [added("Acme", claim=""), added("Other", claim=""), added("Acme", claim="")])
    again = identify("document/a/1", [added("ACME", effective="2031-01-01", country="US"), added("Acme")])
    assert [one.place for one in first] == [0, 1, 2]
    assert len({one.claim for one in first}) == 3
    assert [again[0].claim, again[1].claim] == [first[0].claim, first[2].claim]
    assert identify("document/a/2", [added("Acme")])[0].claim != first[0].claim
    assert first[0].claim == claim_id("document/a/1", "entity-added", [first[0].list, first[0].destination, "Acme"], 0)


def test_what_a_statement_must_be_settled_with() -> None:
    assert subjects_of(added("Acme, Inc.")) == ("listing:us-bis-el:acme inc",)
    assert subjects_of(revised("Acme", new_name="Apex")) == ("listing:us-bis-el:acme", "listing:us-bis-el:apex")
    assert subjects_of(removed("Acme")) == ("listing:us-bis-el:acme",)
    assert subjects_of(reported(None, party_name="No Body")) == ("reported:us-bis-el:~no body",)
    assert subjects_of(responded()) == ("pair:mit:huawei",)
    assert subjects_of(responded(party=None, party_name=None, scope="list:us-bis-el")) == ("pair:mit:list:us-bis-el",)
    assert party_key(None, "No Body!") == "~no body"


@pytest.mark.parametrize(
    ("name", "scripts"),
    [
        ("Hu\u0430wei Technologies", ("Latin", "Cyrillic")),
        ("\u041cIT", ("Latin", "Cyrillic")),
        ("Huaw\u03b5i", ("Latin", "Greek")),
        ("Huawei \u0422ехнолоджис", ()),
        ("Huawei", ()),
        ("SK海力士", ()),
        ("Universität Zürich", ()),
        ("Ｈｕａｗｅｉ", ()),
        ("", ()),
    ],
)
def test_scripts_that_look_alike_are_told_within_a_word(name: str, scripts: tuple[str, ...]) -> None:
    assert mixed_scripts(name) == scripts
