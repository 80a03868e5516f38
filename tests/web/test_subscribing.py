"""The pages behind the links of mails: no login, a GET changes nothing, one click is enough."""

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from werkzeug.test import Client

from events.deliveries import ChannelConfirmed, ChannelUnsubscribed
from tests.deliver.conftest import Office, Settle
from tests.deliver.mailing import ADDRESS, AnyPort, Box, box, server, settings
from tests.web.conftest import PUBLIC, SERVED, Reach
from tracker import watching
from tracker.app import App
from tracker.channels import wanted
from tracker.delivery import deliver
from tracker.errors import ConfigError
from tracker.links import confirm_path, unsubscribe_path

__all__ = ["box", "server"]  # fixtures
CLICK = {"List-Unsubscribe": "One-Click"}
DAY = timedelta(days=1)


@pytest.fixture
def office(settled: Settle, server: AnyPort) -> Office:
    office = settled(settings(server.port, SERVED))
    office.watch(f"email:{ADDRESS}")
    return office


def asking(settled: Settle, server: AnyPort, *more: str) -> Office:
    office = settled(settings(server.port, "confirm = true", *more, SERVED))
    office.watch(f"email:{ADDRESS}")
    office.learn()
    return office


def link_in(box: Box) -> str:
    """The path of the link in the last mail."""
    found = re.search(rf"{re.escape(PUBLIC)}(/\S+)", box.mails[-1].get_content())
    assert found
    return found[1]


def path_of(office: Office) -> str:
    (channel,) = wanted(office.app)
    return unsubscribe_path(office.app, channel)


def events(office: Office, kind: type) -> list[object]:
    return [one.event for one in office.app.receipts.read() if isinstance(one.event, kind)]


def test_the_link_of_a_mail_leads_to_a_page_whose_button_ends_it(office: Office, box: Box, client: Client) -> None:
    office.learn()
    office.run()
    (mail,) = box.mails
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail["List-Unsubscribe"].strip("<>")
    assert link.startswith(f"{PUBLIC}/unsubscribe/")
    text, html = (part.get_content() for part in mail.iter_parts())
    assert link in text
    assert link in html
    path = urlsplit(link).path
    for _ in range(3):
        page = client.get(path)
        assert page.status_code == 200
    assert client.head(path).status_code == 200
    assert "a...@example.org" in page.text
    assert ADDRESS not in page.text
    assert events(office, ChannelUnsubscribed) == []
    assert client.post(path, data=CLICK).status_code == 200
    (channel,) = wanted(office.app)
    assert office.app.private.get(channel) is None
    office.learn("Zenith", "document/federal-register/2")
    assert office.run(DAY).deliveries == ()
    assert len(box.mails) == 1


def test_one_click_again_is_as_good_as_once(office: Office, client: Client) -> None:
    path = path_of(office)
    assert [client.post(path, data=CLICK).status_code for _ in range(3)] == [200] * 3
    assert len(events(office, ChannelUnsubscribed)) == 1
    assert "You are unsubscribed" in client.get(path).text


def test_one_click_may_come_as_a_multipart_form(office: Office, client: Client) -> None:
    assert client.post(path_of(office), data=CLICK, content_type="multipart/form-data").status_code == 200
    assert len(events(office, ChannelUnsubscribed)) == 1


def test_links_work_for_years_and_only_for_their_own_channel(office: Office, client: Client) -> None:
    path = path_of(office)
    start, _, code = path.rpartition("/")
    for wrong in (f"{start}/{code[:-1]}", f"{start}/{code}x", f"{start}/é", path.replace("office", "others")):
        assert client.post(wrong, data=CLICK).status_code == 404
    office.clock.at += 3650 * DAY
    assert path_of(office) == path
    assert client.post(path, data=CLICK).status_code == 200


def test_what_is_no_click_changes_nothing(office: Office, client: Client) -> None:
    path = path_of(office)
    assert client.post(path).status_code == 400
    assert client.post(path, data={"List-Unsubscribe": "x" * 20_000}).status_code == 413
    assert client.put(path, data=CLICK).status_code == 405
    assert events(office, ChannelUnsubscribed) == []


