"""TOML files read into frozen values: an unknown key is an error that names file and key."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from tracker.errors import ConfigError

_DURATIONS: Final = frozenset(
    {"every", "every_least", "every_most", "jitter", "tolerate", "silent_after", "lookback", "recheck"}
    | {"per_host_gap", "timeout", "deadline", "poll_every", "confirm_within", "keep_log"}
)
_SECONDS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
T = TypeVar("T")


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings are frozen and know all their keys."""


def table(files: dict[str, Path], name: str) -> dict[str, Any]:
    path = files[name]
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error


def convert(table: Any, shape: type[T], path: Path, *, durations: bool = True) -> T:
    """The table in its shape; registers are long and hold no durations, so none are looked for there."""
    try:
        return msgspec.convert(seconds(table) if durations else table, shape)
    except (msgspec.ValidationError, ValueError) as error:
        raise ConfigError(f"{path}: {error}", "docs/configuration.md lists every key.") from error


def seconds(value: Any, key: str = "") -> Any:
    """Durations as seconds, wherever a key is one; raises ValueError for one that cannot be read."""
    if isinstance(value, dict):
        return {name: seconds(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [seconds(inner) for inner in value]
    if key in _DURATIONS and isinstance(value, str):
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd])", value.strip())
        if not found:
            raise ValueError(f'{key} = "{value}" is not a duration: write "30s", "15m", "1h" or "30d"')
        return float(found[1]) * _SECONDS[found[2]]
    return value


def no_doubles(path: Path, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise ConfigError(f"{path}: id {one!r} stands twice")
        seen.add(one)
