"""Reads rules from plain text: filings for public inspection, and published rules whose XML is not there yet.

Which cell of the table a line stands in cannot be told from plain text. Of a published rule that leaves all to
the XML, which follows soon. Of a filing the instructions are read: whom it will add, revise, remove or suspend,
under which destination, from which day. A filing changes nothing by itself, so it may be told without its table.
"""

import html
import re
from collections.abc import Iterator
from typing import Any, Final

from events.base import Evidence
from events.documents import Check, Quarantine
from events.statements import EntityAdded, EntityRemoved, EntityRevised, EntitySuspended, Statement
from tracker.readers.amendment import LIST
from tracker.readers.base import Document, Reading, UnreadableError
from tracker.readers.headings import Headings
from tracker.readers.instructions import ENTITY_LIST, Instruction, Name, read_instructions
from tracker.readers.register_xml import Block, decode
from tracker.readers.rule_dates import Effective, read_effective, read_filing
from tracker.readers.rule_record import stated
from tracker.readers.summary import says_so
from tracker.registers import Registers

_SUPPLEMENT_4: Final = r"supplement\s+no\.?\s*4\s+to\s+part\s+744"
_AMENDED: Final = re.compile(
    rf"{_SUPPLEMENT_4}\s+is\s+(?:further\s+)?(?:amended|revised|corrected)|amend\s+{_SUPPLEMENT_4}"
    rf"|{_SUPPLEMENT_4}\s+Entity List \[Corrected\]",
    re.IGNORECASE,
)
_PROPOSED: Final = re.compile(r"^ACTION:\s+(?:Notice of )?proposed rule|^\[Proposed Rules\]", re.IGNORECASE | re.MULTILINE)
_RULE: Final = re.compile(r"^ACTION:\s+.*\brule\b", re.IGNORECASE | re.MULTILINE)
_SECTION: Final = r"^{name}:\s+(?P<text>.*(?:\n\n(?![A-Z][A-Z ]+:).*)*?)(?=\n\n[A-Z][A-Z ]+:|\Z)"
_ORDERED: Final = re.compile(r"\bis\s+(?:further\s+)?amended\s+as\s+follows:\s*$", re.IGNORECASE)
_LABELLED: Final = re.compile(r"(?:\d{1,3}\.|[a-z]{1,4}\.|\([a-z0-9]{1,4}\))\s+\S", re.IGNORECASE)
_PART: Final = re.compile(r"^PART\s+(?P<part>\d+)\b")
_WITHDRAWN: Final = re.compile(r"\bwithdraw", re.IGNORECASE)


def read_plain(document: Document, record: dict[str, Any], registers: Registers) -> Reading:
    """Reads a plain text rendition; reader and version are left to the caller. Raises UnreadableError."""
    if document.rendition == "inspection":
        return _read_filing(document, record, registers)
    text = plain_text(document.raw)
    filing = read_filing(text[text.rfind("[FR Doc") :] if "[FR Doc" in text else "")
    reason = "the table of entries cannot be read from plain text; the XML rendition is awaited"
    return Reading(
        reader="",
        reader_version=0,
        text=text,
        title=document.title or stated(record, "title"),
        number=filing.number,
        available=filing.available,
        published=stated(record, "publication_date"),
        citation=stated(record, "citation"),
        language="en",
        quarantined=(Quarantine(list=LIST, reason=reason),) if _amends(text, document.title, record) else (),
    )


