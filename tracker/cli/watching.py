"""The commands of `tracker watch`: who is told of what, when, and where."""

from collections.abc import Sequence
from typing import Any, Final

import click
import msgspec

from events.operations import DigestIssued
from events.watching import Watching
from projections.watches import watches
from tracker import digest as digests
from tracker import watching
from tracker.app import App
from tracker.channels import unready
from tracker.cli.digests import print_digest, style_option
from tracker.cli.output import emit, output_options, say, shown
from tracker.cli.shared import Globals
from tracker.cli.watch_options import channel_options, filter_options, time_options, typed
from tracker.deliver import CHANNELS
from tracker.errors import Exit, UsageError
from tracker.moments import beginning, instant
from tracker.name_lists import names_in
from tracker.previewing import Period, Tried, preview_each, preview_whole, tried
from tracker.seeding import seed as take_in
from tracker.told_whom import deliveries
from tracker.watch_checks import never_listed

WATCH: Final = (
    "watch", "institutions", "parties", "lists", "types", "channels", "cadence", "since", "listings", "destinations", "names",
    "sources", "stances", "languages", "words", "standing", "operators", "at", "weekday", "quiet", "zone", "dates", "empty",
    "paused", "paused_channels", "references",
)  # fmt: skip
_WHOM: Final = ("watch", "institutions", "parties", "lists", "types")
_NARROWING: Final = (
    "listings", "destinations", "names", "sources", "stances", "languages", "words", "standing", "operators"
)  # fmt: skip
"""Filters that the table shows where any watch has them: without them a narrow watch would look as if it took everything."""
_HOW: Final = ("channels", "cadence", "paused")
_CLEARED: Final = {"standing": None, "at": None, "weekday": None, "quiet": None, "dates": None}
_MANY: Final = (
    "institutions", "parties", "lists", "listings", "destinations", "names", "types", "sources", "stances", "languages", "words"
)  # fmt: skip


@click.group()
def watch() -> None:
    """Subscribe to changes.

    Example: tracker watch add mine --institution mit --channel file:digests
    """


@watch.command()
@click.argument("watch_id", metavar="ID")
@filter_options
@channel_options(required=True)
@time_options
@click.option("--since", metavar="T", help="What counts as news: learnt since that time or day (default: now).")
@click.pass_obj
def add(given: Globals, /, watch_id: str, since: str | None, **options: Any) -> None:
    """Begin to watch: whom and what you name, or everything when nothing is named.

    A change is news when any of the institutions, parties, lists, entries, destinations and names is its own; the other
    filters narrow that.

    Example: tracker watch add mine --institution mit --party sensetime --channel file:digests
    """
    order = watching.WatchOrder(watch=watch_id, since=beginning(since, "--since") if since else None, **options)
    with given.app() as app:
        event = watching.add(app, order)
        waiting = [*unready(app, event.channels), *_unknown(app, event.listings)]
    say(f"watch {event.watch} added; it takes what is learnt from {event.since.isoformat()} on")
    for words in waiting:
        say(words)


def _unknown(app: App, listings: Sequence[str]) -> list[str]:
    with app.views.store.reading() as database:
        return list(never_listed(database, listings))


@watch.command("list")
@output_options
@click.pass_obj
def list_watches(given: Globals, form: str | None) -> None:
    """Show all watches.

    Example: tracker watch list
    """
    with given.app() as app, app.views.store.reading() as database:
        rows = [_with_targets(app, one) for one in watches(database)]
    if form is not None:
        emit(rows, form, WATCH)
        return
    narrowed = [name for name in _NARROWING if any(row[name] for row in rows)]
    emit([{**row, "names": len(row["names"]) or None} for row in rows], form, (*_WHOM, *narrowed, *_HOW))


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
        row = {**_with_targets(app, one), "digests": _digests(app, watch_id)}
        targets = dict(zip(one.terms.channels, row["channels"], strict=True))
    if form is not None:
        emit([row], form, WATCH, single=True)
        return
    for name in WATCH:
        if row[name] not in (None, False, (), []):
            click.echo(f"{name:<16} {row[name].isoformat() if name == 'since' else shown(row[name])}")
    for sent in row["digests"]:
        states = ", ".join(f"{targets.get(to['channel'], to['channel'])} {to['state']}" for to in sent["deliveries"])
        told = f"issued {sent['issued_at'][:16]}, {sent['changes']} changes: {states or 'no channel'}"
        click.echo(f"{'digest ' + str(sent['number']):<16} {shown(told)}")


def _digests(app: App, watch_id: str) -> list[dict[str, Any]]:
    """The digests of a watch, oldest first, each with when it was issued and what became of it on every channel."""
    became: dict[int, list[dict[str, Any]]] = {}
    for to in deliveries(app, watch_id):
        became.setdefault(to.number, []).append({"channel": to.channel, "state": to.state, "at": to.at, "tries": to.tries})
    return [
        {
            **msgspec.to_builtins(one.event),
            "issued_at": one.recorded_at.isoformat(),
            "deliveries": became.get(one.event.number, []),
        }
        for one in app.ledger.stream(f"digest/{watch_id}")
        if isinstance(one.event, DigestIssued)
    ]


def _with_targets(app: App, one: Watching) -> dict[str, Any]:
    """The watch with its addresses, for the operator's eyes, but no secrets; the ledger holds references only."""
    terms, saved = one.terms, names_in(app.private)
    paused = {"paused": one.paused, "paused_channels": one.paused_channels, "references": terms.channels}
    told = {name: getattr(terms, name) for name in WATCH if name not in paused}
    targets = [_target(app, reference) for reference in terms.channels]
    return {**told, **paused, "channels": targets, "names": [name for reference in terms.names for name in saved(reference)]}


