"""Lexicons: every trigger fires on its own example, and mistakes are named."""

from pathlib import Path

import pytest

from tests.quality.news import load_registers
from tracker.readers.amounts import find_amounts
from tracker.readers.compiled import compiled
from tracker.readers.frames import find_frames
from tracker.readers.gazetteer import gazetteer
from tracker.readers.lexicon import load_lexicon
from tracker.readers.lexicon_check import check_lexicon
from tracker.readers.mentions import annotate
from tracker.readers.phrases import Phrases, expand, fold
from tracker.readers.scene import Memory
from tracker.readers.sentences import sentences

LEXICONS = Path(__file__).parents[2] / "config" / "lexicon"
REGISTERS = load_registers()
TRIGGERS = [(language, trigger.id) for language, lexicon in REGISTERS.lexicons.items() for trigger in lexicon.triggers]
SMALL = """
language = "xx"
[words]
cut = ["cut{,s}"]
[[triggers]]
id = "cuts"
statement = "tie-ended"
patterns = ["INSTITUTION cut PARTY"]
example = "MIT cut Huawei."
"""


@pytest.mark.parametrize(("language", "trigger_id"), TRIGGERS)
def test_every_trigger_fires_on_its_example(language: str, trigger_id: str) -> None:
    lexicon = REGISTERS.lexicons[language]
    words, names, memory = compiled(lexicon), gazetteer(REGISTERS, language), Memory()
    example = next(trigger.example for trigger in lexicon.triggers if trigger.id == trigger_id)
    fired = [
        frame.trigger.id
        for sentence in sentences(example)
        for frame in find_frames(annotate(sentence.text, words, names, memory), words)
    ]
    assert trigger_id in fired


@pytest.mark.parametrize("path", sorted(LEXICONS.glob("*.toml")), ids=lambda path: path.stem)
def test_lexicons_load_and_have_unique_triggers(path: Path) -> None:
    lexicon = load_lexicon(path.read_text(), path.name)
    ids = [trigger.id for trigger in lexicon.triggers]
    assert lexicon.language == path.stem
    assert len(ids) == len(set(ids))
    check_lexicon(lexicon, path.name)
    assert compiled(lexicon) is compiled(load_lexicon(path.read_text(), path.name))


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('language = "xx"', "language = 1", "language"),
        ('language = "xx"', 'language = "xx"\ncolour = "red"', "colour"),
        ("INSTITUTION cut PARTY", "INSTITUTION cat PARTY", "triggers.cuts"),
        ("INSTITUTION cut PARTY", "INSTITUTION PARTY", "triggers.cuts"),
        ('"tie-ended"', '"tie-eaten"', "statement"),
        ("cut{,s}", "cut{,s", "braces"),
        ("[words]", '[dates.rules]\nsomeday = "x"\n[words]', "dates.rules.someday"),
        ("[words]", '[anaphora]\nparty = ["("]\n[words]', "anaphora.party"),
        ("[words]", "[words", "xx.toml"),
    ],
)
def test_mistakes_name_file_and_key(old: str, new: str, named: str) -> None:
    with pytest.raises(ValueError, match=r"xx\.toml") as error:
        check_lexicon(load_lexicon(SMALL.replace(old, new), "xx.toml"), "xx.toml")
    assert named in str(error.value)


def test_expand() -> None:
    assert set(expand("end{,s,ed}")) == {"end", "ends", "ended"}
    assert set(expand("{a,b{c,d}}")) == {"a", "bc", "bd"}
    assert expand("no {,new }ties") == ("no ties", "no new ties")


def test_phrases_are_whole_words_and_the_longer_wins() -> None:
    phrases = Phrases({"put": ["put"], "suspend": ["put on hold"]})
    assert [tag.family for tag in phrases.tags(fold("It was Put on hold; input; put it."))] == ["suspend", "put"]


@pytest.mark.parametrize(
    ("text", "language", "amount"),
    [
        ("nearly 30 MIT projects", "en", "nearly 30 projects"),
        ("27 projects", "en", "27 projects"),
        ("£692,000", "en", "692,000 GBP"),
        ("about 150,000 dollars", "en", "about 150,000 USD"),
        ("$7.8 million", "en", "7,800,000 USD"),
        ("five million pounds", "en", "5,000,000 GBP"),
        ("27 projets de chercheurs", "fr", "27 projects"),
        ("près de 30 projets", "fr", "nearly 30 projects"),
        ("692 000 livres", "fr", "692,000 GBP"),
    ],
)
def test_amounts(text: str, language: str, amount: str) -> None:
    assert [str(each[2]) for each in find_amounts(fold(text), REGISTERS.lexicons[language].amounts)] == [amount]
