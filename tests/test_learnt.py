"""What was learnt between two states of knowledge, and what made us learn it."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.base import Event
from events.decisions import ClaimAccepted, ClaimRejected, ClaimsMerged, ClaimsSplit, NameDecided
from tests.builders import added, claims_of, corrected, ended, reading, removed, responded, revised
from tests.histories import Append, Memory, arrivals, histories
from tests.projections.snapshots import views_of
from tracker.learnt import between_knowledge

RULE, LATER, POST, REVIEW = (
    "document/federal-register/rule-1", "document/federal-register/rule-2", "document/post/a", "document/review/b"
)  # fmt: skip


def learnt(appends: Sequence[Append], after: int, until: int | None = None, day: str = "2019-12-01") -> dict[str, Any]:
    """What was learnt with the appends past a number of them, up to another."""
    ledger = Memory(appends)
    with views_of(ledger) as store, store.reading() as database:
        return between_knowledge(database, day, ledger.ends[after], ledger.ends[len(appends) if until is None else until])


def told(stream: str, *statements: Any, **more: Any) -> Append:
    return Append(stream, tuple(reading(stream, *statements, **more)))


def decision(event: Event) -> Append:
    return Append("decision/one", (event,))


def only(answer: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The kind and the item of the one difference."""
    ((kind, item),) = [(kind, item) for kind, items in answer.items() for item in items]
    return kind, item


def test_an_entry_that_a_later_reader_does_not_find_any_more_went_by_our_reading() -> None:
    again = told(RULE, added("Acme"), again=True, reader_version=2)
    kind, item = only(learnt([told(RULE, added("Acme"), added("Apex")), again], 1))
    assert (kind, item["name"], item["cause"], item["reader"]) == ("removed", "Apex", "reading", "rule@2")


def test_an_entry_that_a_later_reader_reads_otherwise_is_no_correction() -> None:
    again = told(RULE, added("Acme", aliases=["AC"]), again=True, reader_version=2)
    kind, item = only(learnt([told(RULE, added("Acme", aliases=["CA"])), again], 1))
    assert (kind, item["cause"], item["reader"]) == ("revised", "reading", "rule@2")
    assert item["fields"] == {"aliases": {"before": ("CA",), "after": ("AC",)}}


def test_an_entry_that_a_person_rejected_or_accepted_came_or_went_by_decision() -> None:
    first = told(RULE, added("Acme"), added("Apex", standing="proposed"))
    acme, apex = claims_of(first.events)
    answer = learnt(
        [
            first,
            decision(ClaimRejected(claim=acme, reason="so", by="ada")),
            decision(ClaimAccepted(claim=apex, reason="so", by="ada")),
        ],
        1,
    )
    assert [(one["name"], one["cause"]) for one in (*answer["removed"], *answer["added"])] == [
        ("Acme", "decision"), ("Apex", "decision"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("later", "field", "cause"),
    [
        (told(LATER, corrected("Acme", "AC", "CA")), "aliases", "correction"),
        (told(LATER, revised("Acme", "2019-11-01", addresses=["Here"], corrects="rule-1")), "addresses", "correction"),
        (told(LATER, revised("Acme", "2019-11-01", addresses=["Here"])), "addresses", "source"),
        (told(RULE, added("Acme", aliases=["CA"]), version=2), "aliases", "source"),
    ],
)
def test_a_correction_is_told_from_a_revision_and_from_a_changed_document(later: Append, field: str, cause: str) -> None:
    kind, item = only(learnt([told(RULE, added("Acme", aliases=["AC"])), later], 1))
    assert (kind, list(item["fields"]), item["cause"], item["reader"]) == ("revised", [field], cause, None)


def test_of_several_the_one_that_made_it_so_is_the_cause() -> None:
    history = [
        told(RULE, added("Acme"), added("Apex")),
        told(LATER, removed("Apex", "2019-11-01")),
        told(RULE, added("Acme", aliases=["AC"]), added("Apex"), again=True, reader_version=2),
    ]
    answer = learnt(history, 1)
    assert [(one["name"], one["cause"]) for one in answer["removed"]] == [("Apex", "source")]
    assert [(one["name"], one["cause"]) for one in answer["revised"]] == [("Acme", "reading")]
    assert {(one["name"], one["cause"]) for one in learnt(history, 0)["added"]} == {("Acme", "source")}


def test_a_fact_that_is_told_no_more_is_withdrawn() -> None:
    post = told(POST, responded("2019-10-08"), ended("2019-04-03"))
    for later, cause in (
        (told(POST, responded("2019-10-08"), version=2), "source"),
        (told(POST, responded("2019-10-08"), again=True, reader_version=2), "reading"),
        (decision(ClaimRejected(claim=claims_of(post.events)[1], reason="so", by="ada")), "decision"),
    ):
        kind, item = only(learnt([post, later], 1))
        assert (kind, item["type"], item["into"], item["cause"]) == ("withdrawn", "tie-ended", None, cause)


def test_a_fact_that_another_source_tells_too_is_the_same_fact_changed() -> None:
    earlier = told(REVIEW, ended("2019-04-03", extent=("funding",)), published="2019-10-01")
    kind, item = only(learnt([told(POST, ended("2019-04-03")), earlier], 1))
    assert (kind, item["cause"]) == ("changed", "source")
    assert item["fields"]["sources"] == {"before": 1, "after": 2}


def test_what_a_person_parted_and_joined_is_a_decision() -> None:
    history = [told(POST, ended("2019-04-03")), told(REVIEW, ended("2019-04-03"), published="2019-10-10")]
    (first,), (second,) = (claims_of(one.events) for one in history)
    history += [
        decision(ClaimsSplit(claims=(second,), others=(first,), reason="so", by="ada")),
        decision(ClaimsMerged(claims=(first, second), reason="so", by="ada")),
    ]
    parted = learnt(history, 2, 3)
    assert [(one["fact"], one["cause"]) for one in parted["ties"]] == [(second, "decision")]
    assert [(one["fact"], one["cause"], one["fields"]["sources"]["after"]) for one in parted["changed"]] == [
        (first, "decision", 1)
    ]
    joined = learnt(history, 3)
    assert [(one["fact"], one["into"], one["cause"]) for one in joined["withdrawn"]] == [(second, first, "decision")]
    assert not any(learnt(history, 2).values())


def test_a_name_that_a_person_gave_to_an_institution_is_a_decision() -> None:
    post = told(POST, responded("2019-10-08", institution=None, institution_name="The Tech"))
    named = decision(NameDecided(role="institution", name="The Tech", entry="mit", reason="so", by="ada"))
    kind, item = only(learnt([post, named], 1))
    assert (kind, item["fields"], item["cause"]) == ("changed", {"institution": {"before": None, "after": "mit"}}, "decision")


@settings(max_examples=60)
@given(data=st.data())
def test_what_was_learnt_by_then_is_never_changed_by_what_comes_later(data: st.DataObject) -> None:
    appends: list[Append] = data.draw(histories().flatmap(arrivals))
    count = st.integers(0, len(appends))
    after, until = sorted(data.draw(st.tuples(count, count)))
    whole, then = learnt(appends, after, until), learnt(appends[:until], after, until)
    assert whole == then
