"""When something happened, as the words of a text say it: an interval, and the rule that gave it.

Phrases are found by the rules of the lexicon and resolved against the day of publication, never
against the clock. "Hier" on 9 October 2019 is 2019-10-08; "earlier this year" is
2019-01-01/2019-10-09. A past date without a year is the last such date not after publication.
"""

import contextlib
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from events import edtf
from events.edtf import Interval
from tracker.readers.date_rules import RULES
from tracker.readers.lexicon import Dates
from tracker.readers.phrases import BEGIN, END
from tracker.readers.published import NeedsPublicationError

_OLDEST_DATELINE: Final = 3
_HEADED_WITHIN: Final = 60
"""Within how many letters of a sentence a dateline ends."""
_BEGIN_OF_A_DAY: Final = r"(?<!\d)"
"""Where no blanks part words, the number of a month follows a name at once: "MIT4月3日宣布"."""
_OF_WEEKS: Final = frozenset({"this-week", "last-week"})
_DAY_OF_A_WEEK: Final = re.compile(r" (?:\w{2,5} )?")
_WEEK_THEN_DAY: Final = re.compile(r",? ?")


class Dated(NamedTuple):
    """A date found: its place in the text, what it says in EDTF, and the rule that resolved it."""

    start: int
    end: int
    edtf: str
    rule: str


def publication(published: str | None, timezone: str | None = "UTC") -> Interval | None:
    """The day (or month, or year) of publication where the outlet is; None when it is not known.

    `published` is EDTF, or an ISO time; a time with an offset is moved to the outlet's time zone,
    or stays as printed where that is None.
    """
    if not published:
        return None
    try:
        return edtf.parse(published)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(published)
    except ValueError:
        return None
    if moment.tzinfo is not None and timezone is not None:
        with contextlib.suppress(KeyError, ValueError, OSError):  # for an unknown zone the offset printed must do
            moment = moment.astimezone(ZoneInfo(timezone))
    return Interval(moment.date(), moment.date())


def find_dates(folded: str, words: Dates, published: Interval | None) -> list[Dated]:
    """All dates of a folded text in order of place; without a publication date only absolute ones.

    Of two that overlap the longer stays; those behind "until" and the like are left out, with all
    that is inside them.
    """
    grammar = _grammar(words)
    spans: list[Dated] = []
    for rule, expression in grammar.rules:
        for match in expression.finditer(folded):
            if grammar.skip and grammar.skip.search(folded[max(0, match.start() - 24) : match.start()]):
                spans.append(Dated(match.start(), match.end(), "", rule))
                continue
            interval = _resolve(rule, match, words, published)
            if interval is not None:
                spans.append(Dated(match.start(), match.end(), edtf.write(interval), rule))
    spans.sort(key=lambda dated: (dated.start - dated.end, dated.start))
    kept: list[Dated] = []
    for each in spans:
        if all(each.end <= other.start or other.end <= each.start for other in kept):
            kept.append(each)
    found = _days_of_weeks(sorted(each for each in kept if each.edtf), folded)
    heading = grammar.dateline.search(folded, 0, _HEADED_WITHIN) if grammar.dateline else None
    if heading is None:
        return found
    # "SYDNEY, June 3 - The university will ..., it said on Monday": the day of the report dates nothing that has its own.
    return [each for each in found if each.start >= heading.end() or each.end <= heading.start()] or found


def _days_of_weeks(found: list[Dated], folded: str) -> list[Dated]:
    """The dates, with a weekday and the week beside it made one: "on Monday of last week", "la semaine dernière, lundi"."""
    joined: list[Dated] = []
    for each in found:
        before = joined[-1] if joined else None
        if before is not None and (day := _day_of_week(before, each, folded)) is not None:
            joined[-1] = day
        else:
            joined.append(each)
    return joined


def _day_of_week(first: Dated, second: Dated, folded: str) -> Dated | None:
    """The one day that a weekday and a week tell together, if they are that and no other word stands between."""
    if first.rule == "weekday" and second.rule in _OF_WEEKS:
        weekday, week, between = first, second, _DAY_OF_A_WEEK
    elif first.rule in _OF_WEEKS and second.rule == "weekday":
        weekday, week, between = second, first, _WEEK_THEN_DAY
    else:
        return None
    if not between.fullmatch(folded, first.end, second.start):
        return None
    monday = edtf.parse(week.edtf).earliest
    day = monday + timedelta(days=edtf.parse(weekday.edtf).earliest.weekday())
    return Dated(first.start, second.end, day.isoformat(), f"weekday-of-{week.rule}")


