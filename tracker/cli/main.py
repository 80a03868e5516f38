"""`tracker`: the command line. One file a group of commands, one line here."""

import logging
import sys
from pathlib import Path

import click

from tracker import __version__
from tracker.app import default_home
from tracker.cli import (
    asking,
    comparing,
    delivering,
    demo,
    digests,
    health,
    inbox,
    investigating,
    operating,
    proposing,
    replaying,
    taking_in,
    watching,
)
from tracker.cli.shared import Globals, TrackerGroup
from tracker.clock import Clock, FixedClock, SystemClock
from tracker.moments import instant


@click.group(cls=TrackerGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--home", type=click.Path(path_type=Path, file_okay=False), envvar="TRACKER_HOME", help="Where everything is kept.")
@click.option(
    "--config", type=click.Path(path_type=Path), envvar="TRACKER_CONFIG", help="A folder of files that replace the defaults."
)
@click.option("--now", metavar="ISO8601", help="Take this for the present, with an offset, for the whole run.")
@click.option("-v", "--verbose", count=True, help="Say more on stderr; twice for all.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing on stderr but errors.")
@click.version_option(__version__, prog_name="tracker")
@click.pass_context
def cli(ctx: click.Context, home: Path | None, config: Path | None, now: str | None, verbose: int, quiet: bool) -> None:
    """Holds regulatory change as immutable events with evidence.

    Example: tracker demo
    """
    clock: Clock = FixedClock(instant(now, "--now", offset_required=True)) if now else SystemClock()
    level = logging.ERROR if quiet else (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    logging.basicConfig(level=level, format="%(levelname)s %(message)s", stream=sys.stderr, force=True)
    for name in ("trafilatura", "htmldate", "apscheduler", "httpx2", "httpcore2", "stamina"):
        logging.getLogger(name).setLevel(max(level, logging.ERROR) if verbose < 2 else level)
    ctx.obj = Globals(home=home or default_home(), config=config, clock=clock, quiet=quiet)


for module in (
    demo, taking_in, asking, investigating, comparing, replaying, inbox, proposing, watching, digests,
    delivering, operating, health,
):  # fmt: skip
    for command in module.COMMANDS:
        cli.add_command(command)


def main() -> None:
    """The entry point."""
    cli()
