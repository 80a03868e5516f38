"""When a rule takes effect, and when it could first be read."""

import re
from collections import Counter
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

WASHINGTON: Final = ZoneInfo("America/New_York")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAY = rf"(?P<month>{'|'.join(_MONTHS)})\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})"
_ANY_DAY = re.compile(_DAY)
# "effective on", "Effective Date:", "effective at 4:15 p.m. Eastern Time on".
_SAID_TO_BE = (
    r"\beffective(?:\s+date)?[\s:]+"
    r"(?:(?:is|on|as\s+of|at\s+\d{1,2}(?::\d{2})?\s*[ap]\.?m\.?(?:,?\s+(?:Eastern(?:\s+\w+)?\s+Time|E[DS]?T))?)[\s:,]+)*"
)
_EFFECTIVE = re.compile(rf"{_SAID_TO_BE}(?P<from>from\s+)?{_DAY}", re.IGNORECASE)
_ON_PUBLICATION = re.compile(
    r"\beffective\s+(?:immediately\s+)?(?:(?:is|on|upon|as\s+of)\s+)*(?:the\s+)?(?:date\s+of\s+)?(?:its\s+)?publication"
    r"|\beffective\s+(?:on\s+)?\[insert\s+date\s+of\s+publication",
    re.IGNORECASE,
)
_EXCEPT = re.compile(
    r"except\s+(?:for|that)\s+(?:amendatory\s+)?instructions?\s+(?P<numbers>(?:(?:nos?\.\s*)?\d+|,|and|through|\s)+)"
    rf"(?:of\s+this\s+rule\s*)?,?\s*which\s+(?:is|are|will\s+be)\s+effective\s+(?:on\s+)?{_DAY}",
    re.IGNORECASE,
)
_PLAIN_DAY = rf"(?:{'|'.join(_MONTHS)})\s+\d{{1,2}},?\s+\d{{4}}"
_TERM = re.compile(
    rf"\beffective\s+(?:(?:is|on)\s+)?from\s+{_PLAIN_DAY}(?P<end>,?\s+(?:through|until)\s+{_PLAIN_DAY})", re.IGNORECASE
)
_APPLICABLE = re.compile(
    rf",?\s*(?:and\s+)?(?:is\s+|was\s+)?applicable\s+(?:as\s+of|on|beginning(?:\s+on)?|from)\s+{_DAY}", re.IGNORECASE
)
_ALSO = re.compile(rf"{_SAID_TO_BE}{_PLAIN_DAY}\s*(?:,|and|or)\s+{_PLAIN_DAY}", re.IGNORECASE)
# Words that make the plain reading unsafe: an end, a delay, a date that applies backwards.
_UNSAFE = re.compile(r"\bapplicable\b|\bthrough\b|\buntil\b|\bdelayed\b|\bindefinite|\bexcept\b|\bstay", re.IGNORECASE)
_FILED = re.compile(
    r"FR\s+Doc\.?\s*(?P<number>[A-Z]*\d+(?:-\w+)*)"
    r"(?:\s+Filed\s+(?P<m>\d{1,2})-(?P<d>\d{1,2})-(?P<y>\d{2,4})\s*[;,]\s*(?P<h>\d{1,2}):(?P<min>\d{2})\s*(?P<half>[ap])\.?m)?",
    re.IGNORECASE,
)
_DASHES = str.maketrans("‐‑‒–—−", "------")


class Effective(msgspec.Struct, frozen=True, kw_only=True):
    """The days on which a rule takes effect: `day`, but another one for the numbered `exceptions`.

    A rule that corrects another takes effect on its own day, whatever it is applicable as of.
    `trouble` tells in plain words why the day is not certain.
    """

    day: str | None = None
    exceptions: dict[str, str] = {}
    until: str | None = None
    """The last day on which the rule is in force, where it says so."""
    applicable: str | None = None
    """The day as of which it wants to be read ("effective April 11, applicable as of February 14")."""
    trouble: str | None = None

    def of(self, number: str | None) -> str | None:
        """The day on which the instruction with this number takes effect."""
        return self.exceptions.get(number or "", self.day)


class Filing(msgspec.Struct, frozen=True, kw_only=True):
    """What the line "[FR Doc. 2023-03929 Filed 2-24-23; 8:45 am]" tells."""

    number: str | None = None
    available: datetime | None = None


CITED_DAY: Final = (
    r"(?:(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{2,4})\b"
    rf"|(?P<word>{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in _MONTHS)})\.?\s+(?P<wd>\d{{1,2}}),?\s+(?P<wy>\d{{4}})\b)"
)
"""The day of a citation: 5/11/21, or May 11, 2021."""
_CITED_DAY = re.compile(rf"\bFR\s+(?:\d[\d,]*(?:,\s*|\s+)|\[INSERT[^\]\d]*?\]?[,\s]*){CITED_DAY}", re.IGNORECASE)


