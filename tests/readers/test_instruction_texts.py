"""The amending instructions of real rules of 2024 and 2025: every named addition, revision and removal is found.

Only the instructions are at hand, not the tables, so each test prints a table with a row for every name that is
added or revised, and reads the whole. The paragraphs stay outside the project; without them the tests are skipped.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from html import escape

import pytest

from events.statements import EntityAdded, EntityRemoved, EntityRevised
from tests.readers.conftest import SHARED, rule
from tracker.readers.rule import read_rule
from tracker.registers import Registers

TEXTS = SHARED / "corpus" / "federal-register" / "instruction-texts.jsonl"
pytestmark = pytest.mark.skipif(not TEXTS.exists(), reason="the corpus of genuine instructions is not beside the project")

RECORD = {"citation": "96 FR 1701", "publication_date": "2031-01-09", "effective_on": "2031-01-09"}
CELLS = "<ENT>For all items subject to the EAR.</ENT><ENT>Presumption of denial.</ENT>"
# By document: how many entries are added, revised and removed, and how many slips are printed in the instructions.
COUNTS = {
    "2024-10485": (37, 0, 0, 0),
    "2024-13148": (13, 84, 0, 1),
    "2024-24562": (26, 1, 7, 1),
    "2024-25411": (46, 52, 0, 0),
    "2025-00480": (16, 0, 0, 1),
    "2025-00704": (11, 1, 0, 0),
    "2025-05427": (12, 0, 0, 11),
}


def instructions(number: str) -> list[str]:
    """The paragraphs that amend Supplement No. 4; its introduction is added where the corpus has a gap."""
    lines = (json.loads(line) for line in TEXTS.read_text(encoding="utf-8").splitlines())
    texts = [re.sub(r"\s*\( printed page \d+\)\s*", " ", each["text"]) for each in lines if each["document_number"] == number]
    amends = re.compile(r"\d+\.\s(?:amend\s)?supplement no\. 4 to part 744|\d+\. Supplement no\. 4 is amended", re.IGNORECASE)
    first = next((place for place, text in enumerate(texts) if amends.match(text)), None)
    if first is None:
        first = next(place for place, text in enumerate(texts) if text.startswith("a. Under "))
        texts.insert(first, "2. Supplement No. 4 to part 744 is amended:")
    end = first + 1
    while end < len(texts) and re.match(r"(?:[a-z]|[ivx]+)\.\s", texts[end]):
        end += 1
    return texts[first:end]


def names(text: str) -> list[str]:
    """The names of a paragraph, told apart by its marks alone, wherever one of them is missing."""
    text = re.sub(r"\b(?:entry|entries)(?:,? in alphabetical order,?)? for (?=[A-Z])", "entries for “", text)
    pieces = re.split(r"[“”]|;\s*(?=[A-Z])", text.replace("Suanze “", "Suanze "))[1:]
    bare = (re.sub(r"[;,\s]*(?:\band)?[;,\s]*$", "", piece).strip() for piece in pieces)
    return [name for name in bare if re.search(r"\w", name) and name not in {"and", "to read as follows:", "."}]


def table(paragraphs: list[str]) -> Iterator[str]:
    """A row for every entry that is added or revised, under its destination."""
    destination, verb = "", ""
    for text in paragraphs:
        under = re.search(r"\b[Uu]nder ([A-Z][A-Z', ]+[A-Z])\b|\bUnder (India)\b", text)
        destination = (under[1] or under[2]) if under else destination
        said = re.search(r"\b(add|revis|remov)ing\b", text, re.IGNORECASE)
        verb = said[1].lower() if said else "" if under else verb
        for name in names(text) if verb != "remov" else ():
            cited = "90 FR 100, 1/2/25. " if verb == "revis" else ""
            yield f"<ROW><ENT>{escape(destination.upper())}</ENT></ROW>"
            yield f"<ROW><ENT/><ENT>{escape(name)}, 5 High Street.</ENT>{CELLS}<ENT>{cited}96 FR 1702, 1/9/31.</ENT></ROW>"


@pytest.mark.parametrize("number", sorted(COUNTS))
def test_every_named_entry_is_found_and_none_invented(number: str, registers: Registers) -> None:
    paragraphs = instructions(number)
    printed = "".join(f"<AMDPAR>{escape(text)}</AMDPAR>" for text in paragraphs)
    raw = f"<RULE><REGTEXT TITLE='15' PART='744'>{printed}<GPOTABLE>{''.join(table(paragraphs))}</GPOTABLE></REGTEXT></RULE>"
    reading = read_rule(rule(raw.encode(), RECORD), registers)
    kinds = Counter(type(statement) for statement in reading.statements)
    slips = [(check.found, check.where) for check in reading.checks if check.name == "healed"]
    assert [(q.name, q.reason) for q in reading.quarantined] == []
    assert (kinds[EntityAdded], kinds[EntityRevised], kinds[EntityRemoved], len(slips)) == COUNTS[number]
