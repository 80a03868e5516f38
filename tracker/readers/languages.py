"""In which language a text is written: as declared, else by its most frequent small words.

Lexicons name those words (`common`). A text in a language that no lexicon knows shares some of them
with its neighbours (Romanian "de", "la"), so a good part of all its words must be known.
"""

import re
from collections.abc import Mapping
from typing import Final

from tracker.readers.compiled import Compiled, compiled
from tracker.readers.lexicon import Lexicon
from tracker.readers.phrases import fold

_READ: Final = 5000
"""Characters by which the language is told."""
_FEWEST: Final = 3
_SHARE: Final = 0.15
"""The least part of all words that are small words of the language; real texts have 0.3 to 0.5."""
_WORD: Final = re.compile(r"[^\W\d_]+")


def language_of(declared: str | None, text: str, lexicons: Mapping[str, Lexicon]) -> str | None:
    """The primary subtag declared; where none is, the language of the lexicon that knows most small words."""
    if declared:
        return re.split(r"[-_]", declared.strip().casefold())[0]
    words = _WORD.findall(fold(text[:_READ]))
    letters = [letter for word in words for letter in word if not letter.isascii()]
    known = {language: _known(compiled(lexicon), words, letters) for language, lexicon in lexicons.items()}
    best = max(known, key=lambda language: known[language][0], default=None)
    if best is None or known[best][0] < max(_FEWEST, _SHARE * known[best][1]):
        return None
    return best


def _known(lexicon: Compiled, words: list[str], letters: list[str]) -> tuple[int, int]:
    """How many of the words are small words of the language, and of how many; of the letters where no blanks part words."""
    units = words if lexicon.lexicon.spaced else [lexicon.fold(letter) for letter in letters]
    return sum(unit in lexicon.common_words for unit in units), len(units)
