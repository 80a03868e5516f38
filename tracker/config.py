"""Settings: TOML files, read once into frozen values. An unknown key is an error that names file and key.

The packaged files are the default; those that `--config DIR` contains replace them, the others stay.
Durations are written `"30s"`, `"15m"`, `"1h"`, `"30d"`. No file holds secrets: those come from the
environment; proxies and certificate authorities as the HTTP library reads them.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import msgspec

from tracker.deliver.settings import DeliverySettings, EmailSettings, ServeSettings
from tracker.errors import ConfigError
from tracker.http import HttpSettings
from tracker.proposers.settings import ProposerSettings
from tracker.readers.lexicon import load_lexicon
from tracker.registers import Institution, ListOfEntities, Override, Party, Registers
from tracker.sources import SOURCES
from tracker.sources.base import SourceSettings
from tracker.wishes import Wishes
from tracker.worker import Limits

_DURATIONS: Final = frozenset(
    {"every", "every_least", "every_most", "jitter", "tolerate", "silent_after", "lookback", "recheck"}
    | {"per_host_gap", "timeout", "deadline", "poll_every", "confirm_within", "keep_log"}
)
LEAST_LOG: Final = 31 * 86400.0
_SECONDS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_INSTITUTIONS: Final = ("institutions.toml", "companies.toml")
"""Files of institutions, in one shape: universities and research institutes, and all other bodies."""
_HERE: Final = Path(__file__).parent
T = TypeVar("T")


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings are frozen and know all their keys."""


class ScheduleSettings(Strict, frozen=True, kw_only=True):
    """When `tracker run` works: how often it looks for what is due, and when it digests each day (UTC).

    Each look comes up to `jitter` seconds later. Polls and runs are kept in the log for `keep_log` seconds.
    """

    poll_every: float = 60.0
    jitter: float = 0.0
    digest_at: str = "06:00"
    keep_log: float = 400 * 86400.0

    def __post_init__(self) -> None:
        if self.keep_log < LEAST_LOG:
            raise ValueError('keep_log under [schedule] is "31d" or more: what is usual of a source is read from 30 days of it')
        if self.poll_every <= 0 or self.jitter < 0:
            raise ValueError("poll_every is more than 0, and jitter is 0 or more")
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", self.digest_at):
            raise ValueError('digest_at is a time of day in UTC, for example "06:00"')


class DigestSettings(Strict, frozen=True, kw_only=True):
    """`most` changes of a kind are told one by one; more become one line with the command that lists them."""

    most: Annotated[int, msgspec.Meta(ge=1)] = 200


class WorkerSettings(Strict, frozen=True, kw_only=True):
    """What the worker process may take for one document: `timeout` seconds, and `memory` bytes of address space."""

    timeout: float = Limits().seconds
    memory: Annotated[int, msgspec.Meta(ge=256 * 1024**2)] = Limits().memory

    def __post_init__(self) -> None:
        if self.timeout <= 0:
            raise ValueError("timeout under [worker] is more than 0")

    @property
    def limits(self) -> Limits:
        """As the worker takes them."""
        return Limits(seconds=self.timeout, memory=self.memory)


class Settings(Strict, frozen=True, kw_only=True):
    """`tracker.toml`."""

    http: HttpSettings = HttpSettings()
    email: EmailSettings = EmailSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    proposers: ProposerSettings = ProposerSettings()
    delivery: DeliverySettings = DeliverySettings()
    serve: ServeSettings = ServeSettings()
    digest: DigestSettings = DigestSettings()
    worker: WorkerSettings = WorkerSettings()

    def __post_init__(self) -> None:
        if self.email.confirm and not self.serve.public_url:
            raise ValueError("confirm under [email] sends links: set public_url under [serve]")


