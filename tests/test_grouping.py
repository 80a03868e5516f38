"""A person joins facts and parts them: what was decided holds, whatever arrives later, and only from then on."""

import pytest

from projections.claims import Horizon
from projections.entries import timeline_of
from tests.builders import ended, reported, take_in
from tracker import inbox
from tracker.app import App
from tracker.errors import UsageError

POST, REVIEW, GAZETTE = "document/post/1", "document/review/1", "document/gazette/1"
WHY = ("one letter", "a reader")


def facts(app: App, horizon: Horizon = Horizon()) -> list[tuple[str, int]]:  # noqa: B008
    """The day and the number of claims of each fact about the pair."""
    app.views.catch_up()
    with app.views.store.reading() as database:
        return [(one.date, len(one.evidence)) for one in timeline_of(database, "institution:mit", horizon)]


def claims(app: App) -> list[str]:
    """The facts' names, by day."""
    app.views.catch_up()
    with app.views.store.reading() as database:
        return [one.fact for one in timeline_of(database, "institution:mit", Horizon())]


@pytest.fixture
def two(app: App) -> list[str]:
    """An end that one outlet puts ten days later than another, so that they settle to two facts."""
    take_in(app.ledger, POST, ended("2019-04-03", claim=""))
    take_in(app.ledger, REVIEW, ended("2019-04-13", claim=""))
    assert facts(app) == [("2019-04-03", 1), ("2019-04-13", 1)]
    return claims(app)


def test_merged_facts_are_one_with_all_their_sources(app: App, two: list[str]) -> None:
    before = app.ledger.head()
    inbox.merge(app, [two[0][:6], two[1]], *WHY)
    assert facts(app) == [("2019-04-03", 2)]
    assert facts(app, Horizon(position=before)) == [("2019-04-03", 1), ("2019-04-13", 1)], "as it was known"


def test_what_arrives_later_joins_what_was_merged(app: App, two: list[str]) -> None:
    inbox.merge(app, two, *WHY)
    take_in(app.ledger, GAZETTE, ended("2019-04-12", claim=""))
    assert facts(app) == [("2019-04-12", 3)], "the date of whoever could be read first"


def test_split_claims_are_a_fact_of_their_own(app: App) -> None:
    take_in(app.ledger, POST, ended("2019-04-03", claim=""))
    take_in(app.ledger, REVIEW, ended("2019-04-04", claim=""))
    assert facts(app) == [("2019-04-03", 2)]
    with app.views.store.reading() as database:
        (entry,) = timeline_of(database, "institution:mit", Horizon())
    later = entry.evidence[1].claim
    inbox.split(app, [later], "two letters", "a reader")
    assert facts(app) == [("2019-04-03", 1), ("2019-04-04", 1)]
    with pytest.raises(UsageError, match="no other claims"):
        inbox.split(app, [later], "two letters", "a reader")


def test_the_later_decision_holds(app: App, two: list[str]) -> None:
    inbox.merge(app, two, *WHY)
    inbox.split(app, [two[1]], "two letters after all", "a reader")
    assert facts(app) == [("2019-04-03", 1), ("2019-04-13", 1)]
    inbox.merge(app, two, *WHY)
    assert facts(app) == [("2019-04-03", 2)]


def test_what_cannot_be_one_is_refused(app: App, two: list[str]) -> None:
    take_in(app.ledger, GAZETTE, reported(date="2019-05-16", claim=""))
    app.views.catch_up()
    with app.views.store.reading() as database:
        (listing,) = [one for one in timeline_of(database, "party:huawei", Horizon()) if one.type == "listing-reported"]
    head = app.ledger.head()
    for ids, words in (
        ([two[0], listing.fact], "cannot be one fact"),
        ([two[0], two[0]], "one fact already"),
        ([two[0], "zzzzzz"], "no claim is called"),
        ([two[0], "ab"], "four at least"),
    ):
        with pytest.raises(UsageError) as error:
            inbox.merge(app, ids, *WHY)
        assert words in f"{error.value} {error.value.hint}"
    assert app.ledger.head() == head
