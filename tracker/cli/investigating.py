"""Commands that investigate: why-not, and the case file."""

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from tracker.case import Question, export_case
from tracker.cli.asking import check_list, suggest
from tracker.cli.output import emit, say, shown
from tracker.cli.shared import Globals
from tracker.cli.times import time_options, times
from tracker.why_not import why_not as why_it_is_not

_SHOWN = 10
"""Documents that the words for people name; the JSON has all."""


@click.command("why-not")
@click.argument("name")
@click.option("--list", "list_id", metavar="L", help="Only about this list, for example us-bis-el.")
@time_options
@click.option("--json", "form", flag_value="json", help="One JSON object.")
@click.pass_obj
def why_not(
    given: Globals, name: str, list_id: str | None, on: str | None, known_at: str | None, available_at: str | None,
    form: str | None,
) -> None:  # fmt: skip
    """Tell why a name is not on a list: what mentions it, what waits or was rejected, and what comes near.

    Example: tracker why-not "Nimbus Kestrel" --on 2019-10-09
    """
    with given.app() as app:
        when = times(app, on, known_at, available_at)
        check_list(app, list_id)
        found = why_it_is_not(app, name, list_id, when.day, when.horizon)
        if not any(found[part] for part in ("mentioned", "copies", "listed", "near")):
            with app.views.store.reading() as database:
                suggest(app, database, name, "no document mentions")
    if form:
        emit([found], form, (), single=True)
    else:
        for line in _told(found):
            click.echo(line)


def _told(found: dict[str, Any]) -> Iterator[str]:
    """The answer in short lines."""
    where = f"on {found['list']}" if found["list"] else "on any list"
    listed = found["listed"]
    yield f"{shown(found['name'])}: {'listed' if listed else 'not listed'} {where} on {found['on']}"
    for one in listed:
        yield f"  listed      {shown(one['name'])} ({shown(one['destination'])}), {one['list']}, from {one['effective_from']}"
    yield from _documents(found)
    for one in found["waiting"]:
        what = shown(one["name"] or "a part that cannot be placed")
        yield f"  {one['kind']:<11} {shown(one['change'])} {what}: {shown(one['reason'])} ({shown(one['document'])}; {one['id']})"
    for one in found["rejected"]:
        what = f"{shown(one['change'])} {shown(one['name'])}"
        yield f"  rejected    {what}: {shown(one['reason'])} ({shown(one['by'])}; {one['id']})"
    for one in found["blocked"]:
        yield f"  blocked     {one['type']} by {one['rule']}: “{_short(one['quote'])}”"
    for one in found["near"]:
        what = f"{shown(one['name'])} ({shown(one['destination'])}), {one['list']}"
        yield f"  near        {what}: {'; '.join(map(shown, one['why']))}"
    yield from _coverage(found["coverage"])


def _documents(found: dict[str, Any]) -> Iterator[str]:
    mentioned = found["mentioned"]
    if not mentioned:
        yield "  mentioned   in no document that was read"
    for one in mentioned[:_SHOWN]:
        about = f"{one['statements']} statement{'' if one['statements'] == 1 else 's'} about it"
        yield f"  mentioned   {(one['published'] or 'undated')[:10]} {shown(one['title'] or one['document'])}: {about}"
        yield f"              “{_short(one['quote'])}” ({shown(one['outlet'] or one['document'])})"
    if len(mentioned) > _SHOWN:
        yield f"              ... and {len(mentioned) - _SHOWN} more documents: --json has them all"
    for one in found["copies"]:
        yield f"  copy        it stands in the copy of {(one['published'] or 'no day')[:10]} ({shown(one['document'])})"


def _short(quote: str) -> str:
    return textwrap.shorten(shown(quote), 220, placeholder=" …")


def _coverage(coverage: dict[str, Any]) -> Iterator[str]:
    waiting = len(coverage["pending"]) + len(coverage["quarantined"])
    yield (
        f"  coverage    {coverage['list']}: complete from {coverage['complete_from'] or 'no day'}, "
        f"last good poll {coverage['last_good_poll'] or 'never'}, {waiting} waiting"
    )


@click.group()
def export() -> None:
    """Take data out.

    Example: tracker export case mit --to mit-case
    """


@export.command("case")
@click.argument("subject")
@time_options
@click.option("--to", "target", required=True, metavar="PATH", type=click.Path(path_type=Path), help="What to write.")
@click.option("--zip", "as_zip", is_flag=True, help="One zip file instead of a folder.")
@click.option("--force", is_flag=True, help="Replace an earlier case file, or the zip.")
@click.pass_obj
def case(
    given: Globals, subject: str, on: str | None, known_at: str | None, available_at: str | None, target: Path, as_zip: bool,
    force: bool,
) -> None:  # fmt: skip
    """Write the case file of an institution, a party or a listed entity: what is known, with all that proves it.

    Example: tracker export case mit --known-at 2019-10-09 --to mit-case
    """
    question = Question(subject=subject, on=on, known_at=known_at, available_at=available_at)
    with given.app() as app:
        when = times(app, on, known_at, available_at)
        files = export_case(app, question, when.horizon, target, as_zip=as_zip, force=force)
        if files is None:
            with app.views.store.reading() as database:
                suggest(app, database, subject, "nothing is known of")
            return
    say(f"{target}: {len(files)} files" + ("" if as_zip else f"; open {target / 'index.html'}"))


COMMANDS = (why_not, export)
