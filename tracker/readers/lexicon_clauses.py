"""The parts of a lexicon that tell how a clause must be built for its words to count."""

import msgspec


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every part of a lexicon is: frozen, and strict about its keys."""


class Corrections(Strict, frozen=True, kw_only=True):
    """How an article says what it had wrong (see `notices`). Regular expressions over folded text."""

    notice: tuple[str, ...] = ()
    """What marks a sentence as part of a notice."""
    wrong: tuple[str, ...] = ()
    """What the wrong part follows: "said that"."""
    denied_before: tuple[str, ...] = ()
    """What a denial of the wrong part stands before: "did not end it, *as an earlier version said*"."""
    denied_behind: tuple[str, ...] = ()
    """What such a denial follows: "*Contrary to what we reported,* it did not end it"."""
    right: tuple[str, ...] = ()
    """What the right part follows: a semicolon, "in fact"."""
    undone: tuple[str, ...] = ()
    """What, in the sentence behind an end, takes it back where nobody is named before: "The letter *was never sent*"."""


class Ends(Strict, frozen=True, kw_only=True):
    """What makes an end told as done, and of the tie itself (see `objects`). Regular expressions over folded text."""

    apart: tuple[str, ...] = ()
    """What must not stand between the verb and the tie: "ended its review *of* contracts"."""
    direct: tuple[str, ...] = ()
    """What must not stand between the verb and the party, where no tie does: "suspended a student *for* ..."."""
    nothing: tuple[str, ...] = ()
    """What right behind the verb says that nothing was ended, where the pattern does not ask for it: "cut *no* ties"."""
    link: tuple[str, ...] = ()
    """What must not stand between the tie, or the verb, and the party: "a student *who* knew Huawei"."""
    part: tuple[str, ...] = ()
    """What may all the same, because it only counts: "part of its"."""
    told_of: tuple[str, ...] = ()
    """How the noun of a tie must read, with the words before it, that leaves the party to the context: "the cooperation"."""
    other_side: tuple[str, ...] = ()
    """What follows the last word of an end that leaves the party to the context, where it is with another: "*with Google*"."""
    owner: tuple[str, ...] = ()
    """What follows a party that only owns what is ended: "dropped Huawei*'s* logo"."""
    follows: tuple[str, ...] = ()
    """What may follow a tie: not a noun that it only describes ("cut its support *staff*"). Anything, where there are none."""
    elsewhere: tuple[str, ...] = ()
    """What behind a tie tells what it is for, where no party is named: "closed its centre *for classics*"."""
    subject: tuple[str, ...] = ()
    """What may stand right before a verb whose institution is named elsewhere; anything, where there are none."""
    passive: tuple[str, ...] = ()
    """What a participle must follow: "the contract *was* ended"; nothing, where there are none."""
    object: tuple[str, ...] = ()
    """What behind a participle makes it active: "have ended *their* strike"; nothing, where there are none."""
    suffers: tuple[str, ...] = ()
    """What right before a participle makes it passive all the same: "has *been*"."""
    infinitive: tuple[str, ...] = ()
    """What stands right before an infinitive."""
    decided: tuple[str, ...] = ()
    """What an infinitive must follow to be told as done: "decided", "the latest school"."""


class Plain(Strict, frozen=True, kw_only=True):
    """What may stand around the words of an act where no blanks part words (see `plain`). All regular expressions."""

    clause: tuple[str, ...] = ()
    """How a clause may begin whose subject stands in one before it; another beginning is another subject."""
    before: tuple[str, ...] = ()
    """What may stand, any number of times, between the last landmark and the anchor of an end."""
    after: tuple[str, ...] = ()
    """The same between the anchor and the next element."""
    behind: tuple[str, ...] = ()
    """What may follow the last element."""
    strange: tuple[str, ...] = ()
    """What must not stand there for other words, which no list knows, to be let pass right behind a name or noun of a tie."""
    landmarks: tuple[str, ...] = ()
    """Families that may stand right before what `before` tells; names are always."""


class Roles(Strict, frozen=True, kw_only=True):
    """Words right before a noun or name that give it another part in the act (see `roles`): expressions over printed text."""

    of_another: tuple[str, ...] = ()
    """Before the noun of a tie that only describes what was ended: *a conference on the* cooperation."""
    patient: tuple[str, ...] = ()
    """Before an institution that does not act: *payments to* Yale."""
    people: tuple[str, ...] = ()
    """Behind an institution that ends nothing itself: MIT *researchers*."""
    patient_behind: tuple[str, ...] = ()
    """The same behind the verb: German "strich *der* Universität die Mittel"."""
    owner: tuple[str, ...] = ()
    """A noun and an article before an institution whose the noun is, so that it is no patient: "die Kooperation *der* ..."."""
    agent: tuple[str, ...] = ()
    """Before a party that acts itself: *the contract that* Huawei ended."""
    stranger: tuple[str, ...] = ()
    """Before the verb, where somebody else acts whom nothing names: *a sponsor* ended its ties."""
    aside: tuple[str, ...] = ()
    """Before a name that no register holds and that is not the subject of a loose match: "*in* Boston"."""
    partner: tuple[str, ...] = ()
    """Before a name that no register holds and that may be the other side of a tie: "*with* Vodafone"; any, where none."""
    beside: tuple[str, ...] = ()
    """Before a party that is not the other side of a loose match: "a panel *on* Huawei"."""
    apart: tuple[str, ...] = ()
    """Between the noun of a tie and a party that is not its other side: the contract of its head*, who had* met Huawei."""


class Grammar(Strict, frozen=True, kw_only=True):
    """Small words that have a part in every sentence. Regular expressions over folded text, where nothing else is said."""

    conjunctions: tuple[str, ...] = ()
    """Between the last two of an enumeration, or two acts of one subject: "and"."""
    pluperfect: tuple[str, ...] = ()
    """What tells that an act was over before the day of which the sentence tells: "had"."""
    auxiliaries: tuple[str, ...] = ()
    """What may stand between a subject and its verb: "has", "also"."""
    that: tuple[str, ...] = ()
    """What may stand between a verb of saying and the subject of what is said."""
    adverbials: tuple[str, ...] = ()
    """How a sentence begins, as printed, whose subject follows a comma: "In" (May 2019,)."""
    towns: tuple[str, ...] = ()
    """What stands before the town where something happens: "in"."""
    told_in: tuple[str, ...] = ()
    """How a sentence begins, as printed, with a group for a town whose university says or does it: "Aus (Bonn) hieß es"."""
    companion: tuple[str, ...] = ()
    """What stands before the other side of a tie, with its article: "with", "with the"."""
    titles: tuple[str, ...] = ()
    """What right before a name only describes it, and belongs to it: "*the Chinese telecoms giant* Huawei"."""
    prepositions: tuple[str, ...] = ()
    """What right before a pronoun makes it an object: "lined up *behind* it"."""
    described: tuple[str, ...] = ()
    """What may stand, as printed, between a noun and the name that it describes: "le fabricant *de caméras* Hikvision"."""
    short_names: tuple[str, ...] = ()
    """What may stand before the short name of a university that is the subject: "while" (Illinois ...)."""
    relatives: tuple[str, ...] = ()
    """Words that open a relative clause behind a comma: "which"; no expressions."""
    same_subject: tuple[str, ...] = ()
    """A break behind which the same subject goes on: "but has"."""
    inserted: tuple[str, ...] = ()
    """What may stand within a phrase, with a group `between` for it: "a (de son côté) repris"."""
    put_in: tuple[str, ...] = ()
    """What is put into a sentence, or opens it, and is taken out before it is read, where it holds no name: Chinese asides."""
    apposed: tuple[str, ...] = ()
    """The same right behind a name: 牛津大学*,这所英国名校,*."""
    describing: tuple[str, ...] = ()
    """The same right before a name: *中国电信巨头*华为."""
    begins_with_verb: tuple[str, ...] = ()
    """How a sentence begins that leaves its subject to the name above it: "Has ended"."""
    drops_subject: tuple[str, ...] = ()
    """How a sentence begins whose subject is that of the one before, with what may stand before the verb as first group."""
    heads: tuple[str, ...] = ()
    """How a sentence begins with a clause of its own up to a comma: "asked whether", "although"."""
    openings: tuple[str, ...] = ()
    """What opens a sentence before its verb without a comma, whole: German "Auf Wunsch der Regierung (hat)"."""
    harmless: tuple[str, ...] = ()
    """Phrases and clauses whose words take nothing back of what stands around them: German "ohne Angabe von Gründen"."""
    of_schools: tuple[str, ...] = ()
    """What only a university has, so that its short name counts though it is a word or a town's: Hull's "vice-chancellor"."""
    not_short_names: tuple[str, ...] = ()
    """What behind it tells of the place or its government: "lawmakers"."""
    name_opens: tuple[str, ...] = ()
    """What a name of several words may begin with, as printed, with its blank: "The "."""
    name_joins: tuple[str, ...] = ()
    """Small words inside a name, as printed: "of"."""
    no_names: tuple[str, ...] = ()
    """Words that begin a sentence and are no name, as printed: "They"."""


class Clause(Strict, frozen=True, kw_only=True):
    """How one clause binds an institution and a party, for triggers with `one_clause`. Regular expressions over folded text."""

    opening: tuple[str, ...] = ()
    """What opens the clause whose subject stands right before it: ", *both of which*"."""
    parted: tuple[str, ...] = ()
    """What parts a verb from its object, or belongs to a clause within: "a test *that* finds"."""
    direct: tuple[str, ...] = ()
    """What may stand between the verb, or its preposition, and its object: "*the*", "*all its*"."""
    addressed: tuple[str, ...] = ()
    """What goes on behind an object with which nothing is shared: "served Huawei *with a* subpoena"."""
    by: tuple[str, ...] = ()
    """What behind a participle tells who did it: "has cameras made *by* Hikvision"."""
    auxiliary: tuple[str, ...] = ()
    """What such a participle must begin with all the same: "*are* made by"."""
    infinitive: tuple[str, ...] = ()
    """What before a verb tells of no fact: "FedEx *will* transport parcels"."""


class Rounds(Strict, frozen=True, kw_only=True):
    """How a sentence counts parties for the round of listings told before (see `counted`): expressions over folded text."""

    opens: tuple[str, ...] = ()
    """What before the name of a list tells that several were put on it: "*28 firms are now on the* Entity List"."""
    opens_it: tuple[str, ...] = ()
    """The same of a list spoken of before: "eight firms are on it"."""
    counted: tuple[str, ...] = ()
    """How a sentence begins that counts: "*the fifth*, Huawei, ...", "*four* are universities: ..."."""
    between: tuple[str, ...] = ()
    """What may stand between that and the first name, where no colon does: "of them, ", " is the "."""
    placed: tuple[str, ...] = ()
    """What may follow a name that is one of several: "in Moscow"."""
    ranked: tuple[str, ...] = ()
    """What is told behind a name of one of the round: "Huawei *is another*"."""
    surely: tuple[str, ...] = ()
    """A negation that takes nothing back: "was *not forgotten*"."""
    ranked_too: tuple[str, ...] = ()
    """The same in a clause behind such a one: "Dahua *another*"."""
    ranked_open: tuple[str, ...] = ()
    """What a clause behind such a one begins with, up to the name: "*a third is* Yitu"."""
    so_too: tuple[str, ...] = ()
    """What shares with a party what was told of others, up to its name: "*so is* Yitu"."""
    companion: tuple[str, ...] = ()
    """What may stand between "along with" and the name: "another company, "."""
    row: tuple[str, ...] = ()
    """What may stand between two names of a row: "and Singapore's"."""
    attached: tuple[str, ...] = ()
    """What before a name makes it part of a description: "a child *of* Sugon"."""
    part_of: tuple[str, ...] = ()
    """What before a name tells that only a part of it was listed: "*a subsidiary of* BGI"."""
    parts: tuple[str, ...] = ()
    """The same behind a name: "Huawei*'s affiliates*"."""
