"""The table of an Entity List rule: rows of cells to entries.

As printed since 1997 in Supplement No. 4 to 15 CFR Part 744: country, entity, license requirement,
license review policy, Federal Register citation. Seen in 88 FR 12170: the header is an ordinary row, rows of
asterisks stand for unchanged entries, a country stands in a row of its own, and a long entity goes on in
the next row, whose other cells are empty.
"""

import re
from collections.abc import Sequence

import msgspec

from events.names import normalise
from events.statements import Alias
from tracker.readers.register_xml import Block, Cell

COUNTRY, ENTITY, REQUIREMENT, POLICY, CITATION = range(5)

NUMBERS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
TENS = {word: 10 * number for number, word in enumerate(
    "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
)}

_SUPERSCRIPTS = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_FROM_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_DASH = re.compile(r"^[—–―‒-]\s*")
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


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a table, with the rows that continue it; the span is that of its entity cell."""

    destination: str | None
    lines: tuple[str, ...]
    requirement: str | None
    policy: str | None
    citation: str
    footnotes: tuple[str, ...]
    start: int
    end: int


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """The entries of one table, in order, and every destination heading printed in it."""

    entries: tuple[Entry, ...]
    destinations: tuple[str, ...]


def read_table(rows: Sequence[Block]) -> Table:
    """Reads the rows of one table into entries."""
    entries: list[Entry] = []
    destinations: list[str] = []
    for row in rows:
        cells = {cell.column: cell for cell in row.cells if not _is_stars(cell)}
        if not cells or _is_header(cells):
            continue
        if COUNTRY in cells:
            heading = re.sub(r"\s*[—–-]\s*continued\.?$", "", " ".join(cells[COUNTRY].lines), flags=re.IGNORECASE)
            destinations.append(heading)
        if set(cells) <= {COUNTRY}:
            continue
        if entries and COUNTRY not in cells and _continues(cells):
            entries[-1] = _joined(entries[-1], cells)
            continue
        entries.append(_entry(cells, destinations[-1] if destinations else None, row))
    return Table(entries=tuple(entries), destinations=tuple(dict.fromkeys(destinations)))


def read_entity(lines: Sequence[str], name: str | None = None) -> Entity:
    """Reads an entity cell: name, aliases, addresses.

    `name` is how the instructions call it; it tells where the name ends in "Name, 5 High Street, Town".
    """
    lines = [_without_marks(line) for line in lines]
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
        if len(names) != 1 and ";" not in bracket["names"] or re.search(r",| and ", names[-1]):
            return Entity(name=printed, trouble=f"the aliases in brackets cannot be told apart: {bracket['names'][:80]!r}")
        aliases += (Alias(name=item, kind=_kind(bracket["kind"])) for item in names)
        rest = rest[bracket.end() :].lstrip(" ,.;")
    entity = _read_lists(printed, [rest, *lines[1:]] if rest else lines[1:], first=-1)
    return msgspec.structs.replace(entity, aliases=(*aliases, *entity.aliases))


def name_with_aliases(lines: Sequence[str]) -> str | None:
    """The name where the cell sets it apart from the rest: "Name, a.k.a., the following two aliases:"."""
    found = _LIST_AFTER_NAME.fullmatch(_without_marks(lines[0]))
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
        dashed = _DASH.match(line)
        body = line[dashed.end() :] if dashed else line
        opening = (_LIST_AFTER_NAME if dashed or place == first else _LIST_ALONE).fullmatch(body)
        inner = None if opening else _LIST_WITHIN.match(body)
        if inner:
            return Entity(name=name, trouble=f"the aliases are not set apart: {line[:80]!r}")
        if dashed:
            while len(open_lists) > 1 and open_lists[-1][0] == open_lists[-1][1]:
                open_lists.pop(), kinds.pop()
            if not open_lists:
                return Entity(name=name, trouble=f"an alias stands outside of a list: {line[:80]!r}")
            open_lists[-1][1] = (open_lists[-1][1] or 0) + 1
            alias = opening["name"] if opening else _item(body)
            aliases.append(Alias(name=alias, kind=_kind(kinds[-1])))
        if opening:
            stated = [number(opening["count"]) if opening["count"] else None, 0]
            if opening["count"] and stated[0] is None:
                return Entity(name=name, trouble=f"the count of aliases is not understood: {opening['count']!r}")
            open_lists.append(stated), counts.append(stated), kinds.append(opening["kind"])
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


def _kind(text: str) -> str:
    return "fka" if text.lower().startswith("f") else "aka"


def _without_marks(text: str) -> str:
    return " ".join(_SUPERSCRIPTS.sub("", text).split())


def _is_stars(cell: Cell) -> bool:
    return all(set(line) <= set("* ") for line in cell.lines)


def _is_header(cells: dict[int, Cell]) -> bool:
    words = normalise(" ".join(line for cell in cells.values() for line in cell.lines))
    return words.startswith("country entity") or words == "country"


def _continues(cells: dict[int, Cell]) -> bool:
    """A row with an entity cell alone, or with none, goes on with the entry above."""
    return ENTITY not in cells or set(cells) == {ENTITY}


def _entry(cells: dict[int, Cell], destination: str | None, row: Block) -> Entry:
    entity = cells.get(ENTITY)
    texts = {column: " ".join(cell.lines) for column, cell in cells.items()}
    marks = dict.fromkeys(
        digits.translate(_FROM_SUPERSCRIPT)
        for column in (ENTITY, REQUIREMENT, POLICY)
        for digits in _SUPERSCRIPTS.findall(texts.get(column, ""))
    )
    return Entry(
        destination=destination,
        lines=entity.lines if entity else ("",),
        requirement=_without_marks(texts.get(REQUIREMENT, "")) or None,
        policy=_without_marks(texts.get(POLICY, "")) or None,
        citation=texts.get(CITATION, ""),
        footnotes=tuple(marks),
        start=entity.start if entity else row.start,
        end=entity.end if entity else row.end,
    )


def _joined(above: Entry, cells: dict[int, Cell]) -> Entry:
    """An entry with what a continuation row adds to it. An unfinished last line goes on in the new one."""
    rest = _entry(cells, above.destination, Block(path=(), text="", start=above.start, end=above.end))
    lines = above.lines
    if ENTITY in cells:
        unfinished = not re.search(r"(?:[.;:,)]|\band)$", lines[-1]) and not _DASH.match(rest.lines[0])
        joint = (f"{lines[-1]} {rest.lines[0]}",) if unfinished else (lines[-1], rest.lines[0])
        lines = (*lines[:-1], *joint, *rest.lines[1:])
    return msgspec.structs.replace(
        above,
        lines=lines,
        requirement=" ".join(filter(None, (above.requirement, rest.requirement))) or None,
        policy=" ".join(filter(None, (above.policy, rest.policy))) or None,
        citation=" ".join(filter(None, (above.citation, rest.citation))),
        footnotes=tuple(dict.fromkeys((*above.footnotes, *rest.footnotes))),
    )
