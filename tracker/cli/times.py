"""Times on the command line: `--on`, `--known-at`, `--available-at`, `--now`."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click
import msgspec

from projections.claims import Horizon
from tracker.app import App
from tracker.errors import UsageError
from tracker.moments import instant

LAST_POSITION = 2**62
"""More than any ledger holds; SQLite's integers end a little later."""

F = TypeVar("F", bound=Callable[..., Any])


class Times(msgspec.Struct, frozen=True, kw_only=True):
    """A day, and a state of knowledge."""

    day: str
    horizon: Horizon


def time_options(command: F) -> F:
    """Adds `--on`, `--known-at` and `--available-at`; the command is given them as text."""
    for name, meta, words in (
        ("--available-at", "A", "Only documents available by then."),
        ("--known-at", "K", "Only what this ledger had recorded by then: a time or a position."),
        ("--on", "D", "What was true on that day (default: today)."),
    ):
        command = click.option(name, metavar=meta, help=words)(command)
    return command


def times(app: App, on: str | None, known_at: str | None, available_at: str | None) -> Times:
    """Reads the options; raises UsageError for what is no date or time."""
    day = iso_day(on, "--on") if on is not None else app.clock.now().date().isoformat()
    position = position_of(app, known_at, "--known-at") if known_at is not None else None
    available = instant(available_at, "--available-at") if available_at is not None else None
    return Times(day=day, horizon=Horizon(position=position, available=available))


def position_of(app: App, text: str, option: str) -> int:
    """A ledger position: as given, or the last one recorded by a time."""
    if text.isascii() and text.isdigit():
        return min(int(text), LAST_POSITION)
    return app.ledger.position_at(instant(text, option))


def iso_day(text: str, option: str) -> str:
    """A calendar day."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError(f"{option}: {text!r} is not a day", "Write it like 2019-10-09.") from None
