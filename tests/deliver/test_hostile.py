"""Whatever words the press puts into a title: no channel breaks, and independent readers read the words back as words.

Each example is a digest whose one line says something hostile; every channel's renderer turns it into its own form,
and a parser that shares no code with the writer takes that apart again.
"""

import csv
import io
import json
import re
import shlex
import subprocess
from email import message_from_bytes
from email.policy import default
from typing import Any

import feedparser
import lxml.html  # type: ignore[import-untyped]
import vobject
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from projections.rows import ChangeRow, EvidenceRow, FieldChange
from tests.builders import NOW
from tests.conftest import HandClock
from tests.deliver.conftest import HOSTILE
from tracker.cli.output import _csv, shown
from tracker.contents import Content, Digest, Group, Item
from tracker.deliver.atom import as_feed, told_entries
from tracker.deliver.base import Issued, Means, Parcel
from tracker.deliver.ics import as_calendar, calendar_days
from tracker.deliver.mail import compose
from tracker.deliver.markdown import as_markdown
from tracker.deliver.settings import EmailSettings
from tracker.lines import one_line
from tracker.render import Renderer
from tracker.spans import Span

PIECES = [
    "\r\nBcc: eve@example.org\r\n\r\n", "\n.\n", "\0", "\x1b[2J", "\x7f", "\x85", "\u2028", "\u2029", "\ufeff", "\u202e",
    "\u2066", "\u200f", "<script>", "</style>", "<!--", "-->", "]]>", "<![CDATA[", "&#0;", "&amp;", '"', "'", "`", "```", "|",
    "<img src=x onerror=x>", "*", "_", "# ", "- ", "1. ", "> ", "![x](y)", "[a](javascript:b)", "<https://x.example>", "\\",
    "$(id)", "`id`", "; rm -rf /", "\nEND:VEVENT\nBEGIN:VEVENT\n", "\nATTENDEE:mailto:x", ";X=1:", ",", "{{ 7 * 7 }}",
    "{% raw %}", "%s", "{0}", "=1+1", "+1", "-1", "@x", "\t=1", "=?utf-8?q?x?=", "海康", "é", "e\u0301", "🙂", " " * 90,
    "x" * 200,
]  # fmt: skip
hostile = st.lists(
    st.one_of(st.sampled_from(PIECES), st.text(st.characters(exclude_categories=["Cs"]), max_size=12)), max_size=8
).map("".join)
urls = st.one_of(st.none(), hostile, hostile.map("https://example.org/".__add__), hostile.map("javascript:".__add__))
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f]")
examples = settings(max_examples=60)


def digest(words: str, url: str | None = None) -> Digest:
    """A digest of one line that says so."""
    change = ChangeRow(
        change=1,
        position=1,
        day=None,
        date="2019-10-09",
        type="entity-added",
        kind="learnt",
        name=words,
        summary=words,
        fact="f",
        fields=(FieldChange(field="name", before=(words,), after=(words, words)),),
    )
    source = EvidenceRow(
        claim="f", type="entity-added", document="document/post/x", url=url, title=words, outlet=words, attributed_to=words,
        text="0" * 64, start=0, end=1,
    )  # fmt: skip
    items = (Item(change=change, evidence=(source,), cause="corrected", before=change, also=(change,)),)
    span = Span(after=0, until=1, day_after="2019-10-08", day_until="2019-10-09")
    content = Content(groups=(Group(title="Added to a list", items=items),))
    return Digest(watch="office", number=1, span=span, content=content)


NOTES = ["li"] * 3
"""What stands below the line: what was told before, the other part, and how the name reads."""


def parcel(one: Digest) -> Parcel:
    model = Renderer().json(one)
    return Parcel(
        id="office-1-0", watch="office", number=1, issued_at=NOW, text=Renderer().text(one).encode(),
        html=Renderer().html(one).encode(),
        json=model, all_issued=lambda: iter([Issued(at=NOW, json=model)]),
    )  # fmt: skip


def words_of(page: str) -> str:
    """What a reader of a page sees, on one line."""
    return " ".join(str(lxml.html.fromstring(page).text_content()).split())


@examples
@given(words=hostile, url=urls)
@example(words=HOSTILE, url="https://example.org/" + HOSTILE)
def test_a_mail_is_one_mail(words: str, url: str | None) -> None:
    means = Means(clock=HandClock(), email=EmailSettings(host="localhost", sender="t@example.edu"))
    raw = compose(parcel(digest(words, url)), "ada@example.org", means).as_bytes()
    mail: Any = message_from_bytes(raw, policy=default)
    assert sorted(mail.keys()) == sorted(
        ["From", "To", "Subject", "Auto-Submitted", "Message-ID", "Date", "List-Id", "MIME-Version", "Content-Type"]
    )
    assert (mail["To"], mail["From"]) == ("ada@example.org", "t@example.edu")
    assert not mail.defects
    text, page = mail.iter_parts()
    assert not [part for part in (text, page) if part.is_multipart() or part.defects]
    assert not CONTROL.search(text.get_content())
    assert one_line(words).split() == [] or one_line(words).split()[0][:20] in text.get_content()
    assert one_line(words) in words_of(page.get_content())


