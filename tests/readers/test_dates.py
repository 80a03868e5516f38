"""The interval grammar: phrases against a day of publication. More of them lie in `tests/data/dates/<language>.lines`."""

from pathlib import Path

import pytest

from events import edtf
from events.statements import InstitutionResponded, ListingReported, TieEnded
from tests.quality.news import load_registers
from tracker.readers.article import read_text
from tracker.readers.compiled import compiled
from tracker.readers.dates import find_dates, publication
from tracker.readers.lexicon import Dates

REGISTERS = load_registers()
LEXICONS = REGISTERS.lexicons


def found(text: str, language: str, published: str | None = "2019-10-09") -> list[tuple[str, str]]:
    lexicon, interval = compiled(LEXICONS[language]), publication(published)
    return [(each.edtf, each.rule) for each in find_dates(lexicon.fold(text), lexicon.lexicon.dates, interval)]


@pytest.mark.parametrize(
    ("text", "date", "rule"),
    [
        ("It was added yesterday.", "2019-10-08", "yesterday"),
        ("It was added today.", "2019-10-09", "today"),
        ("It said on Monday.", "2019-10-07", "weekday"),
        ("It said on Wednesday.", "2019-10-09", "weekday"),
        ("It said last Wednesday.", "2019-10-02", "last-weekday"),
        ("It ended last week.", "2019-09-30/2019-10-06", "last-week"),
        ("It ended this week.", "2019-10-07/2019-10-09", "this-week"),
        ("Earlier this year MIT ended it.", "2019-01-01/2019-10-09", "earlier-this-year"),
        ("It ended in April.", "2019-04", "month-without-year"),
        ("It ended in November.", "2018-11", "month-without-year"),
        ("It ended in April 2018.", "2018-04", "month"),
        ("It ended on April 3.", "2019-04-03", "day-without-year"),
        ("It ended on 3 April.", "2019-04-03", "day-without-year"),
        ("It ended on December 24.", "2018-12-24", "day-without-year"),
        ("It ended on Wednesday, April 3, 2019.", "2019-04-03", "day"),
        ("A project established in 2018.", "2018", "year"),
        ("It joined last year.", "2018", "last-year"),
        ("It ended two months ago.", "2019-08", "months-ago"),
        ("It ended in April last year.", "2018-04", "month-last-year"),
        ("It ended between April and June.", "2019-04-01/2019-06-30", "months"),
        ("It ended between December and February.", "2018-12-01/2019-02-28", "months"),
        ("For September to December it reckons with less.", "2019-09-01/2019-10-09", "months"),
    ],
)
def test_english(text: str, date: str, rule: str) -> None:
    assert found(text, "en") == [(date, rule)]


@pytest.mark.parametrize(
    ("text", "date", "rule"),
    [
        ("inscrite hier sur la liste", "2019-10-08", "yesterday"),
        ("a annoncé lundi", "2019-10-07", "weekday"),
        ("plus tôt cette année, le MIT", "2019-01-01/2019-10-09", "earlier-this-year"),
        ("en avril 2019", "2019-04", "month"),
        ("en avril", "2019-04", "month-without-year"),
        ("le 3 avril", "2019-04-03", "day-without-year"),
        ("le 1er mars 2019", "2019-03-01", "day"),
        ("l'année dernière", "2018", "last-year"),
        ("l' année dernière", "2018", "last-year"),
        ("la semaine dernière", "2019-09-30/2019-10-06", "last-week"),
        ("il y a trois mois", "2019-07", "months-ago"),
        ("c'est en 2018 que", "2018", "year"),
    ],
)
def test_french(text: str, date: str, rule: str) -> None:
    assert found(text, "fr") == [(date, rule)]


PHRASES = Path(__file__).parents[1] / "data" / "dates"


@pytest.mark.parametrize(
    ("language", "line"),
    [(path.stem, line) for path in sorted(PHRASES.glob("*.lines")) for line in path.read_text(encoding="utf-8").splitlines()],
)
def test_phrases_beside_their_dates(language: str, line: str) -> None:
    text, *dates = line.split(" | ")
    assert [" ".join(each) for each in found(text, language)] == dates


@pytest.mark.parametrize("published", [f"2019-{month:02}-{day:02}" for month in range(1, 13) for day in (1, 15, 28)])
def test_no_phrase_ends_before_it_begins(published: str) -> None:
    lines = ((path.stem, line) for path in PHRASES.glob("*.lines") for line in path.read_text(encoding="utf-8").splitlines())
    for language, line in (*lines, ("en", "April to June, between November and January, from December to February")):
        for date, _ in found(line.split(" | ")[0], language, published):
            assert edtf.parse(date).earliest <= edtf.parse(date).latest


@pytest.mark.parametrize(
    "text",
    [
        "It lasts until August 19.",
        "He may go.",
        "The march went on.",
        "Founded in 2014.",
        "It ended on February 30.",
    ],
)
def test_no_date(text: str) -> None:
    assert found(text, "en") == []


def test_relative_days_need_a_day_of_publication() -> None:
    assert found("It was added yesterday.", "en", "2019-10") == []
    assert found("It was added yesterday.", "en", None) == []
    assert found("It ended in April.", "en", "2019-10") == [("2019-04", "month-without-year")]
    assert found("It ended in April 2018.", "en", None) == [("2018-04", "month")]


