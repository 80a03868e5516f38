"""Watches added, changed and paused; addresses and names stay private, and nothing is left behind."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from events.operations import WatchChanged
from projections.watches import watches
from tests.builders import NOW, added, ended
from tests.conftest import HandClock, Tracker
from tests.offices import again, office, secrets, titles
from tests.test_digest import DAY, RULE, learn
from tracker import watching
from tracker.app import App
from tracker.daily import daily
from tracker.deliver import CHANNELS
from tracker.errors import UsageError
from tracker.ledger import Ledger
from tracker.watching import WatchOrder


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
        {"destinations": ("China",)},
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


@pytest.mark.parametrize("destination", ["CN", "cn", "China, People’s Republic of", "Elsewhere, Kingdom of"])
def test_a_destination_is_a_code_or_as_lists_print_it(app: App, folder: Path, destination: str) -> None:
    """The registers know most; one that they do not know was printed by a rule."""
    learn(app, RULE, added("Acme", destination="ELSEWHERE, KINGDOM OF"))
    assert office(app, folder, destinations=(destination,)).destinations == (destination,)


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
