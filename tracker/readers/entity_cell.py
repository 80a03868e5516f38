"""One entity cell of the Entity List: name, aliases, addresses.

As printed: "Name, a.k.a., the following two aliases:", each alias behind a dash on a line of its own, then
the addresses; or "Name, address." on one line, where only the instruction tells where the name ends.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from events.names import normalise
from events.statements import Alias

ANNOUNCED_TWICE = "aliases announced twice"
"""The name of the slip (see `slips`): the words that announce the aliases stand again before the addresses."""

IN_THE_ADDRESS = "aliases in the address"
"""The name of the slip: aliases in brackets stand behind a comma, at the head of an address, and stay in it."""

SUPERSCRIPTS = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
DASH = re.compile(r"^[—–―‒-]\s*")
NUMBERS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
TENS = {
    word: 10 * number
    for number, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2)
}

_KIND = r"(?P<kind>[af]\.?\s?k\.?\s?a\.?|also known as|formerly known as)"
_LIST = rf"{_KIND},?\s+the\s+following\s+(?:(?P<count>[\w-]+)\s+)?alias(?:es)?\s*:?"
_LIST_AFTER_NAME = re.compile(rf"(?P<name>.+?),?\s+\(?{_LIST}", re.IGNORECASE)
_LIST_ALONE = re.compile(rf"(?:and\s+)?{_LIST}", re.IGNORECASE)
_LIST_WITHIN = re.compile(rf"(?P<name>.+?),\s+{_LIST}", re.IGNORECASE)
_IN_BRACKETS = re.compile(rf"^\s*\(\s*{_KIND},?\s+(?P<names>[^()]*)\)", re.IGNORECASE)
_ANNOUNCED_AGAIN = re.compile(
    rf"(?:and\s+)?(?:{_KIND},?\s+)?the\s+following\s+(?P<count>[\w-]+)\s+alias(?:es)?\s*:\s*", re.IGNORECASE
)
_LOOKS_LIKE_ALIAS = re.compile(r"\b[afd]\.?[kb]\.?a\b|\balias(?:es)?\b|(?:also|formerly) known as", re.IGNORECASE)
# Without the borders of words it is found fast, by its first letter; most addresses have none of it.
_LETTERS_OF_ALIAS = re.compile(r"[AaFfDd]\.?[KkBb]\.?[Aa]")
_SEE_ALSO = re.compile(
    r"[;,]?\s*\(?\s*See\s+(?:also\s+)?(?:alternate\s+)?address(?:es)?\s+under\s+[^()]*\)?\.?\s*$", re.IGNORECASE
)
_ANY_ALIASES = re.compile(rf",?\s*\(?\b{_KIND.replace('?P<kind>', '?:')}(?![a-z])", re.IGNORECASE)
_LEGAL_FORM = re.compile(
    r"(?:(?:(?:Pte|Pvt|Pty|Co|Sdn|Private|Company|and|San|Tic|ve)\.?\s*)*"
    r"(?:Ltd|Limited|Inc|Incorporated|Corp|Corporation|Co|Company|LLC|L\.L\.C|LLP|LP|L\.P|PLC|GmbH|AG|KG|NV|N\.V|BV|B\.V"
    r"|SA|S\.A|SARL|S\.A\.R\.L|SpA|S\.p\.A|SRL|S\.r\.l|OOO|OAO|ZAO|PAO|AO|JSC|PJSC|FZE|FZCO|FZ-?LLC|Bhd|A\.S|AS|Sti|Kft|s\.r\.o|OY|AB)\.?)",
    re.IGNORECASE,
)
_CLOSING_MARKS = re.compile(r"(?:\.?[”’'\")])*")
_STOP_BEFORE_A_MARK = re.compile(r"\.\s*[,;(]")
_MARK_OR_NOTHING = re.compile(r"\s*(?:[,;:]|\.(?:\s|$)|$)")
_AND_AT_THE_END = re.compile(r"[;,]?\s*\band$")
_AND_ANOTHER = re.compile(r";\s*and\b[,;]?")
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
    doubt = None
    # Behind a comma, brackets belong to what follows: to the address, as it seems.
    apart = lines[0][end:].lstrip().startswith(",")
    while (bracket := _IN_BRACKETS.match(rest)) and not apart:
        names = [without_stop(item) for item in _items(bracket["names"])]
        if not names or re.search(r" and " if "; and" in bracket["names"] else r",| and ", names[-1]):
            doubt = f"the aliases in brackets cannot be told apart: {bracket['names'][:80]!r}"
            break
        aliases += (Alias(name=item, kind=_kind(bracket["kind"])) for item in names)
        rest = rest[bracket.end() :].lstrip(" ,.;")
    entity = _read_lists(printed, [rest, *lines[1:]] if rest else lines[1:], first=-1)
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
    found = _LIST_AFTER_NAME.fullmatch(without_marks(line)) if _announces_aliases(line) else None
    return found["name"].strip() if found else None


def _announces_aliases(text: str) -> bool:
    """Whether a text may announce aliases: most do not, and then none of the slow patterns is tried."""
    return "alias" in text.lower()


def name_end(text: str, name: str) -> int | None:
    """Where a name ends in a text that begins with it, punctuation and case aside; None if it does not."""
    stop = name.rstrip().endswith(".")
    if text.startswith(name):
        last = next((end for end in range(len(name) - 1, -1, -1) if _folded(name[end])), None)
        return None if last is None else _at_boundary(text, last + 1, stop=stop)
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
            return _at_boundary(text, end + 1, stop=stop)
    return None


@lru_cache(maxsize=4096)
def _folded(letter: str) -> str:
    return normalise(letter)


def _at_boundary(text: str, end: int, *, stop: bool) -> int | None:
    """The name must be followed by a mark or nothing; a full stop and closing marks may be the name's own."""
    closing = _CLOSING_MARKS.match(text, end)
    end = closing.end() if closing else end
    rest = text[end:]
    if rest.startswith(".") and (_STOP_BEFORE_A_MARK.match(rest) or (stop and _is_abbreviated(text[: end + 1]))):
        return end + 1
    return end if _MARK_OR_NOTHING.match(rest) or _IN_BRACKETS.match(rest) else None


