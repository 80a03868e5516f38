"""What follows the name in an entity cell: lists of aliases, each behind a dash on a line of its own, then the addresses."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from events.statements import Alias
from tracker.readers.cell_text import DASHES, number, without_stop

ANNOUNCED_TWICE = "aliases announced twice"
"""The name of the slip (see `slips`): the words that announce the aliases stand again before the addresses."""

IN_THE_ADDRESS = "aliases in the address"
"""The name of the slip: aliases in brackets stand behind a comma, at the head of an address, and stay in it."""

KIND = r"(?P<kind>[af]\.?\s?k\.?\s?a\.?|also known as|formerly known as)"
_LIST = rf"{KIND},?\s+the\s+following\s+(?:(?P<count>[\w-]+)\s+)?alias(?:es)?\s*:?"
_LIST_AFTER_NAME = re.compile(rf"(?P<name>.+?),?\s+\(?{_LIST}", re.IGNORECASE)
_LIST_ALONE = re.compile(rf"(?:and\s+)?{_LIST}", re.IGNORECASE)
_LIST_WITHIN = re.compile(rf"(?P<name>.+?),\s+{_LIST}", re.IGNORECASE)
IN_BRACKETS = re.compile(rf"^\s*\(\s*{KIND},?\s+(?P<names>[^()]*)\)", re.IGNORECASE)
_ANNOUNCED_AGAIN = re.compile(
    rf"(?:and\s+)?(?:{KIND},?\s+)?the\s+following\s+(?P<count>[\w-]+)\s+alias(?:es)?\s*:\s*", re.IGNORECASE
)
_LOOKS_LIKE_ALIAS = re.compile(r"\b[afd]\.?[kb]\.?a\b|\balias(?:es)?\b|(?:also|formerly) known as", re.IGNORECASE)
# Without the borders of words it is found fast, by its first letter; most addresses have none of it.
_LETTERS_OF_ALIAS = re.compile(r"[AaFfDd]\.?[KkBb]\.?[Aa]")
_SEE_ALSO = re.compile(
    r"[;,]?\s*\(?\s*See\s+(?:also\s+)?(?:alternate\s+)?address(?:es)?\s+under\s+[^()]*\)?\.?\s*$", re.IGNORECASE
)
_AND_AT_THE_END = re.compile(r"[;,]?\s*\band$")
_AND_ANOTHER = re.compile(r";\s*and\b[,;]?")


class Count(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How many aliases an entity states, and how many follow."""

    expected: int
    found: int


