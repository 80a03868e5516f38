"""A lexicon prepared for use: families as one automaton, patterns by their anchors, expressions compiled."""

import re
from typing import Any, Final

import msgspec

from tracker.readers.compiled_clauses import (
    ClauseWords,
    EndWords,
    GrammarWords,
    PlainWords,
    RoleWords,
    clause_words,
    end_words,
    grammar_words,
    plain_words,
    role_words,
    wrong_part,
)
from tracker.readers.compiled_rounds import RoundWords, round_words
from tracker.readers.expressions import NameWords, either, expression_of, name_words
from tracker.readers.lexicon import Lexicon, Trigger
from tracker.readers.patterns import Pattern, orders, pattern_of
from tracker.readers.phrases import BEGIN, END, Phrases, fold

_IN_ANY_ORDER: Final[dict[str, Any]] = {
    "all_named": False, "together": False, "amount": False, "context": True, "loose": True, "of_tie": False, "extent": (),
}  # fmt: skip


class Head(msgspec.Struct, frozen=True):
    """What stands before names that share it, how each is called in full, and whether it stands for a noun left out."""

    expression: re.Pattern[str]
    full: tuple[str, ...]
    elided: bool


class Compiled(msgspec.Struct, frozen=True):
    """A lexicon ready for use. `by_anchor`: family -> patterns that it anchors."""

    lexicon: Lexicon
    phrases: Phrases
    by_anchor: dict[str, tuple[Pattern, ...]]
    telling: dict[tuple[str, str], Trigger]
    """A family and a kind of statement -> the first trigger of that kind that it anchors, for a match in any order."""
    tells: dict[str, tuple[str, ...]]
    """A family -> the kinds of statements that it tells."""
    of_round: Trigger | None
    """What tells of one more listing of the round told of before, where no word of the sentence does."""
    anaphora: dict[str, re.Pattern[str]]
    countries: dict[str, str]
    """A word of a reference -> the country, or the company, that it tells."""
    trades: dict[str, re.Pattern[str]]
    """What companies make or do -> the words of a reference that tell it."""
    institutions: re.Pattern[str] | None
    parties: re.Pattern[str] | None
    unheld: NameWords
    not_before: re.Pattern[str] | None
    not_after: re.Pattern[str] | None
    not_for: re.Pattern[str] | None
    not_of: re.Pattern[str] | None
    in_passing: re.Pattern[str] | None
    enumerated: re.Pattern[str] | None
    sources: re.Pattern[str] | None
    owned: re.Pattern[str] | None
    plural_not_after: re.Pattern[str] | None
    own_parts: tuple[str, ...]
    before: dict[str, re.Pattern[str]]
    only_before: dict[str, tuple[tuple[str, re.Pattern[str]], ...]]
    """For each kind of statement the blockers that are made of expressions alone."""
    speaker: tuple[re.Pattern[str], ...]
    not_news: re.Pattern[str] | None
    joining: re.Pattern[str]
    passing: re.Pattern[str] | None
    heads: tuple[Head, ...]
    headed: re.Pattern[str] | None
    tails: tuple[Head, ...]
    ordinal: re.Pattern[str] | None
    common_words: frozenset[str]
    no_stems: frozenset[str]
    letters: dict[int, str]
    plain: PlainWords
    roles: RoleWords
    rounds: RoundWords
    clause: ClauseWords
    ends: EndWords
    grammar: GrammarWords
    corrections: re.Pattern[str] | None
    corrected_wrong: re.Pattern[str] | None
    corrected_right: re.Pattern[str] | None
    undone: re.Pattern[str] | None
    silent: frozenset[str] = frozenset()
    """Blockers that block nothing in this reading, asked for by who wants to know what they took back."""

    def fold(self, text: str) -> str:
        """The text as it is read: folded, with the letters that the lexicon reads as others."""
        return _fold(text, self.letters)


_COMPILED: Final[dict[str, Compiled]] = {}
_POINTING: Final = ("institution", "institutions", "party", "parties", "either", "plural", "inverted", "owner", "own")
_BY_RANK: Final = ("latter", "former", "second")
_MOST_COMPILED: Final = 64


