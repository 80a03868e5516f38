"""Reads Federal Register rules that amend the Entity List (Supplement No. 4 to 15 CFR Part 744).

The path: bytes -> tree -> clean text -> instructions and table rows -> amendments -> checks -> statements.
What is not certain is quarantined by name; nothing is left out in silence.
"""

import html
import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from events.base import Evidence
from events.documents import Check, Quarantine
from events.names import normalise
from events.statements import EntityAdded, EntityRemoved, EntityRevised, Statement
from tracker.readers import checks
from tracker.readers.amendment import Amendment
from tracker.readers.amendments import join
from tracker.readers.base import Document, Reading, UnreadableError
from tracker.readers.entity_table import Entry, read_table
from tracker.readers.headings import Headings
from tracker.readers.instructions import ENTITY_LIST, Instruction, read_instructions
from tracker.readers.preamble_names import read_names
from tracker.readers.register_xml import Block, CleanText, clean, decode, parse
from tracker.readers.row_citations import Origin
from tracker.readers.rule_dates import Effective, read_effective, read_filing, read_publication
from tracker.readers.summary import read_summary, says_so
from tracker.registers import Registers

READER: Final = "rule"
VERSION: Final = 2
LIST: Final = "us-bis-el"

_ROOTS = frozenset({"RULE", "PRORULE", "NOTICE", "PRESDOCU", "CORRECT", "UNKNOWN"})
# Only these amend the regulations; a proposed rule words its instructions alike.
_AMENDING = frozenset({"RULE", "CORRECT", "UNKNOWN"})
_SUPPLEMENT_4 = re.compile(r"supplement\s+no\.?\s*4\s+to\s+part\s+744", re.IGNORECASE)
_SUPPLEMENT = re.compile(r"supplement\s+no\.?\s*(\d+)\s+to\s+part\s+(\d+)", re.IGNORECASE)
_AMENDED = re.compile(
    rf"{_SUPPLEMENT_4.pattern}\s+is\s+(?:further\s+)?(?:amended|revised|corrected)|amend\s+{_SUPPLEMENT_4.pattern}"
    rf"|{_SUPPLEMENT_4.pattern}\s+Entity List \[Corrected\]",
    re.IGNORECASE,
)
_PROPOSED = re.compile(r"^ACTION:\s+(?:Notice of )?proposed rule|^\[Proposed Rules\]", re.IGNORECASE | re.MULTILINE)

_RULE = re.compile(r"^ACTION:\s+.*\brule\b", re.IGNORECASE | re.MULTILINE)


def read_rule(document: Document, registers: Registers) -> Reading:
    """Reads one version of a Federal Register document. Raises UnreadableError for anything that is none."""
    record = _record(document.metadata)
    if document.rendition == "text":
        return _read_text(document, record)
    content = clean(parse(document.raw))
    if content.root not in _ROOTS:
        raise UnreadableError(f"<{content.root}> is not the root of a Federal Register document")
    filing = read_filing(next((block.text for block in reversed(content.blocks) if block.tag == "FRDOC"), ""))
    published = _text(record, "publication_date") or _day(document.published) or read_publication(content.text, filing)
    origin = Origin(citation=_citation(record, content, published), published=published, pages=_pages(record))
    title = next((block.text for block in content.blocks if block.tag == "SUBJECT"), None) or document.title
    amendments: list[Amendment] = []
    counted: tuple[Check, ...] = ()
    quarantined: tuple[Quarantine, ...] = ()
    if content.root in _AMENDING:
        found = _amendments(content, registers, origin)
        summary = _section(content, "SUM")
        claims = read_summary(summary, found.headings)
        if any(i.scope != "introduction" for i in found.instructions) or found.amendments:
            amendments, counted = checks.run(found.amendments, claims, found.headings, found.whole)
        elif says_so(title, summary) or (not found.instructions and _touches(content, title, filing.number)):
            reason = "the rule touches the list, and what it changes is not understood"
            quarantined = (Quarantine(list=LIST, reason=reason),)
    dates = _section(content, "EFFDATE", "DATES")
    effective = read_effective(dates, published, _text(record, "effective_on"))
    statements, more = _state(amendments, effective, registers)
    return Reading(
        reader=READER,
        reader_version=VERSION,
        text=content.text,
        statements=statements,
        checks=(*counted, *_healed(amendments)),
        quarantined=(*quarantined, *more),
        title=title,
        number=filing.number,
        available=filing.available,
        published=published,
        citation=origin.citation,
        language="en",
    )