def test_digests_wait_until_the_address_said_yes(settled: Settle, server: AnyPort, box: Box, reach: Reach) -> None:
    office = asking(settled, server)
    first = office.run()
    assert [one.number for one in first.deliveries] == [0]
    (question,) = box.mails
    assert question["To"] == ADDRESS
    assert office.run(DAY).deliveries == ()
    path = link_in(box)
    assert reach(office).get(path).status_code == 200
    assert reach(office).head(path).status_code == 200
    assert office.run(DAY).deliveries == ()
    assert reach(office).post(path, data=CLICK).status_code == 200
    assert len(events(office, ChannelConfirmed)) == 1
    assert "You are subscribed" in reach(office).get(path).text
    assert [(one.number, one.error) for one in office.run(DAY).deliveries] == [(1, None)]
    assert len(box.mails) == 2


def test_the_question_is_over_after_a_time_and_is_asked_again_by_a_person_only(
    settled: Settle, server: AnyPort, box: Box, reach: Reach
) -> None:
    office = asking(settled, server, 'confirm_within = "2d"')
    office.run()
    late = link_in(box)
    office.clock.at += 3 * DAY
    assert reach(office).get(late).status_code == 410
    assert reach(office).post(late, data=CLICK).status_code == 410
    assert office.run().deliveries == ()
    assert [one.number for one in deliver(office.app, at_once=True)] == [0]
    assert reach(office).post(link_in(box), data=CLICK).status_code == 200
    assert events(office, ChannelConfirmed)


def test_the_time_of_a_link_cannot_be_made_longer(settled: Settle, server: AnyPort, box: Box, reach: Reach) -> None:
    office = asking(settled, server)
    office.run()
    start, until, code = link_in(box).rsplit("/", 2)
    assert reach(office).post(f"{start}/{int(until) + 1}/{code}", data=CLICK).status_code == 404
    (channel,) = wanted(office.app)
    other = confirm_path(office.app, channel.replace("office", "others"), office.clock.at + DAY)
    assert reach(office).post(other, data=CLICK).status_code == 410  # nobody is there


@pytest.mark.parametrize("own", ["example.org", "ada@example.org"])
def test_addresses_of_our_own_are_not_asked(settled: Settle, server: AnyPort, box: Box, own: str) -> None:
    office = asking(settled, server, f'own = ["{own}"]')
    assert [one.number for one in office.run().deliveries] == [1]


def test_an_address_that_had_digests_before_is_not_asked(
    office: Office, server: AnyPort, home: Path, config_directory: Path
) -> None:
    office.learn()
    office.run()
    (config_directory / "tracker.toml").write_text(settings(server.port, "confirm = true", SERVED), encoding="utf-8")
    with App(home, config_directory, office.clock) as app:
        later = Office(app, office.clock)
        later.learn("Zenith", "document/federal-register/2")
        assert [one.number for one in later.run(DAY).deliveries] == [2]


def test_a_question_that_is_refused_is_asked_again_later(settled: Settle, server: AnyPort, box: Box) -> None:
    office = asking(settled, server)
    box.answers = ["451 4.7.1 come again"]
    assert [one.number for one in office.run().deliveries] == [0]
    assert box.mails == []
    assert office.run(timedelta(minutes=4)).deliveries == ()
    assert [one.error for one in office.run(timedelta(minutes=1)).deliveries] == [None]
    assert len(box.mails) == 1
    assert office.run(DAY).deliveries == ()


def test_removing_the_watch_ends_the_question_too(settled: Settle, server: AnyPort, box: Box, reach: Reach) -> None:
    office = asking(settled, server)
    office.run()
    watching.remove(office.app, "office")
    assert reach(office).post(link_in(box), data=CLICK).status_code == 410
    assert events(office, ChannelConfirmed) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[email]\nconfirm = true\n", "set public_url under"),
        ('[serve]\npublic_url = "tracker.example.edu"\n', "public_url under"),
        ('[serve]\npublic_url = "https://tracker.example.edu/?a=b"\n', "without a query"),
        ("[serve]\nport = 70000\n", "port under"),
        ("[serve]\nentries = 0\n", "entries between"),
        ("[delivery]\npause_after = 0\n", "pause_after under"),
    ],
)
def test_settings_that_cannot_work_are_refused(settled: Settle, text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(words)):
        _ = settled(text).app.config


def test_links_of_a_home_are_its_own(settled: Settle, tmp_path: Path) -> None:
    office = settled("")
    office.watch(f"email:{ADDRESS}")
    with App(tmp_path / "other", office.app.config_directory, office.clock) as other:
        assert unsubscribe_path(other, "email:office-1-1") != unsubscribe_path(office.app, "email:office-1-1")
    assert (office.app.home / "private.db").stat().st_mode & 0o077 == 0
