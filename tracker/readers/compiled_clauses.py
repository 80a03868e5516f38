"""The clause parts of a lexicon prepared for use: their expressions compiled."""

import re

import msgspec

from tracker.readers.expressions import either, expression_of
from tracker.readers.lexicon_clauses import Clause, Corrections, Ends, Grammar, Plain, Roles


class PlainWords(msgspec.Struct, frozen=True):
    """The compiled `[plain]` of a lexicon."""

    clause: re.Pattern[str] | None
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    behind: re.Pattern[str] | None
    strange: re.Pattern[str] | None
    landmarks: frozenset[str]


class RoleWords(msgspec.Struct, frozen=True):
    """The compiled `[roles]` of a lexicon."""

    of_another: re.Pattern[str] | None
    patient: re.Pattern[str] | None
    people: re.Pattern[str] | None
    patient_behind: re.Pattern[str] | None
    owner: re.Pattern[str] | None
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
    nothing: re.Pattern[str] | None
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


class ClauseWords(msgspec.Struct, frozen=True):
    """The compiled `[clause]` of a lexicon."""

    opening: re.Pattern[str] | None
    parted: re.Pattern[str] | None
    direct: re.Pattern[str]
    addressed: re.Pattern[str] | None
    by: re.Pattern[str] | None
    auxiliary: re.Pattern[str] | None
    infinitive: re.Pattern[str] | None


class GrammarWords(msgspec.Struct, frozen=True):
    """The compiled `[grammar]` of a lexicon."""

    conjunction: re.Pattern[str] | None
    described_party: re.Pattern[str]
    """What describes a party and ends where the next may be named."""
    pluperfect: re.Pattern[str] | None
    subject: re.Pattern[str]
    """A name right before a verb."""
    told: re.Pattern[str]
    """A name right behind a verb of saying."""
    adverbial: re.Pattern[str] | None
    town: re.Pattern[str] | None
    """How a sentence opens that goes over to another town: "À Sherbrooke, on hésite."."""
    place: re.Pattern[str] | None
    """The same right before a noun that then tells of somebody else: "In Trento, however, the university"."""
    seat: re.Pattern[str] | None
    """Where an institution is, right behind its name: "KTH in Stockholm and Chalmers"."""
    companion: re.Pattern[str] | None
    titles: re.Pattern[str] | None
    prepositions: re.Pattern[str] | None
    described: re.Pattern[str] | None
    told_in: re.Pattern[str] | None
    short_name: re.Pattern[str]
    not_short_name: re.Pattern[str] | None
    of_school: re.Pattern[str] | None
    heads: re.Pattern[str] | None
    harmless: re.Pattern[str] | None
    same_subject: re.Pattern[str] | None
    drops_subject: re.Pattern[str] | None
    """The beginning of a sentence that leaves its subject to the one before."""
    long_name: re.Pattern[str]
    """A name of two or more words with a capital."""
    one_name: re.Pattern[str]
    """A name of one word, which is no plural."""
    put_in: re.Pattern[str] | None
    apposed: re.Pattern[str] | None
    describing: re.Pattern[str] | None
    begins_with_verb: re.Pattern[str] | None
    next_told: re.Pattern[str] | None
    """Two things told one after the other, up to where the second begins: "that ... and that"."""
    main_verb: re.Pattern[str] | None
    """The verb behind a relative clause: "Oxford, which has a deal, said"."""


def wrong_part(words: Corrections) -> re.Pattern[str] | None:
    """What stands beside the wrong part of a correction; the groups tell on which side, and whether it is denied."""
    sides = {"denied_before": words.denied_before, "denied_behind": words.denied_behind, "wrong": words.wrong}
    groups = (f"(?P<{name}>{'|'.join(f'(?:{each})' for each in side)})" for name, side in sides.items() if side)
    return either("corrections.wrong", tuple(groups))


