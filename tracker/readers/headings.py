"""Destinations by all the ways they are written: `China`, `the Russia`, `UAE`, `CHINA, PEOPLE'S REPUBLIC OF`."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from events.names import normalise

_key = lru_cache(maxsize=4096)(normalise)

# How summaries call destinations whose heading is another.
_OTHER_NAMES = {
    "peoples republic of china": "CHINA, PEOPLE'S REPUBLIC OF", "prc": "CHINA, PEOPLE'S REPUBLIC OF",
    "uae": "UNITED ARAB EMIRATES", "u a e": "UNITED ARAB EMIRATES", "uk": "UNITED KINGDOM",
    "u k": "UNITED KINGDOM", "russian federation": "RUSSIA",
}  # fmt: skip


class Headings:
    """The headings that are known, of the register and of the document's own tables."""

    def __init__(self, known: Iterable[str]) -> None:
        self._printed, self._short = _by_key(tuple(known))
        self._asked: dict[str, str | None] = {}

    def printed(self, text: str) -> str | None:
        """The heading as the list prints it; None when it is not known."""
        # A document asks for few headings, and for each as often as it has rows under it.
        if text not in self._asked:
            key = _key(text).removeprefix("the ")
            self._asked[text] = self._printed.get(key) or _OTHER_NAMES.get(key) or self._short.get(key)
        return self._asked[text]

    def same(self, text: str | None) -> str | None:
        """Something to compare destinations by."""
        return None if text is None else self.printed(text) or _key(text)


@lru_cache(maxsize=64)  # Most documents know the headings of the register alone.
def _by_key(known: tuple[str, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """The headings by their key, and by that of their short form, where it is the short form of one alone."""
    printed = {_key(heading): heading for heading in known}
    long = [(_key(heading.partition(",")[0]), heading) for heading in printed.values() if "," in heading]
    count = Counter(short for short, _ in long)
    return printed, {short: heading for short, heading in long if count[short] == 1}
