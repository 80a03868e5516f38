"""Digests: no gap and no overlap, in positions and in legal days; each issued and delivered once."""

import json
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from events.base import Event
from events.decisions import ClaimRejected
from events.operations import DigestIssued
from events.watching import Watching
from projections.watches import watches
from tests.builders import NOW, added, claims_of, ended, instant, reading, removed, responded, revised
from tests.conftest import HandClock
from tracker import digest as digests
from tracker import watching
from tracker.app import App
from tracker.daily import Run, daily
from tracker.due import is_due
from tracker.floods import MOST_OF_ONE
from tracker.watching import WatchOrder

RULE = "document/federal-register/2019-22210"
DAY = timedelta(days=1)


@pytest.fixture
def office(app: App, folder: Path) -> App:
    """A home where somebody watches everything."""
    watching.add(app, WatchOrder(watch="office", channels=(f"file:{folder}",)))
    return app


def learn(app: App, stream: str, *statements: Any, **more: Any) -> list[Event]:
    events = reading(stream, *statements, **more)
    app.ledger.append(stream, lambda _: events, app.clock.now())
    return events


def issued(app: App, watch: str = "office") -> list[DigestIssued]:
    return digests.issued(app, watch)


def told(app: App, number: int) -> list[tuple[str, str, str]]:
    """Kind, type and name of each line of a digest."""
    model = json.loads(app.archive.get(issued(app)[number - 1].json))
    lines = [item["change"] for group in model["groups"] for item in group["items"]]
    return [(line["kind"], line["type"], line["name"]) for line in lines]


def run(app: App, clock: HandClock, at: Any = None) -> Run:
    clock.at = at or clock.at
    return daily(app)


def test_a_day_without_news_issues_nothing(office: App, clock: HandClock) -> None:
    run(office, clock)
    head = office.ledger.head()
    for later in range(1, 4):
        assert run(office, clock, NOW + later * DAY) == Run()
    assert office.ledger.head() == head


def test_twice_in_a_row_does_nothing_twice(office: App, clock: HandClock, folder: Path) -> None:
    learn(office, RULE, added("Acme"))
    first = run(office, clock)
    assert first.digests == ("office-1",)
    assert [delivery.error for delivery in first.deliveries] == [None]
    head, files = office.ledger.head(), sorted(folder.iterdir())
    assert run(office, clock) == Run()
    assert (office.ledger.head(), sorted(folder.iterdir())) == (head, files)
    assert [path.name for path in files] == ["office-0001.html", "office-0001.json", "office-0001.txt"]
    assert office.receipts.head() == 1


def test_an_entry_that_takes_effect_later_is_told_on_its_day_once(office: App, clock: HandClock) -> None:
    learn(office, RULE, added("Acme", "2019-10-12"))
    for day in range(6):
        run(office, clock, NOW + day * DAY)
    assert [told(office, one.number) for one in issued(office)] == [
        [("learnt", "entity-added", "Acme")],
        [("effect", "entity-added", "Acme")],
    ]
    assert issued(office)[1].day_until == "2019-10-12"


def test_an_entry_learnt_and_in_effect_is_told_once(office: App, clock: HandClock) -> None:
    learn(office, RULE, added("Acme", "2019-10-09"))
    for day in range(3):
        run(office, clock, NOW + day * DAY)
    assert [told(office, one.number) for one in issued(office)] == [[("learnt", "entity-added", "Acme")]]


def test_a_machine_that_slept_tells_what_took_effect_meanwhile(office: App, clock: HandClock) -> None:
    learn(office, RULE, added("Acme", "2019-10-12"))
    run(office, clock)
    learn(office, "document/federal-register/2", removed("Acme", "2019-10-20"))
    run(office, clock, NOW + 30 * DAY)
    assert told(office, 2) == [("effect", "entity-added", "Acme"), ("learnt", "entity-removed", "Acme")]


def test_a_removal_takes_effect_too(office: App, clock: HandClock) -> None:
    learn(office, RULE, added("Acme", "2019-10-09"))
    learn(office, "document/federal-register/2", removed("Acme", "2019-10-11"))
    for day in range(4):
        run(office, clock, NOW + day * DAY)
    assert [told(office, one.number) for one in issued(office)][1:] == [[("effect", "entity-removed", "Acme")]]


