"""Correction notices: what an article says that it had wrong is no fact, and its body no longer tells it either.

"Correction: an earlier version of this article said that MIT had ended its ties with SenseTime; it is
reviewing them." The lexicon knows such notices (`[corrections]`), the verbs behind which the wrong part
stands, and the words with which the right part begins. Only the right part is read as text.
"""

from typing import Final, NamedTuple

from tracker.readers.compiled import Compiled
from tracker.readers.sentences import Sentence

_HEADING: Final = 40


class Notice(NamedTuple):
    """A sentence of a correction notice: what was wrong, what is denied, what is right; None for what it does not say."""

    wrong: Sentence | None = None
    denied: Sentence | None = None
    right: Sentence | None = None


def notice_of(sentence: Sentence, words: Compiled, *, begun: bool = False) -> Notice | None:
    """The sentence in its parts; None for a sentence that is no such notice.

    Where the heading of a notice has `begun` its line ("Correction. We said on Monday that ..."), it need not say so again.
    """
    folded = words.fold(sentence.text)
    if words.corrections is None or not (begun or words.corrections.search(folded)):
        return None
    told = words.corrected_wrong.search(folded) if words.corrected_wrong else None
    if told is None:
        return None if begun else Notice()
    kind = told.lastgroup
    if kind == "denied_before":
        return Notice(denied=_part(sentence, 0, told.start()))
    right = words.corrected_right.search(folded, told.end()) if words.corrected_right else None
    end = right.start() if right else len(folded)
    wrong = _part(sentence, told.end(), end)
    rest = _part(sentence, right.end(), len(folded)) if right else None
    return Notice(denied=wrong, right=rest) if kind == "denied_behind" else Notice(wrong=wrong, right=rest)


def is_heading(sentence: Sentence, notice: Notice | None) -> bool:
    """Whether a sentence only heads a notice: "Correction."."""
    return notice == Notice() and len(sentence.text) <= _HEADING


def _part(sentence: Sentence, start: int, end: int) -> Sentence | None:
    text = sentence.text[start:end]
    kept = text.strip()
    if not kept:
        return None
    return Sentence(kept, sentence.start + start + len(text) - len(text.lstrip()), sentence.line)
