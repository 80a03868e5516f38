"""Regular expressions of a lexicon, compiled."""

import re
from typing import Final

import msgspec

from tracker.readers.lexicon_names import Names

_ESCAPED: Final = re.compile(r"\\.")
_LOOKING_BACK: Final = re.compile(r"^\(\?<=(?P<before>(?:\\b)?[\w ]+)\)(?P<word>\w{2,})(?![?*+{])")
_WORD: Final = r"[A-ZÀ-Þ](?:[\w&+]|-(?=\w)|\.(?=\w)|[’'](?!s\b)(?=\w))*"
_NAME: Final = rf"(?P<name>{_WORD}(?: (?:of )?{_WORD}){{0,4}})"
"""A name as printed, without a genitive."""
_ROW: Final = 40
"""How many more names one enumeration may have."""
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


class NameWords(msgspec.Struct, frozen=True):
    """How a language tells of names that no register holds."""

    introduced: tuple[re.Pattern[str], ...]
    listed: tuple[re.Pattern[str], ...]
    name: re.Pattern[str]
    """One such name."""
    beside: re.Pattern[str] | None
    last: re.Pattern[str] | None


def name_words(names: Names) -> NameWords:
    """The expressions for names that no register holds, with what a name, a kind and their other parts are."""
    name = _with_parts("{name}", names)
    row = rf"(?P<names>{_unnamed(name)}(?:(?:{names.beside or '(?!)'}){_unnamed(name)}){{0,{_ROW}}})"
    listed = tuple(_with_parts(each, names).replace("{names}", row) for each in names.listed)
    return NameWords(
        introduced=_each("names.introduced", tuple(_with_parts(each, names) for each in names.introduced)),
        listed=_each("names.listed", listed),
        name=re.compile(name),
        beside=either("names.beside", (names.beside,) if names.beside else (), folded=False),
        last=either("names.last", (names.last,) if names.last else (), folded=False),
    )


def _with_parts(expression: str, names: Names) -> str:
    firms, others = ("|".join(kinds) or "(?!)" for kinds in (names.company_kinds, names.kinds))
    name = rf"(?=[A-ZÀ-Þ])(?!(?:{{no_name}})\b){_NAME}"
    kind = rf"(?:(?P<company>{firms})|(?:{others}))"
    expression = expression.replace("{name}", name).replace("{word}", name.replace("(?:of )?", "")).replace("{kind}", kind)
    for part, meant in (*names.introducing.items(), ("no_name", "(?!)")):
        expression = expression.replace(f"{{{part}}}", meant)
    return expression


def _unnamed(name: str) -> str:
    return name.replace("(?P<name>", "(?:")


def _each(key: str, expressions: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(expression_of(key, each, re.NOFLAG) for each in expressions)
