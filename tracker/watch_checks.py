"""What somebody wants to watch, checked: names that exist, times that come, filters that could match."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime
from typing import TYPE_CHECKING, Final, get_args
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from events.codec import EVENTS
from events.names import normalise
from events.statements import Stance
from projections import queries
from tracker.config import Config
from tracker.dates import is_language
from tracker.due import quiet_hours, time_of_day
from tracker.errors import UsageError
from tracker.subjects import nearest

if TYPE_CHECKING:
    from tracker.watching import WatchOrder

_FOLLOWS: Final = ("entity-expired", "entity-reinstated", "rule-ended")
"""Types of change that follow from a term: no event is of them."""

_YEARS: Final = range(1900, 2200)
_LISTED: Final = {"type": "docs/events.md, which lists them", "source": "`tracker sources`"}
"""Where a person finds what can be named, when nothing near it can be guessed."""


def check_filters(config: Config, order: "WatchOrder", printed: Callable[[], Set[str]] = set) -> None:
    """Raises UsageError for what nothing can be of, in any filter; `printed` gives the destinations that were told of."""
    registers = config.registers
    for kind, wanted, known in (
        ("institution", order.institutions, {one.id for one in registers.institutions}),
        ("party", order.parties, {one.id for one in registers.parties}),
        ("list", order.lists, {one.id for one in registers.lists}),
        ("type", order.types, {*(event.topic() for event in EVENTS), *_FOLLOWS}),
        ("source", order.sources, {*(one.id for one in config.sources), "local"}),
        ("stance", order.stances, set(get_args(Stance))),
    ):
        _check_known(kind, wanted, known)
    for language in order.languages:
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z]+)?", language):
            raise UsageError(f"{language!r} is not the tag of a language", "Write it like fr or zh.")
    for field, texts in (("--word", order.words), ("--listing", order.listings), ("--destination", order.destinations)):
        if not all(any(c.isalnum() for c in text) for text in texts):
            raise UsageError(f"{field} wants words, not only marks")
    _check_destinations(registers.destinations, order.destinations, printed)


def _check_destinations(headings: Mapping[str, str], wanted: Iterable[str], printed: Callable[[], Set[str]]) -> None:
    """Raises UsageError for a destination that no list prints and that is no code: "China" is printed otherwise."""
    known = {normalise(one) for one in headings}
    for one in wanted:
        if re.fullmatch(r"[A-Za-z]{2}", one) or normalise(one) in known or normalise(one) in map(normalise, printed()):
            continue
        close = ", ".join(f"“{name}” ({headings[name]})" for name in nearest(one, list(headings)))
        hint = f"Nearest: {close}." if close else "Write it as the list prints it, or as a code of two letters: CN."
        raise UsageError(f"no destination is called {one!r}", hint)


def never_listed(database: Database, names: Iterable[str]) -> Iterator[str]:
    """Says of which entries that a watch names no list knows: they may come, or be slips."""
    names = [one for one in names if not re.fullmatch(r"[0-9a-f]{16}", one)]
    known = {called for _, called, _ in queries.names_on_lists(database)} if names else set[str]()
    for one in names:
        if normalise(one) not in known:
            close = "; ".join(nearest(one, known, 3))
            yield f"no entry of a list goes by {one!r} yet" + (f"; nearest: {close}" if close else "")


def _check_known(kind: str, wanted: Iterable[str], known: set[str]) -> None:
    for one in wanted:
        if one not in known:
            close = ", ".join(nearest(one, sorted(known)))
            hint = (
                f"Nearest: {close}."
                if close
                else f"Look at {_LISTED.get(kind, 'the registers: `tracker config show` names their files')}."
            )
            raise UsageError(f"no {kind} is called {one!r}", hint)


def unknown_watch(watch: str, known: Sequence[str]) -> UsageError:
    """The error that tells of a watch that is not there, with those that could be meant."""
    close = nearest(watch, known)
    hint = f"Nearest: {', '.join(close)}." if close else f"Known: {', '.join(known) or 'none yet'}."
    return UsageError(f"no watch is called {watch!r}", f"{hint} Add one with `tracker watch add`.")


def check_since(since: datetime | None) -> None:
    """Raises UsageError for a beginning so far away that its day cannot be told in every time zone."""
    if since is not None and since.year not in _YEARS:
        raise UsageError(f"--since {since.date()} cannot be meant", f"Give a year from {_YEARS[0]} to {_YEARS[-1]}.")


def check_times(order: "WatchOrder") -> None:
    """Raises UsageError for a beginning, time zone, time, weekday, language of dates or cadence that cannot be meant."""
    check_since(order.since)
    try:
        ZoneInfo(order.zone)
    except (ValueError, OSError, KeyError):
        hint = "Write it as the time zone database does: Europe/Paris, America/New_York, UTC."
        raise UsageError(f"no time zone is called {order.zone!r}", hint) from None
    try:
        if order.at is not None:
            time_of_day(order.at)
        if order.quiet is not None:
            quiet_hours(order.quiet)
    except ValueError as error:
        raise UsageError(str(error), "Times are local: --at 08:00, --quiet 22:00-07:00.") from None
    if order.dates is not None and not is_language(order.dates):
        raise UsageError(f"dates cannot be written in {order.dates!r}", "Give the tag of a language: en, fr, de, es, zh, pt-BR.")
    if order.weekday is not None and order.cadence != "weekly":
        raise UsageError(
            f"a weekday is for weekly digests, not {order.cadence} ones",
            "Add --cadence weekly, or take it away: --clear weekday.",
        )
    if order.at is not None and order.cadence not in {"daily", "weekly"}:
        raise UsageError(
            f"a time of day is for daily and weekly digests, not {order.cadence} ones", "Use --quiet to hold them back."
        )
    if order.empty == "told" and order.cadence not in {"daily", "weekly"}:
        raise UsageError(
            f"{order.cadence} digests that tell that nothing changed would never end", "Use --cadence daily or weekly."
        )
