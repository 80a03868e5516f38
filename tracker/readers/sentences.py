"""Text cut into sentences, with the place of each in the text.

Lines end sentences; so do full stops, question and exclamation marks with what closes a quotation
behind them, unless they belong to an abbreviation, an initial or a number. A missing blank after a
full stop ("resolved.The") still ends a sentence; a missing blank after a comma ends nothing.
"""

import re
from collections.abc import Collection
from typing import Final, NamedTuple

_STOP: Final = re.compile(
    r"(?:[.!?…]+[\"'”’»)\]]*(?=\s|$|[A-ZÀ-Ý«“\"])|[。！？]+[”』」）]*|\n+)",
)
_WORD_BEFORE: Final = re.compile(r"([\w.]+)$")
_CLOSING: Final = re.compile(r"[ \u00a0\u202f]*[»”\"](?=\s|$)")
# Where no blanks part words the speaker may follow the quotation's own full stop: “……。”发言人说。
_SPEAKER: Final = re.compile(
    r"[^\n。！？“「『”]{1,40}?(?:说|說|表示|称|稱|指出|写道|寫道|强调|強調|透露|回应|回應|补充|補充|述べた|語った)"
)
_BEFORE_ORDINAL: Final = 24
_LONGEST: Final = 4000
ABBREVIATIONS: Final = frozenset(
    {
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "gen",
        "sen",
        "rep",
        "gov",
        "st",
        "co",
        "corp",
        "inc",
        "ltd",
        "jr",
        "sr",
        "no",
        "vs",
        "etc",
        "fig",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "u.s",
        "u.k",
        "u.n",
        "e.g",
        "i.e",
        "p.m",
        "a.m",
        "ph.d",
        "vol",
        "approx",
        "dept",
        "univ",
        "mass",
        "calif",
        "av",
        "cf",
        "env",
        "art",
    }
)


class Sentence(NamedTuple):
    """One sentence: its words and where they begin in the text. `line` counts lines from 0."""

    text: str
    start: int
    line: int

    @property
    def end(self) -> int:
        """The offset behind its last character."""
        return self.start + len(self.text)


def sentences(text: str, abbreviations: Collection[str] = (), ordinal: re.Pattern[str] | None = None) -> list[Sentence]:
    """Cuts a text into sentences; `text[s.start:s.end] == s.text` for each.

    `ordinal` finds a number whose full stop is its own at the end of a stretch: German "das 771. Forschungsinstitut".
    """
    known = ABBREVIATIONS.union(word.casefold().rstrip(".") for word in abbreviations)
    found: list[Sentence] = []
    start = line = 0
    for stop in _STOP.finditer(text):
        if stop.start() < start:
            continue
        is_line = stop[0].startswith("\n")
        if not is_line and not _ends(text, stop, known, ordinal):
            continue
        end = stop.start() if is_line else stop.end()
        closing = None if is_line else _CLOSING.match(text, end)
        if closing and text.count("«", start, end) + text.count("“", start, end) > 0:
            end = closing.end()
        _append(found, text, start, end, line)
        start = max(end, stop.end())
        line += is_line
    _append(found, text, start, len(text), line)
    return found


def _append(found: list[Sentence], text: str, start: int, end: int, line: int) -> None:
    """Adds a stretch without the blanks around it, in pieces where it is far too long to be a sentence."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > _LONGEST:
        cut = text.rfind(" ", start, start + _LONGEST)
        cut = cut if cut > start else start + _LONGEST
        found.append(Sentence(text[start:cut], start, line))
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if end > start:
        found.append(Sentence(text[start:end], start, line))


def _ends(text: str, stop: re.Match[str], abbreviations: Collection[str], ordinal: re.Pattern[str] | None) -> bool:
    """Whether a mark ends a sentence."""
    mark = stop[0][0]
    if mark in "。！？…":
        if stop[0][-1] in "”」』" and _SPEAKER.match(text, stop.end()):
            return False
        return mark != "…" or _capital_follows(text, stop.end())
    if mark != ".":
        return True
    before = _WORD_BEFORE.search(text, max(0, stop.start() - 30), stop.start())
    word = before[1] if before else ""
    single = len(stop[0]) == 1
    glued = stop.end() < len(text) and not text[stop.end()].isspace()
    if single and glued and not _glued_stop(text, stop.start()):
        return False
    if single and (word.casefold() in abbreviations or (_INITIALS.fullmatch(word) and word not in _PLACES)):
        # "U.S." and "Ltd." may end a sentence; other abbreviations and initials do not.
        return word.casefold() in _MAY_END and _new_sentence_word(text, stop.end())
    if single and ordinal and word.isdecimal() and ordinal.search(text[max(0, stop.start() - _BEFORE_ORDINAL) : stop.end()]):
        return False
    return glued or _capital_follows(text, stop.end())


def _glued_stop(text: str, at: int) -> bool:
    """Whether a full stop without a blank behind it stands between a word and a capitalised word."""
    following = text[at + 1 : at + 3]
    return (
        at >= 3
        and text[at - 3 : at].isalpha()
        and text[at - 1].islower()
        and (following[:1] in '«“"' or (following[:1].isupper() and following[1:2].islower()))
    )


def _capital_follows(text: str, at: int) -> bool:
    following = text[at : at + 6].lstrip(" \u00a0\u202f\t\n«“\"'‘(–—-•")
    # "iFlytek" begins a sentence too.
    return not following or not following[0].islower() or following[1:2].isupper()


_INITIALS: Final = re.compile(r"[A-ZÀ-Ý](?:\.[A-ZÀ-Ý])*")
"""What may stand before a name: "J.P. Morgan"."""
_PLACES: Final = frozenset({"D.C", "L.A", "N.Y", "U.A.E", "P.R.C", "U.S.A", "E.U", "U.E"})
"""What is written like initials and ends a sentence."""
_MAY_END: Final = frozenset({"u.s", "u.k", "u.n", "uu", "ltd", "inc", "corp", "co", "p.m", "a.m", "etc"})
_NEW_SENTENCE: Final = re.compile(
    r"\s+(?:The|It|In|On|A|An|But|He|She|They|This|That|At|For|Its|Both|Also|Last|Earlier"
    r"|Le|La|Les|L['’]|Il|Elle|Ils|Elles|Au|Aux|En|Un|Une|Ce|Cette|Ces|Dans|Pour|Selon|D['’]|À|Mais|Plus"
    r"|El|Los|Las|Una|Según|Der|Die|Das|Ein|Eine|Im|Nach|De|Het|Een|Gli|Lo|Os|As|O|Uma|Um)(?!\w)"
)


def _new_sentence_word(text: str, at: int) -> bool:
    return at >= len(text) or _NEW_SENTENCE.match(text, at) is not None
