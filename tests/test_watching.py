"""Watches added, changed, paused, seeded and previewed; addresses and names stay private, and nothing is left behind."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from events.operations import DigestIssued, SourceFailed, WatchAdded, WatchChanged
from projections.told import last_digests
from projections.watches import watches
from tests.builders import NOW, added, ended, instant, reading, responded
from tests.conftest import HandClock, Tracker
from tests.test_digest import DAY, RULE, issued, learn
from tracker import watching
from tracker.app import App
from tracker.channels import unsubscribe, wanted
from tracker.daily import daily
from tracker.deliver import CHANNELS
from tracker.errors import UsageError
from tracker.ledger import Ledger
from tracker.recomputing import recomputed
from tracker.replay import scratch_views
from tracker.seeding import seed
from tracker.watching import WatchOrder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "digests"


def office(app: App, folder: Path, **more: Any) -> WatchAdded:
    return watching.add(app, WatchOrder(watch="office", channels=(f"file:{folder}",), **more))


def secrets(app: App) -> dict[str, str]:
    """All that the private store holds."""
    return {row["reference"]: row["value"] for row in app.private.database.table("secrets").rows}


def model(app: App, number: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(app.archive.get(issued(app)[number - 1].json))
    return found


def titles(app: App, number: int = 1) -> dict[str, list[str]]:
    """The names of each group's lines."""
    return {group["title"]: [item["change"]["name"] for item in group["items"]] for group in model(app, number)["groups"]}


def again(app: App) -> list[bool]:
    """Whether each past digest, computed again, is the same byte for byte."""
    with scratch_views() as store:
        return [one.same for one in recomputed(app, store)]


def test_a_watch_with_a_time_and_nothing_to_tell_then_waits_for_the_next(app: App, clock: HandClock, folder: Path) -> None:
    office(app, folder, at="08:00")
    days = {}
    for hours in (20, 22, 23, 43, 44, 45, 68):  # 08:00 the next day, then later; the day after that, before and at 08:00
        clock.at = NOW + timedelta(hours=hours)
        if hours == 22:
            learn(app, RULE, added("Acme", "2019-10-01"))
        days[hours] = len(daily(app).digests)
    assert days == {20: 0, 22: 0, 23: 0, 43: 0, 44: 1, 45: 0, 68: 0}
    app.close()
    (app.home / "state.db").unlink()
    learn(app, "document/federal-register/2", added("Zenith", "2019-10-01"))
    clock.at = NOW + timedelta(hours=69)
    assert len(daily(app).digests) == 1, "what is forgotten makes it come early, never late"


# What is private


@pytest.mark.parametrize(
    "wrong",
    [
        {"parties": ("nobody",)},
        {"types": ("nothing",)},
        {"channels": ("file:x", "carrier-pigeon:x")},
        {"channels": ("file:x", "webhook:https://example.org/"), "secret": "weak"},
        {"zone": "Mars/Olympus"},
        {"quiet": "22:00"},
        {"at": "8:00"},
        {"at": "25:00"},
        {"since": datetime(1, 1, 1, tzinfo=UTC)},
        {"since": datetime(9999, 12, 31, tzinfo=UTC)},
        {"at": "08:00", "cadence": "hourly"},
        {"weekday": "monday"},
        {"dates": "klingon"},
        {"empty": "told", "cadence": "immediate"},
        {"languages": ("French",)},
        {"words": ("...",)},
        {"names": (Path("missing.csv"),)},
        {"watch": "Office"},
    ],
    ids=str,
)
def test_an_order_that_cannot_work_is_refused_and_leaves_nothing(app: App, wrong: dict[str, Any]) -> None:
    order = {"watch": "office", "channels": ("file:x",), **wrong}
    with pytest.raises(UsageError):
        watching.add(app, WatchOrder(**order))
    assert secrets(app) == {}
    assert app.ledger.head() == 0


