"""One amendment, and whether it is certain: from its row, its instruction, or why there is trouble with either."""

from tracker.readers.amendment import CHANGES, Amendment, Change
from tracker.readers.entity_cell import Entity, likely_name, name_with_aliases, read_entity
from tracker.readers.entity_table import Entry
from tracker.readers.instructions import Instruction, Name
from tracker.readers.moves import all_go
from tracker.readers.row_citations import Origin, own_citation


def row_amendment(
    instruction: Instruction | None, name: Name | None, entry: Entry, origin: Origin, *, trouble: str | None
) -> Amendment:
    """The amendment that a row of the table spells out."""
    sought = instruction.new_name if instruction and instruction.new_name else name.text if name else None
    entity = read_entity(entry.lines, sought)
    known = entity.name if sought is not None or name_with_aliases(entry.lines) else None
    renamed = instruction is not None and instruction.new_name is not None and name is not None
    own, earlier = own_citation(entry.citation, origin)
    change = CHANGES.get(instruction.verb) if instruction else None
    return Amendment(
        change=change,
        destination=entry.destination,
        named=instruction is not None,
        number=instruction.number if instruction else None,
        effective=instruction.effective if instruction else None,
        name=name.text if renamed and name else known,
        guess=None if known else likely_name(entry.lines),
        new_name=entity.name if renamed else None,
        entry=entry,
        entity=entity,
        citation=own,
        earlier=tuple(earlier),
        trouble=trouble or entity.trouble or _miscounted(entity) or _row_trouble(change, entry, own),
        doubt=entity.doubt,
        healed=healed_slips(instruction, name, entity),
        start=entry.start,
        end=entry.end,
    )


def healed_slips(instruction: Instruction | None, name: Name | None, entity: Entity | None) -> tuple[str, ...]:
    """The slips that were healed on the way to one amendment."""
    slips = (instruction and instruction.healed, name and name.healed, *(entity.healed if entity else ()))
    return tuple(dict.fromkeys([slip for slip in slips if slip]))


def _row_trouble(change: Change | None, entry: Entry, own: str | None) -> str | None:
    if entry.destination is None:
        return "the row stands under no destination"
    if change == "added" and entry.requirement is None:
        return "the row states no license requirement"
    if change == "added" and own is None:
        return f"the citation is not understood: {entry.citation!r}"
    return None


def _miscounted(entity: Entity) -> str | None:
    for count in entity.counts:
        if count.expected != count.found:
            return f"the row announces {count.expected} aliases and prints {count.found}"
    return None


def trouble_of(instruction: Instruction, name: Name | None) -> str | None:
    """Why an instruction is not certain by itself."""
    if name is not None and name.broken:
        return "a quotation mark is missing around this name"
    if not instruction.word:
        return "the instruction has no verb"
    if instruction.verb == "other":
        return f"what is done to the entry is not understood: {instruction.word!r}"
    if instruction.destination is None:
        return "the instruction names no destination"
    if instruction.unknown:
        return f"words in the instruction are not understood: {' '.join(instruction.unknown)!r}"
    if instruction.within:
        return "whether this names an entry, or words within one, is not told"
    if instruction.count is not None and instruction.names and instruction.count != len(instruction.names):
        return f"the instruction counts {instruction.count} and names {len(instruction.names)}"
    return None


def unnamed_trouble(instruction: Instruction) -> str | None:
    """The trouble of an instruction that neither names nor counts entries."""
    if instruction.names or instruction.count is not None or instruction.scope in {"whole", "introduction"}:
        return None
    if instruction.scope == "unknown" and instruction.destination is None:
        return "the instruction names no entries"
    if all_go(instruction):
        return "all entries under the heading are removed, and their names are not given"
    return "what is to be changed is not understood"


def troubled(instruction: Instruction, name: Name | None, trouble: str) -> Amendment:
    return Amendment(
        change=CHANGES.get(instruction.verb),
        destination=instruction.destination,
        name=name.text if name else None,
        named=name is not None,
        number=instruction.number,
        effective=instruction.effective,
        trouble=trouble,
        empties=instruction.destination if all_go(instruction) else None,
        start=name.start if name else instruction.start,
        end=name.end if name else instruction.end,
    )
