"""The news reader on articles: inputs lie beside what is expected of them, seeds and rates are checked where present."""

import os
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.statements import EntityResponded, InstitutionResponded, ListingReported, Statement, TieEnded, TieReported
from tests.quality import sentences
from tests.readers.reading import REGISTERS, plain, read
from tracker.readers.article import READER, VERSION, read_article
from tracker.readers.base import Document, Reading, UnreadableError

ARTICLES = Path(__file__).parents[1] / "data" / "articles"
SHARED = Path(__file__).parents[2].parent / "shared"
WORDS = (*re.findall(r"\S+", "MIT Huawei cut ended ties with Entity List added to the and . , « » “ ” in May 2019 its not"),)
EIGHT = {"dahua", "hikvision", "iflytek", "megvii", "meiya-pico", "sensetime", "yitu", "yixin"}


def seed(name: str) -> Reading:
    path = SHARED / "corpus" / "news" / name
    if not path.exists():
        pytest.skip(f"{path} is not present")
    return read(path.read_text(), published=None)


@pytest.mark.parametrize("path", sorted(ARTICLES.glob("*.txt")), ids=lambda path: path.stem)
def test_articles_read_as_expected(path: Path) -> None:
    found = plain(read(path.read_text(), published=None))
    beside = path.with_suffix(".json")
    if os.environ.get("UPDATE_EXPECTED"):
        beside.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
    assert msgspec.json.decode(msgspec.json.encode(found)) == msgspec.json.decode(beside.read_bytes())


@pytest.mark.parametrize(
    "stem", ["en-negative", "fr-negative", "de-negative", "es-negative", "zh-negative", "en-satire", "en-other-list"]
)
def test_what_did_not_happen_is_not_told(stem: str) -> None:
    assert read((ARTICLES / f"{stem}.txt").read_text()).statements == ()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (path.stem.removesuffix("-silent"), line)
        for path in sorted(ARTICLES.glob("*-silent.lines"))
        for line in path.read_text().splitlines()
    ],
)
def test_wishes_denials_and_others_are_silent(language: str, sentence: str) -> None:
    assert plain(read(f"{sentences.TITLE}\n\n{sentence}", language)) == []


@pytest.mark.parametrize(
    ("language", "line"),
    [(path.stem[:2], line) for path in sorted(ARTICLES.glob("*-spoken.lines")) for line in sentences.lines(path)],
)
def test_what_is_said_in_many_words_is_told(language: str, line: sentences.Line) -> None:
    found = sentences.read(line.text, language, REGISTERS)
    assert found.keys() == line.told.keys()
    assert all(details <= found[key] for key, details in line.told.items())


def test_respectively_pairs_in_order() -> None:
    found = read("Yale and Princeton ended contracts with Hikvision and Huawei, respectively.", "en").statements
    assert {(s.institution, s.party) for s in found if isinstance(s, TieEnded)} == {
        ("yale", "hikvision"),
        ("princeton", "huawei"),
    }


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Stellungnahme zur Kooperation mit Huawei\n\nAn alle\n\nWir kündigen den Vertrag mit Huawei.\n\nUniversität Oxford",
            "de",
        ),
        ("Comunicado sobre Huawei\n\nA todos\n\nHemos rescindido el contrato con Huawei.\n\nUniversidad de Oxford", "es"),
    ],
)
def test_a_statement_is_of_the_institution_that_it_names(text: str, language: str) -> None:
    assert [(s.institution, s.party) for s in read(text, language).statements if isinstance(s, TieEnded)] == [
        ("oxford", "huawei")
    ]


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("Huawei wartet. Panasonic stoppte die Lieferungen.", "de", ["panasonic"]),
        ("Huawei wartet. Panasonic stoppte ein Programm.", "de", []),
        ("Huawei wartet. Panasonic kündigte den Vertrag mit Tesla.", "de", []),
        ("Huawei espera. Panasonic suspendió los envíos.", "es", ["panasonic"]),
        ("Huawei espera. Panasonic suspendió un acuerdo.", "es", []),
        ("Huawei espera. La firma japonesa es grande. Panasonic rescindió el contrato con Tesla.", "es", []),
    ],
)
def test_a_company_ends_the_tie_told_of_and_no_other(text: str, language: str, told: list[str]) -> None:
    assert [s.institution for s in read(text, language).statements if isinstance(s, TieEnded)] == told


def listings(reading: Reading) -> dict[str | None, str | None]:
    return {s.party: s.date for s in reading.statements if isinstance(s, ListingReported)}


def test_english_seed() -> None:
    reading = seed("seed-en.txt")
    rest = [s for s in reading.statements if not isinstance(s, ListingReported)]
    assert listings(reading) == dict.fromkeys(EIGHT, "2019-10")
    responses = {(s.party, s.scope) for s in rest if isinstance(s, InstitutionResponded)}
    assert responses == {("sensetime", None), (None, "list:us-bis-el")}
    assert {s.party for s in rest if isinstance(s, EntityResponded)} == {"sensetime"}
    ties = {s.kind: s for s in rest if isinstance(s, TieReported)}
    assert set(ties) == {"funding", "membership"}
    assert str(ties["funding"].amount) == "nearly 30 projects"
    assert ties["membership"].date == "2018"
    assert len(rest) == 5


