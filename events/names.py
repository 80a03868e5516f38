"""Names compared: what makes two spellings the same name."""

import re
import unicodedata
from functools import lru_cache

_NOT_WORD = re.compile(r"[^\w]+", re.UNICODE)


@lru_cache(maxsize=1 << 16)
def normalise(name: str) -> str:
    """Folds case, width, accents' composition and punctuation: `Hikvision Co., Ltd.` -> `hikvision co ltd`.

    Apostrophes vanish (`People's` -> `peoples`); every other mark separates words.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    folded = re.sub(r"['’‘`´]", "", folded)
    return _NOT_WORD.sub(" ", folded).strip()


_ALIKE = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")
"""Scripts with letters that look the same."""


def mixed_scripts(name: str) -> tuple[str, ...]:
    """The scripts that one word of a name mixes though their letters look alike, or none: a Cyrillic letter in `Huawei`."""
    for word in _NOT_WORD.split(name):
        scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in word if not letter.isascii()}
        scripts |= {"LATIN"} if any(letter.isascii() and letter.isalpha() for letter in word) else set()
        mixed = tuple(script.capitalize() for script in _ALIKE if script in scripts)
        if len(mixed) > 1:
            return mixed
    return ()


_OTHERS = re.compile(r"\s*\(\s*[af]\.?\s?k\.?\s?a\b.*$", re.IGNORECASE)


@lru_cache(maxsize=1 << 16)
def addressed_as(name: str) -> str:
    """The name by which an entry is addressed: normalised, without other names that are printed behind it in brackets.

    Rules and copies differ in whether they take `Acme Company (a.k.a. "AC")` whole for the name.
    """
    return normalise(_OTHERS.sub("", name)) or normalise(name)


def contains_words(name: str, query: str) -> bool:
    """Whether all the words of the query stand side by side in the name; both already normalised."""
    return bool(query) and f" {query} " in f" {name} "
