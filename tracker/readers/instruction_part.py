"""What one amending instruction says, while the tokens of its paragraph are taken in."""

from tracker.readers.cell_text import number
from tracker.readers.instruction import Scope
from tracker.readers.instruction_tokens import Token

AWAITED = {"under": "under", "heading": "heading", "to_read": "new name"}
"""What is awaited behind a token: a destination that is named so, or the new name of an entry."""
# Words that say nothing about what is done to which entry.
_PLAIN = frozenset((
    "by", "in", "alphabetical", "order", "the", "a", "an", "for", "and", "of", "to", "is", "are", "as", "amended", "amend",
    "further", "new", "each", "under", "country", "column", "heading", "headings", "at", "end", "its", "their", "place", "on",
))  # fmt: skip


class Part:
    """An instruction while it is being read."""

    def __init__(self, destination: str | None, word: str | None, unknown: list[str]) -> None:
        self.destination, self.word = destination, word
        self.unknown = list(unknown)
        self.names: list[Token] = []
        self.new_name: Token | None = None
        self.count: int | None = None
        self.scope: Scope = "entries"
        self.heading = False
        """Whether a heading is spoken of, which may be added or removed with its entries."""

    @property
    def filled(self) -> bool:
        """Whether it says what is to be changed."""
        return bool(self.names) or self.count is not None or self.scope != "entries" or self.heading

    def take(self, token: Token, awaiting: str) -> None:
        """Takes in what one token says that is more than a word."""
        kind, value = token.kind, token.value
        if kind in {"verb", "should_read"}:
            self.word = value
        elif kind == "place":
            self._take_place(value, awaiting)
        elif kind in {"name", "broken", "delimited"}:
            self._take_name(token, awaiting)
        elif kind == "count":
            self.count = number(value.split()[0])
        elif kind == "introduction":
            self.scope = "introduction"

    def take_word(self, value: str) -> None:
        """Takes in a word that no pattern knows; most say nothing."""
        if value.lower() not in _PLAIN:
            self.unknown.append(value)

    def _take_place(self, value: str, awaiting: str) -> None:
        if not awaiting:
            self.unknown.append(value)
            return
        self.destination = value
        if awaiting == "heading":
            self.heading = True
        elif self.scope == "introduction":
            self.scope = "entries"

    def _take_name(self, token: Token, awaiting: str) -> None:
        if token.kind == "broken":
            # Words before a misplaced mark belong to the name: Chengdu Suanze “Technology Co., Ltd.
            before = " ".join(self.unknown)
            self.unknown.clear()
            self.names.append(Token("broken", f"{before} {token.value}".strip(), token.start, token.end))
        elif awaiting == "new name" and len(self.names) == 1 and token.kind == "name":
            self.new_name = token
        else:
            self.names.append(token)
