"""Regular expressions of a lexicon, compiled."""

import re
from typing import Final

from tracker.readers.lexicon_names import Names

_ESCAPED: Final = re.compile(r"\\.")
_LOOKING_BACK: Final = re.compile(r"^\(\?<=(?P<before>(?:\\b)?[\w ]+)\)(?P<word>\w{2,})(?![?*+{])")
_WORD: Final = r"[A-ZÀ-Þ](?:[\w&+]|-(?=\w)|\.(?=\w)|[’'](?!s\b)(?=\w))*"
_NAME: Final = rf"(?P<name>{_WORD}(?: (?:of )?{_WORD}){{0,4}})"
"""A name as printed, without a genitive."""
_AS_PRINTED: Final = frozenset({"furniture.not_news"})
"""Expressions over text that is not folded, in any case."""


def either(key: str, expressions: tuple[str, ...], *, folded: bool = True) -> re.Pattern[str] | None:
    """One expression for several, None for none; raises ValueError naming the key and the one that is broken."""
    if not expressions:
        return None
    # Of folded text only what is written with capitals, or is read as printed, has to ignore case, which is slow.
    plain = folded and not any(letter.isupper() for each in expressions for letter in _ESCAPED.sub("", each))
    flags = re.IGNORECASE if (folded and not plain) or key in _AS_PRINTED else re.NOFLAG
    for each in expressions:
        expression_of(key, each, flags)
    return expression_of(key, "|".join(f"(?:{_LOOKING_BACK.sub(_word_first, each)})" for each in expressions), flags)


def _word_first(match: re.Match[str]) -> str:
    """The same with the word before the look at what stands behind it, which is not taken at every letter then."""
    return f"{match['word']}(?<={match['before']}{match['word']})"


def expression_of(key: str, expression: str, flags: re.RegexFlag) -> re.Pattern[str]:
    """An expression compiled; raises ValueError naming its key where it is none."""
    try:
        return re.compile(expression, flags)
    except re.error as error:
        raise ValueError(f"{key}: {expression!r} is not a regular expression: {error}") from error


def introducing(expression: str, names: Names) -> str:
    """An expression of `names.introduced` with what a name, a kind and the parts of it are."""
    firms, others = ("|".join(kinds) or "(?!)" for kinds in (names.company_kinds, names.kinds))
    name = rf"(?=[A-ZÀ-Þ])(?!(?:{{no_name}})\b){_NAME}"
    kind = rf"(?:(?P<company>{firms})|(?:{others}))"
    expression = expression.replace("{name}", name).replace("{word}", name.replace("(?:of )?", "")).replace("{kind}", kind)
    for part, meant in names.introducing.items():
        expression = expression.replace(f"{{{part}}}", meant)
    return expression
