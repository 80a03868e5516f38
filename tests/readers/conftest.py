"""Expected readings lie beside their input; `pytest --update-expected` rewrites them for review."""

from __future__ import annotations

import contextlib
import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tracker.readers.base import Document, Reading
from tracker.registers import ListOfEntities, Registers

RULES = Path(__file__).parents[1] / "data" / "rules"
SHARED = Path(__file__).parents[2].parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    with contextlib.suppress(ValueError):  # another conftest may offer it already
        parser.addoption("--update-expected", action="store_true", help="rewrite the expected files beside the input")


@pytest.fixture(scope="session")
def registers() -> Registers:
    with (Path(__file__).parents[2] / "config" / "lists.toml").open("rb") as file:
        tables = tomllib.load(file)
    return Registers(
        lists=msgspec.convert(tables["list"], tuple[ListOfEntities, ...]),
        destinations=msgspec.convert(tables["destinations"], dict[str, str]),
    )


@pytest.fixture
def expected(request: pytest.FixtureRequest) -> Callable[[Path, Any], Any]:
    """Gives what a JSON file says; with --update-expected it is made to say what was found."""

    def compare(path: Path, found: Any) -> Any:
        if request.config.getoption("--update-expected", default=False) or os.environ.get("UPDATE_EXPECTED"):
            path.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
        return msgspec.json.decode(path.read_bytes())

    return compare


def rule(raw: bytes, metadata: dict[str, Any] | None = None, rendition: str = "xml") -> Document:
    """A Federal Register document as a source would deliver it."""
    return Document(
        source="federal-register",
        kind="rule",
        key="2031-00001",
        url="https://example.org/2031-00001",
        rendition=rendition,
        raw=raw,
        metadata=msgspec.json.encode(metadata) if metadata else None,
    )


def plain(reading: Reading) -> Any:
    """A reading as JSON values, without its text, and with the words that each statement rests on."""
    values = msgspec.json.decode(msgspec.json.encode(reading))
    for statement in values["statements"]:
        span = statement.pop("evidence")
        statement["words"] = reading.text[span["start"] : span["end"]].splitlines()[0]
    del values["text"]
    return values
