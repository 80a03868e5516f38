"""Whole rules: bytes in, readings out."""

import importlib
import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from events.statements import EntityAdded
from tests.readers.conftest import RULES, SHARED, plain, rule
from tracker.readers.base import UnreadableError
from tracker.readers.rule import read_rule
from tracker.registers import Registers

RECORD = {"citation": "96 FR 1701", "publication_date": "2031-01-09", "start_page": 1701, "end_page": 1705}
GENUINE = SHARED / "corpus" / "federal-register" / "2023-03929.xml"
WORLD = SHARED / "world"


@pytest.mark.parametrize("path", sorted(RULES.glob("*.xml")), ids=lambda path: path.stem)
def test_rules_beside_their_readings(path: Path, registers: Registers, expected: Any) -> None:
    found = plain(read_rule(rule(path.read_bytes(), RECORD), registers))
    assert found == expected(path.with_suffix(".json"), found)


def test_without_a_record_the_document_tells_its_citation(registers: Registers) -> None:
    reading = read_rule(rule((RULES / "additions.xml").read_bytes()), registers)
    assert (reading.citation, reading.published) == ("96 FR 1701", "2031-01-09")
    assert reading.available == datetime(2031, 1, 8, 21, 15, tzinfo=UTC)
    assert reading.number == "2031-00001"


def test_a_record_that_disagrees_about_the_day_stops_everything(registers: Registers) -> None:
    record = {**RECORD, "effective_on": "2031-02-01"}
    reading = read_rule(rule((RULES / "additions.xml").read_bytes(), record), registers)
    assert {one.standing for one in reading.statements} == {"proposed"}, "nothing counts until a person says so"
    assert len(reading.quarantined) == 5
    assert "its record says 2031-02-01" in reading.quarantined[0].reason


def test_a_proposed_rule_states_nothing(registers: Registers) -> None:
    raw = (RULES / "additions.xml").read_bytes().replace(b"RULE>", b"PRORULE>")
    reading = read_rule(rule(raw, RECORD), registers)
    assert (reading.statements, reading.quarantined) == ((), ())


def test_text_that_amends_the_list_waits_for_the_xml(registers: Registers) -> None:
    text = "<html><body><pre>\nSUMMARY: A &amp; B.\n\n2. Supplement No. 4 to part\n744 is amended:\n\n</pre></body></html>"
    reading = read_rule(rule(text.encode(), RECORD, rendition="text"), registers)
    assert reading.text == "SUMMARY: A & B.\n\n2. Supplement No. 4 to part 744 is amended:"
    assert [q.list for q in reading.quarantined] == ["us-bis-el"]
    quiet = read_rule(rule(b"Supplement No. 4 to part 744 is long.", rendition="text"), registers)
    assert quiet.quarantined == ()


def test_a_rule_about_something_else_says_nothing(registers: Registers) -> None:
    paragraph = b"<AMDPAR>1. Supplement no. 4 is amended by adding a row.</AMDPAR>"
    raw = b"<RULE><REGTEXT TITLE='15' PART='746'>" + paragraph + b"</REGTEXT></RULE>"
    reading = read_rule(rule(raw), registers)
    assert (reading.statements, reading.quarantined, reading.checks) == ((), (), ())


def test_a_correction_in_plain_paragraphs_is_not_lost(registers: Registers) -> None:
    raw = "<RULE><SUBJECT>Entity List; Correction</SUBJECT><P>On page 5, “A” should read “B”.</P></RULE>"
    assert len(read_rule(rule(raw.encode()), registers).quarantined) == 1


def whole_list(text: str) -> str:
    """A rule whose second instruction prints the whole supplement anew."""
    start, end = text.index("<AMDPAR>2."), text.index("</AMDPAR>", text.index("<AMDPAR>2."))
    return f"{text[:start]}<AMDPAR>2. Supplement No. 4 to part 744 is revised to read as follows:{text[end:]}"


