"""Names in a text: whole words, longest match, case where it matters."""

import pytest

from tests.quality.news import load_registers
from tracker.readers.gazetteer import Gazetteer, gazetteer
from tracker.readers.phrases import fold
from tracker.registers import Institution, Party, Registers

REGISTERS = load_registers()


def found(text: str, language: str = "en") -> list[tuple[str | None, str]]:
    return [(name.id, name.printed) for name in gazetteer(REGISTERS, language).names(text, fold(text))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("MIT and the Massachusetts Institute of Technology", [("mit", "MIT"), ("mit", "Massachusetts Institute of Technology")]),
        ("He would commit; mit, Mit, SUMMIT, MITRE.", []),
        ("OXFORD University's gifts", [("oxford", "OXFORD University")]),
        ("University of California, Berkeley", [("berkeley", "University of California, Berkeley")]),
        ("iFlyTek, IFLYTEK and iflytek", [("iflytek", "iFlyTek"), ("iflytek", "IFLYTEK")]),
        ("Huawei Technologies Co Ltd said", [("huawei", "Huawei Technologies Co Ltd")]),
        ("Huawei-funded, non-ZTE", [("huawei", "Huawei"), ("zte", "ZTE")]),
        ("the start-up of Amnesty International SenseTime", [("sensetime", "SenseTime")]),
    ],
)
def test_names(text: str, names: list[tuple[str, str]]) -> None:
    assert found(text) == names


def test_accents_and_elision() -> None:
    assert found("L'université d'Oxford et le MIT", "fr") == [("oxford", "université d'Oxford"), ("mit", "MIT")]


def test_chinese_has_no_blanks() -> None:
    assert found("麻省理工学院停止与华为的合作", "zh") == [("mit", "麻省理工学院"), ("huawei", "华为")]


def test_german_mit_is_a_word() -> None:
    assert found("ZUSAMMENARBEIT MIT Huawei", "de") == [("huawei", "Huawei")]
    assert found("Das MIT prüft", "de") == [("mit", "Das MIT")]


def test_offsets() -> None:
    text = "«MIT», said İzmir’s Huawei"
    names = gazetteer(REGISTERS, "en").names(text, fold(text))
    assert [text[name.start : name.end] for name in names] == ["MIT", "Huawei"]


def test_empty_registers() -> None:
    assert Gazetteer(Registers(), "en").names("MIT", "mit") == []


def test_names_in_one_language_only() -> None:
    registers = Registers(
        institutions=(Institution(id="norham", name="Norham University", names_in={"fr": ("université de Norham",)}),),
        parties=(Party(id="acme", name="Acme"),),
    )
    text = "L'université de Norham et Acme"
    assert [name.id for name in Gazetteer(registers, "fr").names(text, fold(text))] == ["norham", "acme"]
    assert [name.id for name in Gazetteer(registers, "en").names(text, fold(text))] == ["acme"]
