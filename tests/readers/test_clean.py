"""Bytes to clean text: markup, furniture, headers, encodings, and nothing that crashes it."""

import pytest

from tests.quality.news import load_registers
from tracker.readers.base import Document, UnreadableError
from tracker.readers.charset import decode
from tracker.readers.clean import Page, clean, tidy

FURNITURE = tuple(lexicon.furniture for lexicon in load_registers().lexicons.values())
PAGE = """<!DOCTYPE html><html lang="en"><head><title>Norham halts it | Gazette</title>
<link rel="canonical" href="https://gazette.example/a"><meta property="og:title" content="Norham halts it">
{meta}<style>p {{ color: red }}</style></head><body>
<nav><ul><li>Home</li></ul></nav><div class="cookie-banner">We use cookies to improve your experience.</div>
<article><h1>Norham halts it</h1><p>MIT has ended its contract with ZTE, the school said on Monday in a letter to its staff.</p>
<p>The contract had two years to run, and nobody gave a reason for its end in the hearing.</p></article>
<script>var ended = "MIT ended Huawei";</script><footer>All rights reserved.</footer></body></html>"""


def page(raw: bytes, rendition: str = "text", media_type: str | None = None, charset: str | None = None) -> Page:
    document = Document(
        source="t", kind="article", key="a", url="", rendition=rendition, raw=raw, media_type=media_type, charset=charset
    )
    return clean(document, FURNITURE)


def test_html() -> None:
    meta = '<meta property="article:published_time" content="2019-10-09T08:00:00+02:00">'
    found = page(PAGE.format(meta=meta).encode(), "html")
    assert found.text.startswith("Norham halts it")
    assert "MIT has ended its contract with ZTE" in found.text
    assert "cookies" not in found.text
    assert "var ended" not in found.text
    assert found.title == "Norham halts it"
    assert found.language == "en"
    assert found.url == "https://gazette.example/a"
    assert found.published == "2019-10-09T08:00:00+02:00"


@pytest.mark.parametrize(
    "meta",
    [
        '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "datePublished": "2019-10-09"}]}</script>',
        '<meta itemprop="datePublished" content="2019-10-09">',
    ],
)
def test_published(meta: str) -> None:
    assert page(PAGE.replace("{meta}", meta).replace("{{", "{").replace("}}", "}").encode(), "html").published == "2019-10-09"


def test_header_lines_are_no_text() -> None:
    found = page("URL: https://x.example/\nDATE: 2019-10\nLANG: fr\n\nLe MIT a parlé.".encode())
    assert found == Page(text="Le MIT a parlé.", published="2019-10", language="fr", url="https://x.example/")


@pytest.mark.parametrize(
    "line",
    [
        "Share on Facebook",
        "Partager sur facebook",
        "Read more: all about it",
        "Advertisement",
        "12 comments",
        "This website uses cookies to improve your experience",
        "Abonnez-vous à notre lettre",
    ],
)
def test_furniture_lines_go(line: str) -> None:
    assert page(f"The school spoke.\n{line}\nThe firm answered.".encode()).text == "The school spoke.\nThe firm answered."


@pytest.mark.parametrize(
    "line",
    [
        "About Robin Sample 316 Articles",
        "Be the first to comment",
        "Leave a Reply",
        "Laisser un commentaire",
    ],
)
def test_nothing_follows_the_end(line: str) -> None:
    assert page(f"The school spoke.\n{line}\nI love it.".encode()).text == "The school spoke."


def test_furniture_glued_to_a_sentence() -> None:
    raw = "Accueil Envoyer Partager sur facebook Le MIT a parlé Rédigé par Ana Test le 9 Octobre 2019 à 19:18 Le MIT a dit oui."
    assert page(raw.encode()).text == "Le MIT a parlé\nLe MIT a dit oui."


@pytest.mark.parametrize(
    ("raw", "declared", "text"),
    [
        ("é".encode(), None, "é"),
        ("é".encode("cp1252"), None, "é"),
        ("\ufeffé".encode(), None, "é"),
        ("é".encode("utf-16"), None, "é"),
        ("é".encode("latin-1"), "iso-8859-1", "é"),
        ("é".encode(), "iso-8859-1", "é"),
        ("商汤".encode("gb18030"), "gb2312", "商汤"),
        ("é".encode(), "no-such-charset", "é"),
        ("麻省理工学院周三宣布终止与华为的合作。".encode("gb18030"), "utf-8", "麻省理工学院周三宣布终止与华为的合作。"),
        ("麻省理工學院週三宣布終止與華為的合作。".encode("big5"), None, "麻省理工學院週三宣布終止與華為的合作。"),
        (
            "米MITは華為技術との提携を打ち切ったと発表した。".encode("cp932"),
            "iso-8859-1",
            "米MITは華為技術との提携を打ち切ったと発表した。",
        ),
        (
            "서울대는 화웨이와의 연구를 중단했다고 밝혔다.".encode("euc_kr"),
            "utf-8",
            "서울대는 화웨이와의 연구를 중단했다고 밝혔다.",
        ),
        ("Élève créée à Genève, où l’été naît.".encode("cp1252"), "utf-8", "Élève créée à Genève, où l’été naît."),
        ("麻省理工学院周三宣布终止与华为的合作。".encode()[:-1], "utf-8", "麻省理工学院周三宣布终止与华为的合作\ufffd"),
    ],
)
def test_encodings(raw: bytes, declared: str | None, text: str) -> None:
    assert decode(raw, declared) == text


def test_tidy_keeps_words() -> None:
    assert tidy("Hua\u200bwei\r\n\r\n\r\n\r\nZTE  and\te\u0301") == "Huawei\n\nZTE and\té"


@pytest.mark.parametrize("mark", [0x34F, 0x61C, 0x115F, 0x180E, 0x202E, 0x2066, 0x2069, 0x3164, 0xFE0F, 0xFFA0, 0xE0041])
def test_tidy_takes_out_marks_that_nobody_sees(mark: int) -> None:
    """They hide names, and those that turn the direction of writing make a quote read as something else."""
    assert tidy(f"Hua{chr(mark)}wei") == "Huawei"


@pytest.mark.parametrize("end", ["\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\r"])
def test_tidy_knows_every_line_end(end: str) -> None:
    assert tidy(f"It said so.{end}ZTE did not.") == "It said so.\nZTE did not."


@pytest.mark.parametrize("raw", [b"", b" \n ", b"\x00\x01\x02", b"<html><body></body></html>", b"!!! ???"])
def test_nothing_readable(raw: bytes) -> None:
    with pytest.raises(UnreadableError) as error:
        page(raw, "html" if b"<" in raw else "text")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "raw",
    [
        b"<p>MIT ended it<div><p></b>with ZTE",
        b"<html><body>MIT <<>> ended it &nosuch; with ZTE",
        b"<div>" * 3000 + b"MIT ended it",
    ],
)
def test_soup(raw: bytes) -> None:
    assert "MIT" in page(raw, "html").text


def test_huge() -> None:
    assert len(page(b"MIT ended it. " * 100_000).text) <= 400_000
