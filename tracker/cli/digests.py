"""The command `tracker digest`: issues digests, shows the next one, and computes past ones again."""

import click

from events.edtf import day_before
from events.watching import Watching
from tracker import digest as digests
from tracker.app import App
from tracker.cli.output import say
from tracker.cli.shared import Globals
from tracker.cli.times import iso_day
from tracker.contents import Digest
from tracker.delivery import deliver
from tracker.errors import Exit, UsageError
from tracker.moments import instant
from tracker.recomputing import Recomputed, recomputed
from tracker.render import Renderer
from tracker.replay import scratch_views
from tracker.spans import Span
from tracker.watching import check_ever_added

style_option = click.option(
    "--format", "style", type=click.Choice(["text", "html", "json"]), default="text", show_default=True, help="How it is shown."
)


def print_digest(app: App, digest: Digest, style: str) -> None:
    """Prints a digest in one of its forms, as it is or would be issued: by the user's own templates where there are any."""
    renderer = Renderer(app.templates)
    content = {"text": renderer.text, "html": renderer.html}.get(style)
    click.echo(content(digest) if content else renderer.json(digest).decode(), nl=False)


@click.command()
@click.argument("watch_id", metavar="[WATCH]", required=False)
@click.option("--for", "day", metavar="D", help="Show what was learnt or took effect on that day; nothing is issued.")
@click.option("--dry-run", is_flag=True, help="Show the next digest; nothing is issued.")
@click.option("--number", type=click.IntRange(min=1), metavar="N", help="Show the digest of that number as it was issued.")
@click.option("--check", is_flag=True, help="Compute past digests again, or that of --number, and compare; nothing is issued.")
@style_option
@click.pass_obj
def digest(
    given: Globals, watch_id: str | None, day: str | None, dry_run: bool, number: int | None, check: bool, style: str
) -> None:
    """Issue and deliver the next digest of a watch, or of all, whatever their cadence.

    Example: tracker digest mine --dry-run
    """
    with given.app() as app:
        if check or number is not None:
            if watch_id is None and not check:
                raise UsageError("--number is of one watch", "Name the watch: tracker digest WATCH --number N.")
            check_ever_added(app, watch_id)
            failed = _check(app, watch_id, number) if check else _show(app, watch_id, number, style)
        else:
            failed = _next(app, watch_id, iso_day(day, "--for") if day else None, dry_run, style)
    if failed:
        raise click.exceptions.Exit(int(Exit.FAILED))


def _next(app: App, watch_id: str | None, day: str | None, dry_run: bool, style: str) -> bool:
    """Issues and delivers, or shows; tells whether anything failed."""
    failed = False
    with app.views.store.reading() as database:
        chosen = digests.named(database, watch_id)
    if not chosen:
        say("nobody watches yet: `tracker watch add` begins")
    for one in chosen:
        if day or dry_run:
            print_digest(app, _previewed(app, one, day), style)
            continue
        if one.paused:
            say(f"{one.watch}: paused; `tracker watch resume {one.watch}` lets it go on")
            continue
        made = digests.issue(app, one.watch)
        if made is None:
            say(f"{one.watch}: nothing new")
        else:
            print_digest(app, made[0], style)
        for delivery in deliver(app, one.watch, at_once=True):
            failed = failed or delivery.error is not None
            say(f"{one.watch}-{delivery.number}: {delivery.error or 'delivered: ' + str(delivery.receipt)}")
    return failed


def _previewed(app: App, one: Watching, day: str | None) -> Digest:
    with app.views.store.reading() as database:
        following = digests.next_digest(app, database, one)
        if day is None:
            return following
        start = day_before(day)
        span = Span(
            after=app.ledger.position_at(instant(start, "--for")),
            until=app.ledger.position_at(instant(day, "--for")),
            day_after=start,
            day_until=day,
        )
        return digests.compose(app, database, one, following.number, span)


def _show(app: App, watch_id: str | None, number: int | None, style: str) -> bool:
    """Prints an archived digest."""
    sent = [one for one in digests.issued(app, watch_id or "") if one.number == number]
    if not sent:
        raise UsageError(f"no digest {watch_id}-{number} was issued", "`tracker watch show ID --json` lists them.")
    click.echo(app.archive.get(getattr(sent[0], style)).decode(), nl=False)
    return False


def _check(app: App, watch_id: str | None, number: int | None) -> bool:
    """Computes past digests again; tells whether any differs without a cause."""
    failed, count = False, 0
    with scratch_views() as store:
        for one in recomputed(app, store, lambda sent: watch_id in (None, sent.watch) and number in (None, sent.number)):
            count += 1
            failed = failed or one.is_problem
            _tell(one)
    if not count:
        raise UsageError("no such digest was issued", "`tracker watch show ID --json` lists them.")
    return failed


def _tell(one: Recomputed) -> None:
    if one.same:
        click.echo(f"{one.watch}-{one.number}: the same, byte for byte")
        return
    click.echo(f"{one.watch}-{one.number}: {', '.join(one.differs) or 'nothing'} differs: {one.cause or 'no cause is known'}")
    for sign, lines in (("-", one.gone), ("+", one.new)):
        for line in lines:
            click.echo(f"  {sign} {line}")


COMMANDS = (digest,)
