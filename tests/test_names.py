"""Names that no register holds: shown once each with what was said first, given to an entry or set aside."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from events.decisions import NameDecided
from events.facts import Fact
from projections.claims import PRESENT, Horizon
from projections.settled import facts_of
from tracker.app import App
from tracker.ledger import Ledger

Tracker = Callable[..., Result]
TEXTS = (
    "Hanze Polytechnic University ended its ties with Huawei on 3 April 2019, the university said in a statement.",
    "It was in April 2019 that the HANZE Polytechnic University ended its ties with Huawei. Nobody else did.",
    "The Commerce Department added Norwood Photonics Ltd to its Entity List on 9 October 2019.",
)
PAIR = "pair:~hanze polytechnic university:huawei"


@pytest.fixture
def press(tracker: Tracker, tmp_path: Path) -> Tracker:
    """Three articles about two names that no register holds."""
    for number, text in enumerate(TEXTS):
        path = tmp_path / f"{number}.txt"
        path.write_text(text)
        url = f"https://{('post', 'review', 'gazette')[number]}.example/{number}"
        result = tracker("ingest", path, "--url", url, "--published", f"2019-10-1{number}", "--lang", "en")
        assert result.exit_code == 0, result.stderr
    return tracker


def names(tracker: Tracker) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(tracker("inbox", "list", "--kind", "name", "--json").stdout)
    return found


def facts(app: App, subject: str, horizon: Horizon = PRESENT) -> tuple[Fact, ...]:
    app.views.catch_up()
    with app.views.store.reading() as database:
        return facts_of(database, subject, horizon)


def test_each_name_is_one_line_with_its_count_and_first_quote(press: Tracker) -> None:
    hanze, norwood = names(press)
    assert (hanze["name"], hanze["change"], hanze["count"]) == ("Hanze Polytechnic University", "institution", 2)
    assert hanze["quote"] == TEXTS[0]
    assert hanze["reason"] == "no register holds the name; in 2 documents"
    assert (norwood["name"], norwood["change"], norwood["count"]) == ("Norwood Photonics Ltd", "party", 1)
    assert "Hanze" in press("inbox", "list").stdout
    assert "Hanze" in press("inbox", "show", hanze["id"]).stdout


def test_a_name_that_is_not_what_it_looks_like_says_so(tracker: Tracker, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The Commerce Department added Norw\u043eod Photonics Ltd to its Entity List on 9 October 2019.")
    tracker("ingest", path, "--published", "2019-10-10", "--lang", "en")
    (name,) = names(tracker)
    assert name["reason"].endswith("not what it looks like: it mixes Latin and Cyrillic letters")


def test_a_name_that_is_somebody_s_is_settled_with_what_is_known_of_them(press: Tracker, app: App) -> None:
    (fact,) = facts(app, PAIR)
    assert (fact.institution, fact.sources) == (None, 2)
    before = app.ledger.head()
    result = press(
        "inbox", "accept", names(press)[0]["id"][:8], "--as", "mit", "--reason", "a translation of ours", "--by", "ada"
    )
    assert result.exit_code == 0, result.stderr
    assert [one["name"] for one in names(press)] == ["Norwood Photonics Ltd"]
    timeline = json.loads(press("timeline", "mit", "--json").stdout)
    assert [(one["type"], one["party"], one["sources"]) for one in timeline] == [("tie-ended", "huawei", 2)]
    assert facts(app, PAIR) == ()
    assert [one.claims for one in facts(app, "pair:mit:huawei")] == [fact.claims]
    assert facts(app, PAIR, Horizon(position=before)) == (fact,), "as it was known before"
    (decision,) = app.ledger.read(before)
    assert decision.event == NameDecided(
        role="institution", name="Hanze Polytechnic University", entry="mit", reason="a translation of ours", by="ada"
    )
    assert press("rebuild").exit_code == 0
    assert json.loads(press("timeline", "mit", "--json").stdout) == timeline
    assert press("verify").exit_code == 0


def test_what_is_said_of_it_later_settles_likewise(press: Tracker, app: App, tmp_path: Path) -> None:
    press("inbox", "accept", names(press)[0]["id"], "--as", "mit", "--reason", "so")
    path = tmp_path / "later.txt"
    path.write_text("Hanze Polytechnic University has suspended its cooperation with ZTE, the university said on Monday.")
    assert press("ingest", path, "--published", "2019-10-20", "--lang", "en").exit_code == 0
    assert [one.institution for one in facts(app, "pair:mit:zte")] == ["mit"]
    assert len(names(press)) == 1


def test_a_name_that_is_nobody_s_is_not_shown_again(press: Tracker, app: App) -> None:
    assert press("inbox", "reject", names(press)[0]["id"], "--reason", "a slip of the paper").exit_code == 0
    assert [one["name"] for one in names(press)] == ["Norwood Photonics Ltd"]
    assert len(facts(app, PAIR)) == 1, "what was said of it stays"


def test_a_later_decision_holds(press: Tracker, app: App) -> None:
    found = names(press)[0]["id"]
    press("inbox", "accept", found, "--as", "mit", "--reason", "so")
    decision = NameDecided(role="institution", name="Hanze Polytechnic University", entry="stanford", reason="no, so", by="ada")
    app.ledger.append(f"decision/{found}", lambda _: [decision], app.clock.now())
    assert facts(app, "pair:mit:huawei") == ()
    assert len(facts(app, "pair:stanford:huawei")) == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [((), "has to be said"), (("--as", "nowhere"), "no institution of the registers"), (("--as", "huawei"), "no institution")],
)
def test_a_name_is_given_only_to_an_entry_of_its_register(
    press: Tracker, home: Path, options: tuple[str, ...], words: str
) -> None:
    found = names(press)[0]["id"]
    ledger = Ledger(home / "ledger.db")
    head = ledger.head()
    result = press("inbox", "accept", found, *options, "--reason", "so")
    assert result.exit_code == 2
    assert words in result.stderr
    assert ledger.head() == head
    ledger.close()
