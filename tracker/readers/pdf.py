"""The text of a PDF: letters and statements of institutions, as running text.

A PDF holds pieces of text with places on pages, and no paragraphs. So lines are put together from the pieces, what
is printed at the edge of page after page is dropped, and lines are joined to paragraphs by the gaps between them.
The dates that a file gives of itself are those of whoever saved it last: told, and never taken for a publication date.
"""

import io
import math
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
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
_EDGE: Final = 3
"""Lines at the top and at the bottom of a page that may be a header or footer."""


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
    """A printed line: its words, where it begins (points from the bottom left), and how large it is."""

    text: str
    x: float
    y: float
    size: float
    page: int


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
    if not any(letter.isalpha() for line in lines for letter in line.text):
        raise UnreadableError(f"{key}: the PDF holds pictures of its {len(pages)} pages and no text: give its text")
    kept = _without_edges(lines)
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


def _lines(page: Any, number: int) -> list[Line] | None:
    """The lines of a page in the order in which they were written; None where the page cannot be read."""
    lines: list[Line] = []
    pieces: list[str] = []
    place = (0.0, 0.0, 0.0)

    def end() -> None:
        words = " ".join("".join(pieces).translate(_LIGATURES).split())
        if words:
            lines.append(Line(words, *place, number))
        pieces.clear()

    def visit(text: str, matrix: list[float], own: list[float], _font: Any, size: float) -> None:
        nonlocal place
        for piece in re.split(r"(\n)", text):
            if piece == "\n":
                end()
            elif piece.strip():
                if not pieces:
                    place = _place(matrix, own, size)
                pieces.append(piece)
            elif piece and pieces:
                pieces.append(piece)

    try:
        page.extract_text(visitor_text=visit)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a damaged page breaks anywhere in the library; the others may be whole
        return None
    end()
    return lines


def _place(matrix: Sequence[float], own: Sequence[float], size: float) -> tuple[float, float, float]:
    """Where a piece begins on the page, and how large it is there: its own matrix within that of the page."""
    x = own[4] * matrix[0] + own[5] * matrix[2] + matrix[4]
    y = own[4] * matrix[1] + own[5] * matrix[3] + matrix[5]
    return x, y, abs(size) * math.hypot(own[2], own[3]) * math.hypot(matrix[2], matrix[3])


def _without_edges(lines: Iterable[Line]) -> list[Line]:
    """The lines without page numbers, and without what stands at the edge of several pages, but for its numbers."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    edges = {number: _edges(page) for number, page in pages.items()}
    seen = Counter(key for edge in edges.values() for key in set(edge.values()))
    often = max(2, math.ceil(len(pages) / 3))
    kept = []
    for number, page in pages.items():
        heights = [line.y for line in page]
        outermost = {max(heights), min(heights)}
        for line in page:
            repeated = line in edges[number] and seen[edges[number][line]] >= often
            if not repeated and not (line.y in outermost and _PAGE_NUMBER.fullmatch(line.text)):
                kept.append(line)
    return kept


def _edges(page: list[Line]) -> dict[Line, tuple[int, str]]:
    """The lines at the top and bottom of a page, each with what it has in common with those of other pages."""
    by_height = sorted(page, key=lambda line: -line.y)
    return {
        line: (round(line.y), re.sub(r"\d+", "#", line.text.casefold())) for line in (*by_height[:_EDGE], *by_height[-_EDGE:])
    }


def _paragraphs(lines: Sequence[Line]) -> Iterator[str]:
    """Lines joined to paragraphs."""
    if not lines:
        return
    gaps = [one.y - other.y for one, other in zip(lines, lines[1:], strict=False) if 0 < one.y - other.y < 3 * one.size]
    usual = statistics.median(gaps) if gaps else 0.0
    full = statistics.quantiles([len(line.text) for line in lines], n=10)[-1] if len(lines) > 1 else 0
    words = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", " ".join(line.text for line in lines).casefold()))
    paragraph = lines[0].text
    for before, line in zip(lines, lines[1:], strict=False):
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
    if gap > 1.4 * usual or _ITEM.match(line.text):
        return not (on and gap < 2 * usual)
    if line.x - before.x > 0.8 * line.size and before.text.endswith(_ENDS):
        return True  # indented
    # A line that is not the last of its paragraph fills the width.
    return len(before.text) < 0.6 * full and not on


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
