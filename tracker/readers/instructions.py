"""Amending instructions: paragraphs to tokens, tokens to what is to be done to which entries.

"2. Supplement No. 4 to part 744 is amended: a. Under CANADA, by adding in alphabetical order, entries for
“A” and “B”;" The supplement, the destination and the verb may each stand in an earlier paragraph; they are
carried along in three frames, one for each level of labels (2., a., i.). Words that are not understood
are kept on the instruction, so that it can be put in front of a person instead of being guessed at.
"""

import re
from collections.abc import Iterable, Sequence

from tracker.readers.instruction import ENTITY_LIST, Instruction, Name, Verb
from tracker.readers.instruction_part import AWAITED, Part
from tracker.readers.instruction_tokens import SUPPLEMENT, Token, scan
from tracker.readers.register_xml import Block
from tracker.readers.rule_dates import read_day, read_term

__all__ = ["ENTITY_LIST", "Instruction", "Name", "read_instructions"]

_VERBS: dict[str, Verb] = {
    "add": "add", "revis": "revise", "modif": "revise", "amending": "revise", "correcting": "revise", "remov": "remove",
    "delet": "remove", "suspend": "suspend",
}  # fmt: skip
_SUPPLEMENT = re.compile(SUPPLEMENT, re.IGNORECASE)
_ROMAN = [
    tens + units
    for tens in ("", "x", "xx", "xxx", "xl", "l")
    for units in ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
]


class _Frame:
    """What one level of labels has said, for the levels below it."""

    def __init__(self) -> None:
        self.destination: str | None = None
        self.word: str | None = None
        self.unknown: list[str] = []


