"""Where words of a sentence point back, and of which kind they are; whom they mean `references` tells."""

import re
from typing import Final

from tracker.readers.compiled import Compiled
from tracker.readers.phrases import is_title
from tracker.readers.scene import Item, Memory

_CAPITALISED: Final = re.compile(r" [A-Z][a-z]+")
_OF_TWO: Final = re.compile(r"[A-Z][a-z]+[-–][A-Z][a-z]+")
"""How a body is called that two others founded: "the Tsinghua-Berkeley Shenzhen Institute"."""
_ANNOUNCED: Final = re.compile(r"(?: \w{2,3} [A-ZÀ-Ý][\w-]+)?, (?:the )?")
"""What parts words for an institution from the name behind them: a town at most, and a comma."""
_NAME: Final = re.compile(r" ([A-ZÀ-Ý][\w-]+)")
_DESCRIBING: Final = frozenset({"institution", "party"})
_WORD: Final = re.compile(r"\w+")


def pointers(text: str, folded: str, items: list[Item], words: Compiled, memory: Memory) -> list[tuple[int, int, str]]:
    """Where words point back, and of which kind they are."""
    found: list[tuple[int, int, str]] = []
    # What stands right before a name only describes it: Chinese 两家企业华为、中兴, German "der Konzern Huawei".
    adjoining = 2 if words.lexicon.spaced else 1
    owners = words.anaphora.get("owner")
    for name, expression in words.anaphora.items():
        for match in () if name == "own" else expression.finditer(folded):
            if name == "party" and owners and owners.match(folded, match.start()):
                continue  # "the parent company" is not the company named last
            if (
                name == "institution"
                and not words.lexicon.nouns_capitalised
                and not is_title(text)
                and _names_a_place(text[slice(*match.span())].rpartition(" ")[0], words)
                and (country_of(folded[slice(*match.span())], words) is None or _OF_TWO.search(text, *match.span()))
                and not (match.start() == 0 and len(memory.seen) == 1 and memory.age <= 1)
            ):
                continue  # "the Paris school" is not the one named before, but where it opens the next sentence
            if name in _DESCRIBING and not words.lexicon.nouns_capitalised and _describes_a_stranger(text, match.end(), words):
                continue
            described = words.grammar.described if name == "party" else None
            if described and any(item.family == "PARTY" and described.fullmatch(text, match.end(), item.start) for item in items):
                continue  # "the maker of servers Inspur"
            if name == "institution" and any(_is_named_behind(text, match.end(), item) for item in items):
                continue
            reach = match.end() + (adjoining if not words.lexicon.spaced or folded.startswith(" ", match.end()) else 0)
            taken = any(
                item.family in {"INSTITUTION", "PARTY", "LIST"}
                and item.start < (match.end() if item.family == "LIST" else reach)
                and match.start() < item.end
                for item in items
            )
            if not taken:
                found.append((match.start(), match.end(), name))
    return found


def _describes_a_stranger(text: str, end: int, words: Compiled) -> bool:
    """Whether a name that no register holds follows right behind, which the words only describe: "the chip designer Arm"."""
    name = _NAME.match(text, end)
    if name is None or is_title(text):
        return False
    return name[1].lower() not in words.lexicon.dates.months and name[1].lower() not in words.lexicon.dates.weekdays


def _is_named_behind(text: str, end: int, item: Item) -> bool:
    """Whether words only announce the institution that is named between commas: "The sister school in Lausanne, EPFL, has"."""
    announced = item.family == "INSTITUTION" and _ANNOUNCED.fullmatch(text, end, item.start) is not None
    return announced and text.startswith(",", item.end)


def _names_a_place(printed: str, words: Compiled) -> bool:
    """Whether words before the noun have a capital that is not that of an organ: Spanish "el Consejo de Gobierno"."""
    organs = words.lexicon.words.get("organs", ())
    return any(match[0].strip().lower() not in organs for match in _CAPITALISED.finditer(printed))


def country_of(folded: str, words: Compiled) -> str | None:
    """The country that a reference tells: "the Shenzhen-based group"."""
    if not words.countries:
        return None
    return next((words.countries[word] for word in _WORD.findall(folded) if word in words.countries), None)
