"""A small writer of PDF files, as plain as the format allows: lines at places, in one of the standard fonts."""

import zlib
from collections.abc import Sequence
from typing import NamedTuple

LIGATURES = {"ﬁ": 128, "ﬂ": 129}
_ENCODING = b"<</Type/Encoding/BaseEncoding/WinAnsiEncoding/Differences[128/fi/fl]>>"


class Line(NamedTuple):
    """Words at a place, in points from the bottom left."""

    text: str
    x: float
    y: float
    size: float = 11


def column(text: str, *, top: float = 700, x: float = 72, size: float = 11, leading: float = 14, gap: float = 10) -> list[Line]:
    """Lines of a text from the top down; an empty line is a gap between paragraphs."""
    lines, y = [], top
    for words in text.strip("\n").split("\n"):
        if words.strip():
            lines.append(Line(words, x, y, size))
            y -= leading
        else:
            y -= gap
    return lines


def pdf(*pages: Sequence[Line], compress: bool = False, made: str | None = None, title: str | None = None) -> bytes:
    """A PDF of these pages; `made` is its CreationDate (`D:20190520120000Z`)."""
    return assemble([_content(page) for page in pages], compress=compress, made=made, title=title)


def assemble(contents: Sequence[bytes], *, compress: bool = False, made: str | None = None, title: str | None = None) -> bytes:
    """A PDF whose pages have these content streams."""
    information = b"".join(
        b"/%s(%s)" % (key, value.encode()) for key, value in ((b"CreationDate", made), (b"Title", title)) if value
    )
    kids = b" ".join(b"%d 0 R" % (5 + 2 * number) for number in range(len(contents)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(contents)),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding %s>>" % _ENCODING,
        b"<<%s>>" % information,
    ]
    for number, content in enumerate(contents):
        page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>"
        packed = zlib.compress(content, 9) if compress else content
        coding = b"/Filter/FlateDecode" if compress else b""
        objects += [page % (6 + 2 * number), b"<</Length %d%s>>stream\n%s\nendstream" % (len(packed), coding, packed)]
    return _file(objects)


def _content(page: Sequence[Line]) -> bytes:
    return b"\n".join(b"BT /F1 %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET" % (one.size, one.x, one.y, _shown(one.text)) for one in page)


def _shown(text: str) -> bytes:
    coded = b"".join(bytes([LIGATURES[letter]]) if letter in LIGATURES else letter.encode("cp1252") for letter in text)
    return coded.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _file(objects: Sequence[bytes]) -> bytes:
    written, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    written += b"trailer<</Size %d/Root 1 0 R/Info 4 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(written)