def test_a_second_watch_of_one_name_leaves_the_first_as_it_is(app: App, folder: Path) -> None:
    office(app, folder)
    before = secrets(app)
    with pytest.raises(UsageError, match="there already"):
        watching.add(app, WatchOrder(watch="office", channels=("file:elsewhere",)))
    assert secrets(app) == before


def test_an_append_that_fails_leaves_no_address(app: App, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr(Ledger, "append", fail)
    with pytest.raises(sqlite3.OperationalError):
        office(app, folder)
    assert secrets(app) == {}


def test_what_a_killed_command_left_goes_with_the_next_one(app: App, folder: Path) -> None:
    for reference in ("file:office-1-1", "names:office-1-2", "file:office-2-1-1", "other:thing"):
        app.private.keep(reference, "x")
    event = office(app, folder)
    assert set(secrets(app)) == {"file:office-2-1-1", "other:thing", *event.channels}
    assert set(event.channels).isdisjoint({"file:office-1-1"})


def test_names_of_partners_are_private_and_taken_by_name(app: App, folder: Path, tmp_path: Path, clock: HandClock) -> None:
    partners = tmp_path / "partners.csv"
    partners.write_text("id,name\n1,AC\n2,“Zeta”\n", encoding="utf-8")
    event = office(app, folder, names=(partners,))
    learn(app, RULE, added("Acme", aliases=["A.C.", "AC"]), added("Other"))
    daily(app)
    assert titles(app) == {"Added to a list": ["Acme"]}
    assert b"Zeta" not in app.ledger.path.read_bytes()
    assert json.loads(secrets(app)[event.names[0]]) == ["AC", "“Zeta”"]
    watching.remove(app, "office")
    assert secrets(app) == {}


@pytest.mark.parametrize("text", ["", "\n\n", "name\n", "\ufeffname\n\n"])
def test_a_list_without_names_is_refused(app: App, folder: Path, tmp_path: Path, text: str) -> None:
    partners = tmp_path / "partners.csv"
    partners.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="no names"):
        office(app, folder, names=(partners,))


# Changing, pausing


def test_a_change_keeps_the_rest_and_the_numbers_go_on(app: App, folder: Path, clock: HandClock) -> None:
    before = office(app, folder, parties=("huawei",), cadence="immediate")
    learn(app, "document/post/x", ended("2019-10-01"))
    daily(app)
    event = watching.change(app, "office", {"parties": ("zte",)})
    assert isinstance(event, WatchChanged)
    assert (event.channels, event.since, event.cadence) == (before.channels, before.since, "immediate")
    learn(app, "document/post/y", ended("2019-10-02", party="zte", party_name="ZTE"), ended("2019-10-02"))
    clock.at = NOW + DAY
    daily(app)
    assert titles(app, 2) == {"Ties ended": ["ZTE"]}
    assert again(app) == [True, True]


def test_an_address_given_up_is_erased_and_one_kept_keeps_its_reference(app: App, tmp_path: Path) -> None:
    first, second = (f"file:{tmp_path / name}" for name in "ab")
    before = watching.add(app, WatchOrder(watch="office", channels=(first, second)))
    event = watching.change(app, "office", {"channels": (second, f"file:{tmp_path / 'c'}")})
    assert event.channels[0] == before.channels[1]
    assert set(secrets(app)) == set(event.channels)


def test_a_paused_watch_is_told_later_what_it_missed(app: App, folder: Path, clock: HandClock) -> None:
    office(app, folder)
    watching.pause(app, "office", reason="on leave")
    watching.pause(app, "office")
    learn(app, RULE, added("Acme"))
    assert daily(app).digests == ()
    clock.at = NOW + DAY
    watching.resume(app, "office")
    assert daily(app).digests == ("office-1",)
    assert titles(app) == {"Added to a list": ["Acme"]}
    assert len(app.ledger.stream("watch/office")) == 3, "paused twice is paused once"


