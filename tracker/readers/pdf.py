"""The text of a PDF: letters and statements of institutions, as running text.

A PDF holds pieces of text with places on pages, and no paragraphs. So lines are put together from the pieces, what
is printed at the edge of page after page is dropped, and lines are joined to paragraphs by the gaps between them.
The dates that a file gives of itself are those of whoever saved it last: told, and never taken for a publication date.
"""

import io
import itertools
import math
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from tracker.readers.base import UnreadableError

if TYPE_CHECKING:
    import pypdf

_LIGATURES: Final = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u2010": "-", "\u2011": "-"}
)
_BEGINNING: Final = re.compile(rb"[\s\x00\xef\xbb\xbf]*%PDF-")
_PAGE_NUMBER: Final = re.compile(
    r"(?:page|p\.|seite|página|pagina|pág\.|第)?\s*[-–—|]?\s*(?:\d{1,3}|[ivxl]{1,6})\s*[-–—|]?"
    r"(?:\s*(?:of|de|von|di|van|sur|/)\s*\d{1,3})?\s*(?:页|頁|ページ)?",
    re.IGNORECASE,
)
_ITEM: Final = re.compile(r"(?:[•‣▪◦·*–—-]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s")
_ENDS: Final = (".", "!", "?", ":", ";", "”", '"', "»", "。", "！", "？")
_CJK: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")
_MARGIN: Final = 0.12
"""The part of a page's height, at its top and at its bottom, in which headers and footers stand."""


class PdfText(msgspec.Struct, frozen=True, kw_only=True):
    """What a PDF says: running text with an empty line between paragraphs, its largest line, how many pages were read.

    `made` is the day on which the file says that it was made.
    """

    text: str
    title: str | None
    made: str | None
    pages: int
    read: int


class Line(NamedTuple):
    """A printed line: its words, where it begins (points from the bottom left), how large it is, its page.

    `edge`: whether it stands where headers and footers do.
    """

    text: str
    x: float
    y: float
    size: float
    page: int
    edge: bool


def is_pdf(raw: bytes) -> bool:
    """Whether bytes are a PDF, whatever they are called."""
    return _BEGINNING.match(raw[:1024]) is not None


def pdf_text(raw: bytes, key: str, longest: int) -> PdfText:
    """Reads a PDF up to so many characters; raises UnreadableError where it cannot be read or holds no text."""
    if b"%%EOF" not in raw[-4096:]:
        raise UnreadableError(f"{key}: the PDF is cut off before its end: get it again")
    reader, pages = _opened(raw, key)
    lines: list[Line] = []
    count = read = length = 0
    for count, page in enumerate(pages, start=1):
        found = _lines(page, count)
        if found is None:
            continue
        read += 1
        lines += found
        length += sum(len(line.text) for line in found)
        if length > longest:
            break
    if not read:
        raise UnreadableError(f"{key}: the PDF is damaged: none of its {len(pages)} pages can be read")
    kept = _without_edges(lines)
    if not any(letter.isalpha() for line in kept for letter in line.text):
        raise UnreadableError(f"{key}: the PDF holds pictures of its {len(pages)} pages and no text: give its text")
    text = "\n\n".join(_paragraphs(kept))[:longest]
    return PdfText(text=text, title=_title(kept), made=_made(reader), pages=len(pages), read=read)


