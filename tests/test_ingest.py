"""Local documents: what a file is taken for, and what is refused in one line."""

from pathlib import Path

import pytest

from tests.conftest import HandClock
from tracker.app import App
from tracker.errors import TrackerError, UsageError
from tracker.ingest import local_document

PAGE = (
    "<!doctype html><html><head><title>MIT ends ties</title>{link}</head><body><article><h1>MIT ends ties</h1>"
    "<p>MIT said on Tuesday that it had cut its ties with Huawei and ZTE, and that it will review the others.</p>"
    "</article></body></html>"
)
CANONICAL = '<link rel="canonical" href="https://post.example/a">'


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("name", "content", "kind", "rendition"),
    [
        ("a.txt", "MIT ends ties\n\nMIT said so.", "article", "text"),
        ("a.html", PAGE.format(link=""), "article", "html"),
        ("a.txt", PAGE.format(link=""), "article", "html"),
        ("a", "MIT said so.", "article", "text"),
    ],
)
def test_a_file_is_known_by_what_is_in_it(app: App, tmp_path: Path, name: str, content: str, kind: str, rendition: str) -> None:
    document = local_document(write(tmp_path, name, content), app.config.registers)
    assert (document.kind, document.rendition, document.source) == (kind, rendition, "local")


def test_an_article_is_named_by_its_address_else_by_its_bytes(app: App, tmp_path: Path) -> None:
    registers = app.config.registers
    bare = write(tmp_path, "bare.html", PAGE.format(link=""))
    told = write(tmp_path, "told.html", PAGE.format(link=CANONICAL))
    assert local_document(bare, registers, url="https://post.example/b").key == "https://post.example/b"
    assert local_document(told, registers).key == "https://post.example/a"
    by_bytes = local_document(bare, registers).key
    assert by_bytes.startswith("sha256-")
    assert local_document(write(tmp_path, "copy.html", bare.read_bytes()), registers).key == by_bytes


@pytest.mark.parametrize("url", ["https://post.example/a?utm_source=rss", "HTTPS://Post.Example:443/a#top"])
def test_one_page_has_one_address(app: App, tmp_path: Path, url: str) -> None:
    registers = app.config.registers
    bare = write(tmp_path, "bare.html", PAGE.format(link=""))
    told = write(tmp_path, "told.html", PAGE.format(link=f'<link rel="canonical" href="{url}">'))
    for document in (local_document(bare, registers, url=url), local_document(told, registers)):
        assert (document.key, document.url) == ("https://post.example/a", "https://post.example/a")


@pytest.mark.parametrize(
    "href", ["/a", "a.html", "https://post.example/", "https://post.example", "javascript:alert(1)", "https://"]
)
def test_what_a_page_calls_its_address_may_be_none(app: App, tmp_path: Path, href: str) -> None:
    """Two articles that both name the front page, or half an address, are not one."""
    told = write(tmp_path, "told.html", PAGE.format(link=f'<link rel="canonical" href="{href}">'))
    assert local_document(told, app.config.registers).key.startswith("sha256-")


@pytest.mark.parametrize("url", ["not an address", "", "post.example/a", "javascript:alert(1)", "https://"])
def test_where_it_was_published_must_be_an_address(app: App, tmp_path: Path, url: str) -> None:
    path = write(tmp_path, "a.txt", "MIT said so.")
    with pytest.raises(UsageError, match="--url"):
        local_document(path, app.config.registers, url=url)


@pytest.mark.parametrize("published", ["2019-10-09", "2019-10", "2019", "2019-10-09T10:00:00-04:00", "2019-10-01/2019-10-09"])
def test_when_it_was_published_is_a_date_or_a_time(app: App, tmp_path: Path, published: str) -> None:
    path = write(tmp_path, "a.txt", "MIT said so.")
    assert local_document(path, app.config.registers, published=published).published == published


@pytest.mark.parametrize("published", ["yesterday", "2019-13-01", "09.10.2019", "2019-10-09T99:99", "2019-10-09Tnoon"])
def test_when_it_was_published_must_be_readable(app: App, tmp_path: Path, published: str) -> None:
    path = write(tmp_path, "a.txt", "MIT said so.")
    with pytest.raises(TrackerError, match="--published") as raised:
        local_document(path, app.config.registers, published=published)
    assert raised.value.exit_code == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b" \n\t ", "empty"), (b"<?xml version='1.0'?>\n<FEDREG>\n", "daily issue")],
)
def test_what_is_no_document_is_refused_in_one_line(app: App, tmp_path: Path, content: bytes, words: str) -> None:
    path = write(tmp_path, "a.xml", content)
    with pytest.raises(TrackerError, match=words) as raised:
        local_document(path, app.config.registers)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", ["nowhere.txt", "."])
def test_what_is_no_file_is_refused(app: App, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as raised:
        local_document(tmp_path / name, app.config.registers)
    assert "Give the path of a file" in (raised.value.hint or "")


def test_bytes_that_are_no_text_are_a_document_whose_reading_fails(app: App, tmp_path: Path, clock: HandClock) -> None:
    """They are archived like any other; the reading says why nothing came of them."""
    from tracker.reading import read

    document = local_document(write(tmp_path, "a.bin", b"\x00\x01\x02 \x03" * 900), app.config.registers)
    done = read(document, app.config.registers)
    assert done.failure
    assert "\n" not in done.failure
    assert done.statements == ()
