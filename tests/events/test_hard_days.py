"""Corrections, suspensions, terms, filings and official copies, settled: given these, then those histories."""

from itertools import permutations

import pytest

from events.listings import settle_list
from events.periods import Listing, ListSettlement, on_day, turns
from events.said import Said
from events.statements import RuleInForce
from tests.builders import added, corrected, evidence, found, instant, removed, reported, revised, said, suspended


def settled(*amendments: Said) -> ListSettlement:
    """Settles, and sees that the order of arrival makes no difference."""
    results = [settle_list(order) for order in permutations(amendments)]
    assert all(result == results[0] for result in results)
    return results[0]


def one(*amendments: Said) -> Listing:
    """The one listing that they settle to, with nothing left over."""
    settlement = settled(*amendments)
    assert settlement.unmatched == ()
    (listing,) = settlement.listings
    return listing


def statuses(listing: Listing, *days: str) -> list[str | None]:
    return [status.status if (status := on_day(listing, day)) else None for day in days]


ADDED = said(added("Acme", aliases=["Acme Coxpany"], addresses=("1 Coxpany Road",)), document="rule/rule-1")
CORRECTION = said(corrected(wrong="Coxpany", right="Company"), "2019-11-01", document="rule/C1-rule-1", citation="84 FR 60000")


# Corrections


def test_corrected_words_read_so_from_the_start() -> None:
    listing = one(ADDED, CORRECTION)
    (period,) = listing.periods
    assert (period.start, [alias.name for alias in period.aliases]) == ("2019-10-09", ["Acme Company"])
    assert period.addresses == ("1 Company Road",)
    assert listing.claims == ("add-Acme",)
    assert [(c.corrects, c.wrong, c.right, c.citation) for c in listing.corrections] == [
        ("rule-1", "Coxpany", "Company", "84 FR 60000")
    ]
    assert len(listing.citations) == 1, "the list itself goes on citing the rule"


def test_a_corrected_name_is_the_one_that_later_rules_find() -> None:
    wrong = said(added("Acxe"), document="rule/rule-1")
    correction = said(corrected("Acxe", "Acxe", "Acme"), "2019-11-01", document="rule/C1-rule-1")
    gone = said(removed("Acme", "2020-06-01"), "2020-06-01", document="rule/rule-2")
    listing = one(wrong, correction, gone)
    assert (listing.last.name, listing.last.end) == ("Acme", "2020-06-01")


def test_two_corrections_of_one_rule_both_count() -> None:
    second = said(corrected(wrong="Road", right="Street", claim="second"), "2019-12-01", document="rule/R1-rule-1")
    listing = one(ADDED, CORRECTION, second)
    assert listing.last.addresses == ("1 Company Street",)
    assert [c.claim for c in listing.corrections] == ["correct-Acme-Coxpany", "second"]


def test_a_correction_of_a_correction_follows_it() -> None:
    again = said(corrected(wrong="Company", right="Companies", claim="second"), "2019-12-01", document="rule/C2-rule-1")
    assert one(ADDED, CORRECTION, again).last.addresses == ("1 Companies Road",)


def test_words_that_run_over_several_addresses_are_put_right_one_by_one() -> None:
    rule = said(added("Acme", addresses=("1 00 High Street", "2 Low Road")), document="rule/rule-1")
    words = corrected(wrong="1 00 High Street; and 2 Low Road.", right="1 High Street; and 2 Low Road.")
    listing = one(rule, said(words, "2019-11-01", document="rule/C1-rule-1"))
    assert listing.last.addresses == ("1 High Street", "2 Low Road")


def test_what_is_no_amendment_is_not_corrected() -> None:
    term = RuleInForce(evidence=evidence(), list="us-bis-el", title="T", effective="2019-10-09", until="2020-10-08")
    assert one(ADDED, CORRECTION, said(term, document="rule/rule-1"), said(reported())).lineage == "add-Acme"


