"""Printed slips that leave only one reading, each healed by a named rule that says what must be certain first.

Every healing is written down in the reading as a check named `healed`, so that a person can see it. What
is not listed here is quarantined. Wordings that merely vary are no slips and need no healing: semicolons and
commas inside quotation marks, page breaks inside an instruction, "Under the CANADA", "UNDER CANADA", en dashes in document
numbers (`instruction_tokens`, `register_xml`, `rule_dates`).
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from tracker.readers.entity_cell import ANNOUNCED_TWICE, IN_THE_ADDRESS
from tracker.readers.headings import Headings
from tracker.readers.instructions import Instruction, Name
from tracker.readers.row_citations import Origin, own_citation
from tracker.readers.table_rows import Rows, squeezed

MISSING_VERB: Final = "missing verb"
LOST_MARK: Final = "lost quotation mark"

SLIPS: Final[dict[str, str]] = {
    MISSING_VERB: "No verb, but every name has exactly one row, and each of these rows cites this rule alone: added.",
    LOST_MARK: "A quotation mark is missing, but exactly one row of the table bears the name; or, for a removal, what "
    "separates the names shows where this one begins and ends.",
    ANNOUNCED_TWICE: "The words that announce the aliases stand again before the addresses, with the same count; the "
    "address keeps them as printed.",
    IN_THE_ADDRESS: "Aliases in brackets stand behind a comma, at the head of the address, which keeps them as printed.",
}
"""Every rule by its name, with what makes it safe. `entity_cell` applies the last two."""


def heal(instructions: Sequence[Instruction], rows: Rows, headings: Headings, origin: Origin) -> list[Instruction]:
    """The instructions of one numbered paragraph with their slips healed, as far as its rows prove them."""
    return [_with_verb(_with_marks(instruction, rows, headings), rows, headings, origin) for instruction in instructions]


def _with_marks(instruction: Instruction, rows: Rows, headings: Headings) -> Instruction:
    if not any(name.broken for name in instruction.names):
        return instruction
    places = rows.each(headings.same(instruction.destination), [name.text for name in instruction.names])
    names = tuple(_closed(name, instruction, places[name.text]) for name in instruction.names)
    return msgspec.structs.replace(instruction, names=names)


def _closed(name: Name, instruction: Instruction, places: Sequence[int]) -> Name:
    """A name whose mark is lost, made whole where it can only be this one."""
    if not name.broken or instruction.new_name:
        return name
    alike = [other for other in instruction.names if squeezed(other.text) == squeezed(name.text)]
    gone = instruction.verb == "remove" and name.delimited and not places
    if len(alike) == 1 and (len(places) == 1 or gone):
        return msgspec.structs.replace(name, broken=False, healed=LOST_MARK)
    return name


def _with_verb(instruction: Instruction, rows: Rows, headings: Headings, origin: Origin) -> Instruction:
    """An instruction without a verb adds, if the table can only mean that."""
    if instruction.word or instruction.unknown or not instruction.names or instruction.destination is None:
        return instruction
    if any(name.broken for name in instruction.names) or instruction.scope != "entries":
        return instruction
    found = rows.each(headings.same(instruction.destination), [name.text for name in instruction.names])
    for places in found.values():
        own, earlier = own_citation(rows.entries[places[0]].citation, origin) if len(places) == 1 else (None, [])
        if own is None or earlier:
            return instruction
    return msgspec.structs.replace(instruction, verb="add", word="adding", healed=MISSING_VERB)
