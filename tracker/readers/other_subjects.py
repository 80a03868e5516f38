"""Whether somebody else than the institution of a frame acts: a name that no register holds, or one in another role."""

import re
from typing import Final

from tracker.readers.clause_subjects import a_party_acts
from tracker.readers.compiled import Compiled
from tracker.readers.frame import Frame
from tracker.readers.patterns import ACTS
from tracker.readers.phrases import is_title
from tracker.readers.plain import has_another_subject, is_plain
from tracker.readers.roles import plays_another_role
from tracker.readers.scene import Item, Scene
from tracker.readers.second_chance import strangers
from tracker.readers.side_clauses import is_of_the_head

_OPENS_A_CLAUSE: Final = re.compile(r", (?:[a-zà-ÿ]{2,3} |[ld][’'])?$")
_GOES_ON: Final = re.compile(r" [a-zà-ÿ]")
_AGENT: Final = 12
_SHORT_WORD: Final = 6
_ARTICLE: Final = 4
"""How far from the beginning a word may stand that has an article before it."""
_NAME: Final = re.compile(r" ([A-ZÄÖÜ][\w&.-]*)")
_BLOCK: Final = "block:"
_NO_NAMES: Final = frozenset({"both", "tie", "project", "money", "laboratory", "people", "degree", "government"})
"""Families of words that may open a sentence and are no name: "Cooperation has ..."."""
_NO_ACTORS: Final = frozenset({"break", "government"})
"""Families of what is no institution: Ottawa may freeze the projects of a university."""
_INVERTED: Final = 4
"""How far behind a verb of saying, with its article, the subject of it stands: French "dit l'EPFL"."""
_PARTNER: Final = 20
"""How far before a verb of saying the party may stand, or before the institution the word that makes it the other side."""


