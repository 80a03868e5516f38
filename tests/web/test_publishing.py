"""Feeds and calendars as others see them: read back with feedparser and vobject."""

import json
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import msgspec
import pytest
import vobject
from werkzeug.test import Client, TestResponse

from events.statements import RuleInForce
from tests.builders import LIST, NOW, added, append, ended, evidence, reading, removed, revised, suspended
from tests.deliver.conftest import HOSTILE, Office
from tests.test_digest import learn
from tests.web.conftest import PUBLIC, SERVED
from tracker import watching
from tracker.links import watch_path
from tracker.watching import WatchOrder
from tracker.web.server import application

DAY = timedelta(days=1)
FEED, CALENDAR = f"/list/{LIST}/feed.atom", f"/list/{LIST}/calendar.ics"


def feed(answer: TestResponse) -> Any:
    assert (answer.status_code, answer.content_type) == (200, "application/atom+xml; charset=utf-8")
    found = feedparser.parse(BytesIO(answer.data))
    assert not found.bozo, found.get("bozo_exception")
    return found


def days(answer: TestResponse) -> list[Any]:
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    return list(vobject.readOne(answer.data.decode()).contents.get("vevent", []))


def told(client: Client, path: str = CALENDAR) -> list[tuple[date, str]]:
    return [(one.dtstart.value, one.summary.value.rpartition(" ")[0]) for one in days(client.get(path))]


def test_the_newest_changes_of_a_list_with_ids_that_stay(office: Office, client: Client) -> None:
    office.learn("Acme")
    (first,) = feed(client.get(FEED)).entries
    office.clock.at += DAY
    office.learn("Zenith", "document/federal-register/2")
    found = feed(client.get(FEED))
    assert ["Zenith" in one.title for one in found.entries] == [True, False]
    assert found.entries[1].id == first.id
    assert [one.updated for one in found.entries] == [(NOW + DAY).isoformat(), NOW.isoformat()]
    assert found.feed.updated == (NOW + DAY).isoformat()
    assert found.feed.id == f"tag:regulatory-change-tracker.invalid,2026:list:{LIST}"
    assert [link.href for link in found.feed.links if link.rel == "self"] == [PUBLIC + FEED]
    assert found.entries[0].link == "https://federal-register.example/2"


def test_what_takes_effect_is_an_entry_of_its_own_on_its_day(office: Office, client: Client) -> None:
    rule = RuleInForce(list=LIST, title="A rule", effective="2019-10-11", until="2019-10-31", claim="term", evidence=evidence())
    learn(office.app, "document/federal-register/1", added("Acme", "2019-10-12"), rule)
    learn(office.app, "document/federal-register/2", added("Today", "2019-10-09"))
    before = {one.id for one in feed(client.get(FEED)).entries}
    assert len(before) == 3
    office.clock.at += 3 * DAY
    found = feed(client.get(FEED))
    assert [(one.updated[:10], one.title) for one in found.entries if one.id not in before] == [
        ("2019-10-12", "took effect: Acme (China, People's Republic of) added to the Entity List by 84 FR 1"),
        ("2019-10-11", "“A rule” (84 FR 1) is in force from 2019-10-11 through 2019-10-31"),
    ]
    assert found.feed.updated == "2019-10-12T00:00:00+00:00"
    assert found.entries[0].link == "https://federal-register.example/1"
    learn(office.app, "document/federal-register/3", added("Zenith", "2019-10-12"))  # on its day: told once
    office.clock.at += 30 * DAY
    after = feed(client.get(FEED)).entries
    assert {one.id for one in found.entries} <= {one.id for one in after}
    assert [one.title.partition(" (")[0] for one in after if one.id not in {old.id for old in found.entries}] == [
        "“A rule”", "Zenith"
    ]  # fmt: skip


def test_a_feed_holds_the_newest_of_both(office: Office, client: Client, config_directory: Path) -> None:
    more = SERVED + "entries = 3\n"
    (config_directory / "tracker.toml").write_text(more, encoding="utf-8")
    small = Client(application(office.app.home, config_directory, office.clock))
    learn(office.app, "document/federal-register/1", *(added(f"Firm {n}", f"2019-10-{12 + n}") for n in range(5)))
    titles = []
    for _ in range(3):
        office.clock.at += 2 * DAY
        titles.append([one.title.partition(" (")[0] for one in feed(small.get(FEED)).entries])
    assert titles == [
        ["Firm 4", "Firm 3", "Firm 2"],
        ["took effect: Firm 1", "took effect: Firm 0", "Firm 4"],
        ["took effect: Firm 3", "took effect: Firm 2", "took effect: Firm 1"],
    ]


