"""What a watch takes: any of whom it names, narrowed by all else; the index says what each query says alone."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.operations import WatchAdded
from projections.rows import ChangeRow
from tests.builders import CHINA, NOW
from tracker.matching import Index, Query, query_of, subjects_of

ENTRY = ChangeRow(
    change=1, position=7, day=None, date="2019-10-09", type="entity-added", kind="learnt", party="huawei", parties=("huawei",),
    list="us-bis-el", name="Huawei Technologies Co., Ltd.", summary="Huawei Technologies added to the Entity List",
    fact="l1", claim="c1", listing="l1", destination=CHINA, country="CN", standing="official", source="federal-register",
    language="en", title="Addition of Entities", names=("huawei technologies co ltd", "hwt"),
)  # fmt: skip
RESPONSE = ChangeRow(
    change=2, position=8, day=None, date="2019-10-09", type="institution-responded", kind="learnt", institution="mit",
    party="huawei", parties=("huawei",), name="Huawei", summary="MIT is reviewing its relations with Huawei", fact="f1",
    claim="f1", stance="reviewing", standing="reported", source="post", language="fr", title="Le MIT", names=("huawei", "mit"),
)  # fmt: skip
FAILURE = ChangeRow(
    change=None, position=9, day=None, date="2019-10-09", type="source-failed", kind="learnt", name="post",
    summary="source post fails: 503", fact="source:post:9", source="post",
)  # fmt: skip


def taken(saved: tuple[str, ...] = (), **filters: Any) -> set[str]:
    """The types of what a watch with these filters takes."""
    terms = WatchAdded(watch="w", since=NOW, **filters)
    index = Index([query_of(terms, lambda _: saved)])
    return {one.type for one in (ENTRY, RESPONSE, FAILURE) if index.matching(one)}


BOTH, ADDED, RESPONDED, FAILED, NOTHING = (
    {"entity-added", "institution-responded"}, {"entity-added"}, {"institution-responded"}, {"source-failed"}, set[str]()
)  # fmt: skip


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, BOTH),
        ({"parties": ("huawei",)}, BOTH),
        ({"institutions": ("mit",)}, RESPONDED),
        ({"institutions": ("mit",), "lists": ("us-bis-el",)}, BOTH),
        ({"listings": ("l1",)}, ADDED),
        ({"listings": ("HUAWEI Technologies Co Ltd",)}, ADDED),
        ({"listings": ("Huawei",)}, NOTHING),
        ({"destinations": ("CN",)}, ADDED),
        ({"destinations": ("china, people's republic of",)}, ADDED),
        ({"parties": ("huawei",), "types": ("institution-responded",)}, RESPONDED),
        ({"types": ("entity-added",)}, ADDED),
        ({"sources": ("post",)}, RESPONDED),
        ({"stances": ("reviewing",)}, RESPONDED),
        ({"stances": ("denying",)}, NOTHING),
        ({"languages": ("en",)}, ADDED),
        ({"words": ("entity list", "nothing else")}, ADDED),
        ({"words": ("tity lis",)}, NOTHING),
        ({"words": ("le mit",)}, RESPONDED),
        ({"standing": "first-hand"}, ADDED),
        ({"standing": "reported"}, BOTH),
        ({"operators": True}, BOTH | FAILED),
        ({"operators": True, "parties": ("zte",)}, FAILED),
        ({"types": ("source-failed",)}, FAILED),
        ({"types": ("source-failed",), "sources": ("other",)}, NOTHING),
        ({"parties": ("huawei",), "lists": ("us-bis-el",), "words": ("reviewing",), "languages": ("fr",)}, RESPONDED),
    ],
)
def test_what_is_taken(filters: dict[str, Any], expected: set[str]) -> None:
    assert taken(**filters) == expected


@pytest.mark.parametrize(
    ("saved", "expected"),
    [
        (("HWT",), ADDED),
        (("Huawei Technologies Co., Ltd. (a.k.a. “HWT”)",), ADDED),
        (("Huawei", "Acme"), RESPONDED),
        (("Acme",), NOTHING),
        ((), NOTHING),
    ],
)
def test_a_saved_list_takes_whoever_goes_by_one_of_its_names(saved: tuple[str, ...], expected: set[str]) -> None:
    assert taken(saved, names=("names:w-1-1",)) == expected


def test_a_saved_name_takes_what_is_known_of_whom_the_registers_call_so() -> None:
    """An entry is listed as Huawei Technologies Co., Ltd.; the partner is saved as Huawei."""
    terms = WatchAdded(watch="w", since=NOW, names=("names:w-1-1",), institutions=("mit",))
    called = {"Huawei": [("party", "huawei"), ("institution", "huawei")], "MIT": [("institution", "mit")]}
    query = query_of(terms, lambda _: ["Huawei", "MIT"], lambda name: called[name])
    assert (query.institutions, query.parties) == (("mit", "huawei"), ("huawei",))
    assert Index([query]).matching(ENTRY) == [0]


def test_what_is_withdrawn_reaches_who_named_it_whatever_it_says_now() -> None:
    gone = ChangeRow(**{name: getattr(RESPONSE, name) for name in RESPONSE.__struct_fields__} | {"kind": "withdrawn"})
    assert Index([Query(parties=("huawei",), words=("something else",))]).matching(gone) == [0]


some = st.lists(st.sampled_from(["mit", "huawei", "us-bis-el", "cn", "l1", "hwt", "x"]), max_size=2).map(tuple)
queries = st.builds(
    Query, institutions=some, parties=some, lists=some, destinations=some, listings=some, names=some,
    types=st.lists(st.sampled_from(["entity-added", "institution-responded", "source-failed"]), max_size=2).map(tuple),
    sources=st.sampled_from([(), ("post",)]), languages=st.sampled_from([(), ("fr",)]), operators=st.booleans(),
)  # fmt: skip


@given(st.lists(queries, max_size=6))
def test_the_index_says_what_each_query_says_alone(asked: list[Query]) -> None:
    index = Index(asked)
    for change in (ENTRY, RESPONSE):
        keys = set(subjects_of(change))
        plain = [
            number
            for number, query in enumerate(asked)
            if (not query.names_something or keys & set(query.subjects())) and query.takes(change, lambda: "")
        ]
        assert index.matching(change) == plain
