"""What one amending instruction says, while the tokens of its paragraph are taken in."""

from tracker.readers.cell_text import number
from tracker.readers.instruction import Scope
from tracker.readers.instruction_tokens import Token

AWAITED = {"under": "under", "heading": "heading", "to_read": "new name"}
"""What is awaited behind a token: a destination that is named so, or the new name of an entry."""
_REVISING = ("revis", "modif", "amending", "correcting")
# What a revised row prints anew: "revising the address of the entry for “A”".
_FIELDS = frozenset((
    "address", "addresses", "alias", "aliases", "name", "names", "license", "requirement", "requirements", "review", "policy",
    "policies", "federal", "register", "citation", "citations", "columns",
))  # fmt: skip
# Words that say nothing about what is done to which entry.
_PLAIN = frozenset((
    "by", "in", "alphabetical", "order", "the", "a", "an", "for", "and", "of", "to", "is", "are", "as", "amended", "amend",
    "further", "new", "each", "under", "country", "column", "heading", "headings", "at", "end", "its", "their", "place", "on",
    "following", "this", "these", "table", "part", "744", "entity", "list",
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
        self.entries = False
        """Whether entries are spoken of, before any name, so that the names are theirs."""
        self.footnote = ""

    @property
    def filled(self) -> bool:
        """Whether it says what is to be changed."""
        return bool(self.names) or self.count is not None or self.scope != "entries" or self.heading

    def words_not_understood(self) -> list[str]:
        """The words that no pattern knows; a destination that is said twice is none: "an entry for PERU, and under PERU"."""
        destination = (self.destination or "").casefold()
        return [word for word in self.unknown if word.casefold() != destination]

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
        elif kind in {"introduction", "footnote"}:
            self.scope = "introduction"
            self.footnote = value if kind == "footnote" else self.footnote
        self.entries = self.entries or (kind in {"entries", "count"} and not self.names)

    def take_word(self, value: str) -> None:
        """Takes in a word that no pattern knows; most say nothing."""
        word = value.lower()
        if word in _PLAIN or (word in _FIELDS and (self.word or "").lower().startswith(_REVISING)):
            return
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
        if self.scope == "introduction" and self.entries:
            # "the introductory text and the entry for “A”"; what is done to a footnote of an entry is not told so.
            self.scope = "entries"
            self.unknown += [self.footnote] if self.footnote else []
        if token.kind == "broken":
            # Words before a misplaced mark belong to the name: Chengdu Suanze “Technology Co., Ltd.
            before = " ".join(self.unknown)
            self.unknown.clear()
            self.names.append(Token("broken", f"{before} {token.value}".strip(), token.start, token.end))
        elif awaiting == "new name" and len(self.names) == 1 and token.kind == "name":
            self.new_name = token
        else:
            self.names.append(token)