def read_publication(text: str, filing: Filing) -> str | None:
    """The day of publication, from a rule that nothing else tells of: what its own rows cite.

    A rule is published within days of its filing, so a cited day counts when it is from the day of
    filing to two weeks after; of several the one cited most.
    """
    if filing.available is None:
        return None
    filed = filing.available.astimezone(WASHINGTON).date()
    cited = Counter(day for found in _CITED_DAY.finditer(text) if (day := cited_day(found)) is not None)
    fitting = {day: count for day, count in cited.items() if 0 <= (day - filed).days <= 14}
    return max(fitting, key=lambda day: (fitting[day], day)).isoformat() if fitting else None


def cited_day(found: re.Match[str]) -> date | None:
    """The day of a match of CITED_DAY; None where there is none, or the calendar has no such day."""
    if found["word"]:
        year, day = int(found["wy"]), int(found["wd"])
        month = next(place for place, name in enumerate(_MONTHS, start=1) if name[:3].lower() == found["word"][:3].lower())
    elif found["m"]:
        year, month, day = int(found["y"]), int(found["m"]), int(found["d"])
        year += 0 if year > 99 else 2000 if year < 80 else 1900
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_effective(text: str, published: str | None, stated: str | None) -> Effective:
    """Reads the DATES paragraph; `stated` is the effective date in the source's own record.

    The paragraph counts; the record fills a gap, and where both disagree nothing is certain.
    """
    rest = text
    exceptions: dict[str, str] = {}
    for found in _EXCEPT.finditer(text):
        rest = rest.replace(found.group(), " ")
        if "through" in found["numbers"]:
            return Effective(trouble=f"which instructions take effect later is not understood: {text[:200]!r}")
        exceptions |= dict.fromkeys(re.findall(r"\d+", found["numbers"]), day_of(found) or "")
    applicable = until = None
    if named := _APPLICABLE.search(rest):
        applicable, rest = day_of(named), rest.replace(named.group(), " ")
    if term := _TERM.search(rest):
        until, rest = read_term(term.group())[1], rest.replace(term["end"], " ")
    days = {day for found in _EFFECTIVE.finditer(rest) if (day := day_of(found))}
    if not days and _ON_PUBLICATION.search(rest) and published:
        days = {published}
    if _UNSAFE.search(rest) or _ALSO.search(rest):
        return Effective(day=min(days, default=stated), trouble=f"the effective date is not a plain one: {text[:200]!r}")
    if len(days) > 1 or "" in exceptions.values():
        return Effective(day=min(days, default=stated), trouble=f"several effective dates are stated: {text[:200]!r}")
    day = next(iter(days), stated)
    if day is None:
        return Effective(trouble="no effective date is stated")
    if stated is not None and day != stated:
        return Effective(day=day, trouble=f"the rule is effective {day}, its record says {stated}")
    return Effective(day=day, exceptions=exceptions, until=until, applicable=applicable)


def day_of(found: re.Match[str]) -> str | None:
    """The ISO day of a match with month, day and year; None when the calendar has no such day."""
    try:
        month = [name.lower() for name in _MONTHS].index(found["month"].lower()) + 1
        return date(int(found["year"]), month, int(found["day"])).isoformat()
    except ValueError:
        return None


def read_day(text: str) -> str | None:
    """The ISO day of "February 24, 2023"."""
    found = _ANY_DAY.search(text)
    return day_of(found) if found else None


def read_term(text: str) -> tuple[str | None, str | None]:
    """The first and last ISO day of "from October 1, 2020 through October 1, 2021"."""
    days = [day_of(found) for found in _ANY_DAY.finditer(text)]
    return (days[0], days[1]) if len(days) == 2 else (None, None)


def read_filing(text: str) -> Filing:
    """Reads number and time of filing. The time is Washington's; dashes may be en dashes."""
    found = _FILED.search(text.translate(_DASHES))
    if not found:
        return Filing()
    if found["m"] is None:
        return Filing(number=found["number"])
    year = int(found["y"]) + (0 if len(found["y"]) == 4 else 2000 if int(found["y"]) < 80 else 1900)
    hour = int(found["h"]) % 12 + (12 if found["half"].lower() == "p" else 0)
    try:
        filed = datetime(year, int(found["m"]), int(found["d"]), hour, int(found["min"]), tzinfo=WASHINGTON)
    except ValueError:
        return Filing(number=found["number"])
    return Filing(number=found["number"], available=filed.astimezone(UTC))
