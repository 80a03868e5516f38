"""Commands for deliveries: send what waits, and tell who was told what."""

import click

from tracker.cli.asking import suggest
from tracker.cli.output import emit, output_options, say
from tracker.cli.shared import Globals
from tracker.delivery import deliver as send
from tracker.digest import named
from tracker.errors import Exit
from tracker.links import served_links
from tracker.moments import beginning
from tracker.told_whom import deliveries as all_deliveries
from tracker.told_whom import in_trouble, sought
from tracker.watching import check_ever_added

DELIVERY = ("watch", "number", "channel", "address", "state", "at", "next_try", "error")
SENT = ("watch", "number", "channel", "receipt", "error")


@click.command()
@click.argument("watch_id", metavar="[WATCH]", required=False)
@click.option("--at-once", is_flag=True, help="Try now what rests after a failure, and channels that were paused for refusing.")
@output_options
@click.pass_obj
def deliver(given: Globals, watch_id: str | None, at_once: bool, form: str | None) -> None:
    """Deliver the digests that wait, of a watch or of all; none is issued.

    Example: tracker deliver office --at-once
    """
    with given.app() as app:
        with app.views.store.reading() as database:
            named(database, watch_id)
        done = send(app, watch_id, at_once=at_once)
        emit(done, form, SENT)
        for words in in_trouble(app):
            say(words)
    if not done:
        say("nothing is due")
    if any(one.error for one in done):
        raise click.exceptions.Exit(int(Exit.FAILED))


@click.command()
@click.option("--about", metavar="SUBJECT|FACT", help="Only digests that told of this institution, party, list, entry or fact.")
@click.option("--watch", "watch_id", metavar="W", help="Only this watch, also one that was removed.")
@click.option("--since", metavar="T", help="Only what was sent, or issued, from that time or day on.")
@output_options
@click.pass_obj
def deliveries(given: Globals, about: str | None, watch_id: str | None, since: str | None, form: str | None) -> None:
    """Show who was told what, and when: every digest and every channel, with what became of it.

    Example: tracker deliveries --about sensetime
    """
    start = beginning(since, "--since") if since else None
    with given.app() as app:
        check_ever_added(app, watch_id)
        wanted = None
        if about is not None:
            with app.views.store.reading() as database:
                wanted = sought(app, database, about)
        rows = list(all_deliveries(app, watch_id, start, wanted))
        if about is not None and not rows:
            with app.views.store.reading() as database:
                suggest(app, database, about, "nobody was told of")
        for words in in_trouble(app):
            say(words)
    emit(rows, form, (*DELIVERY, "about") if about else DELIVERY)


@click.command()
@click.option("--host", metavar="H", help="The address to listen on (default: `host` under [serve]).")
@click.option("--port", metavar="P", type=click.IntRange(0, 65535), help="The port; 0 for any (default: `port` under [serve]).")
@click.option("--links", is_flag=True, help="Only show where the feeds and calendars are; nothing is served.")
@output_options
@click.pass_obj
def serve(given: Globals, host: str | None, port: int | None, links: bool, form: str | None) -> None:
    """Serve what subscribers need: pages to confirm and unsubscribe, feeds and calendars. Nothing else.

    Example: tracker serve --host 127.0.0.1 --port 8744
    """
    with given.app() as app:
        settings = app.config.settings.serve
        if links:
            emit(served_links(app), form, ("kind", "id", "feed", "calendar"))
            return
    from tracker.web.server import application, listening
    from tracker.web.server import serve as answer

    server = listening(
        application(given.home, given.config, given.clock),
        settings.host if host is None else host,
        settings.port if port is None else port,
    )
    where = f"http://{server.effective_host}:{server.effective_port}"
    answer(server, lambda: say(f"serving at {where}" + (f" as {settings.base}" if settings.base else "") + "; stop with Ctrl-C"))


COMMANDS = (deliver, deliveries, serve)
