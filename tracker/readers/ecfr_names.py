"""Where the name ends in an entity cell of the eCFR that sets nothing apart: "Name, Institute of It, 5 High Street, Town."

In a rule the instruction tells it. Here the words must: a name goes on behind a comma with a legal form, a body
within a body, or the end of an enumeration; all else is the address.
"""

import re
from collections.abc import Sequence
from typing import Final

from tracker.readers.entity_cell import likely_name, without_marks, without_stop

_MOST_PIECES: Final = 8
_NOTE: Final = r"\((?!\s*[af]\.?\s?k\.?\s?a\b)[^()]*\)"
_PIECE: Final = re.compile(rf"\.?,\s+(?P<words>(?:[^,;()“”]|,(?!\s)|“[^”]*”|{_NOTE})+)", re.IGNORECASE)
"""What stands behind a comma up to the next one, with its notes in brackets; other names in brackets are no part of it."""
_LAST_NOTE: Final = re.compile(rf"\s*{_NOTE}\.?$", re.IGNORECASE)
_LABEL: Final = re.compile(r"(?P<name>.+?),?\s+(?:Alt(?:ernate)?\.?\s+)?Address(?:es)?:", re.IGNORECASE)
_FORM: Final = re.compile(r"(?:Limited|Ltd|Inc|LLC|GmbH|[COPZ]?JSC|FGUP|FSUE|NPO|OKB|Joint[- ]Stock Company)\b", re.IGNORECASE)
_BODY: Final = re.compile(
    r"\b(?:Institut(?:e|ion|o)|Academy|Laborator(?:y|ies)|Department|Faculty|School|College|Bureau|Division|Branch|Plant"
    r"|Factory|Works|Subsidiary|Directorate|Ministry|Agency)\b"
)
_WHOLE: Final = re.compile(
    rf"{_BODY.pattern}|\b(?:University|Corporation|Company|Concern|Group|Holding|Association|Cent(?:er|re)|Enterprise)\b"
)
"""What may have bodies within it; a person has none, and at an institute is an address."""
_PLACE: Final = re.compile(
    r"\d|\b(?:Road|Rd|Street|St|Avenue|Ave|Boulevard|Blvd|Lane|Highway|Square|Building|Bldg|Block|Floor|Room|Unit|Suite|House"
    r"|Tower|Plaza|Mansion|Park|Zone|Area|District|County|City|Town|Village|Province|Region|Oblast|Campus|Box|No|Near|Opposite"
    r"|Ulitsa|Ul|Prospe[ck]t|Shop|Gate|Ring|Industrial|Estate|Compound|Sector|Phase|Plot|Market|c/o)\b",
    re.IGNORECASE,
)
_LISTING: Final = re.compile(r"\b(?:of|for)\b(?!.*\band\b)")
"""A name that may be within an enumeration: "Institute of Physical, Technical and Radio Measurements"."""


def bare_name(lines: Sequence[str]) -> str | None:
    """The best reading of the name; None where the cell has none."""
    line = without_marks(lines[0])
    labelled = _LABEL.match(line)
    if labelled and labelled["name"].count("(") > labelled["name"].count(")"):
        return without_stop(labelled["name"])
    name = likely_name(lines)
    if name is None or not line.startswith(name):
        return name
    end = len(name)
    if name.count("(") > name.count(")") and (closing := line.find(")", end)) >= 0:
        end = closing + 1
    for _ in range(_MOST_PIECES):
        piece = _PIECE.match(line, end)
        if piece is None or not _goes_on(line[:end], piece["words"].strip(), line[piece.end() :]):
            break
        end = piece.end()
    return without_stop(line[:end])


def _goes_on(name: str, piece: str, rest: str) -> bool:
    """Whether a piece behind a comma still belongs to the name; `rest` is what follows it."""
    with_it = without_stop(f"{name}, {_LAST_NOTE.sub('', piece)}")
    if _FORM.match(piece) or likely_name((with_it,)) == with_it:
        return True
    if not rest.strip(" .") or not piece[:1].isupper() or _PLACE.search(piece):
        return False
    within = _BODY.search(piece) is not None and _WHOLE.search(name) is not None
    return within or (" and " in piece and _LISTING.search(name) is not None)
