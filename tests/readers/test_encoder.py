"""The encoder: what it is shown of a sentence, and what it makes of it."""

from typing import Final

import msgspec
import pytest

from events.base import Evidence
from events.statements import TieEnded
from tests.quality.news import load_registers
from tests.readers.reading import REGISTERS
from tests.readers.test_weighing import NO_PAIR, told, weights
from tracker.readers.blanked import BEGIN, END, Blanked, Part, blanked, looked_at, numbers_of
from tracker.readers.compiled import compiled
from tracker.readers.encoder import Encoder
from tracker.readers.frame import Frame
from tracker.readers.frames import find_frames
from tracker.readers.gazetteer import gazetteer
from tracker.readers.mentions import annotate
from tracker.readers.pieces import UNKNOWN, pieces
from tracker.readers.scene import Memory, Scene
from tracker.readers.weights import KINDS

CLEAR = "MIT has ended its cooperation with Huawei."
NOTHING = "The library of MIT is older than Huawei."
SENTENCE = "MIT has ended its contract with Huawei, as Yale had; the university told ZTE nothing."
PIECES: Final = f"{UNKNOWN} {BEGIN} {END} [unused1] [unused11] title body the un ##break ##able uni , ¥ 4 ##3 cafe"
VOCABULARY: Final = {piece: number for number, piece in enumerate(PIECES.split())}


def scene(text: str) -> Scene:
    words = compiled(REGISTERS.lexicons["en"])
    return annotate(text, words, gazetteer(REGISTERS, "en"), Memory())


def ended(text: str) -> Frame:
    return next(
        frame for frame in find_frames(scene(text), compiled(REGISTERS.lexicons["en"])) if frame.trigger.statement == KINDS[0]
    )


def report(institution: str, party: str) -> TieEnded:
    return TieEnded(
        claim="c", evidence=Evidence(text="", start=0, end=1), institution=institution, institution_name=institution, party=party,
        party_name=party,
    )  # fmt: skip


def words_of(parts: tuple[Part, ...]) -> str:
    return " ".join(" ".join(f"{part.mark} {part.words}" for part in parts).split())


def test_actors_are_blanked_and_the_same_ones_have_the_same_mark() -> None:
    found = blanked(scene(SENTENCE), scene("Huawei and Yale were in the news."), heads=False)
    assert words_of(found.before) == "[unused11] and [unused1] were in the news."
    ended, then = words_of(found.here).split("; ")
    assert ended == "[unused2] has ended its contract with [unused11] , as [unused1] had"
    assert then == "[unused1] the university told [unused12] nothing."
    assert not {"MIT", "Huawei", "Yale", "ZTE"} & set(words_of(found.here).replace(",", " ").split())


def test_of_many_the_last_share_a_mark() -> None:
    text = "Huawei paid, ZTE did not, SenseTime might; Megvii said that Hikvision would, as Dahua had and iFlytek has."
    marks = [part.mark for part in blanked(scene(text), None, heads=False).here if part.mark]
    assert marks == ["[unused11]", "[unused12]", "[unused13]", "[unused14]", *["[unused15]"] * 3]


def test_a_pair_is_where_its_two_are_named_or_were_last() -> None:
    frame = ended(SENTENCE)
    here = blanked(scene(SENTENCE), None, heads=False)
    one, party = here.pair(frame, [report("mit", "huawei")])
    assert one is not None
    assert party is not None
    assert (here.here[one].mark, here.here[party].mark) == ("[unused1]", "[unused11]")
    before = blanked(scene("The contract was ended."), scene("MIT and Huawei had one; Huawei paid."), heads=False)
    context = Frame(frame.trigger, frame.anchor, ())
    one, party = before.pair(context, [report("mit", "huawei")])
    assert one is not None
    assert party is not None
    assert (before.before[one].mark, before.before[party].mark) == ("[unused1]", "[unused11]")
    assert party == max(number for number, part in enumerate(before.before) if part.mark == "[unused11]")
    assert before.pair(context, [report("yale", "zte")]) == (None, None)


def test_whom_neither_sentence_names_stands_at_the_beginning() -> None:
    assert looked_at((None, 1), [5, 7]) == (0, 7)
    assert looked_at((0, None), [5, 7]) == (5, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the unbreakable", ["the", "un", "##break", "##able"]),
        ("The UNBREAKABLE", ["the", "un", "##break", "##able"]),
        ("Café, café", ["cafe", ",", "cafe"]),
        ("¥43", ["¥", "4", "##3"]),
        ("the unlikely", ["the", UNKNOWN]),
        ("", []),
    ],
)
def test_words_are_split_into_the_longest_pieces(text: str, expected: list[str]) -> None:
    assert pieces(text, VOCABULARY) == [VOCABULARY[piece] for piece in expected]


def test_long_sentences_are_cut() -> None:
    long = Blanked(
        True, (Part("un " + "the " * 100), Part("", "[unused1]")), (Part("uni " + "the " * 200), Part("", "[unused11]"))
    )
    numbers, begins = numbers_of(long, VOCABULARY)
    assert numbers[:2] == [VOCABULARY[BEGIN], VOCABULARY["title"]]
    assert len(numbers) == 2 + (24 + 1) + (110 + 1)
    assert VOCABULARY["un"] not in numbers
    assert VOCABULARY["uni"] in numbers
    assert begins == [0, 2 + 23, 2 + 25, 0]
    assert numbers[begins[1]] == VOCABULARY["[unused1]"]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    found = load_registers().weights["en"].encoder
    assert found is not None
    return found


@pytest.mark.parametrize(("text", "is_end"), [(CLEAR, True), (NOTHING, False)])
def test_the_english_encoder_tells_an_end_from_nothing(encoder: Encoder, text: str, is_end: bool) -> None:
    sentence = blanked(scene(text), None, heads=False)
    numbers, begins = numbers_of(sentence, encoder.vocabulary)
    named = {part.mark: begin for part, begin in zip(sentence.here, begins, strict=True) if part.mark}
    pair = named["[unused1]"], named["[unused11]"]
    (found,) = encoder.weigh(numbers, [pair])
    assert (found[0] > 1) is is_end
    assert is_end or max(found) < 0.5
    assert encoder.weigh(numbers, [pair, (0, 0), pair]) == [found, encoder.weigh(numbers, [(0, 0)])[0], found]


def test_what_is_no_model_is_told_with_what_to_do() -> None:
    with pytest.raises(ValueError, match="the language model in encoders/ cannot be read; an empty file there means none"):
        Encoder(b"no model").weigh([1], [(0, 0)])


def test_what_signs_leave_open_is_told_where_the_encoder_is_sure(encoder: Encoder) -> None:
    odd = "With Huawei, so the severing that Cornell's lawyers wrote down in March, there is a contract no more."

    def found(**more: object) -> bool:
        return ("tie-ended", "cornell", "huawei") in told(odd, msgspec.structs.replace(weights(NO_PAIR), **more))

    assert not found()
    assert found(encoder=encoder, gate=-1.0, least_read=(-99.0,) * 4)
    assert not found(encoder=encoder, gate=-1.0, least_read=(99.0,) * 4)
    assert not found(encoder=encoder, gate=1.0, least_read=(-99.0,) * 4)
