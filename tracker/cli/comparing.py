"""Commands that compare: two days or states of knowledge (diff), the list with what others hold (reconcile)."""

from collections import Counter
from typing import Any

import click

from tracker import compare
from tracker.cli.asking import tell_what_waits
from tracker.cli.output import emit, output_options, say, shown
from tracker.cli.shared import Globals
from tracker.cli.times import iso_day, position_of, times
from tracker.errors import UsageError
from tracker.learnt import between_knowledge
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


@click.command()
@click.argument("days", nargs=-1, metavar="[D1 D2]")
@click.option("--known", nargs=2, metavar="K1 K2", help="Compare two states of knowledge instead of two days.")
@click.option("--on", metavar="D", help="With --known: about which day (default: today).")
@output_options
@click.pass_obj
def diff(given: Globals, days: tuple[str, ...], known: tuple[str, str] | None, on: str | None, form: str | None) -> None:
    """Show what differs between two days, or between two states of knowledge.

    Example: tracker diff 2019-10-08 2019-10-09
    """
    if (len(days) == 2) == bool(known) or len(days) not in {0, 2}:
        hint = "For example: tracker diff 2019-10-08 2019-10-09"
        raise UsageError("give two days, or --known with two states of knowledge", hint)
    if on is not None and not known:
        raise UsageError("--on goes with --known: two days need no third", "Leave it out.")
    with given.app() as app, app.views.store.reading() as database:
        if known:
            first, second = (position_of(app, one, "--known") for one in known)
            found = between_knowledge(database, times(app, on, None, None).day, first, second)
        else:
            begin, end = (iso_day(one, "diff") for one in days)
            tell_what_waits(database, times(app, end, None, None))
            found = compare.between_days(database, begin, end)
    if form:
        emit([found], form, (), single=True)
        return
    for kind, items in found.items():
        for item in items:
            words = shown(item.get("summary") or f"{item['name']} ({item['destination']})")
            cause = f"{item['cause']} ({item['reader']})" if item.get("reader") else item["cause"]
            click.echo(f"{kind}\t{item.get('date', '')}\t{words}{_fields(item)}\t{cause}")


def _fields(item: dict[str, Any]) -> str:
    """For people: what reads otherwise, before and after."""
    told = (f"{name} {shown(field['before'])} -> {shown(field['after'])}" for name, field in item.get("fields", {}).items())
    words = "; ".join(told)
    return f": {words}" if words else ""


COMMANDS = (diff, reconcile)
