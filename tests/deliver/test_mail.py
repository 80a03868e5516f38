"""Mails, taken by a real SMTP server on loopback: whole, once, and never more than one plain mail."""

import html
import json
import re
from datetime import timedelta

import pytest

from tests.builders import NOW
from tests.deliver.conftest import HOSTILE, Office, Settle
from tests.deliver.mailing import ADDRESS, AnyPort, Box, box, office, server, settings
from tracker import watching
from tracker.errors import UsageError
from tracker.watching import WatchOrder

__all__ = ["box", "office", "server"]  # fixtures


def test_a_mail_has_text_html_and_headers_that_lists_have(office: Office, box: Box) -> None:
    office.learn("Söhne & Co")
    assert not office.run().failed
    (mail,) = box.mails
    assert mail.get_content_type() == "multipart/alternative"
    text, page = mail.iter_parts()
    assert [text.get_content_type(), page.get_content_type()] == ["text/plain", "text/html"]
    assert "Söhne & Co" in text.get_content()
    assert "Söhne &amp; Co" in page.get_content()
    assert "<h1 style=" in page.get_content()  # styles stand on the elements
    assert "prefers-color-scheme" in page.get_content()
    assert (mail["From"], mail["To"]) == ("tracker@example.edu", ADDRESS)
    assert mail["Subject"] == "office: 1 change to 2019-10-09 (digest 1)"
    assert mail["Date"].datetime == NOW
    assert mail["List-Id"] == "<office.example.edu>"
    assert "List-Unsubscribe" not in mail
    assert "List-Unsubscribe-Post" not in mail
    assert not office.run(timedelta(days=1)).deliveries


@pytest.mark.parametrize(
    ("links", "header", "one_click"),
    [
        ('["mailto:stop@example.edu?subject={watch}"]', "<mailto:stop@example.edu?subject=office>", False),
        (
            f'["https://example.edu/stop/{"long" * 40}/{{channel}}", "mailto:stop@example.edu"]',
            f"<https://example.edu/stop/{'long' * 40}/email%3Aoffice-1-1>, <mailto:stop@example.edu>",
            True,
        ),
    ],
)
def test_how_to_unsubscribe(settled: Settle, server: AnyPort, box: Box, links: str, header: str, one_click: bool) -> None:
    office = settled(settings(server.port, f"unsubscribe = {links}"))
    office.watch(f"email:{ADDRESS}")
    office.learn()
    office.run()
    (mail,) = box.mails
    assert mail["List-Unsubscribe"] == header
    assert f"List-Unsubscribe: {header}".encode() in box.raw[0]  # as it is, since receivers do not decode it
    assert mail["List-Unsubscribe-Post"] == ("List-Unsubscribe=One-Click" if one_click else None)


OWN = "https://example.edu/stop/{channel}?watch={watch}"
SERVED_AT = '[serve]\npublic_url = "https://tracker.example.edu"'


@pytest.mark.parametrize(
    ("links", "served", "link"),
    [
        ([], True, "https://tracker.example.edu/unsubscribe/"),
        ([OWN], False, "https://example.edu/stop/email%3Aoffice-1-1?watch=office"),
        ([OWN], True, "https://example.edu/stop/email%3Aoffice-1-1?watch=office"),
        (["mailto:stop@example.edu"], True, "https://tracker.example.edu/unsubscribe/"),
        (["mailto:stop@example.edu", OWN], True, "https://example.edu/stop/email%3Aoffice-1-1?watch=office"),
        (["mailto:stop@example.edu?subject={watch}"], False, "mailto:stop@example.edu?subject=office"),
        ([], False, None),
    ],
)
def test_the_link_people_read_is_one_that_mail_programs_are_told(
    settled: Settle, server: AnyPort, box: Box, links: list[str], served: bool, link: str | None
) -> None:
    office = settled(settings(server.port, f"unsubscribe = {json.dumps(links)}", *([SERVED_AT] if served else [])))
    office.watch(f"email:{ADDRESS}")
    office.learn()
    office.run()
    (mail,) = box.mails
    text, page = (part.get_content() for part in mail.iter_parts())
    told = re.findall(r"To unsubscribe: (\S+)", text)
    assert told == [html.unescape(one) for one in re.findall(r'href="([^"]+)">Unsubscribe<', page)]
    assert [one[: len(link or "")] for one in told] == ([link] if link else [])
    if link:
        assert f"<{told[0]}>" in str(mail["List-Unsubscribe"]).split(", ")
        assert (mail["List-Unsubscribe-Post"] is not None) is link.startswith("https:")


def test_a_hostile_name_breaks_nothing(office: Office, box: Box) -> None:
    office.learn(HOSTILE)
    assert not office.run().failed
    (mail,) = box.mails
    assert set(mail.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "List-Id", "Auto-Submitted", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert "bcc:" not in box.raw[0].decode().lower().partition("\r\n\r\n")[0]
    text, page = (part.get_content() for part in mail.iter_parts())
    assert "<script" not in page
    assert not {"\x00", "\x1b", "\u202e", "\u200f"} & set(text + page)
    assert not any(line.startswith("BCC:") for line in text.splitlines())


@pytest.mark.parametrize(
    "address",
    [
        "ada", "ada@", "@example.org", "ada@example.org\nBCC: eve@example.org", "ada@example.org\r\n", "a@b@c",
        "ada @example.org", "ada@example.org,eve@example.org", "Ada <ada@example.org>", "ada@exämple.org",
        f"{'a' * 65}@example.org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_when_the_watch_is_added(office: Office, address: str) -> None:
    with pytest.raises(UsageError, match="plain mail address") as caught:
        watching.add(office.app, WatchOrder(watch="other", channels=(f"email:{address}",)))
    assert "\n" not in str(caught.value)


def test_a_grey_list_is_waited_for_and_the_same_mail_comes(office: Office, box: Box) -> None:
    box.answers = [f"451 4.7.1 <{ADDRESS.upper()}> grey, come again"]
    office.learn()
    first = office.run()
    assert first.failed
    (failed,) = office.failures()
    assert failed.error == "the mail server refused the address: 451 4.7.1 <the address> grey, come again"
    assert failed.next_try == NOW + timedelta(minutes=5)
    assert office.run(timedelta(minutes=4)).deliveries == ()
    assert not office.run(timedelta(minutes=1)).failed
    assert len(box.mails) == 1


def test_pauses_grow_up_to_a_day(settled: Settle, server: AnyPort, box: Box) -> None:
    box.answers = ["451 4.7.1 come again"] * 12
    office = settled(settings(server.port, "[delivery]", "pause_after = 100"))
    office.watch(f"email:{ADDRESS}")
    office.learn()
    office.run()
    for _ in range(10):
        due = office.failures()[-1].next_try
        assert due
        office.run(due - office.clock.at)
    pauses = [60 * 2**n * 5 for n in range(9)]
    starts = [one.recorded_at for one in office.app.receipts.read()]
    waited = [one.next_try - start for one, start in zip(office.failures(), starts, strict=True) if one.next_try]
    assert waited == [timedelta(seconds=min(86400, pause)) for pause in [*pauses, 86400, 86400]]
