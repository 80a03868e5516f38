"""Reading the pages: their tables, and the structs they must agree with."""

import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"
Struct = type[msgspec.Struct]


def text(path: Path) -> str:
    """A page."""
    return path.read_text(encoding="utf-8")


def tables(path: Path, mark: str) -> dict[str, dict[str, list[str]]]:
    """The tables that follow `<!-- mark: Name -->`: name -> first cell without its code marks -> all cells."""
    found: dict[str, dict[str, list[str]]] = {}
    for part in re.finditer(rf"<!-- {mark}: (\w+) -->\n\n((?:\|.*\n)+)", text(path)):
        rows = [re.split(r"(?<!\\)\|", line.strip())[1:-1] for line in part[2].splitlines()[2:]]
        assert part[1] not in found, f"{part[1]} is documented twice"
        found[part[1]] = {row[0].strip().strip("`"): [cell.strip() for cell in row] for row in rows}
    return found


def own_fields(struct: Struct) -> dict[str, msgspec.structs.FieldInfo]:
    """The fields that a struct adds to those of its bases."""
    inherited = {name for base in with_bases(struct)[1:] for name in base.__struct_fields__}
    return {one.encode_name: one for one in msgspec.structs.fields(struct) if one.name not in inherited}


def with_bases(struct: Struct) -> list[Struct]:
    """A struct and those of its bases that are structs."""
    return [one for one in struct.__mro__ if issubclass(one, msgspec.Struct) and one is not msgspec.Struct]


def reachable(struct: Struct) -> Iterator[Struct]:
    """A struct with its bases, and every struct that any of its fields holds."""
    yield from with_bases(struct)
    for hint in typing.get_type_hints(struct).values():
        waiting = [hint]
        while waiting:
            one = waiting.pop()
            waiting.extend(typing.get_args(one))
            if isinstance(one, type) and issubclass(one, msgspec.Struct):
                yield from reachable(one)


def documented(roots: typing.Iterable[Struct]) -> dict[str, Struct]:
    """All that is reachable from the roots and has fields of its own, by name."""
    return {one.__name__: one for root in roots for one in reachable(root) if own_fields(one)}
