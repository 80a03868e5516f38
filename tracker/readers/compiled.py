"""A lexicon prepared for use: families as one automaton, patterns by their anchors, expressions compiled."""

import re
from itertools import permutations
from typing import Final

import msgspec

from tracker.readers import lexicon as models
from tracker.readers.lexicon import ACTORS, Corrections, Ends, Lexicon, Plain, Trigger
from tracker.readers.phrases import BEGIN, END, Phrases, fold

ACTS: Final = frozenset({"tie-ended", "institution-responded"})


class Element(msgspec.Struct, frozen=True):
    """One element of a compiled pattern: which families fit, and how far from the element before."""

    families: frozenset[str]
    gap: int


class Pattern(msgspec.Struct, frozen=True):
    """A compiled pattern of a trigger; `anchor` is the place of its anchor, `order` its own in the lexicon.

    `unnamed`: whether it leaves it to the context who acts. `single`: the families that must be present;
    of each of `several` one must.
    """

    trigger: Trigger
    elements: tuple[Element, ...]
    anchor: int
    order: int
    unnamed: bool = False
    single: frozenset[str] = frozenset()
    several: tuple[frozenset[str], ...] = ()


class PlainWords(msgspec.Struct, frozen=True):
    """The compiled `[plain]` of a lexicon."""

    clause: re.Pattern[str] | None
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    behind: re.Pattern[str] | None
    landmarks: frozenset[str]


class Roles(msgspec.Struct, frozen=True):
    """The compiled `[roles]` of a lexicon."""

    of_another: re.Pattern[str] | None
    patient: re.Pattern[str] | None
    patient_behind: re.Pattern[str] | None
    agent: re.Pattern[str] | None
    stranger: re.Pattern[str] | None
    aside: re.Pattern[str] | None
    partner: re.Pattern[str] | None
    beside: re.Pattern[str] | None
    apart: re.Pattern[str] | None


class EndWords(msgspec.Struct, frozen=True):
    """The compiled `[ends]` of a lexicon."""

    apart: re.Pattern[str] | None
    direct: re.Pattern[str] | None
    link: re.Pattern[str] | None
    part: re.Pattern[str] | None
    told_of: re.Pattern[str] | None
    other_side: re.Pattern[str] | None
    owner: re.Pattern[str] | None
    follows: re.Pattern[str] | None
    elsewhere: re.Pattern[str] | None
    subject: re.Pattern[str] | None
    passive: re.Pattern[str] | None
    object: re.Pattern[str] | None
    suffers: re.Pattern[str] | None
    infinitive: re.Pattern[str] | None
    decided: re.Pattern[str] | None


class Compiled(msgspec.Struct, frozen=True):
    """A lexicon ready for use. `by_anchor`: family -> patterns that it anchors."""

    lexicon: Lexicon
    phrases: Phrases
    by_anchor: dict[str, tuple[Pattern, ...]]
    anaphora: dict[str, re.Pattern[str]]
    countries: dict[str, str]
    """A word of a reference -> the country, or the company, that it tells."""
    institutions: re.Pattern[str] | None
    parties: re.Pattern[str] | None
    not_before: re.Pattern[str] | None
    not_after: re.Pattern[str] | None
    not_of: re.Pattern[str] | None
    enumerated: re.Pattern[str] | None
    plural_not_after: re.Pattern[str] | None
    own_parts: tuple[str, ...]
    before: dict[str, re.Pattern[str]]
    only_before: tuple[str, ...]
    """The blockers that are made of expressions alone."""
    speaker: tuple[re.Pattern[str], ...]
    not_news: re.Pattern[str] | None
    joining: re.Pattern[str]
    common_words: frozenset[str]
    no_stems: frozenset[str]
    letters: dict[int, str]
    plain: PlainWords
    roles: Roles
    ends: EndWords
    corrections: re.Pattern[str] | None
    corrected_wrong: re.Pattern[str] | None
    corrected_right: re.Pattern[str] | None

    def fold(self, text: str) -> str:
        """The text as it is read: folded, with the letters that the lexicon reads as others."""
        return _fold(text, self.letters)


