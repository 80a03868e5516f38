"""The one place where the parts are put together: a home folder, settings and a clock.

<home>/ledger.db      every event (precious)
<home>/receipts.db    who was told what (precious)
<home>/archive/       bytes and clean texts (precious)
<home>/private.db     addresses (precious, erasable)
<home>/state.db       validators, next checks, the poll log (nice to have)
<home>/views/         tables (disposable)
"""

from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

import platformdirs

from projections import queries
from projections.deliveries import Deliveries
from projections.generations import Views
from tracker.archive import Archive
from tracker.clock import Clock
from tracker.config import Config, load_config
from tracker.errors import TrackerError
from tracker.ledger import Ledger
from tracker.name_lists import entries_called
from tracker.private import PrivateStore
from tracker.state import State
from tracker.worker import WORKER


def default_home() -> Path:
    """The platform's user data folder."""
    return Path(platformdirs.user_data_dir("regulatory-change-tracker", appauthor=False))


def _made(home: Path) -> Path:
    """Makes a folder unless it is there."""
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrackerError(f"{home}: the home folder cannot be made: {error.strerror}", "Give --home another one.") from error
    return home


class App:
    """The parts of one run, each opened when first used and closed at the end."""

    def __init__(self, home: Path, config_directory: Path | None, clock: Clock) -> None:
        self._home = home
        self.config_directory = config_directory
        self.clock = clock

    @cached_property
    def home(self) -> Path:
        """The home folder, made when first used; raises TrackerError where it cannot be."""
        return _made(self._home)

    @property
    def templates(self) -> Path | None:
        """The folder of the user's own templates, where there is one."""
        folder = self.config_directory / "templates" if self.config_directory else None
        return folder if folder and folder.is_dir() else None

    @cached_property
    def config(self) -> Config:
        """The settings, which the worker of this process keeps from here on; raises ConfigError."""
        config = load_config(self.config_directory)
        WORKER.limits = config.settings.worker.limits
        return config

    @cached_property
    def entries_called(self) -> Callable[[str], Iterable[tuple[str, str]]]:
        """Tells which institutions and parties of the registers go by a name."""
        return entries_called(self.config.registers)

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger of events; raises TrackerError where it is gone and its views are not: a new one would clear every name."""
        path = self.home / "ledger.db"
        if (self.home / "views" / "current").exists() and not (path.exists() and path.stat().st_size):
            hint = f"Restore it from a backup; to begin anew, remove the folder {self.home / 'views'} too."
            raise TrackerError(f"{path} is missing, and this home had one", hint)
        return Ledger(path)

    @cached_property
    def receipts(self) -> Ledger:
        """The second ledger: deliveries made and failed."""
        return Ledger(self.home / "receipts.db")

    @cached_property
    def archive(self) -> Archive:
        """The archive of bytes."""
        return Archive(self.home / "archive")

    @cached_property
    def private(self) -> PrivateStore:
        """Addresses and the like."""
        return PrivateStore(self.home / "private.db")

    @cached_property
    def state(self) -> State:
        """Validators, next checks and the poll log."""
        return State(self.home / "state.db")

    @cached_property
    def views(self) -> Views:
        """The views, caught up with the ledger."""
        views = Views(self.home / "views", self.ledger)
        views.catch_up()
        return views

    def printed_destinations(self) -> set[str]:
        """The destinations that any change was told of, as printed."""
        with self.views.store.reading() as database:
            return queries.destinations(database)

    def views_behind(self) -> int:
        """How many events the views have not taken in; asked before they are first used, since that catches them up."""
        if "views" in self.__dict__:
            return self.ledger.head() - self.views.store.checkpoint()
        views = Views(self.home / "views", self.ledger)
        try:
            return self.ledger.head() - views.store.checkpoint()
        finally:
            views.close()

    @cached_property
    def deliveries(self) -> Deliveries:
        """The view of deliveries, which follows both ledgers; whoever asks it catches up first."""
        return Deliveries(self.home / "views" / "deliveries.db", self.ledger, self.receipts)

    def close(self) -> None:
        """Closes what was opened."""
        for name in ("deliveries", "views", "state", "private", "receipts", "ledger"):
            if name in self.__dict__:
                self.__dict__.pop(name).close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
