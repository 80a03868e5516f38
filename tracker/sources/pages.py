"""Web pages, before anything reads them: canonical URLs, and whether a page is what was asked for."""

import re
from html import unescape
from urllib.parse import quote, urlsplit, urlunsplit

from tracker.answers import Answer
from tracker.readers.pdf import is_pdf

_TRACKING = re.compile(
    r"(?:utm_\w*|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|mc_cid|mc_eid|_hsenc|_hsmi|mkt_tok"
    r"|vero_id|oly_anon_id|oly_enc_id|at_medium|at_campaign|ns_mchannel|ns_campaign|ocid|cmpid|ito|smid|spm|wt_mc|xtor)",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}
_WALL = re.compile(
    r"""type\s*=\s*["']?password|captcha|cf-challenge|challenge-platform|rate[ -]limited|access denied"""
    r"|enable javascript and cookies|request unblock|unusual traffic|are you a robot",
    re.IGNORECASE,
)
# What is never closed is hidden to the end, as in browsers; and a page of nothing but "<" takes no longer than others.
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|template|noscript)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_LITTLE_TEXT = 200  # characters; a page with less and without its headline is no article


def canonical_url(url: str) -> str | None:
    """The one spelling of a page's address; None for what is not an http or https URL.

    Scheme and host in lower case, no default port, fragment, user name or tracking parameters
    (`utm_source`, `fbclid` ...), `/` for an empty path (RFC 3986, section 6.2). Applying it twice
    changes nothing more. The scheme stays as it is, and so do the order and spelling of the rest.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not host or re.search(r"[\s/\\@<>\"]", host):
        return None
    host = f"[{host}]" if ":" in host else host
    netloc = host if port in {None, _PORTS[parts.scheme]} else f"{host}:{port}"
    kept = "&".join(part for part in parts.query.split("&") if part and not _TRACKING.fullmatch(part.partition("=")[0]))
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return urlunsplit((parts.scheme, netloc, path, quote(kept, safe="/%:@!$&'()*+,;=~-._?[]"), ""))


def refusal(answer: Answer, title: str | None) -> str | None:
    """Why an answer is not the article that was asked for, as the rest of a sentence; None when it may be.

    Login walls, captchas and "rate limited" pages come with status 200. They are told from articles
    with a login box by the headline: a page that carries most words of the title is taken.
    """
    if not answer.body.strip():
        return "answered with nothing"
    if not is_html(answer) and not is_pdf(answer.body):
        return f"is neither an HTML page nor a PDF ({answer.media_type or 'no type given'})"
    if _path(answer.url) == "/" != _path(answer.requested_url):
        return "leads to the site's front page: the article seems to be gone"
    if is_pdf(answer.body):
        return None
    page = text_of(answer)
    words = _words(title or "")
    if words and 2 * len(words & _words(page)) >= len(words):
        return None
    if _WALL.search(answer.body.decode("latin-1")):
        return "answered with a login, captcha or block page instead of the article"
    if len(page) < _LITTLE_TEXT:
        return "answered with a page without text"
    return None


def is_html(answer: Answer) -> bool:
    """Whether an answer is HTML: by its type, or by its first tag when the type says nothing useful."""
    head = answer.body[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<?xml"):
        return b"<html" in head
    if answer.media_type in {"text/html", "application/xhtml+xml"}:
        return b"<" in answer.body
    generic = answer.media_type in {None, "text/plain", "application/octet-stream", "application/xml", "text/xml"}
    return generic and bool(re.match(rb"<!doctype html|<html|<head|<body", head))


def text_of(answer: Answer) -> str:
    """The words of a page, roughly: enough to see whether a headline is among them."""
    declared = re.search(rb"""<meta[^>]+charset\s*=\s*["']?([\w-]+)""", answer.body[:4096], re.IGNORECASE)
    for charset in ("utf-8", answer.charset, declared.group(1).decode("ascii") if declared else None, "latin-1"):
        try:
            page = answer.body.decode(charset or "utf-8")
        except (UnicodeDecodeError, LookupError):
            continue
        return " ".join(unescape(_TAG.sub(" ", _HIDDEN.sub(" ", page))).split())
    raise AssertionError("unreachable: latin-1 decodes everything")


def _words(text: str) -> set[str]:
    # Chinese and Japanese run words together: there every character counts.
    return set(re.findall(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]{3,}", text.casefold()))


def _path(url: str) -> str:
    return urlsplit(url).path.rstrip("/") or "/"
