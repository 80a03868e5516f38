"""Settings: TOML files, read once into frozen values. An unknown key is an error that names file and key.

The packaged files are the default; those that `--config DIR` contains replace them, the others stay.
Durations are written `"30s"`, `"15m"`, `"1h"`, `"30d"`. No file holds secrets: those come from the
environment; proxies and certificate authorities as the HTTP library reads them.
"""

import re
from pathlib import Path, PurePath
from typing import Annotated, Final

import msgspec

from tracker.deliver.settings import DeliverySettings, EmailSettings, ServeSettings
from tracker.errors import ConfigError
from tracker.http import HttpSettings
from tracker.proposers.settings import ProposerSettings
from tracker.register_files import INSTITUTIONS, LANGUAGES, load_registers
from tracker.registers import Registers
from tracker.sources import SOURCES
from tracker.sources.base import SourceSettings
from tracker.toml_files import Strict, convert, no_doubles, table
from tracker.wishes import Wishes
from tracker.worker import Limits

_OF_LANGUAGES: Final = ("lexicon/*.toml", "weights/*.json", "encoders/*.onnx")
LEAST_LOG: Final = 31 * 86400.0
_HERE: Final = Path(__file__).parent


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
    """All that the files say. `contents` are the registers' files by name, for adoption into the ledger."""

    settings: Settings
    sources: tuple[SourceSettings, ...]
    registers: Registers
    contents: dict[str, bytes]
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
    settings = convert(table(files, "tracker.toml"), Settings, files["tracker.toml"])
    registers, contents = load_registers(files)
    watchers = convert(table(files, "watchers.toml"), _WatcherFile, files["watchers.toml"]).watch
    no_doubles(files["watchers.toml"], (one.id for one in watchers))
    sources = _sources(files)
    return Config(settings=settings, sources=sources, registers=registers, contents=contents, files=files, watchers=watchers)


def _files(directory: Path | None) -> dict[str, Path]:
    """Each file's name (`sources.toml`, `lexicon/en.toml`) and where it is read from."""
    found: dict[str, Path] = {}
    for root in filter(None, (packaged_directory(), directory)):
        folders = (path for folder in LANGUAGES for path in sorted((root / folder).glob("[!.]*[!~]")))
        for path in (*sorted(root.glob("*.toml")), *folders):
            found[path.relative_to(root).as_posix()] = path
    known = {
        "tracker.toml", "sources.toml", "lists.toml", *INSTITUTIONS, "parties.toml", "overrides.toml", "watchers.toml"
    }  # fmt: skip
    for name in found:
        if name not in known and not any(PurePath(name).match(pattern) for pattern in _OF_LANGUAGES):
            also = ", ".join(_OF_LANGUAGES)
            raise ConfigError(f"{found[name]}: not a settings file", f"Known are {', '.join(sorted(known))}, {also}.")
    return found


def _sources(files: dict[str, Path]) -> tuple[SourceSettings, ...]:
    path = files["sources.toml"]
    read = table(files, "sources.toml")
    if unknown := sorted(set(read) - {"source"}):
        raise ConfigError(f"{path}: unknown key {unknown[0]!r}", "Each source is a [[source]].")
    sources = []
    entries = read.get("source", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ConfigError(f"{path}: source is not a list of tables", "Each source begins with a line [[source]].")
    for number, entry in enumerate(entries, start=1):
        kind = entry.get("kind")
        if not isinstance(kind, str) or kind not in SOURCES:
            raise ConfigError(f"{path}: source {number}: kind {kind!r} is unknown", f"Known kinds: {', '.join(sorted(SOURCES))}.")
        sources.append(convert(entry, SOURCES[kind].settings, path))
    no_doubles(path, (source.id for source in sources))
    for source in sources:
        if source.id == "local":
            raise ConfigError(f"{path}: id 'local' is what ingested files are kept under", "Choose another id.")
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", source.id):
            raise ConfigError(f"{path}: id {source.id!r}: ids are lower case letters, digits, dots and dashes")
    return tuple(sources)


class _WatcherFile(Strict, frozen=True, kw_only=True):
    watch: tuple[Watcher, ...] = ()
