"""Markdown digests, read back with markdown-it (CommonMark)."""

from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.deliver.conftest import HOSTILE, Office, Settle
from tracker.deliver.markdown import _source, plain
from tracker.deliver.told import Source
from tracker.lines import one_line


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "notes"


@pytest.fixture
def office(settled: Settle, folder: Path) -> Office:
    office = settled("")
    office.watch(f"markdown:{folder}")
    return office


def tokens(text: str) -> list[Token]:
    found = MarkdownIt("commonmark").parse(text)
    return [*found, *(inner for one in found for inner in one.children or [])]


def test_a_file_a_digest(office: Office, folder: Path) -> None:
    office.learn("Söhne & Co")
    assert not office.run().failed
    assert [path.name for path in folder.iterdir()] == ["office-0001.md"]
    text = (folder / "office-0001.md").read_text(encoding="utf-8")
    kinds = [one.type for one in tokens(text)]
    assert (kinds.count("heading_open"), kinds.count("list_item_open")) == (2, 1)
    assert "Söhne &amp; Co" in MarkdownIt("commonmark").render(text)


def test_a_hostile_name_breaks_nothing(office: Office, folder: Path) -> None:
    office.learn(HOSTILE)
    assert not office.run().failed
    text = (folder / "office-0001.md").read_text(encoding="utf-8")
    kinds = [one.type for one in tokens(text)]
    assert not {"html_block", "html_inline", "code_inline", "fence", "code_block", "image", "hardbreak"} & set(kinds)
    assert (kinds.count("heading_open"), kinds.count("list_item_open")) == (2, 1)
    assert not any("javascript" in str(one.attrGet("href")) for one in tokens(text) if one.type == "link_open")
    assert not {"\u202e", "\u200f", "\x1b", "\r"} & set(text)


@pytest.mark.parametrize("text", [HOSTILE, "1. one", "- two", "    code", "~~~", "&lt;b&gt;", "a\\", "<https://x>", "***", "a|b"])
def test_what_is_plain_reads_as_it_was(text: str) -> None:
    (inline,) = (one for one in MarkdownIt("commonmark").parse(plain(text)) if one.type == "inline")
    assert "".join(child.content for child in inline.children or []) == one_line(text)


def test_links_lead_to_the_web_only_and_cannot_be_left() -> None:
    hostile = Source(url="https://example.org/a)> [b](javascript:c) <d", title="T]](x)", document="d")
    (link,) = (one for one in tokens(_source(hostile)) if one.type == "link_open")
    assert str(link.attrGet("href")).startswith("https://example.org/a")
    assert "javascript:c)%20" in str(link.attrGet("href")).replace("%29", ")")
    assert _source(Source(url="javascript:alert(1)", title="T", document="d")) == "T"
