"""Followed lists: what copies add and revise, and removals that wait for a person."""

import json
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from pytest_httpserver import HTTPServer

from events.decisions import ClaimRejected
from events.documents import DocumentCaptured, DocumentRead
from events.statements import EntityAdded, EntityRemoved, EntityRevised
from events.words import list_name
from projections import queries
from projections.claims import Horizon
from tests.builders import instant
from tests.conftest import HandClock
from tests.projections.snapshots import differing_from_rebuild
from tests.screening import DPL, UVL, Lists, Screening, file_of, many, record
from tracker import following, inbox
from tracker.app import App
from tracker.cli.main import cli
from tracker.config import load_config
from tracker.errors import ConfigError
from tracker.following import copy_day
from tracker.readers.base import Document
from tracker.rereading import documents_named, reread
from tracker.verify import verify

ACME = record("Acme", address="1 Harbour Road", alt_names=["AC"], federal_register_notice="84 FR 54002; 85 FR 12345")
OTHERS = many(3)
WITH: Lists = {UVL: [ACME, *OTHERS]}
WITHOUT: Lists = {UVL: OTHERS}


@pytest.fixture
def screening(app: App, clock: HandClock, httpserver: HTTPServer, config_directory: Path) -> Screening:
    return Screening(app, clock, httpserver, config_directory)


def days(screening: Screening, *shown: Lists, first: int = 0) -> None:
    """Polls once a day; every poll works."""
    for day, lists in enumerate(shown, first):
        assert screening.poll(day, lists).error is None


def streams(screening: Screening) -> list[str]:
    return screening.app.ledger.streams(f"document/csl/{UVL}/")


def test_the_first_copy_adds_what_it_shows(screening: Screening) -> None:
    days(screening, {**WITH, DPL: [record("Doe, John", None, license_requirement="All", start_date="2019-02-03")]})
    assert streams(screening) == [f"document/csl/{UVL}/2024-05-01"]
    acme, *_, doe = screening.events(EntityAdded)
    assert isinstance(acme, EntityAdded)
    assert isinstance(doe, EntityAdded)
    assert (acme.list, acme.name, acme.destination, acme.country) == (UVL, "Acme", "CN", "CN")
    assert (acme.addresses, acme.aliases[0].name, acme.citation) == (("1 Harbour Road",), "AC", "84 FR 54002")
    assert (acme.effective, acme.standing) == ("2024-05-01", "official")
    assert (doe.destination, doe.country, doe.license_requirement, doe.effective) == ("", None, "All", "2019-02-03")
    captured, read, *_ = (one.event for one in screening.app.ledger.stream(streams(screening)[0]))
    assert isinstance(captured, DocumentCaptured)
    assert isinstance(read, DocumentRead)
    assert (captured.kind, captured.raw) == ("list-copy", screening.events(DocumentCaptured)[0].raw)  # type: ignore[attr-defined]
    assert (captured.title, captured.published) == ("Unverified List, as of 2024-05-01", "2024-05-01")
    assert read.available == datetime(2024, 5, 1, 9, tzinfo=UTC)
    line = screening.app.archive.text(read.text)[acme.evidence.start : acme.evidence.end]
    assert json.loads(line)["entry"]["name"] == "Acme"
    (row,) = screening.rows(name="Doe")
    assert (row.status, row.effective_from, row.list) == ("listed", "2019-02-03", DPL)
    assert [one.status for one in screening.rows(day="2018-01-01", name="Doe")] == []


def test_the_entity_list_is_told_by_its_rules(screening: Screening) -> None:
    days(screening, {"us-bis-el": [record("Acme")], "us-ofac-sdn": [record("Apex")], UVL: [record("Alder")]})
    assert screening.statements() == [("entity-added", "Alder")]


def test_the_same_list_again_adds_nothing(screening: Screening) -> None:
    days(screening, WITH)
    head = screening.app.ledger.head()
    days(screening, WITH, WITH, first=1)
    assert screening.app.ledger.head() == head