def test_a_paused_watch_may_skip_what_it_missed(app: App, folder: Path, clock: HandClock) -> None:
    office(app, folder)
    watching.pause(app, "office")
    learn(app, RULE, added("Acme"))
    clock.at = NOW + DAY
    watching.resume(app, "office", since=clock.at)
    clock.at = NOW + 2 * DAY
    learn(app, "document/federal-register/2", added("Apex"))
    daily(app)
    assert titles(app) == {"Added to a list": ["Apex"]}


@pytest.mark.parametrize("name", ["pause", "resume", "remove"])
def test_what_is_not_there_is_told(app: App, name: str) -> None:
    with pytest.raises(UsageError, match="no watch is called"):
        getattr(watching, name)(app, "nobody")


def test_a_channel_cannot_skip_what_it_missed(app: App, folder: Path) -> None:
    (channel,) = office(app, folder).channels
    watching.pause(app, "office", channel)
    with pytest.raises(UsageError, match="whole watch"):
        watching.resume(app, "office", channel, since=NOW)


# Content


def test_a_day_without_news_is_told_where_that_is_wanted(app: App, folder: Path, clock: HandClock) -> None:
    office(app, folder, empty="told", at="08:00", dates="fr")
    for day in range(1, 4):
        clock.at = NOW + day * DAY
        daily(app)
        daily(app)
    assert [one.changes for one in issued(app)] == [0, 0, 0]
    text = app.archive.get(issued(app)[0].text).decode()
    assert text.startswith("office: nothing changed to 10 oct. 2019 (digest 1)")
    assert "Nothing changed." in text


def test_what_takes_effect_soon_is_previewed_until_it_is_news(app: App, folder: Path, clock: HandClock) -> None:
    office(app, folder)
    learn(app, RULE, added("Soon", "2019-10-12"), added("Late", "2019-11-20"))
    daily(app)
    assert titles(app) == {"Announced": ["Soon", "Late"]}
    assert model(app)["coming"] == [], "what is news is not previewed besides"
    clock.at = NOW + DAY
    learn(app, "document/post/x", ended("2019-10-01"))
    daily(app)
    assert [item["change"]["name"] for item in model(app, 2)["coming"]] == ["Soon"]
    assert issued(app)[1].changes == 1, "a preview is no news"
    clock.at = NOW + 4 * DAY
    daily(app)
    assert titles(app, 3) == {"Took effect": ["Soon"]}
    assert model(app, 3)["coming"] == []


def test_independent_sources_are_counted(app: App, folder: Path) -> None:
    office(app, folder)
    for outlet in ("post", "review"):
        learn(app, f"document/{outlet}/x", responded("2019-10-08"))
    daily(app)
    (item,) = model(app)["groups"][0]["items"]
    assert item["sources"] == 2
    assert "(2 independent sources)" in app.archive.get(issued(app)[0].text).decode()


def test_operators_are_told_which_sources_fail(app: App, folder: Path) -> None:
    office(app, folder, operators=True, parties=("zte",))
    app.ledger.append("source/post", lambda _: [SourceFailed(source="post", error="answered 503")], app.clock.now())
    learn(app, RULE, added("Acme"))
    daily(app)
    assert titles(app) == {"Sources failing or silent": ["post"]}


def test_many_old_documents_taken_in_late_are_one_line(app: App, folder: Path) -> None:
    office(app, folder)
    old = [added(f"N{n}", "2005-01-02") for n in range(50)]
    learn(app, "document/federal-register/05-1", *old, published="2005-01-01")
    learn(app, RULE, added("Acme"))
    daily(app)
    found = titles(app)
    assert found.pop("Added to a list") == ["Acme"]
    assert [len(names) for names in found.values()] == [1]
    text = app.archive.get(issued(app)[0].text).decode()
    assert "and 49 more from documents of long before this watch began" in " ".join(text.split())


def test_more_of_a_kind_than_settings_allow_is_one_line(app: App, folder: Path, config_directory: Path) -> None:
    (config_directory / "tracker.toml").write_text("[digest]\nmost = 3\n", encoding="utf-8")
    office(app, folder)
    for n in range(5):
        learn(app, f"document/post/{n}", ended("2019-10-01", institution=f"i{n}", institution_name=f"I{n}"))
    daily(app)
    (group,) = model(app)["groups"]
    assert len(group["items"]) == 4
    assert "and 1 more of this kind" in group["items"][-1]["change"]["summary"]
    assert len(issued(app)[0].facts) == 3, "what stands in one line was not told one by one"
    assert again(app) == [True]


