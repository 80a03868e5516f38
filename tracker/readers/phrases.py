"""Families of words found in a text at once: phrases with inflections, as one automaton.

A phrase is written with its endings in braces: `end{,s,ed,ing}` stands for four words,
`{stop,cease}{,s} taking` for four phrases. An empty choice is allowed; braces may be nested. A
phrase that ends in `$` counts only where its clause ends: German "ein$" is the particle of
"stellt ... ein", not the article. One that begins with `~` is found at the end of longer words too:
German "~vertrag" in "Rahmenvertrag".
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

ALWAYS: Final = "block:"
OTHER_ACT: Final = "other_act"
NOT: Final = ":no"
"""Families whose name ends so take words from the family before the colon, and from no other: 新闻 is not 新.

They take words from blockers, too: `"block:negation:no"` has "no cabe duda", which negates nothing.
"""
_MOST_EXPANSIONS = 4000
_NUMBER: Final = re.compile(r",? \d")
_DAY: Final = re.compile(r"\d{1,4}[年月日号]")
"""A date that no blank parts from a name before it: ARM5月23日."""
_WORD: Final = re.compile(r"[^\W_\u2e80-\U0010ffff]{2,}")
_AROUND: Final = 50
"""How far before and behind what is inserted a phrase is looked for that stands around it."""
_INNERMOST: Final = re.compile(r"\{([^{}]*)\}")
_BLANKS: Final = re.compile(" {2,}")
_CLAUSE_END: Final = re.compile(r"\s*(?:$|[.,;:!?()«»„“”\"–—。、」』])")
BEGIN: Final = r"(?:(?=[^\x00-\u2e7f])|(?<!(?=[\x00-\u2e7f])\w))"
END: Final = r"(?:(?<=[^\x00-\u2e7f])|(?!(?=[\x00-\u2e7f])\w))"
"""Where a word may begin and end, for regular expressions: what `whole_words` tells of a span.

Ranges up to the last code point would be the same, and take a tenth of a second to compile wherever case is ignored.
"""
_SAME_LENGTH = str.maketrans({"’": "'", "ʼ": "'", "‑": "-", "‐": "-", "\u00a0": " ", "\u202f": " ", "\n": " ", "\t": " "})


_SMALL_WORD: Final = re.compile(r"\b(?!with|from|over|into)[a-z]{4,}\b")


class Tag(NamedTuple):
    """A stretch of text that belongs to a family; offsets count code points in the text given."""

    family: str
    start: int
    end: int


def fold(text: str) -> str:
    """Lower case with plain apostrophes, hyphens and blanks, and never another length."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters, such as U+0130, grow when lowered
        lowered = "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
    return lowered.translate(_SAME_LENGTH)


def is_title(text: str) -> bool:
    """Whether no longer word is small, so that capitals tell no names: "MIT Cuts Ties With Huawei"."""
    return _SMALL_WORD.search(text) is None


def expand(phrase: str) -> tuple[str, ...]:
    """All phrases that a phrase with braces stands for; raises ValueError for unbalanced braces."""
    parts = _INNERMOST.split(phrase)
    if any("{" in part or "}" in part for part in parts[::2]):
        if len(parts) == 1:
            raise ValueError(f"{phrase!r}: the braces are not balanced")
        before, after = parts[0], phrase[len(parts[0]) + len(parts[1]) + 2 :]
        expanded = dict.fromkeys(each for choice in parts[1].split(",") for each in expand(f"{before}{choice}{after}"))
        return _few(phrase, expanded)
    choices = [part.split(",") if place % 2 else [part] for place, part in enumerate(parts)]
    return _few(phrase, dict.fromkeys(_tidy("".join(each)) for each in product(*choices)))


def _few(phrase: str, expanded: dict[str, None]) -> tuple[str, ...]:
    if len(expanded) > _MOST_EXPANSIONS:
        raise ValueError(f"{phrase!r}: more than {_MOST_EXPANSIONS} phrases; split it")
    return tuple(expanded)


def _tidy(phrase: str) -> str:
    return (_BLANKS.sub(" ", phrase) if "  " in phrase else phrase).strip()


class _Member:
    """One family of a phrase: whether it counts only where its clause ends (`last`) and at the end of words (`tail`)."""

    __slots__ = ("alone", "family", "group", "hides", "last", "tail", "takes_back")

    def __init__(self, family: str, last: bool, tail: bool, unhidden: bool) -> None:
        self.family, self.last, self.tail = family, last, tail
        self.takes_back = family.startswith(ALWAYS)
        self.alone = self.takes_back or unhidden
        self.group = family.removesuffix(NOT) if self.alone else family.partition(":")[0]
        self.hides = not (self.alone or family.endswith(NOT))


