"""What a writer puts into a sentence without a name, taken out before it is read where no blanks part words.

Elsewhere an aside shows by the blanks and relatives around it. Chinese counts how many letters stand between two words and
knows every word around an act, so that "MIT (顶尖学府)终止了合作" would be another sentence: it is read as "MIT终止了合作".
"""

from collections.abc import Iterator

from tracker.readers.compiled import Compiled
from tracker.readers.gazetteer import Gazetteer, Name
from tracker.readers.not_meant import is_acted_on


def without_what_is_put_in(text: str, words: Compiled, names: Gazetteer) -> str:
    """The sentence without asides, without clauses that tell only how it came to it, and without what describes a name."""
    grammar = words.grammar
    if not (grammar.put_in or grammar.apposed or grammar.describing):
        return text
    folded = words.fold(text)
    named = [each for each in names.names(text, folded) if not is_acted_on(folded, each, words)]
    reach = len(text)
    for start, end in sorted(_put_in(folded, named, words), reverse=True):
        if end <= reach and not any(start < each.end and each.start < end for each in named):
            text, reach = text[:start] + text[end:], start
    return text


def _put_in(folded: str, named: list[Name], words: Compiled) -> Iterator[tuple[int, int]]:
    """The stretches that are put in anywhere, right behind a name, or right before one."""
    grammar = words.grammar
    ends = {each.end for each in named}
    for match in grammar.put_in.finditer(folded) if grammar.put_in else ():
        start, end = match.span()
        yield start, end + (start in ends and folded.startswith(",", end))  # nothing parts a subject from its verb
    for name in named:
        behind = grammar.apposed.match(folded, name.end) if grammar.apposed else None
        if behind is not None:
            yield behind.span()
        before = grammar.describing.search(folded, 0, name.start) if grammar.describing else None
        if before is not None:
            yield before.span()