_ESCAPED: Final = re.compile(r"\\.")
_AS_PRINTED: Final = frozenset({"furniture.not_news"})
"""Expressions over text that is not folded, in any case."""
_COMPILED: Final[dict[str, Compiled]] = {}
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
        for order in (order for line in trigger.patterns for order in _orders(line)):
            pattern = _pattern(lexicon, trigger, order, sum(map(len, patterns.values())))
            for family in sorted(pattern.elements[pattern.anchor].families):
                patterns.setdefault(family, []).append(pattern)
    anaphora = {
        name: expression
        for name in ("institution", "institutions", "party", "parties", "either", "plural", "own")
        if (expression := _either(f"anaphora.{name}", getattr(lexicon.anaphora, name), folded=False))
    }
    names = lexicon.names
    joining = "|".join(re.escape(_fold(word, letters)) for word in sorted(lexicon.joining, key=len, reverse=True))
    return Compiled(
        lexicon=lexicon,
        phrases=_phrases(lexicon, letters),
        by_anchor={family: tuple(found) for family, found in patterns.items()},
        anaphora=anaphora,
        countries={_fold(word, letters): code for code, those in lexicon.anaphora.countries.items() for word in those},
        institutions=_either("names.institutions", names.institutions, folded=False),
        parties=_either("names.parties", names.parties, folded=False),
        not_before=_either("names.not_before", names.not_before),
        not_after=_either("names.not_after", tuple(f"(?:{each})$" for each in names.not_after)),
        not_of=_either("names.not_of", tuple(f"(?:{each})$" for each in names.not_of)),
        enumerated=_either("names.enumerated", names.enumerated, folded=False),
        plural_not_after=_either(
            "anaphora.plural_not_after", tuple(f"(?:{each})$" for each in lexicon.anaphora.plural_not_after)
        ),
        own_parts=lexicon.words.get("own_parts", ()),
        before={
            name: expression
            for name, blocker in lexicon.blockers.items()
            if (
                expression := _either(f"blockers.{name}", tuple(f"(?:{each[1:-1]})$" for each in blocker.words if _slashed(each)))
            )
        },
        only_before=tuple(
            name for name, blocker in lexicon.blockers.items() if blocker.words and all(map(_slashed, blocker.words))
        ),
        speaker=tuple(_expression("speaker", each, re.NOFLAG) for each in lexicon.speaker),
        not_news=_either("furniture.not_news", lexicon.furniture.not_news),
        common_words=frozenset(_fold(word, letters) for word in lexicon.common or lexicon.joining),
        no_stems=frozenset(_fold(word, letters) for word in lexicon.names.no_stems),
        joining=re.compile(rf"(?:[\s,;:/()\[\]«»\"“”'–—、-]|{BEGIN}(?:{joining}){END})*"),
        letters=letters,
        plain=_plain(lexicon.plain),
        roles=_roles(lexicon.roles),
        ends=_ends(lexicon.ends),
        corrections=_either("corrections.notice", lexicon.corrections.notice),
        corrected_wrong=_wrong(lexicon.corrections),
        corrected_right=_either("corrections.right", lexicon.corrections.right),
    )


def _wrong(words: Corrections) -> re.Pattern[str] | None:
    """What stands beside the wrong part of a correction; the groups tell on which side, and whether it is denied."""
    sides = {"denied_before": words.denied_before, "denied_behind": words.denied_behind, "wrong": words.wrong}
    groups = (f"(?P<{name}>{'|'.join(f'(?:{each})' for each in side)})" for name, side in sides.items() if side)
    return _either("corrections.wrong", tuple(groups))


def _ends(ends: Ends) -> EndWords:
    return EndWords(
        apart=_either("ends.apart", ends.apart),
        direct=_either("ends.direct", ends.direct),
        link=_either("ends.link", ends.link),
        part=_either("ends.part", ends.part),
        told_of=_either("ends.told_of", tuple(f"(?:{each})$" for each in ends.told_of)),
        other_side=_either("ends.other_side", ends.other_side),
        owner=_either("ends.owner", ends.owner),
        follows=_either("ends.follows", ends.follows),
        elsewhere=_either("ends.elsewhere", ends.elsewhere),
        subject=_either("ends.subject", tuple(f"(?:{each})$" for each in ends.subject)),
        passive=_either("ends.passive", tuple(f"(?:{each})$" for each in ends.passive)),
        object=_either("ends.object", ends.object),
        suffers=_either("ends.suffers", tuple(f"(?:{each})$" for each in ends.suffers)),
        infinitive=_either("ends.infinitive", tuple(f"(?:{each})$" for each in ends.infinitive)),
        decided=_either("ends.decided", tuple(f"(?:{each})$" for each in ends.decided)),
    )


