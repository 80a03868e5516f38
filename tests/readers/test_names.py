"""The names of the packaged registers: whose each is, what they find in sentences, and what they leave alone."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

from tests.quality.news import load_registers
from tracker.readers.compiled import compiled
from tracker.readers.gazetteer import gazetteer
from tracker.readers.mentions import annotate
from tracker.readers.phrases import fold
from tracker.readers.scene import Memory
from tracker.registers import Institution, Party

REGISTERS = load_registers()
LANGUAGES = sorted(REGISTERS.lexicons)
NAMES = Path(__file__).parents[1] / "data" / "names"
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
ENTRIES: tuple[Institution | Party, ...] = (*REGISTERS.institutions, *REGISTERS.parties)
ACCEPTED = {
    ("adobe-us", "Adobe"),
    ("ncku", "成功大学"),
    ("amazon", "Amazon"),
    ("apple", "Apple"),
    ("arm", "Arm"),
    ("arm", "ARM"),
    ("amazon", "Amazon"),
    ("apple", "Apple"),
    ("mit", "MIT"),
    ("cadence", "Cadence"),
    ("dupont", "DuPont"),
    ("meta-platforms", "Meta"),
    ("canon", "Canon"),
    ("allianz", "Allianz"),
    ("honda", "Honda"),
    ("mizuho", "Mizuho"),
    ("moderna", "Moderna"),
    ("semi-org", "SEMI"),
    ("enea", "ENEA"),
    ("first", "FIRST"),
    ("oxford", "Oxford"),
    ("sap", "SAP"),
    ("stanford", "Stanford"),
    ("sunrise-ch", "Sunrise"),
    ("swift", "SWIFT"),
    ("apple", "Apple"),
    ("orange", "Orange"),
    ("continental-de", "Continental"),
    ("salt-ch", "Salt"),
    ("sharp", "Sharp"),
    ("tesla", "Tesla"),
    ("sunrise-ch", "Sunrise"),
}
"""Names that are words as well, in some language, and are found only as they are printed; the last three in few languages."""
KNOWN = {entry.id for entry in ENTRIES}


def lines(name: str) -> list[list[str]]:
    return [[part.strip() for part in line.split("|")] for line in (NAMES / name).read_text(encoding="utf-8").splitlines()]


def names_in(entry: Institution | Party, language: str) -> tuple[str, ...]:
    return (entry.name, *entry.names, *entry.names_in.get(language, ()))


def mentioned(language: str, text: str) -> list[str]:
    """The ids of the bodies that the readers find in a sentence, in order."""
    scene = annotate(text, compiled(REGISTERS.lexicons[language]), gazetteer(REGISTERS, language), Memory())
    actors = [actor for item in scene.items if item.family in {"INSTITUTION", "PARTY"} for actor in item.actors]
    return [actor.id for actor in actors if actor.id]


@pytest.mark.parametrize(("language", "ids", "text"), lines("found.lines"))
def test_names_are_found(language: str, ids: str, text: str) -> None:
    assert set(ids.split()) <= KNOWN
    assert mentioned(language, text) == ids.split()


@pytest.mark.parametrize(("language", "text"), lines("alike.lines"))
def test_words_and_names_that_look_alike_are_left_alone(language: str, text: str) -> None:
    assert mentioned(language, text) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_is_one_body_s_in_each_language(language: str) -> None:
    whose: dict[str, set[str]] = defaultdict(set)
    as_read = compiled(REGISTERS.lexicons[language]).fold
    for entry in ENTRIES:
        for name in names_in(entry, language):
            whose[as_read(name)].add(f"{type(entry).__name__} {entry.id}")
    assert {name: ids for name, ids in whose.items() if len(ids) > 1} == {}


@pytest.mark.parametrize("entries", [REGISTERS.institutions, REGISTERS.parties], ids=["institutions", "parties"])
def test_ids_are_slugs_that_stand_once(entries: tuple[Institution | Party, ...]) -> None:
    ids = [entry.id for entry in entries]
    assert [one for one in ids if not SLUG.fullmatch(one)] == []
    assert sorted(ids) == sorted(set(ids))


def test_no_name_is_a_bare_word_a_first_name_or_a_city() -> None:
    words = {word for line in (NAMES / "words.lines").read_text(encoding="utf-8").splitlines()[1:] for word in line.split()}
    bare = {(entry.id, name) for entry in ENTRIES for one in LANGUAGES for name in names_in(entry, one) if fold(name) in words}
    assert bare == ACCEPTED


def test_names_are_printed_plainly() -> None:
    known = {*LANGUAGES}
    for entry in ENTRIES:
        assert set(entry.names_in) <= known, entry.id
        assert set(entry.not_in) <= known, entry.id
        assert entry.country is None or re.fullmatch(r"[A-Z]{2}", entry.country), entry.id
        for name in (entry.name, *entry.names, *(name for more in entry.names_in.values() for name in more)):
            assert name == " ".join(name.split()), f"{entry.id}: {name!r}"
            assert len(name) > 1, entry.id


def test_identifiers_are_of_one_body_each() -> None:
    for key in ("ror", "wikidata"):
        given = [value for entry in ENTRIES if (value := getattr(entry, key, None))]
        assert sorted(given) == sorted(set(given))


def test_links_of_parties_name_entries_of_known_lists() -> None:
    lists = {"us-bis-el"}
    for party in REGISTERS.parties:
        assert {link.list for link in party.listings} <= lists, party.id
        for link in party.listings:
            assert link.match == "exact" or len(link.name) >= 3, f"{party.id}: {link.name!r} begins too many"


def test_owners_are_parties_and_trades_have_words() -> None:
    ids = {one.id for one in REGISTERS.parties}
    assert {one.owner for one in REGISTERS.parties} - {None} <= ids
    trades = {trade for one in ENTRIES for trade in one.trades}
    assert trades == set(REGISTERS.lexicons["en"].anaphora.trades)
