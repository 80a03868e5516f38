"""The lexicon of one language: what the news reader knows of its words, as a frozen value.

`config/lexicon/<language>.toml` holds families of words, and triggers that put them in order
(`INSTITUTION cut tie PARTY`). `load_lexicon` checks their shape, `check_lexicon` whether they can be used, and
`compiled` prepares them for use; these have modules of their own.
"""

import hashlib
import tomllib
from typing import Any, Final, Literal

import msgspec

from events.statements import Change, Extent, Stance
from tracker.readers.lexicon_clauses import Clause, Corrections, Ends, Grammar, Plain, Roles, Rounds, Strict
from tracker.readers.lexicon_names import Anaphora, Lists, Names

StatementKind = Literal["listing-reported", "institution-responded", "entity-responded", "tie-reported", "tie-ended"]
TieKind = Literal["funding", "membership", "laboratory", "chair", "employment", "degree", "agreement", "other"]
Qualifier = Literal["exactly", "about", "nearly", "more-than", "at-most"]

ACTORS: Final = frozenset({"INSTITUTION", "PARTY", "LIST", "DATE"})
"""The elements of a pattern that are no words: names found by the gazetteer, lists and dates."""
DEFAULT_GAP: Final = 45
"""How many characters may stand between two elements of a pattern where neither it (`<80 cut`) nor its lexicon says."""


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
    """The list that is meant where none is named: "hit by the Commerce Department with sanctions"; `told`: that told of last."""
    all_named: bool = False
    """Whether all institutions that the sentence names are meant: "several universities, including ..."."""
    together: bool = False
    """Whether all are meant, of both kinds, that are named before the anchor: "Imec, Huawei and SMIC founded the venture"."""
    amount: bool = False
    """Whether an amount must be told."""
    weak: bool = False
    """Whether the statement is dropped where its sentence tells of an end and of no amount."""
    context: bool = True
    """Whether an actor may come from the sentences before."""
    topical: bool = False
    """Whether it tells of the one party that the article is about where its sentence names none, of companies too."""
    sole: bool = False
    """The same, in an article that has named no other party so far."""
    loose: bool = False
    """Whether it is tried only where no other trigger tells of the like, and nobody else stands in between."""
    one_clause: bool = False
    """Whether institution and party must stand in one clause, as subject and object of its words."""
    of_tie: bool = False
    """Whether its words stand for a tie that the sentence before told of: "It was cancelled in May"."""
    definite: bool = False
    """Whether the words point back to the tie told of ("the cooperation"), so that a company, too, may have ended it."""
    lead: str = ""
    """An expression that all words before the match must fit: for sentences whose subject is left out, and is that
    of the sentence before ("Desde entonces ya no acepta donaciones")."""


class Blocker(Strict, frozen=True, kw_only=True):
    """Words that take a statement back: plans, demands, denials, conditions, negations.

    `near`: right before the anchor or inside the match; `clause`: before it with no break between;
    `after`: soon behind the match; `trailing`: the same up to the next comma; `around`: as `clause`, and
    between the first word of the match and right behind its last; `object`: between the anchor and the last
    word of the match; `behind`: right behind it, with one word between at most; `sentence`: anywhere. Of
    `words`, those between slashes are regular expressions that must end right before the anchor or with its
    first word (`/to be/`): alone they block, beside other words both must fit. A blocker
    `listing-reported:wish` blocks only that kind.
    """

    words: tuple[str, ...]
    reach: Literal["near", "clause", "after", "trailing", "around", "object", "behind", "sentence"]
    unless: tuple[str, ...] = ()
    """Families that, earlier in the sentence, make the words harmless: "said it would"."""


class Dates(Strict, frozen=True, kw_only=True):
    """Words for dates; `rules` are regular expressions by the name of the rule (see `dates`)."""

    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    numbers: dict[str, int] = {}
    rules: dict[str, str] = {}
    skip_after: tuple[str, ...] = ()
    """What stands before a date that is an end or a plan, not the day of the act: "until"."""
    datelines: tuple[str, ...] = ()
    """How an agency heads its report with place and day, by which "today" in it goes: "Washington, 18 dic.-"."""


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
    spaced: bool = True
    """Whether blanks stand between words. Where not, `common` are letters: Chinese 的, and all Korean endings."""
    gap: int = DEFAULT_GAP
    """How many characters may stand between two elements of a pattern that does not say; Chinese needs fewer."""
    letters: dict[str, str] = {}
    """Letters that are read as others, one by one: traditional as simplified ones, full-width as ASCII.
    All words and names are; what is a regular expression is written as the text is read."""
    spellings: dict[str, str] = {}
    """Letters that are written otherwise elsewhere, in phrases: Swiss "ss" for "ß"."""
    hiding: bool = True
    """Whether a phrase hides a shorter one that it begins with, of whatever family: "put on hold" is no "put"."""
    unhidden: tuple[str, ...] = ()
    """Families that are found inside longer phrases of others too, and hide none: "makes" in "makes the"."""
    nouns_capitalised: bool = False
    """Whether every noun has a capital, so that a capital does not tell a name (German)."""
    abbreviations: tuple[str, ...] = ()
    ordinals: tuple[str, ...] = ()
    """What stands before a number whose full stop is its own: German "*das* 771. Forschungsinstitut". Regular expressions."""
    backshift_endings: tuple[str, ...] = ()
    """Endings of verbs that report speech or rumour (French -rait): the blocker `backshift` covers them."""
    names: Names = Names()
    anaphora: Anaphora = Anaphora()
    lists: Lists = Lists()
    dates: Dates = Dates()
    amounts: Amounts = Amounts()
    furniture: Furniture = Furniture()
    corrections: Corrections = Corrections()
    ends: Ends = Ends()
    plain: Plain = Plain()
    roles: Roles = Roles()
    clause: Clause = Clause()
    grammar: Grammar = Grammar()
    rounds: Rounds = Rounds()


def load_lexicon(text: str, where: str) -> Lexicon:
    """Reads a lexicon; raises ValueError naming file and key. Whether its words fit together, `check_lexicon` tells."""
    try:
        data: dict[str, Any] = tomllib.loads(text)
        data["digest"] = hashlib.sha256(text.encode()).hexdigest()
        return msgspec.convert(data, Lexicon)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ValueError(f"{where}: {error}") from error
