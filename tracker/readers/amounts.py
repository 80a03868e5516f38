"""How much: "nearly 30 MIT projects" -> nearly 30 projects, "£692,000" -> exactly 692000 GBP."""

import re
from typing import Final

from events.statements import Amount
from tracker.readers.lexicon import Amounts, Qualifier
from tracker.readers.phrases import BEGIN, END

_COMPILED: Final[dict[int, tuple[Amounts, tuple[re.Pattern[str], ...]]]] = {}


def find_amounts(folded: str, words: Amounts) -> list[tuple[int, int, Amount]]:
    """All amounts of a folded text with their place; what names no known unit is left out."""
    found: list[tuple[int, int, Amount]] = []
    for expression in _expressions(words):
        for match in expression.finditer(folded):
            amount = _amount(match, words)
            if amount is not None and not any(start < match.end() and match.start() < end for start, end, _ in found):
                found.append((match.start(), match.end(), amount))
    return sorted(found, key=lambda each: each[:2])


def _expressions(words: Amounts) -> tuple[re.Pattern[str], ...]:
    known = _COMPILED.get(id(words))
    if known is None:
        if len(_COMPILED) >= 64:
            _COMPILED.clear()
        known = (words, compile_amounts(words))
        _COMPILED[id(words)] = known
    return known[1]


def compile_amounts(words: Amounts) -> tuple[re.Pattern[str], ...]:
    """Fills the placeholders of the patterns; raises ValueError for a broken one."""
    parts = {
        "qualifier": "|".join(_words(word for group in words.qualifiers.values() for word in group)),
        "number": "|".join((r"\d{1,3}(?:[ ,.\u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?", *_words(words.numbers))),
        "scale": "|".join(_words(words.scales)),
        "unit": "|".join(_words(words.units)),
    }
    compiled = []
    for pattern in words.patterns:
        for part, choices in parts.items():
            pattern = pattern.replace("{" + part + "}", f"(?P<{part}>{choices or '(?!)'})")
        try:
            compiled.append(re.compile(rf"{BEGIN}{pattern}{END}"))
        except re.error as error:
            raise ValueError(f"amounts.patterns: {pattern!r}: {error}") from error
    return tuple(compiled)


def _words(words: object) -> list[str]:
    assert hasattr(words, "__iter__")
    return [re.escape(word) for word in sorted(words, key=len, reverse=True)]


def _amount(match: re.Match[str], words: Amounts) -> Amount | None:
    groups = match.groupdict()
    value = _number(groups["number"], words) * words.scales.get(groups.get("scale") or "", 1)
    unit = words.units.get(groups["unit"])
    if unit is None or value <= 0:
        return None
    return Amount(value=value, unit=unit, qualifier=_qualifier(groups.get("qualifier"), words))


def _number(text: str, words: Amounts) -> float:
    """A number as printed: thousands in groups of three, or a word."""
    if text in words.numbers:
        return words.numbers[text]
    if re.fullmatch(r"\d{1,3}(?:[ ,.\u00a0\u202f]\d{3})+", text):
        return float(re.sub(r"\D", "", text))
    digits = re.sub(r"[ \u00a0\u202f]", "", text)
    if "." in digits and "," in digits:
        thousands = min(digits.find("."), digits.find(","))
        digits = digits.replace(digits[thousands], "")
    return float(digits.replace(",", "."))


def _qualifier(text: str | None, words: Amounts) -> Qualifier:
    if text:
        for qualifier, phrases in words.qualifiers.items():
            if text in phrases:
                return qualifier
    return "exactly"
