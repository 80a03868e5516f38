"""Whom a passage credits with what it says: "told Bloomberg", "selon Reuters"."""

import re

import msgspec

from tracker.readers.compiled import Compiled
from tracker.readers.sentences import Sentence


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
        for expression in words.speaker:
            match = expression.search(sentence.text)
            if match and match["source"] not in actors:
                self.source = match["source"]
                break
        for mark in re.findall(r"[«»„“”\"「」]", sentence.text):
            self.open = (mark in "«„「" or (mark == "“" and not self.low)) if mark != '"' else not self.open
            self.low = mark == "„"
        return self.source