def plain_text(raw: bytes) -> str:
    """The paragraphs of a text, or of the one `<pre>` of an HTML page; raises UnreadableError for anything else."""
    text = decode(raw)
    if re.match(r"\s*<(?:!doctype html|html)", text, re.IGNORECASE):
        inside = re.search(r"<pre[^>]*>(.*)</pre>", text, re.IGNORECASE | re.DOTALL)
        if inside is None:
            raise UnreadableError("an HTML page without the document's text: a login page, or cut off")
        text = html.unescape(re.sub(r"<[^>]*>", "", inside.group(1)))
    paragraphs = (" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text.replace("\r\n", "\n")))
    # The Register's plain texts set quotation marks as typewriters do: ``Name''.
    joined = "\n\n".join(paragraph for paragraph in paragraphs if paragraph).replace("``", "“").replace("''", "”")
    if not joined:
        raise UnreadableError("the document is empty")
    return joined


def _amends(text: str, title: str | None, record: dict[str, Any]) -> bool:
    """Whether a rule in plain text changes the list."""
    told = _RULE.search(text) and says_so(title or stated(record, "title"), _section(text, "SUMMARY"))
    return bool(_AMENDED.search(text) or told) and not _PROPOSED.search(text)


def _section(text: str, name: str) -> str:
    """A section of the preamble: what stands after `DATES:` up to the next such heading."""
    found = re.search(_SECTION.format(name=name), text, re.MULTILINE)
    return " ".join(found["text"].split()) if found else ""


def _read_filing(document: Document, record: dict[str, Any], registers: Registers) -> Reading:
    """Reads what is on file for public inspection; a filing that is withdrawn states nothing."""
    title = document.title or stated(record, "title")
    served = not document.raw.lstrip().startswith(b"{")
    text = plain_text(document.raw) if served else f"{title}\n\n(On file for public inspection; its text is not served.)"
    planned = stated(record, "publication_date")
    checks: tuple[Check, ...] = ()
    statements: list[Statement] = []
    waiting: list[Quarantine] = []
    if _WITHDRAWN.search(stated(record, "editorial_note") or ""):
        checks = (Check(name="withdrawn before publication", expected="yes", found="yes"),)
    elif served and _amends(text, title, record):
        effective = read_effective(_section(text, "DATES"), planned, None)
        statements, waiting = _announced(text, effective, planned, registers)
        if not statements and not waiting:
            waiting.append(Quarantine(list=LIST, reason="it is on file and changes the list; what it changes is not understood"))
    elif not served and says_so(title, ""):
        waiting.append(Quarantine(list=LIST, reason="it is on file for public inspection, and its text is not served"))
    return Reading(
        reader="",
        reader_version=0,
        text=text,
        statements=tuple(statements),
        checks=checks,
        quarantined=tuple(waiting),
        title=title,
        number=stated(record, "document_number"),
        published=planned,
        language="en",
    )


def _announced(
    text: str, effective: Effective, planned: str | None, registers: Registers
) -> tuple[list[Statement], list[Quarantine]]:
    """What the instructions of a filing will do to which entry; those that name none wait."""
    headings = Headings(registers.destinations)
    statements: list[Statement] = []
    waiting: list[Quarantine] = []
    for instruction in read_instructions(list(_instructions(text)), tuple(registers.destinations)):
        if instruction.target != ENTITY_LIST or instruction.scope == "introduction":
            continue
        destination = headings.printed(instruction.destination or "") or instruction.destination
        day = instruction.effective or effective.of(instruction.number) or planned
        names = [name for name in instruction.names if not name.broken]
        if destination is None or day is None or not names or instruction.verb == "other":
            reason = "on file for public inspection: its table is read when it is published"
            waiting.append(Quarantine(list=LIST, reason=reason, destination=destination))
            continue
        statements += (_statement(instruction, name, destination, day, effective, registers) for name in names)
    return statements, waiting


def _statement(
    instruction: Instruction, name: Name, destination: str, day: str, effective: Effective, registers: Registers
) -> Statement:
    named: dict[str, Any] = {
        "evidence": Evidence(text="", start=name.start, end=name.end),
        "list": LIST,
        "destination": destination,
        "name": name.text,
        "effective": day,
    }
    if instruction.verb == "add":
        return EntityAdded(country=registers.destinations.get(destination), **named)
    if instruction.verb == "remove":
        return EntityRemoved(**named)
    if instruction.verb == "suspend":
        return EntitySuspended(until=instruction.until or effective.until, **named)
    return EntityRevised(new_name=instruction.new_name, **named)


def _instructions(text: str) -> Iterator[Block]:
    """The amending instructions of a plain text, as the blocks that the instruction reader takes.

    They are the labelled paragraphs after "is amended as follows:"; rows of the tables have no labels.
    """
    part: str | None = None
    ordered = False
    at = 0
    for paragraph in text.split("\n\n"):
        start, at = at, at + len(paragraph) + 2
        if found := _PART.match(paragraph):
            part = found["part"]
        ordered = ordered or _ORDERED.search(paragraph) is not None
        if ordered and _LABELLED.match(paragraph):
            yield Block(tag="AMDPAR", text=paragraph, start=start, end=start + len(paragraph), part=part)