def compiled(lexicon: Lexicon) -> Compiled:
    """The lexicon ready for use, prepared at its first call and kept by its digest."""
    known = _COMPILED.get(lexicon.digest) if lexicon.digest else None
    if known is None or known.lexicon != lexicon:
        if len(_COMPILED) >= _MOST_COMPILED:
            _COMPILED.clear()
        known = _compile(lexicon)
        _COMPILED[lexicon.digest] = known
    return known


def _compile(lexicon: Lexicon) -> Compiled:
    letters = _letters(lexicon.letters)
    patterns: dict[str, list[Pattern]] = {}
    for trigger in lexicon.triggers:
        for order in (order for line in trigger.patterns for order in orders(line)):
            pattern = pattern_of(lexicon, trigger, order, sum(map(len, patterns.values())))
            for family in sorted(pattern.elements[pattern.anchor].families):
                patterns.setdefault(family, []).append(pattern)
    anaphora = {
        name: expression
        for name in (*_POINTING, *_BY_RANK)
        if (expression := either(f"anaphora.{name}", getattr(lexicon.anaphora, name), folded=False))
    }
    before = {
        name: expression
        for name, blocker in lexicon.blockers.items()
        if (expression := either(f"blockers.{name}", tuple(f"(?:{each[1:-1]})$" for each in blocker.words if _slashed(each))))
    }
    names = lexicon.names
    joining = "|".join(re.escape(_fold(word, letters)) for word in sorted(lexicon.joining, key=len, reverse=True))
    return Compiled(
        lexicon=lexicon,
        phrases=_phrases(lexicon, letters),
        by_anchor={family: tuple(found) for family, found in patterns.items()},
        telling=_telling(patterns),
        tells={family: tuple(sorted({each.trigger.statement for each in found})) for family, found in patterns.items()},
        of_round=next((_in_any_order(each) for each in lexicon.triggers if each.list == "told" and each.change == "added"), None),
        anaphora=anaphora,
        countries={_fold(word, letters): code for code, those in lexicon.anaphora.countries.items() for word in those},
        trades={
            trade: expression
            for trade, told in lexicon.anaphora.trades.items()
            if (expression := either(f"anaphora.trades.{trade}", tuple(f"{BEGIN}(?:{each}){END}" for each in told)))
        },
        institutions=either("names.institutions", names.institutions, folded=False),
        parties=either("names.parties", names.parties, folded=False),
        unheld=name_words(names),
        not_before=either("names.not_before", names.not_before),
        not_after=either("names.not_after", tuple(f"(?:{each})$" for each in names.not_after)),
        not_for=either("names.not_for", names.not_for),
        not_of=either("names.not_of", tuple(f"(?:{each})$" for each in names.not_of)),
        in_passing=either("names.in_passing", tuple(f"(?:{each})$" for each in names.in_passing)),
        enumerated=either("names.enumerated", names.enumerated, folded=False),
        sources=either("names.sources", tuple(f"(?:{each})$" for each in names.sources)),
        owned=either("names.owned", names.owned, folded=False),
        plural_not_after=either("anaphora.plural_not_after", tuple(f"(?:{each})$" for each in lexicon.anaphora.plural_not_after)),
        own_parts=lexicon.words.get("own_parts", ()),
        before=before,
        only_before={
            kind: tuple(
                (name, before[name])
                for name, blocker in lexicon.blockers.items()
                if blocker.words and all(map(_slashed, blocker.words)) and name.partition(":")[0] in {name, kind}
            )
            for kind in {trigger.statement for trigger in lexicon.triggers}
        },
        speaker=tuple(expression_of("speaker", each, re.NOFLAG) for each in lexicon.speaker),
        not_news=either("furniture.not_news", lexicon.furniture.not_news),
        ordinal=either("ordinals", tuple(rf"\b(?:{each}) \d{{1,3}}\.$" for each in lexicon.ordinals), folded=False),
        common_words=frozenset(_fold(word, letters) for word in lexicon.common or lexicon.joining),
        heads=tuple(
            Head(expression_of("names.heads", each, re.NOFLAG), full, elided)
            for heads, elided in ((names.heads, False), (names.elided, True))
            for each, full in heads.items()
        ),
        passing=either("names.passing", names.passing),
        headed=either("names.headed", (names.headed,) if names.headed else ()),
        tails=tuple(Head(expression_of("names.tails", each, re.NOFLAG), full, False) for each, full in names.tails.items()),
        no_stems=frozenset(_fold(word, letters) for word in lexicon.names.no_stems),
        joining=re.compile(rf"(?:[\s.,;:/()\[\]«»\"“”„'–—、-]|{BEGIN}(?:{joining}){END})*"),
        letters=letters,
        plain=plain_words(lexicon.plain),
        roles=role_words(lexicon.roles),
        rounds=round_words(lexicon.rounds),
        clause=clause_words(lexicon.clause),
        ends=end_words(lexicon.ends),
        grammar=grammar_words(lexicon.grammar),
        corrections=either("corrections.notice", lexicon.corrections.notice),
        corrected_wrong=wrong_part(lexicon.corrections),
        corrected_right=either("corrections.right", lexicon.corrections.right),
        undone=either("corrections.undone", lexicon.corrections.undone),
    )


