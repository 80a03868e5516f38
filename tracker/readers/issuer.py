"""Whose own statement a text is, so that "we" is that institution."""

from typing import Final

from tracker.readers.compiled import Compiled, compiled
from tracker.readers.gazetteer import gazetteer
from tracker.readers.lexicon import Lexicon
from tracker.readers.mentions import annotate
from tracker.readers.scene import Actor, Memory, actor_of
from tracker.readers.sentences import sentences
from tracker.registers import Registers

_OPENING: Final = 4
"""How many lines tell whether a text speaks in the first person."""
_SIGNED_WITHIN: Final = 4
_SIGNATURE: Final = 80
"""A longer line is no signature."""
_HEADLINE: Final = 160
"""A longer first line is no headline."""


def issuer_of(publisher: tuple[str | None, ...], text: str, lexicon: Lexicon, registers: Registers) -> Actor | None:
    """The institution whose statement a text is: that of its publisher's name or title, else of its headline or signature."""
    words = compiled(lexicon)
    headline = _headline(text, words)
    own = _own((*publisher, *headline, *_signature(text, words)), lexicon, registers)
    return own or _issuer(text, headline[:1], lexicon, registers)


def _headline(text: str, words: Compiled) -> tuple[str, ...]:
    """The headline, and where it speaks in the first person ("Our ties with ...") what follows it and who signs."""
    headline, _, body = text.partition("\n")
    if len(headline) >= _HEADLINE:
        return ()
    own = words.anaphora.get("own")
    first = (
        sentences(body.strip()[: _HEADLINE * 3], words.lexicon.abbreviations, words.ordinal)
        if own and own.search(words.fold(headline))
        else []
    )
    return (headline, *(sentence.text for sentence in first[:1]))


def _signature(text: str, words: Compiled) -> tuple[str, ...]:
    """The short lines below a text that opens in the first person, of which one may name who signs it."""
    lines = [line for line in text.split("\n") if line.strip()]
    own = words.anaphora.get("own")
    if own is None or not own.search(words.fold(" ".join(lines[:_OPENING]))[: _HEADLINE * 3]):
        return ()
    return tuple(
        line
        for line in lines[-_SIGNED_WITHIN:]
        if len(line) <= _SIGNATURE and not line.rstrip().endswith((".", "!", "?", "”", '"'))
    )


def _own(sources: tuple[str | None, ...], lexicon: Lexicon, registers: Registers) -> Actor | None:
    """The institution that the publisher's name, the title or else the headline names alone."""
    names, words = gazetteer(registers, lexicon.language), compiled(lexicon)
    for text in dict.fromkeys(sources):
        scene = annotate(text, words, names, Memory()) if text else None
        actors = {actor.key: actor for item in (scene.of("INSTITUTION") if scene else ()) for actor in item.actors}
        if len(actors) == 1:
            return next(iter(actors.values()))
    return None


def _issuer(text: str, headline: tuple[str, ...], lexicon: Lexicon, registers: Registers) -> Actor | None:
    """The first institution named in a text whose headline says that it is a statement: "Comunicado de la Rectoría"."""
    names, words = gazetteer(registers, lexicon.language), compiled(lexicon)
    if not any(tag.family == "statement" for line in headline for tag in words.phrases.tags(words.fold(line))):
        return None
    first = next((name for name in names.names(text, words.fold(text)) if name.kind == "INSTITUTION"), None)
    return actor_of(first, names) if first else None
