"""The lexicon of one language: what the news reader knows of its words, as a frozen value.

`config/lexicon/<language>.toml` holds families of words, and triggers that put them in order
(`INSTITUTION cut tie PARTY`). `load_lexicon` checks all of it; `compiled` prepares it for use, once.
"""

import hashlib
import re
import tomllib
from itertools import permutations
from typing import Any, Final, Literal

import msgspec

from events.statements import Change, Extent, Stance
from tracker.readers.phrases import Phrases, fold

StatementKind = Literal["listing-reported", "institution-responded", "entity-responded", "tie-reported", "tie-ended"]
TieKind = Literal["funding", "membership", "laboratory", "chair", "employment", "degree", "agreement", "other"]
Qualifier = Literal["exactly", "about", "nearly", "more-than", "at-most"]

ACTORS: Final = frozenset({"INSTITUTION", "PARTY", "LIST", "DATE"})
"""The elements of a pattern that are no words: names found by the gazetteer, lists and dates."""
DEFAULT_GAP: Final = 45
"""How many characters may stand between two elements of a pattern that do not say otherwise (`<80 cut`)."""


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every part of a lexicon is: frozen, and strict about its keys."""


class Trigger(Strict, frozen=True, kw_only=True):
    """What makes a statement: families of words and names in this order, at most so far apart.

    A pattern is a line of elements: `INSTITUTION`, `PARTY`, `LIST` or families of `words` (`cut|stop`);
    `<80` before an element widens its distance to the one before. The first family, or the one with
    a star, is the anchor: blockers and dates are looked for around it. An actor that the pattern leaves out is taken from
    the context. `despite` names blockers that do not count here. Parts with ` / ` between them may come
    in any order (`INSTITUTION / tie <50 PARTY / *cut`), as the verb wanders in German.
    """

    id: str
    statement: StatementKind
    patterns: tuple[str, ...]
    example: str
    change: Change | None = None
    stance: Stance | None = None
    extent: tuple[Extent, ...] = ()
    kind: TieKind | None = None
    despite: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    """Families of which one must stand in the same sentence."""
    unless: tuple[str, ...] = ()
    """Families that must not stand in the same sentence."""
    list: str | None = None
    """The list that is meant where none is named: "hit by the Commerce Department with sanctions"."""
    all_named: bool = False
    """Whether all institutions that the sentence names are meant: "several universities, including ..."."""
    amount: bool = False
    """Whether an amount must be told."""
    weak: bool = False
    """Whether the statement is dropped where its sentence tells of an end and of no amount."""
    context: bool = True
    """Whether an actor may come from the sentences before."""


class Blocker(Strict, frozen=True, kw_only=True):
    """Words that take a statement back: plans, demands, denials, conditions, negations.

    `near`: right before the anchor or inside the match; `clause`: before it with no break between;
    `after`: soon behind the match; `around`: as `clause`, and between the first word of the match and
    right behind its last; `sentence`: anywhere. Of `words`, those between slashes are regular
    expressions that must end right before the anchor or with its first word (`/to be/`): alone they
    block, beside other words both must fit. A blocker `listing-reported:wish` blocks only that kind.
    """

    words: tuple[str, ...]
    reach: Literal["near", "clause", "after", "around", "sentence"]
    unless: tuple[str, ...] = ()
    """Families that, earlier in the sentence, make the words harmless: "said it would"."""


class Names(Strict, frozen=True, kw_only=True):
    """Names that no register holds, and names that are something else here. All regular expressions."""

    institutions: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    """What follows a name that is no actor: MIT *License*, Oxford *Street*."""
    not_after: tuple[str, ...] = ()
    """What stands before a name that is no actor: *a graduate of* MIT."""


class Anaphora(Strict, frozen=True, kw_only=True):
    """Words that point back: regular expressions over folded text."""

    institution: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    party: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    """Pronouns, taken for whichever actor the pattern asks for."""


class Lists(Strict, frozen=True, kw_only=True):
    """How a language calls the lists."""

    names: dict[str, tuple[str, ...]] = {}
    """List id -> phrases that can mean no other list."""
    weak: tuple[str, ...] = ()
    """Phrases that mean the list spoken of: "that list"."""
    blacklists: tuple[str, ...] = ()
    """Phrases that mean the list spoken of, and where none was, `default` beside a family of `agents`."""
    agents: tuple[str, ...] = ()
    default: str | None = None
    other: tuple[str, ...] = ()
    """Phrases that name other lists and laws."""


class Dates(Strict, frozen=True, kw_only=True):
    """Words for dates; `rules` are regular expressions by the name of the rule (see `dates`)."""

    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    numbers: dict[str, int] = {}
    rules: dict[str, str] = {}
    skip_after: tuple[str, ...] = ()
    """What stands before a date that is an end or a plan, not the day of the act: "until"."""


class Amounts(Strict, frozen=True, kw_only=True):
    """Words for how much: `pattern` has the groups `qualifier`, `number`, `scale`, `unit` (see `amounts`)."""

    patterns: tuple[str, ...] = ()
    qualifiers: dict[Qualifier, tuple[str, ...]] = {}
    numbers: dict[str, float] = {}
    scales: dict[str, float] = {}
    units: dict[str, str] = {}


class Furniture(Strict, frozen=True, kw_only=True):
    """What is on the page and not of the article. Regular expressions, case folded."""

    lines: tuple[str, ...] = ()
    """Lines that are dropped whole."""
    fragments: tuple[str, ...] = ()
    """Pieces glued to sentences, taken out wherever they stand."""
    ends: tuple[str, ...] = ()
    """Lines after which nothing of the article follows."""
    not_news: tuple[str, ...] = ()
    """Words that mark a whole text as satire or fiction."""


class Lexicon(Strict, frozen=True, kw_only=True):
    """All the words of one language. `digest` is the sha256 of the text it was read from."""

    language: str
    digest: str = ""
    words: dict[str, tuple[str, ...]]
    triggers: tuple[Trigger, ...]
    blockers: dict[str, Blocker] = {}
    extents: dict[Extent, tuple[str, ...]] = {}
    """Extent -> families that give it when they stand in the match."""
    reasons: dict[str, tuple[str, ...]] = {}
    """Label of a reason -> phrases."""
    speaker: tuple[str, ...] = ()
    """Regular expressions with a group `source`: to whom, or by whom, something was said."""
    joining: tuple[str, ...] = ()
    """Words that may stand between the names of an enumeration."""
    common: tuple[str, ...] = ()
    """The most frequent small words, by which a text tells its language; `joining` where there are none."""
    nouns_capitalised: bool = False
    """Whether every noun has a capital, so that a capital does not tell a name (German)."""
    abbreviations: tuple[str, ...] = ()
    backshift_endings: tuple[str, ...] = ()
    """Endings of verbs that report speech or rumour (French -rait): the blocker `backshift` covers them."""
    names: Names = Names()
    anaphora: Anaphora = Anaphora()
    lists: Lists = Lists()
    dates: Dates = Dates()
    amounts: Amounts = Amounts()
    furniture: Furniture = Furniture()


class Element(msgspec.Struct, frozen=True):
    """One element of a compiled pattern: which families fit, and how far from the element before."""

    families: frozenset[str]
    gap: int


class Pattern(msgspec.Struct, frozen=True):
    """A compiled pattern of a trigger; `anchor` is the place of its anchor, `order` its own in the lexicon."""

    trigger: Trigger
    elements: tuple[Element, ...]
    anchor: int
    order: int


class Compiled(msgspec.Struct, frozen=True):
    """A lexicon ready for use. `by_anchor`: family -> patterns that it anchors."""

    lexicon: Lexicon
    phrases: Phrases
    by_anchor: dict[str, tuple[Pattern, ...]]
    anaphora: dict[str, re.Pattern[str]]
    institutions: re.Pattern[str] | None
    parties: re.Pattern[str] | None
    not_before: re.Pattern[str] | None
    not_after: re.Pattern[str] | None
    own_parts: tuple[str, ...]
    before: dict[str, re.Pattern[str]]
    speaker: tuple[re.Pattern[str], ...]
    not_news: re.Pattern[str] | None
    joining: re.Pattern[str]
    common_words: frozenset[str]


def load_lexicon(text: str, where: str) -> Lexicon:
    """Reads and checks a lexicon; raises ValueError naming file and key."""
    try:
        data: dict[str, Any] = tomllib.loads(text)
        data["digest"] = hashlib.sha256(text.encode()).hexdigest()
        lexicon = msgspec.convert(data, Lexicon)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ValueError(f"{where}: {error}") from error
    from tracker.readers.amounts import compile_amounts  # these read the models above
    from tracker.readers.dates import compile_rules

    try:
        compiled(lexicon)
        compile_rules(lexicon.dates)
        compile_amounts(lexicon.amounts)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error
    return lexicon


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
    patterns: dict[str, list[Pattern]] = {}
    for trigger in lexicon.triggers:
        for order in (order for line in trigger.patterns for order in _orders(line)):
            pattern = _pattern(lexicon, trigger, order, sum(map(len, patterns.values())))
            for family in sorted(pattern.elements[pattern.anchor].families):
                patterns.setdefault(family, []).append(pattern)
    anaphora = {
        name: expression
        for name in ("institution", "institutions", "party", "parties", "either")
        if (expression := _either(f"anaphora.{name}", getattr(lexicon.anaphora, name)))
    }
    names = lexicon.names
    joining = "|".join(re.escape(word) for word in sorted(lexicon.joining, key=len, reverse=True))
    return Compiled(
        lexicon=lexicon,
        phrases=_phrases(lexicon),
        by_anchor={family: tuple(found) for family, found in patterns.items()},
        anaphora=anaphora,
        institutions=_either("names.institutions", names.institutions, folded=False),
        parties=_either("names.parties", names.parties, folded=False),
        not_before=_either("names.not_before", names.not_before),
        not_after=_either("names.not_after", tuple(f"(?:{each})$" for each in names.not_after)),
        own_parts=lexicon.words.get("own_parts", ()),
        before={
            name: expression
            for name, blocker in lexicon.blockers.items()
            if (
                expression := _either(f"blockers.{name}", tuple(f"(?:{each[1:-1]})$" for each in blocker.words if _slashed(each)))
            )
        },
        speaker=tuple(_expression("speaker", each, re.NOFLAG) for each in lexicon.speaker),
        not_news=_either("furniture.not_news", lexicon.furniture.not_news),
        common_words=frozenset(fold(word) for word in lexicon.common or lexicon.joining),
        joining=re.compile(rf"(?:[\s,;:/()\[\]«»\"“”'–—-]|(?<!\w)(?:{joining})(?!\w))*"),
    )


def _slashed(word: str) -> bool:
    return len(word) > 2 and word[0] == word[-1] == "/"


def _phrases(lexicon: Lexicon) -> Phrases:
    families: dict[str, tuple[str, ...]] = dict(lexicon.words)
    for blocker, value in lexicon.blockers.items():
        families[f"block:{blocker}"] = tuple(word for word in value.words if not _slashed(word))
    for label, phrases in lexicon.reasons.items():
        families[f"reason:{label}"] = phrases
    for list_id, phrases in lexicon.lists.names.items():
        families[f"list:{list_id}"] = phrases
    lists = lexicon.lists
    families |= {"list:weak": lists.weak, "list:blacklist": lists.blacklists, "list:other": lists.other}
    return Phrases(families)


def _orders(line: str) -> list[str]:
    """All orders of the parts of a pattern, that in which they are written first."""
    return [" ".join(order) for order in permutations(line.split(" / "))]


def _pattern(lexicon: Lexicon, trigger: Trigger, line: str, order: int) -> Pattern:
    where = f"triggers.{trigger.id}: pattern {line!r}"
    elements: list[Element] = []
    starred: list[int] = []
    gap = DEFAULT_GAP
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
        gap = DEFAULT_GAP
    anchors = [place for place, element in enumerate(elements) if not element.families & ACTORS]
    if not anchors:
        raise ValueError(f"{where}: needs a family of words beside the names")
    missing = [name for name in (*trigger.despite,) if name not in lexicon.blockers]
    missing += [name for name in (*trigger.needs, *trigger.unless) if name not in lexicon.words]
    if missing:
        raise ValueError(f"{where}: unknown {', '.join(missing)}")
    return Pattern(trigger, tuple(elements), (starred or anchors)[0], order)


def _either(key: str, expressions: tuple[str, ...], *, folded: bool = True) -> re.Pattern[str] | None:
    if not expressions:
        return None
    flags = re.IGNORECASE if folded else re.NOFLAG
    for each in expressions:
        _expression(key, each, flags)
    return _expression(key, "|".join(f"(?:{each})" for each in expressions), flags)


def _expression(key: str, expression: str, flags: re.RegexFlag) -> re.Pattern[str]:
    try:
        return re.compile(expression, flags)
    except re.error as error:
        raise ValueError(f"{key}: {expression!r} is not a regular expression: {error}") from error