class _Reader:
    """Folds paragraphs into instructions, carrying supplement, destination and verb along."""

    def __init__(self, destinations: tuple[str, ...]) -> None:
        self.destinations = destinations
        self.found: list[Instruction] = []
        self.target: tuple[int, str] | None = None
        self.section: tuple[int, str] | None = None
        """The supplement whose heading stands above the paragraphs, as in corrections."""
        self.number: str | None = None
        self.batch = 0
        self.effective: str | None = None
        self.until: str | None = None
        self.frames = [_Frame(), _Frame(), _Frame()]
        self.level = 0
        self.roman = 0
        self.open: Block | None = None
        """The last paragraph, while it has not said what is to be changed."""

    def paragraph(self, block: Block) -> None:
        """Reads one paragraph of instructions."""
        tokens = scan(block.text, self.destinations)
        label = tokens[0].value.strip() if tokens and tokens[0].kind == "label" else ""
        level = self._level_of(label.strip("()."))
        if level <= self.level or level == 0:
            self.close()
        if level == 0:
            self.number, self.target, self.effective, self.until = label.strip("()."), self.section, None, None
            self.batch += 1
        self.frames[level:] = [_Frame() for _ in self.frames[level:]]
        self.level = level
        self._aim(tokens, block)
        self._parts(tokens, block)

    def close(self) -> None:
        """Ends a paragraph that announces a change and is followed by none: it is not lost."""
        if self.open is not None:
            destination, word = self._inherited("destination"), self._inherited("word")
            part = Part(destination, word, [])
            part.scope = "whole" if destination is None and self._is_whole(self.open, word or "") else "unknown"
            self._emit(part, self.open)
        self.open = None

    def _is_whole(self, block: Block, word: str) -> bool:
        """Whether a paragraph that names nothing prints the whole supplement anew: it revises it, or says how it reads."""
        if any(token.kind == "entries" for token in scan(block.text, self.destinations)):
            return False
        anew = re.match(r"revis|republish|replac", word, re.IGNORECASE)
        return bool(anew) or (not word and re.search(r"\bto\s+read\b", block.text, re.IGNORECASE) is not None)

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

    def _aim(self, tokens: Sequence[Token], block: Block) -> None:
        """Finds which supplement is meant; a section of the regulations is none."""
        for token in tokens:
            if token.kind == "supplement" and (self.level == 0 or self.target is None):
                found = _SUPPLEMENT.fullmatch(token.value)
                self.target = _supplement(found, block)
                return
            if token.kind == "section" and self.level == 0:
                return

    def _inherited(self, field: str) -> str | None:
        return next((value for frame in reversed(self.frames) if (value := getattr(frame, field))), None)

    def _parts(self, tokens: Sequence[Token], block: Block) -> None:
        """Folds the tokens of one paragraph: a verb, or a destination after names, begins another part."""
        unknown = [word for frame in self.frames for word in frame.unknown]
        part = Part(None, None, unknown)
        emitted = False
        awaiting = ""
        # Words that give way to others are no entries: "by removing “x” and adding “y” in its place".
        within = any(token.kind == "in_place" for token in tokens)
        for token in tokens:
            kind = token.kind
            if kind == "word":
                part.take_word(token.value)
                awaiting = awaiting if awaiting == "new name" else ""
                continue
            moves = kind == "place" and awaiting == "under" and part.destination not in {None, token.value}
            if (moves or kind == "verb") and part.filled:
                within = within or bool(part.names and not part.word and not self._inherited("word"))
                self._emit(part, block, within=within)
                emitted = True
                scope = part.scope
                part = Part(part.destination, part.word if moves else None, unknown)
                part.scope = "introduction" if scope == "introduction" else "entries"
            if kind == "effective":
                self.effective = read_day(token.value)
            elif kind == "term":
                self.effective, self.until = read_term(token.value)
            part.take(token, awaiting)
            awaiting = AWAITED.get(kind, "")
        if part.filled:
            self._emit(part, block, within=within)
        elif not emitted:
            frame = self.frames[self.level]
            frame.destination, frame.word, frame.unknown = part.destination, part.word, part.unknown[len(unknown) :]
            self.open = block
            return
        self.open = None

    def _emit(self, part: Part, block: Block, *, within: bool = False) -> None:
        """Notes an instruction. `within` an entry, only what is said to be an entry is one."""
        word = part.word or self._inherited("word") or ""
        alone = part.heading and not part.names and part.count is None and part.scope == "entries"
        tokens = [*part.names, *([part.new_name] if part.new_name else [])]
        start = min((token.start for token in tokens), default=0) + block.start
        end = max((token.end for token in tokens), default=len(block.text)) + block.start
        self.found.append(
            Instruction(
                target=self.target,
                number=self.number,
                batch=self.batch,
                word=word,
                verb=next((verb for stem, verb in _VERBS.items() if word.lower().startswith(stem)), "other"),
                destination=part.destination or self._inherited("destination"),
                names=tuple(_name(token, block) for token in part.names),
                new_name=part.new_name.value if part.new_name else None,
                count=part.count,
                scope="heading" if alone else part.scope,
                effective=self.effective,
                until=self.until,
                unknown=tuple(part.words_not_understood()),
                within=within and bool(part.names) and not part.entries,
                start=start,
                end=end,
            )
        )


def _supplement(found: re.Match[str] | None, block: Block) -> tuple[int, str] | None:
    """The supplement that a paragraph names, and its part, which the paragraph or the frame around it tells."""
    part = found and (found["part"] or block.part)
    return (int(found["number"]), part) if found and part else None


def _name(token: Token, block: Block) -> Name:
    return Name(
        text=token.value,
        start=block.start + token.start,
        end=block.start + token.end,
        broken=token.kind != "name",
        delimited=token.kind == "delimited",
    )


def read_instructions(blocks: Sequence[Block], destinations: Iterable[str]) -> tuple[Instruction, ...]:
    """Reads all amending instructions of a document, of whatever supplement, in order.

    A correction names the supplement in the section heading above its instructions.
    """
    reader = _Reader(tuple(destinations))
    for block in blocks:
        if block.tag == "AMDPAR":
            reader.paragraph(block)
        elif block.tag == "SECTNO":
            reader.close()
            found = _SUPPLEMENT.search(block.text)
            reader.section = _supplement(found, block)
            reader.target = reader.section or reader.target
    reader.close()
    return tuple(reader.found)
