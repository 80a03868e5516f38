"""Names in the preamble: they tell where a name ends in a row, when the instructions only count the entries.

"Name, 5 High Street, Town" has no mark between name and address. The preamble lists what is added behind
bullets, and says of the others "the entry for Name by changing its addresses".
"""

import re
from collections.abc import Sequence
from functools import cached_property

from tracker.readers.register_xml import Block
from tracker.readers.table_rows import squeezed

_CLOSE = re.compile(r",?\s*(?:,|\band|\.)?$")
# What closes an item is shorter; looking for it through the whole of a long item takes its time.
_CLOSE_LENGTH = 8
_ENTRY_FOR = re.compile(
    r"\bentr(?:y|ies)\s+for\s+(?:the\s+following\s+)?(?P<name>[^;•]{2,200}?)"
    r"(?=\s+by\s+(?:\w+ing)\b|,?\s+under\s+the\s+(?:destination|heading|country)|\s+on\s+the\s+Entity\s+List|,?\s+to\s+(?:add|read|correct|reflect))",
)


class PreambleNames:
    """The names of a preamble, looked for when a row is asked for one of them: where instructions name, none is."""

    def __init__(self, blocks: Sequence[Block] = ()) -> None:
        self._blocks = blocks

    @cached_property
    def by_squeezed(self) -> dict[str, str]:
        """The names by their squeezed form."""
        return read_names(self._blocks)


def read_names(blocks: Sequence[Block]) -> dict[str, str]:
    """The names that paragraphs list or speak of, by their squeezed form.

    Each ends in a full stop, which then may be the name's own or the sentence's.
    """
    names: list[str] = []
    for block in blocks:
        if block.tag == "P" and block.text.startswith("•"):
            name = block.text[1:].lstrip()
            names.append(name[:-_CLOSE_LENGTH] + _CLOSE.sub("", name[-_CLOSE_LENGTH:]))
        elif block.tag == "P" and "entr" in block.text:
            names += (found["name"].strip(" “”,") for found in _ENTRY_FOR.finditer(block.text))
    return {squeezed(name): f"{name.rstrip('.')}." for name in names if name}