def test_a_watch_an_institution_and_a_party_have_their_own(office: Office, client: Client) -> None:
    watching.add(office.app, WatchOrder(watch="mine", parties=("huawei",), channels=("file:/nowhere",)))
    office.learn("Acme")
    learn(office.app, "document/post/a", ended("2019-10-01"))
    path = watch_path(office.app, "mine")
    for start in (path, "/institution/mit", "/party/huawei"):
        (entry,) = feed(client.get(f"{start}/feed.atom")).entries
        assert "Huawei" in entry.title
    assert feed(client.get("/party/zte/feed.atom")).entries == []


def test_nothing_about_watches_is_public(office: Office, client: Client) -> None:
    watching.add(office.app, WatchOrder(watch="secret", channels=("file:/nowhere",)))
    office.learn()
    office.run()
    for path in (FEED, CALENDAR, "/institution/mit/feed.atom"):
        assert b"secret" not in client.get(path).data


def test_the_feed_of_a_watch_is_for_whoever_has_its_address(office: Office, client: Client) -> None:
    watching.add(office.app, WatchOrder(watch="mine", channels=("file:/nowhere",)))
    first = watch_path(office.app, "mine")
    assert first is not None
    assert client.get(f"{first}/feed.atom").headers["Cache-Control"] == "private, max-age=300"
    for wrong in (first[:-1] + ("a" if first[-1] != "a" else "b"), "/watch/mine/x", first.replace("mine", "other"), first + "é"):
        assert client.get(f"{wrong}/feed.atom").status_code == 404
    watching.remove(office.app, "mine")
    assert client.get(f"{first}/feed.atom").status_code == 404
    watching.add(office.app, WatchOrder(watch="mine", channels=("file:/nowhere",)))
    assert client.get(f"{first}/feed.atom").status_code == 404
    assert client.get(f"{watch_path(office.app, 'mine')}/feed.atom").status_code == 200


def test_days_ahead_and_their_ends(office: Office, client: Client) -> None:
    term = RuleInForce(list=LIST, title="A rule", effective="2019-11-01", until="2020-10-31", claim="term", evidence=evidence())
    learn(office.app, "document/federal-register/1", added("Acme", "2019-10-12", until="2019-12-31"), added("Zenith"))
    learn(office.app, "document/federal-register/2", suspended("Zenith", "2019-10-20", "2020-01-19"), term)
    found = told(client)
    assert [day for day, _ in found] == [
        date(2019, 10, 9), date(2019, 10, 12), date(2019, 10, 20), date(2019, 11, 1), date(2020, 1, 1), date(2020, 1, 20),
        date(2020, 11, 1),
    ]  # fmt: skip
    assert len({one.uid.value for one in days(client.get(CALENDAR))}) == len(found)


def test_the_last_day_for_comments_stands_in_the_calendar(office: Office, client: Client) -> None:
    for version, last in ((1, "2019-11-08"), (2, "2019-12-08")):
        captured, *read = reading("document/federal-register/1", added("Acme", "2019-10-12"), version=version)
        record = office.app.archive.put(json.dumps({"comments_close_on": last}).encode())
        events = [msgspec.structs.replace(captured, metadata=record), *read]
        append(office.app.ledger, "document/federal-register/1", events)
        found = days(client.get(CALENDAR))
        assert [one.dtstart.value.isoformat() for one in found] == ["2019-10-12", last]
        assert found[1].summary.value == "last day for comments on “Title of 1” (84 FR 1)"
        assert found[1].sequence.value == str(version - 1)


def test_a_day_that_moves_keeps_its_id_and_counts_up(office: Office, client: Client) -> None:
    learn(office.app, "document/federal-register/1", added("Acme", "2019-10-12"))
    (before,) = days(client.get(CALENDAR))
    assert before.sequence.value == "0"
    learn(office.app, "document/federal-register/1", added("Acme", "2019-10-14"), version=2)
    (after,) = days(client.get(CALENDAR))
    assert (after.uid.value, after.dtstart.value) == (before.uid.value, date(2019, 10, 14))
    assert int(after.sequence.value) > int(before.sequence.value)


