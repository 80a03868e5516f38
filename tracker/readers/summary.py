"""What the summary of a rule counts: "adding 10 entities under 13 entries", "Canada (2), China (5)"."""

import re

import msgspec

from events.names import normalise
from tracker.readers.amendment import Change
from tracker.readers.entity_cell import number
from tracker.readers.headings import Headings

_VERB = re.compile(
    r"\b(?:(?P<added>add(?:s|ing|ed)?)|(?P<revised>revis(?:es|ing)|modif(?:ies|ying)|correct(?:s|ing))"
    r"|(?P<removed>remov(?:es|ing))|(?P<suspended>suspend(?:s|ing))|(?P<other>mov(?:es|ed)))\b",
    re.IGNORECASE,
)
_NUMBER = r"(?:\d[\d,]*|(?:[a-z]+ty-)?[a-z]+)"
_NOUN = r"(?:existing\s+|new\s+|additional\s+)*(?P<noun>entit(?:y|ies)|persons?|entr(?:y|ies)|address(?:es)?)"
_TOTAL = re.compile(
    rf"\s+(?:the\s+following\s+)?(?P<number>{_NUMBER})\s+{_NOUN}(?:\s+(?:under|in)\s+(?P<under>{_NUMBER})\s+entr(?:y|ies))?",
    re.IGNORECASE,
)
_MORE = re.compile(rf"\s+and{_TOTAL.pattern}", re.IGNORECASE)
_MOVED = re.compile(
    rf"\b(?P<number>{_NUMBER})\s+{_NOUN}\s+(?:on\s+the\s+Entity\s+List\s+)?under\s+(?:the\s+)?(?:(?:destination|heading)\s+of\s+)?"
    r"(?P<old>[A-Z][\w'’, ]*?)\s+(?:are|is|were|was|will\s+be)\s+moved\s+(?:to|under)\s+(?:the\s+)?"
    r"(?:(?:destination|heading)\s+of\s+)?(?P<new>[A-Z][\w'’, ]*)",
)
_WHOLE = re.compile(rf"\bthe Entity List (?:has|contains|lists)\s+(?P<number>{_NUMBER})\s+entr(?:y|ies)\b", re.IGNORECASE)
_DESTINATIONS = re.compile(r"\bdestinations?\s+of\s+", re.IGNORECASE)
_ONE = re.compile(
    r"\s*(?:,\s*)?(?:and\s+)?(?:the\s+)?(?P<name>[A-Z](?:[^()\d;.]|\.(?=\w|\s*\())*?)\s*"
    r"(?:\((?P<short>[^()\d]+)\)\s*)?\((?P<count>\d+)\)"
)


# The list itself: neither "Entity List procedures" nor another agency's Entity List.
_LISTED = (
    r"(?:the\s+)?(?:(?:BIS|EAR|Commerce)(?:’s|'s)?\s+)?Entity\s+List\b"
    r"(?!\s+(?!(?:and|by|in|under|as|to|of|with|based|pursuant|following|after)\b)\w)"
)
_CHANGE = r"(?:addition|removal|deletion|revision|modification|correction|amendment|change|update)s?"
_TITLE = re.compile(
    rf"\s*(?:(?:\w+\s+){{0,2}}{_CHANGE}\b.*?\b(?:to|from|on|of|in)\s+{_LISTED}|Entity\s+List:?\s+(?:Addition|Removal|Revision|Correction)s?\b)",
    re.IGNORECASE,
)
_ABOUT_THE_LIST = re.compile(r"\b(?:may|licen[sc]|criteria|procedure|requirement|activit|exception|guidance)", re.IGNORECASE)
_SAYS_SO = re.compile(
    rf"\b(?:add|remov|revis|modif|delet|correct)(?:e?s|ies|ing|ying)\s+(?:the\s+following\s+)?{_NUMBER}\s+{_NOUN}"
    rf"[^.;]{{0,80}}?\b(?:to|from|on|in)\s+{_LISTED}"
    rf"|\b(?:amend|revis|modif|chang)(?:e?s|ies|ing|ying)\s+{_LISTED}[^.;]{{0,60}}?\bby\s+(?:add|remov|revis|modify|delet|correct)",
    re.IGNORECASE,
)


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """A total of the summary: so many entities, under so many entries where it says so."""

    change: Change
    entities: int = 0
    entries: int = 0
    under: bool = False


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """All that a summary counts: totals by change, and counts by change and destination.

    `moved` counts by the old and the new destination; `whole` is how many entries the whole list is said to have.
    """

    totals: tuple[Total, ...] = ()
    destinations: dict[tuple[Change, str], int] = {}
    moved: dict[tuple[str, str], int] = {}
    whole: int | None = None


