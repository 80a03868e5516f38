"""Delivery: at least once, with a receipt, and no address where it could not be erased."""

import json
from datetime import timedelta
from pathlib import Path

from projections.watches import watches
from tests.builders import added
from tests.conftest import HandClock
from tests.test_digest import RULE, issued, learn, office, run
from tracker import digest, watching
from tracker.app import App
from tracker.daily import Run
from tracker.delivery import deliver
from tracker.watching import WatchOrder

__all__ = ["office"]  # a fixture


def test_what_could_not_be_delivered_is_tried_again(office: App, clock: HandClock, folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    learn(office, RULE, added("Acme"))
    first = run(office, clock)
    assert first.failed
    assert run(office, clock).failed
    folder.unlink()
    third = run(office, clock)
    assert (third.digests, [one.error for one in third.deliveries]) == ((), [None])
    assert run(office, clock) == Run()
    kinds = [one.event.topic() for one in office.receipts.read()]
    assert kinds == ["delivery-failed", "delivery-made"]  # a fault of this machine is told once while it lasts
    assert len(issued(office)) == 1


def test_no_address_is_in_any_ledger(office: App, clock: HandClock, folder: Path) -> None:
    """Not after a failed delivery either: only the private store knows it, and it can forget."""
    folder.write_text("in the way")
    learn(office, RULE, added("Acme"))
    run(office, clock)
    folder.unlink()
    run(office, clock)
    address = str(folder)
    for name in ("ledger.db", "receipts.db"):
        for suffix in ("", "-wal"):
            path = office.home / f"{name}{suffix}"
            assert not path.exists() or address.encode() not in path.read_bytes()
    with office.views.store.reading() as database:
        (reference,) = watches(database)[0].channels
    assert office.private.get(reference) == address
    watching.remove(office, "office")
    assert office.private.get(reference) is None
    office.close()
    for path in office.home.rglob("*"):
        assert not path.is_file() or address.encode() not in path.read_bytes(), path


def test_text_html_and_json_say_the_same(office: App, clock: HandClock, folder: Path) -> None:
    learn(office, RULE, added("<script>alert(1)</script> & Söhne\n=cmd"))
    run(office, clock)
    text, page, model = ((folder / f"office-0001.{suffix}").read_text(encoding="utf-8") for suffix in ("txt", "html", "json"))
    assert "Söhne =cmd" in text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert json.loads(model)["groups"][0]["items"][0]["change"]["name"].startswith("<script>")


def test_a_run_that_is_to_end_leaves_the_rest_for_the_next(app: App, clock: HandClock, tmp_path: Path) -> None:
    for n in range(3):
        watching.add(app, WatchOrder(watch=f"watch-{n}", channels=(f"file:{tmp_path / str(n)}",)))
    learn(app, RULE, added("Acme"))
    app.views.catch_up()
    assert len(list(digest.issue_due(app))) == 3
    asked = iter([True, False])
    assert [one.watch for one in deliver(app, go_on=lambda: next(asked))] == ["watch-0"]
    assert [one.watch for one in deliver(app)] == ["watch-1", "watch-2"]


def test_an_older_ledger_with_newer_receipts_loses_no_digest(
    office: App, clock: HandClock, folder: Path, config_directory: Path
) -> None:
    """A number that was delivered is not given again, or the new digest would pass for the old one."""
    learn(office, RULE, added("Acme"))
    run(office, clock)
    home = office.home
    office.close()
    backup = (home / "ledger.db").read_bytes()
    with App(home, config_directory, clock) as second:
        clock.at += timedelta(days=1)
        learn(second, f"{RULE}-2", added("Beta"))
        run(second, clock)
    for beside in home.glob("ledger.db-*"):
        beside.unlink()
    (home / "ledger.db").write_bytes(backup)
    with App(home, config_directory, clock) as restored:
        clock.at += timedelta(days=1)
        learn(restored, f"{RULE}-3", added("Gamma"))
        (delivered,) = run(restored, clock).deliveries
        assert (delivered.number, delivered.error) == (3, None)
        assert [one.number for one in issued(restored)] == [1, 3]
    assert "Gamma" in (folder / "office-0003.txt").read_text(encoding="utf-8")
