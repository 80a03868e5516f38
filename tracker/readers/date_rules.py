"""The rules that resolve a date found in a text: numbers of the words found, and the publication, give an interval.

A lexicon names them (`dates.rules`). None looks at the clock: "yesterday" is the day before publication,
and a past date without a year is the last such date not after publication.
"""

import calendar
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from events.edtf import Interval
from tracker.readers.published import MONTH, day_of, latest_of, latest_of_month

_DAYS_OF_A_YEAR: Final = 366
_JUST_PAST: Final = 45
"""How long ago a day ahead may lie: "effective January 30", written on 1 February."""
_SOON: Final = 62
"""How far ahead a day may lie that is as likely past: Spanish "desde el 1 de julio", written in June."""


Values = Mapping[str, int]


def _month_of(year: int, month: int) -> Interval:
    return Interval(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _year_of(year: int, until: date | None = None) -> Interval:
    return Interval(date(year, 1, 1), min(date(year, 12, 31), until or date.max))


def _days(first: date, last: date) -> Interval:
    return Interval(first, last)


def _full_day(values: Values, _: Interval | None) -> Interval:
    day = date(values["year"], values["month"], values["day"])
    return Interval(day, day)


def _past_day(values: Values, published: Interval | None) -> Interval:
    """The last such day; where only the year of publication is known, between the one and the other that it may be."""
    latest = latest_of(published)
    assert published is not None
    last = _last_such_day(values, latest)
    return Interval(_last_such_day(values, published.earliest) if published.days > MONTH else last, last)


def _last_such_day(values: Values, until: date) -> date:
    day = date(until.year, values["month"], values["day"])
    return day if day <= until else date(until.year - 1, values["month"], values["day"])


def _past_month(values: Values, published: Interval | None) -> Interval:
    """The last such month; where only the year of publication is known, from the one to the other that it may be."""
    latest = latest_of(published)
    assert published is not None
    first = published.earliest if published.days <= _DAYS_OF_A_YEAR else latest
    begin = _month_of(first.year - (values["month"] > first.month), values["month"])
    end = _month_of(latest.year - (values["month"] > latest.month), values["month"])
    return Interval(begin.earliest, min(end.latest, latest))


def _next_day(values: Values, published: Interval | None) -> Interval:
    latest = latest_of(published)
    day = date(latest.year, values["month"], values["day"])
    if day < latest - timedelta(days=_JUST_PAST):
        day = date(latest.year + 1, values["month"], values["day"])
    return Interval(day, day)


def _near_day(values: Values, published: Interval | None) -> Interval:
    """Such a day that lies soon ahead, or else the last one."""
    latest = latest_of(published)
    for year in (latest.year, latest.year + 1):
        day = date(year, values["month"], values["day"])
        if latest < day <= latest + timedelta(days=_SOON):
            return Interval(day, day)
    return _past_day(values, published)


def _next_month(values: Values, published: Interval | None) -> Interval:
    latest = latest_of(published)
    return _month_of(latest.year + (values["month"] < latest.month), values["month"])


def _two_months(values: Values, published: Interval | None) -> Interval:
    """From the last such first month to the second one behind it, or to publication: "April to June", told in May."""
    first = _past_month(values, published)  # where only the year of publication is known, in the one year or the other
    last = _month_of(first.latest.year + (values["month2"] < values["month"]), values["month2"])
    return Interval(first.earliest, min(last.latest, latest_of(published)))


def _last_years_month(values: Values, published: Interval | None) -> Interval:
    return _month_of(latest_of(published).year - 1, values["month"])


def _weekday(values: Values, published: Interval | None) -> Interval:
    """The last such weekday on or before publication."""
    today = day_of(published)
    day = today - timedelta(days=(today.weekday() - values["weekday"]) % 7)
    return Interval(day, day)


def _last_weekday(values: Values, published: Interval | None) -> Interval:
    """The last such weekday before publication."""
    today = day_of(published)
    day = today - timedelta(days=(today.weekday() - values["weekday"] - 1) % 7 + 1)
    return Interval(day, day)


def _weekday_of_last_week(values: Values, published: Interval | None) -> Interval:
    """Chinese 上周三: that day of the week before the one of publication, which is not always the last such day."""
    today = day_of(published)
    day = today - timedelta(days=today.weekday() + 7 - values["weekday"])
    return Interval(day, day)


def _day_of_the_month(values: Values, published: Interval | None) -> Interval:
    """The last day with this number: Chinese 3日 without a month."""
    latest = latest_of_month(published)
    first = latest.replace(day=1)
    if values["day"] > latest.day:
        first = (first - timedelta(days=1)).replace(day=1)
    day = first.replace(day=values["day"])
    return Interval(day, day)


def _this_months_day(values: Values, published: Interval | None) -> Interval:
    """The day with this number in the month of publication, past or not: Chinese 15日起 written on the 9th."""
    day = latest_of_month(published).replace(day=values["day"])
    return Interval(day, day)


def _last_months_day(values: Values, published: Interval | None) -> Interval:
    before = latest_of_month(published).replace(day=1) - timedelta(days=1)
    day = before.replace(day=values["day"])
    return Interval(day, day)


def _last_years_day(values: Values, published: Interval | None) -> Interval:
    day = date(latest_of(published).year - 1, values["month"], values["day"])
    return Interval(day, day)


def _days_ago(days: int) -> Callable[[Values, Interval | None], Interval]:
    def rule(_: Values, published: Interval | None) -> Interval:
        day = day_of(published) - timedelta(days=days)
        return Interval(day, day)

    return rule


def _this_week(_: Values, published: Interval | None) -> Interval:
    today = day_of(published)
    return _days(today - timedelta(days=today.weekday()), today)


def _last_week(_: Values, published: Interval | None) -> Interval:
    monday = day_of(published) - timedelta(days=day_of(published).weekday())
    return _days(monday - timedelta(days=7), monday - timedelta(days=1))


def _this_month(_: Values, published: Interval | None) -> Interval:
    latest = latest_of_month(published)
    return _days(latest.replace(day=1), latest)


def _last_month(_: Values, published: Interval | None) -> Interval:
    before = latest_of_month(published).replace(day=1) - timedelta(days=1)
    return _month_of(before.year, before.month)


def _months_ago(values: Values, published: Interval | None) -> Interval:
    latest = latest_of_month(published)
    year, month = divmod(latest.year * 12 + latest.month - 1 - values["number"], 12)
    return _month_of(year, month + 1)


def _some_days_ago(values: Values, published: Interval | None) -> Interval:
    return _days_ago(values["number"])(values, published)


def _weeks_ago(values: Values, published: Interval | None) -> Interval:
    day = day_of(published) - timedelta(weeks=values["number"])
    monday = day - timedelta(days=day.weekday())
    return _days(monday, monday + timedelta(days=6))


def _years_ago(values: Values, published: Interval | None) -> Interval:
    return _year_of(latest_of(published).year - values["number"])


def _this_year(_: Values, published: Interval | None) -> Interval:
    return _year_of(latest_of(published).year, latest_of(published))


def _last_year(_: Values, published: Interval | None) -> Interval:
    return _year_of(latest_of(published).year - 1)


RULES: Final[dict[str, Callable[[Values, Interval | None], Interval]]] = {
    "day": _full_day,
    "day-numeric": _full_day,
    "day-without-year": _past_day,
    "day-last-year": _last_years_day,
    "day-of-month": _day_of_the_month,
    "day-of-this-month": _this_months_day,
    "day-last-month": _last_months_day,
    "day-ahead": _next_day,
    "day-near": _near_day,
    "month-ahead": _next_month,
    "month": lambda values, _: _month_of(values["year"], values["month"]),
    "month-last-year": _last_years_month,
    "months": _two_months,
    "month-without-year": _past_month,
    "year": lambda values, _: _year_of(values["year"]),
    "today": _days_ago(0),
    "yesterday": _days_ago(1),
    "day-before-yesterday": _days_ago(2),
    "weekday": _weekday,
    "last-weekday": _last_weekday,
    "weekday-of-last-week": _weekday_of_last_week,
    "this-week": _this_week,
    "last-week": _last_week,
    "days-ago": _some_days_ago,
    "weeks-ago": _weeks_ago,
    "this-month": _this_month,
    "last-month": _last_month,
    "months-ago": _months_ago,
    "this-year": _this_year,
    "earlier-this-year": _this_year,
    "last-year": _last_year,
    "years-ago": _years_ago,
}
"""Rules by name. A rule is given the numbers of its match and the publication, and gives an interval."""
