"""Bytes of an article to its clean text, title, date, language and canonical address.

HTML goes through trafilatura, with the paragraphs of the page as the fallback; PDF through `pdf`; plain text is
decoded and freed of lines and fragments that are furniture. What furniture looks like stands in the lexicons.
The clean text is what all evidence points into, so nothing in it is reworded.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

import msgspec
import trafilatura
from lxml import etree, html  # type: ignore[import-untyped]
from trafilatura.settings import use_config

from events.documents import Check
from tracker.readers.base import Document, UnreadableError
from tracker.readers.charset import decode
from tracker.readers.furniture import strip_furniture
from tracker.readers.lexicon import Furniture
from tracker.readers.pdf import is_pdf, pdf_text

LONGEST: Final = 400_000
"""Characters of text that are read; an article is never longer, and what is behind is no article."""
_MOST_BYTES: Final = 20_000_000
_HEADER: Final = re.compile(r"(URL|DATE|LANG|NOTE|TITLE):[ \t]*(.*)")
_INVISIBLE: Final = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u206f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
_LINE_ENDS: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_MARKUP: Final = re.compile(rb"<(?:!doctype html|html|head|body|article|div|p|h1|main|section)[\s>]", re.IGNORECASE)


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What a page says; None for what it does not tell."""

    text: str
    title: str | None = None
    published: str | None = None
    language: str | None = None
    url: str | None = None
    checks: tuple[Check, ...] = ()


def clean(document: Document, furniture: Iterable[Furniture] = ()) -> Page:
    """Cleans one version of an article; raises UnreadableError where no text is in it."""
    raw = document.raw
    if not raw.strip():
        raise UnreadableError(f"{document.key}: the article is empty")
    if len(raw) > _MOST_BYTES:
        raise UnreadableError(f"{document.key}: {len(raw):,} bytes are no article")
    if is_pdf(raw):
        page = _from_pdf(document)
    else:
        is_html = _is_html(document)
        text = decode(raw, document.charset, declared_inside=is_html)
        page = _from_html(text) if is_html else _from_text(text)
    stripped = strip_furniture(page.text, tuple(furniture))
    if not any(letter.isalpha() for letter in stripped) or _is_binary(stripped):
        raise UnreadableError(f"{document.key}: no readable text in it")
    return msgspec.structs.replace(page, text=stripped)


def _is_html(document: Document) -> bool:
    kind = (document.media_type or "").casefold()
    if "plain" in kind or document.rendition == "text":
        return False
    return "html" in kind or document.rendition == "html" or _MARKUP.search(document.raw[:5000]) is not None


def _is_binary(text: str) -> bool:
    odd = sum(letter == "\ufffd" for letter in text[:4000])
    return odd > 0.2 * len(text[:4000])


def tidy(text: str) -> str:
    """Composed characters, no invisible ones, single blanks, one kind of line end; words untouched."""
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)))
    text = re.sub(r"[ \t]{2,}", " ", text)  # first, so that no long run of blanks is looked through again and again
    text = re.sub(r"[^\S\n]*\n[^\S\n]*", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _from_text(text: str) -> Page:
    """Plain text, which may begin with header lines (`URL:`, `DATE:`, `LANG:`)."""
    lines = tidy(text).split("\n")
    header: dict[str, str] = {}
    while lines and (match := _HEADER.fullmatch(lines[0])):
        header[match[1]] = match[2].strip()
        lines = lines[1:]
    body = "\n".join(lines).strip()[:LONGEST]
    first = next((line for line in lines if line.strip()), "")
    is_title = 0 < len(first) < 200 and not first.endswith((".", "!", ":")) and not re.search(r"[.!?] ", first)
    return Page(
        text=body,
        title=header.get("TITLE") or (first if is_title else None),
        published=header.get("DATE") or None,
        language=header.get("LANG") or None,
        url=header.get("URL") or None,
    )


def _from_pdf(document: Document) -> Page:
    """The running text of a PDF; what date the file gives of itself is told where no other is, and not used."""
    found = pdf_text(document.raw, document.key, LONGEST)
    checks = []
    if found.read < found.pages:
        checks.append(Check(name="pages of the PDF", expected=str(found.pages), found=str(found.read)))
    if document.published is None:
        told = "none" if found.made is None else f"none; the file was made on {found.made}, which is not used"
        checks.append(Check(name="publication date", expected="from the source or --published", found=told))
    return Page(text=tidy(found.text), title=found.title, checks=tuple(checks))


def _from_html(text: str) -> Page:
    text = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))[: 4 * LONGEST]
    try:
        tree = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text) or "<p></p>")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return Page(text=tidy(re.sub(r"<[^<>]*>", " ", text))[:LONGEST])
    title = _title(tree)
    body = tidy(_main_text(text, tree))[:LONGEST]
    if title and body and not _begins_with(body, title):
        body = f"{title}\n\n{body}"
    return Page(
        text=body,
        title=title,
        published=_published(tree),
        language=tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or None,
        url=next(iter(_attribute(tree, "//link[@rel='canonical']/@href")), None),
    )


