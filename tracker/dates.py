"""Dates in the reader's language, as CLDR has them; without one, as they are: 2019-10-09."""

from datetime import date
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton

from events import edtf
from events.words import say_date


def is_language(tag: str) -> bool:
    """Whether dates can be written in a language, by its tag: `fr`, `pt-BR`, `zh`."""
    try:
        return bool(Locale.parse(tag, sep="-"))
    except (UnknownLocaleError, ValueError, TypeError):
        return False


@lru_cache(maxsize=4096)
def say(text: str, language: str | None) -> str:
    """An EDTF date in a line: a day, a month, a year, or from one to another."""
    if language is None:
        return say_date(text)
    locale = Locale.parse(language, sep="-")
    if "/" not in text:
        return _part(text, locale)
    start, _, end = text.partition("/")
    first = "…" if start in {"", ".."} else _part(edtf.parse(text).earliest.isoformat(), locale)
    last = "…" if end in {"", ".."} else _part(edtf.parse(text).latest.isoformat(), locale)
    return f"{first} – {last}"


def _part(text: str, locale: Locale) -> str:
    interval = edtf.parse(text)
    first: date = interval.earliest
    if interval.days == 1:
        return format_date(first, format="medium", locale=locale)
    return format_skeleton("y" if len(text) == len("2019") else "yMMM", first, locale=locale)