def speaks_of_a_stranger(frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether "it" is a name that no register holds: "Prince's Trust said that it will no longer take donations"."""
    if words.lexicon.nouns_capitalised:
        return False  # "Aus Sorge um die Sicherheit habe man ...": capitals tell no name
    pronouns = [item for item in frame.matched if item.family == "INSTITUTION" and item.pointing == "pronoun"]
    subject = frame.one("INSTITUTION")
    if (subject is None or pronouns) and _a_stranger_says(scene, words) and not _named_before(frame.anchor, scene):
        return True
    stranger = words.grammar.long_name.match(scene.text) if pronouns else None
    if stranger is None or _named_before(pronouns[0], scene) or is_title(scene.text) or stranger.end() > pronouns[0].start:
        return False
    if stranger[0].split()[-1].lower() in {*words.lexicon.dates.months, *words.lexicon.dates.weekdays}:
        return False  # "In August it told staff"
    return not any(
        item.start < stranger.end() and (item.actors or item.end - item.start > _SHORT_WORD)
        for item in scene.items
        if not item.family.startswith(_BLOCK)
    )


def _a_stranger_says(scene: Scene, words: Compiled) -> bool:
    """Whether a sentence begins with one name that no register holds, and with what it says: "Nanyang said it"."""
    place = _behind_a_spokesperson(scene)
    name = words.grammar.one_name.match(scene.text, place)
    if name is None or any(
        place <= item.start < name.end() and (item.actors or not place)
        for item in scene.items
        if not item.family.startswith(_BLOCK)
    ):
        return False
    return any(item.start == name.end() + 1 for item in scene.of("say"))


def opens_with_a_stranger(scene: Scene, words: Compiled) -> bool:
    """Whether a sentence begins with one name that no register holds, and what it has or did: "Victoria has had a pact"."""
    name = words.grammar.one_name.match(scene.text)
    if name is None or words.lexicon.nouns_capitalised or is_title(scene.text) or any(i.start < name.end() for i in _told(scene)):
        return False
    verb = scene.text.find(" ", name.end() + 1)
    opens = words.grammar.subject.search(scene.text[: verb + 1]) if verb > 0 else None
    dates = words.lexicon.dates
    return opens is not None and opens.start(1) == 0 and name[0].lower() not in {*dates.months, *dates.weekdays}


def is_tie_of_a_stranger(frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether a tie that leaves the institution to the context is of somebody whom no register holds.

    "Victoria has an agreement with the company"; "Skye Rail's contract with the company dates from May".
    """
    if frame.trigger.statement != "tie-reported":
        return False
    return opens_with_a_stranger(scene, words) or (
        frame.trigger.loose and strangers(scene, words, 0, frame.anchor.start, aside=True)
    )


def _told(scene: Scene) -> list[Item]:
    """The items of a sentence that are names, or words that say something of their own at its head."""
    return [item for item in scene.items if item.actors or item.family in _NO_NAMES]


def _behind_a_spokesperson(scene: Scene) -> int:
    """Where the name begins of whoever has a spokesperson: "A spokesman for *Trinity* said that it continues"."""
    speaker = next((item for item in scene.of("spokesperson") if item.start <= _ARTICLE), None)
    if speaker is None:
        return 0
    return next((item.end + 1 for item in scene.of("to_for", "of_w") if item.start == speaker.end + 1), 0)


def _named_before(place: Item, scene: Scene) -> bool:
    return any(item.pointing != "pronoun" and item.end <= place.start for item in scene.of("INSTITUTION"))


def another_acts(frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether a name that is no actor is the subject of an end: "MIT said Google cut ties with Huawei"."""
    if frame.trigger.statement in ACTS and (
        has_another_subject(frame.anchor, frame.matched, scene, words.plain)
        or plays_another_role(frame.trigger.statement, frame.anchor, frame.matched, scene, words.roles)
    ):
        return True
    if frame.trigger.statement != "tie-ended":
        return False
    if a_party_acts(frame, scene, words) or _goes_on_with_another(frame, scene, words):
        return True
    return not is_plain(frame.anchor, frame.matched, scene, words.plain) or _a_stranger_acts(frame, scene, words)


def _goes_on_with_another(frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether the party is that of a next clause: "DAAD has stopped its exchange, TU Berlin froze projects with Bauman"."""
    who, party = frame.one("INSTITUTION"), frame.one("PARTY")
    if who is None or party is None or who.start > frame.anchor.start:
        return False
    and_ = words.grammar.conjunction
    return any(
        other not in frame.matched
        and not other.pointing
        and frame.anchor.end <= other.start
        and other.end <= party.start
        and (opens := _OPENS_A_CLAUSE.search(scene.text[: other.start])) is not None
        and not (and_ and and_.fullmatch(opens[0]))
        and _GOES_ON.match(scene.text, other.end)
        for other in scene.of("INSTITUTION")
    )


def _a_stranger_acts(frame: Frame, scene: Scene, words: Compiled) -> bool:
    if frame.trigger.lead or is_title(scene.text):
        return False
    before = (item for item in scene.of("conjunction") if item.end <= frame.anchor.start)
    if any(_opens_with_a_stranger(item, scene) and not is_of_the_head(item, frame, scene, words) for item in before):
        return True
    if any(_by_a_stranger(item, frame, scene) for item in scene.of("agent")):
        return True
    institution = frame.one("INSTITUTION")
    if institution is not None and _said_of_another(institution, frame, scene):
        return True
    if institution is not None and _is_told_of_a_stranger(institution, frame, scene, words):
        return True
    subject = words.grammar.subject.search(scene.text[: frame.anchor.start])
    if subject is not None and any(
        item.family == "PARTY" and item.pointing != "pronoun" and item.start < subject.end(1) and subject.start(1) < item.end
        for item in scene.items
        if item not in frame.matched
    ):
        return True  # "a talk on how Huawei lost its contracts"
    if subject is None or any(
        item.start < subject.end(1) and subject.start(1) < max(item.end, 1) and item.actors for item in scene.items
    ):
        return False
    dates = words.lexicon.dates
    if subject[1].lower() in {*dates.weekdays, *dates.months}:
        return False
    if words.lexicon.nouns_capitalised and not _may_be_a_subject(subject, scene, words):
        return False
    opens = any(item.end + 1 == subject.start(1) for item in scene.of("clause"))  # "when Ottawa froze the projects"
    return institution is None or opens or scene.has("say", institution.end, subject.start(1))


def _may_be_a_subject(noun: re.Match[str], scene: Scene, words: Compiled) -> bool:
    """Whether a word with a capital before a verb stands where a clause begins, and is no noun that the lexicon knows.

    Elsewhere it is the object, or part of it: "die Geschäfte mit Huawei und dessen Töchtern auszusetzen".
    """
    if any(item.start < noun.end(1) and noun.start(1) < item.end for item in scene.items):
        return False
    return words.grammar.short_name.search(scene.text[: noun.start(1)]) is not None


def _is_told_of_a_stranger(institution: Item, frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether the institution only tells what somebody else did: "Stanford said that Cisco, which is near, had ended ..."."""
    dates = words.lexicon.dates
    for say in scene.of("say"):
        name = (
            words.grammar.told.match(scene.text, say.end)
            if institution.end <= say.start and say.end < frame.anchor.start
            else None
        )
        if name is None or name[1].lower() in {*dates.weekdays, *dates.months}:
            continue
        if words.lexicon.nouns_capitalised and "," not in name[0]:
            continue  # "laut Bloomberg", "sagte Merkel": a clause of its own has a comma
        if scene.folded.endswith(", ", 0, say.start) and scene.folded.startswith(",", name.end()):
            continue  # French "a, selon Reuters, mis fin": whose word it is
        if not any(item.start < name.end() and name.start(1) < item.end for item in scene.items):
            return True
    return False


def _by_a_stranger(agent: Item, frame: Frame, scene: Scene) -> bool:
    """Whether somebody else is told to have done it: Spanish "fue rescindido por Google"."""
    if agent.start - frame.anchor.end != 1:
        return False
    return not any(agent.end <= item.start <= agent.end + _AGENT for item in scene.of("INSTITUTION"))


def _said_of_another(institution: Item, frame: Frame, scene: Scene) -> bool:
    """Whether the institution comes in a clause of its own behind: "Vodafone cut its deal with ZTE, and MIT took note"."""
    if institution.start < frame.anchor.end or not _has_a_comma(scene, frame.anchor.end, institution.start):
        return False
    said = [item.end for item in scene.of("say") if frame.anchor.end <= item.start and item.end <= institution.start]
    return not said or _has_a_comma(scene, said[-1], institution.start)


def _has_a_comma(scene: Scene, start: int, end: int) -> bool:
    """Whether a comma stands in a stretch that is not one of an enumeration: "broken with *Huawei, ZTE and Dahua* have MIT"."""
    place = scene.folded.find(",", start, end)
    while place >= 0 and any(item.start < place < item.end for item in scene.of("PARTY")):
        place = scene.folded.find(",", place + 1, end)
    return place >= 0


def _opens_with_a_stranger(conjunction: Item, scene: Scene) -> bool:
    """Whether a clause has a name for its subject that is no actor: German "nachdem Google ... beendet hatte"."""
    name = _NAME.match(scene.text, conjunction.end)
    return name is not None and not any(
        item.start < name.end() and name.start(1) < item.end for item in scene.items if item.family not in _NO_ACTORS
    )


def is_said_by_the_party(frame: Frame, scene: Scene, words: Compiled) -> bool:
    """Whether a company says it of its tie with an institution, which says nothing: 中兴称与滑铁卢大学的合作一切正常."""
    subject, partner = frame.one("INSTITUTION"), words.roles.partner
    if frame.trigger.statement != "institution-responded" or subject is None or partner is None:
        return False
    said = next((item for item in reversed(scene.of("say")) if item.end <= subject.start), None)
    if said is None or (words.lexicon.spaced and subject.start - said.end <= _INVERTED):
        return False
    if not partner.search(scene.text[max(said.end, subject.start - _PARTNER) : subject.start]):
        return False
    before = [item for item in scene.of("INSTITUTION", "PARTY") if item.end <= said.start]
    companies = all(item.family == "PARTY" and not any(actor.school for actor in item.actors) for item in before)
    return bool(before) and companies and said.start - before[-1].end <= _PARTNER