@pytest.mark.parametrize("missing", [1, 2])
def test_gone_for_a_day_or_two_is_nothing(screening: Screening, missing: int) -> None:
    days(screening, WITH, *[WITHOUT] * missing, WITH, WITH)
    assert [topic for topic, _ in screening.statements()] == ["entity-added"] * 4
    assert screening.waits() == []
    assert screening.status("Acme") == ["listed"]
    assert screening.events(ClaimRejected) == []


def test_gone_for_three_days_waits_for_a_person(screening: Screening) -> None:
    """Though the copy of the third day is as that of the second: time alone makes an absence long."""
    days(screening, WITH, WITHOUT, WITHOUT)
    assert screening.waits() == []
    assert screening.poll(3, WITHOUT).events == 3, "captured, read, removed"
    (removed,) = screening.events(EntityRemoved)
    assert isinstance(removed, EntityRemoved)
    assert (removed.standing, removed.effective) == ("proposed", "2024-05-02")
    (one,) = screening.waits()
    assert (one.list, one.change, one.name, one.destination) == (UVL, "removed", "Acme", "CN")
    assert (one.reason, one.claim) == ("missing from every copy since 2024-05-02", removed.claim)
    (row,) = screening.rows(name="Acme")
    assert (row.status, [waiting.reason for waiting in row.pending]) == ("listed", [one.reason])
    days(screening, WITHOUT, WITHOUT, first=4)
    assert len(screening.events(EntityRemoved)) == len(screening.waits()) == 1, "told once"
    assert verify(screening.app).problems == ()


def test_accepted_by_a_person_it_is_removed_as_of_the_first_copy_without_it(screening: Screening) -> None:
    days(screening, WITH, *[WITHOUT] * 3)
    head = screening.app.ledger.head()
    inbox.accept(screening.app, screening.waits()[0].id, "the rule of 1 May removes it", "ada")
    assert screening.status("Acme") == ["removed"]
    assert screening.rows(name="Acme")[0].effective_until == "2024-05-02"
    assert screening.status("Acme", "2024-05-01") == ["listed"]
    assert screening.status("Acme", horizon=Horizon(position=head)) == ["listed"]
    days(screening, WITHOUT, WITHOUT, first=4)
    assert screening.waits() == []


def test_back_after_having_been_told_withdraws_the_proposal(screening: Screening) -> None:
    days(screening, WITH, *[WITHOUT] * 3)
    (one,) = screening.waits()
    days(screening, WITH, first=4)
    (rejected,) = screening.events(ClaimRejected)
    assert rejected == ClaimRejected(claim=one.claim or "", reason="it stands in the copy of 2024-05-05 again", by="tracker")
    assert screening.waits() == []
    assert screening.status("Acme") == ["listed"]
    days(screening, *[WITHOUT] * 3, first=5)
    (again,) = screening.waits()
    assert (again.reason, again.claim == one.claim) == ("missing from every copy since 2024-05-06", False)


def test_back_after_a_person_accepted_is_listed_anew(screening: Screening) -> None:
    days(screening, WITH, *[WITHOUT] * 3)
    inbox.accept(screening.app, screening.waits()[0].id, "so it is", "ada")
    acme = {**ACME, "start_date": "2019-01-01", "license_requirement": "All"}
    days(screening, {UVL: [acme, *OTHERS]}, first=4)
    assert screening.events(ClaimRejected) == []
    first, second = sorted(screening.rows(name="Acme"), key=lambda row: row.effective_from or "")
    assert (first.status, first.effective_until) == ("removed", "2024-05-02")
    assert (second.status, second.effective_from, second.license_requirement) == ("listed", "2024-05-05", "All")
    assert screening.events(EntityRevised) == []
    days(screening, *[WITHOUT] * 3, first=5)
    (waiting,) = screening.waits()
    inbox.accept(screening.app, waiting.id, "again", "ada")
    assert screening.status("Acme") == ["removed", "removed"]
    assert screening.waits() == []


