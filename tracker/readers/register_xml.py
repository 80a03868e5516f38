"""Federal Register XML: bytes to a tree, and a tree to a clean text whose every block knows its place.

Tags as in the Government Publishing Office's "Federal Register XML Rendition" guide. What is inline and
what stands in tables was seen in 88 FR 12170 and in the daily issue of 12 February 2024.
"""

import re
from functools import lru_cache

import msgspec
from lxml import etree  # type: ignore[import-untyped]

from tracker.readers.base import UnreadableError

# Elements inside a sentence. Every other element begins a line of its own.
_INLINE = frozenset({"E", "SU", "PRTPAGE", "FTREF", "AC", "FR", "SB", "SUB", "SUP"})
_MARKERS = frozenset({"REGTEXT", "GPOTABLE", "ROW", "PRTPAGE"})
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_ENCODING = re.compile(r"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")
_PROLOG = re.compile(r"^\s*<\?xml[^>]*\?>")
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_STRAY_QUESTION_MARK = re.compile(r"(?<!<)\?(?!>)")
_STAR_LINE = re.compile(r"\*(?:\s*\*)+")
# One for all documents: making a parser costs as much as parsing a short rule.
_PARSER = etree.XMLParser(
    encoding="utf-8",
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
)


# `gc=False`: they hold no cycles, and there are tens of thousands for the collector to look through.
class Cell(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One cell of a table row: its lines, its column (from 0) and its span in the clean text."""

    column: int
    lines: tuple[str, ...]
    start: int
    end: int


class Block(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One paragraph, heading, instruction or table row of the clean text.

    `path` holds the tags from the root down to its own; `part` is the CFR part of the `REGTEXT` around
    it; `table` counts the tables of the document from 1; `cells` are filled for rows (tag `ROW`).
    """

    path: tuple[str, ...]
    text: str
    start: int
    end: int
    part: str | None = None
    table: int | None = None
    cells: tuple[Cell, ...] = ()

    @property
    def tag(self) -> str:
        """The tag of the element that the block was made of."""
        return self.path[-1]


class CleanText(msgspec.Struct, frozen=True, kw_only=True):
    """The readable text of a document, and its blocks in order; `root` is the tag of the tree."""

    root: str
    text: str
    blocks: tuple[Block, ...]
    first_page: int | None = None
    """The page on which the document begins, where a page break tells it."""


def parse(raw: bytes) -> etree._Element:
    """Parses the bytes of a document safely; raises UnreadableError in one clear line."""
    text = decode(raw)
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
    try:
        return etree.fromstring(_PROLOG.sub("", text.lstrip("\ufeff")).encode("utf-8", "replace"), _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise UnreadableError(f"the XML is damaged or cut off: {reason}") from None


def decode(raw: bytes) -> str:
    """Decodes bytes as they declare themselves, healing Latin-1 that was labelled UTF-8.

    Raises UnreadableError where characters were lost: a wrong letter in a name is worse than none.
    """
    declared = _ENCODING.match(raw[:200].decode("ascii", "replace"))
    name = declared.group(1) if declared else "utf-8"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        name = "utf-16"
    try:
        return raw.decode(name)
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
    return healed


def clean(root: etree._Element) -> CleanText:
    """Makes the clean text: one block a line, a blank line between, one cell of a row a line."""
    cleaner = _Cleaner()
    cleaner.walk(root, (), None, None)
    text = "\n\n".join(block.text for block in cleaner.blocks)
    return CleanText(root=str(root.tag), text=text, blocks=tuple(cleaner.blocks), first_page=cleaner.page)


class _Cleaner:
    """Walks a tree in document order and collects its blocks."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.position = 0
        self.tables = 0
        self.page: int | None = None

    def walk(self, element: etree._Element, path: tuple[str, ...], part: str | None, table: int | None) -> None:
        """Takes in an element with all that is in it."""
        tag = element.tag
        path = (*path, tag)
        if tag == "ROW":
            self._row(element, path, part, table)
            return
        if tag == "REGTEXT":
            part = element.get("PART")
        elif tag == "GPOTABLE":
            self.tables += 1
            table = self.tables
        line = element.text or ""
        indent = _indent(line)
        glued = False
        for child in element:
            tag = child.tag
            if tag in _INLINE or not isinstance(tag, str):
                line = (line if glued else _dedent(line, indent)) + _inline(child, tag) + _dedent(child.tail, indent)
                glued = True
                if tag == "PRTPAGE":
                    self._break(child)
            else:
                self._flush(line, path, part, table)
                if len(child) or tag in _MARKERS:
                    self.walk(child, path, part, table)
                else:
                    self._flush(child.text or "", (*path, tag), part, table)
                line, glued = child.tail or "", False
        self._flush(line, path, part, table)

    def _row(self, row: etree._Element, path: tuple[str, ...], part: str | None, table: int | None) -> None:
        if self.page is None:
            for pagebreak in row.iter("PRTPAGE"):
                self._break(pagebreak)
        cells = _cells(row, self.position)
        if cells:
            self._add("\n".join(["\n".join(cell.lines) for cell in cells]), path, part, table, cells)

    def _flush(self, text: str, path: tuple[str, ...], part: str | None, table: int | None) -> None:
        folded = _fold(text) if text else ""
        if folded:
            # A marker keeps its tag for itself: loose text in it is a paragraph.
            self._add(folded, (*path, "P") if path[-1] in _MARKERS else path, part, table)

    def _add(self, text: str, path: tuple[str, ...], part: str | None, table: int | None, cells: tuple[Cell, ...] = ()) -> None:
        start, end = self.position, self.position + len(text)
        self.blocks.append(Block(path=path, text=text, start=start, end=end, part=part, table=table, cells=cells))
        self.position = end + 2

    def _break(self, pagebreak: etree._Element) -> None:
        self.page = self.page or _first_page(pagebreak.get("P"), after_text=self.position > 0)


def _first_page(number: str | None, *, after_text: bool) -> int | None:
    """A page break with text before it begins the document's second page."""
    if not number or not (number.isascii() and number.isdigit()):
        return None
    return int(number) - 1 if after_text else int(number)


def _cells(row: etree._Element, start: int) -> tuple[Cell, ...]:
    """The cells of a row that hold text; `A` tells how many more columns a cell spans."""
    cells = []
    column = 0
    for cell in row.iterchildren("ENT"):
        lines = _cell_lines(tuple(_lines(cell))) if len(cell) else _plain_cell(cell.text)
        if lines:
            end = start + (len(lines[0]) if len(lines) == 1 else sum(map(len, lines)) + len(lines) - 1)
            cells.append(Cell(column=column, lines=lines, start=start, end=end))
            start = end + 1
        span = cell.get("A")
        column += 1 + (int(span) if span and span.isascii() and span.isdigit() else 0)
    return tuple(cells)


@lru_cache(maxsize=1024)
def _plain_cell(text: str | None) -> tuple[str, ...]:
    """The line of a cell without elements. Most are asterisks, or one of a few requirements and policies."""
    folded = _fold(text) if text else ""
    return _cell_lines((folded,)) if folded else ()


def _cell_lines(lines: tuple[str, ...]) -> tuple[str, ...]:
    if lines and "*" in lines[0]:
        return tuple(_STAR_LINE.sub("* * *", line) for line in lines)
    return lines


def _lines(element: etree._Element) -> list[str]:
    """The lines of a cell: each element that is not inline begins a new one."""
    line = element.text or ""
    indent = _indent(line)
    glued = False
    lines: list[str] = []
    for child in element:
        tag = child.tag
        if tag in _INLINE or not isinstance(tag, str):
            line = (line if glued else _dedent(line, indent)) + _inline(child, tag) + _dedent(child.tail, indent)
            glued = True
        else:
            lines.append(_fold(line))
            lines += _lines(child) if len(child) else [_fold(child.text or "")]
            line, glued = child.tail or "", False
    lines.append(_fold(line))
    return [line for line in lines if line]


def _inline(element: etree._Element, tag: object) -> str:
    """The text of an inline element. Footnote digits become superscripts, so that they fuse with nothing."""
    if tag == "PRTPAGE" or not isinstance(tag, str):
        return ""
    text = element.text or ""
    if len(element) or "\n" in text:
        indent = _indent(text)
        text = _dedent(text, indent)
        for child in element:
            text += _inline(child, child.tag) + _dedent(child.tail, indent)
    return text.strip().translate(_SUPERSCRIPT) if tag in {"SU", "SUP"} else text


# The Register's files break mixed content over lines: every text node stands on a line of its own, indented,
# and keeps its own blanks besides. Taking exactly the line breaks and the indentation off gives the sentence
# back, so that a page break in a word does not split it and "9<SU>th</SU>" stays one word.
def _indent(text: str | None) -> str | None:
    """The line break and the blanks that a text of mixed content begins with; None where it is written in one line."""
    if not text or text[0] != "\n":
        return None
    return text[: len(text) - len(text[1:].lstrip(" \t"))]


def _dedent(text: str | None, indent: str | None) -> str:
    if not text or indent is None or "\n" not in text:
        return text or ""
    bare = text.rstrip(" \t")
    text = bare[:-1] if bare.endswith("\n") else text
    if text.startswith(indent):
        return text[len(indent) :]
    if not text.startswith("\n"):
        return text
    inside = text[1:].lstrip(" \t")
    return text[min(len(indent), len(text) - len(inside)) :]


def _fold(text: str) -> str:
    return " ".join((text.replace("\u200b", "") if "\u200b" in text else text).split())