def test_publication_is_a_day_where_the_outlet_is() -> None:
    assert publication("2019-10-09T02:00:00+00:00", "America/New_York") == edtf.parse("2019-10-08")
    assert publication("2019-10-09T02:00:00+00:00", "No/Where") == edtf.parse("2019-10-09")
    assert publication("soon") is None
    assert publication(None) is None


def test_an_unknown_rule_is_named() -> None:
    with pytest.raises(ValueError, match=r"dates\.rules\.some-day"):
        find_dates("some day", Dates(rules={"some-day": "some day"}), None)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("华为被美国列入实体清单后，谷歌5月19日暂停与其业务往来。", "/2019-10-09"),
        ("英特尔5月20日宣布，因华为被列入实体清单，公司停止对其供货。", "/2019-10-09"),
        ("商汤科技2014年成立，被列入实体清单后仍在扩张。", "/2019-10-09"),
        ("10月7日，美国商务部以人权为由，将商汤科技列入实体清单。", "2019-10-07"),
        ("美国商务部把华为列入实体清单，5月16日生效。", "/2019-10-09"),
    ],
)
def test_the_day_on_which_an_institution_acts_is_no_day_of_a_listing_in_chinese(text: str, date: str) -> None:
    read = read_text(text, REGISTERS.lexicons["zh"], REGISTERS, publication("2019-10-09"))
    assert [each.date for each in read if isinstance(each, ListingReported)] == [date]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("据《卫报》10月8日报道，牛津大学已终止与华为的合作。", "/2019-10-09"),
        ("据《卫报》10月8日报道，牛津大学今年8月终止了与华为的合作。", "2019-08"),
        ("牛津大学周二证实，已终止与华为的合作。这一决定是9月8日作出的。", "2019-09-08"),
        ("麻省理工学院9月初宣布不再与华为开展新的合作，普林斯顿大学今年1月扩建了校园。", "2019-09"),
    ],
)
def test_an_end_has_the_day_of_its_decision_and_none_of_a_report_in_chinese(text: str, date: str) -> None:
    read = read_text(text, REGISTERS.lexicons["zh"], REGISTERS, publication("2019-10-09"))
    assert [each.date for each in read if isinstance(each, TieEnded)] == [date]


def test_what_goes_on_has_the_day_on_which_it_was_said() -> None:
    text = "香港中文大学发言人昨日表示，校方与商汤于2014年成立的联合实验室运作如常。"
    read = read_text(text, REGISTERS.lexicons["zh"], REGISTERS, publication("2019-10-09"))
    assert [each.date for each in read if isinstance(each, InstitutionResponded)] == ["2019-10-08"]


@pytest.mark.parametrize(
    ("text", "language", "date"),
    [
        ("It said on Monday last week.", "en", "2019-09-30"),
        ("It said on Monday of last week.", "en", "2019-09-30"),
        ("It said last week, on Thursday, that it will.", "en", "2019-10-03"),
        ("It said this week on Monday.", "en", "2019-10-07"),
        ("Le MIT l’a dit lundi de la semaine dernière.", "fr", "2019-09-30"),
        ("Am Montag der vergangenen Woche sagte es das MIT.", "de", "2019-09-30"),
        ("Het MIT zei dat maandag vorige week.", "nl", "2019-09-30"),
        ("MIT上周,周三表示。", "zh", "2019-10-02"),
    ],
)
def test_a_weekday_is_of_the_week_beside_it(text: str, language: str, date: str) -> None:
    assert [edtf for edtf, rule in found(text, language) if rule.startswith("weekday-of-")] == [date]
    assert len(found(text, language)) == 1


def test_a_weekday_is_not_of_the_week_of_another_clause() -> None:
    assert [rule for _, rule in found("It said last week that on Monday it ended.", "en")] == ["last-week", "weekday"]
    assert [rule for _, rule in found("It was so last week. On Monday it ended.", "en")] == ["last-week", "weekday"]


def test_where_only_the_year_of_publication_is_known_a_day_may_be_of_two_years() -> None:
    assert found("It ended on April 3.", "en", "2019") == [("2018-04-03/2019-04-03", "day-without-year")]
    assert found("It ended on April 3.", "en", "2019-05") == [("2019-04-03", "day-without-year")]
    assert found("It got four grants this February and March.", "en", "2019") == [("2018-02-01/2019-03-31", "months")]


def test_where_the_month_of_publication_is_unknown_no_month_is_told_from_it() -> None:
    for text in ("It ended last month.", "It ended two months ago.", "It ended this month."):
        assert found(text, "en", "2019") == found(text, "en", "/2019-10-09") == []
    assert found("校方3日宣布。", "zh", "2019") == []
    assert found("校方3日宣布。", "zh", "2019-10") == [("2019-10-03", "day-of-month")]


def test_in_chinese_a_month_follows_a_name_in_latin_letters_at_once() -> None:
    assert found("IEEE5月30日宣布。", "zh", "2019-06-04") == [("2019-05-30", "day-without-year")]
    assert found("MIT2019年4月3日宣布。", "zh") == [("2019-04-03", "day")]
