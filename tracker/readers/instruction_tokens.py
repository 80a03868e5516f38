"""The tokens of an amending instruction: labels, supplements, destinations, verbs, quoted names.

A paragraph is tokenized whole; what no pattern knows is a `word`, so that nothing goes unseen.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec


class Token(msgspec.Struct, frozen=True):
    """One token of a paragraph: what it is, what it says, where it stands in the paragraph."""

    kind: str
    value: str
    start: int
    end: int


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
# A destination that the register does not know is seen by its capitals.
_CAPITALS = r"(?-i:[A-Z][A-Z'’.,\- ]{2,}[A-Z]\b)"
# Tried in this order at every place of a paragraph; PLACE stands for a destination.
_TOKENS = (
    ("blank", r"\s{2,}"),
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

# "destination of “A"; "headings for “A” and “B".
_AT_A_HEADING = re.compile(
    r"\b(?:(?:destination|heading|country)\s+(?:(?:of|for)\s+)?(?:the\s+)?"
    r"|(?:destinations|headings|countries)\s+(?:(?:of|for)\s+)?(?:the\s+)?(?:“[^“”]*”[\s,;]*(?:and\s+)?)*)$",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def tokenizer(destinations: tuple[str, ...]) -> re.Pattern[str]:
    """The pattern of all tokens, with the destinations that are known by name, in full or in short."""
    short = (destination.partition(",")[0] for destination in destinations)
    known = sorted({name for name in (*destinations, *short) if name.strip()}, key=len, reverse=True)
    names = (re.sub(r"['’]", "['’]", re.escape(name)).replace(r"\ ", r"\s+") + r"(?!\w)" for name in known)
    place = f"(?:{'|'.join([*names, _CAPITALS])})"
    parts = (f"(?P<t{i}>{pattern.replace('PLACE', place)})" for i, (_, pattern) in enumerate(_TOKENS))
    return re.compile("|".join(parts), re.IGNORECASE)


def scan(text: str, pattern: re.Pattern[str]) -> list[Token]:
    """The tokens of one paragraph, in order; what stands between quotation marks is one token."""
    quoted: list[Token] = []
    masked = list(text)
    placed = 0
    for name in _quoted(text):
        if _is_place(name, text, placed, pattern):
            # The destination is read with the words before it; the mark that closes it keeps it apart.
            masked[name.start], placed = " ", name.end
        else:
            masked[name.start : name.end] = " " * (name.end - name.start)
            quoted.append(name)
    found = [
        Token(_TOKENS[int(str(match.lastgroup)[1:])][0], match.group(), match.start(), match.end())
        for match in pattern.finditer("".join(masked))
        if match.lastgroup != "t0"
    ]
    return sorted([*quoted, *found], key=lambda token: token.start)


def _is_place(name: Token, text: str, placed: int, pattern: re.Pattern[str]) -> bool:
    """Whether what stands between quotation marks is a destination, not an entity.

    `placed` is where the last destination between quotation marks ended: another may follow it.
    """
    before = text[: name.start]
    if name.kind == "name" and _AT_A_HEADING.search(before):
        return True
    follows = bool(placed) and re.fullmatch(r"[\s,;]*(?:and\s+)?", before[placed:]) is not None
    if name.kind != "name" or not (follows or re.search(r"\bunder\s+(?:the\s+)?$", before, re.IGNORECASE)):
        return False
    found = pattern.match(name.value)
    return found is not None and found.end() == len(name.value) and _TOKENS[int(str(found.lastgroup)[1:])][0] == "place"


def _quoted(text: str) -> Iterator[Token]:
    """Names between quotation marks, which may be nested; of another kind where a mark is missing.

    `delimited` names have lost a mark, and yet what separates them shows where they begin and end; `broken`
    ones may have lost words too. A mark that opens after a semicolon begins the next name, even if the last
    one was not closed; a mark that closes before the next name ends it, even if two were opened.
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
                clear = depth == 1 and re.search(r"(?:\bfor|\band|[;,])\s*$", text[:start])
                yield Token("delimited" if clear else "broken", _bare(text[start + 1 : at]), start, at)
                depth = 0
            start = start if depth else at
            depth += 1
        elif depth:
            depth -= 1
            if depth and _ends_name(text, at):
                yield Token("delimited", _bare(text[start + 1 : at]), start, at + 1)
                depth = 0
            elif not depth:
                yield Token("name", _bare(text[start + 1 : at]), start, at + 1)
        else:
            yield _unopened(text, done, at)
        done = done if depth else at + 1
    if depth:
        yield Token("broken", _bare(text[start + 1 :]), start, len(text))


def _unopened(text: str, done: int, at: int) -> Token:
    """A name whose opening mark is lost: from what separates it from the last one, to the closing mark."""
    before = text[done:at].rstrip(" ;,")
    apart = re.match(r"[\s;,]*(?:and\s+)?", before)
    name = before[apart.end() :] if apart and done else ""
    if not name or ";" in name or re.search(r"\bentr(?:y|ies)\b", name):
        name = re.split(r";\s*(?:and\s+)?|\bfor\s+|\band\s+(?=\w+$)", before)[-1].lstrip()
        apart = None
    start = done + len(before) - len(name)
    return Token("delimited" if apart else "broken", name, start, at + 1)


def _ends_name(text: str, at: int) -> bool:
    """Whether the closing mark stands before the next name, or at the end of the paragraph."""
    after = text[at + 1 :]
    if re.match(r"\s*[;,]\s*(?:and\s+)?“|[\s;,.]*(?:and\s*)?$", after):
        return True
    return text[at - 1] in ";," and re.match(r"\s*(?:and\s+)?“", after) is not None


def _bare(text: str) -> str:
    return re.sub(r"(?:[;,]\s*(?:and)?\s*)+$", "", text.strip()).strip()
