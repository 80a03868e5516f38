"""One entity cell of the Entity List: name, aliases, addresses.

As printed: "Name, a.k.a., the following two aliases:", each alias behind a dash on a line of its own, then
the addresses; or "Name, address." on one line, where only the instruction tells where the name ends.
"""

import re
from collections.abc import Sequence
from typing import Literal

import msgspec

from events.names import normalise
from events.statements import Alias

SUPERSCRIPTS = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
DASH = re.compile(r"^[—–―‒-]\s*")
NUMBERS = {
    word: number
    for number, word in enumerate(
        [
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
            "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
        ]
    )
}
TENS = {word: 10 * number for number, word in enumerate(
    ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
)}

_KIND = r"(?P<kind>[af]\.?\s?k\.?\s?a\.?|also known as|formerly known as)"
_LIST = rf"{_KIND},?\s+the\s+following\s+(?:(?P<count>[\w-]+)\s+)?alias(?:es)?\s*:?"
_LIST_AFTER_NAME = re.compile(rf"(?P<name>.+?),?\s+\(?{_LIST}", re.IGNORECASE)
_LIST_ALONE = re.compile(rf"(?:and\s+)?{_LIST}", re.IGNORECASE)
_LIST_WITHIN = re.compile(rf"(?P<name>.+?),\s+{_LIST}", re.IGNORECASE)
_IN_BRACKETS = re.compile(rf"^\s*\(\s*{_KIND},?\s+(?P<names>[^()]*)\)", re.IGNORECASE)
_LOOKS_LIKE_ALIAS = re.compile(r"\b[afd]\.?[kb]\.?a\b|\balias(?:es)?\b|(?:also|formerly) known as", re.IGNORECASE)
_SEE_ALSO = re.compile(
    r"[;,]?\s*\(?\s*See\s+(?:also\s+)?alternate\s+address(?:es)?\s+under\s+[^()]*\)?\.?\s*$", re.IGNORECASE
)
# Words whose full stop belongs to them, also at the end of a sentence.
_ABBREVIATION = re.compile(
    r"(?:\b(?:Co|Ltd|Inc|Corp|Bhd|Sti|Pte|Pvt|Pty|Jr|Sr|St|No|Intl|Mfg|Bros|Est|Tic|San|As|Cie|Dept|Inst|Univ)"
    r"|\b\w(?:\.\w+)+)\.$",
    re.IGNORECASE,
)


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """How many aliases an entity states, and how many follow."""

    expected: int
    found: int


class Entity(msgspec.Struct, frozen=True, kw_only=True):
    """What an entity cell says. `trouble` tells in plain words what was not understood."""

    name: str
    aliases: tuple[Alias, ...] = ()
    addresses: tuple[str, ...] = ()
    counts: tuple[Count, ...] = ()
    trouble: str | None = None


def read_entity(lines: Sequence[str], name: str | None = None) -> Entity:
    """Reads an entity cell: name, aliases, addresses.

    `name` is how the instructions call it; it tells where the name ends in "Name, 5 High Street, Town".
    """
    lines = [without_marks(line) for line in lines]
    head = name_with_aliases(lines)
    if head is not None:
        return _read_lists(head, lines, first=0)
    if name is None:
        return Entity(name=lines[0], trouble="where the name ends and the address begins is not printed apart")
    end = name_end(lines[0], name)
    if end is None:
        return Entity(name=name, trouble="the row begins with another name than the instruction gives")
    printed, rest = lines[0][:end].strip(), lines[0][end:].lstrip(" ,.;")
    aliases: list[Alias] = []
    while bracket := _IN_BRACKETS.match(rest):
        names = [without_stop(item) for item in _items(bracket["names"])]
        if not names or re.search(r" and " if "; and" in bracket["names"] else r",| and ", names[-1]):
            return Entity(name=printed, trouble=f"the aliases in brackets cannot be told apart: {bracket['names'][:80]!r}")
        aliases += (Alias(name=item, kind=_kind(bracket["kind"])) for item in names)
        rest = rest[bracket.end() :].lstrip(" ,.;")
    entity = _read_lists(printed, [rest, *lines[1:]] if rest else lines[1:], first=-1)
    return msgspec.structs.replace(entity, aliases=(*aliases, *entity.aliases))


def name_with_aliases(lines: Sequence[str]) -> str | None:
    """The name where the cell sets it apart from the rest: "Name, a.k.a., the following two aliases:"."""
    found = _LIST_AFTER_NAME.fullmatch(without_marks(lines[0]))
    return found["name"].strip() if found else None


def name_end(text: str, name: str) -> int | None:
    """Where a name ends in a text that begins with it, punctuation and case aside; None if it does not."""
    wanted = normalise(name).replace(" ", "")
    at = 0
    for end, letter in enumerate(text):
        folded = normalise(letter)
        if not folded:
            continue
        if not wanted.startswith(folded, at):
            return None
        at += len(folded)
        if at == len(wanted):
            return _at_boundary(text, end + 1, stop=name.rstrip().endswith("."))
    return None


