"""The Federal Register as the demo world knows it: search, single records, full texts, RSS."""

import json
import re
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any
from urllib.parse import urlencode

from tracker.demo.content import Rule, rules
from tracker.demo.fulltext import plain_text
from tracker.demo.press import Sheet

Query = list[tuple[str, str]]

SEARCH = re.compile(r"/api/v1/documents(\.json)?")
RECORD = re.compile(r"/api/v1/documents/([A-Z0-9-]+?)(\.json)?")
FULL_TEXT = re.compile(r"/documents/full_text/(xml|text)/(\d{4}/\d{2}/\d{2})/([A-Z0-9-]+)\.(xml|txt)")
DATE_FIELDS = {"publication_date": "publication_date", "effective_date": "effective_on"}
TYPES = {"RULE": "Rule", "PRORULE": "Proposed Rule", "NOTICE": "Notice"}
DEFAULT_FIELDS = (
    "abstract",
    "agencies",
    "document_number",
    "excerpts",
    "html_url",
    "pdf_url",
    "public_inspection_pdf_url",
    "publication_date",
    "title",
    "type",
)


class BadQueryError(ValueError):
    """The query asks for something that the API does not know; answered with 400."""


def show(path: str, query: Query, now: datetime, base: str) -> Sheet | None:
    """The answer to a path of the Federal Register, or None where there is nothing yet."""
    seen = [rule for rule in rules() if rule.appears <= now]
    if SEARCH.fullmatch(path):
        changed = seen[-1].appears if seen else None
        return _json(_search(seen, path, query, base), changed)
    if match := RECORD.fullmatch(path):
        return _record(seen, match[1], query, base)
    if match := FULL_TEXT.fullmatch(path):
        return _full_text(seen, match)
    if path == "/documents/search.rss":
        return _rss(_newest_first(_matching(seen, query)), base)
    return None


def _json(answer: dict[str, Any], changed: datetime | None) -> Sheet:
    body = json.dumps(answer, ensure_ascii=False).encode()
    return Sheet(body, "application/json; charset=utf-8", changed)


def _newest_first(found: list[Rule]) -> list[Rule]:
    return sorted(found, key=lambda rule: (rule.appears, rule.number), reverse=True)


def _search(seen: list[Rule], path: str, query: Query, base: str) -> dict[str, Any]:
    options = dict(query)
    found = _newest_first(_matching(seen, query))
    if options.get("order") == "oldest":
        found.reverse()
    answer: dict[str, Any] = {"count": len(found), "description": "Documents"}
    if not found:
        return answer
    per_page = _whole_number(options.get("per_page", "20"), "per_page", 1000)
    page = _whole_number(options.get("page", "1"), "page", 10_000)
    answer["total_pages"] = -(-len(found) // per_page)
    if page < answer["total_pages"]:
        rest = [(key, value) for key, value in query if key != "page"]
        answer["next_page_url"] = f"{base}{path}?{urlencode([*rest, ('page', str(page + 1))])}"
    first = (page - 1) * per_page
    names = [value for key, value in query if key == "fields[]"] or list(DEFAULT_FIELDS)
    answer["results"] = [_fields(rule, names, base) for rule in found[first : first + per_page]]
    return answer


def _whole_number(text: str, name: str, most: int) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise BadQueryError(f"{name} must be between 1 and {most}: {text!r}")
    return int(text)


def _fields(rule: Rule, names: list[str], base: str) -> dict[str, Any]:
    unknown = [name for name in names if name not in rule.record]
    if unknown:
        raise BadQueryError(f"unknown field: {unknown[0]}")
    chosen = {name: rule.record[name] for name in names}
    filled: dict[str, Any] = json.loads(json.dumps(chosen).replace("{base}", base))
    return filled


def _matching(seen: list[Rule], query: Query) -> list[Rule]:
    conditions: dict[str, list[str]] = {}
    for key, value in query:
        if key.startswith("conditions["):
            conditions.setdefault(key.removeprefix("conditions"), []).append(value)
    return [rule for rule in seen if all(_meets(rule.record, key, values) for key, values in conditions.items())]


def _meets(record: dict[str, Any], key: str, values: list[str]) -> bool:
    """Whether a record meets one condition, such as `[cfr][part]`."""
    if key == "[agencies][]":
        return any(agency["slug"] in values for agency in record["agencies"])
    if key == "[type][]":
        return record["type"] in [TYPES.get(value) for value in values]
    if key == "[cfr][title]":
        return any(str(reference["title"]) in values for reference in record["cfr_references"])
    if key == "[cfr][part]":
        return any(_part_within(reference["part"], values) for reference in record["cfr_references"])
    match = re.fullmatch(r"\[(\w+)\]\[(gte|lte|is|year)\]", key)
    if match is None or match[1] not in DATE_FIELDS:
        raise BadQueryError(f"unknown condition: {key}")
    return _date_meets(record[DATE_FIELDS[match[1]]], match[2], values[-1])


def _part_within(part: int, values: list[str]) -> bool:
    for value in values:
        first, _, last = value.partition("-")
        if int(first) <= part <= int(last or first):
            return True
    return False


def _date_meets(day: str | None, comparison: str, value: str) -> bool:
    shape = r"\d{4}" if comparison == "year" else r"\d{4}-\d{2}-\d{2}"
    if not re.fullmatch(shape, value):
        raise BadQueryError(f"not a date: {value!r}")
    if day is None:
        return False
    if comparison == "gte":
        return day >= value
    if comparison == "lte":
        return day <= value
    return day == value if comparison == "is" else day.startswith(value)


def _record(seen: list[Rule], number: str, query: Query, base: str) -> Sheet | None:
    for rule in seen:
        if rule.number == number:
            names = [value for key, value in query if key == "fields[]"] or list(rule.record)
            return _json(_fields(rule, names, base), rule.appears)
    return None


def _full_text(seen: list[Rule], match: re.Match[str]) -> Sheet | None:
    form, day, number, ending = match.groups()
    if (form, ending) not in {("xml", "xml"), ("text", "txt")}:
        return None
    for rule in seen:
        if rule.number == number and rule.record["publication_date"] == day.replace("/", "-"):
            if form == "xml":
                return Sheet(rule.xml, "application/xml", rule.appears)
            return Sheet(plain_text(rule), "text/plain; charset=utf-8", rule.appears)
    return None


def _rss(found: list[Rule], base: str) -> Sheet:
    items = "".join(
        f"""    <item>
      <title>{escape(rule.record["title"])}</title>
      <description>{escape(rule.record["abstract"])}</description>
      <pubDate>{format_datetime(rule.appears)}</pubDate>
      <link>{rule.record["html_url"]}</link>
      <guid>{rule.record["html_url"]}</guid>
      <dc:creator>{escape(", ".join(rule.record["agency_names"]))}</dc:creator>
    </item>
"""
        for rule in found
    )
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel>
    <title>Federal Register: Search Results</title>
    <link>{base}</link>
    <description>Documents that match a search of the Federal Register</description>
    <language>en-us</language>
{items}  </channel>
</rss>
"""
    changed = max((rule.appears for rule in found), default=None)
    return Sheet(text.encode(), "application/rss+xml; charset=utf-8", changed)