@examples
@given(words=hostile, url=urls)
@example(words=HOSTILE, url="https://example.org/" + HOSTILE)
def test_a_page_has_no_other_elements_than_its_own(words: str, url: str | None) -> None:
    def shape(page: str) -> list[str]:
        return [str(one.tag) for one in lxml.html.fromstring(page).iter()]

    page = Renderer().html(digest(words, url))
    plain = Renderer().html(digest("x", "https://example.org/" if url and url.startswith("https://") else None))
    assert shape(page) == shape(plain)
    assert not CONTROL.search(page)
    for link in lxml.html.fromstring(page).xpath("//a/@href"):
        assert str(link).startswith("https://example.org/")
    assert one_line(words) in words_of(page)


@examples
@given(words=hostile, url=urls)
@example(words=HOSTILE, url="https://example.org/" + HOSTILE)
def test_a_feed_has_one_entry_that_says_so(words: str, url: str | None) -> None:
    raw = as_feed("office", "tag:x", None, told_entries(parcel(digest(words, url)).all_issued()))
    found = feedparser.parse(io.BytesIO(raw), sanitize_html=False)
    assert not found.bozo
    (entry,) = found.entries
    assert " ".join(entry.title.split()) == " ".join(one_line(words)[:300].split())
    tags = [one.tag for one in lxml.html.fromstring(f"<div>{entry.summary}</div>").iter()][1:]
    assert tags in (["p", "ul", *NOTES, "p"], ["p", "ul", *NOTES, "p", "a"])
    assert not CONTROL.search(raw.decode())


@examples
@given(words=hostile)
@example(words=HOSTILE)
def test_a_calendar_has_one_day_that_says_so(words: str) -> None:
    raw = as_calendar("office", calendar_days(parcel(digest(words))), NOW)
    calendar = vobject.readOne(raw.decode())
    (day,) = calendar.contents["vevent"]
    assert sorted(day.contents) == sorted(
        ["uid", "dtstamp", "dtstart", "dtend", "summary", "sequence", "last-modified", "status", "transp"]
    )
    assert day.summary.value == one_line(words)
    assert not CONTROL.search(raw.decode())
    assert max(map(len, raw.split(b"\r\n"))) <= 75


@examples
@given(words=hostile, url=urls)
@example(words=HOSTILE, url="https://example.org/" + HOSTILE)
def test_markdown_is_one_item_of_plain_words(words: str, url: str | None) -> None:
    text = as_markdown(parcel(digest(words, url)))
    tokens = MarkdownIt("commonmark").parse(text)
    kinds = [one.type for one in tokens]
    assert (kinds.count("heading_open"), kinds.count("list_item_open"), kinds.count("bullet_list_open")) == (
        2, 1 + len(NOTES), 2,
    )  # fmt: skip
    inner = [child for one in tokens for child in one.children or []]
    assert {one.type for one in inner} <= {"text", "text_special", "strong_open", "strong_close", "link_open", "link_close"}
    assert all(str(one.attrGet("href")).startswith("https://example.org/") for one in inner if one.type == "link_open")
    assert one_line(words) in "".join(one.content for one in inner)
    assert not CONTROL.search(text)


@examples
@given(words=hostile)
@example(words=HOSTILE)
def test_json_says_it_to_the_letter_and_text_on_lines_of_its_own(words: str) -> None:
    one = digest(words)
    assert json.loads(Renderer().json(one))["groups"][0]["items"][0]["change"]["summary"] == words
    lines = Renderer().text(one).splitlines()
    assert not CONTROL.search(Renderer().text(one))
    assert sum(line.startswith("2019-10-09") for line in lines) == 1
    start = lines.index("---------------") + 1
    assert all(line.startswith(("2019-10-09", "    ")) for line in lines[start:-2])


@examples
@given(words=hostile)
@example(words="=HYPERLINK(1)")
@example(words=HOSTILE)
def test_csv_has_one_cell_that_is_no_formula(words: str) -> None:
    (_, row) = csv.reader(io.StringIO(_csv([{"summary": words, "n": 1}], ("summary", "n")), newline=""))
    cell, number = row
    assert number == "1"
    assert cell.removeprefix("'") == words or cell == words
    assert not cell.startswith(("=", "+", "@", "\t", "\r"))
    assert not cell.startswith("-") or re.fullmatch(r"-?\d+(\.\d+)?", cell)
    assert "\n" not in shown(words)
    assert not CONTROL.search(shown(words))


def test_a_shell_that_is_given_a_line_runs_nothing() -> None:
    """Lines are read by people and by `while read`: quoted once, as any text must be, they are one word."""
    words = "".join(PIECES).replace("\0", "")
    line = shown(words)
    done = subprocess.run(["sh", "-c", f"printf %s {shlex.quote(line)}"], capture_output=True, check=True, text=True)
    assert done.stdout == line
