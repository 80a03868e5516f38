"""What if: the ledger settled again without some of it, beside what is, and nothing written."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from events.decisions import PartyLinked
from events.documents import DocumentCaptured, DocumentRead
from projections.claims import PRESENT, Horizon
from projections.run import catch_up, fingerprint
from tests.builders import LIST, added, append, ended, instant, reading, removed, take_in
from tests.histories import Append, Memory, arrivals, histories
from tests.projections.snapshots import views_of
from tracker.cli.main import cli
from tracker.ledger import Ledger
from tracker.replay import Leaving, Without, scratch

RULE, SECOND = "document/federal-register/2019-22210", "document/federal-register/2020-00001"
POST, REVIEW = "document/post/a", "document/review/b"


@pytest.fixture
def filled(home: Path) -> Path:
    """A home with two rules, two reports of one fact, and a rule read twice."""
    ledger = Ledger(home / "ledger.db")
    take_in(ledger, RULE, added("Acme"), added("Apex"))
    take_in(ledger, SECOND, removed("Acme", "2019-11-01"))
    take_in(ledger, POST, ended("2019-04-03"))
    take_in(ledger, REVIEW, ended("2019-04-03"), published="2019-10-10")
    again = reading(SECOND, removed("Acme", "2019-11-01"), removed("Apex", "2019-11-01"), again=True, reader_version=2)
    append(ledger, SECOND, again, instant("2019-12-01"))
    ledger.close()
    return home


def run(home: Path, config: Path, *arguments: str) -> Result:
    command = ["--home", str(home), "--config", str(config), "--now", "2020-01-01T00:00:00Z", "replay", *arguments]
    return CliRunner().invoke(cli, command)


def found(home: Path, config: Path, *arguments: str) -> dict[str, Any]:
    result = run(home, config, *arguments, "--compare", "--json")
    assert result.exit_code == 0, result.stderr
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [row["name"] for row in rows]


def test_without_a_document_what_it_removed_is_in_force(filled: Path, config_directory: Path) -> None:
    answer = found(filled, config_directory, "--without-document", "2020-00001")
    assert names(answer["status"]["added"]) == ["Acme", "Apex"]
    assert (answer["events"], answer["left_out"]) == (10, 6)


def test_with_an_older_reader_its_later_readings_do_not_count(filled: Path, config_directory: Path) -> None:
    answer = found(filled, config_directory, "--readings", "rule@1")
    assert names(answer["status"]["added"]) == ["Apex"]


def test_without_one_of_two_sources_a_fact_has_one(filled: Path, config_directory: Path) -> None:
    answer = found(filled, config_directory, "--without-source", "post")
    assert answer["timelines"]["gone"] == answer["timelines"]["new"] == []
    (changed,) = answer["timelines"]["changed"]
    assert (changed["before"]["sources"], changed["after"]["sources"]) == (2, 1)


def test_what_a_past_state_of_knowledge_lacks_makes_no_difference(filled: Path, config_directory: Path) -> None:
    answer = found(filled, config_directory, "--without-document", "2020-00001", "--known-at", "4")
    assert answer["status"] == {"added": [], "removed": [], "revised": []}


def test_nothing_is_written(filled: Path, config_directory: Path) -> None:
    run(filled, config_directory, "--without-source", "post")  # the views are made by the first question
    before = {path: path.read_bytes() for path in sorted(filled.rglob("*")) if path.suffix == ".db"}
    run(filled, config_directory, "--without-source", "post", "--compare")
    ledger = Ledger(filled / "ledger.db")
    assert ledger.head() == 16
    ledger.close()
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "nothing is left out"),
        (("--without-source", "nobody"), "no document came from a source called 'nobody'"),
        (("--without-document", "2019-99999"), "no document is called '2019-99999'"),
        (("--readings", "rule"), "no such reading"),
        (("--readings", "nobody@1"), "no such reading"),
        (("--readings", "rule@99"), "the newest on record is rule@2"),
        (("--without-source", "post", "--on", "2019-02-30"), "is not a day"),
    ],
)
def test_a_wrong_question_is_one_clear_line(filled: Path, config_directory: Path, arguments: tuple[str, ...], words: str) -> None:
    result = run(filled, config_directory, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_nothing_left_out_makes_no_difference_to_an_entry_of_two_parties(filled: Path, config_directory: Path) -> None:
    ledger = Ledger(filled / "ledger.db")
    links = [PartyLinked(party=party, list=LIST, name=name, match="exact") for party, name in (("a", "Acme"), ("b", "Apex"))]
    append(ledger, "register/parties", [*links, PartyLinked(party="b", list=LIST, name="Acme", match="exact")])
    ledger.close()
    answer = found(filled, config_directory, "--readings", "rule@2")
    assert (answer["left_out"], answer["timelines"]) == (0, {"gone": [], "new": [], "changed": []})
    gone = found(filled, config_directory, "--without-document", "2019-22210")["timelines"]["gone"]
    assert {(row["party"], row["summary"].partition(" ")[0]) for row in gone if row["type"] == "entity-added"} == {
        ("a", "Acme"), ("b", "Acme"),
    }  # fmt: skip


def test_without_compare_it_counts(filled: Path, config_directory: Path) -> None:
    result = run(filled, config_directory, "--without-document", "2020-00001", "--json")
    assert json.loads(result.stdout)["status"] == {"added": 2, "removed": 0, "revised": 0}


@settings(max_examples=30)
@given(data=st.data())
def test_a_replay_is_a_ledger_that_never_had_it(data: st.DataObject) -> None:
    appends: list[Append] = data.draw(histories().flatmap(arrivals))
    ledger = Memory(appends)
    streams = sorted({append.stream for append in appends if append.stream.startswith("document/")})
    out = frozenset(data.draw(st.lists(st.sampled_from(streams), max_size=2))) if streams else frozenset[str]()
    plain = Memory([append for append in appends if append.stream not in out])
    with scratch(Without(ledger, Leaving(documents=out))) as store, views_of(plain) as other:
        ignored = ("position", "reading", "recorded_at", "change")
        assert _rows(store, ignored) == _rows(other, ignored)


def _rows(store: Any, ignored: tuple[str, ...]) -> dict[str, list[tuple[Any, ...]]]:
    """The settled tables without positions, which differ by what is left out."""
    with store.reading() as database:
        found = {}
        for table in ("listings", "periods", "unmatched", "facts", "fact_claims"):
            columns = ", ".join(f'"{c.name}"' for c in database[table].columns if c.name not in ignored)
            found[table] = sorted(map(tuple, database.execute(f'SELECT {columns} FROM "{table}"')))
        return found


def test_the_whole_ledger_is_what_is_left_when_nothing_is(filled: Path) -> None:
    ledger = Ledger(filled / "ledger.db")
    with scratch(Without(ledger, Leaving())) as store, scratch(ledger) as whole:
        assert fingerprint(store) == fingerprint(whole)
        assert catch_up(store, ledger) == 0
    kinds = [type(one.event) for one in Without(ledger, Leaving(sources=frozenset({"federal-register"}))).read()]
    assert kinds.count(DocumentCaptured) == kinds.count(DocumentRead) == 2
    assert Horizon() == PRESENT
    ledger.close()
