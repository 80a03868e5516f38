"""The page at the address itself: it leads to what is public, and every link on it works."""

import re

from werkzeug.test import Client

from tests.builders import LIST, ended
from tests.deliver.conftest import Office
from tests.test_digest import learn


def links(client: Client) -> list[str]:
    answer = client.get("/")
    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    return re.findall(r'href="([^"]+)"', answer.text)


def test_an_empty_home_leads_to_its_lists(office: Office, client: Client) -> None:
    found = links(client)
    assert f"list/{LIST}/feed.atom" in found
    assert not any(each.startswith(("institution/", "party/")) for each in found)


def test_whoever_has_news_is_led_to_and_nobody_else(office: Office, client: Client) -> None:
    learn(office.app, "document/post/a", ended("2019-10-01"))
    found = links(client)
    assert {"institution/mit/feed.atom", "party/huawei/calendar.ics"} <= set(found)
    assert not any("sensetime" in each for each in found)
    assert {client.get(f"/{each}").status_code for each in found} == {200}


def test_no_watch_is_named(office: Office, client: Client) -> None:
    office.watch("email:who@example.edu")
    office.learn()
    assert "office" not in client.get("/").text
    assert "example.edu" not in client.get("/").text


def test_only_reading_is_answered(office: Office, client: Client) -> None:
    assert client.post("/").status_code == 405
    assert client.head("/").status_code == 200