class Watcher(Wishes, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One watch of `watchers.toml`: filters, times and channels as the options of `tracker watch add`.

    `names` are CSV files beside the settings file; `secret_env` names the environment variable of the webhooks' secret.
    """

    id: str
    channels: tuple[str, ...]
    names: tuple[str, ...] = ()
    since: str | None = None
    secret_env: str = "TRACKER_WEBHOOK_SECRET"  # noqa: S105  a name, no secret


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """All that the files say. `texts` are the registers' own texts by name, for adoption into the ledger."""

    settings: Settings
    sources: tuple[SourceSettings, ...]
    registers: Registers
    texts: dict[str, str]
    files: dict[str, Path]
    watchers: tuple[Watcher, ...] = ()


def packaged_directory() -> Path:
    """Where the default files lie: inside the installed package, or in the checkout."""
    installed = _HERE / "default_config"
    return installed if installed.is_dir() else _HERE.parent / "config"


def load_config(directory: Path | None = None) -> Config:
    """Reads all settings; raises ConfigError naming the file and the key."""
    if directory is not None and not directory.is_dir():
        raise ConfigError(f"{directory} is not a folder", "Give --config a folder with the files that replace the defaults.")
    files = _files(directory)
    settings = _convert(_table(files, "tracker.toml"), Settings, files["tracker.toml"])
    registers, texts = _registers(files)
    watchers = _convert(_table(files, "watchers.toml"), _WatcherFile, files["watchers.toml"]).watch
    _no_doubles(files["watchers.toml"], (one.id for one in watchers))
    return Config(settings=settings, sources=_sources(files), registers=registers, texts=texts, files=files, watchers=watchers)


def _files(directory: Path | None) -> dict[str, Path]:
    """Each file's name (`sources.toml`, `lexicon/en.toml`) and where it is read from."""
    found: dict[str, Path] = {}
    for root in filter(None, (packaged_directory(), directory)):
        for path in sorted(root.glob("*.toml")) + sorted(root.glob("lexicon/*.toml")):
            found[path.relative_to(root).as_posix()] = path
    known = {
        "tracker.toml", "sources.toml", "lists.toml", *_INSTITUTIONS, "parties.toml", "overrides.toml", "watchers.toml"
    }  # fmt: skip
    for name in found:
        if name not in known and not name.startswith("lexicon/"):
            raise ConfigError(f"{found[name]}: not a settings file", f"Known are {', '.join(sorted(known))} and lexicon/*.toml.")
    return found


def _table(files: dict[str, Path], name: str) -> dict[str, Any]:
    path = files[name]
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error


def _convert(table: Any, shape: type[T], path: Path, *, durations: bool = True) -> T:
    """The table in its shape; registers are long and hold no durations, so none are looked for there."""
    try:
        return msgspec.convert(_seconds(table) if durations else table, shape)
    except (msgspec.ValidationError, ValueError) as error:
        raise ConfigError(f"{path}: {error}", "docs/configuration.md lists every key.") from error


def _seconds(value: Any, key: str = "") -> Any:
    """Durations as seconds, wherever a key is one; raises ValueError for one that cannot be read."""
    if isinstance(value, dict):
        return {name: _seconds(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_seconds(inner) for inner in value]
    if key in _DURATIONS and isinstance(value, str):
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd])", value.strip())
        if not found:
            raise ValueError(f'{key} = "{value}" is not a duration: write "30s", "15m", "1h" or "30d"')
        return float(found[1]) * _SECONDS[found[2]]
    return value


def _sources(files: dict[str, Path]) -> tuple[SourceSettings, ...]:
    path = files["sources.toml"]
    table = _table(files, "sources.toml")
    if unknown := sorted(set(table) - {"source"}):
        raise ConfigError(f"{path}: unknown key {unknown[0]!r}", "Each source is a [[source]].")
    sources = []
    entries = table.get("source", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ConfigError(f"{path}: source is not a list of tables", "Each source begins with a line [[source]].")
    for number, entry in enumerate(entries, start=1):
        kind = entry.get("kind")
        if not isinstance(kind, str) or kind not in SOURCES:
            raise ConfigError(f"{path}: source {number}: kind {kind!r} is unknown", f"Known kinds: {', '.join(sorted(SOURCES))}.")
        sources.append(_convert(entry, SOURCES[kind].settings, path))
    _no_doubles(path, (source.id for source in sources))
    for source in sources:
        if source.id == "local":
            raise ConfigError(f"{path}: id 'local' is what ingested files are kept under", "Choose another id.")
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", source.id):
            raise ConfigError(f"{path}: id {source.id!r}: ids are lower case letters, digits, dots and dashes")
    return tuple(sources)


def _no_doubles(path: Path, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise ConfigError(f"{path}: id {one!r} stands twice")
        seen.add(one)


class _InstitutionFile(Strict, frozen=True, kw_only=True):
    institution: tuple[Institution, ...] = ()


class _PartyFile(Strict, frozen=True, kw_only=True):
    party: tuple[Party, ...] = ()


class _ListFile(Strict, frozen=True, kw_only=True):
    list: tuple[ListOfEntities, ...] = ()
    destinations: dict[str, str] = {}


class _WatcherFile(Strict, frozen=True, kw_only=True):
    watch: tuple[Watcher, ...] = ()


class _OverrideFile(Strict, frozen=True, kw_only=True):
    override: tuple[Override, ...] = ()


def _institutions(files: dict[str, Path]) -> tuple[Institution, ...]:
    """The entries of all files of institutions, in the order of the files; an id stands in one of them only."""
    found: list[Institution] = []
    for name in _INSTITUTIONS:
        found += _convert(_table(files, name), _InstitutionFile, files[name], durations=False).institution
        _no_doubles(files[name], (one.id for one in found))
    return tuple(found)


def _registers(files: dict[str, Path]) -> tuple[Registers, dict[str, str]]:
    institutions = _institutions(files)
    parties = _convert(_table(files, "parties.toml"), _PartyFile, files["parties.toml"], durations=False).party
    lists = _convert(_table(files, "lists.toml"), _ListFile, files["lists.toml"])
    _no_doubles(files["parties.toml"], (one.id for one in parties))
    overrides = _convert(_table(files, "overrides.toml"), _OverrideFile, files["overrides.toml"]).override
    names = [name for name in files if name.startswith("lexicon/")]
    names += [*_INSTITUTIONS, "parties.toml", "lists.toml", "overrides.toml"]
    texts = {name.removesuffix(".toml"): files[name].read_text(encoding="utf-8") for name in sorted(names)}
    lexicons = {}
    for name, text in texts.items():
        if name.startswith("lexicon/"):
            try:
                lexicons[name.removeprefix("lexicon/")] = load_lexicon(text, str(files[f"{name}.toml"]))
            except ValueError as error:
                raise ConfigError(str(error), "docs/configuration.md describes lexicons.") from error
    registers = Registers(
        institutions=institutions,
        parties=parties,
        lists=lists.list,
        destinations=lists.destinations,
        overrides=overrides,
        lexicons=lexicons,
        digests={name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()},
    )
    return registers, texts
