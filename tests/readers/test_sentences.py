"""Sentences and their places."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.readers.sentences import sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("The U.S. added it. The firm spoke.", ["The U.S. added it.", "The firm spoke."]),
        ("It fled the U.S. The firm spoke.", ["It fled the U.S.", "The firm spoke."]),
        ("Huawei Technologies Co. Ltd. has spoken.", ["Huawei Technologies Co. Ltd. has spoken."]),
        ("J. Smith spoke to Dr. Who.", ["J. Smith spoke to Dr. Who."]),
        ("On Monday J.P. Morgan left. It spoke.", ["On Monday J.P. Morgan left.", "It spoke."]),
        ("It sat in Washington, D.C. The firm spoke.", ["It sat in Washington, D.C.", "The firm spoke."]),
        ("It cost 3.5 million.", ["It cost 3.5 million."]),
        ("He said, “We are sad. We will go.” Then he left.", ["He said, “We are sad.", "We will go.”", "Then he left."]),
        ("Il a dit : « Nous partons. » Puis il est parti.", ["Il a dit : « Nous partons. »", "Puis il est parti."]),
        ("It was resolved.The firm spoke.", ["It was resolved.", "The firm spoke."]),
        ("avec SenseTime,L'une des huit", ["avec SenseTime,L'une des huit"]),
        ("It ended in 2018. iFlytek was listed.", ["It ended in 2018.", "iFlytek was listed."]),
        ("Headline\n\nBody text", ["Headline", "Body text"]),
        ("商汤表示失望。华为没有回应。", ["商汤表示失望。", "华为没有回应。"]),
        ("", []),
    ],
)
def test_cut(text: str, parts: list[str]) -> None:
    assert [each.text for each in sentences(text)] == parts


def test_abbreviations_of_a_language() -> None:
    assert len(sentences("Voir chap. Deux ici.", ["chap."])) == 1


@given(st.text(alphabet="aB .!?«»“”\"'\n,é商。U.S", max_size=200))
def test_places_are_exact_and_nothing_is_lost(text: str) -> None:
    found = sentences(text)
    assert all(text[each.start : each.end] == each.text for each in found)
    assert "".join("".join(each.text for each in found).split()) == "".join(text.split())
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_what_never_ends_is_cut() -> None:
    assert max(len(each.text) for each in sentences("word " * 5000)) <= 4000