def test_back_after_a_person_rejected_says_nothing(screening: Screening) -> None:
    days(screening, WITH, *[WITHOUT] * 3)
    inbox.reject(screening.app, screening.waits()[0].id, "the file is wrong", "ada")
    head = screening.app.ledger.head()
    days(screening, *[WITHOUT] * 4, first=4)
    assert screening.app.ledger.head() == head
    days(screening, WITH, first=8)
    (rejected,) = screening.events(ClaimRejected)
    assert isinstance(rejected, ClaimRejected)
    assert rejected.by == "ada"
    assert screening.status("Acme") == ["listed"]


def test_a_poll_that_was_cut_off_after_the_withdrawal_goes_on(screening: Screening, monkeypatch: pytest.MonkeyPatch) -> None:
    days(screening, WITH, *[WITHOUT] * 3)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(following, "_append", killed)
        with pytest.raises(KeyboardInterrupt):
            screening.poll(4, WITH)
    assert len(screening.events(ClaimRejected)) == 1
    days(screening, WITH, first=4)
    assert len(screening.events(ClaimRejected)) == 1
    days(screening, *[WITHOUT] * 3, first=5)
    assert len(screening.waits()) == 1


def test_revisions_state_only_what_changed(screening: Screening) -> None:
    moved = {**ACME, "addresses": [{"address": "1 Harbour Road", "country": "HK"}]}
    named = {**moved, "name": "Acme Holdings", "federal_register_notice": "84 FR 54002; 85 FR 12345; 89 FR 1 5/4/24"}
    days(screening, WITH, {UVL: [moved, *OTHERS]}, {UVL: [named, *OTHERS]})
    first, second = screening.events(EntityRevised)
    assert isinstance(first, EntityRevised)
    assert isinstance(second, EntityRevised)
    assert (first.name, first.destination, first.new_destination, first.new_country) == ("Acme", "CN", "HK", "HK")
    assert (first.effective, first.addresses, first.aliases, first.new_name) == ("2024-05-02", None, None, None)
    assert (second.name, second.destination, second.new_name, second.citation) == ("Acme", "HK", "Acme Holdings", "89 FR 1")
    (row,) = screening.rows(name="Acme")
    assert (row.name, row.destination, row.country, row.status) == ("Acme Holdings", "HK", "HK", "listed")
    assert [one.citation for one in row.citations] == ["84 FR 54002", "89 FR 1"]
    assert screening.waits() == []


def test_a_text_that_goes_is_no_more(screening: Screening) -> None:
    days(screening, {UVL: [record("Acme", license_requirement="All items")]}, {UVL: [record("Acme")]})
    (row,) = screening.rows(name="Acme")
    assert not row.license_requirement


def test_two_entries_of_one_name_are_two(screening: Screening) -> None:
    """One order was lifted, of the other the address changed; each wait of its own can be decided."""
    one, two = (record("Doe, John", "US", id=key, address=place) for key, place in (("1", "Here"), ("2", "There")))
    days(screening, {DPL: [one, two, *OTHERS]}, {DPL: [one, {**two, "license_requirement": "All"}, *OTHERS]})
    assert sorted(row.license_requirement or "" for row in screening.rows(name="Doe, John")) == ["", "All"]
    assert screening.waits() == []
    days(screening, *[{DPL: OTHERS}] * 3, first=2)
    waits = screening.waits()
    assert len({row.claim for row in waits}) == len(waits) == 2
    inbox.accept(screening.app, waits[0].id, "lifted", "ada")
    assert sorted(screening.status("Doe, John")) == ["listed", "removed"]
    (last,) = screening.waits()
    inbox.accept(screening.app, last.id, "lifted", "ada")
    assert screening.status("Doe, John") == ["removed", "removed"]
    assert screening.waits() == []


