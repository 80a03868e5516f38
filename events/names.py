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