def _telling(patterns: dict[str, list[Pattern]]) -> dict[tuple[str, str], Trigger]:
    """What each family tells, whatever the order of words, so that of a trigger nothing counts that goes with its order."""
    known = ((family, each.trigger) for family, found in patterns.items() for each in reversed(found) if not each.trigger.sole)
    first = {(family, trigger.statement): trigger for family, trigger in known}
    return {key: _in_any_order(trigger) for key, trigger in first.items()}


def _in_any_order(trigger: Trigger) -> Trigger:
    told = "told" if trigger.statement == "listing-reported" else trigger.list
    return msgspec.structs.replace(trigger, **_IN_ANY_ORDER, list=told)


def _slashed(word: str) -> bool:
    return len(word) > 2 and word[0] == word[-1] == "/"


def _letters(pairs: dict[str, str]) -> dict[int, str]:
    """The table of letters read as others; raises ValueError where two lines of letters do not go together."""
    for theirs, ours in pairs.items():
        if len(theirs) != len(ours):
            raise ValueError(f"letters: {theirs!r} has {len(theirs)} letters and {ours!r} has {len(ours)}")
    return {ord(one): other for theirs, ours in pairs.items() for one, other in zip(theirs, ours, strict=True)}


def _fold(text: str, letters: dict[int, str]) -> str:
    return fold(text.translate(letters) if letters else text)


def _phrases(lexicon: Lexicon, letters: dict[int, str]) -> Phrases:
    families: dict[str, tuple[str, ...]] = dict(lexicon.words)
    if unknown := [name for name in lexicon.unhidden if name not in families]:
        raise ValueError(f"unhidden: no family {', '.join(unknown)} in words")
    families["relative"] = (*families.get("relative", ()), *lexicon.grammar.relatives)
    for blocker, value in lexicon.blockers.items():
        families[f"block:{blocker}"] = tuple(word for word in value.words if not _slashed(word))
    for label, phrases in lexicon.reasons.items():
        families[f"reason:{label}"] = phrases
    for list_id, phrases in lexicon.lists.names.items():
        families[f"list:{list_id}"] = phrases
    lists = lexicon.lists
    families |= {"list:weak": lists.weak, "list:blacklist": lists.blacklists, "list:other": lists.other}
    folded = {
        family: tuple(_fold(each, letters) for phrase in phrases for each in _spelt(phrase, lexicon.spellings))
        for family, phrases in families.items()
    }
    inserted = either("grammar.inserted", lexicon.grammar.inserted)
    return Phrases(folded, hiding=lexicon.hiding, unhidden=frozenset(lexicon.unhidden), inserted=inserted)


def _spelt(phrase: str, spellings: dict[str, str]) -> tuple[str, ...]:
    """A phrase, and how it is written elsewhere: Swiss "liess" for "ließ"."""
    others = (phrase.replace(ours, theirs) for ours, theirs in spellings.items() if ours in phrase)
    return (phrase, *others)
