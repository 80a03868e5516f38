"""Stems of names where no blanks part words: 浪潮, once an article has named 浪潮集团; 港大 for 香港大学.

Chinese drops the last part of a name as soon as it is known. The lexicon has what may be dropped (`names.ends`), which
stems are places or ordinary words besides (`names.no_stems`), and how a university is called by one of its letters
(`names.initial`, `names.initial_before`, `names.initial_after`).
"""

from typing import Final

from tracker.readers.compiled import Compiled
from tracker.readers.gazetteer import Gazetteer, Name
from tracker.readers.phrases import whole_words

_FEWEST: Final = {"PARTY": 2, "INSTITUTION": 3}
"""How many letters a stem has at least: two stand for a place too often where a university bears its name."""


def stems(text: str, words: Compiled, names: Gazetteer) -> dict[str, Name]:
    """The stems of all names that the text prints in full, as read (folded)."""
    if not words.lexicon.names.ends:
        return {}
    folded = words.fold(text)
    found: dict[str, Name] = {}
    short: dict[str, set[str | None]] = {}
    printed = names.names(text, folded)
    for name in printed:
        full = folded[name.start : name.end]
        stem = next((full.removesuffix(end) for end in words.lexicon.names.ends if full.endswith(end)), full)
        if stem != full and len(stem) >= _FEWEST[name.kind] and stem not in words.no_stems:
            found.setdefault(stem, name)
        if name.kind == "INSTITUTION" and (rest := _without_its_place(full, words)) is not None:
            short.setdefault(rest, set()).add(name.id)
            found.setdefault(rest, name)
        for each in _initials(full, folded, words):
            short.setdefault(each, set()).add(name.id)
            found.setdefault(each, name)
    return {stem: name for stem, name in found.items() if len(short.get(stem, ())) <= 1}


def _without_its_place(full: str, words: Compiled) -> str | None:
    """What is left of a name without the place at its beginning, if that is a name by itself: 中文大学, not 大学."""
    start = next((each for each in words.lexicon.names.starts if full.startswith(each)), "")
    rest = full.removeprefix(start)
    return rest if start and len(rest) >= _FEWEST["INSTITUTION"] + 1 else None


def _initials(full: str, folded: str, words: Compiled) -> list[str]:
    """What a university may be called by: each of its letters with the end of the word university, if the text has it."""
    end, short = words.lexicon.names.initial
    if not short or not full.endswith(end):
        return []
    return [each for letter in full.removesuffix(end) if (each := letter + short) in folded and _stands(each, folded, words)]


def _stands(short: str, folded: str, words: Compiled) -> bool:
    """Whether it stands somewhere as a name does: between words that go before and behind one."""
    start = folded.find(short)
    while start >= 0:
        if _is_name(folded, start, start + len(short), words):
            return True
        start = folded.find(short, start + 1)
    return False


def _is_name(folded: str, start: int, end: int, words: Compiled) -> bool:
    names = words.lexicon.names
    return (start == 0 or folded[start - 1] in names.initial_before) and folded[end : end + 1] in names.initial_after


def with_stems(text: str, folded: str, found: list[Name], known: dict[str, Name], words: Compiled) -> list[Name]:
    """The names of a sentence and the stems that stand in it by themselves."""
    end_of_all, short = words.lexicon.names.initial
    for stem, name in known.items():
        full = words.fold(name.printed)
        initial = len(stem) == 1 + len(short) and bool(short) and full.endswith(end_of_all)
        tail = not initial and not full.startswith(stem)
        start = folded.find(stem)
        while start >= 0:
            end = start + len(stem)
            fits = _is_name(folded, start, end, words) if initial else whole_words(folded, start, end)
            fits = fits and not (tail and start and folded[start - 1] not in words.lexicon.names.initial_before)
            if fits and not any(other.start < end and start < other.end for other in found):
                found = [*found, name._replace(printed=text[start:end], start=start, end=end)]
            start = folded.find(stem, end)
    return sorted(found, key=lambda name: name.start)
