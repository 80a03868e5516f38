"""One entity cell of the Entity List: name, aliases, addresses.

As printed: "Name, a.k.a., the following two aliases:", each alias behind a dash on a line of its own, then
the addresses; or "Name, address." on one line, where only the instruction tells where the name ends.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from events.names import normalise
from events.statements import Alias
from tracker.readers.alias_lists import (
    ANNOUNCED_TWICE,
    IN_BRACKETS,
    IN_THE_ADDRESS,
    KIND,
    Entity,
    alias_kind,
    announces_aliases,
    list_after_name,
    read_lists,
    split_addresses,
)
from tracker.readers.cell_text import DASHES, SUPERSCRIPTS, is_abbreviated, number, unmarked, without_marks, without_stop

__all__ = [
    "ANNOUNCED_TWICE",
    "DASHES",
    "IN_THE_ADDRESS",
    "SUPERSCRIPTS",
    "Entity",
    "likely_name",
    "name_end",
    "name_with_aliases",
    "number",
    "read_entity",
    "split_addresses",
    "unmarked",
    "without_marks",
    "without_stop",
]

_ANY_ALIASES = re.compile(rf",?\s*\(?\b{KIND.replace('?P<kind>', '?:')}(?![a-z])", re.IGNORECASE)
_LEGAL_FORM = re.compile(
    r"(?:(?:(?:Pte|Pvt|Pty|Co|Sdn|Private|Company|and|San|Tic|ve)\.?\s*)*"
    r"(?:Ltd|Limited|Inc|Incorporated|Corp|Corporation|Co|Company|LLC|L\.L\.C|LLP|LP|L\.P|PLC|GmbH|AG|KG|NV|N\.V|BV|B\.V"
    r"|SA|S\.A|SARL|S\.A\.R\.L|SpA|S\.p\.A|SRL|S\.r\.l|OOO|OAO|ZAO|PAO|AO|JSC|PJSC|FZE|FZCO|FZ-?LLC|Bhd|A\.S|AS|Sti|Kft|s\.r\.o|OY|AB)\.?)",
    re.IGNORECASE,
)
_MARKS = frozenset(",;:")
_CLOSING_MARKS = re.compile(r"(?:\.?[”’'\")])*")
_STOP_BEFORE_A_MARK = re.compile(r"\.\s*[,;(]")
_MARK_OR_NOTHING = re.compile(r"\s*(?:[,;:]|\.(?:\s|$)|$)")


def read_entity(lines: Sequence[str], name: str | None = None) -> Entity:
    """Reads an entity cell: name, aliases, addresses.

    `name` is how the instructions call it; it tells where the name ends in "Name, 5 High Street, Town".
    """
    return _read_entity(tuple(lines), name)


# A rule that changes an address prints the whole entry again: the same cell stands in one rule after another.
@lru_cache(maxsize=8192)
def _read_entity(cell: tuple[str, ...], name: str | None) -> Entity:
    lines, _ = unmarked(cell)
    head = name_with_aliases(lines)
    if head is not None:
        return read_lists(head, lines, first=0)
    if name is None:
        return Entity(name=lines[0], trouble="where the name ends and the address begins is not printed apart")
    end = name_end(lines[0], name)
    if end is None:
        return Entity(name=name, trouble="the row begins with another name than the instruction gives")
    printed, rest = lines[0][:end].strip(), lines[0][end:].lstrip(" ,.;")
    aliases: list[Alias] = []
    doubt = None
    # Behind a comma, brackets belong to what follows: to the address, as it seems.
    apart = lines[0][end:].lstrip().startswith(",")
    while not apart and (bracket := IN_BRACKETS.match(rest)):
        names = [without_stop(item) for item in _items(bracket["names"])]
        if not names or re.search(r" and " if "; and" in bracket["names"] else r",| and ", names[-1]):
            doubt = f"the aliases in brackets cannot be told apart: {bracket['names'][:80]!r}"
            break
        aliases += (Alias(name=item, kind=alias_kind(bracket["kind"])) for item in names)
        rest = rest[bracket.end() :].lstrip(" ,.;")
    entity = read_lists(printed, [rest, *lines[1:]] if rest else lines[1:], first=-1)
    if not aliases and doubt is None:
        return entity
    return msgspec.structs.replace(
        entity, aliases=(*aliases, *entity.aliases), doubt=doubt or entity.doubt, healed=() if doubt else entity.healed
    )


def likely_name(lines: Sequence[str]) -> str | None:
    """The best reading of a name that nothing sets apart: up to the first comma behind which no legal form stands."""
    line = _ANY_ALIASES.split(without_marks(lines[0]), maxsplit=1)[0]
    first, *pieces = re.split(r",\s+|;", line)
    name = first.strip()
    for piece in pieces:
        if not _LEGAL_FORM.fullmatch(piece.strip()):
            break
        name = f"{name}, {piece.strip()}"
    return without_stop(name) or None


def name_with_aliases(lines: Sequence[str]) -> str | None:
    """The name where the cell sets it apart from the rest: "Name, a.k.a., the following two aliases:"."""
    return _name_apart(lines[0])


@lru_cache(maxsize=16384)
def _name_apart(line: str) -> str | None:
    found = list_after_name(without_marks(line)) if announces_aliases(line) else None
    return found["name"].strip() if found else None


@lru_cache(maxsize=8192)
def name_end(text: str, name: str) -> int | None:
    """Where a name ends in a text that begins with it, punctuation and case aside; None if it does not."""
    stop = name.rstrip().endswith(".")
    if text.startswith(name):
        end = len(name)
        while end and not _folded(name[end - 1]):
            end -= 1
        return _at_boundary(text, end, stop=stop) if end else None
    wanted = normalise(name).replace(" ", "")
    at = 0
    for end, letter in enumerate(text):
        folded = _folded(letter)
        if not folded:
            continue
        if not wanted.startswith(folded, at):
            return None
        at += len(folded)
        if at == len(wanted):
            found = _at_boundary(text, end + 1, stop=stop)
            # "Name (a.k.a., Other" is not all of "Name (a.k.a., Other)", whatever follows the comma.
            return found if found is None or _open_brackets(text[:found]) == _open_brackets(name) else None
    return None


def _open_brackets(text: str) -> int:
    return text.count("(") - text.count(")")


@lru_cache(maxsize=4096)
def _folded(letter: str) -> str:
    return normalise(letter)


def _at_boundary(text: str, end: int, *, stop: bool) -> int | None:
    """The name must be followed by a mark or nothing; a full stop and closing marks may be the name's own."""
    if text[end : end + 1] in _MARKS:
        return end
    closing = _CLOSING_MARKS.match(text, end)
    end = closing.end() if closing else end
    rest = text[end:]
    if rest.startswith(".") and (_STOP_BEFORE_A_MARK.match(rest) or (stop and is_abbreviated(text[: end + 1]))):
        return end + 1
    return end if _MARK_OR_NOTHING.match(rest) or IN_BRACKETS.match(rest) else None


def _items(text: str) -> list[str]:
    parts = (re.sub(r"^and\s+", "", part.strip()) for part in text.split(";"))
    return [part.strip('“”" ,') for part in parts if part.strip('“”" ,')]
