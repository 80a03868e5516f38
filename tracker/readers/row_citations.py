"""The citation cell of a row: the rule's own citation, and those of earlier rules.

Its own may read "88 FR [INSERT FR PAGE NUMBER AND 2/27/2023]", or show an inner page of the rule.
"""

import re
from functools import lru_cache

import msgspec

from tracker.readers.rule_dates import CITED_DAY, cited_day

_CITATION = re.compile(rf"(?P<volume>\d{{1,3}})\s*FR\s*(?P<page>\[[^\]]*\]|[\d,]*\d)(?:,?\s*{CITED_DAY})?")


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """How the rule itself is cited: to tell its own citation in a row from those of earlier rules."""

    citation: str | None = None
    published: str | None = None
    pages: tuple[int, int] | None = None


def own_citation(text: str, origin: Origin) -> tuple[str | None, list[str]]:
    """The rule's own citation in a row, as printed or resolved, and those of earlier rules."""
    own, earlier = _cited(text, origin)
    return own, list(earlier)


@lru_cache(maxsize=4096)  # All new rows of a rule cite alike, and each row is asked more than once.
def _cited(text: str, origin: Origin) -> tuple[str | None, tuple[str, ...]]:
    own: str | None = None
    earlier: list[str] = []
    citations = list(_CITATION.finditer(text))
    for citation in citations:
        if citation["page"].startswith("["):
            own = origin.citation or own
            if origin.citation is None:
                own = own or ""
        elif _is_own(citation, origin) or (origin.published is None and citation is citations[-1] and own is None):
            own = citation.group()
        else:
            earlier.append(citation.group())
    return own, tuple(earlier)


def _is_own(citation: re.Match[str], origin: Origin) -> bool:
    if origin.published and (citation["m"] or citation["word"]):
        day = cited_day(citation)
        return day is not None and origin.published == day.isoformat()
    if origin.pages and origin.citation:
        page = int(citation["page"].replace(",", ""))
        return origin.citation.startswith(f"{citation['volume']} FR ") and origin.pages[0] <= page <= origin.pages[1]
    return False
