"""What the commands answer in JSON: the keys of the contract, always all of them, and the right answers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from events.decisions import PartyLinked
from events.documents import Quarantine
from events.statements import Amount
from tests.builders import NOW, added, append, ended, instant, removed, reported, responded, revised, take_in, tie
from tracker.archive import Archive
from tracker.cli.main import cli
from tracker.ledger import Ledger

Ask = Callable[..., Any]
RULE, LATER, POST = "document/federal-register/2019-22210", "document/federal-register/2020-1", "document/post/a"

STATUS = {
    "list", "destination", "country", "name", "aliases", "addresses", "status", "standing", "effective_from", "effective_until",
    "citations", "license_requirement", "review_policy", "footnotes", "reported", "pending", "parties", "lineage",
}  # fmt: skip
TIMELINE = {
    "date", "type", "institution", "party", "list", "name", "stance", "extent", "scope", "reason", "summary", "standing",
    "sources", "evidence", "fact", "position", "recorded_at",
}  # fmt: skip
EVIDENCE = {"document", "url", "outlet", "attributed_to", "date", "quote", "start", "end"}
CHANGES = {"change", "position", "day", "date", "type", "kind", "institution", "party", "name", "summary", "fact"}
EXTRACT = {
    "type", "change", "list", "destination", "country", "name", "institution", "institution_name", "party", "party_name",
    "stance", "extent", "scope", "reason", "attributed_to", "date", "amount", "quote", "start", "end", "confidence", "standing",
}  # fmt: skip


@pytest.fixture
def ask(home: Path, config_directory: Path) -> Ask:
    """Asks a home for JSON: an entry of Huawei that is revised and removed later, reports of it, what MIT did."""
    ledger, archive = Ledger(home / "ledger.db"), Archive(home / "archive")
    archive.put(b"words")
    link = PartyLinked(party="huawei", list="us-bis-el", name="Huawei", match="begins")
    append(ledger, "register/parties", [link], instant("2019-10-01"))
    take_in(
        ledger, RULE, added("Huawei Technologies", "2019-10-09", aliases=["HW"]), added("Acme"),
        available=instant("2019-10-07T20:15"), now=instant("2019-10-08"),
    )  # fmt: skip
    take_in(
        ledger, POST, reported("huawei", "2019-10-08"), responded("2019-10-08"), ended("2019-04-03", told="Bloomberg"),
        tie(amount=Amount(value=27.0, unit="projects")), now=instant("2019-10-09"),
    )  # fmt: skip
    take_in(
        ledger, LATER, revised("Huawei Technologies", "2020-01-01", new_name="Huawei Tech"), removed("Huawei Tech", "2020-06-01"),
        published="2019-12-30", quarantined=(Quarantine(list="us-bis-el", reason="unclear", change="added", name="Nameless"),),
        now=instant("2019-12-30"),
    )  # fmt: skip
    ledger.close()

    def asked(*command: object, now: str = "2020-07-01T00:00:00Z", form: str = "--json") -> Any:
        arguments = ["--home", str(home), "--config", str(config_directory), "--now", now, "-q", *map(str, command), form]
        result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return asked


@pytest.mark.parametrize(
    ("day", "status", "name"),
    [
        ("2019-10-06", None, None),
        ("2019-10-08", "announced", "Huawei Technologies"),
        ("2019-10-09", "listed", "Huawei Technologies"),
        ("2020-01-01", "listed", "Huawei Tech"),
        ("2020-06-01", "removed", "Huawei Tech"),
    ],
)
def test_status_on_a_day(ask: Ask, day: str, status: str | None, name: str | None) -> None:
    rows = [row for row in ask("status", "Huawei", "--on", day) if row["status"] != "reported"]
    assert [(row["status"], row["name"]) for row in rows] == ([(status, name)] if status else [])


def test_status_has_all_keys(ask: Ask) -> None:
    for row in ask("status"):
        assert set(row) >= STATUS
    (row,) = ask("status", "HW")
    assert row["aliases"] == ["HW"]
    assert row["reported"] == [{"date": "2019-10-08", "document": POST}]
    assert [set(one) >= {"citation", "published"} for one in row["citations"]] == [True] * 2, "a document is cited once"
    assert (row["parties"], row["effective_from"], row["effective_until"]) == (["huawei"], "2019-10-09", "2020-06-01")


@pytest.mark.parametrize(("day", "count"), [("2019-10-08", 1), ("2019-10-09", 1), ("2020-01-01", 2)])
def test_an_entry_cites_no_rule_that_is_yet_to_take_effect(ask: Ask, day: str, count: int) -> None:
    (row,) = [row for row in ask("status", "Huawei", "--on", day) if row["status"] != "reported"]
    assert len(row["citations"]) == count


def test_what_was_quarantined_is_pending_and_never_clear(ask: Ask) -> None:
    (row,) = ask("status", "Nameless")
    assert (row["status"], row["pending"][0]["reason"]) == ("pending", "unclear")
    assert ask("status", "Nameless", "--known-at", "2019-12-01") == []
    assert ask("status", "Nameless", "--available-at", "2019-12-01") == []


def test_before_the_rule_was_recorded_only_nothing_was_known(ask: Ask) -> None:
    assert ask("status", "Huawei", "--on", "2019-10-09", "--known-at", "2019-10-07") == []
    (row,) = ask("status", "Huawei", "--on", "2019-10-09", "--known-at", "2019-10-08")
    assert (row["status"], row["reported"]) == ("listed", [])
    (row,) = ask("status", "Huawei", "--on", "2019-10-09", "--available-at", "2019-10-07T20:15:00Z")
    assert row["status"] == "listed"
    assert ask("status", "Huawei", "--on", "2019-10-09", "--available-at", "2019-10-07T20:14:59Z") == []


@pytest.mark.parametrize(("subject", "types"), [
    ("mit", ["tie-ended", "institution-responded", "tie-reported"]),
    ("Massachusetts Institute of Technology", ["tie-ended", "institution-responded", "tie-reported"]),
    ("huawei", ["tie-ended", "institution-responded", "entity-added", "entity-revised", "entity-removed"]),
    ("Acme", ["entity-added"]),
])  # fmt: skip
def test_timeline(ask: Ask, subject: str, types: list[str]) -> None:
    rows = ask("timeline", subject)
    assert [row["type"] for row in rows] == types
    for row in rows:
        assert set(row) >= TIMELINE
        assert all(set(one) >= EVIDENCE and one["quote"] == "words" for one in row["evidence"])


def test_the_press_is_evidence_on_the_official_entry(ask: Ask) -> None:
    (row,) = [row for row in ask("timeline", "huawei") if row["type"] == "entity-added"]
    assert (row["date"], row["reported"], row["sources"], row["standing"]) == ("2019-10-09", ["2019-10-08"], 2, "official")


@pytest.mark.parametrize(("bounds", "count"), [
    (("--from", "2019-10-01"), 2), (("--to", "2019-04-30"), 2), (("--from", "2019-04-03", "--to", "2019-04-03"), 2),
    (("--from", "2030-01-01"), 0)
])  # fmt: skip
def test_a_timeline_between_days(ask: Ask, bounds: tuple[str, ...], count: int) -> None:
    """A tie without a date happened some time up to the day of the article."""
    assert len(ask("timeline", "mit", *bounds)) == count


def test_changes(ask: Ask) -> None:
    rows = ask("changes")
    assert all(set(row) >= CHANGES for row in rows)
    learnt, effects = [row for row in rows if row["change"]], [row for row in rows if row["day"]]
    assert [row["change"] for row in learnt] == list(range(1, len(learnt) + 1))
    assert [(row["type"], row["name"], row["day"]) for row in effects if "Huawei" in row["name"]] == [
        ("entity-added", "Huawei Technologies", "2019-10-09"),
        ("entity-revised", "Huawei Tech", "2020-01-01"),
        ("entity-removed", "Huawei Tech", "2020-06-01"),
    ]
    assert {row["change"] for row in ask("changes", "--after", 3)} == {row["change"] for row in learnt if row["change"] > 3}
    assert [row["day"] for row in ask("changes", "--since", "2020-01-01")] == ["2020-01-01", "2020-06-01"]
    assert [row["day"] for row in ask("changes", "--since", "2020-01-01T00:00:01Z")] == ["2020-06-01"]
    assert ask("changes", "--since", "0001-01-01") == rows
    assert {row["position"] for row in ask("changes", "--until", "2019-10-08")} <= {None, 3}


def test_coverage(ask: Ask) -> None:
    row = ask("coverage")
    keys = {"list", "complete_from", "last_good_poll", "copies_from", "reconciled", "pending", "quarantined", "parked"}
    assert set(row) == keys
    assert (row["complete_from"], row["last_good_poll"]) == ("2019-10-09", None)
    assert [one["name"] for one in row["pending"]] == ["Nameless"]


def test_events(ask: Ask) -> None:
    rows = ask("events")
    assert [row["position"] for row in rows] == list(range(1, len(rows) + 1))
    assert all({"position", "stream", "version", "type", "recorded_at"} <= set(row) for row in rows)
    assert {row["type"] for row in ask("events", "--stream", RULE)} == {"document-captured", "document-read", "entity-added"}
    assert {row["stream"] for row in ask("events", "--stream", "document/")} == {RULE, LATER, POST}
    assert [row["name"] for row in ask("events", "--type", "entity-added")] == ["Huawei Technologies", "Acme"]
    assert len(ask("events", "--after", 2, "--until", 5)) == 3
    assert {row["type"] for row in ask("events", "--subject", "mit")} == {"institution-responded", "tie-ended", "tie-reported"}


def test_why_goes_down_to_the_bytes(ask: Ask) -> None:
    (fact,) = [row["fact"] for row in ask("timeline", "mit") if row["type"] == "tie-ended"]
    found = ask("why", fact[:8])
    assert found["fact"] == fact
    assert found["settled"]["rule"]
    (claim,) = found["claims"]
    assert (claim["quote"], claim["document"], claim["reader"], claim["reader_version"]) == ("words", POST, "article", 1)
    assert len(claim["bytes"]) == 64
    assert {"fetched_from", "fetched_at", "registers", "position", "recorded_at"} <= set(claim)


def test_why_of_a_listing_tells_its_amendments(ask: Ask) -> None:
    (row,) = ask("status", "HW")
    found = ask("why", row["lineage"])
    assert [claim["statement"]["type"] for claim in found["claims"]] == ["entity-added", "entity-revised", "entity-removed"]


def test_diff_between_days(ask: Ask) -> None:
    found = ask("diff", "2019-10-06", "2019-10-09")
    assert set(found) == {"added", "removed", "revised", "responses", "ties"}
    assert {one["name"] for one in found["added"]} == {"Acme", "Huawei Technologies"}
    assert [one["type"] for one in found["responses"]] == ["institution-responded"]
    (one,) = ask("diff", "2019-12-31", "2020-01-01")["revised"]
    assert (one["name"], one["fields"]["name"]) == ("Huawei Tech", {"before": "Huawei Technologies", "after": "Huawei Tech"})
    assert [one["name"] for one in ask("diff", "2020-05-31", "2020-06-01")["removed"]] == ["Huawei Tech"]
    assert all(one["cause"] == "source" for items in found.values() for one in items)


def test_diff_between_states_of_knowledge(ask: Ask) -> None:
    found = ask("diff", "--known", 1, "2019-10-08", "--on", "2019-10-09")
    assert {one["name"] for one in found["added"]} == {"Acme", "Huawei Technologies"}
    found = ask("diff", "--known", "2019-10-08", "2019-10-09", "--on", "2019-10-09")
    assert (found["added"], len(found["responses"]), len(found["ties"])) == ([], 1, 2)


def test_extract_writes_nothing_and_has_all_keys(ask: Ask, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_text(
        "MIT ends ties\n\nMIT said on Tuesday that it had cut its ties with Huawei and ZTE. "
        "A spokesperson for MIT said that MIT will review all relationships with SenseTime.\n"
    )
    head = len(ask("events"))
    rows = ask("extract", file, "--published", "2019-10-09", "--lang", "en")
    assert rows
    assert all(set(row) >= EXTRACT for row in rows)
    assert all(row["quote"] for row in rows)
    assert len(ask("events")) == head


def test_an_article_is_taken_in_once(ask: Ask, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_text("MIT ends ties\n\nMIT said on Tuesday that it had cut its ties with Huawei and ZTE.\n")
    (first,) = ask("ingest", file, "--published", "2019-10-09", "--lang", "en", now=NOW.isoformat())
    (again,) = ask("ingest", file, "--published", "2019-10-09", "--lang", "en", now=NOW.isoformat())
    assert set(first) == {"source", "status", "fetched", "documents", "events", "error"}
    assert (first["status"], first["documents"], again["status"], again["documents"], again["events"]) == (
        "ok",
        1,
        "unchanged",
        0,
        0,
    )


def test_a_day_of_publication_said_later_dates_an_article(ask: Ask, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_text("The University of Oslo ends ties\n\nThe University of Oslo has cut its ties with Huawei.\n")
    (undated,) = ask("ingest", file, "--lang", "en", now=NOW.isoformat())
    (dated,) = ask("ingest", file, "--lang", "en", "--published", "2019-04-05", now=NOW.isoformat())
    (again,) = ask("ingest", file, "--lang", "en", "--published", "2019-04-05", now=NOW.isoformat())
    assert [undated["status"], dated["status"], again["status"]] == ["ok", "ok", "unchanged"]
    (entry,) = ask("timeline", "University of Oslo")
    assert entry["date"] == "/2019-04-05"


def test_watches_and_the_settings(ask: Ask, home: Path, tmp_path: Path) -> None:
    assert ask("watch", "list") == []
    shown = ask("config", "show")
    assert {"home", "files", "settings", "sources", "registers"} <= set(shown)
    assert ask("sources") == []


def test_an_answer_that_rests_on_no_poll_says_so(home: Path) -> None:
    command = ["--home", str(home), "--now", "2019-10-09T12:00:00Z", "status", "Acme", "--json"]
    result = CliRunner().invoke(cli, command, catch_exceptions=False)
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])
    assert "stale: federal-register was never polled" in result.stderr
