"""Reports into facts: given what the sources say, then what happened and who says so."""

from itertools import permutations
from typing import Any

import msgspec
import pytest

from events.facts import Fact, settle_facts
from events.said import Said, independent_sources
from events.statements import Amount, EntityResponded
from tests.builders import ended, evidence, reported, responded, said, tie

FIRST, SECOND, THIRD = "document/post/1", "document/review/2", "document/gazette/3"
VAGUE = "2019-01-01/2019-10-09"


def settled(*reports: Said) -> tuple[Fact, ...]:
    """Settles, and sees that the order of arrival makes no difference."""
    results = [settle_facts(order) for order in permutations(reports)]
    assert all(result == results[0] for result in results)
    return results[0]


def of(report: Any, published: str, document: str, outlet: str | None = None) -> Said:
    return said(report, published, document=document, outlet=outlet or document.split("/")[1])


def test_a_vague_date_attaches_to_the_one_precise_one() -> None:
    """MIT and Huawei: an email of 3 April, and an article of October that says "earlier this year"."""
    email = of(
        ended("2019-04-03", claim="email", extent=("new-engagements", "renewals"), standing="first-hand"), "2019-04-03", FIRST
    )
    october = of(ended(VAGUE, claim="october", extent=("all",), reason="sanctions violations"), "2019-10-09", SECOND)
    (fact,) = settled(email, october)
    assert (fact.fact, fact.claims, fact.date, fact.sources) == ("email", ("email", "october"), "2019-04-03", 2)
    assert (fact.extent, fact.standing) == (("new-engagements", "renewals"), "first-hand")
    assert fact.reason == "sanctions violations"


def test_a_vague_date_stays_beside_two_precise_ones() -> None:
    april, june = (
        of(ended("2019-04-03", claim="april"), "2019-04-03", FIRST),
        of(ended("2019-06-20", claim="june"), "2019-06-20", SECOND),
    )
    vague = of(ended(VAGUE, claim="vague"), "2019-10-09", THIRD)
    assert [(one.date, one.claims) for one in settled(april, june, vague)] == [
        (VAGUE, ("vague",)), ("2019-04-03", ("april",)), ("2019-06-20", ("june",))
    ]  # fmt: skip


def test_sources_that_differ_by_a_day_speak_of_one_fact() -> None:
    third, fourth = (
        of(ended("2019-04-03", claim="a"), "2019-04-04", FIRST),
        of(ended("2019-04-04", claim="b"), "2019-04-04", SECOND),
    )
    (fact,) = settled(third, fourth)
    assert (fact.date, fact.sources) == ("2019-04-03", 2)


def test_two_days_apart_are_two_facts() -> None:
    third, fifth = (
        of(ended("2019-04-03", claim="a"), "2019-04-04", FIRST),
        of(ended("2019-04-05", claim="b"), "2019-04-05", SECOND),
    )
    assert len(settled(third, fifth)) == 2


def test_a_vague_date_that_cannot_be_the_precise_one_stays_beside() -> None:
    april = of(ended("2019-04-03", claim="april"), "2019-04-03", FIRST)
    last_year = of(ended("2018", claim="last-year"), "2019-04-03", SECOND)
    assert [one.claims for one in settled(april, last_year)] == [("last-year",), ("april",)]


def test_vague_dates_alone_are_one_fact_narrowed_by_what_all_allow() -> None:
    one = of(ended("2019", claim="a"), "2020-01-05", FIRST)
    other = of(ended("2018-06-01/2019-03-31", claim="b"), "2020-01-05", SECOND)
    (fact,) = settled(one, other)
    assert fact.date == "2019-01-01/2019-03-31"


def test_what_gives_no_date_happened_by_the_day_of_publication() -> None:
    (fact,) = settled(of(ended(None, claim="a"), "2019-10-09", FIRST))
    assert fact.date == "/2019-10-09"