def _opened(raw: bytes, key: str) -> "tuple[pypdf.PdfReader, Sequence[Any]]":
    import pypdf  # PDF is rare, and loading the library takes longer than most commands
    from pypdf.errors import DependencyError, PyPdfError

    try:
        reader = pypdf.PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError(f"{key}: the PDF is encrypted: give a copy that opens without a password")
        return reader, list(reader.pages)
    except UnreadableError:
        raise
    except DependencyError as error:
        raise UnreadableError(f"{key}: the PDF is encrypted in a way that is not read: {error}") from error
    except (PyPdfError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        words = " ".join(str(error).split()) or type(error).__name__
        raise UnreadableError(f"{key}: the PDF is damaged: {words}") from error


class _Printed:
    """Puts the pieces of a page together to lines, in the order in which they were written."""

    def __init__(self, page: int, bottom: float, height: float) -> None:
        self.lines: list[Line] = []
        self._page = page
        self._text = (bottom + _MARGIN * height, bottom + (1 - _MARGIN) * height)
        self._pieces: list[str] = []
        self._place = (0.0, 0.0, 0.0)

    def visit(self, text: str, matrix: Sequence[float], own: Sequence[float], _font: object, size: float) -> None:
        """Takes the next piece; pypdf gives ends of lines within pieces or as pieces of their own."""
        first, *more = text.split("\n")
        self._add(first, matrix, own, size)
        for piece in more:
            self.end()
            self._add(piece, matrix, own, size)

    def _add(self, piece: str, matrix: Sequence[float], own: Sequence[float], size: float) -> None:
        if piece.strip() and not self._pieces:
            self._place = _place(matrix, own, size)
        if piece.strip() or self._pieces:
            self._pieces.append(piece)

    def end(self) -> None:
        """Ends a line."""
        words = " ".join("".join(self._pieces).translate(_LIGATURES).split())
        if words:
            x, y, size = self._place
            self.lines.append(Line(words, x, y, size, self._page, not self._text[0] <= y <= self._text[1]))
        self._pieces.clear()


def _lines(page: Any, number: int) -> list[Line] | None:
    """The lines of a page; None where it cannot be read."""
    try:
        printed = _Printed(number, float(page.mediabox.bottom), float(page.mediabox.height))
        page.extract_text(visitor_text=printed.visit)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a damaged page breaks anywhere in the library; the others may be whole
        return None
    printed.end()
    return printed.lines


def _place(matrix: Sequence[float], own: Sequence[float], size: float) -> tuple[float, float, float]:
    """Where a piece begins on the page, and how large it is there: its own matrix within that of the page."""
    x = own[4] * matrix[0] + own[5] * matrix[2] + matrix[4]
    y = own[4] * matrix[1] + own[5] * matrix[3] + matrix[5]
    return x, y, abs(size) * math.hypot(own[2], own[3]) * math.hypot(matrix[2], matrix[3])


def _without_edges(lines: Sequence[Line]) -> list[Line]:
    """The lines without page numbers, and without what stands at the edge of several pages, but for its numbers."""
    pages = len({line.page for line in lines})
    seen = Counter(each for _, each in {(line.page, _common(line)) for line in lines if line.edge})
    often = max(2, math.ceil(pages / 3))
    heights: dict[int, list[float]] = {}
    for line in lines:
        heights.setdefault(line.page, []).append(line.y)
    outermost = {(page, chosen(found)) for page, found in heights.items() for chosen in (min, max)}
    return [
        line
        for line in lines
        if not (line.edge and seen[_common(line)] >= often)
        and not ((line.page, line.y) in outermost and _PAGE_NUMBER.fullmatch(line.text))
    ]


def _common(line: Line) -> tuple[int, str]:
    """What a line has in common with those of other pages: its height, and its words but for their numbers."""
    return round(line.y), re.sub(r"\d+", "#", line.text.casefold())


def _paragraphs(lines: Sequence[Line]) -> Iterator[str]:
    """Lines joined to paragraphs."""
    if not lines:
        return
    gaps = [one.y - other.y for one, other in itertools.pairwise(lines) if 0 < one.y - other.y < 3 * one.size]
    usual = statistics.median_low(gaps) if gaps else 2 * lines[0].size
    full = statistics.quantiles([len(line.text) for line in lines], n=10)[-1] if len(lines) > 1 else 0
    words = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", " ".join(line.text for line in lines).casefold()))
    paragraph = lines[0].text
    for before, line in itertools.pairwise(lines):
        if _breaks(before, line, usual, full):
            yield paragraph
            paragraph = line.text
        else:
            paragraph = _joined(paragraph, line.text, words)
    yield paragraph


def _breaks(before: Line, line: Line, usual: float, full: float) -> bool:
    """Whether a paragraph ends between two lines."""
    gap = before.y - line.y
    on = line.text[0].islower() and not before.text.endswith(_ENDS)
    if abs(line.size - before.size) > 0.1 * before.size:
        return True  # a heading
    if gap <= 0 or line.page != before.page:
        return not on and (before.text.endswith(_ENDS) or not _CJK.match(line.text))  # the next column or page
    usual = min(usual, 1.5 * line.size)
    if gap > 1.4 * usual or _ITEM.match(line.text):
        return not (on and gap < 2 * usual)
    if line.x - before.x > 0.8 * line.size and before.text.endswith(_ENDS):
        return True  # indented
    # A line that is not the last of its paragraph fills the width.
    return len(before.text) < 0.6 * full and not on and not before.text.endswith("-")


def _joined(before: str, line: str, words: Counter[str]) -> str:
    """Two lines as one, without the hyphen that only the end of the line called for."""
    if before.endswith("\u00ad"):
        return before[:-1] + line
    first = re.search(r"([^\W\d_]+)-$", before)
    second = re.match(r"[^\W\d_]+", line)
    if first and second:
        whole, apart = f"{first[1]}{second[0]}".casefold(), f"{first[1]}-{second[0]}".casefold()
        keeps = not second[0][0].islower() or words[apart] > words[whole]
        return (before if keeps else before[:-1]) + line
    if _CJK.match(before[-1]) and _CJK.match(line):
        return before + line
    return f"{before}{'' if before.endswith('-') else ' '}{line}"


def _title(lines: Sequence[Line]) -> str | None:
    """The largest line of the first page, with those that go on with it, where it is larger than the text."""
    first = [line for line in lines if lines and line.page == lines[0].page]
    if not first:
        return None
    usual, largest = statistics.median(line.size for line in lines), max(line.size for line in first)
    found = " ".join(line.text for line in first if line.size > 0.98 * largest)
    return found if largest > 1.15 * usual and len(found) < 200 else None


def _made(reader: "pypdf.PdfReader") -> str | None:
    """The day on which the file says that it was made."""
    try:
        made = reader.metadata.creation_date if reader.metadata else None
    except Exception:  # noqa: BLE001 - a damaged record of the file says nothing
        made = None
    return None if made is None else made.date().isoformat()