@pytest.mark.parametrize(
    ("correction", "reason"),
    [
        (corrected(wrong="Coxpany", corrects="rule-9"), "a correction waits: document rule-9 has not been read, or"),
        (corrected(wrong="Kompany"), "a correction waits: “Kompany” does not stand in the entry"),
    ],
    ids=["of a document not seen", "of words that are not there"],
)
def test_a_correction_that_fits_nothing_waits(correction: object, reason: str) -> None:
    settlement = settled(ADDED, said(correction, "2019-11-01", document="rule/C1"))  # type: ignore[arg-type]
    (waiting,) = settlement.unmatched
    assert (waiting.change, waiting.reason[: len(reason)]) == ("corrected", reason)
    assert settlement.listings[0].corrections == ()


def test_a_correcting_amendment_takes_effect_on_its_own_day() -> None:
    wrong = said(added("Acme", license_requirement="Some items"), document="rule/rule-1")
    right = said(
        revised("Acme", "2019-12-08", license_requirement="All items", corrects="rule-1", applicable="2019-10-09"),
        "2019-12-08",
        document="rule/rule-2",
    )
    listing = one(wrong, right)
    assert [(p.start, p.license_requirement) for p in listing.periods] == [
        ("2019-10-09", "Some items"),
        ("2019-12-08", "All items"),
    ]
    assert [(c.corrects, c.applicable) for c in listing.corrections] == [("rule-1", "2019-10-09")]
    assert len(listing.citations) == 1


# Suspensions and terms


def test_a_suspended_entry_is_back_by_the_rules_own_terms() -> None:
    off = said(suspended("Acme", "2020-10-01", "2021-10-01"), "2020-10-01", document="rule/rule-2")
    listing = one(ADDED, off)
    days = ("2020-09-30", "2020-10-01", "2021-10-01", "2021-10-02")
    assert statuses(listing, *days) == ["listed", "suspended", "suspended", "listed"]
    assert [(turn.day, turn.type) for turn in turns(listing)] == [
        ("2019-10-09", "entity-added"),
        ("2020-10-01", "entity-suspended"),
        ("2021-10-02", "entity-reinstated"),
    ]


def test_what_is_revised_while_suspended_reads_so_when_it_is_back() -> None:
    off = said(suspended("Acme", "2020-10-01", "2021-10-01"), "2020-10-01", document="rule/rule-2")
    change = said(revised("Acme", "2021-01-01", addresses=("Elsewhere",)), "2021-01-01", document="rule/rule-3")
    listing = one(ADDED, off, change)
    assert [(p.start, p.suspended, p.addresses) for p in listing.periods[1:]] == [
        ("2020-10-01", True, ("1 Coxpany Road",)),
        ("2021-01-01", True, ("Elsewhere",)),
        ("2021-10-02", False, ("Elsewhere",)),
    ]


def test_a_suspension_made_longer_ends_once() -> None:
    off = said(suspended("Acme", "2020-10-01", "2021-10-01"), "2020-10-01", document="rule/rule-2")
    longer = said(suspended("Acme", "2021-09-01", "2022-10-01", claim="longer"), "2021-09-01", document="rule/rule-3")
    assert statuses(one(ADDED, off, longer), "2021-10-02", "2022-10-01", "2022-10-02") == ["suspended", "suspended", "listed"]


def test_a_suspension_without_end_stays() -> None:
    off = said(suspended("Acme", "2020-10-01", None), "2020-10-01", document="rule/rule-2")
    assert statuses(one(ADDED, off), "2019-10-09", "2099-01-01") == ["listed", "suspended"]


def test_a_suspended_entry_can_be_removed_for_good() -> None:
    off = said(suspended("Acme", "2020-10-01", "2021-10-01"), "2020-10-01", document="rule/rule-2")
    gone = said(removed("Acme", "2021-01-01"), "2021-01-01", document="rule/rule-3")
    assert statuses(one(ADDED, off, gone), "2020-12-31", "2021-01-01", "2021-10-02") == ["suspended", "removed", "removed"]


def test_an_entry_added_for_a_time_ends_by_itself() -> None:
    listing = one(said(added("Acme", "2019-10-09", until="2020-04-08"), document="rule/rule-1"))
    assert statuses(listing, "2020-04-08", "2020-04-09") == ["listed", "removed"]
    assert turns(listing)[-1].type == "entity-expired"


# Filings for public inspection


FILED = said(added("Acme", "2019-11-27"), "2019-11-27", document="rule/rule-1", available=instant("2019-11-25"), filed=True)


