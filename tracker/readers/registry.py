"""Which reader reads which kind of document."""

from typing import Final

from tracker.readers.article import READER as ARTICLE
from tracker.readers.article import VERSION as ARTICLE_VERSION
from tracker.readers.article import read_article
from tracker.readers.base import Reader
from tracker.readers.rule import READER as RULE
from tracker.readers.rule import VERSION as RULE_VERSION
from tracker.readers.rule import read_rule

READERS: Final[dict[str, tuple[str, int, Reader]]] = {
    "rule": (RULE, RULE_VERSION, read_rule),
    "article": (ARTICLE, ARTICLE_VERSION, read_article),
}
"""Kind of document -> name and version of its reader, and the reader. A new kind is a line here."""