def clause_words(clause: Clause) -> ClauseWords:
    return ClauseWords(
        opening=either("clause.opening", clause.opening, folded=False),
        parted=either("clause.parted", clause.parted, folded=False),
        direct=expression_of("clause.direct", "|".join(("", *clause.direct)), re.NOFLAG),
        addressed=either("clause.addressed", clause.addressed, folded=False),
        by=either("clause.by", clause.by, folded=False),
        auxiliary=either("clause.auxiliary", clause.auxiliary, folded=False),
        infinitive=either("clause.infinitive", tuple(f"(?:{each})$" for each in clause.infinitive), folded=False),
    )


def end_words(ends: Ends) -> EndWords:
    return EndWords(
        apart=either("ends.apart", ends.apart),
        direct=either("ends.direct", ends.direct),
        nothing=either("ends.nothing", ends.nothing),
        link=either("ends.link", ends.link),
        part=either("ends.part", ends.part),
        told_of=either("ends.told_of", tuple(f"(?:{each})$" for each in ends.told_of)),
        other_side=either("ends.other_side", ends.other_side),
        owner=either("ends.owner", ends.owner),
        follows=either("ends.follows", ends.follows),
        elsewhere=either("ends.elsewhere", ends.elsewhere),
        subject=either("ends.subject", tuple(f"(?:{each})$" for each in ends.subject)),
        passive=either("ends.passive", tuple(f"(?:{each})$" for each in ends.passive)),
        object=either("ends.object", ends.object),
        suffers=either("ends.suffers", tuple(f"(?:{each})$" for each in ends.suffers)),
        infinitive=either("ends.infinitive", tuple(f"(?:{each})$" for each in ends.infinitive)),
        decided=either("ends.decided", tuple(f"(?:{each})$" for each in ends.decided)),
    )


def plain_words(plain: Plain) -> PlainWords:
    return PlainWords(
        clause=either("plain.clause", plain.clause),
        before=either("plain.before", _repeated(plain.before)),
        after=either("plain.after", _repeated(plain.after)),
        behind=either("plain.behind", plain.behind),
        strange=either("plain.strange", plain.strange),
        landmarks=frozenset({"INSTITUTION", "PARTY", "LIST", *plain.landmarks}),
    )


def role_words(roles: Roles) -> RoleWords:
    def before(key: str, expressions: tuple[str, ...]) -> re.Pattern[str] | None:
        return either(f"roles.{key}", tuple(f"(?:{each})$" for each in expressions), folded=False)

    return RoleWords(
        of_another=before("of_another", roles.of_another),
        patient=before("patient", roles.patient),
        people=either("roles.people", roles.people, folded=False),
        patient_behind=before("patient_behind", (*roles.patient, *roles.patient_behind)),
        owner=before("owner", roles.owner),
        agent=before("agent", roles.agent),
        stranger=before("stranger", roles.stranger),
        aside=before("aside", roles.aside),
        partner=before("partner", roles.partner),
        beside=before("beside", roles.beside),
        apart=either("roles.apart", roles.apart, folded=False),
    )


def _repeated(expressions: tuple[str, ...]) -> tuple[str, ...]:
    return (f"(?:{'|'.join(expressions)})*",) if expressions else ()


