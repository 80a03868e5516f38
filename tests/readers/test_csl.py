"""The screening list: bytes in either form in, a snapshot and its counts out."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from events.snapshots import SnapshotEntry, from_lines
from tests.readers.conftest import SHARED
from tracker.readers.base import Document, Reading, UnreadableError
from tracker.readers.csl import read_csl
from tracker.readers.csl_file import NEEDED
from tracker.registers import Registers

DATA = Path(__file__).parents[1] / "data" / "csl"
CORPUS = SHARED / "corpus" / "lists"
EL = "Entity List (EL) - Bureau of Industry and Security"
DTC = "ITAR Debarred (DTC) - State Department"


def document(raw: bytes, rendition: str) -> Document:
    return Document(source="csl", kind="csl", key="consolidated", url="https://example.org/csl", rendition=rendition, raw=raw)


def table(*records: dict[str, Any], **more: Any) -> bytes:
    """The JSON form, with records that have every needed key."""
    whole = [dict.fromkeys(NEEDED) | {"source": EL, "name": "Acme"} | record for record in records]
    return json.dumps({"results": whole} | more, ensure_ascii=False).encode()


def one(registers: Registers, **record: Any) -> SnapshotEntry:
    """The entry that one record of the JSON becomes."""
    (entry,) = from_lines(read_csl(document(table(record), "json"), registers).text)
    return entry


def checks(reading: Reading) -> dict[tuple[str, str | None], tuple[str, str]]:
    return {(check.name, check.where): (check.expected, check.found) for check in reading.checks}


def refusal(raw: bytes, rendition: str, registers: Registers) -> str:
    with pytest.raises(UnreadableError) as caught:
        read_csl(document(raw, rendition), registers)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", ["new.json", "new.csv", "old.csv"])
def test_files_beside_their_snapshots(name: str, registers: Registers, expected: Callable[[Path, Any], Any]) -> None:
    path = DATA / name
    reading = read_csl(document(path.read_bytes(), path.suffix[1:]), registers)
    found = msgspec.json.decode(msgspec.json.encode(reading))
    found["text"] = [msgspec.json.decode(line) for line in reading.text.split("\n")]
    assert found == expected(path.with_name(f"{name}.expected"), found)


def test_both_forms_are_the_same_list(registers: Registers) -> None:
    texts = [
        read_csl(document((DATA / name).read_bytes(), name[-4:].strip(".")), registers).text for name in ("new.json", "new.csv")
    ]
    json_form, csv_form = (from_lines(text) for text in texts)
    # The CSV has no country of a record beside those of its addresses.
    assert [msgspec.structs.replace(entry, destinations=()) for entry in json_form if entry.list == "us-state-isn"] == [
        entry for entry in csv_form if entry.list == "us-state-isn"
    ]
    assert [entry for entry in json_form if entry.list != "us-state-isn"] == [
        entry for entry in csv_form if entry.list != "us-state-isn"
    ]


def test_every_list_is_counted_and_those_that_nobody_named_too(registers: Registers) -> None:
    found = checks(read_csl(document((DATA / "new.json").read_bytes(), "json"), registers))
    assert found["entries", "us-bis-el"] == ("3", "3")
    assert found["entries", "us-bis-meu"] == ("0", "0")
    assert found["other-lists", "Moon Parties List (MPL) - Space Department"] == ("1", "1")
    assert found["total", None] == ("8", "8")
    assert found["sources", None] == ("6", "6")


def test_duplicate_names_stay_two_entries(registers: Registers) -> None:
    entries = from_lines(read_csl(document((DATA / "old.csv").read_bytes(), "csv"), registers).text)
    assert [entry.addresses for entry in entries if entry.name == "Orchid Trading"] == [("1 First Street",), ("2 Second Street",)]


@pytest.mark.parametrize(
    ("notice", "citations"),
    [
        ("84 FR 54002; 85 FR 12345", [("84 FR 54002", None), ("85 FR 12345", None)]),
        ("84 FR 54002, 85 FR 12,345", [("84 FR 54002", None), ("85 FR 12345", None)]),
        ("66 FR 24266, 77 FR 58006 (no. 182), 66 FR 24266", [("66 FR 24266", None), ("77 FR 58006", None)]),
        ("76 FR 50407 (8/15/2011)", [("76 FR 50407", "2011-08-15")]),
        ("46 F.R. 46154 9/17/81 and 83F.R. 28801 6/21/18", [("46 FR 46154", "1981-09-17"), ("83 FR 28801", "2018-06-21")]),
        ("83 FR 28801 13/45/2018", [("83 FR 28801", None)]),
        ("Vol. 83, No. 91, 05/10/2018", []),
        ("see the notice", []),
        (None, []),
    ],
)
def test_citations(notice: str | None, citations: list[tuple[str, str | None]], registers: Registers) -> None:
    entry = one(registers, federal_register_notice=notice)
    assert [(cited.citation, cited.published) for cited in entry.citations] == citations


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ("Alpha; Beta; and Gamma.", ["Alpha", "Beta", "Gamma"]),
        ("Alpha; and Beta Co., Ltd.", ["Alpha", "Beta Co., Ltd."]),
        ("Alpha; and Beta Co., Ltd..", ["Alpha", "Beta Co., Ltd."]),
        ("Beta and Sons Inst.", ["Beta and Sons Inst."]),
        (["a; b", "a", "  "], ["a", "b"]),
        (["Норд Винд", "北風儀器"], ["Норд Винд", "北風儀器"]),
        ("", []),
        (None, []),
    ],
)
def test_aliases(told: Any, names: list[str], registers: Registers) -> None:
    assert one(registers, alt_names=told).aliases_as_text == tuple(names)


def test_destinations_are_the_countries_of_all_addresses(registers: Registers) -> None:
    addresses = [{"address": "b", "city": "Dubai", "country": "AE"}, {"country": "AE"}, {"address": "a", "country": "AF"}, {}]
    entry = one(registers, addresses=addresses)
    assert (entry.destinations, entry.addresses) == (("AE", "AF"), ("b, Dubai", "a"))


@pytest.mark.parametrize(
    ("ids", "key"),
    [({"id": "x", "entity_number": 7}, "x"), ({"_id": "y"}, "y"), ({"id": "", "entity_number": 7}, "7"), ({}, None)],
)
def test_the_key_is_the_source_s_own(ids: dict[str, Any], key: str | None, registers: Registers) -> None:
    assert one(registers, **ids).key == key


def test_bytes_that_are_not_utf8_are_read_one_by_one(registers: Registers) -> None:
    for name in ("new.json", "new.csv"):
        raw = (DATA / name).read_bytes().replace(b"Plain Optics", b"Caf\xe9 Optics \x96 Zo\xeb")
        entries = from_lines(read_csl(document(raw, name.rpartition(".")[2]), registers).text)
        assert "Café Optics – Zoë" in {entry.name for entry in entries}
        assert any("北風儀器" in entry.aliases_as_text for entry in entries)


def test_bytes_that_the_source_decoded_wrongly_are_mended(registers: Registers) -> None:
    assert one(registers, name="Gui\u0092an  Investment").name == "Gui’an Investment"


def test_a_mark_of_byte_order_is_no_part_of_the_file(registers: Registers) -> None:
    for name in ("new.json", "new.csv"):
        plain = document((DATA / name).read_bytes(), name.rpartition(".")[2])
        marked = msgspec.structs.replace(plain, raw=b"\xef\xbb\xbf" + plain.raw)
        assert read_csl(marked, registers) == read_csl(plain, registers)


def test_a_record_without_a_name_is_counted_and_passed_over(registers: Registers) -> None:
    reading = read_csl(document(table({}, {"name": None}, {"name": "Beta"}, {"source": None, "name": None}), "json"), registers)
    assert [entry.name for entry in from_lines(reading.text)] == ["Acme", "Beta"]
    assert checks(reading)["without-name", "us-bis-el"] == ("0", "1")
    assert checks(reading)["other-lists", "without a source"] == ("1", "1")


def test_a_list_that_goes_by_another_label_fails_its_check(registers: Registers) -> None:
    renamed = "AECA Debarred List (DTC) - State Department"
    found = checks(read_csl(document(table({}, {"source": renamed}), "json"), registers))
    assert found["label", "us-state-dtc"] == (DTC, renamed)
    assert found["entries", "us-state-dtc"] == ("0", "0")


@pytest.mark.parametrize("rendition", ["json", "csv"])
def test_what_is_no_screening_list(rendition: str, registers: Registers) -> None:
    assert refusal(b" \n", rendition, registers) == "the file is empty"
    assert "HTML page" in refusal(b"\n<!DOCTYPE html><form>Log in</form>", rendition, registers)
    assert refusal(b"Service unavailable", rendition, registers)
    assert refusal(b"\xff\xfe\x00", rendition, registers)


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9, 0.999])
def test_half_a_file(cut: float, registers: Registers) -> None:
    whole = (DATA / "new.json").read_bytes().strip()
    assert "not the JSON of the screening list" in refusal(whole[: int(len(whole) * cut)], "json", registers)
    whole = (DATA / "new.csv").read_bytes().strip()
    assert "cut off" in refusal(whole[: int(len(whole) * cut)], "csv", registers)


def test_an_old_file_cut_between_two_columns(registers: Registers) -> None:
    raw = (DATA / "old.csv").read_bytes()
    what = refusal(raw[: raw.index(b",Orchid Trading") + 15], "csv", registers)
    assert what == "record 2 has 5 columns and the header 28: the file is cut off or damaged"


@pytest.mark.parametrize("name", NEEDED)
def test_a_column_or_key_that_has_changed(name: str, registers: Registers) -> None:
    header, _, rest = (DATA / "new.csv").read_text(encoding="utf-8").partition("\n")
    changed = header.replace(f'"{name}"', f'"{name}s"') + "\n" + rest
    assert refusal(changed.encode(), "csv", registers) == f"the column {name!r} is not there: the file has changed shape"
    raw = (DATA / "new.json").read_text(encoding="utf-8").replace(f'"{name}":', f'"{name}s":')
    assert refusal(raw.encode(), "json", registers).startswith(f"the key {name!r} is not there")


def test_more_columns_and_keys_change_nothing(registers: Registers) -> None:
    told = json.loads((DATA / "new.json").read_text(encoding="utf-8"))
    more = told | {"more": [1], "results": [record | {"more": {}} for record in told["results"]]}
    reading = read_csl(document(json.dumps(more).encode(), "json"), registers)
    assert reading == read_csl(document((DATA / "new.json").read_bytes(), "json"), registers)


def test_a_file_that_disagrees_with_itself_is_not_believed(registers: Registers) -> None:
    assert "says that it holds 3 records and holds 1" in refusal(table({}, total=3), "json", registers)
    counted = [{"value": EL, "count": 2}]
    assert f"2 records of '{EL}' and holds 1" in refusal(table({}, sources=counted), "json", registers)
    assert "0 records of 'Another'" in refusal(table({}, {}, {"source": "Another"}, sources=counted), "json", registers)
    assert read_csl(document(table({}, total=1, sources=["a", {"source": "b"}]), "json"), registers).text


def test_a_file_of_none_of_our_lists(registers: Registers) -> None:
    assert "none of its lists" in refusal(table({"source": "Another"}), "json", registers)
    assert refusal(table(), "json", registers) == "the file holds no records"


def test_when_it_was_made(registers: Registers) -> None:
    reading = read_csl(document((DATA / "new.json").read_bytes(), "json"), registers)
    assert reading.published == "2026-03-02T10:00:00+00:00"
    assert read_csl(document(table({}, search_performed_at="soon"), "json"), registers).published is None


@pytest.mark.parametrize(("name", "entries"), [("csl-2019-12-excerpt.csv", 115), ("csl-2025-06-excerpt.csv", 13)])
def test_genuine_excerpts_are_read_whole(name: str, entries: int, registers: Registers) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside this checkout")
    reading = read_csl(document((CORPUS / name).read_bytes(), "csv"), registers)
    found = from_lines(reading.text)
    assert len(found) == entries
    assert not any(check.name in {"other-lists", "label", "without-name"} for check in reading.checks)
    assert all(entry.citations for entry in found if entry.list in {"us-bis-el", "us-bis-dpl"})
    assert all(entry.destinations for entry in found if entry.list in {"us-bis-el", "us-bis-uvl"})
    assert not any("\x80" <= letter < "\xa0" for letter in reading.text)


def test_twenty_thousand_records_take_no_time(registers: Registers) -> None:
    told = json.loads((DATA / "new.json").read_text(encoding="utf-8"))
    raw = json.dumps({"results": told["results"] * 2500}).encode()
    started = time.process_time()
    reading = read_csl(document(raw, "json"), registers)
    assert time.process_time() - started < 2
    assert checks(reading)["entries", "us-bis-el"] == ("7500", "7500")
