"""The full text of a Federal Register document: XML, or the raw text while there is no XML yet."""

import re
from typing import Literal

import msgspec
from lxml import etree  # type: ignore[import-untyped]

from tracker.answers import Answer
from tracker.errors import FetchError
from tracker.http import PoliteClient

_DASHES = re.compile("[\u2010-\u2015\u2212\ufe63\uff0d]")


class FullText(msgspec.Struct, frozen=True):
    """An answer with the full text, or that it is unchanged; `rendition` is `xml` or `text`.

    `provisional` says that there is XML and it was damaged, so that the text only stands in for it.
    """

    answer: Answer
    rendition: str
    provisional: bool = False


def heal_number(number: str) -> str:
    """A document number with plain hyphens: some issues print it with en dashes ("2024\u201302805")."""
    return _DASHES.sub("-", number).strip()


def fetch_full_text(
    client: PoliteClient, xml_url: str | None, text_url: str | None, *, held: str | None, conditional: bool
) -> FullText:
    """Fetches the XML; where it is missing (404, 410) or not well-formed, the raw text. Raises FetchError.

    The XML sometimes follows hours after the text. `held` is the rendition recorded before: once that
    is the XML, nothing lesser replaces it. With `conditional`, what is held may be answered unchanged.
    A login page, or anything else that is not meant as this document, is no reason to take the text.
    """
    missing: FetchError | None = None
    if xml_url:
        try:
            answer = client.get(xml_url, conditional=conditional and held == "xml", expect="application/xml, text/xml")
            broken = None if answer.not_modified else _malformed(answer)
            if broken is None:
                return FullText(answer, "xml")
            missing = broken
        except FetchError as error:
            if error.status not in {404, 410}:
                raise
            missing = error
    if missing is not None and (held == "xml" or not text_url):
        raise missing
    if not text_url:
        raise FetchError("the document has neither an XML nor a text address", "look at it in the Federal Register")
    answer = client.get(text_url, conditional=conditional and held == "text", expect="text/plain, text/html")
    if not answer.not_modified and not is_raw_text(answer.body):
        raise FetchError(
            f"{text_url} is not the raw text of a document: perhaps a login or block page", "look at it in a browser",
            url=text_url, status=answer.status, body=answer.body,
        )  # fmt: skip
    return FullText(answer, "text", provisional=missing is not None and missing.status == 200)


def _malformed(answer: Answer) -> FetchError | None:
    """The error for XML that is not well-formed, None for a document; raises it for anything else."""
    kind, fault = xml_fault(answer.body)
    if kind is None:
        return None
    error = FetchError(
        f"{answer.url} is not the XML of a document: {fault}",
        "look at it in a browser; it is asked again at the next poll",
        url=answer.url,
        status=answer.status,
        body=answer.body,
    )
    if kind == "other":
        raise error
    return error


def xml_fault(body: bytes) -> tuple[Literal["malformed", "other"] | None, str]:
    """What keeps bytes from being the XML of a document: a kind and a few words; None when nothing does.

    Entity declarations are refused, since documents have none and bombs do; nothing is expanded or
    loaded from elsewhere.
    """
    head = body[:2048].lower()
    if not body.strip() or b"<html" in head or b"<!doctype html" in head:
        return "other", "it is empty" if not body.strip() else "it is an HTML page, perhaps a login or block page"
    if b"<!ENTITY" in body:
        return "other", "it declares entities"
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return "malformed", " ".join(str(error).split())
    name = str(etree.QName(root).localname).lower()
    return ("other", f"it is <{name}>") if name in {"rss", "feed", "rdf", "error", "errors"} else (None, "")


def is_raw_text(body: bytes) -> bool:
    """Whether bytes are the Register's raw text: plain, or the plain text in one `<pre>` of an HTML page."""
    head = body[:4096].lower()
    html = b"<html" in head or b"<!doctype html" in head
    return bool(body.strip()) and (b"<pre" in head if html else not head.lstrip().startswith((b"<?xml", b"<rss", b"{")))