def test_ids_are_those_of_the_calendar_that_a_watch_is_sent(office: Office, client: Client, tmp_path: Any) -> None:
    office.watch(f"ics:{tmp_path}/office.ics")
    learn(office.app, "document/federal-register/1", added("Acme", "2019-10-12"))
    office.run()
    learn(office.app, "document/federal-register/2", revised("Acme", "2019-10-20"), published="2019-10-10")
    learn(office.app, "document/federal-register/3", removed("Acme", "2019-11-20"), published="2019-10-11")
    for _ in range(3):
        office.run(30 * DAY)
    sent = list(vobject.readOne((tmp_path / "office.ics").read_text(encoding="utf-8")).contents["vevent"])
    served = days(client.get(CALENDAR))
    assert [(one.uid.value, one.dtstart.value) for one in sent] == [(one.uid.value, one.dtstart.value) for one in served]
    assert [one.dtstart.value for one in served] == [date(2019, 10, 12), date(2019, 10, 20), date(2019, 11, 20)]


def test_a_removal_that_is_withdrawn_cancels_its_own_day(office: Office, client: Client, tmp_path: Any) -> None:
    office.watch(f"ics:{tmp_path}/office.ics")
    learn(office.app, "document/federal-register/1", added("Acme", "2019-10-12"))
    learn(office.app, "document/federal-register/2", removed("Acme", "2019-11-20"), published="2019-10-10")
    office.run()
    learn(office.app, "document/federal-register/2", version=2, published="2019-10-10")
    office.run(DAY)
    sent = list(vobject.readOne((tmp_path / "office.ics").read_text(encoding="utf-8")).contents["vevent"])
    found = [(one.dtstart.value, one.status.value, one.sequence.value) for one in sent]
    assert found == [(date(2019, 10, 12), "CONFIRMED", "0"), (date(2019, 11, 20), "CANCELLED", "1")]
    assert [day for day, _ in told(client)] == [date(2019, 10, 12)]


def test_a_hostile_name_breaks_nothing(office: Office, client: Client) -> None:
    office.learn(HOSTILE)
    (entry,) = feed(client.get(FEED)).entries
    assert "<script>alert(1)</script>]]>" in entry.title
    assert "<script" not in entry.summary
    (day,) = days(client.get(CALENDAR))
    assert "END:VCALENDAR" in day.summary.value
    assert client.get(CALENDAR).data.count(b"\r\nEND:VCALENDAR") == 1


@pytest.mark.parametrize("path", [FEED, CALENDAR, "/party/huawei/feed.atom", "/institution/mit/calendar.ics"])
def test_who_asks_again_is_told_that_nothing_changed(office: Office, client: Client, path: str) -> None:
    office.learn()
    first = client.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=300"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    head = client.head(path)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", first.headers["ETag"])
    assert head.headers["Content-Length"] == str(len(first.data))


def test_what_is_new_is_no_304(office: Office, client: Client) -> None:
    office.learn()
    first = client.get(FEED)
    office.clock.at += DAY
    office.learn("Zenith", "document/federal-register/2")
    assert client.get(FEED, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert datetime.fromisoformat(feed(client.get(FEED)).feed.updated) == NOW + DAY


@pytest.mark.parametrize("path", [FEED, CALENDAR])
def test_a_time_tells_nothing_of_what_changed_within_its_second(office: Office, client: Client, path: str) -> None:
    office.learn()
    first = client.get(path)
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    learn(office.app, "document/federal-register/2", added("Zenith"))
    again = client.get(path, headers=since)
    assert (again.status_code, again.headers["Last-Modified"]) == (200, first.headers["Last-Modified"])
    assert again.data != first.data
    assert client.get(path, headers={**since, "If-None-Match": first.headers["ETag"]}).status_code == 200
    assert client.get(path, headers={**since, "If-None-Match": again.headers["ETag"]}).status_code == 304


def test_the_number_of_entries_is_bounded(office: Office, client: Client) -> None:
    learn(office.app, "document/federal-register/1", *(added(f"Firm {n}") for n in range(120)))
    assert len(feed(client.get(FEED)).entries) == 100


@pytest.mark.parametrize(
    "path",
    [
        "/list/nobody/feed.atom", f"/list/{LIST}/feed.rss", "/watch/x/y/feed.atom", f"//list/{LIST}/feed.atom",
        "/party/../list/feed.atom", "/institution/~mit/feed.atom", f"/list/{LIST}/feed.atom/", "/watches", "/events",
    ],
)  # fmt: skip
def test_there_is_nothing_else(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
