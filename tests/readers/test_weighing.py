"""What signs weigh: what no trigger tells is told where they weigh enough."""

import json
from pathlib import Path

import msgspec
import pytest

from tests.quality import labelled, sentences
from tests.readers.reading import REGISTERS
from tracker.readers.article import read_text
from tracker.readers.compiled import compiled
from tracker.readers.gazetteer import gazetteer
from tracker.readers.mentions import annotate
from tracker.readers.scene import Memory
from tracker.readers.signs import Told, of_pair, of_sentence
from tracker.readers.weights import KINDS, Weights, load_weights

NOTHING = (0.0, 0.0, 0.0, 0.0)
NEVER = (99.0, 99.0, 99.0, 99.0)
EMPTY = Weights(language="en", bias=NOTHING, least=NEVER, signs={})
ODD = "With Huawei, so the severing that Cornell's lawyers wrote down in March, there is a contract no more."
TOLD = "MIT has ended its contract with Huawei."


def told(text: str, weights: Weights | None, language: str = "en") -> set[tuple[str, ...]]:
    registers = msgspec.structs.replace(REGISTERS, weights={language: weights} if weights else {})
    return set(sentences.read(text, language, registers))


def test_what_no_trigger_tells_is_told_where_signs_weigh_enough() -> None:
    heavy = msgspec.structs.replace(EMPTY, signs={"w": {"severing": (3.0, 0.0, 0.0, 0.0)}}, least=(2.5, 99.0, 99.0, 99.0))
    ended = ("tie-ended", "cornell", "huawei")
    assert ended not in told(ODD, None)
    assert ended in told(ODD, heavy)
    assert ended not in told(ODD, msgspec.structs.replace(heavy, least=(3.5, 99.0, 99.0, 99.0)))


def test_what_weighs_enough_is_less_sure_than_what_a_trigger_tells() -> None:
    heavy = msgspec.structs.replace(EMPTY, signs={"w": {"severing": (3.0, 0.0, 0.0, 0.0)}}, least=(2.5, 99.0, 99.0, 99.0))
    registers = msgspec.structs.replace(REGISTERS, weights={"en": heavy})
    found = read_text(ODD, REGISTERS.lexicons["en"], registers, None)
    assert {statement.confidence for statement in found if statement.topic() == "tie-ended"} == {0.7}


def test_what_a_trigger_tells_stands_whatever_it_weighs() -> None:
    doubting = msgspec.structs.replace(EMPTY, bias=(-9.0, -9.0, -9.0, -9.0))
    assert told(TOLD, doubting) == {("tie-ended", "mit", "huawei")}


@pytest.mark.parametrize("who", ["It had", "The university had"])
def test_whom_a_word_points_to_is_no_institution_that_is_weighed(who: str) -> None:
    heavy = msgspec.structs.replace(EMPTY, bias=(9.0, 9.0, 9.0, 9.0), least=NOTHING)
    text = f"Cornell is far away. A week went by. It rained. Nobody came. {who} a severing to do with Huawei."
    assert told(text, heavy) == told(text, None)


def test_weights_of_another_language_decide_nothing() -> None:
    heavy = msgspec.structs.replace(EMPTY, language="de", bias=(9.0, 9.0, 9.0, 9.0), least=NOTHING)
    registers = msgspec.structs.replace(REGISTERS, weights={"de": heavy})
    assert set(sentences.read(TOLD, "en", registers)) == {("tie-ended", "mit", "huawei")}


def test_the_signs_of_a_pair_tell_what_stands_where() -> None:
    words, names = compiled(REGISTERS.lexicons["en"]), gazetteer(REGISTERS, "en")
    memory = Memory()
    scene = annotate(TOLD, words, names, memory)
    one, party = scene.of("INSTITUTION")[0], scene.of("PARTY")[0]
    signs = set(of_pair(scene, one, party, words, memory))
    assert {
        ("order", "IP"), ("pointing", "named named"), ("one", "school"), ("IPM", "cut"), ("m", "contract"), ("its its", "cut"),
        ("its its", "*tie-ended"), ("word before party", "with"), ("word behind one", "has"), ("commas", "0"),
    } <= signs  # fmt: skip
    assert {("f", "cut"), ("w", "ended"), ("PARTY", "1"), ("line", "head")} <= set(
        of_sentence(scene, Told([], [], frozenset(), heads=True), words, memory)
    )


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{", "truncated"),
        ('{"language": "en", "bias": [0, 0, 0], "least": [0, 0, 0, 0], "signs": {}}', "length 4"),
        ('{"language": "en", "bias": [0, 0, 0, 0], "signs": {}}', "least"),
    ],
)
def test_weights_that_cannot_be_read_name_the_file(text: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=rf"weights/en\.json: .*{wrong}"):
        load_weights(text, "weights/en.json")


@pytest.mark.parametrize("language", sorted(REGISTERS.weights))
def test_the_weights_at_hand_were_learnt_with_this_lexicon(language: str) -> None:
    known = REGISTERS.lexicons[language].words.keys() | {"relative", "shared"}
    families = {family for family in REGISTERS.weights[language].signs["f"] if ":" not in family}
    assert families <= known
    assert len(REGISTERS.weights[language].bias) == len(KINDS)


@pytest.mark.parametrize("path", sorted(labelled.FOLDER.glob("*.jsonl")), ids=lambda path: path.stem)
def test_every_label_quotes_its_article(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    assert len({article["id"] for article in found}) == len(found)
    lost = [
        (article["id"], fact["quote"]) for article in found for fact in article["facts"] if fact["quote"] not in article["text"]
    ]
    assert lost == []
