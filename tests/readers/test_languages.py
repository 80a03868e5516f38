"""What lexicons of more than one language need: which language it is, particles, wandering verbs, quotation marks."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.quality import sentences as own_sentences
from tests.quality.news import load_registers
from tests.readers.pace import AT_LEAST, LANGUAGES
from tracker.readers.article import read_article
from tracker.readers.base import Document, Reading
from tracker.readers.compiled import compiled
from tracker.readers.gazetteer import gazetteer
from tracker.readers.languages import language_of
from tracker.readers.lexicon import load_lexicon
from tracker.readers.lexicon_check import check_lexicon
from tracker.readers.mentions import annotate
from tracker.readers.phrases import Phrases, fold
from tracker.readers.scene import Memory
from tracker.readers.sentences import sentences

REGISTERS = load_registers()
DATA = Path(__file__).parents[1] / "data"


def read(text: str, language: str | None = None) -> Reading:
    return read_article(
        Document(
            source="test",
            kind="article",
            key="a",
            url="",
            rendition="text",
            raw=text.encode(),
            language=language,
            published="2019-10-09",
        ),
        REGISTERS,
    )


@pytest.mark.parametrize("line", (DATA / "languages.lines").read_text(encoding="utf-8").splitlines())
def test_language_of_a_text(line: str) -> None:
    language, text = line.split(" | ")
    assert (language_of(None, text, REGISTERS.lexicons) or "none") == language


def test_what_is_declared_counts() -> None:
    assert language_of("de-AT", "The university said that it is so.", REGISTERS.lexicons) == "de"


@pytest.mark.parametrize("language", ["ro", "pl", "sv", "xx"])
def test_languages_without_a_lexicon_stay_silent(language: str) -> None:
    reading = read("Das MIT beendet die Zusammenarbeit mit Huawei. MIT cut ties with Huawei.", language)
    assert reading.statements == ()
    assert not reading.checks[0].passed


@pytest.mark.parametrize("language", sorted(REGISTERS.lexicons))
@pytest.mark.parametrize("other", ["en", "de", "es"])
def test_a_text_read_with_the_wrong_lexicon_ends_nothing(language: str, other: str) -> None:
    texts = {
        "en": "Stanford has not cut its ties with Huawei.",
        "de": "Stanford hat die Verträge mit Huawei nicht gekündigt.",
        "es": "Stanford no ha roto su acuerdo con Huawei.",
    }
    assert read(texts[other], language).statements == ()


def test_a_particle_counts_only_where_its_clause_ends() -> None:
    phrases = Phrases({"particle": ["ein$"]})
    texts = ("Oxford stellt ein Projekt aus", "Man stellt es ein.", "Man stellt es ein, sagt er", "Man stellt es ein")
    assert [len(phrases.tags(fold(text))) for text in texts] == [0, 1, 1, 1]


@pytest.mark.parametrize(
    "text",
    [
        "Das MIT hat die Zusammenarbeit mit Huawei beendet.",
        "Die Zusammenarbeit mit Huawei hat das MIT beendet.",
        "Im April beendete das MIT die Zusammenarbeit mit Huawei.",
        "Die Zusammenarbeit mit Huawei beendete das MIT im April.",
        "Es hieß, dass das MIT die Zusammenarbeit mit Huawei beendet habe.",
        "Die Zusammenarbeit mit Huawei wurde vom MIT beendet.",
        "Das MIT (USA) stellt die Zusammenarbeit mit Huawei ein.",
        "MIT beendet Zusammenarbeit mit Huawei",
    ],
)
def test_the_german_verb_wanders(text: str) -> None:
    assert set(own_sentences.read(text, "de", REGISTERS)) == {("tie-ended", "mit", "huawei")}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MIT prüft Verträge.", ["MIT"]),
        ("Stanford und das renommierte MIT prüfen Verträge.", ["Stanford", "MIT"]),
        ("Das Massachusetts Institute of Technology (MIT) prüft.", ["Massachusetts Institute of Technology", "MIT"]),
        ("ZUSAMMENARBEIT MIT Huawei", []),
        ("Wir arbeiten MIT Huawei.", []),
        ("MIT NEUEM SCHWUNG", []),
        ("MIT der Bahn kommt man hin.", []),
    ],
)
def test_german_mit_by_what_stands_around_it(text: str, found: list[str]) -> None:
    scene = annotate(text, compiled(REGISTERS.lexicons["de"]), gazetteer(REGISTERS, "de"), Memory())
    actors = [actor for item in scene.of("INSTITUTION") for actor in item.actors]
    names = [name for item in scene.of("INSTITUTION") for name in [scene.text[item.start : item.end]]]
    assert [name for name in found if any(name in each for each in names)] == found
    assert bool(actors) == bool(found)
    assert {actor.id for actor in actors} <= {"mit", "stanford"}


def test_dates_and_countries_end_no_sentence() -> None:
    german = REGISTERS.lexicons["de"].abbreviations
    spanish = REGISTERS.lexicons["es"].abbreviations
    assert len(sentences("Am 3. April endete es.", german)) == 1
    assert len(sentences("El Gobierno de EE. UU. incluyó a la firma.", spanish)) == 1
    assert len(sentences("Llegó a EE. UU. La firma habló.", spanish)) == 2


def test_low_quotation_marks_close_with_what_opens_elsewhere() -> None:
    text = (
        "„Wir prüfen die Verträge mit Huawei“, sagte das MIT der Zeitung Tagblatt.\n\n"
        "„Das bleibt so“, sagte er der Zeitung Tagblatt. Stanford kündigte den Vertrag mit ZTE."
    )
    credit = {s.topic(): s.evidence.attributed_to for s in read(text, "de").statements}
    assert credit == {"institution-responded": "Tagblatt", "tie-reported": "Tagblatt", "tie-ended": None}


@pytest.mark.parametrize(
    "text",
    [
        "麻省理工学院终止了与华为的合作。",
        "麻省理工學院終止了與華為的合作。",
        "ＭＩＴ终止了与华为的合作。",
        "MIT终止与华为合作",
        "据报道，MIT已于4月3日与华为终止合作。",
    ],
)
def test_chinese_in_either_writing(text: str) -> None:
    assert set(own_sentences.read(text, "zh", REGISTERS)) == {("tie-ended", "mit", "huawei")}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("以中华为荣", []),
        ("其中华为最大", ["huawei"]),
        ("北美最大华人社团", []),
        ("海康威视和大华", ["hikvision", "dahua"]),
        ("国立中兴大学", ["nchu"]),
        ("国立海华大学", [None]),
        ("我们将加大华盛顿的投入", []),
        ("如依图所示", []),
        ("ARM与MIT合作", ["arm", "mit"]),
        ("SUMMIT与mit", []),
    ],
)
def test_chinese_names_inside_other_words(text: str, found: list[str]) -> None:
    scene = annotate(text, compiled(REGISTERS.lexicons["zh"]), gazetteer(REGISTERS, "zh"), Memory())
    actors = [actor.id for item in scene.items if item.family in {"INSTITUTION", "PARTY"} for actor in item.actors]
    assert actors == found


def test_a_name_right_behind_a_pointer_is_what_it_points_at() -> None:
    text = "华为和中兴参展。MIT终止了与两家企业商汤、旷视的合作。"
    assert set(own_sentences.read(text, "zh", REGISTERS)) == {("tie-ended", "mit", "sensetime"), ("tie-ended", "mit", "megvii")}


def test_lines_of_letters_go_together() -> None:
    with pytest.raises(ValueError, match=r"xx\.toml: letters"):
        check_lexicon(load_lexicon('language = "xx"\ntriggers = []\n[words]\n[letters]\n"ab" = "c"\n', "xx.toml"), "xx.toml")


def test_quotation_marks_of_a_corner_run_on() -> None:
    text = "「我們在檢討，」麻省理工學院對路透社說。麻省理工學院終止與中興的合作。"
    credit = {s.topic(): s.evidence.attributed_to for s in read(text, "zh").statements}
    assert credit == {"tie-ended": None}


@pytest.mark.slow
def test_reading_is_fast() -> None:
    found = subprocess.run([sys.executable, "-m", "tests.readers.pace"], capture_output=True, text=True, check=True)
    paces = json.loads(found.stdout)
    assert set(paces) == set(LANGUAGES)
    assert {language: pace for language, pace in paces.items() if pace < AT_LEAST} == {}


def test_a_statement_is_of_who_signs_it() -> None:
    text = "我校与华为合作的说明\n\n自4月1日起，我们已停止与华为的合作。\n\n——利兹大学科研处\n2019年10月8日"
    assert [(s.topic(), s.subjects()) for s in read(text, "zh").statements] == [("tie-ended", ("leeds", "huawei"))]
    unsigned = text.replace("利兹大学科研处", "科研处")
    assert read(unsigned, "zh").statements == ()
