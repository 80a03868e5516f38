"""The parts of a lexicon that tell whom and which list words mean: names, words that point back, lists."""

from tracker.readers.lexicon_clauses import Strict


class Names(Strict, frozen=True, kw_only=True):
    """Names that no register holds, and names that are something else here. All regular expressions."""

    institutions: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    alone: dict[str, tuple[str, ...]] = {}
    """What stands alone for a university once it has been named, with how such names begin: "TU" for "TU " and "Technische "."""
    shortened: dict[str, str] = {}
    """How the beginnings of registered names are shortened: "Uni " for "Universität "."""
    spellings: dict[str, str] = {}
    """Words in registered names -> how they are told elsewhere in the same language: 积体电路 for 集成电路. No expressions."""
    not_before: tuple[str, ...] = ()
    """What follows a name that is no actor: MIT *License*, Oxford *Street*."""
    not_after: tuple[str, ...] = ()
    """What stands before a name that is no actor: *a graduate of* MIT."""
    in_passing: tuple[str, ...] = ()
    """What stands before a party that does nothing here, and is meant by what points back behind: *students of* HIT."""
    enumerated: tuple[str, ...] = ()
    """What may stand between two names of one enumeration, beside `joining`: SMIC *und den Drohnenbauer* DJI."""
    sources: tuple[str, ...] = ()
    """What stands before a name that only tells it, and goes with no name behind its comma: *according to* Google, Intel."""
    owned: tuple[str, ...] = ()
    """What stands between a party and one of its companies, of which then is spoken: Huawei*'s chip arm* HiSilicon."""
    not_for: tuple[str, ...] = ()
    """What follows an institution that does not act itself: German MIT*-Forscher*. Those of Huawei may be barred."""
    not_of: tuple[str, ...] = ()
    """The same before institutions alone: *researchers of* Huawei may be barred, those of MIT do not act for it."""
    ends: tuple[str, ...] = ()
    """What a name drops once the text has printed it in full: 浪潮 for 浪潮集团. No expressions."""
    starts: tuple[str, ...] = ()
    """What an institution's name drops at its beginning then: 科技大学 for 香港科技大学. No expressions."""
    no_stems: tuple[str, ...] = ()
    """What is no such stem, because it is a place or another word: 华盛顿."""
    initial: tuple[str, str] = ("", "")
    """How a university's name ends, and what follows one letter of it in its short name: 大学 and 大, for 港大."""
    initial_before: str = ""
    """The letters before such a short name: it stands at the beginning of a clause or behind a word like "with"."""
    initial_after: str = ""
    """The letters behind it."""
    seat: str = ""
    """How a university is called after its town: with `Université de {}`, "À Sherbrooke, on hésite." goes over to it."""
    heads: dict[str, tuple[str, ...]] = {}
    """What stands before several names that share it -> how each is called in full: "las universidades de *Surrey y Granada*"."""
    headed: str = ""
    """How such a name reads, its own part as the group `name`; words with capitals where nothing is said: 第*十三*所."""
    tails: dict[str, tuple[str, ...]] = {}
    """The same for what stands behind several names, with the group `names`: *济南、深圳*的国家超级计算中心."""
    passing: tuple[str, ...] = ()
    """As `in_passing`, but what follows the name: 哈工大*学生*."""
    introduced: tuple[str, ...] = ()
    """How a text introduces a name that no register holds: "{name}, the Montreal {kind}". Over text as printed; `{name}` and
    `{word}` (without "of") are a name, `{kind}` one of the two next, other braces those of `introducing`."""
    kinds: tuple[str, ...] = ()
    """What an institution may be: "charity"."""
    company_kinds: tuple[str, ...] = ()
    """The same for companies, to which "the company" may point back: "retailer"."""
    introducing: dict[str, str] = {}
    """Parts that several of `introduced` have, by their names; `no_name` is how no such name begins: "The"."""
    listed: tuple[str, ...] = ()
    """How a text tells that a list has whom no register holds: "put {names} on the Entity List". Over text as printed."""
    beside: str = ""
    """What stands between two names of an enumeration, as printed; what has a capital between held names is a name, too."""
    last: str = ""
    """The same before the last name, where one that no register holds may stand."""
    elided: dict[str, tuple[str, ...]] = {}
    """The same for what stands for a noun left out, once a university has been named: "y la de *Granada*"."""


class Anaphora(Strict, frozen=True, kw_only=True):
    """Words that point back: regular expressions over folded text."""

    institution: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    party: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    """Pronouns, taken for whichever actor the pattern asks for."""
    latter: tuple[str, ...] = ()
    """What means whoever was named last: "the latter"."""
    former: tuple[str, ...] = ()
    """What means the first of those named together: "the former"."""
    second: tuple[str, ...] = ()
    """What means the second of those named together: Spanish "la segunda"."""
    inverted: tuple[str, ...] = ()
    """Pronouns behind their verb that must be the subject: German "im Mai beendete *sie* die Kooperation"."""
    plural: tuple[str, ...] = ()
    """Pronouns for several: all that are named together as the subject of the sentence, else as `either`."""
    plural_not_after: tuple[str, ...] = ()
    """What stands before names that are not the subject: professors *at* MIT and Stanford."""
    countries: dict[str, tuple[str, ...]] = {}
    """Code of a country -> words that place there whoever is pointed to: "the *Shenzhen* group", "the *Israeli* firm".
    Or the ids of companies -> the town for which they are known, with its country or without: "the *Redmond* group"."""
    trades: dict[str, tuple[str, ...]] = {}
    """What companies make or do -> words of a reference that tell it: "the *chip* designer"."""
    owner: tuple[str, ...] = ()
    """Words for the party whose company the one named before is: "its *parent*"."""
    own: tuple[str, ...] = ()
    """The first person: whoever is quoted, or whose statement the text is."""


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
