"""The command that tells how the tracker fares."""

import click
import msgspec

from tracker.cli.output import emit, output_options, say
from tracker.cli.shared import Globals
from tracker.errors import Exit
from tracker.health import Health, SourceHealth, health_of

_COLUMNS = ("source", "state", "since", "last_ok", "last_new", "usual", "next_check", "error")
_UNITS = ((86400, "d"), (3600, "h"), (60, "m"))


@click.command()
@output_options
@click.pass_obj
def health(given: Globals, form: str | None) -> None:
    """Show how every source fares, and what else an operator asks about; exit code 3 when a source is not well.

    With --json one object; with --jsonl and --csv the sources alone.

    Example: tracker health
    """
    with given.app() as app:
        found = health_of(app)
    if form == "json":
        emit([found], form, (), single=True)
    elif form is not None:
        emit(found.sources, form, [field.name for field in msgspec.structs.fields(SourceHealth)])
    else:
        rows = [
            {**msgspec.structs.asdict(one), "usual": _span(one.usual_gap), "error": one.error or "; ".join(one.troubles)}
            for one in found.sources
        ]
        emit(rows, form, _COLUMNS)
        for line in _words(found):
            say(line)
    if not found.well:
        raise click.exceptions.Exit(int(Exit.SOURCES_FAILED))


def _words(found: Health) -> list[str]:
    """What is not of one source, a line each."""
    run = found.last_run
    lines = [
        f"at work: {found.at_work}" if found.at_work else "at work: nobody",
        f"last run: {run.command}, ended {run.ended:%Y-%m-%d %H:%M} UTC, {run.outcome}" if run else "last run: none",
        f"ledger: {found.ledger_head} events; the views were {found.views_behind} behind; {found.parked} parked",
        f"disk: {found.disk_free / 2**30:.1f} GiB free of {found.disk_total / 2**30:.1f}",
    ]
    if found.deliveries.failed:
        when = f", tried again from {found.deliveries.next_try:%Y-%m-%d %H:%M} UTC" if found.deliveries.next_try else ""
        lines.append(f"deliveries: {found.deliveries.failed} failed at their last try{when}")
    return [*lines, *found.deliveries.channels]


def _span(seconds: float | None) -> str | None:
    """Seconds as people say them."""
    if seconds is None:
        return None
    unit, name = next((one for one in _UNITS if seconds >= one[0]), (1, "s"))
    return f"{seconds / unit:.0f}{name}"


COMMANDS = (health,)
