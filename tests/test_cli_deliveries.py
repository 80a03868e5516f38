"""`tracker deliver` and `tracker deliveries`: what waits is sent, and who was told of what can be asked."""

import json
from pathlib import Path
from typing import Any

import pytest

from events.decisions import ClaimRejected
from projections import queries
from projections.claims import PRESENT
from projections.rows import Entry
from tests.builders import NOW, added, ended, reading
from tests.conftest import HandClock, Tracker
from tests.test_digest import learn
from tracker.app import App

LATER = "2019-10-10T12:00:00Z"


@pytest.fixture
def told(app: App, tracker: Tracker, tmp_path: Path) -> Tracker:
    """Two watches; one of everything, one of Huawei alone, whose folder is in the way."""
    assert tracker("watch", "add", "all", "--channel", f"file:{tmp_path / 'all'}").exit_code == 0
    assert tracker("watch", "add", "huawei", "--party", "huawei", "--channel", f"file:{tmp_path / 'in-the-way'}").exit_code == 0
    (tmp_path / "in-the-way").write_text("")
    learn(app, "document/federal-register/1", added("Acme"))
    learn(app, "document/post/a", ended("2019-10-01"))
    assert tracker("daily").exit_code == 1
    return tracker


def rows(tracker: Tracker, *more: str) -> list[dict[str, Any]]:
    answer = tracker("deliveries", "--json", *more, now=LATER)
    assert answer.exit_code == 0
    found: list[dict[str, Any]] = json.loads(answer.stdout)
    return found


def whom(tracker: Tracker, *more: str) -> list[tuple[str, str]]:
    return [(one["watch"], one["state"]) for one in rows(tracker, *more)]


def timeline(app: App) -> list[Entry]:
    """What is known of the party."""
    app.views.catch_up()
    with app.views.store.reading() as database:
        return queries.timeline(database, "party:huawei", PRESENT)


def test_who_was_told_of_a_subject(told: Tracker) -> None:
    assert whom(told) == [("all", "delivered"), ("huawei", "failed")]
    assert whom(told, "--about", "huawei") == [("all", "delivered"), ("huawei", "failed")]
    assert whom(told, "--about", "Huawei") == whom(told, "--about", "huawei")
    assert whom(told, "--about", "Massachusetts Institute of Technology") == whom(told, "--about", "mit")
    assert whom(told, "--about", "Acme") == whom(told, "--about", "us-bis-el") == [("all", "delivered")]
    (one,) = rows(told, "--about", "Acme")
    assert len(one["about"]) == 1
    assert one["about"][0].startswith("Acme (China")


def test_who_was_told_of_a_fact_by_any_of_its_claims(told: Tracker, app: App) -> None:
    (entry,) = timeline(app)
    assert whom(told, "--about", entry.fact) == [("all", "delivered"), ("huawei", "failed")]
    learn(app, "document/herald/b", ended("2019-10-01"))  # another source of the same fact
    (entry,) = timeline(app)
    for one in entry.evidence:
        assert whom(told, "--about", one.claim) == [("all", "delivered"), ("huawei", "failed")]
    assert whom(told, "--about", entry.fact[:8]) == [("all", "delivered"), ("huawei", "failed")]


def test_what_was_taken_back_since_was_told_all_the_same(told: Tracker, app: App) -> None:
    (entry,) = timeline(app)
    rejected = ClaimRejected(claim=entry.fact, reason="an error", by="ada")
    app.ledger.append(f"decision/{entry.fact}", lambda _: [rejected], app.clock.now())
    assert timeline(app) == []
    assert whom(told, "--about", "huawei") == [("all", "delivered"), ("huawei", "failed")]
    assert whom(told, "--about", entry.fact) == [("all", "delivered"), ("huawei", "failed")]


def test_nobody_was_told_of_it(told: Tracker) -> None:
    answer = told("deliveries", "--about", "Acmee")
    assert (answer.exit_code, answer.stdout) == (0, "")
    assert "nobody was told of 'Acmee'" in answer.stderr
    assert "Acme" in answer.stderr.partition("nearest names:")[2]


def test_a_watch_and_a_time(told: Tracker, tmp_path: Path) -> None:
    assert whom(told, "--watch", "huawei") == [("huawei", "failed")]
    assert whom(told, "--since", "2019-10-09T11:00:00Z") == [("all", "delivered"), ("huawei", "failed")]
    assert whom(told, "--since", LATER) == []
    (tmp_path / "in-the-way").unlink()
    assert told("deliver", now=LATER).exit_code == 0
    assert whom(told, "--since", LATER) == [("huawei", "delivered")]


def test_deliver_sends_what_waits_and_no_more(told: Tracker, tmp_path: Path) -> None:
    assert told("deliver", now=LATER).exit_code == 1
    (tmp_path / "in-the-way").unlink()
    assert told("deliver", "all", now=LATER).stdout == ""
    done = told("deliver", "--json", now=LATER)
    assert [(one["watch"], one["number"], one["error"]) for one in json.loads(done.stdout)] == [("huawei", 1, None)]
    assert "nothing is due" in told("deliver", now=LATER).stderr
    unknown = told("deliver", "nobody")
    assert (unknown.exit_code, "Known: all, huawei" in unknown.stderr) == (2, True)


