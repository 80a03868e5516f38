"""Amendments, in legal order, into each entry's history: given these, then those periods."""

from itertools import permutations

import pytest

from events.listings import settle_list
from events.periods import Listing, ListSettlement, on_day
from events.said import Said
from tests.builders import CHINA, added, instant, removed, reported, revised, said


def periods(listing: Listing) -> list[tuple[str, str | None, str]]:
    return [(one.start, one.end, one.name) for one in listing.periods]


def settled(*amendments: Said) -> ListSettlement:
    """Settles, and sees that the order of arrival makes no difference."""
    results = [settle_list(order) for order in permutations(amendments)]
    assert all(result == results[0] for result in results)
    return results[0]


ADDED = said(added("Acme", "2019-10-09"), "2019-10-09", document="rule-1")

HISTORIES = {
    "added": ([ADDED], [("2019-10-09", None, "Acme")]),
    "revised": (
        [ADDED, said(revised("Acme", "2020-01-01", addresses=("Here",)), "2019-12-30", document="rule-2")],
        [("2019-10-09", "2020-01-01", "Acme"), ("2020-01-01", None, "Acme")],
    ),
    "removed": (
        [ADDED, said(removed("Acme", "2020-06-01"), "2020-06-01", document="rule-2")],
        [("2019-10-09", "2020-06-01", "Acme")],
    ),
    "renamed, then removed by its new name": (
        [
            ADDED,
            said(revised("Acme", "2020-01-01", new_name="Apex"), "2020-01-01", document="rule-2"),
            said(removed("Apex", "2020-06-01"), "2020-06-01", document="rule-3"),
        ],
        [("2019-10-09", "2020-01-01", "Acme"), ("2020-01-01", "2020-06-01", "Apex")],
    ),
    "revised on the day it was added": (
        [ADDED, said(revised("Acme", "2019-10-09", new_name="Apex"), "2019-10-09", document="rule-2")],
        [("2019-10-09", None, "Apex")],
    ),
    "removed on the day it was added": (
        [ADDED, said(removed("Acme", "2019-10-09"), "2019-10-09", document="rule-2")],
        [("2019-10-09", "2019-10-09", "Acme")],
    ),
    "revised twice on one day, in the order of publication": (
        [
            ADDED,
            said(revised("Acme", "2020-01-01", new_name="Apex", claim="first"), "2019-12-01", document="rule-3"),
            said(revised("Apex", "2020-01-01", new_name="Zenith", claim="second"), "2019-12-02", document="rule-2"),
        ],
        [("2019-10-09", "2020-01-01", "Acme"), ("2020-01-01", None, "Zenith")],
    ),
    "in effect before it was published (24 and 27 February 2023)": (
        [said(added("Acme", "2023-02-24"), "2023-02-27", document="rule-1")],
        [("2023-02-24", None, "Acme")],
    ),
    "corrected by a rule that takes effect earlier than it is published": (
        [
            said(added("Acme", "2023-02-24"), "2023-02-27", document="rule-1"),
            said(revised("Acme", "2023-02-24", new_name="Apex"), "2023-04-11", document="rule-2"),
        ],
        [("2023-02-24", None, "Apex")],
    ),
}


@pytest.mark.parametrize(("given", "expected"), HISTORIES.values(), ids=HISTORIES)
def test_one_entry(given: list[Said], expected: list[tuple[str, str | None, str]]) -> None:
    settlement = settled(*given)
    assert settlement.unmatched == ()
    (listing,) = settlement.listings
    assert periods(listing) == expected
    assert listing.lineage == "add-Acme"
    assert len(listing.claims) == len(listing.citations) == len(given)


def test_a_revision_keeps_what_it_does_not_state() -> None:
    first = said(
        added("Acme", aliases=["AC"], addresses=("There",), license_requirement="All", footnotes=("1",)), document="rule-1"
    )
    second = said(revised("Acme", "2020-01-01", addresses=(), license_requirement="Some"), "2020-01-01", document="rule-2")
    (listing,) = settled(first, second).listings
    last = listing.last
    assert ([alias.name for alias in last.aliases], last.addresses) == (["AC"], ())
    assert (last.license_requirement, last.footnotes, last.country) == ("Some", ("1",), "CN")


def test_a_move_to_another_destination_is_the_same_lineage() -> None:
    moved = said(revised("Acme", "2020-12-23", new_destination="HONG KONG", new_country="HK"), "2020-12-23", document="rule-2")
    gone = said(removed("Acme", "2021-01-01", destination="HONG KONG"), "2021-01-01", document="rule-3")
    (listing,) = settled(ADDED, moved, gone).listings
    assert [(one.destination, one.country) for one in listing.periods] == [(CHINA, "CN"), ("HONG KONG", "HK")]
    assert listing.last.end == "2021-01-01"


