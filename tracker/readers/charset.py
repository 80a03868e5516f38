"""Bytes of a page to text, whatever charset they say they are in."""

import re
from typing import Final

from charset_normalizer import from_bytes

_CHARSET: Final = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)"
    rb"|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w-]+)",
    re.IGNORECASE,
)
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ALIASES: Final = {"gb2312": "gb18030", "gbk": "gb18030"}
_LATIN: Final = frozenset({"iso-8859-1", "latin-1", "ascii", "us-ascii"})
_OTHERS: Final = ("gb18030", "big5", "cp932", "euc_jp", "cp949", "cp1251", "koi8_r", "cp1253", "cp1255", "cp1256")
"""What may be guessed beside Western charsets."""
_HIGH: Final = re.compile(rb"[\x80-\xff]+")
_TOGETHER: Final = 1.4
_SAMPLE: Final = 100_000
_SLIPS: Final = 10


def decode(raw: bytes, declared: str | None, *, declared_inside: bool = False) -> str:
    """Bytes to text: byte order mark, the declared charset, that of the markup, UTF-8, then a guess. Never fails."""
    candidates = [name for mark, name in _BOMS if raw.startswith(mark)]
    candidates += [declared] if declared else []
    if declared_inside and (found := _CHARSET.search(raw[:4000])):
        candidates.append((found[1] or found[2]).decode("ascii", "replace"))
    for name in (*candidates, "utf-8"):
        name = name.strip(" \"'").casefold()
        try:
            # What calls itself Latin-1 or ASCII is often UTF-8; the other way round it does not decode.
            return raw.decode("utf-8" if name in _LATIN else _ALIASES.get(name, name))
        except (LookupError, UnicodeError):
            if name in _LATIN:
                break
    return _with_slips(raw) or raw.decode(_guessed(raw), "replace")


def _with_slips(raw: bytes) -> str | None:
    """UTF-8 in which only a few bytes are wrong: a page cut off, or one letter pasted from elsewhere."""
    text = raw.decode("utf-8", "replace")
    return text if text.count("\ufffd") * _SLIPS < sum(not letter.isascii() for letter in text) else None


def _guessed(raw: bytes) -> str:
    """The charset that the bytes look like; in Western ones a letter beyond ASCII stands alone, in others few do."""
    runs = _HIGH.findall(raw[:_SAMPLE])
    if sum(map(len, runs)) < _TOGETHER * len(runs):
        return "cp1252"
    best = from_bytes(raw[:_SAMPLE], cp_isolation=list(_OTHERS)).best()
    return best.encoding if best is not None else "cp1252"
