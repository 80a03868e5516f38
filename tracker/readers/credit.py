"""Whom a passage credits with what it says: "told Bloomberg", "selon Reuters"."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import msgspec

from tracker.readers.compiled import Compiled
from tracker.readers.sentences import Sentence

_BEFORE_A_NAME: Final = re.compile(r"As (?=\S)")
_LAST_WORD: Final = re.compile(r"\s+(?P<word>\S+)$")


class Speaker(NamedTuple):
    """Whom a text credits, and where the name ends."""

    name: str
    end: int


def speakers(text: str, words: Compiled) -> Iterator[Speaker]:
    """Whom a text credits, by each expression that finds somebody; no day belongs to the name: "told Reuters Friday"."""
    days = (words.lexicon.dates.weekdays, words.lexicon.dates.months)
    for expression in words.speaker:
        match = expression.search(text)
        if match is None:
            continue
        name = match["source"]
        while (last := _LAST_WORD.search(name)) and any(words.fold(last["word"]) in known for known in days):
            name = name[: last.start()]
        yield Speaker(_BEFORE_A_NAME.sub("", name, count=1), match.start("source") + len(name))


class Credit(msgspec.Struct):
    """Whom the passage credits; inside a quotation that runs on, whoever was credited at its beginning."""

    source: str | None = None
    line: int = -1
    open: bool = False
    low: bool = False
    """Whether the quotation began with a low mark, which the mark that opens one elsewhere then closes."""

    def of(self, sentence: Sentence, words: Compiled, actors: set[str]) -> str | None:
        """Whom this sentence credits: "told Bloomberg", "selon Reuters"."""
        if sentence.line != self.line or not self.open:
            self.source = None
        self.line = sentence.line
        named = (speaker.name for speaker in speakers(sentence.text, words))
        self.source = next((name for name in named if name not in actors), self.source)
        for mark in re.findall(r"[«»„“”\"「」]", sentence.text):
            self.open = (mark in "«„「" or (mark == "“" and not self.low)) if mark != '"' else not self.open
            self.low = mark == "„"
        return self.source
