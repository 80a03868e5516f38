"""The files of registers, lexicons, weights and encoders, read into `Registers`, with their contents for the ledger."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from tracker.errors import ConfigError
from tracker.readers.encoder import Encoder
from tracker.readers.lexicon import load_lexicon
from tracker.readers.weights import Weights, load_weights
from tracker.registers import Institution, ListOfEntities, Override, Party, Registers
from tracker.toml_files import Strict, convert, no_doubles, table

INSTITUTIONS: Final = ("institutions.toml", "companies.toml")
"""Files of institutions, in one shape: universities and research institutes, and all other bodies."""
LANGUAGES: Final = ("lexicon/", "weights/", "encoders/")
"""Folders with a file for each language."""
T = TypeVar("T")


class _InstitutionFile(Strict, frozen=True, kw_only=True):
    institution: tuple[Institution, ...] = ()


class _PartyFile(Strict, frozen=True, kw_only=True):
    party: tuple[Party, ...] = ()


class _ListFile(Strict, frozen=True, kw_only=True):
    list: tuple[ListOfEntities, ...] = ()
    destinations: dict[str, str] = {}


class _OverrideFile(Strict, frozen=True, kw_only=True):
    override: tuple[Override, ...] = ()


def _institutions(files: dict[str, Path]) -> tuple[Institution, ...]:
    """The entries of all files of institutions, in the order of the files; an id stands in one of them only."""
    found: list[Institution] = []
    for name in INSTITUTIONS:
        found += convert(table(files, name), _InstitutionFile, files[name], durations=False).institution
        no_doubles(files[name], (one.id for one in found))
    return tuple(found)


def load_registers(files: dict[str, Path]) -> tuple[Registers, dict[str, bytes]]:
    """The registers of these files, and each file's own content by its name without the suffix."""
    institutions = _institutions(files)
    parties = convert(table(files, "parties.toml"), _PartyFile, files["parties.toml"], durations=False).party
    lists = convert(table(files, "lists.toml"), _ListFile, files["lists.toml"])
    no_doubles(files["parties.toml"], (one.id for one in parties))
    overrides = convert(table(files, "overrides.toml"), _OverrideFile, files["overrides.toml"]).override
    names = [name for name in files if name.startswith(LANGUAGES)]
    names += [*INSTITUTIONS, "parties.toml", "lists.toml", "overrides.toml"]
    contents = {name.rpartition(".")[0]: _content(files[name]) for name in sorted(names)}
    registers = Registers(
        institutions=institutions,
        parties=parties,
        lists=lists.list,
        destinations=lists.destinations,
        overrides=overrides,
        lexicons=_by_language("lexicon/", files, contents, load_lexicon),
        weights=_weights(files, contents),
        digests={name: hashlib.sha256(content).hexdigest() for name, content in contents.items()},
    )
    return registers, contents


def _content(path: Path) -> bytes:
    """The bytes of a file; those of a text with the ends of lines that this project writes."""
    return path.read_bytes() if path.suffix == ".onnx" else path.read_text(encoding="utf-8").encode()


def _weights(files: dict[str, Path], contents: dict[str, bytes]) -> dict[str, Weights]:
    """The weights of each language that has them, with its encoder if there is one; an empty file is none."""
    weights = _by_language("weights/", files, contents, load_weights)
    models = {Path(name).stem: contents[name.rpartition(".")[0]] for name in files if name.startswith("encoders/")}
    return {
        language: msgspec.structs.replace(one, encoder=Encoder(model) if (model := models.get(language)) else None)
        for language, one in weights.items()
    }


def _by_language(folder: str, files: dict[str, Path], contents: dict[str, bytes], load: Callable[[str, str], T]) -> dict[str, T]:
    """Language -> what the file of a folder says of it."""
    read = {}
    for name in (name for name in files if name.startswith(folder)):
        try:
            read[Path(name).stem] = load(contents[name.rpartition(".")[0]].decode(), str(files[name]))
        except ValueError as error:
            raise ConfigError(str(error), "docs/configuration.md describes lexicons and weights.") from error
    return read
