"""Commands for what waits for a person."""

import click

from tracker import inbox as decisions
from tracker.cli.explain import print_why
from tracker.cli.output import emit, output_options, say
from tracker.cli.shared import Globals
from tracker.why import why

WAITING = ("id", "kind", "change", "name", "count", "destination", "reason", "quote", "document", "claim:proposed")


@click.group()
def inbox() -> None:
    """Decide what waits for a person.

    Example: tracker inbox list
    """


@inbox.command("list")
@click.option("--list", "list_id", metavar="L", help="Only this list, for example us-bis-el.")
@click.option("--kind", type=click.Choice(["amendment", "proposal", "name"]), help="Only items of this kind.")
@output_options
@click.pass_obj
def list_items(given: Globals, list_id: str | None, kind: str | None, form: str | None) -> None:
    """Show what waits: quarantined parts of documents, amendments of entries that nobody added, what proposers
    propose, and names that no register holds.

    Example: tracker inbox list --json
    """
    with given.app() as app, app.views.store.reading() as database:
        rows = decisions.items(database, app.archive, list_id, kind)
    emit(rows, form, WAITING)


@inbox.command()
@click.argument("item", metavar="ID")
@click.option("--json", "form", flag_value="json", help="One JSON object.")
@click.pass_obj
def show(given: Globals, item: str, form: str | None) -> None:
    """Show one item, and the statement that is proposed for it with its source.

    Example: tracker inbox show 3f0c
    """
    with given.app() as app, app.views.store.reading() as database:
        one = decisions.waiting(database, item)
        proposed = None if one.kind == "name" else why(app, database, one.claim or one.id)
    if form:
        emit([{**{name: getattr(one, name) for name in one.__struct_fields__}, "proposed": proposed}], form, (), single=True)
        return
    for name in one.__struct_fields__:
        if getattr(one, name) is not None:
            click.echo(f"{name:<12} {getattr(one, name)}")
    if proposed is not None:
        click.echo()
        print_why(proposed)


def decision_options(command: click.decorators.FC) -> click.decorators.FC:
    """Who decides, and why."""
    command = click.option("--by", default="operator", show_default=True, metavar="NAME", help="Who decides.")(command)
    return click.option("--reason", required=True, metavar="TEXT", help="Why; it is kept for good.")(command)


@inbox.command()
@click.argument("item", metavar="ID")
@click.option("--as", "entry", metavar="ENTRY", help="For a name: the id of the institution or party whose it is.")
@decision_options
@click.pass_obj
def accept(given: Globals, item: str, entry: str | None, reason: str, by: str) -> None:
    """Take the proposed statement as said, or a name as that of an entry of the registers.

    Example: tracker inbox accept 3f0c --reason "the printed word adding is missing"
    """
    with given.app() as app:
        one = decisions.accept(app, item, reason, by, entry)
    say(f"accepted: {one.change or ''} {one.name or one.document}")


@inbox.command()
@click.argument("item", metavar="ID")
@decision_options
@click.pass_obj
def reject(given: Globals, item: str, reason: str, by: str) -> None:
    """Decide that the proposed statement is false, that the part needs none, or that a name is nobody's.

    Example: tracker inbox reject 3f0c --reason "an editorial note, no entry"
    """
    with given.app() as app:
        one = decisions.reject(app, item, reason, by)
    say(f"rejected: {one.change or ''} {one.name or one.document}")


@inbox.command()
@click.argument("facts", nargs=-1, required=True, metavar="FACT FACT...")
@decision_options
@click.pass_obj
def merge(given: Globals, facts: tuple[str, ...], reason: str, by: str) -> None:
    """Decide that several reported facts are one, told by several sources.

    Example: tracker inbox merge 3f0c 9b1d --reason "one letter, told on two days"
    """
    with given.app() as app:
        merged = decisions.merge(app, facts, reason, by)
    say(f"merged: {len(merged.claims)} claims are one fact")


@inbox.command()
@click.argument("claims", nargs=-1, required=True, metavar="CLAIM...")
@decision_options
@click.pass_obj
def split(given: Globals, claims: tuple[str, ...], reason: str, by: str) -> None:
    """Decide that some claims of a reported fact tell another one.

    Example: tracker inbox split 9b1d --reason "it tells of another gift"
    """
    with given.app() as app:
        parted = decisions.split(app, claims, reason, by)
    say(f"split: {len(parted.claims)} of {len(parted.claims) + len(parted.others)} claims are a fact of their own")


COMMANDS = (inbox,)