def _at_boundary(text: str, end: int, *, stop: bool) -> int | None:
    """The name must be followed by a mark or nothing; a full stop and closing marks may be the name's own."""
    closing = re.match(r"(?:\.?[”’'\")])*", text[end:])
    end += closing.end() if closing else 0
    rest = text[end:]
    if rest.startswith(".") and (re.match(r"\.\s*[,;(]", rest) or (stop and _ABBREVIATION.search(text[: end + 1]))):
        return end + 1
    return end if _IN_BRACKETS.match(rest) or re.match(r"\s*(?:[,;:]|\.(?:\s|$)|$)", rest) else None


def _read_lists(name: str, lines: Sequence[str], first: int) -> Entity:
    """Reads the lines after the name. Lists may hold lists: an item belongs to the innermost not yet full."""
    open_lists: list[list[int | None]] = []
    counts: list[list[int | None]] = []
    kinds: list[str] = []
    aliases: list[Alias] = []
    addresses: list[str] = []
    for place, line in enumerate(lines):
        dashed = DASH.match(line)
        body = line[dashed.end() :] if dashed else line
        opening = (_LIST_AFTER_NAME if dashed or place == first else _LIST_ALONE).fullmatch(body)
        inner = None if opening else _LIST_WITHIN.match(body)
        if inner:
            return Entity(name=name, trouble=f"the aliases are not set apart: {line[:80]!r}")
        if dashed:
            while len(open_lists) > 1 and open_lists[-1][0] == open_lists[-1][1]:
                open_lists.pop()
                kinds.pop()
            if not open_lists:
                return Entity(name=name, trouble=f"an alias stands outside of a list: {line[:80]!r}")
            open_lists[-1][1] = (open_lists[-1][1] or 0) + 1
            alias = opening["name"] if opening else _item(body)
            aliases.append(Alias(name=alias, kind=_kind(kinds[-1])))
        if opening:
            stated = [number(opening["count"]) if opening["count"] else None, 0]
            if opening["count"] and stated[0] is None:
                return Entity(name=name, trouble=f"the count of aliases is not understood: {opening['count']!r}")
            open_lists.append(stated)
            counts.append(stated)
            kinds.append(opening["kind"])
        elif not dashed:
            addresses.append(body)
    return _finished(name, aliases, addresses, counts)


def _finished(
    name: str, aliases: list[Alias], lines: list[str], counts: list[list[int | None]]
) -> Entity:
    addresses = split_addresses(lines)
    trouble = None
    if any(_LOOKS_LIKE_ALIAS.search(address) for address in addresses):
        trouble = "aliases stand where an address is expected"
    elif any(not alias.name for alias in aliases) or not name:
        trouble = "a name is empty"
    stated = tuple(Count(expected=c[0], found=c[1] or 0) for c in counts if c[0] is not None)
    if any(count == [None, 0] for count in counts):
        trouble = trouble or "a list of aliases is announced and none follows"
    return Entity(name=name, aliases=tuple(aliases), addresses=addresses, counts=stated, trouble=trouble)


def split_addresses(lines: Sequence[str]) -> tuple[str, ...]:
    """Splits "one; and another" and drops the notes "(See alternate address under France)"."""
    found = []
    for line in lines:
        for piece in re.split(r";\s*and\b[,;]?", _SEE_ALSO.sub("", line)):
            address = without_stop(_SEE_ALSO.sub("", piece).strip(" ;,"))
            if address:
                found.append(address)
    return tuple(found)


def number(text: str) -> int | None:
    """A number in digits or English words up to ninety-nine: 13, 1,106, thirteen, twenty-eight."""
    text = text.strip().lower().replace(",", "")
    if text.isascii() and text.isdigit():
        return int(text[:9])
    tens, _, units = text.partition("-")
    if not units:
        return NUMBERS.get(text, TENS.get(text))
    unit = NUMBERS.get(units, 0)
    return TENS[tens] + unit if tens in TENS and 1 <= unit <= 9 else None


def without_stop(text: str) -> str:
    """Takes the sentence's full stop off, unless it is an abbreviation's: "Pinnacle Co., Ltd." keeps it."""
    text = text.strip()
    return text[:-1].rstrip() if text.endswith(".") and not _ABBREVIATION.search(text) else text


def _item(text: str) -> str:
    """One alias of a list: `Spacety; and` -> `Spacety`."""
    bare = re.sub(r"[;,]?\s*\band$", "", text.strip())
    bare = re.sub(r"[;,]\s*$", "", bare)
    return bare.strip() if bare != text.strip() else without_stop(bare)


def _items(text: str) -> list[str]:
    parts = (re.sub(r"^and\s+", "", part.strip()) for part in text.split(";"))
    return [part.strip("“”\" ,") for part in parts if part.strip("“”\" ,")]


def _kind(text: str) -> Literal["aka", "fka"]:
    return "fka" if text.lower().startswith("f") else "aka"


def without_marks(text: str) -> str:
    """Takes footnote marks off."""
    return " ".join(SUPERSCRIPTS.sub("", text).split())
