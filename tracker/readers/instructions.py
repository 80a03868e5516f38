"""Amending instructions: paragraphs to tokens, tokens to what is to be done to which entries.

"2. Supplement No. 4 to part 744 is amended: a. Under CANADA, by adding in alphabetical order, entries for
“A” and “B”;" The supplement, the destination and the verb may each stand in an earlier paragraph; they are
carried along in three frames, one for each level of labels (2., a., i.). Words that are not understood
are kept on the instruction, so that it can be put in front of a person instead of being guessed at.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from tracker.readers.entity_table import number
from tracker.readers.register_xml import Block

Verb = Literal["add", "revise", "remove", "other"]
Scope = Literal["entries", "heading", "whole", "introduction", "unknown"]

ENTITY_LIST = (4, "744")


class Name(msgspec.Struct, frozen=True, kw_only=True):
    """A name between quotation marks and its span in the clean text; `broken` when a mark is missing."""

    text: str
    start: int
    end: int
    broken: bool = False


class Instruction(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to be done, for example: add two named entries under CANADA.

    `target` is the supplement's number and the part; `number` the label of the numbered paragraph,
    `batch` counts these paragraphs. `word` is the verb as printed. `count` is stated where entries are
    not named. `scope` is `heading` where a whole heading goes, `whole` where the supplement is replaced.
    """

    target: tuple[int, str] | None
    number: str | None
    batch: int
    verb: Verb
    word: str
    destination: str | None
    names: tuple[Name, ...]
    new_name: str | None = None
    count: int | None = None
    scope: Scope = "entries"
    effective: str | None = None
    unknown: tuple[str, ...] = ()
    start: int
    end: int


class Token(msgspec.Struct, frozen=True):
    """One token of a paragraph: what it is, what it says, where it stands in the paragraph."""

    kind: str
    value: str
    start: int
    end: int


_VERBS: dict[str, Verb] = {"add": "add", "revis": "revise", "remov": "remove", "delet": "remove"}
_VERB_WORDS = (
    r"add(?:ing|s|ed)?|revis(?:e|es|ed|ing)|remov(?:e|es|ed|ing)|delet(?:e|es|ed|ing)|suspend(?:s|ed|ing)?"
    r"|amending|modify(?:ing)?|modified|correct(?:s|ed|ing)?|redesignat(?:e|es|ed|ing)|transfer(?:red|ring)?"
    r"|mov(?:e|ed|ing)|replac(?:e|es|ed|ing)|reinstat(?:e|es|ed|ing)|restor(?:e|es|ed|ing)|stay(?:ed|ing)"
    r"|renam(?:e|ed|ing)|chang(?:e|ed|ing)|republish(?:ed|ing)?|reserv(?:e|ed|ing)|updat(?:e|ed|ing)"
    r"|insert(?:ed|ing)?"
)
_DAY = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"\s+\d{1,2},\s+\d{4}"
)
_NUMBER = (
    r"(?:\d[\d,]*|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
)
_SUPPLEMENT = re.compile(r"supplement\s+no\.?\s*(\d+)(?:\s+to\s+(?:15\s+CFR\s+)?part\s+(\d+))?", re.IGNORECASE)
# A destination that the register does not know is seen by its capitals.
_CAPITALS = r"(?-i:[A-Z][A-Z'’.,\- ]{2,}[A-Z]\b)"
# Tried in this order at every place of a paragraph; PLACE stands for a destination.
_TOKENS = (
    ("label", r"\A\s*(?:\d+\.|\(?[a-z]{1,6}[.)]|\(\d+\))(?=\s)"),
    ("supplement", r"\bsupplement\s+no\.?\s*\d+(?:\s+to\s+(?:15\s+CFR\s+)?part\s+\d+)?"),
    ("section", r"(?:§+\s*|\bsections?\s+)\d{3}\.\d+|\bauthority\s+citation"),
    ("skip", r"\bunder\s+(?:the\s+country\s+column|that\s+heading)|\bto\s+read\s+as\s+follows"),
    ("skip", rf"\bfrom\s+{_DAY}\s*,?\s+through\s+{_DAY}"),
    ("effective", rf"\beffective\s+(?:on\s+)?{_DAY}"),
    ("introduction", r"\bintroductory\s+(?:text|paragraphs?)"),
    ("everything", r"\ball\s+(?:of\s+)?(?:the\s+)?entries"),
    ("to_read", r"\bto\s+read\b"),
    ("should_read", r"\bshould\s+read\b"),
    ("under", r"\bunder\s+(?:the\s+)?(?:(?:destination|heading|country)\s+(?:of\s+|for\s+)?)?(?=PLACE)"),
    ("heading", r"\b(?:heading|destination)\s+(?:of\s+|for\s+)?(?=PLACE)"),
    ("place", r"\bPLACE"),
    ("count", rf"\b{_NUMBER}\s+(?:[A-Z][\w'’-]*\s+){{0,3}}(?:entit(?:y|ies)|persons?|entr(?:y|ies))\b"),
    ("verb", rf"\b(?:{_VERB_WORDS})\b"),
    ("entries", r"\bentr(?:y|ies)\b"),
    ("word", r"[\w§'’-]+"),
)
# Words that say nothing about what is done to which entry.
_PLAIN = frozenset(
    "by in alphabetical order the a an for and of to is are as amended amend further new each under country "
    "column heading headings at end its their place on".split()
)
_ROMAN = [
    tens + units
    for tens in ("", "x", "xx", "xxx", "xl", "l")
    for units in ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
]


