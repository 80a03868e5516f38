"""What filters would have sent over a past period."""

import json
from pathlib import Path

import pytest

from tests.builders import added, ended, instant, reading
from tests.conftest import Tracker
from tests.test_digest import RULE
from tracker.app import App
from tracker.ledger import Ledger


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
