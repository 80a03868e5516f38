"""Which amendment a press report of a listing is evidence for."""

import pytest

from events.corroboration import corroborated
from tests.builders import added, ended, instant, removed, reported, said

OCTOBER = said(
    added("Sensetime", "2019-10-09", claim="october"),
    "2019-10-09",
    document="document/fr/2019-22210",
    available=instant("2019-10-07T20:15"),
)
HUAWEI = said(
    added("Huawei", "2019-05-16", claim="may"),
    "2019-05-21",
    document="document/fr/2019-10616",
    available=instant("2019-05-16T20:45"),
)
AUGUST = said(
    added("Huawei Cloud", "2019-08-19", claim="august"),
    "2019-08-21",
    document="document/fr/2019-17921",
    available=instant("2019-08-19T14:45"),
)


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("2019-10-08", "2019-10-09"),
        ("2019-10-07", "2019-10-08"),
        ("2019-10-09", "2019-10-09"),
        ("2019-10-23", "2019-10-24"),
        (None, "2019-10-09"),
    ],
    ids=["hier", "Monday", "on the day", "two weeks later", "no date"],
)
def test_reports_of_the_rule_of_october(date: str | None, published: str) -> None:
    assert corroborated(said(reported("sensetime", date), published), [OCTOBER]) == OCTOBER


def test_an_announcement_before_the_filing() -> None:
    """The Department of Commerce told the press on 15 May 2019; the rule was filed on the 16th."""
    assert corroborated(said(reported("huawei", "2019-05-15"), "2019-05-16"), [HUAWEI, AUGUST]) == HUAWEI


def test_each_report_goes_to_the_rule_of_its_time() -> None:
    assert corroborated(said(reported("huawei", "2019-08-19"), "2019-08-20"), [HUAWEI, AUGUST]) == AUGUST


def test_of_several_a_report_means_the_first() -> None:
    vague = said(reported("huawei", "2019"), "2019-12-01")
    assert corroborated(vague, [AUGUST, HUAWEI]) == HUAWEI
    assert corroborated(vague, [HUAWEI, AUGUST]) == HUAWEI


@pytest.mark.parametrize(
    "report",
    [
        said(reported("sensetime", "2019-10-08", list="us-bis-uvl"), "2019-10-09"),
        said(reported("sensetime", "2019-10-08", change="removed"), "2019-10-09"),
        said(reported("sensetime", "2019-10-24"), "2019-10-25"),
        said(reported("sensetime", "2019-10-03"), "2019-10-04"),
        said(reported("sensetime", "2018"), "2019-10-09"),
        said(ended("2019-10-08"), "2019-10-09"),
    ],
    ids=["another list", "another change", "too late", "too early", "another year", "no report of a listing"],
)
def test_reports_of_something_else(report: object) -> None:
    assert corroborated(report, [OCTOBER]) is None  # type: ignore[arg-type]


def test_a_delayed_effect_keeps_the_window_open() -> None:
    """A rule may be filed weeks before it takes effect: reports at either end are of it."""
    delayed = said(removed("Acme", "2020-03-01", claim="gone"), "2020-01-02", available=instant("2020-01-02"))
    for date in ("2020-01-02", "2020-02-01", "2020-03-02"):
        assert corroborated(said(reported("acme", date, change="removed"), date), [delayed]) == delayed


def test_nothing_official_corroborates_nothing() -> None:
    assert corroborated(said(reported("biren", "2019-10-08"), "2019-10-09"), []) is None