def test_the_whole_list_printed_anew_states_what_was_there_before(registers: Registers) -> None:
    text = whole_list((RULES / "wrong_total.xml").read_text(encoding="utf-8"))
    changed = read_rule(rule(text.encode(), RECORD), registers)
    assert not changed.statements
    assert changed.quarantined
    assert {q.reason for q in changed.quarantined if q.name} <= {
        "the whole list is printed anew, and what changed in this row is not stated"
    }
    text = re.sub(r"96 FR \[INSERT[^\]]*\]", "90 FR 100, 1/2/25", text)
    for stated, waiting in ((2, []), (3, ["entries of the whole list: the rule states 3, the reading has 2"])):
        summary = f"<SUM><P>No change is made; the Entity List has {stated} entries.</P></SUM>"
        raw = text[: text.index("<SUM>")] + summary + text[text.index("</SUM>") + len("</SUM>") :]
        reading = read_rule(rule(raw.encode(), RECORD), registers)
        assert (reading.statements, [q.reason for q in reading.quarantined]) == ((), waiting)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"<!DOCTYPE html><html><body>Log in</body></html>", "HTML"),
        (b"Not Found", "not XML"),
        (b"<RULE><P>cut", "cut off"),
        (b"<!DOCTYPE r [<!ENTITY a 'b'>]><RULE>&a;</RULE>", "entities"),
        (b"<rss/>", "not the root"),
        (b"<?xml version='1.0' encoding='klingon'?><RULE/>", "klingon"),
        (b"<RULE><P>caf\xe9 \xe2\x80\x9c</P></RULE>", "byte 12, line 1"),
        ("<RULE><P>Caf\xe9 ?????</P></RULE>".encode("latin-1"), "lost characters"),
    ],
)
def test_what_is_no_rule_is_refused_in_one_line(raw: bytes, words: str, registers: Registers) -> None:
    with pytest.raises(UnreadableError, match=words) as error:
        read_rule(rule(raw), registers)
    assert "\n" not in str(error.value)


def test_latin_1_labelled_as_utf_8_is_healed(registers: Registers) -> None:
    raw = (RULES / "wrong_total.xml").read_text(encoding="utf-8").replace("Puma", "Pumá")
    reading = read_rule(rule(raw.encode("cp1252"), RECORD), registers)
    assert "Pumá SA" in {q.name for q in reading.quarantined}


def test_every_span_of_a_cut_or_damaged_rule_is_sound(registers: Registers) -> None:
    text = (RULES / "additions.xml").read_text(encoding="utf-8")
    for at in range(0, len(text), 97):
        for damaged in (text[:at] + text[at + 30 :], text[:at] + "“" + text[at:], text[:at] + "<LI/>" + text[at:]):
            try:
                reading = read_rule(rule(damaged.encode(), RECORD), registers)
            except UnreadableError:
                continue
            for statement in reading.statements:
                assert 0 <= statement.evidence.start < statement.evidence.end <= len(reading.text)


@pytest.mark.skipif(not GENUINE.exists(), reason="the corpus of genuine documents is not beside the project")
def test_the_genuine_rule_88_fr_12170(registers: Registers) -> None:
    record = {"citation": "88 FR 12170", "publication_date": "2023-02-27", "effective_on": "2023-02-24"}
    reading = read_rule(rule(GENUINE.read_bytes(), record), registers)
    added = [s for s in reading.statements if isinstance(s, EntityAdded)]
    assert len(added) == len(reading.statements) == 13
    assert not reading.quarantined
    assert all(check.passed for check in reading.checks)
    assert [s.country for s in added] == ["CA"] * 2 + ["CN"] * 5 + ["FR", "LU", "NL"] + ["RU"] * 3
    assert [len(s.aliases) for s in added] == [1, 6, 2, 2, 3, 7, 3, 7, 3, 7, 5, 2, 4]
    assert [len(s.addresses) for s in added] == [1, 1, 1, 1, 3, 3, 2, 1, 1, 1, 1, 2, 2]
    assert {(s.effective, s.citation, s.footnotes) for s in added} == {("2023-02-24", "88 FR 12170", ("3",))}
    assert reading.available == datetime(2023, 2, 24, 13, 45, tzinfo=UTC)
    assert (reading.number, reading.title) == ("2023-03929", "Additions of Entities to the Entity List")


@pytest.mark.slow
@pytest.mark.skipif(not WORLD.exists(), reason="the simulated Federal Register is not beside the project")
def test_no_addition_of_the_simulated_register_is_wrong_or_lost(registers: Registers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(WORLD))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    frapi, frxml, truth = (importlib.import_module(f"simworld.{name}") for name in ("frapi", "frxml", "truth"))
    world = importlib.import_module("simworld.model").World(7)
    for document in (d for d in world.docs if d.agencies == "bis"):
        record = json.loads(json.dumps(frapi.record(world, document, "https://example.org")))
        reading = read_rule(rule(frxml.xml(world, document).encode(), record), registers)
        events = [e for e in truth.events(world, document=document.number) if e["op"] == "add"]
        true = {(e["after"]["heading"], e["name"].lower().rstrip("."), e["effective"]) for e in events}
        stated = {
            (s.destination, s.name.lower().rstrip("."), s.effective) for s in reading.statements if isinstance(s, EntityAdded)
        }
        assert stated <= true, document.number
        waiting = sum(q.change in {"added", None} for q in reading.quarantined)
        assert len(true - stated) <= waiting, document.number
