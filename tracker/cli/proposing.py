"""The command that asks proposers."""

import click

from tracker.cli.output import emit, output_options, say
from tracker.cli.shared import Globals
from tracker.errors import Exit
from tracker.poll import prepare
from tracker.proposing import articles, proposers
from tracker.proposing import propose as ask
from tracker.rereading import documents_named

ASKED = ("document", "proposer", "status", "proposed", "known", "dropped")


@click.command()
@click.argument("documents", nargs=-1)
@output_options
@click.pass_obj
def propose(given: Globals, documents: tuple[str, ...], form: str | None) -> None:
    """Let the models under [proposers] suggest statements that the readers did not find.

    Suggestions wait in the inbox, and count for nothing until they are accepted. Without DOCUMENT, every
    article is put to each model once; a text that was put to it before is not put again.

    Example: tracker propose
    """
    with given.app() as app:
        opened = proposers(app.config.settings.proposers)
        prepare(app)
        streams = documents_named(app, documents) if documents else ()
        asked = [ask(app, proposer, article) for article in articles(app, streams) for proposer in opened]
        app.views.catch_up()
    shown = [one for one in asked if one.status != "unchanged"]  # what was asked before is no news
    emit(
        [{**{name: getattr(one, name) for name in one.__struct_fields__}, "dropped": len(one.dropped)} for one in shown],
        form,
        ASKED,
    )
    for one in shown:
        for why in one.dropped:
            say(f"{one.document}: dropped: {why}")
        if one.error:
            say(f"tracker: {one.document}: {one.error}")
    if any(one.status == "failed" for one in asked):
        raise click.exceptions.Exit(int(Exit.SOURCES_FAILED))


COMMANDS = (propose,)
