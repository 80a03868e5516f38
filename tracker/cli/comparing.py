"""Commands that hold what is known here against what others hold: reconcile."""

from collections import Counter

import click

from tracker.cli.output import emit, output_options, say
from tracker.cli.shared import Globals
from tracker.cli.times import iso_day
from tracker.reconciling import Reconciled, reconcile_all


@click.command()
@click.option("--on", "day", metavar="D", help="With the latest copy up to that day (default: the latest).")
@click.option("--source", metavar="S", help="Only with this source of copies: its id, ecfr or csl.")
@output_options
@click.pass_obj
def reconcile(given: Globals, day: str | None, source: str | None, form: str | None) -> None:
    """Hold the Entity List, as the rules settle to it, against official copies, and explain each difference.

    Example: tracker reconcile --source ecfr
    """
    until = iso_day(day, "--on") if day else None
    with given.app() as app:
        app.views.catch_up()
        found = reconcile_all(app, until, source)
    for one in found:
        say(told(one))
    if form is None:
        all_found = [difference for one in found for difference in (*one.missing, *one.extra, *one.differing)]
        rows = [one for one in all_found if one.explanation != "citation page"]
        emit(rows, None, ("kind", "explanation", "destination", "name", "field", "ours", "theirs"))
    else:
        emit(found, form, ("on", "source", "agree"))


def told(one: Reconciled) -> str:
    """One line about a copy compared, with the causes counted."""
    counts = f"{one.agree} entries agree, {len(one.missing)} missing there, {len(one.extra)} only there"
    causes = Counter(difference.explanation for difference in (*one.missing, *one.extra, *one.differing))
    why = "; ".join(f"{cause} {count}" for cause, count in causes.most_common())
    return f"{one.source} on {one.on}: {counts}, {len(one.differing)} fields differ{f' ({why})' if why else ''}"


COMMANDS = (reconcile,)