def test_french_seed() -> None:
    reading = seed("seed-fr.txt")
    assert listings(reading) == {"sensetime": "2019-10-08"}
    responses = {s.party: s for s in reading.statements if isinstance(s, InstitutionResponded)}
    assert {party: s.stance for party, s in responses.items()} == {"sensetime": "reviewing", None: "reviewing"}
    assert responses[None].scope == "list:us-bis-el"
    assert responses[None].evidence.attributed_to == "Bloomberg"
    spoken = [s for s in reading.statements if isinstance(s, EntityResponded)]
    assert [(s.party, s.evidence.attributed_to) for s in spoken] == [("sensetime", "Bloomberg")]
    ended = [s for s in reading.statements if isinstance(s, TieEnded)]
    assert {(s.institution, s.party, s.date, s.extent, s.reason) for s in ended} == {
        ("mit", party, "2019-01-01/2019-10-09", ("all",), "alleged sanctions violations") for party in ("huawei", "zte")
    }
    ties = {s.kind: s for s in reading.statements if isinstance(s, TieReported)}
    assert str(ties["funding"].amount) == "27 projects"
    assert ties["membership"].date == "2018"
    assert len(reading.statements) == 8


@pytest.mark.parametrize(
    "text",
    [
        "MIT could cut ties with Huawei.",
        "MIT has not cut ties with Huawei.",
        "Will MIT cut ties with Huawei?",
        "Senators called on MIT to end its partnership with Huawei.",
        "The Commerce Department is weighing adding SenseTime to the Entity List.",
        "The FCC added Hikvision and Dahua to its covered list.",
        "A graduate of MIT founded SenseTime, which cut its research budget.",
        "It is unclear whether MIT will review its ties with SenseTime.",
        "Harvard suspended classes; Huawei closed its offices.",
    ],
)
def test_blocked_in_english(text: str) -> None:
    assert read(text, "en").statements == ()


@pytest.mark.parametrize(
    "text",
    [
        "Le MIT pourrait rompre avec Huawei.",
        "Le MIT n'a pas rompu avec Huawei.",
        "Washington envisage d'ajouter DJI à sa liste noire.",
        "Le Pentagone a inscrit Huawei sur une liste de sociétés militaires chinoises.",
        "Le MIT mettrait fin à ses contrats avec Huawei.",
    ],
)
def test_blocked_in_french(text: str) -> None:
    assert read(text, "fr").statements == ()


def one(text: str, language: str = "en") -> Statement:
    (statement,) = read(text, language).statements
    return statement


def test_extents() -> None:
    cases = {
        "MIT cut all ties with Huawei.": ("all",),
        "MIT will not accept new engagements with Huawei or renew existing ones.": ("new-engagements", "renewals"),
        "MIT has suspended its work with Huawei.": ("suspended",),
    }
    for text, extent in cases.items():
        statement = one(text)
        assert isinstance(statement, TieEnded)
        assert statement.extent == extent


def test_a_stance_is_not_an_end() -> None:
    found = read("MIT is considering ending its partnership with SenseTime.").statements
    response = next(each for each in found if isinstance(each, InstitutionResponded))
    assert not any(isinstance(each, TieEnded) for each in found)
    assert response.stance == "considering"


def test_an_unknown_university_keeps_its_printed_name() -> None:
    statement = one("Norvale University has terminated its contract with ZTE.")
    assert isinstance(statement, TieEnded)
    assert (statement.institution, statement.institution_name) == (None, "Norvale University")


@pytest.mark.parametrize("name", ["Asian Robotics Research Society", "Global Lidar Association", "Norham Science Foundation"])
def test_an_unknown_society_is_found_by_its_form(name: str) -> None:
    found = [s for s in read(f"The {name} ended its sponsorship agreement with DJI.", "en").statements if isinstance(s, TieEnded)]
    assert [(s.institution, s.institution_name, s.party) for s in found] == [(None, name, "dji")]


@pytest.mark.parametrize(
    "name", ["The Students' Association", "Norham Football Association", "China Robotics Industry Association"]
)
def test_clubs_and_chinese_associations_are_no_institutions_by_their_form(name: str) -> None:
    assert plain(read(f"{name} ended its sponsorship agreement with DJI.", "en")) == []


def test_evidence_points_into_the_text() -> None:
    reading = read((ARTICLES / "en-ended.txt").read_text())
    assert (reading.reader, reading.reader_version) == (READER, VERSION)
    for statement in reading.statements:
        quote = reading.text[statement.evidence.start : statement.evidence.end]
        assert getattr(statement, "institution_name", "") in quote


def test_a_language_without_a_lexicon_is_said() -> None:
    reading = read("Az egyetem megszakította kapcsolatait.", "hu")
    assert reading.statements == ()
    assert not reading.checks[0].passed


def test_german_mit_is_no_institute() -> None:
    assert read("Das Zentrum beendet die Zusammenarbeit MIT Huawei.", "de").statements == ()


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_no_bytes_crash_it(raw: bytes) -> None:
    document = Document(source="t", kind="article", key="a", url="", rendition="html", raw=raw, language="en")
    try:
        read_article(document, REGISTERS)
    except UnreadableError as error:
        assert "\n" not in str(error)


@given(st.lists(st.sampled_from(WORDS), max_size=40))
@settings(max_examples=60, deadline=None)
def test_no_words_crash_it(words: list[str]) -> None:
    try:
        reading = read(" ".join(words), "en")
    except UnreadableError:
        return
    for statement in reading.statements:
        assert 0 <= statement.evidence.start < statement.evidence.end <= len(reading.text)


def test_what_was_resumed_was_only_suspended() -> None:
    text = "Intel stopped all shipments to SMIC in May. Intel resumed its shipments to SMIC in June."
    assert [each.extent for each in read(text).statements if isinstance(each, TieEnded)] == [("suspended",)]