class _Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a document does to the list; `whole` is how many rows print it anew, if it is printed anew."""

    headings: Headings
    instructions: tuple[Instruction, ...]
    amendments: tuple[Amendment, ...]
    whole: int = 0


def _amendments(content: CleanText, registers: Registers, origin: Origin) -> _Found:
    """Reads instructions and tables and joins them, one numbered paragraph at a time."""
    tables: dict[int, list[Block]] = {}
    for block in content.blocks:
        if block.table is not None and block.tag == "ROW":
            tables.setdefault(block.table, []).append(block)
    read = {number: read_table(rows) for number, rows in tables.items()}
    printed = {place for table in read.values() for place in table.destinations}
    places = (*registers.destinations, *sorted(printed.difference(registers.destinations)))
    everything = read_instructions(content.blocks, places)
    batches: dict[int, list[Entry]] = {}
    for number, table in read.items():
        batch = _batch_of(tables[number][0], everything, content)
        if batch is not None:
            batches.setdefault(batch, []).extend(table.entries)
    headings = Headings(places)
    instructions = tuple(i for i in everything if i.target == ENTITY_LIST)
    listed = read_names(content.blocks)
    amendments: list[Amendment] = []
    for batch in dict.fromkeys([*(i.batch for i in instructions), *batches]):
        group = [i for i in instructions if i.batch == batch]
        amendments += join(group, batches.get(batch, []), headings, origin, listed)
    amendments.sort(key=lambda amendment: amendment.start)
    whole = sum(len(batches.get(i.batch, ())) for i in instructions if i.scope == "whole")
    return _Found(headings=headings, instructions=instructions, amendments=tuple(amendments), whole=whole)


def _batch_of(row: Block, instructions: Sequence[Instruction], content: CleanText) -> int | None:
    """The numbered paragraph that a table belongs to; None when the table is of another supplement.

    The heading above the table tells the supplement, else the last instruction before it.
    """
    before = [i for i in instructions if i.start < row.start]
    last = before[-1] if before else None
    begin = last.start if last else 0
    titles = [block.text for block in content.blocks if begin < block.start < row.start and block.tag == "HD"]
    named = [found for title in titles if (found := _SUPPLEMENT.search(title))]
    target = (int(named[-1].group(1)), named[-1].group(2)) if named else last.target if last else None
    if target != ENTITY_LIST:
        return None
    return last.batch if last and last.target == ENTITY_LIST else -1


def _state(
    amendments: Sequence[Amendment], effective: Effective, registers: Registers
) -> tuple[tuple[Statement, ...], tuple[Quarantine, ...]]:
    """Certain amendments become statements; the others are quarantined by name, proposed where they can be.

    A proposal counts nowhere until a person accepts it.
    """
    statements: list[Statement] = []
    quarantined: list[Quarantine] = []
    for amendment in amendments:
        day = effective.of(amendment.number)
        trouble = amendment.trouble or effective.trouble
        if amendment.effective is not None and amendment.effective != day:
            trouble = trouble or f"the instruction is effective {amendment.effective}, the rule says {day}"
        statement = None if day is None else _statement(amendment, day, registers)
        reason = trouble or "what is done to the entry is not understood"
        if statement is not None and trouble:
            statements.append(msgspec.structs.replace(statement, standing="proposed"))
        elif statement is not None:
            statements.append(statement)
            reason = f"a field is stated as printed: {amendment.doubt}" if amendment.doubt else ""
        if reason:
            quarantined.append(
                Quarantine(
                    list=LIST,
                    reason=reason,
                    change=amendment.change,
                    destination=amendment.destination,
                    name=amendment.name or amendment.guess,
                )
            )
    return tuple(statements), tuple(quarantined)


def _healed(amendments: Sequence[Amendment]) -> list[Check]:
    """The slips that were healed, each where it stood: checks that pass."""
    return [
        Check(name="healed", expected=slip, found=slip, where=amendment.name)
        for amendment in amendments
        for slip in amendment.healed
        if amendment.trouble is None
    ]


def _statement(amendment: Amendment, day: str, registers: Registers) -> Statement | None:
    if amendment.destination is None or amendment.name is None:
        return None
    evidence = Evidence(text="", start=amendment.start, end=amendment.end)
    entry, entity = amendment.entry, amendment.entity
    if amendment.change == "removed":
        return EntityRemoved(
            evidence=evidence,
            list=LIST,
            destination=amendment.destination,
            name=amendment.name,
            effective=day,
            citation=amendment.citation,
        )
    if amendment.renames_only:
        return EntityRevised(
            evidence=evidence,
            list=LIST,
            destination=amendment.destination,
            name=amendment.name,
            effective=day,
            new_name=amendment.new_name,
            citation=amendment.citation,
        )
    if entry is None or entity is None:
        return None
    if amendment.change == "added" and amendment.moved_from is None:
        return EntityAdded(
            evidence=evidence,
            list=LIST,
            destination=amendment.destination,
            name=amendment.name,
            effective=day,
            country=_country(amendment.destination, registers),
            aliases=entity.aliases,
            addresses=entity.addresses,
            license_requirement=entry.requirement,
            review_policy=entry.policy,
            footnotes=entry.footnotes,
            citation=amendment.citation or None,
        )
    if amendment.change is None:
        return None
    moves = amendment.moved_from is not None and normalise(amendment.moved_from) != normalise(amendment.destination)
    return EntityRevised(
        evidence=evidence,
        list=LIST,
        destination=amendment.moved_from or amendment.destination,
        name=amendment.name,
        effective=day,
        new_name=amendment.new_name,
        new_destination=amendment.destination if moves else None,
        new_country=_country(amendment.destination, registers) if moves else None,
        aliases=entity.aliases,
        addresses=entity.addresses,
        license_requirement=entry.requirement,
        review_policy=entry.policy,
        footnotes=entry.footnotes,
        citation=amendment.citation or None,
    )


def _country(heading: str, registers: Registers) -> str | None:
    return registers.destinations.get(heading.upper().replace("’", "'"))


def _touches(content: CleanText, title: str | None, number: str | None) -> bool:
    """Whether a rule in which no instruction was found speaks of changing the list all the same."""
    amending = any(_SUPPLEMENT_4.search(block.text) for block in content.blocks if block.tag in {"AMDPAR", "SECTNO"})
    # C1-, R1-, X and Z begin the numbers of corrections; their text may be one plain paragraph.
    correcting = bool(re.match(r"[CRXZ]", number or "")) or "correction" in (title or "").lower()
    return amending or (correcting and "entity list" in f"{title} {content.text}".lower())


def _section(content: CleanText, *tags: str) -> str:
    """The paragraphs inside an element of the preamble."""
    wanted = frozenset(tags)
    return " ".join([block.text for block in content.blocks if not wanted.isdisjoint(block.path) and block.tag != "HD"])


def _record(metadata: bytes | None) -> dict[str, Any]:
    """The source's own record, as far as it is one; a broken record is as good as none."""
    try:
        return msgspec.json.decode(metadata, type=dict[str, Any]) if metadata else {}
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return {}


