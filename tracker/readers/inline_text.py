"""Text with elements in it, as the Register's XML breaks it over lines: back to the sentence that was printed."""

from lxml import etree  # type: ignore[import-untyped]

# Elements inside a sentence. Every other element begins a line of its own.
INLINE = frozenset({"E", "SU", "PRTPAGE", "FTREF", "AC", "FR", "SB", "SUB", "SUP"})
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# One for all documents: making a parser costs as much as parsing a short rule.
PARSER = etree.XMLParser(
    encoding="utf-8",
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
)


def lines_of(element: etree._Element) -> list[str]:
    """The lines of a cell: each element that is not inline begins a new one."""
    line = element.text or ""
    glued = False
    lines: list[str] = []
    for child in element:
        tag = child.tag
        if tag in INLINE or not isinstance(tag, str):
            indent = indentation(element.text)
            line = (line if glued else dedent(line, indent)) + inline(child, tag) + dedent(child.tail, indent)
            glued = True
            continue
        # Between elements stand line breaks for the most part: there is nothing to fold.
        if line and not line.isspace():
            lines.append(fold(line))
        if len(child):
            lines += lines_of(child)
        elif text := child.text:
            lines.append(fold(text))
        line, glued = child.tail or "", False
    lines.append(fold(line))
    return [line for line in lines if line]


def inline(element: etree._Element, tag: object) -> str:
    """The text of an inline element. Footnote digits become superscripts, so that they fuse with nothing."""
    if tag == "PRTPAGE" or not isinstance(tag, str):
        return ""
    text = element.text or ""
    if len(element) or "\n" in text:
        indent = indentation(text)
        text = dedent(text, indent)
        for child in element:
            text += inline(child, child.tag) + dedent(child.tail, indent)
    return text.strip().translate(_SUPERSCRIPT) if tag in {"SU", "SUP"} else text


# The Register's files break mixed content over lines: every text node stands on a line of its own, indented,
# and keeps its own blanks besides. Taking exactly the line breaks and the indentation off gives the sentence
# back, so that a page break in a word does not split it and "9<SU>th</SU>" stays one word.
def indentation(text: str | None) -> str | None:
    """The line break and the blanks that a text of mixed content begins with; None where it is written in one line."""
    if not text or text[0] != "\n":
        return None
    return text[: len(text) - len(text[1:].lstrip(" \t"))]


def dedent(text: str | None, indent: str | None) -> str:
    """A text of mixed content without the line breaks and the indentation that the file's layout put around it."""
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


def fold(text: str) -> str:
    """A text with one blank where several stand, and none around it."""
    # Of all that is blank or has no width, only the plain blank is printable: most texts are folded as they are.
    if text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text
    return " ".join((text.replace("\u200b", "") if "\u200b" in text else text).split())