def grammar_words(grammar: Grammar) -> GrammarWords:
    """The small words as the expressions that ask for them."""
    conjunction = either("grammar.conjunctions", tuple(rf",? (?:{each}) " for each in grammar.conjunctions))
    ends = "".join(rf"|\b(?={each} )" for each in grammar.conjunctions)
    auxiliaries = "|".join(grammar.auxiliaries) or "(?!)"
    that = "".join(f"(?:{each})|" for each in grammar.that)
    joined = "|".join(grammar.conjunctions) or "(?!)"
    short = (r"^", r"(?:[,;:–—“\"(]|--) ?", r"\. ", *(rf"\b(?:{each}) " for each in grammar.short_names))
    towns = "|".join(grammar.towns)
    return GrammarWords(
        conjunction=conjunction,
        described_party=expression_of("grammar.conjunctions", rf", [^,;:()]{{3,80}}(?:,{ends})| \([^()]{{1,60}}\)", re.NOFLAG),
        pluperfect=either("grammar.pluperfect", tuple(rf"\b(?:{each})\b" for each in grammar.pluperfect)),
        subject=expression_of("grammar.auxiliaries", rf"\b([A-Z]\w[\w&.-]*)(?: (?:{auxiliaries}))* $", re.NOFLAG),
        told=expression_of("grammar.that", rf",? (?:{that})([A-Z][\w&.-]+)(?=,? )", re.NOFLAG),
        adverbial=either(
            "grammar.adverbials", tuple(rf"(?:{each})\b[^,;:]{{0,28}}, " for each in grammar.adverbials), folded=False
        ),
        town=expression_of("grammar.towns", rf"(?i:{towns}) ([A-ZÀ-Ý][\w-]+), ", re.NOFLAG) if towns else None,
        place=expression_of("grammar.towns", rf"\b(?i:{towns}) ([A-ZÀ-Ý][\w-]+)(?:| [a-zà-ÿ]+|:|,(?: [a-zà-ÿ]+,)?) $", re.NOFLAG)
        if towns
        else None,
        seat=expression_of("grammar.towns", rf" (?i:{towns}) [A-ZÀ-Ý][\w-]+(?: [A-ZÀ-Ý][\w-]+)?", re.NOFLAG) if towns else None,
        companion=either(
            "grammar.companion", tuple(rf"\b(?:{each})(?: |(?<=[’'])|(?<= ))(?:[a-zà-ÿ]+ )?$" for each in grammar.companion)
        ),
        titles=either("grammar.titles", tuple(rf"(?<!\S)(?:{each}) $" for each in grammar.titles)),
        prepositions=either("grammar.prepositions", tuple(rf"\b(?:{each}) $" for each in grammar.prepositions)),
        described=either("grammar.described", grammar.described, folded=False),
        told_in=either("grammar.told_in", grammar.told_in, folded=False),
        short_name=expression_of("grammar.short_names", "|".join(f"(?:{each})$" for each in short), re.NOFLAG),
        not_short_name=either("grammar.not_short_names", tuple(rf" (?:{each})\b" for each in grammar.not_short_names)),
        of_school=either("grammar.of_schools", tuple(rf"[’']s? (?:{each})\b" for each in grammar.of_schools), folded=False),
        put_in=either("grammar.put_in", grammar.put_in),
        apposed=either("grammar.apposed", grammar.apposed),
        describing=either("grammar.describing", tuple(f"(?:{each})$" for each in grammar.describing)),
        heads=either("grammar.heads", (*grammar.openings, *(rf"(?:{each})\b[^,;:]*, " for each in grammar.heads))),
        harmless=either("grammar.harmless", grammar.harmless),
        same_subject=either("grammar.same_subject", tuple(rf"(?:{each})\b" for each in grammar.same_subject)),
        next_told=either("grammar.that", tuple(rf"\b(?:{each}).* (?:{joined}) (?:{each})" for each in grammar.that)),
        main_verb=either("grammar.begins_with_verb", tuple(rf", (?:{each})\b" for each in grammar.begins_with_verb)),
        drops_subject=either("grammar.drops_subject", grammar.drops_subject),
        long_name=expression_of(
            "grammar.name_joins",
            rf"(?:{'|'.join(grammar.name_opens) or '(?!)'})?[A-ZÀ-Ý][\w’'&-]+ (?:(?:{'|'.join(grammar.name_joins) or '(?!)'}) )*"
            rf"[A-ZÀ-Ý][\w’'&-]+",
            re.NOFLAG,
        ),
        one_name=expression_of(
            "grammar.no_names", rf"(?!(?:{'|'.join(grammar.no_names) or '(?!)'})\b)[A-Z][A-Za-z&]*[A-Za-rt-z](?= )", re.NOFLAG
        ),
        begins_with_verb=either("grammar.begins_with_verb", tuple(rf"[\W_]*(?:{each})\b" for each in grammar.begins_with_verb)),
    )
