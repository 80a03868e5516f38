"""Reads Federal Register rules that amend the Entity List (Supplement No. 4 to 15 CFR Part 744).

The path: bytes -> tree -> clean text -> instructions and table rows -> amendments -> checks -> statements.
What is not certain is quarantined by name; nothing is left out in silence.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from events.base import Evidence
from events.documents import Check, Quarantine
from events.statements import RuleInForce
from tracker.readers import checks
from tracker.readers.amendment import LIST, Amendment
from tracker.readers.amendments import join
from tracker.readers.base import Document, Reading, UnreadableError
from tracker.readers.corrections import Corrections, corrected_document, document_amended, is_correction, read_corrections
from tracker.readers.entity_table import Entry, read_table, under_known_headings
from tracker.readers.headings import Headings
from tracker.readers.instruction_tokens import SUPPLEMENT
from tracker.readers.instructions import ENTITY_LIST, Instruction, read_instructions
from tracker.readers.preamble_names import PreambleNames
from tracker.readers.register_xml import Block, CleanText, clean, parse
from tracker.readers.row_citations import Origin
from tracker.readers.rule_dates import Effective, read_effective, read_filing, read_publication
from tracker.readers.rule_record import pages, read_record, stated
from tracker.readers.rule_statements import Terms, state
from tracker.readers.rule_text import read_plain
from tracker.readers.summary import read_summary, says_so
from tracker.registers import Registers

READER: Final = "rule"
VERSION: Final = 4

_ROOTS = frozenset({"RULE", "PRORULE", "NOTICE", "PRESDOCU", "CORRECT", "UNKNOWN"})
# Only these amend the regulations; a proposed rule words its instructions alike.
_AMENDING = frozenset({"RULE", "CORRECT", "UNKNOWN"})
_SUPPLEMENT = re.compile(SUPPLEMENT, re.IGNORECASE)


def read_rule(document: Document, registers: Registers) -> Reading:
    """Reads one version of a Federal Register document. Raises UnreadableError for anything that is none."""
    record = read_record(document.metadata)
    if document.rendition in {"text", "inspection"}:
        reading = read_plain(document, record, registers)
        return msgspec.structs.replace(reading, reader=READER, reader_version=VERSION)
    content = clean(parse(document.raw))
    if content.root not in _ROOTS:
        raise UnreadableError(f"<{content.root}> is not the root of a Federal Register document")
    filing = read_filing(next((block.text for block in reversed(content.paragraphs) if block.tag == "FRDOC"), ""))
    published = stated(record, "publication_date") or _day(document.published) or read_publication(content.text, filing)
    origin = Origin(citation=_citation(record, content, published), published=published, pages=pages(record))
    title = next((block.text for block in content.paragraphs if block.tag == "SUBJECT"), None) or document.title
    amendments: list[Amendment] = []
    counted: tuple[Check, ...] = ()
    quarantined: tuple[Quarantine, ...] = ()
    summary = _section(content, "SUM")
    corrections = Corrections((), ())
    if content.root in _AMENDING:
        found = _amendments(content, registers, origin)
        if found.corrections:
            corrections = read_corrections(
                found.corrections, corrected_document(content, filing.number, record), published, found.headings, LIST
            )
        claims = read_summary(summary, found.headings)
        if any(i.scope != "introduction" for i in found.instructions) or found.amendments:
            amendments, counted = checks.run(found.amendments, claims, found.headings, found.whole)
        elif not found.corrections and (
            says_so(title, summary) or (not found.instructions and _touches(content, title, filing.number))
        ):
            reason = "the rule touches the list, and what it changes is not understood"
            quarantined = (Quarantine(list=LIST, reason=reason),)
    dates = _section(content, "EFFDATE", "DATES")
    effective = read_effective(dates, published, stated(record, "effective_on"))
    terms = Terms(effective=effective, corrects=document_amended(content, title, summary, record))
    statements, more = state(amendments, terms, registers)
    if not statements and not more and (term := _term(content, title, effective)) is not None:
        statements = (term,)
    return Reading(
        reader=READER,
        reader_version=VERSION,
        text=content.text,
        statements=(*statements, *corrections.statements),
        checks=(*counted, *_healed(amendments)),
        quarantined=(*quarantined, *more, *corrections.quarantined),
        title=title,
        number=filing.number,
        available=filing.available,
        published=published,
        citation=origin.citation,
        language="en",
    )


class _Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a document does to the list; `whole` is how many rows print it anew, if it is printed anew.

    `corrections` are the instructions that say how words of another document should read.
    """

    headings: Headings
    instructions: tuple[Instruction, ...]
    corrections: tuple[Instruction, ...]
    amendments: tuple[Amendment, ...]
    whole: int = 0


