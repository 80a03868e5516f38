"""Settings that cannot be are refused in one line that names the file and what is wrong."""

from pathlib import Path

import pytest

from tracker.config import load_config
from tracker.errors import ConfigError

FEED = '[[source]]\nid = "{id}"\nkind = "feed"\nurl = "{url}"\n{more}\n'


def feed(more: str = "", *, id: str = "post", url: str = "https://post.example/rss") -> str:  # noqa: A002
    return FEED.format(id=id, url=url, more=more)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (feed(url="ftp://post.example/rss"), "no http or https address"),
        (feed('every = "0s"'), "every is one second or more"),
        (feed('every = "soon"'), "is not a duration"),
        (feed('timezone = "Mars/Base"'), "none of the IANA list"),
        (feed('language = "English"'), "is no code like en"),
        (feed("expect = { min = 5, max = 1 }"), "max is not less than min"),
        (feed(id="local"), "is what ingested files are kept under"),
        (feed(id="The Post"), "ids are lower case"),
        (feed() + feed(), "stands twice"),
        ("source = 3", "not a list of tables"),
        ('[source]\nid = "post"', "not a list of tables"),
        ('[[source]]\nid = "post"\nkind = ["feed"]', "kind ['feed'] is unknown"),
        ("[[sources]]", "unknown key 'sources'"),
        ("[[source", "not TOML"),
    ],
)
def test_sources_that_cannot_be(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "sources.toml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path)
    assert words in str(caught.value)
    assert "sources.toml" in str(caught.value)


def test_names_are_not_empty(tmp_path: Path) -> None:
    (tmp_path / "parties.toml").write_text('[[party]]\nid = "acme"\nname = ""\n')
    with pytest.raises(ConfigError, match="ids and names are not empty"):
        load_config(tmp_path)


def test_an_institution_stands_in_one_of_the_two_files(tmp_path: Path) -> None:
    (tmp_path / "institutions.toml").write_text('[[institution]]\nid = "acme"\nname = "Acme University"\n')
    (tmp_path / "companies.toml").write_text('[[institution]]\nid = "acme"\nname = "Acme"\nkind = "company"\n')
    with pytest.raises(ConfigError, match=r"companies\.toml: id 'acme' stands twice"):
        load_config(tmp_path)


def test_both_files_of_institutions_are_one_register(tmp_path: Path) -> None:
    (tmp_path / "companies.toml").write_text('[[institution]]\nid = "acme"\nname = "Acme"\nkind = "company"\n')
    config = load_config(tmp_path)
    ids = [one.id for one in config.registers.institutions]
    assert "mit" in ids
    assert ids[-1] == "acme"
    assert config.registers.digests.keys() >= {"institutions", "companies"}


@pytest.mark.parametrize("name", ["typo.toml", "weights/en.toml", "lexicon/en.json"])
def test_a_file_of_another_name_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("")
    with pytest.raises(ConfigError, match=rf"{name}: not a settings file"):
        load_config(tmp_path)


def test_what_an_editor_leaves_beside_a_file_is_none(tmp_path: Path) -> None:
    (tmp_path / "weights").mkdir()
    for name in ("en.json~", ".en.json.swp"):
        (tmp_path / "weights" / name).write_text("")
    assert load_config(tmp_path).registers.weights.keys() >= {"en"}


def test_files_that_are_given_replace_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(feed('recheck = "1h"'))
    config = load_config(tmp_path)
    assert [(source.id, source.every) for source in config.sources] == [("post", 3600.0)]
    assert config.registers.institutions == load_config().registers.institutions


def test_an_empty_encoder_is_none(tmp_path: Path) -> None:
    (tmp_path / "encoders").mkdir()
    (tmp_path / "encoders" / "en.onnx").write_bytes(b"")
    assert load_config(tmp_path).registers.weights["en"].encoder is None
    assert load_config().registers.weights["en"].encoder is not None
