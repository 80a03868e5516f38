"""The change log: each thing learnt once, in words that say what kind of news it is."""

from typing import Any

from events.base import Event
from events.decisions import ClaimRejected, PartyLinked
from events.statements import RuleInForce
from projections import queries
from projections.effects import taking_effect
from tests.builders import (
    LIST,
    added,
    claims_of,
    corrected,
    ended,
    evidence,
    found,
    reading,
    removed,
    responded,
    revised,
    suspended,
)
from tests.histories import Append, Memory
from tests.projections.snapshots import views_of

RULE, SECOND, POST, OTHER = "document/federal-register/1", "document/federal-register/2", "document/post/a", "document/review/b"

Line = tuple[str, str, str | None, str]


def log(*appends: tuple[str, list[Event]]) -> list[Line]:
    """Kind, type, name and date of every change."""
    with views_of(Memory([Append(stream, tuple(events)) for stream, events in appends])) as store, store.reading() as database:
        rows = queries.changes(database)
        assert [row.change for row in rows] == list(range(1, len(rows) + 1))
        return [(row.kind, row.type, row.name, row.date) for row in rows]


def doc(stream: str, *statements: Any, **more: Any) -> tuple[str, list[Event]]:
    return stream, reading(stream, *statements, **more)


def test_entries_are_learnt() -> None:
    assert log(doc(RULE, added("B"), added("A"))) == [
        ("learnt", "entity-added", "A", "2019-10-09"), ("learnt", "entity-added", "B", "2019-10-09")
    ]  # fmt: skip


def test_amendments_of_an_entry_are_learnt() -> None:
    lines = log(doc(RULE, added("A")), doc(SECOND, revised("A", "2020-01-01", new_name="B"), removed("B", "2020-02-01")))
    assert [(kind, topic, date) for kind, topic, _, date in lines] == [
        ("learnt", "entity-added", "2019-10-09"), ("learnt", "entity-revised", "2020-01-01"),
        ("learnt", "entity-removed", "2020-02-01"),
    ]  # fmt: skip


def test_each_amendment_is_told_in_the_words_of_its_time() -> None:
    twice = [revised("A", "2020-01-01", new_name="B"), revised("B", "2020-02-01", new_name="C")]
    ledger = Memory([Append(RULE, tuple(reading(RULE, added("A")))), Append(SECOND, tuple(reading(SECOND, *twice)))])
    with views_of(ledger) as store, store.reading() as database:
        assert [row.summary.split(" (")[0] for row in queries.changes(database)] == ["A", "B", "C"]


def test_a_second_source_of_the_same_is_no_news() -> None:
    assert len(log(doc(POST, ended("2019-04-03")), doc(OTHER, ended("2019-04-03"), published="2019-10-10"))) == 1


def test_a_second_source_that_tells_more_is_news() -> None:
    lines = log(doc(POST, ended("2019")), doc(OTHER, ended("2019-04-03"), published="2019-10-10"))
    assert lines == [("learnt", "tie-ended", "Huawei", "2019"), ("learnt", "tie-ended", "Huawei", "2019-04-03")]


def test_an_edit_corrects() -> None:
    lines = log(doc(RULE, added("A", "2019-10-09")), doc(RULE, added("A", "2019-10-10"), version=2))
    assert lines[1:] == [("corrected", "entity-added", "A", "2019-10-10")]


def test_an_edit_that_drops_a_statement_withdraws_it() -> None:
    lines = log(doc(POST, ended("2019-04-03"), responded("2019-10-08")), doc(POST, responded("2019-10-08"), version=2))
    assert lines[2:] == [("withdrawn", "tie-ended", "Huawei", "2019-04-03")]


def test_a_decision_withdraws() -> None:
    first = doc(POST, ended("2019-04-03"))
    (claim,) = claims_of(first[1])
    lines = log(first, (f"decision/{claim}", [ClaimRejected(claim=claim, reason="no", by="ada")]))
    assert lines[1:] == [("withdrawn", "tie-ended", "Huawei", "2019-04-03")]


def test_a_better_reader_rereads() -> None:
    lines = log(doc(RULE, added("A", "2019-10-09")), doc(RULE, added("A", "2019-10-09"), added("B", "2019-10-09"), again=True))
    assert lines[1:] == [("reread", "entity-added", "B", "2019-10-09")]


def test_a_printed_name_that_the_register_comes_to_know_moves_the_fact() -> None:
    """The claim keeps its id and changes its subject: views that could not follow would stop for good."""
    lines = log(doc(POST, ended("2019-04-03", party=None)), doc(POST, ended("2019-04-03"), version=2))
    assert lines == [("learnt", "tie-ended", "Huawei", "2019-04-03")] * 2, "told again, since now it is known whose it is"


def test_a_rename_that_changes_only_punctuation_is_followed() -> None:
    lines = log(doc(RULE, added("Acme Co Ltd")), doc(SECOND, revised("Acme Co Ltd", "2020-01-01", new_name="Acme Co., Ltd.")))
    assert [topic for _, topic, _, _ in lines] == ["entity-added", "entity-revised"]


