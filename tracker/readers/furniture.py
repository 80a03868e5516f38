"""Takes out of a text what is on its page and not of the article: buttons, captions, "read more"."""

import re
from functools import lru_cache

from tracker.readers.lexicon import Furniture


def strip_furniture(text: str, furniture: tuple[Furniture, ...]) -> str:
    """The text without lines and fragments that are not of the article; fragments leave a line end behind."""
    lines, fragments, ends = _expressions(
        tuple(each for part in furniture for each in part.lines),
        tuple(each for part in furniture for each in part.fragments),
        tuple(each for part in furniture for each in part.ends),
    )
    kept: list[str] = []
    for line in text.split("\n"):
        if ends and kept and ends.fullmatch(line.strip()):
            break
        if lines and line.strip() and lines.fullmatch(line.strip()):
            continue
        pieces = fragments.sub("\n", line).split("\n") if fragments else [line]
        if len(pieces) > 1:
            pieces = [piece for piece in pieces if piece.strip()]
        kept += [piece.strip() for piece in pieces if not (lines and piece.strip() and lines.fullmatch(piece.strip()))]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


@lru_cache(maxsize=32)
def _expressions(*groups: tuple[str, ...]) -> tuple[re.Pattern[str] | None, ...]:
    return tuple(re.compile("|".join(f"(?:{each})" for each in group), re.IGNORECASE) if group else None for group in groups)
