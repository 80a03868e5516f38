"""Articles read with the registers and lexicons of the project, for the tests of the news reader."""

from typing import Any

import msgspec

from tests.quality.news import load_registers
from tracker.readers.article import read_article
from tracker.readers.base import Document, Reading

REGISTERS = load_registers()


def read(text: str, language: str | None = None, published: str | None = "2019-10-09", timezone: str = "UTC") -> Reading:
    document = Document(
        source="test",
        kind="article",
        key="a",
        url="https://news.example/a",
        rendition="text",
        raw=text.encode(),
        language=language,
        published=published,
        timezone=timezone,
    )
    return read_article(document, REGISTERS)


def plain(reading: Reading) -> list[dict[str, Any]]:
    """Statements as JSON values, with the words that each rests on."""
    values = []
    for statement in reading.statements:
        value = msgspec.to_builtins(statement)
        evidence = value.pop("evidence")
        value["quote"] = reading.text[evidence["start"] : evidence["end"]]
        value["attributed_to"] = evidence.get("attributed_to")
        values.append(value)
    return values