@lru_cache(maxsize=1)
def _settings() -> Any:
    settings = use_config()
    settings.set("DEFAULT", "MIN_EXTRACTED_SIZE", "100")
    settings.set("DEFAULT", "EXTRACTION_TIMEOUT", "0")  # signals are for the main thread only
    return settings


def _main_text(text: str, tree: html.HtmlElement) -> str:
    """The article by trafilatura, unless the paragraphs of the page's own article hold more of it."""
    try:
        extracted = trafilatura.extract(
            text, include_comments=False, include_tables=False, favor_recall=True, deduplicate=False, config=_settings()
        )
    except Exception:  # noqa: BLE001 - the library meets odd markup first; the fallback reads it too
        extracted = None
    paragraphs = _paragraphs(tree)
    if extracted and (not paragraphs or len(extracted) >= 0.6 * len(paragraphs)):
        return str(extracted)
    return paragraphs or str(extracted or "") or _all_text(tree) or re.sub(r"<[^<>]*>", " ", text)


def _paragraphs(tree: html.HtmlElement) -> str:
    """The paragraphs of the article element, or of the page without its furniture."""
    names = ("nav", "header", "footer", "aside", "form", "script", "style", "noscript")
    unwanted = f"ancestor-or-self::*[{' or '.join(f'self::{name}' for name in names)}]"
    wanted = "self::p or self::h1 or self::h2 or self::blockquote or self::li"
    for root in ("//article", "//main", "//body"):
        found = [" ".join(element.text_content().split()) for element in tree.xpath(f"{root}//*[{wanted}][not({unwanted})]")]
        found = list(dict.fromkeys(line for line in found if line))
        if sum(map(len, found)) > 80:
            return "\n".join(found)
    return ""


def _all_text(tree: html.HtmlElement) -> str:
    pieces = tree.xpath("//text()[not(ancestor::script or ancestor::style or ancestor::noscript or ancestor::title)]")
    return "\n".join(piece.strip() for piece in pieces if piece.strip())


def _attribute(tree: html.HtmlElement, path: str) -> list[str]:
    return [str(value).strip() for value in tree.xpath(path) if str(value).strip()]


def _title(tree: html.HtmlElement) -> str | None:
    """The headline: as shared, as printed, as in the window."""
    for path in ("//meta[@property='og:title']/@content", "//h1//text()", "//title/text()"):
        found = _attribute(tree, path)
        if found:
            return tidy(" ".join(" ".join(found if path == "//h1//text()" else found[:1]).split())) or None
    return None


def _begins_with(body: str, title: str) -> bool:
    def squeeze(text: str) -> str:
        return re.sub(r"\W+", "", text).casefold()

    return squeeze(body[: 2 * len(title) + 40]).startswith(squeeze(title))


def _published(tree: html.HtmlElement) -> str | None:
    """When the page says it was published, as an ISO time or EDTF date; never when it was changed."""
    candidates = _attribute(
        tree,
        "//meta[@property='article:published_time' or @name='article:published_time' or @itemprop='datePublished'"
        " or @name='date' or @name='DC.date.issued' or @name='parsely-pub-date' or @property='og:published_time']/@content",
    )
    for block in _attribute(tree, "//script[@type='application/ld+json']/text()"):
        candidates += _dates_published(block)
    candidates += _attribute(tree, "//time[not(ancestor::aside)]/@datetime")
    for each in candidates:
        if found := re.match(r"\d{4}-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?)?$", each):
            return found[0].replace(" ", "T").replace("Z", "+00:00")
    return None


def _dates_published(block: str) -> list[str]:
    try:
        data = json.loads(block)
    except (ValueError, RecursionError):
        return []
    found, queue = [], [data]
    while queue:
        each = queue.pop(0)
        if isinstance(each, dict):
            if isinstance(each.get("datePublished"), str):
                found.append(each["datePublished"])
            queue += list(each.values())
        elif isinstance(each, list):
            queue += each
    return found