# `gc=False`: they hold no cycles, and there are thousands for the collector to look through.
class Entity(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What an entity cell says. `trouble` tells in plain words why it cannot be read.

    With `doubt` the name is certain, and aliases or addresses are as printed, not understood: it says why.
    `healed` names the rules of `slips` that were needed.
    """

    name: str
    aliases: tuple[Alias, ...] = ()
    addresses: tuple[str, ...] = ()
    counts: tuple[Count, ...] = ()
    trouble: str | None = None
    doubt: str | None = None
    healed: tuple[str, ...] = ()


def announces_aliases(text: str) -> bool:
    """Whether a text may announce aliases: most do not, and then none of the slow patterns is tried."""
    return "alias" in text or "ALIAS" in text or "Alias" in text


@lru_cache(maxsize=4096)  # The first line of a cell is asked for the name, and again for the list.
def list_after_name(line: str) -> re.Match[str] | None:
    """The name and the list that is announced behind it, on the same line."""
    return _LIST_AFTER_NAME.fullmatch(line)


def read_lists(name: str, lines: Sequence[str], first: int) -> Entity:
    """Reads the lines after the name. Lists may hold lists: an item belongs to the innermost not yet full."""
    read = _Lists()
    announcing = announces_aliases("\n".join(lines[1:]))
    for place, line in enumerate(lines):
        dashed = line[:1] in DASHES
        body = line[1:].lstrip() if dashed else line
        opening = None
        if (announcing or place == 0) and announces_aliases(line):
            opening = list_after_name(body) if dashed or place == first else _LIST_ALONE.fullmatch(body)
            if opening is None and _LIST_WITHIN.match(body):
                read.doubt(f"the aliases are not set apart: {line[:80]!r}")
        if dashed and not read.item(opening["name"] if opening else _item(body)):
            read.doubt(f"an alias stands outside of a list: {line[:80]!r}")
            dashed = False
        if opening and not read.open(opening):
            return Entity(name=name, trouble=f"the count of aliases is not understood: {opening['count']!r}")
        if not opening and not dashed:
            read.lines.append(body)
    return read.finished(name)


class _Lists:
    """The lists of aliases of one cell while they are being read; each is [stated count, count]."""

    def __init__(self) -> None:
        self.aliases: list[Alias] = []
        self.lines: list[str] = []
        self.opened: list[tuple[list[int | None], Literal["aka", "fka"]]] = []
        self.counts: list[list[int | None]] = []
        self.doubts: list[str] = []
        self.nameless = False

    def doubt(self, reason: str) -> None:
        """Notes what is stated as printed."""
        self.doubts.append(reason)

    def open(self, opening: re.Match[str]) -> bool:
        """Begins a list; False when its count is not understood."""
        stated = number(opening["count"]) if opening["count"] else None
        self.counts.append([stated, 0])
        self.opened.append((self.counts[-1], alias_kind(opening["kind"])))
        return stated is not None or not opening["count"]

    def item(self, alias: str) -> bool:
        """Adds an alias to the list it belongs to; False when no list is open."""
        while len(self.opened) > 1 and self.opened[-1][0][0] == self.opened[-1][0][1]:
            self.opened.pop()
        if not self.opened:
            return False
        count, kind = self.opened[-1]
        count[1] = (count[1] or 0) + 1
        self.aliases.append(Alias(name=alias, kind=kind))
        self.nameless = self.nameless or not alias
        return True

    def finished(self, name: str) -> Entity:
        """What the cell says."""
        addresses = split_addresses(self.lines)
        slips = self._slips(addresses) if _may_hold_aliases("\n".join(addresses)) else ()
        trouble = None
        if not name or self.nameless:
            trouble = "a name is empty"
        elif [None, 0] in self.counts:
            trouble = "a list of aliases is announced and none follows"
        return Entity(
            name=name,
            aliases=tuple(self.aliases),
            addresses=addresses,
            trouble=trouble,
            counts=tuple([Count(expected=stated, found=found or 0) for stated, found in self.counts if stated is not None]),
            doubt=self.doubts[0] if self.doubts else None,
            healed=() if self.doubts else slips,
        )

    def _slips(self, addresses: Sequence[str]) -> tuple[str, ...]:
        """The slips that put words of aliases into the addresses; a doubt where such words are left."""
        again = [_ANNOUNCED_AGAIN.match(address) for address in addresses]
        twice = any(found and [number(found["count"])] * 2 in self.counts for found in again)
        rest = [address[found.end() :] if found and twice else address for address, found in zip(addresses, again, strict=True)]
        bracket = IN_BRACKETS.match(addresses[0]) is not None
        rest[0] = IN_BRACKETS.sub("", rest[0])
        if any(map(_LOOKS_LIKE_ALIAS.search, rest)):
            self.doubt("aliases stand where an address is expected")
        return tuple(name for name, found in ((ANNOUNCED_TWICE, twice), (IN_THE_ADDRESS, bracket)) if found)


def _may_hold_aliases(text: str) -> bool:
    """Whether words of aliases may stand in addresses: most have none, and none of the slow patterns is tried."""
    if text.startswith("(") or announces_aliases(text) or _LETTERS_OF_ALIAS.search(text):
        return True
    return "nown as" in text or "nown As" in text or "NOWN AS" in text


def split_addresses(lines: Sequence[str]) -> tuple[str, ...]:
    """Splits "one; and another" and drops the notes "(See alternate address under France)"."""
    found = []
    for line in lines:
        noted = "see" in line.lower()
        line = _SEE_ALSO.sub("", line) if noted else line
        for piece in _AND_ANOTHER.split(line) if ";" in line else (line,):
            address = without_stop((_SEE_ALSO.sub("", piece) if noted else piece).strip(" ;,"))
            if address:
                found.append(address)
    return tuple(found)


def _item(text: str) -> str:
    """One alias of a list: `Spacety; and` -> `Spacety`."""
    text = text.strip()
    bare = _AND_AT_THE_END.sub("", text) if text.endswith("and") else text
    if bare.endswith((";", ",")):
        bare = bare[:-1]
    return bare.strip() if bare != text else without_stop(bare)


def alias_kind(text: str) -> Literal["aka", "fka"]:
    return "fka" if text.lower().startswith("f") else "aka"
