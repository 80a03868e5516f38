"""Federal Register XML: bytes to a tree, and a tree to a clean text whose every block knows its place.

Tags as in the Government Publishing Office's "Federal Register XML Rendition" guide. What is inline and
what stands in tables was seen in 88 FR 12170 and in the daily issue of 12 February 2024.
"""

import re

import msgspec
from lxml import etree  # type: ignore[import-untyped]

from tracker.readers.base import UnreadableError
from tracker.readers.inline_text import INLINE, PARSER, dedent, fold, indentation, inline
from tracker.readers.printed_rows import Cell, read_row

__all__ = ["Block", "Cell", "CleanText", "clean", "decode", "parse"]

_MARKERS = frozenset({"REGTEXT", "GPOTABLE", "ROW", "PRTPAGE"})
_SECTIONS = frozenset({"ACT", "SUM", "EFFDATE", "DATES"})
"""The elements of the preamble that are asked for by name."""
_WALKED = _MARKERS | _SECTIONS
_ENCODING = re.compile(r"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")
_PROLOG = re.compile(r"^\s*<\?xml[^>]*\?>")
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_STRAY_QUESTION_MARK = re.compile(r"(?<!<)\?(?!>)")


# `gc=False`: they hold no cycles, and there are tens of thousands for the collector to look through.
class Block(msgspec.Struct, frozen=True, gc=False):
    """One paragraph, heading, instruction or table row of the clean text.

    `tag` is that of the element it was made of; `part` is the CFR part of the `REGTEXT` around it; `table`
    counts the tables of the document from 1; `cells` are filled for rows (tag `ROW`).
    """

    tag: str
    text: str
    start: int
    end: int
    part: str | None = None
    table: int | None = None
    cells: tuple[Cell, ...] = ()


class CleanText(msgspec.Struct, frozen=True, kw_only=True):
    """The readable text of a document, and its blocks in order; `root` is the tag of the tree."""

    root: str
    text: str
    blocks: tuple[Block, ...]
    rows: tuple[Block, ...]
    """Those of the blocks that are rows of tables."""
    paragraphs: tuple[Block, ...]
    """The others."""
    sections: tuple[tuple[str, int, int], ...] = ()
    """Sections of the preamble: the tag, and from which of the blocks up to which."""
    first_page: int | None = None
    """The page on which the document begins, where a page break tells it."""

    def within(self, *tags: str) -> list[Block]:
        """The blocks in sections of the preamble, in order."""
        places = {place for tag, begin, end in self.sections if tag in tags for place in range(begin, end)}
        return [self.blocks[place] for place in sorted(places)]