def test_a_link_is_no_news_by_itself_and_names_the_party_from_then_on() -> None:
    link: list[Event] = [PartyLinked(party="acme", list=LIST, name="A")]
    appends = [Append(*one) for one in (("register/parties", tuple(link)), (RULE, tuple(reading(RULE, added("A")))))]
    with views_of(Memory(appends)) as store, store.reading() as database:
        assert [row.parties for row in queries.changes(database)] == [("acme",)]


def test_effects_between_days() -> None:
    appends = [doc(RULE, added("A", "2019-10-12")), doc(SECOND, removed("A", "2019-10-14"))]
    ledger = Memory([Append(stream, tuple(events)) for stream, events in appends])

    def effects(after: str, until: str, learnt_by: int | None = None) -> list[tuple[str | None, str]]:
        return [(row.day, row.type) for row in taking_effect(database, after, until, learnt_by)]

    with views_of(ledger) as store, store.reading() as database:
        assert effects("2019-10-11", "2019-10-14") == [("2019-10-12", "entity-added"), ("2019-10-14", "entity-removed")]
        assert effects("2019-10-12", "2019-10-13") == []
        assert effects("2019-10-11", "2019-10-14", learnt_by=0) == []
        assert effects("2019-10-11", "2019-10-14", learnt_by=3) == [("2019-10-12", "entity-added")]


def test_an_answer_is_complete_from_the_first_rule_that_was_read() -> None:
    appends = [doc(RULE, added("A"), published="2019-10-09"), doc(SECOND, added("B"), published="2019-05-21")]
    with views_of(Memory([Append(stream, tuple(events)) for stream, events in appends])) as store, store.reading() as database:
        assert queries.complete_from(database) == "2019-05-21"


# Hard days


def test_a_correction_is_told_as_one() -> None:
    lines = log(doc(RULE, added("Acme")), doc(SECOND, corrected("Acme", "Acme", "Apex", corrects="1"), published="2019-11-01"))
    assert lines[1:] == [("corrected", "entity-corrected", "Apex", "2019-11-01")]


def test_a_correcting_amendment_is_told_as_a_correction() -> None:
    lines = log(doc(RULE, added("A")), doc(SECOND, revised("A", "2019-12-08", license_requirement="All", corrects="1")))
    assert lines[1:] == [("corrected", "entity-revised", "A", "2019-12-08")]


def test_a_filing_is_announced_then_published_and_nothing_else() -> None:
    filed = doc(RULE, added("A"), rendition="inspection")
    published = doc(RULE, added("A", addresses=("Here",), license_requirement="All"), version=2)
    assert log(filed, published) == [
        ("learnt", "entity-added", "A", "2019-10-09"), ("learnt", "entity-added", "A", "2019-10-09")
    ]  # fmt: skip


def test_a_filing_that_is_withdrawn_is_told() -> None:
    lines = log(doc(RULE, added("A"), rendition="inspection"), doc(RULE, version=2, rendition="inspection"))
    assert [line[0] for line in lines] == ["learnt", "withdrawn"]


def test_a_filed_removal_is_told_before_it_takes_effect_and_when_it_is_published() -> None:
    lines = log(doc(RULE, added("A")), doc(SECOND, removed("A"), rendition="inspection"), doc(SECOND, removed("A"), version=2))
    assert lines[1:] == [("learnt", "entity-removed", "A", "2020-01-01")] * 2


def test_a_suspension_and_its_end_flip_on_their_days() -> None:
    lines = doc(RULE, added("A")), doc(SECOND, suspended("A", "2020-01-01", "2020-12-31"))
    with views_of(Memory([Append(stream, tuple(events)) for stream, events in lines])) as store, store.reading() as database:
        rows = taking_effect(database, "2019-12-01", "2021-12-31")
    assert [(row.day, row.type) for row in rows] == [("2020-01-01", "entity-suspended"), ("2021-01-01", "entity-reinstated")]


def test_a_rule_read_later_takes_the_place_of_a_copy() -> None:
    lines = log(doc("document/ecfr/a", found("A", "2021-01-01")), doc(RULE, added("A")))
    assert lines == [("learnt", "entity-found", "A", "2019-10-09"), ("learnt", "entity-added", "A", "2019-10-09")]


def test_a_rule_with_a_term_ends_without_a_document() -> None:
    term = RuleInForce(evidence=evidence(), list=LIST, title="A suspension", effective="2025-11-10", until="2026-11-09")
    lines = doc(RULE, term), doc(RULE, version=2)
    with views_of(Memory([Append(lines[0][0], tuple(lines[0][1]))])) as store, store.reading() as database:
        rows = taking_effect(database, "2025-01-01", "2026-12-31")
        assert [(row.day, row.type) for row in rows] == [("2025-11-10", "rule-in-force"), ("2026-11-10", "rule-ended")]
        assert "ended on 2026-11-09 by its own terms" in rows[1].summary
    assert [line[0] for line in log(*lines)] == ["learnt", "withdrawn"]
