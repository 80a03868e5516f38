"""No expression of a lexicon takes long, whatever it is held against."""

import re
import time
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from tests.quality.news import load_registers
from tracker.readers.compiled import compiled

LEXICONS = load_registers().lexicons
WORDS = {
    "en": "the decision of the us department of commerce to that said it would not be a of the and in on for with its last week",
    "fr": "la décision de l'université qui a dit que le projet de la chaire avec des fonds du groupe ne sera pas dans le cadre",
    "de": "die entscheidung der universität die mit dem vertrag und der zusammenarbeit in den jahren nicht mehr auf das ziel",
    "es": "la decisión de la universidad que dijo que el convenio con la empresa no se va a renovar en el marco de los fondos",
    "zh": "该校表示将不再与公司开展新的合作并称其决定是在对所有协议进行审查之后作出的",
}
LONG = 400
SLOWEST = 0.05
"""Seconds of one core: a thousand times what a sentence takes, and nothing beside an expression that runs away."""


def expressions(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield from expressions(getattr(value, field))
    elif isinstance(value, dict | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from expressions(each)


@pytest.mark.parametrize("language", sorted(LEXICONS))
def test_no_expression_runs_away(language: str) -> None:
    text = ((WORDS.get(language) or WORDS["en"]) + " ") * 20
    found = list(expressions(compiled(LEXICONS[language])))
    assert found
    for expression in found:
        began = time.process_time()
        expression.search(text[:LONG])
        assert time.process_time() - began < SLOWEST, expression.pattern[:300]