def _target(app: App, reference: str) -> str:
    kind, target = reference.partition(":")[0], app.private.get(reference)
    return f"{kind}:{CHANNELS[kind].show(target) if target else 'erased'}"


@watch.command()
@click.argument("watch_id", metavar="ID")
@filter_options
@channel_options(required=False)
@time_options
@click.option(
    "--clear", multiple=True, type=click.Choice([*_MANY, *_CLEARED]), metavar="FILTER",
    help="Take this filter or time away, by its name in `watch show --json`, for example institutions.",
)  # fmt: skip
@click.pass_context
def change(context: click.Context, /, watch_id: str, clear: tuple[str, ...], **options: Any) -> None:
    """Change a watch: what you name replaces what it had of that kind; all else stays, its digests and their numbers too.

    Example: tracker watch change mine --party huawei --party zte --cadence weekly
    """
    edits = {name: value for name, value in typed(context).items() if name not in {"watch_id", "clear", "secret"}}
    if options.get("secret") and "channels" in edits:
        edits["secret"] = options["secret"]
    if twice := sorted(edits.keys() & set(clear)):
        raise UsageError(f"{twice[0]}: given, and to be cleared", "Say one of the two.")
    edits |= {name: _CLEARED.get(name) if name in _CLEARED else () for name in clear}
    if not edits:
        raise UsageError("nothing to change", "Give the options that are to be other than `tracker watch show` tells.")
    with context.obj.app() as app:
        event = watching.change(app, watch_id, edits)
        waiting = [*unready(app, event.channels), *_unknown(app, event.listings if "listings" in edits else ())]
    say(f"watch {watch_id} changed")
    for words in waiting:
        say(words)


@watch.command()
@click.argument("watch_id", metavar="ID")
@click.option("--channel", metavar="REFERENCE", help="Only this channel, as `watch show --json` has it under `references`.")
@click.option("--reason", metavar="WORDS", help="Why, for the record.")
@click.pass_obj
def pause(given: Globals, watch_id: str, channel: str | None, reason: str | None) -> None:
    """Let a watch, or one channel of it, rest: nothing is issued or delivered until it is resumed.

    Example: tracker watch pause mine --reason "on leave"
    """
    with given.app() as app:
        watching.pause(app, watch_id, channel, reason)
    say(f"watch {watch_id} paused" if channel is None else f"{channel} paused")


@watch.command()
@click.argument("watch_id", metavar="ID")
@click.option("--channel", metavar="REFERENCE", help="Only this channel.")
@click.option(
    "--since",
    metavar="T",
    help="Of a whole watch: only what is learnt since that time or day is news (default: all it missed).",
)
@click.pass_obj
def resume(given: Globals, watch_id: str, channel: str | None, since: str | None) -> None:
    """Let a watch, or one channel of it, go on; it is told what it missed.

    Example: tracker watch resume mine
    """
    with given.app() as app:
        watching.resume(app, watch_id, channel, beginning(since, "--since") if since else None)
    say(f"watch {watch_id} goes on" if channel is None else f"{channel} goes on")


@watch.command()
@click.argument("watch_id", metavar="ID")
@click.pass_obj
def remove(given: Globals, watch_id: str) -> None:
    """End a watch and erase its addresses and saved names.

    Example: tracker watch remove mine
    """
    with given.app() as app:
        watching.remove(app, watch_id)
    say(f"watch {watch_id} removed")


@watch.command()
@click.pass_obj
def seed(given: Globals) -> None:
    """Take in the watches of watchers.toml: new ones, and what changed there since.

    A watch that was changed or removed by a command stays as it is. The daily run does the same.

    Example: tracker watch seed
    """
    with given.app() as app:
        done = take_in(app)
    for one in done:
        say(f"{one.watch}: {one.outcome}")
    if any(one.failed for one in done):
        raise click.exceptions.Exit(int(Exit.USAGE))
    if not done:
        say("watchers.toml names no watch")


@watch.command()
@click.argument("watch_id", metavar="[ID]", required=False)
@filter_options
@time_options
@click.option("--since", metavar="T", help="From that time or day on (default: all that is known).")
@click.option("--until", metavar="T", help="Until when (default: now).")
@click.option("--each", is_flag=True, help="Digest by digest, as the cadence would have cut it, and not one text.")
@style_option
@click.pass_context
def preview(
    context: click.Context, /, watch_id: str | None, since: str | None, until: str | None, each: bool, style: str, **options: Any
) -> None:
    """Show what a watch, or filters, would have sent over a past period; nothing is written or sent.

    It is told with the evidence known today.

    Example: tracker watch preview mine --since 2019-10-01 --until 2019-10-31
    """
    given: Globals = context.obj
    with given.app() as app:
        if watch_id is None:
            one = tried(app, options)
        else:
            if set(typed(context)) & {*options}:
                raise UsageError("give a watch or filters, not both", "Leave out the ID to try filters.")
            with app.views.store.reading() as database:
                one = Tried(watching=digests.named(database, watch_id)[0])
        period = Period(
            since=beginning(since, "--since") if since else None,
            until=instant(until, "--until") if until else app.clock.now(),
        )
        if period.since is not None and period.since > period.until:
            raise UsageError(f"--until {until or 'now'} is before --since {since}", "A period begins before it ends.")
        for digest in preview_each(app, one, period) if each else [preview_whole(app, one, period)]:
            print_digest(app, digest, style)


COMMANDS = (watch,)