def tokenizer(destinations: Iterable[str]) -> re.Pattern[str]:
    """The pattern of all tokens, with the destinations that are known by name, in full or in short."""
    short = (destination.partition(",")[0] for destination in destinations)
    known = sorted({name for name in (*destinations, *short) if name.strip()}, key=len, reverse=True)
    names = (re.sub(r"['’]", "['’]", re.escape(name)).replace(r"\ ", r"\s+") + r"(?!\w)" for name in known)
    place = f"(?:{'|'.join([*names, _CAPITALS])})"
    parts = (f"(?P<t{i}>{pattern.replace('PLACE', place)})" for i, (_, pattern) in enumerate(_TOKENS))
    return re.compile("|".join(parts), re.IGNORECASE)


def scan(text: str, pattern: re.Pattern[str]) -> list[Token]:
    """The tokens of one paragraph, in order; what stands between quotation marks is one token."""
    quoted = list(_quoted(text))
    masked = list(text)
    for name in quoted:
        masked[name.start : name.end] = " " * (name.end - name.start)
    found = [
        Token(_TOKENS[int(str(match.lastgroup)[1:])][0], match.group(), match.start(), match.end())
        for match in pattern.finditer("".join(masked))
    ]
    return sorted([*quoted, *found], key=lambda token: token.start)


def _quoted(text: str) -> Iterator[Token]:
    """Names between quotation marks, which may be nested; `broken` where a mark is missing.

    A mark that opens after a semicolon begins the next name, even if the last one was not closed.
    """
    if "“" not in text and "”" not in text:
        for straight in re.finditer(r'"([^"]*)"', text):
            yield Token("name", _bare(straight.group(1)), straight.start(), straight.end())
        return
    start, depth, done = 0, 0, 0
    for mark in re.finditer("[“”]", text):
        at = mark.start()
        if mark.group() == "“":
            if depth and re.search(r";\s*(?:and\s*)?$", text[start:at]):
                yield Token("broken", _bare(text[start + 1 : at]), start, at)
                depth = 0
            start = start if depth else at
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield Token("name", _bare(text[start + 1 : at]), start, at + 1)
        else:
            lost = re.split(r";\s*(?:and\s+)?|\bfor\s+", text[done:at])[-1]
            yield Token("broken", _bare(lost), at - len(lost), at + 1)
        done = done if depth else at + 1
    if depth:
        yield Token("broken", _bare(text[start + 1 :]), start, len(text))


