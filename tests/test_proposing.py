"""Proposers: what a model says becomes a proposal only where its quote stands in the text, and counts only when accepted."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from events.documents import DocumentCaptured, DocumentRead
from events.statements import Report
from tests.conftest import Tracker
from tracker.archive import Archive
from tracker.config import load_config
from tracker.ledger import Ledger
from tracker.proposers.by_llm import read_answer
from tracker.registers import Registers

TEXT = (
    "Tensions are rising over research money.\n\n"
    "Hanze Polytechnic has given the cold shoulder to its long-standing friends from Shenzhen, Huawei, people at the school say. "
    "MIT ended its ties with ZTE on 3 April 2019, the university said."
)
SHOWN = (
    "Hanze Polytechnic has given the cold shoulder to its long-standing friends from Shenzhen, Huawei, people at the school say."
)
GOOD = {"type": "tie-ended", "institution": "Hanze Polytechnic", "party": "Huawei", "extent": ["all"], "quote": SHOWN}


@pytest.fixture(scope="module")
def registers() -> Registers:
    return load_config(None).registers


def read_one(registers: Registers, **changed: Any) -> tuple[tuple[Report, ...], tuple[str, ...]]:
    found = read_answer(json.dumps([{**GOOD, **changed}]), TEXT, registers)
    assert len(found.statements) + len(found.dropped) == 1
    return found.statements, found.dropped


def test_an_answer_becomes_statements_that_are_only_proposed(registers: Registers) -> None:
    (one,), _ = read_one(registers)
    assert (one.topic(), one.standing, one.confidence) == ("tie-ended", "proposed", 0.5)
    assert one.subjects() == ("Hanze Polytechnic", "huawei")
    assert TEXT[one.evidence.start : one.evidence.end] == SHOWN


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"quote": SHOWN.replace("given the cold shoulder", "said goodbye")}, "not in the text"),
        ({"quote": SHOWN.lower()}, "not in the text"),
        ({"quote": " "}, "not in the text"),
        ({"quote": None}, "quote"),
        ({"institution": "Stanford University"}, "not in the text: 'Stanford University'"),
        ({"institution": None}, "institution_name"),
        ({"party": "…"}, "not in the text"),
        ({"type": "entity-added"}, "no type of statement"),
        ({"extent": ["everything"]}, "extent"),
        ({"date": "yesterday"}, "yesterday"),
        ({"type": "listing-reported", "change": "added", "list": "the-list"}, "no list"),
        ({"type": "institution-responded", "stance": "angry"}, "stance"),
    ],
)
def test_what_the_text_does_not_carry_is_dropped_with_its_reason(registers: Registers, changed: dict[str, Any], why: str) -> None:
    statements, dropped = read_one(registers, **changed)
    assert statements == ()
    assert why in dropped[0]


@pytest.mark.parametrize(
    "answer", ["", "I cannot help with that.", "[[[[" * 10_000, '[{"type":', "{}", "[1, null, []]", "[]", '"[]"']
)
def test_whatever_a_model_says_is_survived(registers: Registers, answer: str) -> None:
    assert read_answer(answer, TEXT, registers).statements == ()


def test_words_around_the_array_do_no_harm(registers: Registers) -> None:
    assert len(read_answer(f"Here you are:\n```json\n{json.dumps([GOOD])}\n```", TEXT, registers).statements) == 1


def test_other_types_of_statements(registers: Registers) -> None:
    items: list[dict[str, Any]] = [
        {**GOOD, "type": "institution-responded", "stance": "reviewing", "date": "2019-04"},
        {**GOOD, "type": "institution-responded", "stance": "reviewing", "party": None, "list": "us-bis-el"},
        {**GOOD, "type": "tie-reported", "kind": "funding"},
        {**GOOD, "type": "listing-reported", "change": "added", "list": "us-bis-el"},
        {**GOOD, "type": "entity-responded"},
    ]
    found = read_answer(json.dumps(items), TEXT, registers)
    assert found.dropped == ()
    assert [one.topic() for one in found.statements] == [item["type"] for item in items]
    assert getattr(found.statements[1], "scope", None) == "list:us-bis-el"


# The whole way, with a model of the llm library


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[Any]]:
    """A model that the llm library knows as `parrot`: it answers what the test puts here, and keeps what it was asked."""
    monkeypatch.setenv("LLM_USER_PATH", str(tmp_path / "llm"))
    monkeypatch.setenv("LLM_LOAD_PLUGINS", "")
    llm: Any = pytest.importorskip("llm", reason="the extra `proposers` is not installed")
    said: list[Any] = []

    def execute(_model: object, prompt: Any, *_: object, **_more: object) -> Iterator[str]:
        said.append(prompt)
        if isinstance(said[0], Exception):
            raise said[0]
        yield said[0]

    def register_models(_plugin: object, register: Callable[[object], None]) -> None:
        register(type("Parrot", (llm.Model,), {"model_id": "parrot", "execute": execute})())

    plugin = type("Plugin", (), {"__name__": "parrots", "register_models": llm.hookimpl(register_models)})
    llm.plugins.pm.register(plugin(), name="parrots")
    yield said
    llm.plugins.pm.unregister(name="parrots")


@pytest.fixture
def article(tracker: Tracker, config_directory: Path, tmp_path: Path) -> Tracker:
    """One article, and the model configured."""
    (config_directory / "tracker.toml").write_text('[proposers]\nllm = "parrot"\n')
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    result = tracker("ingest", path, "--url", "https://post.example/a", "--published", "2019-04-04", "--lang", "en")
    assert result.exit_code == 0, result.stderr
    return tracker


def listed(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_a_proposal_waits_in_the_inbox_and_counts_when_accepted(article: Tracker, answers: list[Any], home: Path) -> None:
    known = {"type": "tie-ended", "institution": "MIT", "party": "ZTE", "quote": "MIT ended its ties with ZTE on 3 April 2019"}
    answers.append(json.dumps([GOOD, known, {**GOOD, "quote": "Huawei has bribed the school."}]))
    before = listed(article("timeline", "huawei", "--json"))
    (asked,) = listed(article("propose", "--json"))
    assert (asked["proposed"], asked["known"], asked["dropped"]) == (1, 1, 1)
    assert listed(article("timeline", "huawei", "--json")) == before == []
    (item,) = listed(article("inbox", "list", "--kind", "proposal", "--json"))
    assert (item["change"], item["name"]) == ("tie-ended", "Hanze Polytechnic and Huawei")
    assert item["reason"] == "proposed by llm:parrot"
    assert item["quote"] == SHOWN
    assert "Hanze Polytechnic" in article("inbox", "show", item["id"]).stdout
    assert article("inbox", "accept", item["id"], "--reason", "the article says so").exit_code == 0
    (entry,) = listed(article("timeline", "huawei", "--json"))
    assert (entry["institution_name"], entry["standing"]) == ("Hanze Polytechnic", "reported")
    assert entry["evidence"][0]["url"] == "https://post.example/a"
    assert entry["evidence"][0]["quote"] == SHOWN
    assert article("verify").exit_code == 0
    assert article("rebuild").exit_code == 0
    assert listed(article("timeline", "huawei", "--json")) == [entry]


def test_a_rejected_proposal_is_gone(article: Tracker, answers: list[Any]) -> None:
    answers.append(json.dumps([GOOD]))
    article("propose")
    (item,) = listed(article("inbox", "list", "--kind", "proposal", "--json"))
    assert article("inbox", "reject", item["id"], "--reason", "hearsay").exit_code == 0
    assert listed(article("inbox", "list", "--json")) == []
    assert listed(article("timeline", "huawei", "--json")) == []


def test_who_proposed_with_which_model_is_on_record(article: Tracker, answers: list[Any], home: Path) -> None:
    answers.append(f"As you wish: {json.dumps([{**GOOD, 'date': '2019-04'}])}")
    article("propose")
    ledger = Ledger(home / "ledger.db")
    found = [one for one in ledger.read() if one.stream.startswith("document/proposals/")]
    ledger.close()
    captured, reading, statement = (one.event for one in found)
    assert isinstance(captured, DocumentCaptured)
    assert isinstance(reading, DocumentRead)
    assert isinstance(statement, Report)
    assert found[0].stream == "document/proposals/llm:parrot/local/https://post.example/a"
    assert captured.fetch.url.startswith("llm:parrot@")
    assert (reading.reader, reading.reader_version) == ("llm:parrot", 1)
    assert (statement.standing, statement.date_rule) == ("proposed", "llm:parrot")
    kept = json.loads(Archive(home / "archive").get(captured.raw))
    assert kept["answer"] == answers[0]
    assert kept["document"] == "document/local/https://post.example/a"


def test_a_text_is_put_once_and_an_edited_one_again(article: Tracker, answers: list[Any], tmp_path: Path) -> None:
    answers.append(json.dumps([GOOD]))
    assert len(listed(article("propose", "--json"))) == 1
    assert listed(article("propose", "--json")) == []
    assert len(answers) == 2, "the answer, and one question"
    prompt = answers[1]
    assert TEXT in prompt.prompt
    assert "us-bis-el" in prompt.system
    (tmp_path / "a.txt").write_text(TEXT.replace("people at the school say", "the school says"))
    article("ingest", tmp_path / "a.txt", "--url", "https://post.example/a", "--published", "2019-04-04", "--lang", "en")
    (asked,) = listed(article("propose", "https://post.example/a", "--json"))
    assert (asked["proposed"], asked["dropped"]) == (0, 1), "the sentence stands there no more"
    assert listed(article("inbox", "list", "--json")) == []


def test_readings_stay_as_they_are(article: Tracker, answers: list[Any]) -> None:
    answers.append(json.dumps([GOOD]))
    before = article("extract", "--help").stdout, listed(article("timeline", "mit", "--json"))
    article("propose")
    assert (article("extract", "--help").stdout, listed(article("timeline", "mit", "--json"))) == before
    assert listed(article("reread", "--dry-run", "--json")) == []


def test_a_model_that_fails_says_so_and_is_asked_again(article: Tracker, answers: list[Any]) -> None:
    answers.append(OSError("no route\nto the model"))
    result = article("propose", "--json")
    assert result.exit_code == 3
    assert "llm:parrot gave no answer: OSError: no route to the model" in result.stderr
    answers[0] = json.dumps([GOOD])
    assert listed(article("propose", "--json"))[0]["proposed"] == 1


def test_nothing_is_proposed_unless_a_model_is_named(tracker: Tracker) -> None:
    result = tracker("propose")
    assert result.exit_code == 2
    assert "no proposer is configured" in result.stderr


@pytest.mark.usefixtures("answers")
def test_an_unknown_model_is_told(article: Tracker, config_directory: Path) -> None:
    (config_directory / "tracker.toml").write_text('[proposers]\nllm = "nobody"\n')
    result = article("propose")
    assert result.exit_code == 1
    assert "Unknown model: nobody" in result.stderr


@pytest.mark.parametrize("library", ["llm", "spacy"])
def test_a_library_that_is_not_installed_is_told(
    article: Tracker, config_directory: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    (config_directory / "tracker.toml").write_text(f'[proposers]\n{library} = "x"\n')
    monkeypatch.setitem(sys.modules, library, None)
    result = article("propose")
    assert result.exit_code == 1
    assert f"{library} is not installed" in result.stderr
    assert "[proposers]" in result.stderr


def test_names_that_a_pipeline_finds_are_read_by_our_own_grammar(
    article: Tracker, config_directory: Path, tmp_path: Path
) -> None:
    spacy = pytest.importorskip("spacy", reason="the extra `proposers` is not installed")
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "ORG", "pattern": name} for name in ("Norwood Labs", "Kestrel Optics", "MIT", "the school")])
    pipeline.to_disk(tmp_path / "pipeline")
    (config_directory / "tracker.toml").write_text(f'[proposers]\nspacy = "{tmp_path / "pipeline"}"\n')
    path = tmp_path / "b.txt"
    path.write_text(
        "Norwood Labs ended its ties with Huawei on 3 April 2019. MIT ended its ties with Kestrel Optics on 4 April 2019."
    )
    article("ingest", path, "--url", "https://post.example/b", "--published", "2019-04-04", "--lang", "en")
    (asked,) = listed(article("propose", "https://post.example/b", "--json"))
    assert asked["proposed"] == 2
    found = listed(article("inbox", "list", "--kind", "proposal", "--json"))
    assert [(one["change"], one["name"]) for one in found] == [
        ("tie-ended", "Norwood Labs and Huawei"),
        ("tie-ended", "MIT and Kestrel Optics"),
    ]
    assert all(one["reason"] == "proposed by spacy:en_pipeline" for one in found)
    assert found[0]["quote"] == "Norwood Labs ended its ties with Huawei on 3 April 2019."
