"""The demo world: nothing before its time, answers in the real formats, facts that agree with themselves."""

import io
import json
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree as ET

import feedparser
import pytest

from tracker.demo import DAYS, DemoWorld, config_files
from tracker.demo.content import Rule, articles, filings, outlets, rules
from tracker.demo.fulltext import filed_text

END = datetime(2019, 10, 10, 12, 0, tzinfo=UTC)
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "eight": 8, "twenty-eight": 28}
OF_PART_744 = [
    ("conditions[agencies][]", "industry-and-security-bureau"),
    ("conditions[cfr][title]", "15"),
    ("conditions[cfr][part]", "744"),
]


class Client:
    """Asks the world for paths, one connection a request."""

    def __init__(self, base: str) -> None:
        self.base = base

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of a path."""
        connection = HTTPConnection(urlsplit(self.base).netloc, timeout=10)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request("GET", path, headers=names)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def search(self, *conditions: tuple[str, str]) -> Any:
        """The answer of the documents API."""
        status, _, body = self.get("/api/v1/documents.json?" + urlencode(conditions))
        assert status == 200, body
        return json.loads(body)


@pytest.fixture
def world() -> DemoWorld:
    return DemoWorld(END)


@pytest.fixture
def client(world: DemoWorld) -> Iterator[Client]:
    with world.serve() as base:
        yield Client(base)


def paths_of_rule(rule: Rule) -> list[str]:
    day = str(rule.record["publication_date"]).replace("-", "/")
    return [
        f"/api/v1/documents/{rule.number}.json",
        f"/documents/full_text/xml/{day}/{rule.number}.xml",
        f"/documents/full_text/text/{day}/{rule.number}.txt",
    ]


def test_a_world_starts_empty_and_moves_with_its_clock(client: Client, world: DemoWorld) -> None:
    world.now = DemoWorld().now
    assert client.search(*OF_PART_744)["count"] == 0
    assert b"<item>" not in client.get("/news/charles-river-post/rss.xml")[2]
    world.now = END
    assert client.search(*OF_PART_744)["count"] == 3


def test_nothing_appears_before_its_time(client: Client, world: DemoWorld) -> None:
    things = [(rule.appears, path) for rule in rules() for path in paths_of_rule(rule)]
    things += [(article.published, article.path) for article in articles()]
    things += [(filing.filed, f"/public-inspection/{filing.number}.txt") for filing in filings()]
    for moment, path in things:
        world.now = moment - timedelta(seconds=1)
        assert client.get(path)[0] == 404, path
        world.now = moment
        status, headers, body = client.get(path)
        assert (status, bool(body)) == (200, True), path
        assert headers["Last-Modified"] == moment.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")


def test_moments_are_all_the_times_of_change(world: DemoWorld) -> None:
    moments = world.moments()
    assert list(moments) == sorted(set(moments))
    assert {rule.appears for rule in rules()} | {filing.filed for filing in filings()} <= set(moments)
    assert sum(moment.date() >= DAYS[0] for moment in moments) >= 14
    assert moments[-1].date() == DAYS[-1]
    assert (DAYS[0].isoformat(), DAYS[-1].isoformat(), len(DAYS)) == ("2019-04-01", "2019-10-10", 193)


def test_a_clock_without_offset_is_refused(world: DemoWorld) -> None:
    with pytest.raises(ValueError, match="offset"):
        world.now = datetime(2019, 10, 9)  # noqa: DTZ001


@pytest.mark.parametrize("path", [*paths_of_rule(rules()[0]), "/news/lockgate-review/atom.xml", articles()[0].path])
def test_what_a_client_has_is_not_sent_again(client: Client, path: str) -> None:
    _, headers, body = client.get(path)
    assert "max-age" in headers["Cache-Control"]
    status, again, nothing = client.get(path, If_None_Match=headers["ETag"])
    assert (status, nothing, again["ETag"]) == (304, b"", headers["ETag"])
    assert client.get(path, If_Modified_Since=headers["Last-Modified"])[0] == 304
    status, _, whole = client.get(path, If_None_Match='"another"', If_Modified_Since=headers["Last-Modified"])
    assert (status, whole) == (200, body)


def test_robots_txt_lets_readers_in(client: Client) -> None:
    status, _, body = client.get("/robots.txt")
    assert status == 200
    assert b"Disallow: /subscribers/" in body


# The Federal Register


def test_an_empty_answer_has_no_results(client: Client) -> None:
    answer = client.search(("conditions[publication_date][gte]", "2019-10-10"))
    assert answer["count"] == 0
    assert "description" in answer
    assert "results" not in answer


def test_a_search_pages_and_orders(client: Client) -> None:
    answer = client.search(*OF_PART_744, ("per_page", "2"), ("order", "oldest"), ("fields[]", "document_number"))
    assert (answer["count"], answer["total_pages"]) == (3, 2)
    assert answer["results"] == [{"document_number": "2019-10616"}, {"document_number": "2019-10829"}]
    assert answer["next_page_url"].startswith(client.base)
    last = json.loads(client.get(answer["next_page_url"].removeprefix(client.base))[2])
    assert last["results"] == [{"document_number": "2019-22210"}]
    assert "next_page_url" not in last


@pytest.mark.parametrize(
    ("condition", "value", "count"),
    [
        ("[publication_date][gte]", "2019-05-22", 2),
        ("[publication_date][lte]", "2019-05-21", 1),
        ("[publication_date][is]", "2019-10-09", 1),
        ("[publication_date][year]", "2018", 0),
        ("[effective_date][lte]", "2019-05-16", 1),
        ("[cfr][part]", "730-774", 3),
        ("[cfr][part]", "740", 0),
        ("[agencies][]", "patent-and-trademark-office", 0),
        ("[type][]", "RULE", 3),
        ("[type][]", "NOTICE", 0),
    ],
)
def test_a_search_keeps_to_its_conditions(client: Client, condition: str, value: str, count: int) -> None:
    assert client.search((f"conditions{condition}", value))["count"] == count


@pytest.mark.parametrize(
    "query", ["fields[]=colour", "conditions[mood]=good", "per_page=0", "conditions[publication_date][gte]=May"]
)
def test_a_query_that_is_not_understood_is_refused(client: Client, query: str) -> None:
    status, _, body = client.get(f"/api/v1/documents.json?{query}")
    assert status == 400
    assert json.loads(body)["errors"]


def test_the_links_of_a_record_lead_to_the_full_text(client: Client) -> None:
    record = json.loads(client.get("/api/v1/documents/2019-22210.json")[2])
    status, headers, body = client.get(record["full_text_xml_url"].removeprefix(client.base))
    assert (status, headers["Content-Type"], body) == (200, "application/xml", rules()[-1].xml)
    _, _, text = client.get(record["raw_text_url"].removeprefix(client.base))
    assert b"[FR Doc No: 2019-22210]" in text
    assert b"[FR Doc. 2019-22210 Filed 10-7-19; 4:15 pm]" in text


def test_a_rule_is_on_file_from_its_filing_until_it_is_published(client: Client, world: DemoWorld) -> None:
    def on_file(at: datetime) -> list[str]:
        world.now = at
        status, _, body = client.get("/api/v1/public-inspection-documents/current.json")
        answer = json.loads(body)
        assert (status, answer["count"]) == (200, len(answer["results"]))
        return [result["document_number"] for result in answer["results"]]

    (filing,) = filings()
    assert filing.filed == datetime(2019, 10, 7, 20, 15, tzinfo=UTC)
    assert on_file(filing.filed - timedelta(seconds=1)) == []
    assert on_file(filing.filed) == on_file(filing.rule.appears - timedelta(seconds=1)) == ["2019-22210"]
    assert on_file(filing.rule.appears) == on_file(DemoWorld().now) == []


def test_a_text_on_file_does_not_know_its_pages() -> None:
    (filing,) = filings()
    text = filed_text(filing.rule).decode()
    assert "scheduled to be published in the\nFederal Register on 10/09/2019" in text
    assert "[FR Doc. 2019-22210 Filed 10-7-19; 4:15 pm]" in text
    assert text.count("84 FR [INSERT FR PAGE NUMBER], 10/9/19") == 28
    assert not re.search(r"\[\[Page|84 FR 5400\d", text)


def test_the_register_has_an_rss_feed(client: Client) -> None:
    feed = feedparser.parse(io.BytesIO(client.get("/documents/search.rss?" + urlencode(OF_PART_744))[2]))
    assert not feed.bozo
    assert feed.entries[0].title == "Addition of Certain Entities to the Entity List"


# What the rules say of themselves


def words(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def entity_cells(rule: Rule) -> list[ET.Element]:
    """The cells that name an entity: those of rows with a citation."""
    rows = [row.findall("ENT") for row in ET.fromstring(rule.xml).iter("ROW")]
    return [cells[1] for cells in rows if len(cells) == 5 and " FR " in words(cells[4])]


ADDITIONS = [rule for rule in rules() if rule.record["title"].startswith("Addition")]


@pytest.mark.parametrize("rule", ADDITIONS, ids=lambda rule: rule.number)
def test_the_stated_totals_equal_the_rows(rule: Rule) -> None:
    summary = rule.record["abstract"]
    assert summary in " ".join(words(p) for p in ET.fromstring(rule.xml).iter("P"))
    stated = re.search(r"adding (\S+) entities", summary)
    assert stated
    by_destination = [int(count) for count in re.findall(r"\((\d+)\)", summary)]
    cells = entity_cells(rule)
    assert len(cells) == NUMBERS[stated[1]] == sum(by_destination)


@pytest.mark.parametrize("rule", ADDITIONS, ids=lambda rule: rule.number)
def test_the_instructions_name_what_the_table_holds(rule: Rule) -> None:
    amended = " ".join(words(paragraph) for paragraph in ET.fromstring(rule.xml).iter("AMDPAR"))
    named = re.findall("“([^”]+)”", amended)
    cells = [words(cell) for cell in entity_cells(rule)]
    assert len(named) == len(cells)
    assert all(cell.startswith(f"{name},") for name, cell in zip(named, cells, strict=True))


@pytest.mark.parametrize("rule", ADDITIONS, ids=lambda rule: rule.number)
def test_each_alias_count_equals_the_aliases(rule: Rule) -> None:
    for cell in entity_cells(rule):
        aliases = [item for item in cell.findall("LI") if words(item).startswith("—")]
        stated = re.search(r"a\.k\.a\., the following (\w+) alias", cell.text or "")
        assert len(aliases) == (NUMBERS[stated[1]] if stated else 0), words(cell)


def test_the_temporary_license_names_no_entry() -> None:
    licence = next(rule for rule in rules() if rule.number == "2019-10829")
    assert entity_cells(licence) == []
    assert b"Supplement No. 4" not in licence.xml


def test_the_known_facts_of_84_fr_54002() -> None:
    rule = rules()[-1]
    cells = [words(cell) for cell in entity_cells(rule)]
    assert (rule.number, rule.record["citation"], rule.record["effective_on"]) == ("2019-22210", "84 FR 54002", "2019-10-09")
    assert sum("Public Security Bureau" in cell or "Police College" in cell for cell in cells) == 20
    for company in ("Sensetime", "Dahua", "Hikvision", "IFLYTEK", "Megvii", "Meiya Pico", "Yitu", "Yixin"):
        assert sum(company in cell.split(",")[0] for cell in cells) == 1


# The press


@pytest.mark.parametrize("outlet", outlets().values(), ids=lambda outlet: outlet.id)
def test_feeds_parse_and_lead_to_their_articles(client: Client, outlet: Any) -> None:
    _, headers, body = client.get(outlet.feed_path)
    known = {"content-location": client.base + outlet.feed_path, "content-type": headers["Content-Type"]}
    feed = feedparser.parse(io.BytesIO(body), response_headers=known)
    assert not feed.bozo
    assert (feed.version, feed.encoding) == ({"rss": "rss20", "atom": "atom10"}[outlet.feed], outlet.encoding)
    assert headers["Content-Type"].endswith(f"charset={outlet.encoding}")
    assert [entry.title for entry in feed.entries] == [a.title for a in reversed(articles()) if a.outlet == outlet.id]
    for entry in feed.entries:
        status, _, page = client.get(entry.link.removeprefix(client.base))
        text = page.decode(outlet.encoding)
        assert status == 200
        assert 'property="article:published_time"' in text
        assert f'rel="canonical" href="{client.base}/news/{outlet.id}/' in text


def test_an_edit_changes_page_and_feed_and_nothing_else_does(client: Client, world: DemoWorld) -> None:
    edited = next(article for article in articles() if article.revision)
    feed = outlets()[edited.outlet].feed_path
    world.now = edited.revision[0].at - timedelta(seconds=1)
    before = client.get(edited.path)
    feed_before = client.get(feed)
    assert b"70 of its affiliates" in before[2]
    world.now = edited.revision[0].at
    status, headers, after = client.get(edited.path, If_None_Match=before[1]["ETag"])
    assert (status, b"68 of its affiliates" in after, b"Correction:" in after) == (200, True, True)
    assert client.get(feed, If_None_Match=feed_before[1]["ETag"])[0] == 200
    world.now = END
    assert client.get(edited.path, If_None_Match=headers["ETag"])[0] == 304


def test_a_reprint_repeats_the_text_of_its_original() -> None:
    (reprint,) = [article for article in articles() if article.reprint_of]
    original = next(a for a in articles() if a.title == reprint.title and a is not reprint)
    assert reprint.paragraphs[:-1] == original.paragraphs
    assert reprint.outlet != original.outlet
    assert "The Charles River Post" in reprint.paragraphs[-1]


# The configuration


def test_the_configuration_points_at_the_server(client: Client) -> None:
    found = config_files(client.base)
    assert set(found) == {"sources.toml", "tracker.toml"}
    sources = tomllib.loads(found["sources.toml"])["source"]
    assert [source["id"] for source in sources] == ["federal-register", *outlets()]
    for source in sources[1:]:
        assert client.get(source["url"].removeprefix(client.base))[0] == 200
        assert (source["language"], source["timezone"]) == (outlets()[source["id"]].language, outlets()[source["id"]].timezone)
