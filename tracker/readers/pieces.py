"""Splits words into the pieces of a vocabulary: the longest that fits, from the left (WordPiece, arXiv:1609.08144).

Text is first put into small letters without accents and parted at punctuation, as the encoder was taught (BERT, uncased).
"""

import re
import unicodedata
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+|[^\w\s]|_")
_LONGEST: Final = 100
UNKNOWN: Final = "[UNK]"


def pieces(text: str, vocabulary: dict[str, int]) -> list[int]:
    """The numbers of the pieces of a text; a word that has none is unknown as a whole."""
    bare = "".join(each for each in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(each) != "Mn")
    found: list[int] = []
    for word in _WORD.findall(bare):
        found += _of_word(word, vocabulary)
    return found


def _of_word(word: str, vocabulary: dict[str, int]) -> list[int]:
    found: list[int] = []
    start = 0
    while start < len(word):
        for end in range(min(len(word), start + _LONGEST), start, -1):
            piece = vocabulary.get(("##" if start else "") + word[start:end])
            if piece is not None:
                found.append(piece)
                start = end
                break
        else:
            return [vocabulary[UNKNOWN]]
    return found