def _bare(text: str) -> str:
    return re.sub(r"(?:[;,]\s*(?:and)?\s*)+$", "", text.strip()).strip()


class _Frame:
    """What one level of labels has said, for the levels below it."""

    def __init__(self) -> None:
        self.destination: str | None = None
        self.word: str | None = None
        self.unknown: list[str] = []


class _Part:
    """An instruction while it is being read."""

    def __init__(self, destination: str | None, word: str | None, unknown: list[str]) -> None:
        self.destination, self.word = destination, word
        self.unknown = list(unknown)
        self.names: list[Token] = []
        self.new_name: Token | None = None
        self.count: int | None = None
        self.scope: Scope = "entries"

    @property
    def filled(self) -> bool:
        """Whether it says what is to be changed."""
        return bool(self.names) or self.count is not None or self.scope != "entries"


class _Reader:
    """Folds paragraphs into instructions, carrying supplement, destination and verb along."""

    def __init__(self, destinations: Iterable[str]) -> None:
        self.pattern = tokenizer(destinations)
        self.found: list[Instruction] = []
        self.target: tuple[int, str] | None = None
        self.number: str | None = None
        self.batch = 0
        self.effective: str | None = None
        self.frames = [_Frame(), _Frame(), _Frame()]
        self.level = 0
        self.roman = 0
        self.open: Block | None = None
        """The last paragraph, while it has not said what is to be changed."""

    def paragraph(self, block: Block) -> None:
        """Reads one paragraph of instructions."""
        tokens = scan(block.text, self.pattern)
        label = tokens[0].value.strip() if tokens and tokens[0].kind == "label" else ""
        level = self._level_of(label.strip("()."))
        if level <= self.level or level == 0:
            self.close()
        if level == 0:
            self.number, self.target, self.effective = label.strip("()."), None, None
            self.batch += 1
        self.frames[level:] = [_Frame() for _ in self.frames[level:]]
        self.level = level
        self._aim(tokens, block)
        self._parts(tokens, block)

    def close(self) -> None:
        """Ends a paragraph that announces a change and is followed by none: it is not lost."""
        if self.open is not None:
            destination, word = self._inherited("destination"), self._inherited("word")
            part = _Part(destination, word, [])
            part.scope = "unknown" if destination else "whole"
            self._emit(part, self.open)
        self.open = None

    def _level_of(self, label: str) -> int:
        """Numbers are the first level, letters the second; Roman numerals only below an open paragraph."""
        if label.isdigit():
            return 0
        awaited = 1 if self.open is not None and self.level == 1 else self.roman + 1 if self.level == 2 else 0
        if awaited and awaited < len(_ROMAN) and label.lower() == _ROMAN[awaited]:
            self.roman = awaited
            return 2
        self.roman = 0
        return 1

    def _aim(self, tokens: list[Token], block: Block) -> None:
        """Finds which supplement is meant; a section of the regulations is none."""
        for token in tokens:
            if token.kind == "supplement" and (self.level == 0 or self.target is None):
                found = _SUPPLEMENT.fullmatch(token.value)
                part = found and (found.group(2) or block.part)
                self.target = (int(found.group(1)), part) if found and part else None
                return
            if token.kind == "section" and self.level == 0:
                return

    def _inherited(self, field: str) -> str | None:
        return next((value for frame in reversed(self.frames) if (value := getattr(frame, field))), None)

    def _parts(self, tokens: list[Token], block: Block) -> None:
        """Folds the tokens of one paragraph: a verb, or a destination after names, begins another part."""
        unknown = [word for frame in self.frames for word in frame.unknown]
        part = _Part(None, None, unknown)
        emitted = False
        awaiting = ""
        for token in tokens:
            place = token.kind == "place" and awaiting in {"under", "heading"}
            moves = place and awaiting == "under" and part.destination not in {None, token.value}
            if part.filled and (token.kind == "verb" or moves):
                self._emit(part, block)
                emitted = True
                scope = part.scope
                part = _Part(part.destination, part.word if moves else None, unknown)
                part.scope = "introduction" if scope == "introduction" else "entries"
            _take(part, token, awaiting, self)
            if token.kind not in {"word"} or awaiting != "new name":
                awaiting = _AWAITED.get(token.kind, "")
        if part.filled:
            self._emit(part, block)
        elif not emitted:
            frame = self.frames[self.level]
            frame.destination, frame.word, frame.unknown = part.destination, part.word, part.unknown[len(unknown) :]
            self.open = block
            return
        self.open = None

    def _emit(self, part: _Part, block: Block) -> None:
        word = part.word or self._inherited("word") or ""
        tokens = [*part.names, *([part.new_name] if part.new_name else [])]
        start = min((token.start for token in tokens), default=0) + block.start
        end = max((token.end for token in tokens), default=len(block.text)) + block.start
        self.found.append(
            Instruction(
                target=self.target, number=self.number, batch=self.batch, word=word,
                verb=next((verb for stem, verb in _VERBS.items() if word.lower().startswith(stem)), "other"),
                destination=part.destination or self._inherited("destination"),
                names=tuple(_name(token, block) for token in part.names),
                new_name=part.new_name.value if part.new_name else None,
                count=part.count, scope=part.scope, effective=self.effective,
                unknown=tuple(part.unknown), start=start, end=end,
            )
        )