def _amendments(content: CleanText, registers: Registers, origin: Origin) -> _Found:
    """Reads instructions and tables and joins them, one numbered paragraph at a time."""
    tables: dict[int, list[Block]] = {}
    for row in content.rows:
        if row.table is not None:
            tables.setdefault(row.table, []).append(row)
    registered = Headings(tuple(registers.destinations))
    read = {number: under_known_headings(read_table(rows), registered) for number, rows in tables.items()}
    printed = {place for table in read.values() for place in table.destinations}
    places = (*registers.destinations, *sorted(printed.difference(registers.destinations)))
    everything = read_instructions(content.paragraphs, places)
    batches: dict[int, list[Entry]] = {}
    for number, table in read.items():
        batch = _batch_of(tables[number][0], everything, content)
        if batch is not None:
            batches.setdefault(batch, []).extend(table.entries)
    headings = Headings(places)
    meant = [i for i in everything if i.target == ENTITY_LIST]
    instructions = tuple(i for i in meant if not is_correction(i))
    corrections = tuple(i for i in meant if is_correction(i))
    listed = PreambleNames(content.paragraphs)
    amendments: list[Amendment] = []
    for batch in dict.fromkeys([*(i.batch for i in instructions), *batches]):
        group = [i for i in instructions if i.batch == batch]
        amendments += join(group, batches.get(batch, []), headings, origin, listed)
    amendments.sort(key=lambda amendment: amendment.start)
    whole = sum(len(batches.get(i.batch, ())) for i in instructions if i.scope == "whole")
    return _Found(
        headings=headings, instructions=instructions, corrections=corrections, amendments=tuple(amendments), whole=whole
    )


def _batch_of(row: Block, instructions: Sequence[Instruction], content: CleanText) -> int | None:
    """The numbered paragraph that a table belongs to; None when the table is of another supplement.

    The heading above the table tells the supplement, else the last instruction before it.
    """
    before = [i for i in instructions if i.start < row.start]
    last = before[-1] if before else None
    begin = last.start if last else 0
    titles = [block.text for block in content.paragraphs if begin < block.start < row.start and block.tag == "HD"]
    named = [found for title in titles if (found := _SUPPLEMENT.search(title)) and found["part"]]
    target = (int(named[-1]["number"]), named[-1]["part"]) if named else last.target if last else None
    if target != ENTITY_LIST:
        return None
    return last.batch if last and last.target == ENTITY_LIST else -1


def _term(content: CleanText, title: str | None, effective: Effective) -> RuleInForce | None:
    """A rule about something else in the list's part that is in force for a stated time: a suspension, a licence."""
    if effective.until is None or effective.day is None or not title or content.root != "RULE":
        return None
    dates = (block for block in content.within("EFFDATE", "DATES") if block.tag != "HD")
    place = next(dates, content.blocks[0])
    evidence = Evidence(text="", start=place.start, end=place.end)
    return RuleInForce(evidence=evidence, list=LIST, title=title, effective=effective.day, until=effective.until)


def _healed(amendments: Sequence[Amendment]) -> list[Check]:
    """The slips that were healed, each where it stood: checks that pass."""
    return [
        Check(name="healed", expected=slip, found=slip, where=amendment.name)
        for amendment in amendments
        for slip in amendment.healed
        if amendment.trouble is None
    ]


def _touches(content: CleanText, title: str | None, number: str | None) -> bool:
    """Whether a rule in which no instruction was found speaks of changing the list all the same."""
    told = (block.text for block in content.paragraphs if block.tag in {"AMDPAR", "SECTNO"})
    amending = any((found["number"], found["part"]) == ("4", "744") for text in told for found in _SUPPLEMENT.finditer(text))
    # C1-, R1-, X and Z begin the numbers of corrections; their text may be one plain paragraph.
    correcting = bool(re.match(r"[CRXZ]", number or "")) or "correction" in (title or "").lower()
    return amending or (correcting and "entity list" in f"{title} {content.text}".lower())


def _section(content: CleanText, *tags: str) -> str:
    """The paragraphs inside an element of the preamble."""
    return " ".join([block.text for block in content.within(*tags) if block.tag != "HD"])


_FIRST_VOLUME = 1936
"""The Register's volume 1 is of 1936, and each year since is one volume."""


def _citation(record: dict[str, Any], content: CleanText, published: str | None) -> str | None:
    """Volume and first page: from the record, else from the year of publication and the first page break."""
    if told := stated(record, "citation"):
        return told
    if published is None or content.first_page is None:
        return None
    return f"{int(published[:4]) - _FIRST_VOLUME + 1} FR {content.first_page}"


def _day(published: str | None) -> str | None:
    return published[:10] if published and re.match(r"\d{4}-\d{2}-\d{2}", published) else None