def test_a_second_change_on_one_day_is_a_document_of_its_own(screening: Screening) -> None:
    screening.poll(0, WITHOUT)
    screening.poll(0.1, WITH)
    screening.poll(0.2, {UVL: [{**ACME, "license_requirement": "All"}, *OTHERS]})
    assert streams(screening) == [f"document/csl/{UVL}/2024-05-01{more}" for more in ("", ".2", ".3")]
    (row,) = screening.rows(name="Acme")
    assert (row.status, row.license_requirement) == ("listed", "All")


def test_a_copy_older_than_the_last_one_tells_nothing(screening: Screening) -> None:
    days(screening, WITH, first=3)
    screening.poll(4, body=file_of(WITHOUT, 1))
    assert streams(screening) == [f"document/csl/{UVL}/2024-05-04"]
    days(screening, WITH, first=5)
    assert screening.waits() == []


@pytest.mark.parametrize(
    ("published", "fetched", "day"),
    [
        ("2024-05-06T09:00:00+00:00", "2024-05-06T12:00", date(2024, 5, 6)),
        ("2024-05-06T02:00:00+00:00", "2024-05-06T12:00", date(2024, 5, 5)),
        ("2099-01-01T09:00:00+00:00", "2024-05-06T12:00", date(2024, 5, 6)),
        ("2024-05-06", "2024-05-07T12:00", date(2024, 5, 6)),
        (None, "2024-05-06T02:00", date(2024, 5, 5)),
    ],
)
def test_the_day_of_a_copy_is_where_it_was_made(published: str | None, fetched: str, day: date) -> None:
    document = Document(source="csl", kind="csl", key="k", url="u", rendition="json", raw=b"", published=published)
    assert copy_day(document, instant(fetched)) == day


@pytest.mark.parametrize("start", ["2030-01-01", "2019-02-31", "soon"])
def test_a_start_that_cannot_be_is_not_believed(screening: Screening, start: str) -> None:
    days(screening, {UVL: [record("Acme", start_date=start)]}, {UVL: [record("Acme", start_date=start, license_requirement="x")]})
    (row,) = screening.rows(name="Acme")
    assert (row.effective_from, row.license_requirement) == ("2024-05-01", "x")


def test_a_list_under_another_label_is_not_absent(screening: Screening) -> None:
    days(screening, {UVL: many(5), DPL: many(2)})
    body = file_of({UVL: many(5), DPL: many(2)}, 1).replace(
        b"Unverified List (UVL) - Bureau", b"Unverified List (UVL) - The Bureau"
    )
    for day in range(1, 5):
        screening.poll(day, body=body)
    assert screening.waits() == []