# Computed again


def test_past_digests_computed_again_are_the_same_whatever_came_later(app: App, folder: Path, clock: HandClock) -> None:
    office(app, folder)
    learn(app, RULE, added("Acme", "2019-10-11"))
    learn(app, "document/post/x", ended("2019"))
    daily(app)
    clock.at = NOW + DAY
    learn(app, "document/review/y", ended("2019-04-03"), published="2019-10-10")
    daily(app)
    watching.change(app, "office", {"parties": ("zte",)})
    clock.at = NOW + 2 * DAY
    learn(app, RULE, added("Apex", "2019-10-12"), version=2)
    daily(app)
    assert again(app) == [True, True, True]


def test_a_digest_that_differs_is_told_with_its_lines(app: App, folder: Path, tracker: Tracker) -> None:
    office(app, folder)
    learn(app, RULE, added("Acme"))
    daily(app)
    (sent,) = issued(app)
    false = {
        name: app.archive.put(app.archive.get(getattr(sent, name)).replace(b"Acme", b"Apex")) for name in ("text", "html", "json")
    }
    fields = {name: getattr(sent, name) for name in sent.__struct_fields__}
    for number, renderer in ((2, sent.renderer), (3, 1)):
        event = DigestIssued(**{**fields, **false, "number": number, "renderer": renderer})
        app.ledger.append("digest/office", lambda _, event=event: [event], app.clock.now())  # type: ignore[misc]
    retold = DigestIssued(**{**fields, "text": false["text"]})
    app.ledger.append("digest/office", lambda _: [retold], app.clock.now())
    app.close()
    same = tracker("digest", "office", "--number", 1, "--check")
    assert same.exit_code == 0
    assert same.stdout.startswith("office-1: the same, byte for byte\n")
    checked = tracker("digest", "--check")
    assert checked.exit_code == 1
    assert "office-2: text, html, json differs: no cause is known" in checked.stdout
    assert "+ 2019-10-09  Acme" in checked.stdout
    assert "- 2019-10-09  Apex" in checked.stdout
    assert "office-3: text, html, json differs: made by version 1 of the composing" in checked.stdout
    assert "office-1: text differs: the same content written otherwise" in checked.stdout
    assert "digest office-2 differs when computed again" in tracker("verify").stdout


def test_equal_watches_are_told_the_same_content(app: App, folder: Path) -> None:
    for name in ("a", "b", "c"):
        parties = ("huawei",) if name != "c" else ("zte",)
        watching.add(app, WatchOrder(watch=name, channels=(f"file:{folder}",), parties=parties))
    learn(app, "document/post/x", ended("2019-10-01"), ended("2019-10-01", party="zte", party_name="ZTE"))
    assert daily(app).digests == ("a-1", "b-1", "c-1")
    a, b, c = (issued(app, name)[0].content for name in "abc")
    assert a == b != c
    with app.views.store.reading() as database:
        assert set(last_digests(database)) == {"a", "b", "c"}


# The seed

SEED = """
[[watch]]
id = "desk"
parties = ["huawei"]
channels = ["file:{folder}"]
cadence = "weekly"
names = ["partners.csv"]
"""


@pytest.fixture
def seeded(app: App, config_directory: Path, folder: Path) -> App:
    (config_directory / "watchers.toml").write_text(SEED.format(folder=folder), encoding="utf-8")
    (config_directory / "partners.csv").write_text("Acme\n", encoding="utf-8")
    return app


def sow(app: App) -> list[str]:
    app.__dict__.pop("config", None)
    return [one.outcome for one in seed(app)]


