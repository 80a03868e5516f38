"""Commands for watchers: watch and digest."""

from typing import get_args

import click
import msgspec

from events.edtf import day_before
from events.operations import Cadence, WatchAdded
from projections.watches import watches
from tracker import digest as digests
from tracker import render, watching
from tracker.app import App
from tracker.cli.output import emit, output_options, say
from tracker.cli.shared import Globals
from tracker.cli.times import instant, iso_day
from tracker.deliver import CHANNELS
from tracker.delivery import deliver
from tracker.errors import Exit

style_option = click.option(
    "--format", "style", type=click.Choice(["text", "html", "json"]), default="text", show_default=True, help="How it is shown."
)
KINDS = ", ".join(f"{kind}:{one.target}" for kind, one in CHANNELS.items())
WATCH = ("watch", "institutions", "parties", "lists", "types", "channels", "cadence", "since")


@click.group()
def watch() -> None:
    """Subscribe to changes.

    Example: tracker watch add mine --institution mit --channel file:digests
    """


@watch.command()
@click.argument("watch_id", metavar="ID")
@click.option("--institution", "institutions", multiple=True, metavar="I", help="An institution, by id.")
@click.option("--party", "parties", multiple=True, metavar="P", help="A party, by id.")
@click.option("--list", "lists", multiple=True, metavar="L", help="A list, by id.")
@click.option("--type", "types", multiple=True, metavar="T", help="A type of change, for example tie-ended.")
@click.option("--channel", "channels", multiple=True, required=True, metavar="KIND:TARGET", help=f"Where to: {KINDS}.")
@click.option(
    "--cadence",
    type=click.Choice(get_args(Cadence)),
    default="daily",
    show_default=True,
    help="How often.",
)
@click.option("--since", metavar="T", help="What counts as news: learnt after that time (default: now).")
@click.option(
    "--secret",
    envvar="TRACKER_WEBHOOK_SECRET",
    metavar="S",
    help="What webhooks are signed with; rather given as TRACKER_WEBHOOK_SECRET, where no list of processes shows it.",
)
@click.pass_obj
def add(
    given: Globals, watch_id: str, institutions: tuple[str, ...], parties: tuple[str, ...], lists: tuple[str, ...],
    types: tuple[str, ...], channels: tuple[str, ...], cadence: Cadence, since: str | None, secret: str | None,
) -> None:  # fmt: skip
    """Begin to watch: institutions, parties or lists, or everything when none is named.

    Example: tracker watch add mine --institution mit --party sensetime --channel file:digests
    """
    order = watching.WatchOrder(
        watch=watch_id,
        institutions=institutions,
        parties=parties,
        lists=lists,
        types=types,
        channels=channels,
        secret=secret,
        cadence=cadence,
        since=instant(since, "--since") if since else None,
    )
    with given.app() as app:
        event = watching.add(app, order)
    say(f"watch {event.watch} added; it takes what is learnt from {event.since.isoformat()} on")


@watch.command("list")
@output_options
@click.pass_obj
def list_watches(given: Globals, form: str | None) -> None:
    """Show all watches.

    Example: tracker watch list
    """
    with given.app() as app, app.views.store.reading() as database:
        rows = [_with_targets(app, one) for one in watches(database)]
    emit(rows, form, WATCH)


@watch.command()
@click.argument("watch_id", metavar="ID")
@output_options
@click.pass_obj
def show(given: Globals, watch_id: str, form: str | None) -> None:
    """Show one watch, with the digests it was sent.

    Example: tracker watch show mine
    """
    with given.app() as app, app.views.store.reading() as database:
        (one,) = digests.named(database, watch_id)
        row = {**_with_targets(app, one), "digests": [msgspec.to_builtins(sent) for sent in digests.issued(app, watch_id)]}
    emit([row], form, WATCH, single=True)


def _with_targets(app: App, one: WatchAdded) -> dict[str, object]:
    """The watch with its addresses, for the operator's eyes, but no secrets; the ledger holds references only."""
    targets = [f"{kind}:{_shown(kind, app.private.get(reference))}" for reference in one.channels for kind in [_kind(reference)]]
    return {**{name: getattr(one, name) for name in WATCH}, "channels": targets}


def _kind(reference: str) -> str:
    return reference.partition(":")[0]


def _shown(kind: str, target: str | None) -> str:
    return CHANNELS[kind].show(target) if target else "erased"


@watch.command()
@click.argument("watch_id", metavar="ID")
@click.pass_obj
def remove(given: Globals, watch_id: str) -> None:
    """End a watch and erase its addresses.

    Example: tracker watch remove mine
    """
    with given.app() as app:
        watching.remove(app, watch_id)
    say(f"watch {watch_id} removed")


@watch.command()
@click.argument("watch_id", metavar="ID")
@click.option("--since", metavar="T", help="From when on (default: all that is known).")
@style_option
@click.pass_obj
def preview(given: Globals, watch_id: str, since: str | None, style: str) -> None:
    """Show what a watch would have sent over a past period; nothing is sent.

    Example: tracker watch preview mine --since 2019-10-01
    """
    with given.app() as app, app.views.store.reading() as database:
        (one,) = digests.named(database, watch_id)
        start = instant(since, "--since") if since else None
        span = digests.Span(
            after=app.ledger.position_at(start) if start else 0,
            until=app.views.store.checkpoint_in(database),
            day_after=start.date().isoformat() if start else "0000-00-00",
            day_until=app.clock.now().date().isoformat(),
        )
        _print(digests.compose(database, one, 0, span), style)


def _print(digest: digests.Digest, style: str) -> None:
    content = {"text": render.as_text, "html": render.as_html}.get(style)
    click.echo(content(digest) if content else render.as_json(digest).decode(), nl=False)


@click.command()
@click.argument("watch_id", metavar="[WATCH]", required=False)
@click.option("--for", "day", metavar="D", help="Show what was learnt or took effect on that day; nothing is issued.")
@click.option("--dry-run", is_flag=True, help="Show the next digest; nothing is issued.")
@style_option
@click.pass_obj
def digest(given: Globals, watch_id: str | None, day: str | None, dry_run: bool, style: str) -> None:
    """Issue and deliver the next digest of a watch, or of all, whatever their cadence.

    Example: tracker digest mine --dry-run
    """
    failed = False
    with given.app() as app:
        with app.views.store.reading() as database:
            chosen = digests.named(database, watch_id)
        if not chosen:
            say("nobody watches yet: `tracker watch add` begins")
        for one in chosen:
            if day or dry_run:
                _preview(app, one, iso_day(day, "--for") if day else None, style)
                continue
            made = digests.issue(app, one)
            if made is None:
                say(f"{one.watch}: nothing new")
            else:
                _print(made[0], style)
            for delivery in deliver(app, one.watch, at_once=True):
                failed = failed or delivery.error is not None
                say(f"{one.watch}-{delivery.number}: {delivery.error or 'delivered: ' + str(delivery.receipt)}")
    if failed:
        raise click.exceptions.Exit(int(Exit.FAILED))


def _preview(app: App, one: WatchAdded, day: str | None, style: str) -> None:
    before = digests.issued(app, one.watch)
    with app.views.store.reading() as database:
        until = app.views.store.checkpoint_in(database)
        span = digests.next_span(app, one, before, until)
        if day:
            start, end = day_before(day), instant(day, "--for")
            span = digests.Span(
                after=app.ledger.position_at(instant(start, "--for")),
                until=app.ledger.position_at(end),
                day_after=start,
                day_until=day,
            )
        _print(digests.compose(database, one, len(before) + 1, span), style)


COMMANDS = (watch, digest)
