"""The options of `tracker watch` that `add`, `change` and `preview` share, each declared once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar, get_args

import click
from click.core import ParameterSource

from events.operations import Cadence, LeastStanding, Weekday
from events.statements import Stance
from tracker.deliver import CHANNELS

F = TypeVar("F", bound=Callable[..., Any])
KINDS: Final = ", ".join(f"{kind}:{one.target}" for kind, one in CHANNELS.items())
CSV: Final = click.Path(path_type=Path)

_FILTERS: Final = (
    click.option("--institution", "institutions", multiple=True, metavar="I", help="An institution, by id."),
    click.option("--party", "parties", multiple=True, metavar="P", help="A party, by id."),
    click.option("--list", "lists", multiple=True, metavar="L", help="A list, by id."),
    click.option("--listing", "listings", multiple=True, metavar="E", help="An entry of a list, by lineage or any name it had."),
    click.option("--destination", "destinations", multiple=True, metavar="D", help="A destination, as printed or by code (CN)."),
    click.option("--names", "names", multiple=True, type=CSV, metavar="CSV", help="Names of partners; kept in private.db only."),
    click.option("--type", "types", multiple=True, metavar="T", help="Only this type of change, for example tie-ended."),
    click.option("--source", "sources", multiple=True, metavar="S", help="Only what this source brought."),
    click.option("--stance", "stances", multiple=True, type=click.Choice(get_args(Stance)), help="Only responses like this."),
    click.option("--language", "languages", multiple=True, metavar="TAG", help="Only documents in this language, by its tag."),
    click.option("--word", "words", multiple=True, metavar="W", help="Only changes that have these words."),
    click.option("--standing", type=click.Choice(get_args(LeastStanding)), help="Only what stands at least so."),
    click.option("--operators/--no-operators", default=False, help="Tell too which sources fail and work again."),
)
_TIMES: Final = (
    click.option("--cadence", type=click.Choice(get_args(Cadence)), default="daily", show_default=True, help="How often."),
    click.option("--at", metavar="HH:MM", help="Not before this local time of day (daily, weekly)."),
    click.option("--weekday", type=click.Choice(get_args(Weekday)), help="On which day (weekly)."),
    click.option("--quiet", metavar="HH:MM-HH:MM", help="Local hours in which nothing is issued."),
    click.option("--zone", default="UTC", show_default=True, metavar="TZ", help="Where the watcher is: Europe/Paris."),
    click.option("--dates", metavar="TAG", help="Language of dates: en, fr, de, es, zh, ... (default: as 2019-10-09)."),
    click.option(
        "--empty", type=click.Choice(["silent", "told"]), default="silent", show_default=True,
        help="When a digest is due and nothing changed: nothing, or a digest that says so.",
    ),
)  # fmt: skip
_SECRET: Final = click.option(
    "--secret",
    envvar="TRACKER_WEBHOOK_SECRET",
    metavar="S",
    help="What webhooks are signed with; rather given as TRACKER_WEBHOOK_SECRET, where no list of processes shows it.",
)


def filter_options(command: F) -> F:
    """Adds what a watch takes."""
    return _with(command, _FILTERS)


def time_options(command: F) -> F:
    """Adds when it is told, and how dates are written."""
    return _with(command, _TIMES)


def channel_options(*, required: bool) -> Callable[[F], F]:
    """Adds where it is told, and what webhooks are signed with."""
    channel = click.option(
        "--channel", "channels", multiple=True, required=required, metavar="KIND:TARGET", help=f"Where to: {KINDS}."
    )
    return lambda command: _with(command, (channel, _SECRET))


def _with(command: F, options: tuple[Callable[[Any], Any], ...]) -> F:
    for option in reversed(options):
        command = option(command)
    return command


def typed(context: click.Context) -> dict[str, Any]:
    """The options that somebody gave: what has its default is left out."""
    given = {ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT}
    return {name: value for name, value in context.params.items() if context.get_parameter_source(name) in given}
