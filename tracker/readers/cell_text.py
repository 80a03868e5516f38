"""Pieces of the text of a cell: numbers in words, footnote marks, and the full stop that ends a sentence or a word."""

import re
from functools import lru_cache

SUPERSCRIPTS = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_FROM_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
DASHES = frozenset("—–―‒-")
"""What stands before each alias of a list."""
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

# Words whose full stop belongs to them, also at the end of a sentence.
_SHORTENED = "co|ltd|inc|corp|bhd|sti|pte|pvt|pty|jr|sr|st|no|intl|mfg|bros|est|tic|san|as|cie|dept|inst|univ"
_SHORTENED_WORDS = frozenset(_SHORTENED.split("|"))
_ABBREVIATION = re.compile(rf"(?:\b(?:{_SHORTENED})|\b\w(?:\.\w+)+)\.$", re.IGNORECASE)


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
    return text[:-1].rstrip() if text.endswith(".") and not is_abbreviated(text) else text


def is_abbreviated(text: str) -> bool:
    """Whether the full stop at the end of a text belongs to its last word."""
    word = text.rsplit(maxsplit=1)[-1]
    stem = word[:-1]
    if stem.isascii() and stem.isalnum():
        return word[-1] == "." and stem.lower() in _SHORTENED_WORDS
    return _ABBREVIATION.search(word) is not None


def without_marks(text: str) -> str:
    """Takes footnote marks off."""
    return text if text.isascii() or not SUPERSCRIPTS.search(text) else " ".join(SUPERSCRIPTS.sub("", text).split())


@lru_cache(maxsize=8192)  # A cell is asked for its footnotes, and later for its text.
def unmarked(lines: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines of a cell without the marks of footnotes, and the footnotes' numbers."""
    marks = [mark for line in lines if not line.isascii() for mark in SUPERSCRIPTS.findall(line)]
    if not marks:
        return lines, ()
    return tuple([without_marks(line) for line in lines]), tuple([mark.translate(_FROM_SUPERSCRIPT) for mark in marks])