@pytest.mark.parametrize("cuts", [(), (0,), (1,), (3, 4), (0, 1, 2, 3, 4, 5), (2, 2, 5)])
def test_digests_leave_no_gap_and_no_overlap(office: App, clock: HandClock, cuts: tuple[int, ...]) -> None:
    """However the days of digests fall, together they tell each thing learnt once, and their spans join."""
    plan = [
        (f"document/federal-register/{n}", added(name, f"2019-10-{9 + n:02}")) for n, name in enumerate(("A", "B", "C", "D"))
    ] + [("document/post/x", ended("2019-10-01")), ("document/post/y", responded("2019-10-02"))]
    for day, (stream, statement) in enumerate(plan):
        clock.at = NOW + day * DAY
        learn(office, stream, statement)
        for _ in range(cuts.count(day)):
            run(office, clock)
    run(office, clock, NOW + 20 * DAY)
    spans = issued(office)
    assert all(a.until == b.after and a.day_until == b.day_after for a, b in pairwise(spans))
    learnt = [line[2] for one in spans for line in told(office, one.number) if line[0] == "learnt"]
    assert sorted(learnt) == ["A", "B", "C", "D", "Huawei", "Huawei"]
    effects = [line[2] for one in spans for line in told(office, one.number) if line[0] == "effect"]
    assert len(effects) == len(set(effects))


def test_a_watch_takes_what_is_learnt_from_its_beginning_on(app: App, clock: HandClock, folder: Path) -> None:
    learn(app, RULE, added("Old", "2019-10-01"))
    clock.at = NOW + DAY
    watching.add(app, WatchOrder(watch="office", channels=(f"file:{folder}",)))
    clock.at = NOW + 2 * DAY
    learn(app, "document/federal-register/2", added("New", "2019-10-01"))
    run(app, clock)
    assert told(app, 1) == [("learnt", "entity-added", "New")]


def test_a_watch_with_a_past_takes_that_too(app: App, clock: HandClock, folder: Path) -> None:
    learn(app, RULE, added("Old", "2019-10-01"))
    clock.at = NOW + DAY
    watching.add(app, WatchOrder(watch="office", channels=(f"file:{folder}",), since=NOW - DAY))
    run(app, clock)
    assert told(app, 1) == [("learnt", "entity-added", "Old")]


def test_a_watch_of_a_name_used_before_begins_anew(office: App, clock: HandClock, folder: Path) -> None:
    """What the first watch of that name was not told any more is no news to the second."""
    learn(office, RULE, added("Old", "2019-10-01"))
    run(office, clock)
    watching.remove(office, "office")
    learn(office, "document/federal-register/2", added("Between", "2019-10-01"))
    clock.at = NOW + DAY
    watching.add(office, WatchOrder(watch="office", channels=(f"file:{folder / 'new'}",)))
    clock.at = NOW + 2 * DAY
    learn(office, "document/federal-register/3", added("New", "2019-10-01"))
    assert not run(office, clock).failed
    assert told(office, 2) == [("learnt", "entity-added", "New")]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, {"Acme", "Huawei"}),
        ({"lists": ("us-bis-el",)}, {"Acme"}),
        ({"institutions": ("mit",)}, {"Huawei"}),
        ({"types": ("tie-ended",)}, {"Huawei"}),
        ({"parties": ("huawei",), "types": ("entity-added",)}, set()),
        ({"parties": ("zte",)}, set()),
    ],
)
def test_a_watch_takes_what_it_names(app: App, clock: HandClock, folder: Path, filters: dict[str, Any], names: set[str]) -> None:
    watching.add(app, WatchOrder(watch="office", channels=(f"file:{folder}",), **filters))
    learn(app, RULE, added("Acme"))
    learn(app, "document/post/x", ended("2019-10-01"))
    run(app, clock)
    assert {line[2] for one in issued(app) for line in told(app, one.number)} == names