def _plain(plain: Plain) -> PlainWords:
    return PlainWords(
        clause=_either("plain.clause", plain.clause),
        before=_either("plain.before", _repeated(plain.before)),
        after=_either("plain.after", _repeated(plain.after)),
        behind=_either("plain.behind", plain.behind),
        landmarks=frozenset({"INSTITUTION", "PARTY", "LIST", *plain.landmarks}),
    )


def _roles(roles: models.Roles) -> Roles:
    def before(key: str, expressions: tuple[str, ...]) -> re.Pattern[str] | None:
        return _either(f"roles.{key}", tuple(f"(?:{each})$" for each in expressions), folded=False)

    return Roles(
        of_another=before("of_another", roles.of_another),
        patient=before("patient", roles.patient),
        patient_behind=before("patient_behind", (*roles.patient, *roles.patient_behind)),
        agent=before("agent", roles.agent),
        stranger=before("stranger", roles.stranger),
        aside=before("aside", roles.aside),
        partner=before("partner", roles.partner),
        beside=before("beside", roles.beside),
        apart=_either("roles.apart", roles.apart, folded=False),
    )


def _repeated(expressions: tuple[str, ...]) -> tuple[str, ...]:
    return (f"(?:{'|'.join(expressions)})*",) if expressions else ()


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
    for blocker, value in lexicon.blockers.items():
        families[f"block:{blocker}"] = tuple(word for word in value.words if not _slashed(word))
    for label, phrases in lexicon.reasons.items():
        families[f"reason:{label}"] = phrases
    for list_id, phrases in lexicon.lists.names.items():
        families[f"list:{list_id}"] = phrases
    lists = lexicon.lists
    families |= {"list:weak": lists.weak, "list:blacklist": lists.blacklists, "list:other": lists.other}
    return Phrases({family: tuple(_fold(phrase, letters) for phrase in phrases) for family, phrases in families.items()})


def _orders(line: str) -> list[str]:
    """All orders of the parts of a pattern, that in which they are written first."""
    return [" ".join(order) for order in permutations(line.split(" / "))]


def _pattern(lexicon: Lexicon, trigger: Trigger, line: str, order: int) -> Pattern:
    where = f"triggers.{trigger.id}: pattern {line!r}"
    elements: list[Element] = []
    starred: list[int] = []
    gap = lexicon.gap
    for word in line.split():
        if word.startswith("<"):
            gap = int(word[1:])
            continue
        if word.startswith("*"):
            starred.append(len(elements))
        families = frozenset(word.lstrip("*").split("|"))
        unknown = families - ACTORS - lexicon.words.keys()
        if unknown:
            raise ValueError(f"{where}: no family {', '.join(sorted(unknown))} in words")
        elements.append(Element(families, gap))
        gap = lexicon.gap
    anchors = [place for place, element in enumerate(elements) if not element.families & ACTORS]
    if not anchors:
        raise ValueError(f"{where}: needs a family of words beside the names")
    missing = [name for name in (*trigger.despite,) if name not in lexicon.blockers]
    missing += [name for name in (*trigger.needs, *trigger.unless) if name not in lexicon.words]
    if missing:
        raise ValueError(f"{where}: unknown {', '.join(missing)}")
    unnamed = not trigger.all_named and all("INSTITUTION" not in each.families for each in elements)
    sets = [element.families for element in elements]
    return Pattern(
        trigger,
        tuple(elements),
        (starred or anchors)[0],
        order,
        unnamed=unnamed and trigger.statement in ACTS,
        single=frozenset().union(*(each for each in sets if len(each) == 1)),
        several=tuple(each for each in sets if len(each) > 1),
    )


def _either(key: str, expressions: tuple[str, ...], *, folded: bool = True) -> re.Pattern[str] | None:
    if not expressions:
        return None
    # Of folded text only what is written with capitals, or is read as printed, has to ignore case, which is slow.
    plain = folded and not any(letter.isupper() for each in expressions for letter in _ESCAPED.sub("", each))
    flags = re.IGNORECASE if (folded and not plain) or key in _AS_PRINTED else re.NOFLAG
    for each in expressions:
        _expression(key, each, flags)
    return _expression(key, "|".join(f"(?:{each})" for each in expressions), flags)


def _expression(key: str, expression: str, flags: re.RegexFlag) -> re.Pattern[str]:
    try:
        return re.compile(expression, flags)
    except re.error as error:
        raise ValueError(f"{key}: {expression!r} is not a regular expression: {error}") from error
