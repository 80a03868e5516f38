"""docs/configuration.md against the settings: every key with its default, and nothing else."""

import re
import tomllib
import typing
from pathlib import Path

import msgspec
import pytest

from tests.docs import commands as page
from tests.docs.pages import DOCS, documented, own_fields, tables, text
from tracker import config, register_files
from tracker.config import load_config
from tracker.readers.lexicon import Lexicon
from tracker.readers.weights import Weights
from tracker.sources import SOURCES
from tracker.toml_files import Strict, seconds

CONFIGURATION = DOCS / "configuration.md"
FILES = [
    one
    for module in (config, register_files)
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, Strict)
]
"""The files as they are, `Settings` among them."""
SHAPES = documented([*FILES, Lexicon, Weights, *(kind.settings for kind in SOURCES.values())])
ARRAYS = {name for name, one in SHAPES.items() if name.endswith("File") and len(one.__struct_fields__) == 1}
"""Files of one array: they say no more than its entries do."""
MODELS = {"Encoder"}
"""What no file of text holds."""
STRUCTS = {name: one for name, one in SHAPES.items() if name not in ARRAYS | MODELS}
TOLD = tables(CONFIGURATION, "keys")
COMPUTED = {"Lexicon": {"digest"}, "Weights": {"digest", "encoder"}}
EXAMPLES = {
    "[http]": "tracker.toml",
    "[schedule]": "tracker.toml",
    "[email]": "tracker.toml",
    "[delivery]": "tracker.toml",
    "[serve]": "tracker.toml",
    "[[source]]": "sources.toml",
    "[[list]]": "lists.toml",
    "[[institution]]": "institutions.toml",
    "[[party]]": "parties.toml",
    "[[override]]": "overrides.toml",
    "[[watch]]": "watchers.toml",
}


def test_every_group_of_settings_is_documented_and_no_other() -> None:
    assert set(TOLD) == set(STRUCTS)


@pytest.mark.parametrize("name", STRUCTS)
def test_every_key_is_documented_and_no_other(name: str) -> None:
    assert set(TOLD[name]) == set(own_fields(STRUCTS[name])) - COMPUTED.get(name, set())


@pytest.mark.parametrize("name", STRUCTS)
def test_every_default_is_as_documented(name: str) -> None:
    hints = typing.get_type_hints(STRUCTS[name])
    for key, field in own_fields(STRUCTS[name]).items():
        if key in COMPUTED.get(name, set()):
            continue
        shown = TOLD[name][key][2]
        default = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
        if field.required:
            assert shown == "required", key
        elif default is None:
            assert shown == "none", key
        elif shown != "see below":
            value = seconds(tomllib.loads(f"{key} = {shown.strip('`')}"))[key]
            assert msgspec.convert(value, hints[field.name]) == default, key


@pytest.mark.parametrize("kind", SOURCES)
def test_every_kind_of_source_is_documented(kind: str) -> None:
    assert f'### kind = "{kind}"' in text(CONFIGURATION)


def test_every_settings_file_is_documented(tmp_path: Path) -> None:
    told = text(CONFIGURATION)
    for name in load_config().files:
        assert f"`{name}`" in told or name.startswith(register_files.LANGUAGES), name


def test_the_examples_load(tmp_path: Path) -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```", text(CONFIGURATION), re.MULTILINE | re.DOTALL)
    loaded = set()
    for number, block in enumerate(blocks):
        tomllib.loads(block)
        if file := EXAMPLES.get(block.splitlines()[0]):
            folder = tmp_path / str(number)
            folder.mkdir()
            (folder / file).write_text(block, encoding="utf-8")
            load_config(folder)
            loaded.add(file)
    assert loaded == set(EXAMPLES.values())


def test_the_packaged_settings_load() -> None:
    loaded = load_config()
    assert loaded.sources
    assert loaded.registers.lexicons.keys() >= {"en", "fr"}


def test_environment_variables_are_documented() -> None:
    told = text(CONFIGURATION)
    for _, command in page.commands():
        for option in command.params:
            if isinstance(option.envvar, str):
                assert f"`{option.envvar}`" in told