def _text(record: dict[str, Any], key: str) -> str | None:
    value = record.get(key)
    return value if isinstance(value, str) and value else None


_FIRST_VOLUME = 1936
"""The Register's volume 1 is of 1936, and each year since is one volume."""


def _citation(record: dict[str, Any], content: CleanText, published: str | None) -> str | None:
    """Volume and first page: from the record, else from the year of publication and the first page break."""
    if stated := _text(record, "citation"):
        return stated
    if published is None or content.first_page is None:
        return None
    return f"{int(published[:4]) - _FIRST_VOLUME + 1} FR {content.first_page}"


def _pages(record: dict[str, Any]) -> tuple[int, int] | None:
    first, last = record.get("start_page"), record.get("end_page")
    return (first, last) if isinstance(first, int) and isinstance(last, int) else None


def _day(published: str | None) -> str | None:
    return published[:10] if published and re.match(r"\d{4}-\d{2}-\d{2}", published) else None


def _read_text(document: Document, record: dict[str, Any]) -> Reading:
    """Reads the plain text rendition: what it says can be read, which cell a line of it stands in cannot."""
    raw = decode(document.raw)
    if re.match(r"\s*<(?:!doctype html|html)", raw, re.IGNORECASE):
        inside = re.search(r"<pre[^>]*>(.*)</pre>", raw, re.IGNORECASE | re.DOTALL)
        if inside is None:
            raise UnreadableError("an HTML page without the document's text: a login page, or cut off")
        raw = html.unescape(re.sub(r"<[^>]*>", "", inside.group(1)))
    paragraphs = (" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", raw.replace("\r\n", "\n")))
    text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    if not text:
        raise UnreadableError("the document is empty")
    filing = read_filing(text[text.rfind("[FR Doc") :] if "[FR Doc" in text else "")
    reason = "the table of entries cannot be read from plain text; the XML rendition is awaited"
    title = document.title or _text(record, "title")
    summary = re.search(r"^SUMMARY:\s+(.*)$", text, re.MULTILINE)
    amends = _AMENDED.search(text) or (_RULE.search(text) and says_so(title, summary.group(1) if summary else ""))
    return Reading(
        reader=READER,
        reader_version=VERSION,
        text=text,
        title=title,
        number=filing.number,
        available=filing.available,
        published=_text(record, "publication_date"),
        citation=_text(record, "citation"),
        language="en",
        quarantined=(Quarantine(list=LIST, reason=reason),) if amends and not _PROPOSED.search(text) else (),
    )
