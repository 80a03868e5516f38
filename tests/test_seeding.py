"""The watches of `watchers.toml`: taken in, changed with the file, and left alone where a person decided."""

import json
from pathlib import Path

import pytest

from tests.conftest import Tracker
from tests.offices import secrets
from tracker import watching
from tracker.app import App
from tracker.channels import unsubscribe, wanted
from tracker.daily import daily
from tracker.seeding import seed
from tracker.watching import WatchOrder

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


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("channels = []", "it has no channel. Write where its digests go"),
        (
            'channels = ["file:x"]\ndestinations = ["China"]',
            "no destination is called 'China'. Nearest: “CHINA, PEOPLE'S REPUBLIC OF” (CN).",
        ),
    ],
)
def test_an_entry_that_goes_nowhere_or_takes_nothing_is_refused_with_a_hint(
    tracker: Tracker, config_directory: Path, entry: str, told: str
) -> None:
    (config_directory / "watchers.toml").write_text(f'[[watch]]\nid = "desk"\n{entry}\n', encoding="utf-8")
    result = tracker("watch", "seed")
    assert result.exit_code == 2
    assert f"desk: not taken in: {told}" in result.stderr
    assert json.loads(tracker("watch", "list", "--json").stdout) == []


def test_a_wrong_entry_stops_no_other(seeded: App, config_directory: Path, folder: Path, tracker: Tracker) -> None:
    wrong = '[[watch]]\nid = "bad"\nparties = ["nobody"]\nchannels = ["file:x"]\n'
    (config_directory / "watchers.toml").write_text(wrong + SEED.format(folder=folder), encoding="utf-8")
    seeded.close()
    result = tracker("watch", "seed")
    assert result.exit_code == 2
    assert "bad: not taken in: no party is called 'nobody'" in result.stderr
    assert "desk: added" in result.stderr