_AWAITED = {"under": "under", "heading": "heading", "to_read": "new name"}


def _take(part: _Part, token: Token, awaiting: str, reader: _Reader) -> None:
    """Puts what one token says into the part that is being read."""
    match token.kind:
        case "verb" | "should_read":
            part.word = token.value
        case "place" if awaiting == "under":
            part.destination = token.value
            part.scope = "entries" if part.scope == "introduction" else part.scope
        case "place" if awaiting == "heading":
            part.destination = token.value
            if (part.word or reader._inherited("word") or "").lower().startswith(("remov", "delet")):
                part.scope = "heading" if not part.names else part.scope
        case "name" if awaiting == "new name" and len(part.names) == 1:
            part.new_name = token
        case "name":
            part.names.append(token)
        case "broken":
            before = " ".join(part.unknown)
            part.unknown.clear()
            part.names.append(Token("broken", f"{before} {token.value}".strip(), token.start, token.end))
        case "count":
            part.count = number(token.value.split()[0])
        case "introduction":
            part.scope = "introduction"
        case "effective":
            reader.effective = re.sub(r"\A\s*effective\s+(?:on\s+)?", "", token.value, flags=re.IGNORECASE)
        case "place":
            part.unknown.append(token.value)
        case "word" if token.value.lower() not in _PLAIN:
            part.unknown.append(token.value)
        case _:
            pass


def _name(token: Token, block: Block) -> Name:
    return Name(
        text=token.value, start=block.start + token.start, end=block.start + token.end, broken=token.kind == "broken"
    )


def read_instructions(blocks: Sequence[Block], destinations: Iterable[str]) -> tuple[Instruction, ...]:
    """Reads all amending instructions of a document, of whatever supplement, in order.

    A correction names the supplement in the section heading above its instructions.
    """
    reader = _Reader(tuple(destinations))
    for block in blocks:
        if block.tag == "AMDPAR":
            reader.paragraph(block)
        elif block.tag == "SECTNO" and (found := _SUPPLEMENT.search(block.text)):
            reader.close()
            part = found.group(2) or block.part
            reader.target = (int(found.group(1)), part) if part else None
    reader.close()
    return tuple(reader.found)