def test_the_seed_is_taken_in_once(seeded: App) -> None:
    assert sow(seeded) == ["added"]
    head = seeded.ledger.head()
    assert sow(seeded) == ["as it was"]
    assert seeded.ledger.head() == head
    assert daily(seeded).failed is False


def test_what_changes_in_the_seed_changes_the_watch(seeded: App, config_directory: Path, folder: Path, tmp_path: Path) -> None:
    sow(seeded)
    path = config_directory / "watchers.toml"
    path.write_text(SEED.format(folder=folder).replace("weekly", "hourly"), encoding="utf-8")
    assert sow(seeded) == ["changed"]
    path.write_text(SEED.format(folder=tmp_path / "other").replace("weekly", "hourly"), encoding="utf-8")
    assert sow(seeded) == ["changed"], "an address stands in the private store alone"
    (config_directory / "partners.csv").write_text("Apex\n", encoding="utf-8")
    assert sow(seeded) == ["changed"]
    assert len(secrets(seeded)) == 2


@pytest.mark.parametrize("edit", ["change", "remove"])
def test_what_a_person_changed_is_left_alone(seeded: App, config_directory: Path, folder: Path, edit: str) -> None:
    sow(seeded)
    if edit == "change":
        watching.change(seeded, "desk", {"parties": ("zte",)})
    else:
        watching.remove(seeded, "desk")
    (config_directory / "watchers.toml").write_text(SEED.format(folder=folder).replace("weekly", "hourly"), encoding="utf-8")
    assert sow(seeded)[0].startswith("left alone")


def test_an_address_that_ended_its_digests_stays_out_though_the_file_has_it(
    seeded: App, config_directory: Path, folder: Path
) -> None:
    path = config_directory / "watchers.toml"
    text = SEED.format(folder=folder).replace('"]\ncadence', '", "email:Jane@example.org"]\ncadence')
    path.write_text(text, encoding="utf-8")
    sow(seeded)
    mail = next(one for one in wanted(seeded) if one.startswith("email:"))
    unsubscribe(seeded, "desk", mail)
    assert "Jane" not in str(secrets(seeded))
    head = seeded.ledger.head()
    assert sow(seeded) == ["as it was, without 1 of its channels: whoever is behind ended it"]
    assert seeded.ledger.head() == head
    path.write_text(text.replace("weekly", "hourly").replace("Jane", "jane"), encoding="utf-8")
    assert sow(seeded) == ["changed"]
    assert [one.partition(":")[0] for one in wanted(seeded)] == ["file"]
    path.write_text(text.replace("weekly", "hourly").replace("Jane", "june"), encoding="utf-8")
    assert sow(seeded) == ["changed"], "another address is asked for nothing that the first one said"
    assert sorted(one.partition(":")[0] for one in wanted(seeded)) == ["email", "file"]


def test_a_watch_of_which_a_channel_ended_can_be_changed(app: App, folder: Path) -> None:
    before = watching.add(app, WatchOrder(watch="office", channels=(f"file:{folder}", "email:jane@example.org")))
    unsubscribe(app, "office", before.channels[1])
    event = watching.change(app, "office", {"cadence": "weekly"})
    assert (event.cadence, event.channels) == ("weekly", before.channels[:1])


def test_a_wrong_entry_stops_no_other(seeded: App, config_directory: Path, folder: Path, tracker: Tracker) -> None:
    wrong = '[[watch]]\nid = "bad"\nparties = ["nobody"]\nchannels = ["file:x"]\n'
    (config_directory / "watchers.toml").write_text(wrong + SEED.format(folder=folder), encoding="utf-8")
    seeded.close()
    result = tracker("watch", "seed")
    assert result.exit_code == 2
    assert "bad: not taken in: no party is called 'nobody'" in result.stderr
    assert "desk: added" in result.stderr


# The commands


def row(tracker: Tracker) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(tracker("watch", "show", "mine", "--json").stdout)
    return found


