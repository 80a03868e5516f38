"""What a text drops or leaves out where no blanks part words: ends of names, the party it is about, whom 该校 means."""

import pytest

from tests.quality import sentences as own_sentences
from tests.quality.news import load_registers
from tracker.readers.compiled import compiled
from tracker.readers.gazetteer import gazetteer
from tracker.readers.phrases import Phrases, fold
from tracker.readers.stems import stems

REGISTERS = load_registers()


def found(text: str) -> dict[str, str | None]:
    words = compiled(REGISTERS.lexicons["zh"])
    return {stem: name.id for stem, name in stems(text, words, gazetteer(REGISTERS, "zh")).items()}


def told(text: str) -> set[tuple[str, ...]]:
    return set(own_sentences.read(text, "zh", REGISTERS))


@pytest.mark.parametrize(
    ("text", "stem", "identity"),
    [
        ("浪潮集團被列入實體清單。", "浪潮", "inspur"),
        ("滑铁卢大学与华为签约。", "滑铁卢", "waterloo"),
        ("香港大學檢討合作。港大說，未有定論。", "港大", "hku"),
        ("以色列的NSO集团被列入实体清单。", "nso", "nso-group"),
        ("香港科技大学与科大讯飞签约。科技大学说，一切如常。", "科技大学", "hkust"),
        ("滑铁卢大学与华为合作多年。滑大自2016年起接受资助。", "滑大", "waterloo"),
    ],
)
def test_a_name_in_full_leaves_its_stem(text: str, stem: str, identity: str) -> None:
    assert found(text)[stem] == identity


@pytest.mark.parametrize(
    "text",
    [
        "华盛顿大学与华为签约。",
        "浪潮之中，企业各有打算。",
        "香港大學擴大招生。",
    ],
)
def test_places_and_other_words_are_no_stems(text: str) -> None:
    assert found(text) == {}


def test_a_short_name_that_two_universities_share_is_neither() -> None:
    assert "科大" not in found("香港科技大学与电子科技大学合作。科大说，未有定论。")


def test_a_stem_is_the_name() -> None:
    assert told("浪潮集团周四被列入实体清单。英特尔说，已停止向浪潮供货。") == {
        ("listing-reported", "added", "inspur"),
        ("tie-ended", "intel", "inspur"),
    }


def test_the_school_may_be_a_party() -> None:
    text = "哈尔滨工业大学的师生打不开软件。MathWorks回信说，公司已终止对该校的授权。"
    assert told(text) == {("tie-ended", "mathworks", "harbin-institute-of-technology")}


def test_a_company_stops_its_supplies_to_the_party_of_the_article() -> None:
    assert told("华为被列入实体清单。美光随即停止供货。") == {
        ("listing-reported", "added", "huawei"),
        ("tie-ended", "micron", "huawei"),
    }
    assert told("华为和中兴被列入实体清单。美光随即停止供货。") == {
        ("listing-reported", "added", "huawei"),
        ("listing-reported", "added", "zte"),
    }


def test_what_both_sides_have_points_back_over_a_comma() -> None:
    assert told("麻省理工学院通知科大讯飞，终止双方为期五年的合作项目。") == {("tie-ended", "mit", "iflytek")}


def test_a_phrase_for_the_end_of_a_clause_hides_no_shorter_one() -> None:
    phrases = Phrases({"no_more": ["不会再"], "not_renew": ["不会再签$"]})
    assert [tag.family for tag in phrases.tags(fold("不会再签署合约"))] == ["no_more"]
    assert [tag.family for tag in phrases.tags(fold("不会再签。"))] == ["not_renew"]


def test_a_name_without_its_place_begins_a_word() -> None:
    told_of = told("香港科技大学与华为合作。长沙科技大学终止了与华为的合作。")
    assert ("tie-ended", "hkust", "huawei") not in told_of