def test_a_filing_is_announced_and_takes_no_effect_by_itself() -> None:
    listing = one(FILED)
    assert statuses(listing, "2019-11-24", "2019-11-25", "2019-11-27") == [None, "announced", "announced"]
    assert statuses(listing, "2019-11-28", "2030-01-01") == ["pending", "pending"]
    assert turns(listing) == ()


def test_a_filed_removal_leaves_the_entry_on_the_list() -> None:
    gone = said(removed("Acme", "2019-11-27"), "2019-11-27", document="rule/rule-2", filed=True)
    listing = one(ADDED, gone)
    assert statuses(listing, "2019-11-27", "2020-01-01") == ["listed", "listed"]
    assert [(a.change, a.effective, a.published) for a in listing.announced] == [("removed", "2019-11-27", "2019-11-27")]


# Official copies of the list


def test_a_copy_begins_a_history_with_its_first_citation() -> None:
    copy = found(day="2021-01-01", cited=[("84 FR 54004", "2019-10-09"), ("85 FR 1", "2020-06-01")])
    listing = one(said(copy, "2021-01-01", document="ecfr/2021-01-01"))
    assert listing.provisional
    assert statuses(listing, "2019-10-08", "2019-10-09", "2030-01-01") == [None, "listed", "listed"]
    assert [(c.page, c.published) for c in listing.citations] == [("84 FR 54004", "2019-10-09"), ("85 FR 1", "2020-06-01")]


def test_a_rule_read_later_joins_what_a_copy_began() -> None:
    copy = said(found(day="2021-01-01"), "2021-01-01", document="ecfr/2021-01-01")
    listing = one(copy, said(added("Acme", "2019-10-07"), "2019-10-09", document="rule/rule-1"))
    assert (listing.lineage, listing.provisional, listing.first.start) == ("add-Acme", False, "2019-10-07")


def test_rules_after_the_copy_change_what_it_began() -> None:
    copy = said(found(day="2021-01-01"), "2021-01-01", document="ecfr/2021-01-01")
    change = said(revised("Acme", "2022-01-01", new_name="Apex"), "2022-01-01", document="rule/rule-2", citation="87 FR 5")
    gone = said(removed("Apex", "2023-01-01"), "2023-01-01", document="rule/rule-3")
    listing = one(copy, change, gone)
    assert [(p.start, p.end, p.name) for p in listing.periods] == [
        ("2019-10-09", "2022-01-01", "Acme"),
        ("2022-01-01", "2023-01-01", "Apex"),
    ]


def test_a_rule_between_the_first_citation_and_the_copy_is_cited_once() -> None:
    cited = [("84 FR 54004", "2019-10-09"), ("85 FR 107", "2020-06-01")]
    copy = said(found(day="2021-01-01", cited=cited, addresses=("New",)), "2021-01-01", document="ecfr/2021-01-01")
    change = said(revised("Acme", "2020-06-01", addresses=("New",)), "2020-06-01", document="rule/rule-2", citation="85 FR 100")
    listing = one(copy, change)
    assert [(c.citation, c.page) for c in listing.citations] == [(None, "84 FR 54004"), ("85 FR 100", None)]


def test_a_later_copy_shows_the_same_entry() -> None:
    first = said(found(day="2021-01-01", claim="a"), "2021-01-01", document="ecfr/2021-01-01")
    second = said(found(day="2022-01-01", claim="b", addresses=("New",)), "2022-01-01", document="ecfr/2022-01-01")
    listing = one(first, second)
    assert (listing.lineage, listing.last.start, listing.last.addresses) == ("a", "2022-01-01", ("New",))


def test_two_entries_of_one_name_in_a_copy_are_two() -> None:
    rows = [
        said(found(claim=name, addresses=(name,), place=place), "2021-01-01", document="ecfr/2021-01-01")
        for place, name in enumerate(("here", "there"))
    ]
    assert len(settled(*rows).listings) == 2


def test_an_entry_that_a_copy_does_not_show_stays() -> None:
    other = said(found("Apex"), "2021-01-01", document="ecfr/2021-01-01")
    acme = next(one for one in settled(ADDED, other).listings if one.last.name == "Acme")
    assert statuses(acme, "2030-01-01") == ["listed"]