def test_a_watch_lives_on_the_command_line(tracker: Tracker, folder: Path) -> None:
    assert tracker("watch", "add", "mine", "--party", "huawei", "--at", "08:00", "--channel", f"file:{folder}").exit_code == 0
    assert tracker("watch", "change", "mine", "--party", "zte", "--party", "huawei", "--stance", "reviewing").exit_code == 0
    found = row(tracker)
    assert (found["parties"], found["stances"], found["at"]) == (["zte", "huawei"], ["reviewing"], "08:00")
    assert tracker("watch", "change", "mine", "--clear", "at", "--clear", "stances", "--operators").exit_code == 0
    found = row(tracker)
    assert (found["at"], found["stances"], found["operators"]) == (None, [], True)
    assert found["channels"] == [f"file:{folder}"]
    (reference,) = found["references"]
    assert tracker("watch", "pause", "mine", "--channel", reference).exit_code == 0
    assert row(tracker)["paused_channels"] == [reference]
    assert tracker("watch", "resume", "mine", "--channel", reference).exit_code == 0
    assert tracker("watch", "pause", "mine").exit_code == 0
    assert row(tracker)["paused"] is True
    assert "paused" in tracker("digest", "mine").stderr
    assert tracker("watch", "resume", "mine", "--since", "2019-10-09").exit_code == 0
    assert tracker("watch", "change", "mine").exit_code == 2
    assert tracker("watch", "change", "mine", "--at", "08:00", "--clear", "at").exit_code == 2
    assert tracker("watch", "pause", "mine", "--channel", "file:nothing").exit_code == 2
    assert tracker("watch", "remove", "mine").exit_code == 0


@pytest.fixture
def week(tracker: Tracker, home: Path) -> Tracker:
    """Something new on each of four days."""
    ledger = Ledger(home / "ledger.db")
    for day in range(4):
        events = reading(f"document/post/{day}", ended(f"2019-10-0{day + 1}", party="zte" if day % 2 else "huawei"))
        ledger.append(f"document/post/{day}", lambda _, events=events: events, instant(f"2019-10-0{day + 2}"))  # type: ignore[misc]
    ledger.close()
    return tracker


@pytest.mark.parametrize(
    ("options", "days"),
    [
        (["--since", "2019-10-01"], [["2019-10-01", "2019-10-02", "2019-10-03", "2019-10-04"]]),
        (["--since", "2019-10-03", "--until", "2019-10-04"], [["2019-10-02", "2019-10-03"]]),
        (["--party", "zte"], [["2019-10-02", "2019-10-04"]]),
        (["--each", "--since", "2019-10-01"], [["2019-10-01"], ["2019-10-02"], ["2019-10-03"], ["2019-10-04"]]),
        (["--each", "--cadence", "weekly", "--weekday", "friday"], [["2019-10-01", "2019-10-02"], ["2019-10-03", "2019-10-04"]]),
        (["--each", "--cadence", "hourly", "--party", "huawei"], [["2019-10-01"], ["2019-10-03"]]),
        (["--each", "--cadence", "immediate", "--party", "huawei"], [["2019-10-01"], ["2019-10-03"]]),
    ],
)
def test_filters_are_tried_over_the_past(week: Tracker, home: Path, options: list[str], days: list[list[str]]) -> None:
    before = (home / "ledger.db").read_bytes()
    result = week("watch", "preview", *options, "--format", "json")
    assert result.exit_code == 0
    decoder, text, found = json.JSONDecoder(), result.stdout.strip(), []
    while text:
        digest, end = decoder.raw_decode(text)
        found.append([item["change"]["date"] for group in digest["groups"] for item in group["items"]])
        text = text[end:].strip()
    assert found == days
    assert (home / "ledger.db").read_bytes() == before


def test_a_period_may_begin_before_anything_was_known(week: Tracker) -> None:
    shown = week("watch", "preview", "--each", "--since", "0001-01-01", "--zone", "America/New_York")
    assert shown.stdout.count("(digest ") == 4
    for since in ("0001-01-01T00:00:00+05:00", "9999-12-31T23:00:00-05:00"):
        assert week("watch", "preview", "--since", since).exit_code == 2


