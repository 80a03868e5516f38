"""Entries that go from one place of the list to another: joined, so that they stay one listing.

On 23 December 2020 Hong Kong ceased to be a destination: its heading went with all entries under it, and their
rows stood under China, citing the rules that had made them. A row that cites earlier rules is never new.
"""

from collections.abc import Sequence

import msgspec

from tracker.readers.amendment import Amendment
from tracker.readers.headings import Headings
from tracker.readers.instructions import Instruction
from tracker.readers.table_rows import squeezed


def join_moves(found: Sequence[Amendment], instructions: Sequence[Instruction], headings: Headings) -> list[Amendment]:
    """Turns additions of entries that were listed before into moves, where their old place is certain.

    That is the place from which the same paragraph removes the name, or the one heading that it removes
    with all its entries.
    """
    gone = {headings.printed(i.destination) or i.destination for i in instructions if i.destination and all_go(i)}
    removed: dict[str, list[Amendment]] = {}
    for amendment in found:
        if amendment.change == "removed" and amendment.name and amendment.entry is None and amendment.trouble is None:
            removed.setdefault(squeezed(amendment.name), []).append(amendment)
    joined: list[Amendment] = []
    used: list[Amendment] = []
    for amendment in found:
        if not amendment.earlier or amendment.change != "added" or amendment.trouble:
            joined.append(amendment)
            continue
        old = removed.get(squeezed(amendment.name or ""), [])
        if len(old) == 1 and old[0] not in used:
            used.append(old[0])
            joined.append(msgspec.structs.replace(amendment, moved_from=old[0].destination, replaces_removal=True))
        elif len(gone) == 1 and not old:
            joined.append(msgspec.structs.replace(amendment, moved_from=next(iter(gone))))
        else:
            cited = ", ".join(amendment.earlier)
            reason = f"the row cites earlier rules ({cited}): moved or listed before, not new"
            joined.append(msgspec.structs.replace(amendment, trouble=reason))
    return [amendment for amendment in joined if not any(amendment is one for one in used)] if used else joined


def all_go(instruction: Instruction) -> bool:
    """Whether a heading is removed with all entries under it, which are not named."""
    return instruction.scope == "heading" and instruction.verb == "remove" and not instruction.names