@pytest.mark.parametrize(
    ("extents", "headline"),
    [
        ([("all",), ("new-engagements",)], ("new-engagements",)),
        ([("unknown",), ("all",)], ("all",)),
        ([("unknown",), ("partial",)], ("partial",)),
        ([("new-engagements",), ("new-engagements", "renewals")], ("new-engagements", "renewals")),
        ([("all", "funding"), ("new-engagements", "renewals")], ("new-engagements", "renewals")),
    ],
)
def test_the_headline_takes_the_most_specific_extent(extents: list[tuple[Any, ...]], headline: tuple[str, ...]) -> None:
    reports = [
        of(ended("2019-04-03", claim=f"c{n}", extent=extent), "2019-04-04", document)
        for n, (extent, document) in enumerate(zip(extents, (FIRST, SECOND), strict=True))
    ]
    assert settled(*reports)[0].extent == headline


def test_the_more_precise_date_gives_the_headline_before_the_more_specific_extent() -> None:
    precise = of(ended("2019-04-03", claim="a", extent=("all",)), "2019-04-04", FIRST)
    specific = of(ended("2019-04", claim="b", extent=("funding", "renewals")), "2019-05-04", SECOND)
    assert settled(precise, specific)[0].extent == ("all",)


@pytest.mark.parametrize(
    ("standings", "headline"), [(("reported", "first-hand"), "first-hand"), (("first-hand", "official"), "official")]
)
def test_the_first_hand_goes_before_the_reported(standings: tuple[Any, Any], headline: str) -> None:
    """Even where the other is more precise."""
    one = of(ended("2019-04-03", claim="a", standing=standings[0], reason="theirs"), "2019-04-04", FIRST)
    other = of(ended("2019-04", claim="b", standing=standings[1], reason="ours"), "2019-05-04", SECOND)
    (fact,) = settled(one, other)
    assert (fact.standing, fact.reason, fact.sources) == (headline, "ours", 2)
    assert fact.date == "2019-04-03"


@pytest.mark.parametrize("standing", ["proposed", "rejected"])
def test_what_waits_or_was_rejected_counts_nowhere(standing: Any) -> None:
    assert settled(of(ended("2019-04-03", standing=standing), "2019-04-04", FIRST)) == ()


# Independent sources


@pytest.mark.parametrize(
    ("one", "other", "sources"),
    [
        (None, None, 2),
        ("Bloomberg", "Bloomberg", 1),
        ("Bloomberg", "BLOOMBERG ", 1),
        ("Bloomberg", "Reuters", 2),
        ("Bloomberg", None, 2),
    ],
)
def test_one_attribution_is_one_source(one: str | None, other: str | None, sources: int) -> None:
    first = of(ended("2019-04-03", claim="a", told=one), "2019-04-04", FIRST)
    second = of(ended("2019-04-03", claim="b", told=other), "2019-04-04", SECOND)
    assert settled(first, second)[0].sources == sources


def test_one_outlet_is_one_source_however_often_it_writes() -> None:
    first, again = (
        of(ended("2019-04-03", claim="a"), "2019-04-04", FIRST),
        of(ended("2019-04-03", claim="b"), "2019-04-06", "document/post/9"),
    )
    assert settled(first, again)[0].sources == 1


# What is not one fact


def test_stances_scopes_and_kinds_are_kept_apart() -> None:
    reports = [
        of(responded("2019-10-08", claim="reviewing"), "2019-10-09", FIRST),
        of(responded("2019-10-08", claim="restricting", stance="restricting"), "2019-10-09", FIRST),
        of(responded("2019-10-08", claim="of-all", scope="list:us-bis-el"), "2019-10-09", FIRST),
        of(ended("2019-10-08", claim="ended"), "2019-10-09", FIRST),
        of(tie("2019-10-08", claim="funding"), "2019-10-09", FIRST),
        of(tie("2019-10-08", claim="membership", kind="membership"), "2019-10-09", FIRST),
        of(reported("huawei", "2019-10-08", claim="added"), "2019-10-09", FIRST),
        of(reported("huawei", "2019-10-08", claim="removed", change="removed"), "2019-10-09", FIRST),
    ]
    assert sorted(one.fact for one in settle_facts(reports)) == sorted(one.statement.claim for one in reports)
    assert settle_facts(reports) == settle_facts(reports[::-1])


