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
from tracker.readers.signs import Told, of_pair
from tracker.readers.weights import KINDS, Sums, Table, Weights, load_weights

NOTHING = (0.0, 0.0, 0.0, 0.0)
NEVER = (99.0, 99.0, 99.0, 99.0)
ALWAYS = (-99.0, -99.0, -99.0, -99.0)
NO_PAIR = Table(bias=NOTHING, least=NEVER, signs={})
ALL_TRIGGERS = Table(bias=NOTHING, least=ALWAYS, signs={})
SEVERING = Table(bias=NOTHING, least=(2.5, 99.0, 99.0, 99.0), signs={"w": {"severing": (3.0, 0.0, 0.0, 0.0)}})
ODD = "With Huawei, so the severing that Cornell's lawyers wrote down in March, there is a contract no more."
TOLD = "MIT has ended its contract with Huawei."
LISTED = "The Commerce Department added SenseTime to the Entity List."
HAD = "Cornell received $500,000 from Huawei in 2016."
REVIEWED = "MIT is reviewing its relationship with SenseTime."


def weights(pairs: Table = NO_PAIR, triggers: Table = ALL_TRIGGERS, language: str = "en", refuted: Sums = ALWAYS) -> Weights:
    return Weights(language=language, pairs=pairs, triggers=triggers, refuted=refuted)


def told(text: str, weights: Weights | None, language: str = "en") -> set[tuple[str, ...]]:
    registers = msgspec.structs.replace(REGISTERS, weights={language: weights} if weights else {})
    return set(sentences.read(text, language, registers))


def test_what_no_trigger_tells_is_told_where_signs_weigh_enough() -> None:
    ended = ("tie-ended", "cornell", "huawei")
    assert ended not in told(ODD, None)
    assert ended in told(ODD, weights(SEVERING))
    assert ended not in told(ODD, weights(msgspec.structs.replace(SEVERING, least=(3.5, 99.0, 99.0, 99.0))))


@pytest.mark.parametrize(("hope", "expected"), [(3.0, True), (3.1, False)])
def test_a_sentence_that_gives_no_hope_is_not_weighed_further(hope: float, expected: bool) -> None:
    heavy = msgspec.structs.replace(SEVERING, least=(-99.0, 99.0, 99.0, 99.0))
    found = told(ODD, msgspec.structs.replace(weights(heavy), hope=(hope, 99.0, 99.0, 99.0)))
    assert (("tie-ended", "cornell", "huawei") in found) is expected


@pytest.mark.parametrize(("least", "expected"), [(3.0, True), (2.9, False)])
def test_an_end_is_weighed_beside_anothers_where_much_speaks_for_it(least: float, expected: bool) -> None:
    severing = Table(bias=NOTHING, least=(2.5, 99.0, 99.0, 99.0), signs={"w": {"severing": (least, 0.0, 0.0, 0.0)}})
    found = told("Cornell has ended its contract with Huawei; for Yale there is a severing, too.", weights(severing))
    assert (("tie-ended", "yale", "huawei") in found) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Commerce Department picked Dahua, of all names, for a blacklisting.", True),
        ("The Commerce Department picked Dahua, of all names, for adding to a list.", False),
        ("Somebody picked Dahua, of all names, for a blacklisting.", False),
    ],
)
def test_who_is_blacklisted_by_an_agent_is_weighed_where_no_list_is_spoken_of(text: str, expected: bool) -> None:
    heavy = msgspec.structs.replace(NO_PAIR, bias=(-9.0, -9.0, -9.0, 9.0), least=NOTHING)
    assert (("listing-reported", "added", "dahua") in told(text, weights(heavy))) is expected


def test_what_weighs_enough_is_less_sure_than_what_a_trigger_tells() -> None:
    registers = msgspec.structs.replace(REGISTERS, weights={"en": weights(SEVERING)})
    found = read_text(ODD, REGISTERS.lexicons["en"], registers, None)
    assert {statement.confidence for statement in found if statement.topic() == "tie-ended"} == {0.7}


def test_ends_and_listings_that_a_trigger_tells_stand_whatever_they_weigh() -> None:
    doubting = msgspec.structs.replace(ALL_TRIGGERS, bias=(-9.0, -9.0, -9.0, -9.0), least=NOTHING)
    for text in (TOLD, LISTED):
        assert told(text, weights(triggers=doubting)) == told(text, None) != set()


