"""Where archived texts mention a name, whole and however it is spelt: case, width, accents' composition, marks.

A text is folded as names are (`events.names.normalise`) but keeps its length, so that a place in the
folded text is the place in the archived one. Most texts are done with after a search for each word.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

import msgspec

from events.names import normalise

AROUND: Final = 160
"""Characters that a quote has at most on either side of the name."""
_APOSTROPHES: Final = "'’‘`´"
_BETWEEN: Final = rf"[{_APOSTROPHES}]*"
_UNSPACED: Final = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x10FFFF))
"""Scripts that set no spaces between words (Thai, Chinese and others), or hang endings on names (Korean)."""


class Mentions(msgspec.Struct, frozen=True, kw_only=True):
    """How often a text has a name, where it has it first, and the words around that."""

    count: int
    found: str
    quote: str
    start: int
    end: int


class Searched:
    """Names, ready to be looked for in many texts."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(dict.fromkeys(folded for name in names if (folded := normalise(name))))
        self._words = [name.split() for name in self.names]
        self._expression = re.compile("|".join(map(_expression, self._words)) or r"(?!)")

    def mentions(self, text: str) -> Mentions | None:
        """The mentions of any of the names in a text; None where there is none."""
        folded = _folded(text)
        bare = folded
        for mark in _APOSTROPHES:
            bare = bare.replace(mark, "")
        if not any(all(word in bare for word in words) for words in self._words):
            return None
        found = [match.span() for match in self._expression.finditer(folded)]
        if not found:
            return None
        start, end = found[0]
        if len(folded) != len(text) or normalise(text[start:end]) not in self.names:
            # Folding made the text longer or shorter here and there: the places are looked up.
            folded, places = _folded_with_places(text)
            match = self._expression.search(folded)
            start, end = (places[match.start()], places[match.end()]) if match else (start, end)
        low, high = _around(text, start, end)
        return Mentions(count=len(found), found=text[start:end], quote=text[low:high], start=low, end=high)

    def fits(self, name: str | None) -> bool:
        """Whether a name has the words of one of the names in a row."""
        within = f" {normalise(name or '')} "
        return any(f" {one} " in within for one in self.names)


def _folded(text: str) -> str:
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold()


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """The text folded piece by piece, a letter with its accents, and where each folded character comes from."""
    pieces: list[str] = []
    places: list[int] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and unicodedata.combining(text[end]):
            continue
        piece = _folded(text[start:end])
        pieces.append(piece)
        places += [start] * len(piece)
        start = end
    return "".join(pieces), [*places, len(text)]


def _expression(words: list[str]) -> str:
    """Words in a row, with any marks between them; apostrophes may stand inside a word."""
    spelt = r"[\W_]+".join(_BETWEEN.join(map(re.escape, word)) for word in words)
    before = "" if _is_unspaced(words[0][0]) else r"(?<!\w)"
    after = "" if _is_unspaced(words[-1][-1]) else r"(?!\w)"
    return before + spelt + after


def _is_unspaced(letter: str) -> bool:
    return any(low <= ord(letter) <= high for low, high in _UNSPACED)


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """The line around a place, or so much of it that it can be read; cut at words."""
    low = text.rfind("\n", 0, start) + 1
    high = text.find("\n", end)
    high = len(text) if high < 0 else high
    if start - low > AROUND:
        cut = text.find(" ", start - AROUND, start)
        low = cut + 1 if cut >= 0 else start - AROUND
    if high - end > AROUND:
        cut = text.rfind(" ", end, end + AROUND)
        high = cut if cut > end else end + AROUND
    return low, high