def parse(raw: bytes) -> etree._Element:
    """Parses the bytes of a document safely; raises UnreadableError in one clear line."""
    text, as_it_is = _decoded(raw)
    head = text.lstrip("\ufeff \t\r\n")[:2000].lower()
    if not head:
        raise UnreadableError("the document is empty")
    if head.startswith(("<!doctype html", "<html")):
        raise UnreadableError("an HTML page came instead of XML: a login or error page?")
    if not head.startswith("<"):
        raise UnreadableError(f"this is not XML: it begins with {head[:30]!r}")
    # An entity declaration is the only way to an expansion bomb or an external file; no rule has one.
    if "<!ENTITY" in text:
        raise UnreadableError("the document declares XML entities, which no Federal Register document does")
    body = _PROLOG.sub("", text.lstrip("\ufeff"))
    if not as_it_is or len(body) != len(text):
        raw = body.encode("utf-8", "replace")
    try:
        return etree.fromstring(raw, PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise UnreadableError(f"the XML is damaged or cut off: {reason}") from None


def decode(raw: bytes) -> str:
    """Decodes bytes as they declare themselves, healing Latin-1 that was labelled UTF-8.

    Raises UnreadableError where characters were lost: a wrong letter in a name is worse than none.
    """
    return _decoded(raw)[0]


def _decoded(raw: bytes) -> tuple[str, bool]:
    """The text of bytes, and whether they are UTF-8 as they stand."""
    declared = _ENCODING.match(raw[:200].decode("ascii", "replace"))
    name = declared.group(1) if declared else "utf-8"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        name = "utf-16"
    try:
        return raw.decode(name), name.lower() == "utf-8"
    except LookupError:
        raise UnreadableError(f"unknown encoding {name!r} in the XML declaration") from None
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        place = f"byte {error.start}, line {line}"
    if name.lower() not in {"utf-8", "utf8", "us-ascii", "ascii"} or _UTF8_SEQUENCE.search(raw):
        raise UnreadableError(f"the text is not {name} at {place}")
    try:
        healed = raw.decode("cp1252")
    except UnicodeDecodeError:
        healed = raw.decode("latin-1")
    # Who wrote Latin-1 wrote question marks for what it cannot hold.
    if _STRAY_QUESTION_MARK.search(healed):
        raise UnreadableError(f"the text is not {name} at {place}, and as Latin-1 it has lost characters")
    return healed, False


def clean(root: etree._Element) -> CleanText:
    """Makes the clean text: one block a line, a blank line between, one cell of a row a line."""
    cleaner = _Cleaner(paged=next(root.iter("PRTPAGE"), None) is not None)
    cleaner.walk(root, None, None)
    text = "\n\n".join([block.text for block in cleaner.blocks])
    return CleanText(
        root=str(root.tag),
        text=text,
        blocks=tuple(cleaner.blocks),
        rows=tuple(cleaner.rows),
        paragraphs=tuple(cleaner.paragraphs),
        sections=tuple(cleaner.sections),
        first_page=cleaner.page,
    )


class _Cleaner:
    """Walks a tree in document order and collects its blocks."""

    def __init__(self, *, paged: bool) -> None:
        self.paged = paged
        """Whether a page break stands in the document."""
        self.blocks: list[Block] = []
        self.rows: list[Block] = []
        self.paragraphs: list[Block] = []
        self.sections: list[tuple[str, int, int]] = []
        self.position = 0
        self.tables = 0
        self.page: int | None = None

    def walk(self, element: etree._Element, part: str | None, table: int | None) -> None:
        """Takes in an element with all that is in it."""
        tag = element.tag
        if tag == "ROW":
            self._row(element, part, table)
            return
        if tag == "REGTEXT":
            part = element.get("PART")
        elif tag == "GPOTABLE":
            self.tables += 1
            table = self.tables
        begin = len(self.blocks)
        # A marker keeps its tag for itself: loose text in it is a paragraph.
        self._children(element, "P" if tag in _MARKERS else tag, part, table)
        if tag in _SECTIONS:
            self.sections.append((tag, begin, len(self.blocks)))

    def _children(self, element: etree._Element, own: str, part: str | None, table: int | None) -> None:
        """Takes in what is in an element; `own` is the tag of text that stands loose in it."""
        line = element.text or ""
        glued = False
        for child in element:
            tag = child.tag
            if tag in INLINE or not isinstance(tag, str):
                indent = indentation(element.text)
                line = (line if glued else dedent(line, indent)) + inline(child, tag) + dedent(child.tail, indent)
                glued = True
                if tag == "PRTPAGE":
                    self._break(child)
                continue
            # Between elements stand line breaks for the most part: there is nothing to fold.
            if line and not line.isspace():
                self._paragraph(line, own, part, table)
            if tag == "ROW":
                self._row(child, part, table)
            elif len(child) or tag in _WALKED:
                self.walk(child, part, table)
            elif text := child.text:
                self._paragraph(text, tag, part, table)
            line, glued = child.tail or "", False
        if line and not line.isspace():
            self._paragraph(line, own, part, table)

    def _row(self, row: etree._Element, part: str | None, table: int | None) -> None:
        if self.paged and self.page is None:
            for pagebreak in row.iter("PRTPAGE"):
                self._break(pagebreak)
        text, cells = read_row(row)
        if cells:
            end = self.position + len(text)
            block = Block("ROW", text, self.position, end, part, table, cells)
            self.blocks.append(block)
            self.rows.append(block)
            self.position = end + 2

    def _paragraph(self, text: str, tag: str, part: str | None, table: int | None) -> None:
        folded = fold(text)
        if folded:
            end = self.position + len(folded)
            block = Block(tag, folded, self.position, end, part, table)
            self.blocks.append(block)
            self.paragraphs.append(block)
            self.position = end + 2

    def _break(self, pagebreak: etree._Element) -> None:
        self.page = self.page or _first_page(pagebreak.get("P"), after_text=self.position > 0)


def _first_page(number: str | None, *, after_text: bool) -> int | None:
    """A page break with text before it begins the document's second page."""
    if not number or not (number.isascii() and number.isdigit()):
        return None
    return int(number) - 1 if after_text else int(number)
