"""Pieces of the text of a cell: numbers in words, footnote marks, and the full stop that ends a sentence or a word."""

import re

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

# Words whose full stop belongs to them, also at the end of a sentence.
_ABBREVIATION = re.compile(
    r"(?:\b(?:Co|Ltd|Inc|Corp|Bhd|Sti|Pte|Pvt|Pty|Jr|Sr|St|No|Intl|Mfg|Bros|Est|Tic|San|As|Cie|Dept|Inst|Univ)"
    r"|\b\w(?:\.\w+)+)\.$",
    re.IGNORECASE,
)


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
    return _ABBREVIATION.search(text.rsplit(maxsplit=1)[-1]) is not None


def without_marks(text: str) -> str:
    """Takes footnote marks off."""
    return text if text.isascii() or not SUPERSCRIPTS.search(text) else " ".join(SUPERSCRIPTS.sub("", text).split())