def test_another_process_was_quicker(screening: Screening, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both saw the list as it was; the second to append begins again from what the first one made of it."""
    days(screening, WITHOUT)
    known = following._known
    seen: list[str] = []

    def slow(app: App, beginning: str) -> following._Known:
        found = known(app, beginning)
        if beginning.endswith(f"{UVL}/") and not seen:
            seen.append(beginning)
            monkeypatch.setattr(following, "_known", known)
            screening.poll(1, {UVL: [ACME, *OTHERS]})
        return found

    monkeypatch.setattr(following, "_known", slow)
    screening.serve(file_of({UVL: [ACME, *OTHERS, record("Apex")]}, 1))
    screening.poll(1)
    assert [name for _, name in screening.statements()[3:]] == ["Acme", "Apex"]
    assert streams(screening) == [f"document/csl/{UVL}/2024-05-0{more}" for more in ("1", "2", "2.2")]


def test_two_sources_of_the_list_tell_it_once(screening: Screening) -> None:
    sources = screening.config / "sources.toml"
    text = sources.read_text()
    sources.write_text(text + text.replace('id = "csl"', 'id = "again"'))
    screening.app.__dict__.pop("config", None)
    from tracker.poll import chosen, poll

    screening.serve(file_of(WITH))
    poll(screening.app, chosen(screening.app, [], due=False))
    assert len(screening.events(EntityAdded)) == 4
    assert screening.app.ledger.streams("document/again/") == ["document/again/consolidated"]


def test_reading_again_passes_over_followed_lists(screening: Screening) -> None:
    days(screening, WITH, *[WITHOUT] * 3)
    head = screening.app.ledger.head()
    assert list(reread(screening.app, documents_named(screening.app, ()), dry_run=False)) == []
    assert screening.app.ledger.head() == head


def test_live_views_are_a_rebuild(screening: Screening) -> None:
    days(screening, WITH, *[WITHOUT] * 3, WITH)
    assert differing_from_rebuild(screening.app.views.store, screening.app.ledger) == []


def test_the_commands(screening: Screening, home: Path, config_directory: Path) -> None:
    days(screening, WITH, *[WITHOUT] * 3)
    screening.app.close()

    def run(*command: str) -> str:
        arguments = ["--home", str(home), "--config", str(config_directory), "--now", "2024-05-09T12:00:00Z", *command]
        result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    (row,) = json.loads(run("status", "Acme", "--list", UVL, "--json"))
    assert (row["status"], row["pending"][0]["change"]) == ("listed", "removed")
    assert "Acme\tCN\tlisted" in run("status", "Acme")
    (waiting,) = json.loads(run("inbox", "list", "--list", UVL, "--json"))
    shown = json.loads(run("inbox", "show", waiting["id"], "--json"))
    assert shown["proposed"]
    assert json.loads(run("coverage", "--list", UVL, "--json"))["pending"][0]["name"] == "Acme"
    run("inbox", "accept", waiting["id"], "--reason", "the rule says so")
    assert json.loads(run("status", "Acme", "--list", UVL, "--json"))[0]["status"] == "removed"
    changes = [row["summary"] for row in json.loads(run("changes", "--json"))]
    assert "Acme (CN) added to the Unverified List by 84 FR 54002" in changes
    assert "Acme (CN) removed from the Unverified List" in changes
    assert json.loads(run("inbox", "list", "--json")) == []


def test_every_list_has_its_name_in_words() -> None:
    for one in load_config().registers.lists:
        assert list_name(one.id) == f"the {one.name}"


@pytest.mark.parametrize("wrong", ["missing_for = 0\ncsl = 'x'", "follow = true"])
def test_settings_that_cannot_be(config_directory: Path, wrong: str) -> None:
    (config_directory / "lists.toml").write_text(f'[[list]]\nid = "a"\nname = "A"\n{wrong}\n')
    with pytest.raises(ConfigError):
        load_config(config_directory)


def test_patience_is_a_setting(screening: Screening) -> None:
    text = '[[list]]\nid = "us-bis-uvl"\nname = "Unverified List"\nfollow = true\nmissing_for = 1\n'
    label = 'csl = "Unverified List (UVL) - Bureau of Industry and Security"\n'
    (screening.config / "lists.toml").write_text(text + label)
    screening.app.__dict__.pop("config", None)
    days(screening, WITH, WITHOUT)
    assert len(screening.waits()) == 1


@pytest.mark.slow
def test_seventeen_hundred_entries_take_seconds(screening: Screening) -> None:
    lists = {UVL: many(700), DPL: many(1000, "Denied"), "us-ofac-sdn": many(15_000, "Designated")}
    started = time.perf_counter()
    days(screening, lists)
    first = time.perf_counter() - started
    with screening.app.views.store.reading() as database:
        assert len(queries.changes(database)) == 1700
    started = time.perf_counter()
    days(screening, lists, first=1)
    again = time.perf_counter() - started
    print(f"first copy {first:.1f} s, the same again {again:.1f} s")
    assert first < 20
    assert again < 5