def test_amounts_that_differ_are_all_kept() -> None:
    near = of(tie(None, claim="a", amount=Amount(value=30, unit="projects", qualifier="nearly")), "2019-10-09", FIRST)
    exact = of(tie(None, claim="b", amount=Amount(value=27, unit="projects")), "2019-10-09", SECOND)
    (fact,) = settled(near, exact)
    assert set(fact.amounts) == {"nearly 30 projects", "27 projects"}


def test_a_listed_party_speaks_for_itself() -> None:
    one = EntityResponded(party="sensetime", party_name="SenseTime", evidence=evidence("Bloomberg"), date="2019-10-08", claim="a")
    (fact,) = settled(of(one, "2019-10-09", FIRST))
    assert (fact.type, fact.party, fact.institution, fact.stance) == ("entity-responded", "sensetime", None, "commenting")


def test_a_fact_is_named_after_what_could_be_read_first() -> None:
    late, early = (
        of(ended("2019-04-03", claim="late"), "2019-04-09", FIRST),
        of(ended("2019-04-03", claim="early"), "2019-04-04", SECOND),
    )
    (fact,) = settled(late, early)
    assert (fact.fact, fact.claims) == ("early", ("early", "late"))


@pytest.mark.parametrize(
    ("first", "second"),
    [("the Financial Times", "Financial Times"), ("Bloomberg News", "Bloomberg"), ("The FT", "the FT"), ("BBC News", "the BBC")],
)
def test_one_speaker_goes_by_several_names(first: str, second: str) -> None:
    one = of(ended("2019-04-03", claim="a", told=first), "2019-04-04", FIRST)
    other = of(ended("2019-04-03", claim="b", told=second), "2019-04-05", SECOND)
    assert independent_sources([one, other]) == 1


def test_who_credits_an_outlet_is_no_source_beside_it() -> None:
    own = of(ended("2019-04-03", claim="own"), "2019-04-04", FIRST, "Bloomberg")
    rewrite = of(ended("2019-04-03", claim="rewrite", told="Bloomberg News"), "2019-04-05", SECOND)
    early = of(ended("2019-04-03", claim="early", told="Bloomberg"), "2019-04-03", THIRD)
    for told in permutations([own, rewrite, early]):
        assert independent_sources(told) == 1
    assert independent_sources([own, rewrite, of(ended("2019-04-03", claim="x"), "2019-04-05", SECOND, "Review")]) == 2


def test_articles_without_an_outlet_are_of_their_site() -> None:
    def at(url: str | None, claim: str) -> Said:
        return said(ended("2019-04-03", claim=claim), "2019-04-04", document=f"document/local/{claim}", url=url)

    one, two = at("https://www.post.example/a", "a"), at("https://m.post.example/b", "b")
    assert independent_sources([one, two]) == 1
    assert independent_sources([one, two, at("https://review.example/a", "c")]) == 2
    assert independent_sources([at("file:///tmp/a.txt", "a"), at("file:///tmp/b.txt", "b"), at(None, "c")]) == 3


def test_the_same_words_in_another_outlet_are_a_copy() -> None:
    def said_in(outlet: str, words: str, day: str) -> Said:
        statement = ended("2019-04-03", claim=f"{outlet}-{words}")
        copied = msgspec.structs.replace(statement.evidence, words=words)
        return of(msgspec.structs.replace(statement, evidence=copied), day, f"document/{outlet}/{day}")

    post, own = said_in("Post", "a", "2019-04-04"), said_in("Review", "b", "2019-04-05")
    reprint = said_in("Review", "a", "2019-04-06")
    assert independent_sources([post]) == 1
    assert independent_sources([reprint, post]) == 1, "a reprint is no second source"
    assert independent_sources([reprint, own, post]) == 2, "what the outlet found out itself is"


def test_a_body_is_called_by_its_shortest_name_in_latin_letters() -> None:
    names = {"a": "Huawei Technologies", "b": "华为", "c": "Huawei"}
    reports = [
        of(ended("2019-04-03", claim=claim, party_name=name), "2019-04-04", FIRST + claim) for claim, name in names.items()
    ]
    (fact,) = settled(*reports)
    assert fact.party_name == "Huawei"
    (fact,) = settled(reports[1])
    assert fact.party_name == "华为"
