"""Public inspection as the demo world knows it: what is on file, and the texts as filed."""

import json
import re
from datetime import datetime
from typing import Any

from tracker.demo.content import Filing, filings
from tracker.demo.fulltext import filed_text
from tracker.demo.press import Sheet

CURRENT = re.compile(r"/api/v1/public-inspection-documents/current(\.json)?")
TEXT = re.compile(r"/public-inspection/([A-Z0-9-]+)\.txt")


def show(path: str, now: datetime, base: str) -> Sheet | None:
    """The answer to a path of public inspection, or None where there is nothing yet."""
    if CURRENT.fullmatch(path):
        return _current([filing for filing in filings() if filing.filed <= now < filing.rule.appears], base)
    if match := TEXT.fullmatch(path):
        return next((_text(filing) for filing in filings() if filing.number == match[1] and filing.filed <= now), None)
    return None


def _current(on_file: list[Filing], base: str) -> Sheet:
    """All that is on file; as the genuine one, it takes no conditions."""
    answer: dict[str, Any] = {"count": len(on_file), "results": [filing.record for filing in on_file]}
    body = json.dumps(answer, ensure_ascii=False).replace("{base}", base).encode()
    return Sheet(body, "application/json; charset=utf-8", None)


def _text(filing: Filing) -> Sheet:
    return Sheet(filed_text(filing.rule), "text/plain; charset=utf-8", filing.filed)
