"""Which reader reads which kind of document."""

from typing import Final

from tracker.readers.article import READER as ARTICLE
from tracker.readers.article import VERSION as ARTICLE_VERSION
from tracker.readers.article import read_article
from tracker.readers.base import Reader
from tracker.readers.csl import READER as CSL
from tracker.readers.csl import VERSION as CSL_VERSION
from tracker.readers.csl import read_csl
from tracker.readers.ecfr import BASELINE, BASELINE_VERSION, read_ecfr, read_ecfr_baseline
from tracker.readers.ecfr import READER as ECFR
from tracker.readers.ecfr import VERSION as ECFR_VERSION
from tracker.readers.rule import READER as RULE
from tracker.readers.rule import VERSION as RULE_VERSION
from tracker.readers.rule import read_rule

READERS: Final[dict[str, tuple[str, int, Reader]]] = {
    "rule": (RULE, RULE_VERSION, read_rule),
    "article": (ARTICLE, ARTICLE_VERSION, read_article),
    "csl": (CSL, CSL_VERSION, read_csl),
    "ecfr": (ECFR, ECFR_VERSION, read_ecfr),
    "ecfr-baseline": (BASELINE, BASELINE_VERSION, read_ecfr_baseline),
}
"""Kind of document -> name and version of its reader, and the reader. A new kind is a line here."""