@pytest.mark.parametrize(("text", "number"), [(HAD, 1), (REVIEWED, 2)])
def test_ties_and_responses_that_a_trigger_tells_are_told_where_their_signs_do_not_speak_against_them(
    text: str, number: int
) -> None:
    against = tuple(-1.0 if place == number else 0.0 for place in range(4))
    doubting = msgspec.structs.replace(ALL_TRIGGERS, signs={"w": {"archive": against}}, least=(-0.5, -0.5, -0.5, -0.5))
    assert told(text, weights(triggers=doubting)) == told(text, None) != set()
    assert told(f"{text[:-1]}, says the archive.", weights(triggers=doubting)) == set()


def test_no_trigger_of_ties_and_responses_tells_of_a_pair_what_all_other_signs_refute() -> None:
    against = msgspec.structs.replace(NO_PAIR, signs={"w": {"archive": (-1.0, -1.0, -1.0, -1.0)}})
    for text in (HAD, REVIEWED):
        refuting = weights(against, refuted=(-0.5, -0.5, -0.5, -0.5))
        assert told(text, refuting) == told(text, None) != set()
        assert told(f"{text[:-1]}, says the archive.", refuting) == set()


def test_who_goes_on_or_denies_is_not_weighed() -> None:
    doubting = msgspec.structs.replace(ALL_TRIGGERS, bias=(0.0, 0.0, -9.0, 0.0), least=NOTHING)
    goes_on = "UCLA will go on working with Megvii."
    assert told(goes_on, weights(triggers=doubting)) == told(goes_on, None) != set()


def test_whom_a_word_points_to_has_no_tie_that_is_weighed() -> None:
    text = "Cornell is far away. A week went by. It rained. Nobody came. It wrote of the laboratory, a severing and Huawei."
    for number, expected in ((0, True), (1, False)):
        bias = tuple(9.0 if place == number else -9.0 for place in range(4))
        heavy = msgspec.structs.replace(NO_PAIR, bias=bias, least=NOTHING)
        assert (told(text, weights(heavy)) != told(text, None)) is expected


def test_weights_of_another_language_decide_nothing() -> None:
    heavy = msgspec.structs.replace(NO_PAIR, bias=(9.0, 9.0, 9.0, 9.0), least=NOTHING)
    registers = msgspec.structs.replace(REGISTERS, weights={"de": weights(heavy, language="de")})
    assert set(sentences.read(TOLD, "en", registers)) == {("tie-ended", "mit", "huawei")}


def test_the_signs_of_a_pair_tell_what_stands_where() -> None:
    words, names = compiled(REGISTERS.lexicons["en"]), gazetteer(REGISTERS, "en")
    memory = Memory()
    scene = annotate(TOLD, words, names, memory)
    one, party = scene.of("INSTITUTION")[0], scene.of("PARTY")[0]
    near = Told([], [], frozenset(), heads=True).around(scene, words, memory)
    signs = set(of_pair(scene, one, party, near, words, memory))
    assert {
        ("order", "IP"), ("pointing", "named named"), ("one", "school"), ("IPM", "cut"), ("m", "contract"), ("its its", "cut"),
        ("its its", "*tie-ended"), ("word before party", "with"), ("word behind one", "has"), ("commas", "0"),
    } <= signs  # fmt: skip
    assert {("f", "cut"), ("w", "ended"), ("PARTY", "1"), ("line", "head")} <= set(near.signs)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{", "truncated"),
        ('{"language": "en", "pairs": {"bias": [0, 0, 0], "least": [0, 0, 0, 0], "signs": {}}}', "length 4"),
        ('{"language": "en", "pairs": {"bias": [0, 0, 0, 0], "signs": {}}}', "least"),
        ('{"language": "en", "pairs": {"bias": [0, 0, 0, 0], "least": [0, 0, 0, 0], "signs": {}}}', "triggers"),
    ],
)
def test_weights_that_cannot_be_read_name_the_file(text: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=rf"weights/en\.json: .*{wrong}"):
        load_weights(text, "weights/en.json")


@pytest.mark.parametrize("language", sorted(REGISTERS.weights))
def test_the_weights_at_hand_were_learnt_with_this_lexicon(language: str) -> None:
    lexicon, learnt = REGISTERS.lexicons[language], REGISTERS.weights[language]
    families = {family for family in learnt.pairs.signs["f"] if ":" not in family}
    assert families <= lexicon.words.keys() | {"relative", "shared"}
    assert learnt.triggers.signs["trigger"].keys() <= {trigger.id for trigger in lexicon.triggers}
    assert len(learnt.pairs.bias) == len(KINDS)


@pytest.mark.parametrize("path", sorted(labelled.FOLDER.glob("*.jsonl")), ids=lambda path: path.stem)
def test_every_label_quotes_its_article(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    assert len({article["id"] for article in found}) == len(found)
    lost = [
        (article["id"], fact["quote"]) for article in found for fact in article["facts"] if fact["quote"] not in article["text"]
    ]
    assert lost == []
