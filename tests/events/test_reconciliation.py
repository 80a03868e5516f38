"""The fold held against copies: every kind of difference, and its cause."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.listings import settle_list
from events.periods import Listing
from events.reconciliation import CAUSES, Copy, reconcile
from events.said import Said
from events.snapshots import SnapshotEntry
from events.statements import Alias, Cited
from tests.builders import CHINA, added, corrected, removed, revised, said

DAY = "2020-06-01"


def listed(*amendments: Said) -> tuple[Listing, ...]:
    return settle_list(amendments).listings


def rule(statement: Any, published: str = "2019-10-09", number: str = "rule-1", **more: Any) -> Said:
    return said(statement, published, document=f"rule/{number}", citation=more.pop("citation", "84 FR 54002"), **more)


def ours(name: str = "Acme", **more: Any) -> Said:
    fields: dict[str, Any] = {"aliases": ["Acme Works"], "addresses": ("1 High Street",), **more}
    return rule(added(name, "2019-10-09", citation="84 FR 54004", **fields))


def theirs(name: str = "Acme", **more: Any) -> SnapshotEntry:
    fields: dict[str, Any] = {
        "destinations": (CHINA,),
        "aliases": (Alias(name="Acme Works"),),
        "addresses": ("1 High Street",),
        "citations": (Cited(citation="84 FR 54004", published="2019-10-09"),),
        **more,
    }
    return SnapshotEntry(list="us-bis-el", name=name, **fields)


def compared(mine: tuple[Listing, ...], *copied: SnapshotEntry, waiting: frozenset[str] = frozenset(), **more: Any) -> list[str]:
    """The differences as words; headings unless told otherwise."""
    found = reconcile(mine, Copy(on=DAY, entries=copied, **{"headings": True, **more}), waiting)
    return [" ".join(filter(None, (one.kind, one.field, one.name, "-", one.explanation))) for one in found.differences]


def test_what_agrees_is_counted() -> None:
    found = reconcile(listed(ours()), Copy(on=DAY, entries=(theirs(),), headings=True))
    assert (found.agree, found.differences) == (1, ())


RENAMED = (ours(), rule(revised("Acme", "2020-05-28", new_name="Apex"), "2020-05-28", "rule-2", citation="85 FR 1"))
REVISED = (ours(), rule(revised("Acme", "2020-05-28", addresses=("2 Low Road",)), "2020-05-28", "rule-2", citation="85 FR 1"))
SILENT = (
    ours(),
    rule(revised("Acme", "2020-01-01", addresses=("2 Low Road",), corrects="rule-1"), "2020-01-01", "rule-2", citation="85 FR 1"),
)
GONE = (ours(), rule(removed("Acme", "2020-05-28"), "2020-05-28", "rule-2", citation="85 FR 1"))
LONG_GONE = (ours(), rule(removed("Acme", "2020-01-28"), "2020-01-28", "rule-2", citation="85 FR 1"))
NEW = (rule(added("Acme", "2020-05-29"), "2020-05-29"),)
LISTS: dict[str, tuple[tuple[Said, ...], tuple[SnapshotEntry, ...], list[str]]] = {
    "not there yet": (NEW, (), ["missing Acme - lag"]),
    "not there at all": ((ours(),), (), ["missing Acme - truly different"]),
    "still there": (GONE, (theirs(),), ["extra Acme - lag"]),
    "still there after months": (LONG_GONE, (theirs(),), ["extra Acme - truly different"]),
    "under its old name": (RENAMED, (theirs(),), ["differing name Apex - name drift"]),
    "misspelt at the same address": (
        (ours("Acme Tools"),), (theirs("Acme Tolls"),), ["differing name Acme Tools - name drift"]
    ),
    "with its other name in brackets": (
        (ours("Acme (a.k.a. Apex)"),), (theirs(),), ["differing name Acme (a.k.a. Apex) - name drift"]
    ),
    "as it read before": (REVISED, (theirs(),), ["differing addresses Acme - lag", "differing citations Acme - lag"]),
    "as it read before a correction that left no citation": (
        SILENT, (theirs(),), ["differing addresses Acme - revision without a citation"]
    ),
    "with another page": (
        (ours(),), (theirs(citations=(Cited(citation="84 FR 54009"),)),), ["differing citations Acme - citation page"]
    ),
    "with another address": (
        (ours(),), (theirs(addresses=("9 Elsewhere",)),), ["differing addresses Acme - truly different"]
    ),
    "with marks and spaces of its own": ((ours(),), (theirs(addresses=("1, High-Street.",)),), []),
    "with its items cut elsewhere": (
        (ours(addresses=("1 High Street; and 2 Low Road",)),), (theirs(addresses=("1 High Street", "2 Low Road")),), []
    ),
    "without an alias that is not ASCII": (
        (ours(aliases=["Acme Works", "顶点"]),), (theirs(),), ["differing aliases Acme - dropped characters"]
    ),
    "with an accent lost": (
        (ours(aliases=["Acmé Works"]),), (theirs(aliases=(Alias(name="Acm Works"),)),),
        ["differing aliases Acme - dropped characters"],
    ),
    "with the mark of a footnote": (
        (ours(license_requirement="All items", footnotes=("4",)),), (theirs(license_requirement="All items 4"),), []
    ),
    "without a field that it does not print": ((ours(license_requirement="All items"),), (theirs(),), []),
}  # fmt: skip


@pytest.mark.parametrize(("mine", "copied", "expected"), LISTS.values(), ids=LISTS)
def test_each_difference_has_its_cause(mine: tuple[Said, ...], copied: tuple[SnapshotEntry, ...], expected: list[str]) -> None:
    assert compared(listed(*mine), *copied) == expected


def test_two_entries_of_one_name_are_paired_by_what_they_say() -> None:
    mine = listed(ours(), ours(claim="twin", addresses=("2 Low Road",), place=1))
    assert compared(mine, theirs(addresses=("2 Low Road",)), theirs()) == []


def test_one_record_may_stand_for_several_destinations() -> None:
    mine = listed(ours(), ours(destination="IRAN", country="IR", claim="there", addresses=("5 There",), place=1))
    record = theirs(destinations=("CN", "IR"), addresses=("1 High Street", "5 There"))
    assert compared(mine, record, headings=False) == [
        "differing addresses Acme - merged destinations",
        "differing destination Acme - merged destinations",
        "differing addresses Acme - merged destinations",
        "differing destination Acme - merged destinations",
    ]


def test_a_record_that_lost_one_of_its_destinations_still_stands_for_it() -> None:
    mine = listed(ours(), ours(destination="IRAN", country="IR", claim="there", place=1))
    assert "missing Acme - merged destinations" in compared(mine, theirs(destinations=("CN",)), headings=False)


def test_what_waits_here_is_said_to_wait() -> None:
    assert compared((), theirs(), waiting=frozenset({"acme"})) == ["extra Acme - waits here"]
    assert compared(listed(ours()), theirs(addresses=("9 Elsewhere",)), waiting=frozenset({"acme"})) == [
        "differing addresses Acme - waits here"
    ]


def test_what_is_older_than_the_rules_on_hand_is_not_on_hand() -> None:
    old = theirs(citations=(Cited(citation="62 FR 4910", published="1997-02-03"),))
    assert compared((), old, complete_from="2010-01-01") == ["extra Acme - not on hand"]
    assert compared((), old, complete_from="1997-01-01") == ["extra Acme - truly different"]


def test_a_copy_newer_than_the_rules_may_show_a_rule_not_on_hand() -> None:
    other = theirs(addresses=("9 Elsewhere",))
    assert compared(listed(ours()), other, read_until="2020-05-31") == ["differing addresses Acme - not on hand"]
    assert compared((), theirs(), read_until="2020-05-31") == ["extra Acme - not on hand"]
    assert compared(listed(ours()), other, read_until=DAY) == ["differing addresses Acme - truly different"]


@pytest.mark.parametrize(("published", "cause"), [("2020-05-28", "lag"), ("2020-01-28", "revision without a citation")])
def test_a_copy_may_print_what_a_correction_put_right(published: str, cause: str) -> None:
    words = corrected(wrong="Hihg", right="High")
    mine = listed(ours(addresses=("1 Hihg Street",)), said(words, published, document="rule/C1-rule-1"))
    assert compared(mine, theirs(addresses=("1 Hihg Street",))) == [f"differing addresses Acme - {cause}"]


NAMES = st.sampled_from(["Acme", "Apex", "Acme Works"])
ENTRIES = st.lists(st.builds(theirs, NAMES, addresses=st.sampled_from([(), ("1 High Street",), ("2 Low Road",)])), max_size=5)
MINE = st.lists(st.builds(lambda name, n: ours(name, claim=f"{name}{n}", place=n), NAMES, st.integers(0, 3)), max_size=4)


@given(MINE, ENTRIES, st.randoms(use_true_random=False))
def test_every_entry_is_accounted_for_once_in_any_order(mine: list[Said], copied: list[SnapshotEntry], chance: Any) -> None:
    listings = listed(*{one.statement.claim: one for one in mine}.values())
    found = reconcile(listings, Copy(on=DAY, entries=tuple(copied), headings=True))
    missing = sum(one.kind == "missing" for one in found.differences)
    extra = sum(one.kind == "extra" for one in found.differences)
    assert len(listings) - missing == len(copied) - extra
    assert all(one.explanation in CAUSES for one in found.differences)
    shuffled = copied.copy()
    chance.shuffle(shuffled)
    assert reconcile(listings, Copy(on=DAY, entries=tuple(shuffled), headings=True)).agree == found.agree