def test_a_paused_watch_is_sent_nothing(told: Tracker, tmp_path: Path) -> None:
    (tmp_path / "in-the-way").unlink()
    assert told("watch", "pause", "huawei").exit_code == 0
    assert told("deliver", "--at-once", now=LATER).stdout == ""
    assert told("watch", "resume", "huawei").exit_code == 0
    assert "huawei" in told("deliver", now=LATER).stdout


def test_what_a_removed_watch_was_owed_stays_on_record(told: Tracker) -> None:
    told("watch", "remove", "huawei")
    assert whom(told) == [("all", "delivered"), ("huawei", "removed")]
    (_, one) = rows(told)
    assert one["address"] is None


@pytest.mark.parametrize(
    "command", [("deliveries", "--watch"), ("watch", "show"), ("deliver",), ("digest", "--check"), ("digest",)]
)
def test_an_unknown_watch_is_told_with_the_nearest_name(told: Tracker, command: tuple[str, ...]) -> None:
    answer = told(*command, "huawie")
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "no watch is called 'huawie'" in answer.stderr
    assert "Nearest: huawei." in answer.stderr
    assert "Known: all, huawei." in told(*command, "zzz").stderr


def test_the_table_of_watches_shows_what_narrows_them(told: Tracker, tmp_path: Path) -> None:
    """A watch of one destination must not look as if it took everything."""
    assert "destinations" not in told("watch", "list").stdout
    assert told("watch", "add", "china", "--destination", "CN", "--channel", f"file:{tmp_path / 'china'}").exit_code == 0
    head, *lines = (line.split("\t") for line in told("watch", "list").stdout.splitlines())
    assert {line[0]: line[head.index("destinations")] for line in lines} == {"all": "", "china": "CN", "huawei": ""}


@pytest.mark.parametrize(("destination", "hint"), [("China", "“CHINA, PEOPLE'S REPUBLIC OF” (CN)"), ("Atlantis", "two letters")])
def test_a_destination_that_no_list_prints_is_refused(told: Tracker, destination: str, hint: str) -> None:
    for command in (("watch", "add", "x", "--channel", "file:x"), ("watch", "preview"), ("watch", "change", "all")):
        answer = told(*command, "--destination", destination)
        assert (answer.exit_code, answer.stdout) == (2, "")
        assert hint in answer.stderr


def test_an_entry_that_no_list_knows_is_told_of(told: Tracker, tmp_path: Path) -> None:
    """It may come; or it is a slip."""
    answer = told("watch", "add", "x", "--listing", "Acmee", "--listing", "ACME", "--channel", f"file:{tmp_path / 'x'}")
    assert answer.exit_code == 0
    assert "no entry of a list goes by 'Acmee' yet; nearest: acme" in answer.stderr
    assert "'ACME'" not in answer.stderr
    assert "'Zeta'" in told("watch", "change", "x", "--listing", "Zeta").stderr


def test_a_digest_by_number_is_of_one_watch(told: Tracker) -> None:
    assert "--number is of one watch" in told("digest", "--number", 1).stderr
    assert told("digest", "--number", 1, "--check").exit_code == 0


def test_a_watch_is_shown_a_line_a_field_with_what_became_of_its_digests(told: Tracker, tmp_path: Path) -> None:
    shown = told("watch", "show", "huawei").stdout
    assert [line.split() for line in shown.splitlines()] == [
        ["watch", "huawei"],
        ["parties", "huawei"],
        ["channels", f"file:{tmp_path}/in-the-way"],
        ["cadence", "daily"],
        ["since", "2019-10-09T12:00:00+00:00"],
        ["zone", "UTC"],
        ["empty", "silent"],
        ["references", "file:huawei-2-1"],
        ["digest", "1", "issued", "2019-10-09T12:00,", "1", "changes:", f"file:{tmp_path}/in-the-way", "failed"],
    ]
    (digest,) = json.loads(told("watch", "show", "all", "--json").stdout)["digests"]
    assert (digest["number"], digest["changes"], digest["issued_at"]) == (1, 2, "2019-10-09T12:00:00+00:00")
    assert [(one["channel"], one["state"], one["tries"]) for one in digest["deliveries"]] == [("file:all-1-1", "delivered", 0)]


def test_the_view_is_made_again_where_it_is_lost_or_damaged(told: Tracker, app: App, home: Path) -> None:
    before = rows(told)
    app.close()
    view = home / "views" / "deliveries.db"
    for damage in (
        view.unlink,
        lambda: view.write_bytes(b"no database " * 1000),
        lambda: view.write_bytes(view.read_bytes()[:3000]),
    ):
        damage()
        for beside in ("-wal", "-shm"):
            view.with_name(view.name + beside).unlink(missing_ok=True)
        assert rows(told) == before


def test_addresses_are_masked(tracker: Tracker, app: App, clock: HandClock) -> None:
    added_watch = tracker("watch", "add", "mail", "--channel", "email:ada.lovelace@example.org")
    assert added_watch.exit_code == 0
    assert "no mail server is set" in added_watch.stderr  # told at once, not only when a digest is due
    events = reading("document/federal-register/1", added("Acme"))
    app.ledger.append("document/federal-register/1", lambda _: events, NOW)
    tracker("daily")
    answer = tracker("deliveries")
    assert "a...@example.org" in answer.stdout
    assert "lovelace" not in answer.output
    assert "no mail server is set" in answer.stdout