class Phrases:
    """The compiled families: `Phrases({"cut": ["end{,s,ed}"]}).tags(fold(text))`."""

    def __init__(
        self,
        families: Mapping[str, Iterable[str]],
        *,
        hiding: bool = True,
        unhidden: frozenset[str] = frozenset(),
        inserted: re.Pattern[str] | None = None,
    ) -> None:
        self._hiding = hiding
        self._inserted = inserted
        members: dict[str, tuple[_Member, ...]] = {}
        for family, phrases in families.items():
            alone = family in unhidden
            kinds = {(last, tail): (_Member(family, last, tail, alone),) for last in (False, True) for tail in (False, True)}
            for each in (each for phrase in phrases for each in expand(fold(phrase))):
                if word := each.removesuffix("$").removeprefix("~"):
                    member = kinds[each[-1] == "$", each[0] == "~"]
                    known = members.setdefault(word, member)  # mostly one: nothing is made for each of 100,000 phrases
                    if member[0] not in known:
                        members[word] = (*known, *member)
        self._phrases = list(members)
        self._members = list(members.values())
        self._compounds = frozenset(place for place, each in enumerate(self._members) if any(one.tail for one in each))
        self._automaton = AhoCorasick(self._phrases, matchkind=MatchKind.Standard)

    def tags(self, folded: str) -> list[Tag]:
        """Whole-word occurrences in order of place.

        Of two that begin together the longer stays, where phrases hide others ("put" goes where "put on hold" stands); of two
        of one family, or of two whose family names begin alike up to a colon, one inside the other.
        """
        spans = list(self._spans(folded))
        inserted = [match.span("between") for match in self._inserted.finditer(folded)] if self._inserted else []
        for between in inserted:
            spans += self._spans_around(folded, *between)
        spans.sort(key=lambda span: (span[0], -span[1]))
        tags: list[Tag] = []
        reach: dict[str, int] = {}
        begun = begun_end = -1
        for start, end, index, compound in spans:
            hides = False
            for member in self._members[index]:
                if (compound and not member.tail) or (member.last and not _CLAUSE_END.match(folded, end)):
                    continue
                if inserted and member.takes_back and any(begin <= start and end <= behind for begin, behind in inserted):
                    continue  # "a, sans attendre, rompu"
                hides = hides or member.hides
                hidden = self._hiding and start == begun and end < begun_end and not member.alone
                if end <= reach.get(member.group, 0) or hidden:
                    continue
                reach[member.group] = end
                if not (member.takes_back and member.family.endswith(NOT)):
                    tags.append(Tag(member.family, start, end))
            # A phrase that counts only where its clause ends hides no shorter one elsewhere.
            if start != begun and hides:
                begun, begun_end = start, end
        return tags

    def _spans(self, folded: str) -> Iterator[tuple[int, int, int, bool]]:
        """Where phrases stand as whole words, and where they end a longer word, which is then all of the span."""
        inside = inside_words(folded)
        for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if not (inside[start] or inside[end]):
                yield start, end, index, False
            elif index in self._compounds and not (end < len(folded) and _cased(folded[end])):
                begin = start
                while begin and (folded[begin - 1].isalnum() or folded[begin - 1] == "-"):
                    begin -= 1
                yield begin, end, index, True

    def _spans_around(self, folded: str, start: int, end: int) -> Iterator[tuple[int, int, int, bool]]:
        """Where phrases stand around what is inserted: "a repris" in "a de son côté repris"."""
        begin = max(0, start - _AROUND)
        closed = folded[begin:start] + folded[end : end + _AROUND]
        for one, other, index, compound in self._spans(closed):
            if begin + one < start < begin + other:
                yield begin + one, begin + other + end - start, index, compound


def inside_words(text: str) -> bytearray:
    """For each place of a text, and that behind it, whether it lies within a word: what `whole_words` asks of two of them."""
    inside = bytearray(len(text) + 1)
    for word in _WORD.finditer(text):
        start, end = word.span()
        inside[start + 1 : end] = b"\1" * (end - start - 1)
    return inside


def is_a_month(text: str, tag: Tag) -> bool:
    """Whether a word that is also a month's name is one here: "in May", and "May 20: Google ..."."""
    return text[tag.start].isupper() and (tag.start > 0 or _NUMBER.match(text, tag.end) is not None)


def whole_words(text: str, start: int, end: int) -> bool:
    """Whether a span neither begins nor ends within a word (only where its own edge is a letter or digit)."""
    if start and _cased(text[start]) and _cased(text[start - 1]):
        return False
    if not (end < len(text) and _cased(text[end - 1]) and _cased(text[end])):
        return True
    return not text[end - 1].isdigit() and _DAY.match(text, end) is not None


def _cased(letter: str) -> bool:
    """Letters and digits of scripts that put blanks between words; Chinese and Japanese do not."""
    return letter.isalnum() and letter < "\u2e80"