def read_summary(text: str, headings: Headings) -> Claims:
    """Reads the counts of a summary. Each belongs to the last verb before it."""
    verbs = list(_VERB.finditer(text))
    totals: dict[Change, Total] = {}
    stated: set[Total] = set()
    destinations: dict[tuple[Change, str], int] = {}
    ends = [*(verb.start() for verb in verbs[1:]), len(text)]
    for verb, end in zip(verbs, ends[: len(verbs)], strict=True):
        change = _change(verb)
        clause = text[verb.end() : end]
        if change is None or re.search(r"\bto the Military End|Unverified List", clause[:120]):
            continue
        total = _total(change, clause)
        if total is not None and total not in stated:  # a summary may say the same twice
            totals[change] = _sum(totals.get(change), total)
            stated.add(total)
        for phrase in _DESTINATIONS.finditer(clause):
            for heading, count in _counts(clause[phrase.end() :], headings):
                destinations[change, heading] = destinations.get((change, heading), 0) + count
    whole = _WHOLE.search(text)
    return Claims(
        totals=tuple(totals.values()),
        destinations=destinations,
        moved=_moved(text, headings),
        whole=number(whole["number"]) if whole else None,
    )


def says_so(title: str | None, summary: str) -> bool:
    """Whether a rule says of itself that it changes entries of the Entity List, not just that there is one."""
    titles = (title or "").split(";")
    return any(_TITLE.match(one) and not _ABOUT_THE_LIST.search(one) for one in titles) or _SAYS_SO.search(summary) is not None


def _moved(text: str, headings: Headings) -> dict[tuple[str, str], int]:
    """The entries that a summary says are moved from one destination to another."""
    found: dict[tuple[str, str], int] = {}
    if "moved" not in text:  # the pattern begins with a number in words, which any word may be
        return found
    for one in _MOVED.finditer(text):
        old, new, count = headings.printed(one["old"]), headings.printed(one["new"]), number(one["number"])
        if old and new and count is not None:
            found[old, new] = count
    return found


def _change(verb: re.Match[str]) -> Change | None:
    change = verb.lastgroup
    return change if change in {"added", "revised", "removed", "suspended"} else None  # type: ignore[return-value]


def _total(change: Change, clause: str) -> Total | None:
    found = _TOTAL.match(clause)
    total = None
    while found:
        count = number(found["number"])
        under = number(found["under"]) if found["under"] else None
        if count is None or (found["under"] and under is None):
            return None
        entries = found["noun"].lower().startswith("entr")
        one = Total(
            change=change,
            entities=0 if entries else count,
            entries=count if entries else under or 0,
            under=under is not None or entries,
        )
        total = _sum(total, one)
        clause = clause[found.end() :]
        found = _MORE.match(clause)
    return total


def _sum(one: Total | None, other: Total) -> Total:
    if one is None:
        return other
    return Total(
        change=other.change,
        entities=one.entities + other.entities,
        # A total without "under" has as many entries as entities.
        entries=(one.entries if one.under else one.entities) + (other.entries if other.under else other.entities),
        under=one.under or other.under,
    )


def _counts(text: str, headings: Headings) -> list[tuple[str, int]]:
    found = []
    at = 0
    while one := _ONE.match(text, at):
        names = (one["name"], one["short"] or "")
        heading = next((printed for name in names if (printed := headings.printed(name))), normalise(one["name"]))
        found.append((heading, int(one["count"])))
        at = one.end()
    return found