def test_a_former_name_no_longer_addresses_the_entry() -> None:
    renamed = said(revised("Acme", "2020-01-01", new_name="Apex"), "2020-01-01", document="rule-2")
    by_old_name = said(removed("Acme", "2020-06-01"), "2020-06-01", document="rule-3")
    settlement = settled(ADDED, renamed, by_old_name)
    assert [one.change for one in settlement.unmatched] == ["removed"]
    assert settlement.listings[0].last.end is None
    assert settlement.listings[0].names() == ("Acme", "Apex")


def test_two_entries_of_one_name_and_destination_stay_apart() -> None:
    twin = said(added("Acme", "2019-10-09", claim="twin", place=1), "2019-10-09", document="rule-1")
    one_gone = said(removed("Acme", "2020-06-01"), "2020-06-01", document="rule-2")
    first, second = settled(ADDED, twin, one_gone).listings
    assert (first.lineage, first.last.end) == ("add-Acme", "2020-06-01")
    assert (second.lineage, second.last.end) == ("twin", None)


def test_an_entry_added_again_is_another_lineage() -> None:
    gone = said(removed("Acme", "2020-06-01"), "2020-06-01", document="rule-2")
    back = said(added("Acme", "2021-01-01", claim="back"), "2021-01-01", document="rule-3")
    settlement = settled(ADDED, gone, back)
    assert [one.lineage for one in settlement.listings] == ["add-Acme", "back"]


@pytest.mark.parametrize(
    "amendment",
    [
        revised("Nobody", "2020-01-01"),
        removed("Nobody", "2020-01-01"),
        removed("Acme", "2019-10-08"),
        removed("Acme", "2020-01-01", destination="IRAN"),
        removed("Acme", "2020-01-01", list="us-bis-uvl"),
    ],
    ids=["revised", "removed", "before it was added", "of another destination", "of another list"],
)
def test_what_addresses_no_entry_is_told(amendment: object) -> None:
    other = said(amendment, "2019-10-09", document="rule-2")  # type: ignore[arg-type]
    settlement = settled(ADDED, other)
    assert [one.claim for one in settlement.unmatched] == [other.statement.claim]
    assert periods(settlement.listings[0]) == [("2019-10-09", None, "Acme")]


def test_names_are_compared_without_case_and_punctuation() -> None:
    gone = said(removed("ACME.", "2020-01-01", destination="China, People’s Republic of"), "2020-01-01", document="rule-2")
    assert settled(ADDED, gone).listings[0].last.end == "2020-01-01"


def test_press_reports_are_not_amendments() -> None:
    assert settle_list([said(reported())]) == ListSettlement()


def test_the_citation_is_the_documents_and_the_page_the_tables() -> None:
    one = said(added("Acme", citation="84 FR 54004, 10/9/19"), citation="84 FR 54002")
    two = said(added("Other", citation="84 FR 54004, 10/9/19"))
    cited = [listing.citations[0] for listing in settle_list([one, two]).listings]
    assert [(one.citation, one.page) for one in cited] == [("84 FR 54002", "84 FR 54004"), ("84 FR 54004", "84 FR 54004")]


# What an entry is on a day


@pytest.mark.parametrize(
    ("day", "status", "name"),
    [
        ("2019-10-06", None, None),
        ("2019-10-07", "announced", "Acme"),
        ("2019-10-08", "announced", "Acme"),
        ("2019-10-09", "listed", "Acme"),
        ("2019-12-31", "listed", "Acme"),
        ("2020-01-01", "listed", "Apex"),
        ("2020-05-31", "listed", "Apex"),
        ("2020-06-01", "removed", "Apex"),
        ("2030-01-01", "removed", "Apex"),
    ],
)
def test_status_flips_on_its_day(day: str, status: str | None, name: str | None) -> None:
    amendments = [
        said(added("Acme", "2019-10-09"), "2019-10-09", document="rule-1", available=instant("2019-10-07T20:15")),
        said(revised("Acme", "2020-01-01", new_name="Apex"), "2019-12-01", document="rule-2"),
        said(removed("Apex", "2020-06-01"), "2020-06-01", document="rule-3"),
    ]
    (listing,) = settle_list(amendments).listings
    found = on_day(listing, day)
    assert (found.status if found else None, found.period.name if found else None) == (status, name)


def test_an_entry_in_effect_before_it_could_be_read_is_listed_then() -> None:
    early = said(added("Acme", "2023-02-24"), "2023-02-27", available=instant("2023-02-27"))
    (listing,) = settle_list([early]).listings
    assert on_day(listing, "2023-02-23") is None
    found = on_day(listing, "2023-02-24")
    assert found is not None
    assert found.status == "listed"


def test_an_entry_removed_on_its_first_day_was_never_listed() -> None:
    gone = said(removed("Acme", "2019-10-09"), "2019-10-09", document="rule-2")
    (listing,) = settle_list([ADDED, gone]).listings
    found = on_day(listing, "2019-10-09")
    assert found is not None
    assert found.status == "removed"
