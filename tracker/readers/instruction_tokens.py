"""The tokens of an amending instruction: labels, supplements, destinations, verbs, quoted names.

A paragraph is tokenized whole; what no pattern knows is a `word`, so that nothing goes unseen.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from operator import attrgetter

import msgspec


class Token(msgspec.Struct, frozen=True, gc=False):
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
# Printed as "Supplement No. 4 to part 744", seldom as "supplement 4 to 15 CFR part 744".
SUPPLEMENT = (
    r"(?:supplement|supp\.)\s+(?:(?:no\.?|number)\s*)?(?P<number>\d+)(?:\s+(?:to|of)\s+(?:15\s+CFR\s+)?part\s+(?P<part>\d+))?"
)
_UNNAMED_SUPPLEMENT = re.sub(r"\(\?P<\w+>", "(?:", SUPPLEMENT)
# A destination that the register does not know is seen by its capitals.
_CAPITALS = r"(?-i:[A-Z][A-Z'’.,\- ]{2,}[A-Z]\b)"
# Tried in this order at every place of a paragraph; PLACE stands for a destination.
_TOKENS = (
    ("blank", r"\s{2,}|(?!\A)[^\w§'’-]+"),
    ("label", r"\A\s*(?:\d+\.|\(?[a-z]{1,6}[.)]|\(\d+\))(?=\s)"),
    # Every second word is one of these, and begins nothing else: none of the other patterns is tried.
    ("word", r"\b(?-i:alphabetical|order|by|in(?!\s+(?:its|their)\s+place)|for|and)\b(?![§'’-])"),
    ("supplement", rf"\b{_UNNAMED_SUPPLEMENT}"),
    ("section", r"(?:§+\s*|\bsections?\s+)\d{3}\.\d+|\bauthority\s+citation"),
    ("skip", r"\bunder\s+(?:the\s+country\s+column|that\s+heading)|\bto\s+read\s+as\s+follows"),
    ("term", rf"\b(?:effective\s+)?from\s+{_DAY}\s*,?\s+(?:through|until)\s+{_DAY}"),
    ("effective", rf"\beffective\s+(?:on\s+)?{_DAY}"),
    ("introduction", r"\bintroductory\s+(?:text|paragraphs?)"),
    ("footnote", r"\bfootnotes?\s+\d+"),
    ("in_place", r"\bin\s+(?:its|their)\s+places?\b"),
    ("everything", r"\ball\s+(?:of\s+)?(?:the\s+)?entries"),
    ("to_read", r"\bto\s+read\b"),
    ("should_read", r"\bshould\s+read\b"),
    ("under", r"\bunder\s+(?:the\s+)?(?:(?:destination|heading|country)\s+(?:of\s+|for\s+)?|entr(?:y|ies)\s+for\s+)?(?=PLACE)"),
    ("heading", r"\b(?:heading|destination|country)\s+(?:of\s+|for\s+)?(?=PLACE)"),
    ("place", r"\bPLACE"),
    ("count", rf"\b{_NUMBER}\s+(?:[A-Z][\w'’-]*\s+){{0,3}}(?:entit(?:y|ies)|persons?|entr(?:y|ies))\b"),
    ("verb", rf"\b(?:{_VERB_WORDS})\b"),
    ("entries", r"\b(?:(?-i:[A-Z][\w'’-]*)\s+){0,3}(?:entit(?:y|ies)(?!\s+list\b)|persons?|entr(?:y|ies))\b"),
    ("word", r"[\w§'’-]+"),
)

_START = attrgetter("start")
_KINDS = {f"t{place}": kind for place, (kind, _) in enumerate(_TOKENS)}

# "destination of “A"; "headings for “A” and “B".
_HEADING_WORDS = ("destination", "heading", "countr")
_HEADING_WORD = re.compile(r"\b(?:destination|heading|country|countries)", re.IGNORECASE)
_UP_TO_THE_NAME = re.compile(
    r"(?:(?:destination|heading|country)\s+(?:(?:of|for)\s+)?(?:the\s+)?"
    r"|(?:destinations|headings|countries)\s+(?:(?:of|for)\s+)?(?:the\s+)?(?:“[^“”]*”[\s,;]*(?:and\s+)?)*)$",
    re.IGNORECASE,
)
_CLOSING_WORDS = re.compile(r"(?:[;,]\s*(?:and)?\s*)+$")
_MARKS = re.compile("[“”]")
_OTHER_MARKS = re.compile(r"\"([^\"]*)\"|``((?:(?!``|'').)*)''|‘‘((?:(?!‘‘|’’).)*)’’")
_BEHIND_A_PLACE = re.compile(r"[\s,;]*(?:and\s+)?")
_UNDER = re.compile(r"\bunder\s+(?:the\s+)?$", re.IGNORECASE)
# "under the " and "; and " are shorter, as texts are folded; looking through all that stands before a name takes its time.
_UNDER_LENGTH = 16


@lru_cache(maxsize=64)
def _tokenizer(destinations: tuple[str, ...]) -> re.Pattern[str]:
    """The pattern of all tokens, with the destinations that are known by name, in full or in short."""
    short = (destination.partition(",")[0] for destination in destinations)
    known = sorted({name for name in (*destinations, *short) if name.strip()}, key=len, reverse=True)
    place = f"(?:{'|'.join([*_by_initial(known), _CAPITALS])})"
    parts = (f"(?P<t{i}>{pattern.replace('PLACE', place)})" for i, (_, pattern) in enumerate(_TOKENS))
    return re.compile("|".join(parts), re.IGNORECASE)


def _by_initial(names: list[str]) -> list[str]:
    """Patterns of names, one for all that begin alike: most words are then no place after some thirty letters.

    The order within an initial stays, so that a longer name is tried before the shorter one that it begins with.
    """
    alike: dict[str, list[str]] = {}
    for name in names:
        alike.setdefault(_spelled(name[0]).lower(), []).append(_spelled(name[1:]))
    return [rf"{initial}(?:{'|'.join(rests)})(?!\w)" for initial, rests in alike.items()]


def _spelled(name: str) -> str:
    """The pattern of a name: either apostrophe, and any blanks."""
    return re.sub(r"['’]", "['’]", re.escape(name)).replace(r"\ ", r"\s+")


@lru_cache(maxsize=4096)  # "The authority citation for 15 CFR part 744 continues to read": many rules begin alike.
def scan(text: str, destinations: tuple[str, ...]) -> tuple[Token, ...]:
    """The tokens of one paragraph, in order; what stands between quotation marks is one token."""
    pattern = _tokenizer(destinations)
    quoted: list[Token] = []
    masked: list[str] = []
    done = placed = 0
    headings: list[int] | None = None
    for name in _quoted(text):
        headings = _headings(text) if headings is None else headings
        if _is_place(name, text, headings, placed, pattern):
            # The destination is read with the words before it; the mark that closes it keeps it apart.
            masked += (text[done : name.start], " ")
            done, placed = name.start + 1, name.end
        else:
            masked += (text[done : name.start], " " * (name.end - name.start))
            done = name.end
            quoted.append(name)
    masked.append(text[done:])
    found = [
        Token(_KINDS[match.lastgroup or ""], match.group(), match.start(), match.end())
        for match in pattern.finditer("".join(masked))
        if match.lastgroup != "t0"
    ]
    return tuple(sorted([*quoted, *found], key=_START))


def _headings(text: str) -> list[int]:
    """Where a paragraph speaks of headings, destinations or countries."""
    lower = text.lower()
    if not any(word in lower for word in _HEADING_WORDS):
        return []
    return [found.start() for found in _HEADING_WORD.finditer(text)]


def _is_place(name: Token, text: str, headings: list[int], placed: int, pattern: re.Pattern[str]) -> bool:
    """Whether what stands between quotation marks is a destination, not an entity.

    `headings` are where headings are spoken of. `placed` is where the last destination between quotation marks
    ended: another may follow it.
    """
    if name.kind != "name":
        return False
    if headings and any(at < name.start and _UP_TO_THE_NAME.match(text, at, name.start) for at in headings):
        return True
    follows = bool(placed) and _BEHIND_A_PLACE.fullmatch(text, placed, name.start) is not None
    if not follows and not _UNDER.search(text[max(0, name.start - _UNDER_LENGTH) : name.start]):
        return False
    found = pattern.match(name.value)
    return found is not None and found.end() == len(name.value) and _KINDS[found.lastgroup or ""] == "place"


def _quoted(text: str) -> Iterator[Token]:
    """Names between quotation marks, which may be nested; of another kind where a mark is missing.

    `delimited` names have lost a mark, and yet what separates them shows where they begin and end; `broken`
    ones may have lost words too. A mark that opens after a semicolon begins the next name, even if the last
    one was not closed; a mark that closes before the next name ends it, even if two were opened.
    """
    if "“" not in text and "”" not in text:
        # Plain text has no other marks than these: "A", ``B'', ‘‘C’’.
        for straight in _OTHER_MARKS.finditer(text):
            yield Token("name", _bare(next(filter(None, straight.groups()), "")), straight.start(), straight.end())
        return
    start, depth, done = 0, 0, 0
    for mark in _MARKS.finditer(text):
        at = mark.start()
        if mark.group() == "“":
            if depth and re.search(r";\s*(?:and\s*)?$", text[max(start, at - _UNDER_LENGTH) : at]):
                clear = depth == 1 and re.search(r"(?:\bfor|\band|[;,])\s*$", text[max(0, start - _UNDER_LENGTH) : start])
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
    text = text.strip()
    return _CLOSING_WORDS.sub("", text).strip() if text.endswith((";", ",", "and")) else text
