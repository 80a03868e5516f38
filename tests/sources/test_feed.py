"""Feeds and the articles they lead to, against a real server on loopback."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.sources.conftest import Poller, World, feed_bytes
from tracker.sources.base import Finished

REVIEW = (
    b"<!DOCTYPE html><html><body><h1>University of Examples reviews its ties to listed firms</h1><p>It does.</p></body></html>"
)
ENDS = b"<!DOCTYPE html><html><body><h1>Example Institute ends a partnership</h1><p>It did.</p></body></html>"
LOGIN = b'<!DOCTYPE html><html><body><form>Log in <input type="password"></form></body></html>'


def serve(server: HTTPServer, path: str, body: bytes, content_type: str = "text/html", status: int = 200, etag: str = "") -> None:
    def respond(request: Request) -> Response:
        if etag and request.headers.get("If-None-Match") == etag:
            return Response(b"", 304, {"ETag": etag})
        return Response(body, status, {"ETag": etag} if etag else {}, content_type=content_type)

    server.expect_request(path).respond_with_handler(respond)


@pytest.fixture
def outlet(poller: Poller, httpserver: HTTPServer) -> Any:
    """A feed of two articles, both there, all with ETags."""
    serve(httpserver, "/feed", feed_bytes("outlet.rss", httpserver.url_for("/")), "application/rss+xml", etag='"f"')
    serve(httpserver, "/2019/review", REVIEW, etag='"r"')
    serve(httpserver, "/2019/ends", ENDS, "text/html; charset=utf-8", etag='"e"')
    return poller.settings(id="courier", kind="feed", url=httpserver.url_for("/feed"), language="en", timezone="Europe/Paris")


def test_articles_come_oldest_first_with_what_the_feed_says(poller: Poller, outlet: Any, httpserver: HTTPServer) -> None:
    assert poller.poll(outlet) == {"Fetched": 2, "Finished": 1}
    ends, review = (item.document for item in poller.fetched)
    assert (ends.kind, ends.rendition, ends.raw, ends.charset) == ("article", "html", ENDS, "utf-8")
    assert (ends.published, review.published) == ("2019-10-08T10:00:00+02:00", "2019-10-09T08:30:00+02:00")
    assert review.key == review.url == httpserver.url_for("/2019/review?id=7")
    assert (review.language, review.outlet, review.timezone) == ("en", "The Example Courier", "Europe/Paris")
    assert review.title == "University of Examples reviews its ties to listed firms"


def test_nothing_is_asked_twice_until_it_is_time(poller: Poller, outlet: Any, asked: Callable[[], list[str]]) -> None:
    poller.poll(outlet)
    assert asked() == ["/feed", "/2019/ends", "/2019/review"]
    assert poller.poll(outlet, after=timedelta(hours=1)) == {"Finished": 1}
    assert isinstance(poller.items[-1], Finished)
    assert poller.items[-1].unchanged
    assert asked() == ["/feed"]
    assert poller.poll(outlet, after=timedelta(hours=13)) == {"Unchanged": 2, "Finished": 1}


def test_an_edited_article_comes_again_at_the_recheck(poller: Poller, outlet: Any, httpserver: HTTPServer) -> None:
    poller.poll(outlet)
    httpserver.clear_all_handlers()
    serve(httpserver, "/feed", feed_bytes("outlet.rss", httpserver.url_for("/")), etag='"f"')
    serve(httpserver, "/2019/review", REVIEW + b"<!-- edited -->", etag='"r2"')
    serve(httpserver, "/2019/ends", ENDS, etag='"e"')
    assert poller.poll(outlet, after=timedelta(hours=13)) == {"Fetched": 1, "Unchanged": 1, "Finished": 1}


def test_an_entry_that_changed_is_asked_for_at_once(poller: Poller, outlet: Any, httpserver: HTTPServer) -> None:
    poller.poll(outlet)
    httpserver.clear_all_handlers()
    changed = feed_bytes("outlet.rss", httpserver.url_for("/")).replace(b"looks at its contracts", b"looked at its contracts")
    serve(httpserver, "/feed", changed, etag='"f2"')
    serve(httpserver, "/2019/review", REVIEW + b"<!-- edited -->", etag='"r2"')
    assert poller.poll(outlet, after=timedelta(hours=1)) == {"Fetched": 1, "Finished": 1}


def test_a_changed_guid_is_no_news(poller: Poller, outlet: Any, httpserver: HTTPServer) -> None:
    poller.poll(outlet)
    httpserver.clear_all_handlers()
    changed = re.sub(rb"<guid([^>]*)>", rb"<guid\1>again-", feed_bytes("outlet.rss", httpserver.url_for("/")))
    assert changed != feed_bytes("outlet.rss", httpserver.url_for("/"))
    serve(httpserver, "/feed", changed, "application/rss+xml", etag='"f2"')
    serve(httpserver, "/2019/review", REVIEW, etag='"r"')
    serve(httpserver, "/2019/ends", ENDS, "text/html; charset=utf-8", etag='"e"')
    assert "Fetched" not in poller.poll(outlet, after=timedelta(hours=1))


def test_an_entry_that_leaves_changes_nothing(poller: Poller, outlet: Any, httpserver: HTTPServer) -> None:
    poller.poll(outlet)
    httpserver.clear_all_handlers()
    serve(httpserver, "/feed", b'<rss version="2.0"><channel><title>x</title></channel></rss>')
    assert poller.poll(outlet, after=timedelta(hours=1)) == {"Finished": 1}


def test_a_failed_article_is_asked_for_again_though_the_feed_is_unchanged(
    poller: Poller, outlet: Any, httpserver: HTTPServer
) -> None:
    httpserver.clear_all_handlers()
    serve(httpserver, "/feed", feed_bytes("outlet.rss", httpserver.url_for("/")), etag='"f"')
    serve(httpserver, "/2019/review", b"", status=500)
    serve(httpserver, "/2019/ends", ENDS)
    assert poller.poll(outlet) == {"Fetched": 1, "Failed": 1, "Finished": 1}
    httpserver.clear_all_handlers()
    serve(httpserver, "/feed", feed_bytes("outlet.rss", httpserver.url_for("/")), etag='"f"')
    serve(httpserver, "/2019/review", REVIEW)
    assert poller.poll(outlet, after=timedelta(minutes=30)) == {"Fetched": 1, "Finished": 1}


def test_an_article_that_is_gone_rests_and_its_text_in_the_feed_stands_in(
    poller: Poller, outlet: Any, httpserver: HTTPServer, asked: Callable[[], list[str]]
) -> None:
    httpserver.clear_all_handlers()
    serve(httpserver, "/feed", feed_bytes("outlet.rss", httpserver.url_for("/")))
    serve(httpserver, "/2019/review", b"gone", status=410)
    serve(httpserver, "/2019/ends", b"not here", status=404)
    assert poller.poll(outlet) == {"Fetched": 1, "Failed": 1, "Finished": 1}
    document = poller.fetched[0].document
    assert (document.key, document.rendition, document.charset) == (httpserver.url_for("/2019/ends"), "html", "utf-8")
    assert b"<p>The Example Institute will not renew its partnership, a spokesman said.</p>" in document.raw
    assert poller.archive[poller.failed[0].raw or ""] == b"gone"
    asked()
    assert poller.poll(outlet, after=timedelta(hours=1)) == {"Finished": 1}
    assert asked() == ["/feed"]


def test_a_page_that_was_recorded_is_not_replaced_by_the_feed_s_copy(poller: Poller, outlet: Any, httpserver: HTTPServer) -> None:
    poller.poll(outlet)
    httpserver.clear_all_handlers()
    serve(httpserver, "/feed", feed_bytes("outlet.rss", httpserver.url_for("/")))
    serve(httpserver, "/2019/review", REVIEW)
    serve(httpserver, "/2019/ends", b"", status=404)
    assert poller.poll(outlet, after=timedelta(hours=13)) == {"Fetched": 1, "Failed": 1, "Finished": 1}


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        (LOGIN, "text/html", "login"),
        (b"", "text/html", "nothing"),
        (b"<html><body>Error 1015: You are being rate limited</body></html>", "text/html", "block page"),
        (b"<html><body><!-- x --></body></html>", "text/html", "without text"),
        (b"<html><body>No letter here</body></html>", "application/pdf", "neither an HTML page nor a PDF"),
        (b'<?xml version="1.0"?><rss><channel/></rss>', "application/rss+xml", "neither an HTML page nor a PDF"),
        (b"\x00\x01", "application/octet-stream", "neither an HTML page nor a PDF"),
    ],
)
def test_what_is_not_the_article_is_not_recorded(
    poller: Poller, outlet: Any, httpserver: HTTPServer, body: bytes, content_type: str, words: str
) -> None:
    httpserver.clear_all_handlers()
    serve(httpserver, "/feed", feed_bytes("outlet.rss", httpserver.url_for("/")))
    serve(httpserver, "/2019/review", body, content_type)
    serve(httpserver, "/2019/ends", ENDS, "application/octet-stream")
    assert poller.poll(outlet) == {"Fetched": 1, "Failed": 1, "Finished": 1}
    assert words in poller.failed[0].error


def test_the_feed_s_own_text_stands_in_for_a_login_wall_until_the_page_is_back(
    poller: Poller, outlet: Any, httpserver: HTTPServer
) -> None:
    httpserver.clear_all_handlers()
    serve(httpserver, "/feed", feed_bytes("outlet.rss", httpserver.url_for("/")), etag='"f"')
    serve(httpserver, "/2019/review", REVIEW)
    serve(httpserver, "/2019/ends", LOGIN)
    poller.poll(outlet)
    assert b"will not renew" in poller.fetched[0].document.raw
    assert LOGIN in poller.archive.values()
    httpserver.clear_all_handlers()
    serve(httpserver, "/feed", feed_bytes("outlet.rss", httpserver.url_for("/")), etag='"f"')
    serve(httpserver, "/2019/ends", ENDS)
    poller.poll(outlet, after=timedelta(hours=1))
    assert [item.document.raw for item in poller.fetched] == [ENDS]


def test_an_article_with_a_login_box_is_an_article(poller: Poller, outlet: Any, httpserver: HTTPServer) -> None:
    httpserver.clear_all_handlers()
    serve(httpserver, "/feed", feed_bytes("outlet.rss", httpserver.url_for("/")))
    serve(httpserver, "/2019/review", REVIEW + LOGIN)
    serve(httpserver, "/2019/ends", ENDS)
    assert poller.poll(outlet) == {"Fetched": 2, "Finished": 1}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (LOGIN, "HTML page, not a feed"),
        (b" \n", "nothing"),
        (b"just words", "not a feed"),
        (b'{"items": []}', "not a feed"),
        (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><rss version="2.0"><channel/></rss>', "entities"),
        ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><rss version="2.0"/>'.encode("utf-16"), "entities"),
    ],
)
def test_what_is_not_a_feed_fails_the_poll(poller: Poller, outlet: Any, httpserver: HTTPServer, body: bytes, words: str) -> None:
    httpserver.clear_all_handlers()
    serve(httpserver, "/feed", body)
    assert poller.poll(outlet) == {}
    assert words in str(poller.error)
    assert poller.error is not None
    assert poller.archive[poller.error.raw or ""] == body


def test_a_feed_that_collapses_fails_where_entries_are_expected(poller: Poller, httpserver: HTTPServer, outlet: Any) -> None:
    expecting = poller.settings(id="courier", kind="feed", url=outlet.url, expect={"min": 3})
    assert poller.poll(expecting) == {}
    assert "holds 2 entries, 3 to any number are expected" in str(poller.error)


def test_a_feed_that_breaks_off_is_read_as_far_as_it_goes_and_asked_again(
    poller: Poller, outlet: Any, httpserver: HTTPServer
) -> None:
    httpserver.clear_all_handlers()
    whole = feed_bytes("outlet.rss", httpserver.url_for("/"))
    serve(httpserver, "/feed", whole[: whole.index(b"<item>", whole.index(b"<item>") + 1)], etag='"f"')
    serve(httpserver, "/2019/review", REVIEW)
    assert poller.poll(outlet) == {"Fetched": 1}, "what came is taken"
    assert "broke off before its end; the 1 entries that came were taken" in str(poller.error)
    assert poller.state.get(outlet.url) is None


def test_a_moved_feed_is_reported(poller: Poller, outlet: Any, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/old").respond_with_data("", status=301, headers={"Location": "/feed"})
    moved = poller.settings(id="courier", kind="feed", url=httpserver.url_for("/old"))
    poller.poll(moved)
    assert poller.state.source("courier").moved_to == httpserver.url_for("/feed")


def test_the_register_s_own_rss_gives_rules(poller: Poller, httpserver: HTTPServer) -> None:
    link = httpserver.url_for("/documents/2019/10/09/2019-22210/addition-of-entities")
    feed = f'<rss version="2.0"><channel><item><title>Addition</title><link>{link}</link></item></channel></rss>'
    serve(httpserver, "/feed", feed.encode(), etag='"f"')
    serve(httpserver, "/documents/full_text/xml/2019/10/09/2019-22210.xml", b"", status=404)
    serve(httpserver, "/documents/full_text/text/2019/10/09/2019-22210.txt", b"<html><pre>[FR Doc No: 2019-22210]</pre></html>")
    source = poller.settings(id="register-rss", kind="feed", url=httpserver.url_for("/feed"))
    poller.poll(source)
    assert [(item.document.kind, item.document.key, item.document.rendition) for item in poller.fetched] == [
        ("rule", "2019-22210", "text")
    ]
    httpserver.clear_all_handlers()
    serve(httpserver, "/feed", feed.encode(), etag='"f"')
    serve(httpserver, "/documents/full_text/xml/2019/10/09/2019-22210.xml", b"<RULE/>", "text/xml")
    poller.poll(source, after=timedelta(hours=1))
    assert [(item.document.rendition, item.document.published) for item in poller.fetched] == [("xml", "2019-10-09")]


@pytest.mark.parametrize(
    "name", ["harbor", "campuswire", "asiacircuit", "ecbulletin", "chronique", "technikblatt", "diario", "guancha"]
)
def test_the_world_s_outlets(poller: Poller, world: World, name: str) -> None:
    source = poller.settings(id=name, kind="feed", url=world.base + world.feeds()[name]["path"])
    assert poller.poll(source).keys() == {"Fetched", "Finished"}
    assert all(
        item.document.title and "utm_" not in item.document.key and "\ufffd" not in item.document.title for item in poller.fetched
    )
    assert poller.poll(source) == {"Finished": 1}


FEED_FAILS = (
    "429 503 503date 500 truncate login empty huge bomb redirect301 redirect302 redirect_loop reset bad_gzip not_json stale304"
)


@pytest.mark.parametrize("kind", FEED_FAILS.split())
def test_faults_of_a_feed_fail_the_poll_and_pass(poller: Poller, world: World, kind: str) -> None:
    source = poller.settings(id="campuswire", kind="feed", url=world.base + "/news/campus-wire/atom.xml")
    world.fault(kind, "atom.xml")
    assert poller.poll(source) == {}
    world.site.faults.clear()
    assert poller.poll(source) == {"Fetched": 9, "Finished": 1}


@pytest.mark.parametrize("kind", [*FEED_FAILS.split(), "mojibake", "wrong_charset", "wrong_type", "slow"])
def test_faults_of_one_article_leave_the_others_and_heal(poller: Poller, world: World, kind: str) -> None:
    source = poller.settings(id="campuswire", kind="feed", url=world.base + "/news/campus-wire/atom.xml")
    world.fault(kind, "campus-wire/2019/02/04")
    poller.poll(source)
    keys = {item.document.key for item in poller.fetched}
    world.site.faults.clear()
    poller.poll(source, after=timedelta(minutes=5))
    keys |= {item.document.key for item in poller.fetched}
    assert len(keys) == 9
    assert not poller.failed