def dateline(lines: list[str], words: Dates, published: Interval | None) -> Interval | None:
    """The day by which a text goes whose first lines, folded, are given: that of its dateline, if only some days old."""
    expression = _grammar(words).dateline
    if expression is None or published is None or published.days != 1:
        return published
    found = next((match for line in lines if (match := expression.search(line))), None)
    day = _resolve("day-without-year", found, words, published) if found else None
    if day is None or (published.latest - day.latest).days > _OLDEST_DATELINE:
        return published
    return day


class _Grammar(NamedTuple):
    dateline: re.Pattern[str] | None
    rules: tuple[tuple[str, re.Pattern[str]], ...]
    skip: re.Pattern[str] | None


_GRAMMARS: Final[dict[int, tuple[Dates, _Grammar]]] = {}


def _grammar(words: Dates) -> _Grammar:
    """The rules compiled, kept by identity of the words (which the table keeps alive)."""
    known = _GRAMMARS.get(id(words))
    if known is None:
        if len(_GRAMMARS) > 64:
            _GRAMMARS.clear()
        known = (words, compile_rules(words))
        _GRAMMARS[id(words)] = known
    return known[1]


def compile_rules(words: Dates) -> _Grammar:
    """Fills the placeholders of the rules; raises ValueError naming a rule that is unknown or broken."""
    parts = {
        "month": _group("month", words.months),
        "month2": _group("month2", words.months),
        "weekday": _group("weekday", words.weekdays),
        "weekday2": _group("weekday2", words.weekdays),
        "weekday3": _group("weekday3", words.weekdays),
        "number": _group("number", words.numbers, r"\d{1,3}"),
        "day": r"(?P<day>0?[1-9]|[12]\d|3[01])",
        "day2": r"(?P<day2>0?[1-9]|[12]\d|3[01])",
        "year": r"(?P<year>(?:19|20)\d\d)",
    }
    rules = []
    # Only scripts without blanks need to be looked for, which takes as long again as most rules.
    blanks = not any(letter > "\u2e7f" for expression in words.rules.values() for letter in expression)
    begin = r"(?<!\w)" if blanks else BEGIN
    for name, expression in words.rules.items():
        if name not in RULES:
            raise ValueError(f"dates.rules.{name}: no such rule; there are {', '.join(RULES)}")
        for part, pattern in parts.items():
            expression = expression.replace("{" + part + "}", pattern)
        start = begin if blanks or not name.startswith("day") else _BEGIN_OF_A_DAY
        try:
            rules.append((name, re.compile(rf"{start}(?:{expression}){END}")))
        except re.error as error:
            raise ValueError(f"dates.rules.{name}: {error}") from error
    lines = "|".join(f"(?:{each})" for each in words.datelines)
    for part, pattern in parts.items():
        lines = lines.replace("{" + part + "}", pattern)
    skip = "|".join(f"(?:{each})" for each in words.skip_after)
    return _Grammar(re.compile(lines) if lines else None, tuple(rules), re.compile(rf"{BEGIN}(?:{skip})\s*$") if skip else None)


def _group(name: str, words: Mapping[str, int], also: str = r"(?!)") -> str:
    choices = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return rf"(?P<{name}>{choices or '(?!)'}|{also})"


def _resolve(rule: str, match: re.Match[str], words: Dates, published: Interval | None) -> Interval | None:
    """The interval of one match, or None when it cannot be (30 February) or needs a date we do not have."""
    groups = {name: text for name, text in match.groupdict().items() if text is not None}
    for name in ("day2", "month2", "year2", "weekday2", "weekday3"):  # the other order
        if name[:-1] not in groups and name in groups:
            groups[name[:-1]] = groups.pop(name)
    values: dict[str, int] = {}
    table = {"month": words.months, "month2": words.months, "weekday": words.weekdays}
    try:
        for name, text in groups.items():
            known = table.get(name, words.numbers)  # days and years may be words too
            values[name] = known[text] if text in known else int(text)
        return RULES[rule](values, published)
    except (ValueError, OverflowError, NeedsPublicationError):
        return None