def _read_lists(name: str, lines: Sequence[str], first: int) -> Entity:
    """Reads the lines after the name. Lists may hold lists: an item belongs to the innermost not yet full."""
    read = _Lists()
    for place, line in enumerate(lines):
        dashed = DASH.match(line)
        body = line[dashed.end() :] if dashed else line
        announces = _announces_aliases(line)
        opening = (_LIST_AFTER_NAME if dashed or place == first else _LIST_ALONE).fullmatch(body) if announces else None
        if announces and opening is None and _LIST_WITHIN.match(body):
            read.doubt(f"the aliases are not set apart: {line[:80]!r}")
        if dashed and not read.item(opening["name"] if opening else _item(body)):
            read.doubt(f"an alias stands outside of a list: {line[:80]!r}")
            dashed = None
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
        self.opened: list[tuple[list[int | None], str]] = []
        self.counts: list[list[int | None]] = []
        self.doubts: list[str] = []

    def doubt(self, reason: str) -> None:
        """Notes what is stated as printed."""
        self.doubts.append(reason)

    def open(self, opening: re.Match[str]) -> bool:
        """Begins a list; False when its count is not understood."""
        stated = number(opening["count"]) if opening["count"] else None
        self.counts.append([stated, 0])
        self.opened.append((self.counts[-1], opening["kind"]))
        return stated is not None or not opening["count"]

    def item(self, alias: str) -> bool:
        """Adds an alias to the list it belongs to; False when no list is open."""
        while len(self.opened) > 1 and self.opened[-1][0][0] == self.opened[-1][0][1]:
            self.opened.pop()
        if not self.opened:
            return False
        count, kind = self.opened[-1]
        count[1] = (count[1] or 0) + 1
        self.aliases.append(Alias(name=alias, kind=_kind(kind)))
        return True

    def finished(self, name: str) -> Entity:
        """What the cell says."""
        addresses = split_addresses(self.lines)
        rest = list(addresses)
        twice = False
        if any(map(_announces_aliases, addresses)):
            again = [_ANNOUNCED_AGAIN.match(address) for address in addresses]
            twice = any(found and [number(found["count"])] * 2 in self.counts for found in again)
            rest = [
                address[found.end() :] if found and twice else address for address, found in zip(addresses, again, strict=True)
            ]
        bracket = bool(addresses) and _IN_BRACKETS.match(addresses[0]) is not None
        rest[:1] = [_IN_BRACKETS.sub("", address) for address in rest[:1]]
        if any(map(_looks_like_alias, rest)):
            self.doubt("aliases stand where an address is expected")
        slips = ((ANNOUNCED_TWICE, twice), (IN_THE_ADDRESS, bracket))
        trouble = "a name is empty" if any(not alias.name for alias in self.aliases) or not name else None
        if [None, 0] in self.counts:
            trouble = trouble or "a list of aliases is announced and none follows"
        return Entity(
            name=name,
            aliases=tuple(self.aliases),
            addresses=addresses,
            trouble=trouble,
            counts=tuple(Count(expected=stated, found=found or 0) for stated, found in self.counts if stated is not None),
            doubt=next(iter(self.doubts), None),
            healed=tuple(name for name, found in slips if found and not self.doubts),
        )


def _looks_like_alias(text: str) -> bool:
    lower = text.lower()
    maybe = "alias" in lower or "known as" in lower or _LETTERS_OF_ALIAS.search(text)
    return bool(maybe) and _LOOKS_LIKE_ALIAS.search(text) is not None


def split_addresses(lines: Sequence[str]) -> tuple[str, ...]:
    """Splits "one; and another" and drops the notes "(See alternate address under France)"."""
    found = []
    for line in lines:
        line = _without_note(line)
        for piece in _AND_ANOTHER.split(line) if ";" in line else (line,):
            address = without_stop(_without_note(piece).strip(" ;,"))
            if address:
                found.append(address)
    return tuple(found)


def _without_note(text: str) -> str:
    return _SEE_ALSO.sub("", text) if "see" in text.lower() else text


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
    return text[:-1].rstrip() if text.endswith(".") and not _is_abbreviated(text) else text


def _is_abbreviated(text: str) -> bool:
    """Whether the full stop at the end of a text belongs to its last word."""
    return _ABBREVIATION.search(text.rsplit(maxsplit=1)[-1]) is not None


def _item(text: str) -> str:
    """One alias of a list: `Spacety; and` -> `Spacety`."""
    text = text.strip()
    bare = _AND_AT_THE_END.sub("", text) if text.endswith("and") else text
    if bare.endswith((";", ",")):
        bare = bare[:-1]
    return bare.strip() if bare != text else without_stop(bare)


def _items(text: str) -> list[str]:
    parts = (re.sub(r"^and\s+", "", part.strip()) for part in text.split(";"))
    return [part.strip('“”" ,') for part in parts if part.strip('“”" ,')]


def _kind(text: str) -> Literal["aka", "fka"]:
    return "fka" if text.lower().startswith("f") else "aka"


def without_marks(text: str) -> str:
    """Takes footnote marks off."""
    return text if text.isascii() or not SUPERSCRIPTS.search(text) else " ".join(SUPERSCRIPTS.sub("", text).split())