def test_every_amendment_of_an_entry_is_told(office: App, clock: HandClock) -> None:
    learn(office, RULE, added("Acme"))
    run(office, clock)
    for number, name, new in ((1, "Acme", "Apex"), (2, "Apex", "Zenith")):
        learn(office, f"document/federal-register/{number}", revised(name, f"2019-10-{9 + number}", new_name=new))
    run(office, clock, NOW + 5 * DAY)
    assert [line[:2] for line in told(office, 2)] == [("learnt", "entity-revised")] * 2


def test_what_is_withdrawn_is_told(office: App, clock: HandClock) -> None:
    events = learn(office, "document/post/x", ended("2019-10-01"))
    run(office, clock)
    (claim,) = claims_of(events)
    office.ledger.append(f"decision/{claim}", lambda _: [ClaimRejected(claim=claim, reason="another", by="ada")], NOW)
    run(office, clock, NOW + DAY)
    assert told(office, 2) == [("withdrawn", "tie-ended", "Huawei")]


def test_what_came_and_went_between_two_digests_is_not_told(office: App, clock: HandClock) -> None:
    (claim,) = claims_of(learn(office, "document/post/x", ended("2019-10-01")))
    office.ledger.append(f"decision/{claim}", lambda _: [ClaimRejected(claim=claim, reason="another", by="ada")], NOW)
    assert run(office, clock).digests == ()


def test_the_source_of_an_amendment_is_the_rule_that_made_it(office: App, clock: HandClock) -> None:
    """Not the rule that once added the entry."""
    learn(office, RULE, added("Acme"))
    run(office, clock)
    learn(office, "document/federal-register/85-1", revised("Acme", "2019-10-10", new_name="Apex"), published="2019-10-10")
    run(office, clock, NOW + DAY)
    model = json.loads(office.archive.get(issued(office)[1].json))
    (item,) = model["groups"][0]["items"]
    assert [one["document"] for one in item["evidence"]] == ["document/federal-register/85-1"]


@pytest.mark.parametrize(
    ("cadence", "after", "due"),
    [
        ("immediate", timedelta(0), True), ("hourly", timedelta(minutes=59), False), ("hourly", timedelta(hours=1), True),
        ("daily", timedelta(hours=11), False), ("daily", timedelta(hours=12), True), ("weekly", timedelta(days=6), False),
        ("weekly", timedelta(days=7), True),
    ],
)  # fmt: skip
def test_when_a_digest_is_due(app: App, folder: Path, cadence: Any, after: timedelta, due: bool) -> None:
    watch = Watching(terms=watching.add(app, WatchOrder(watch="office", channels=(f"file:{folder}",), cadence=cadence)), begun=1)
    assert is_due(watch, None, NOW)
    assert is_due(watch, NOW, NOW + after) is due


def test_two_processes_issue_one_digest(office: App) -> None:
    """Both compose it; the second finds the first one's in the stream and keeps silent."""
    learn(office, RULE, added("Acme"))
    office.views.catch_up()
    assert digests.issue(office, "office") is not None
    assert digests.issue(office, "office") is None, "its views do not know of the first one's yet"
    assert len(issued(office)) == 1


def test_a_flood_of_one_document_is_one_line(office: App, clock: HandClock) -> None:
    count = MOST_OF_ONE + 1
    learn(office, "document/csl/us-bis-uvl/2019-10-09", *[added(f"N{n}", list="us-bis-uvl") for n in range(count)])
    learn(office, RULE, added("Acme"))
    run(office, clock)
    lines = json.loads(office.archive.get(issued(office)[0].json))["groups"][0]["items"]
    assert len(lines) == 2
    assert any(f"and {count - 1:,} more by the same document" in line["change"]["summary"] for line in lines)


def test_the_present_is_not_before_the_last_digest(office: App, clock: HandClock) -> None:
    """A clock that goes back does not make the days of a digest go back."""
    learn(office, RULE, added("Acme", "2019-10-09"))
    run(office, clock)
    clock.at = instant("2019-10-01")
    with office.views.store.reading() as database:
        span = digests.next_digest(office, database, watches(database)[0]).span
    assert (span.day_after, span.day_until) == ("2019-10-09", "2019-10-09")
