"""Names of one kind that a sentence enumerates stand together, each with what describes it."""

import re
from typing import Final

from tracker.readers.asides import opens_a_clause
from tracker.readers.compiled import Compiled
from tracker.readers.gazetteer import Gazetteer, Name
from tracker.readers.scene import Item, Memory, actor_of

_DESCRIBED: Final = 70
"""How long a description before a name may be."""
_TELLS: Final = 30
"""How long what stands before a name that only tells may be: "according to the"."""
_BRACKET: Final = re.compile(
    r" ?[(（](?:[A-Z0-9][\w.;:,；：，/ -]{0,40}|[^()（）.,;:。，；：]{1,16})[)）]"
    r"| [–—](?P<blank> ?)[^–—.,;:()]{2,50}(?P=blank)[–—]"
)
"""What stands in brackets or dashes behind a name that is enumerated: "SMIC (688981.SH; 00981.HK), DJI and ..."."""


def grouped(text: str, folded: str, names: list[Name], words: Compiled, register: Gazetteer, memory: Memory) -> list[Item]:
    """Names of one kind that are enumerated stand together: "Huawei, ZTE and SenseTime"."""
    groups: list[list[Name]] = []
    for name in names:
        last = groups[-1][-1] if groups else None
        alike = last is not None and last.kind == name.kind and not _only_tells(folded, groups[-1], name, words)
        enumerated = last and alike and _are_enumerated(text, folded, last.end, name.start, words)
        if last and enumerated and not opens_a_clause(text, folded, last.end, name, words):
            groups[-1].append(name)
        else:
            groups.append([name])
    items = []
    firms = frozenset(each.printed for each in memory.introduced if each.company)
    for group in groups:
        actors = {name.id or name.printed: actor_of(name, register, firms) for name in reversed(group)}
        ordered = tuple(dict.fromkeys(actors[name.id or name.printed] for name in group))
        items.append(Item(group[0].kind, _description(folded, group[0].start, words), group[-1].end, ordered))
    return items


def _description(folded: str, start: int, words: Compiled) -> int:
    """Where the description right before a name begins, or the name: "*the Chinese telecoms giant* Huawei"."""
    titles = words.grammar.titles
    before = titles.search(folded, max(0, start - _DESCRIBED), start) if titles else None
    return before.start() if before is not None else start


def _only_tells(folded: str, group: list[Name], name: Name, words: Compiled) -> bool:
    """Whether who is named before a comma only tells what another does: "According to Google, Intel stopped"."""
    if words.sources is None or folded[group[-1].end : name.start].strip() != ",":
        return False
    told = words.sources.search(folded[max(0, group[0].start - _TELLS) : group[0].start])
    return told is not None and group[0].start <= _TELLS


def _are_enumerated(text: str, folded: str, start: int, end: int, words: Compiled) -> bool:
    """Whether only words of an enumeration, and a town, stand between two names: "SMIC und den Drohnenbauer DJI"."""
    bracket = _BRACKET.match(text, start, end)
    start = bracket.end() if bracket else start
    seat = words.grammar.seat.match(text, start, end) if words.grammar.seat else None
    start = seat.end() if seat else start
    if words.joining.fullmatch(folded, start, end):
        return True
    start += text.startswith(")", start)  # "Yangtze Memory (YMTC), its Japanese arm and SMEE"
    return words.enumerated is not None and words.enumerated.fullmatch(text, start, end) is not None