def test_a_period_that_ends_before_it_begins_is_refused(week: Tracker) -> None:
    assert week("watch", "preview", "--since", "2019-10-04", "--until", "2019-10-02").exit_code == 2


def test_a_watch_or_filters_are_previewed_not_both(week: Tracker, folder: Path, tmp_path: Path) -> None:
    assert week("watch", "add", "mine", "--party", "zte", "--channel", f"file:{folder}").exit_code == 0
    assert week("watch", "preview", "mine", "--since", "2019-10-01").stdout.count("ZTE") + 1
    assert week("watch", "preview", "mine", "--party", "zte").exit_code == 2
    partners = tmp_path / "partners.csv"
    partners.write_text("Huawei\n", encoding="utf-8")
    tried = json.loads(week("watch", "preview", "--names", partners, "--format", "json").stdout)
    assert sum(len(group["items"]) for group in tried["groups"]) == 4, "the name as printed"


@pytest.mark.parametrize("since", ["2019-10-03", "2019-10-03T00:00:00Z", "2019-10-03T02:00:00+02:00"])
def test_since_a_day_means_its_beginning_wherever_it_is_said(
    tracker: Tracker, app: App, config_directory: Path, folder: Path, since: str
) -> None:
    watchers = f'[[watch]]\nid = "seeded"\nchannels = ["file:{folder}"]\nsince = "{since}"\n'
    (config_directory / "watchers.toml").write_text(watchers, encoding="utf-8")
    assert tracker("watch", "seed").exit_code == 0
    assert tracker("watch", "add", "typed", "--since", since, "--channel", f"file:{folder}").exit_code == 0
    begun = {one["watch"]: one["since"] for one in json.loads(tracker("watch", "list", "--json").stdout)}
    assert begun == dict.fromkeys(("seeded", "typed"), "2019-10-03T00:00:00Z")


def test_what_happens_on_the_day_is_told_since_the_day(week: Tracker, home: Path, folder: Path) -> None:
    """What is learnt in its morning, and what is in force from it on."""
    ledger = Ledger(home / "ledger.db")
    events = reading(RULE, added("Apex", "2019-10-07"))
    ledger.append(RULE, lambda _: events, instant("2019-10-06T08:00"))
    events = reading("document/federal-register/0", added("Early", "2019-10-06"))
    ledger.append("document/federal-register/0", lambda _: events, instant("2019-10-07T09:00"))
    ledger.close()
    shown = week("watch", "preview", "--since", "2019-10-07", "--until", "2019-10-07", "--format", "json").stdout
    groups = {one["title"]: [item["change"]["name"] for item in one["items"]] for one in json.loads(shown)["groups"]}
    assert groups == {"Took effect": ["Apex"], "Added to a list": ["Early"]}
    each = week("watch", "preview", "--each", "--since", "2019-10-07", "--format", "text").stdout
    assert each.count("Took effect") == 1
    week("watch", "add", "mine", "--since", "2019-10-07", "--channel", f"file:{folder}")
    assert "Apex" in week("digest", "mine").stdout


def test_a_digest_is_shown_as_it_was_issued(week: Tracker, folder: Path) -> None:
    week("watch", "add", "mine", "--since", "2019-10-01", "--channel", f"file:{folder}")
    made = week("digest", "mine")
    assert week("digest", "mine", "--number", 1).stdout == made.stdout
    assert week("digest", "mine", "--number", 2).exit_code == 2


def test_every_kind_of_channel_is_told(tracker: Tracker) -> None:
    told = tracker("watch", "add", "--help").stdout
    assert all(f"{kind}:" in " ".join(told.split()) for kind in CHANNELS)


def test_views_know_the_watches_as_the_ledger_does(app: App, folder: Path, clock: HandClock) -> None:
    office(app, folder)
    watching.pause(app, "office")
    clock.at = NOW + timedelta(hours=1)
    with app.views.store.reading() as database:
        (one,) = watches(database)
    assert one.terms == app.ledger.stream("watch/office")[0].event
    assert one.paused
