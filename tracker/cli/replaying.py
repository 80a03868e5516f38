"""Commands that settle again: replay."""

from typing import Any

import click

from tracker.cli.output import emit, output_options, say, shown
from tracker.cli.shared import Globals
from tracker.cli.times import time_options, times
from tracker.errors import UsageError
from tracker.replay import leaving
from tracker.replay import replay as replay_without


@click.command()
@click.option("--without-source", "sources", multiple=True, metavar="S", help="Leave out all documents of this source.")
@click.option("--without-document", "documents", multiple=True, metavar="D", help="Leave out this document.")
@click.option("--readings", multiple=True, metavar="READER@V", help="Leave out readings of this reader after that version.")
@click.option("--compare", is_flag=True, help="Show each difference, not only how many there are.")
@time_options
@output_options
@click.pass_obj
def replay(
    given: Globals, sources: tuple[str, ...], documents: tuple[str, ...], readings: tuple[str, ...], compare: bool,
    on: str | None, known_at: str | None, available_at: str | None, form: str | None,
) -> None:  # fmt: skip
    """Settle everything again without some of it, and show what would differ. Nothing is written or sent.

    Example: tracker replay --without-source federal-register --compare
    """
    with given.app() as app:
        app.views.catch_up()
        when = times(app, on, known_at, available_at)
        out = leaving(app, sources, documents, readings)
        if out.is_nothing:
            raise UsageError("nothing is left out", "Give --without-source, --without-document or --readings.")
        found = replay_without(app, out, when.day, when.horizon)
    if form:
        emit([found if compare else {**found, **_counted(found)}], form, ("on", "events", "left_out"), single=True)
        return
    say(f"{found['left_out']} events left out of {found['events'] + found['left_out']}; on {found['on']}:")
    for name, count in _counts(found).items():
        say(f"  {name}: {count}")
    if compare:
        for line in _lines(found):
            click.echo(line)


def _counts(found: dict[str, Any]) -> dict[str, int]:
    status, timelines = found["status"], found["timelines"]
    return {
        "entries no longer in force": len(status["removed"]),
        "entries in force besides": len(status["added"]),
        "entries that read otherwise": len(status["revised"]),
        "facts gone": len(timelines["gone"]),
        "facts new": len(timelines["new"]),
        "facts changed": len(timelines["changed"]),
        "digests that would have said otherwise": len(found["digests"]),
    }


def _counted(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "status": {name: len(rows) for name, rows in found["status"].items()},
        "timelines": {name: len(rows) for name, rows in found["timelines"].items()},
        "digests": len(found["digests"]),
    }


def _lines(found: dict[str, Any]) -> list[str]:
    status, timelines = found["status"], found["timelines"]
    lines = [f"- {row['name']} ({row['destination']})" for row in status["removed"]]
    lines += [f"+ {row['name']} ({row['destination']})" for row in status["added"]]
    lines += [f"~ {row['name']} ({row['destination']}): {', '.join(row['fields'])}" for row in status["revised"]]
    lines += [f"- {row['date']}  {row['summary']} ({row['fact']})" for row in timelines["gone"]]
    lines += [f"+ {row['date']}  {row['summary']} ({row['fact']})" for row in timelines["new"]]
    for row in timelines["changed"]:
        before, after = row["before"], row["after"]
        what = ", ".join(f"{key} {shown(before[key])} -> {shown(after[key])}" for key in before if before[key] != after[key])
        lines.append(f"~ {after['date']}  {after['summary']}: {what}")
    for row in found["digests"]:
        lines.append(f"digest {row['watch']}-{row['number']}:")
        lines += [f"  - {line}" for line in row["gone"]] + [f"  + {line}" for line in row["new"]]
    return lines


COMMANDS = (replay,)
