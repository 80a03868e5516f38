"""Commands that operate: daily, run, sources, rebuild, verify, anchor, config."""

import click
import msgspec

from tracker.adoption import check_own
from tracker.anchors import anchors_in, head_of
from tracker.cli.comparing import told
from tracker.cli.output import counting_bar, emit, output_options, say
from tracker.cli.shared import Globals
from tracker.cli.taking_in import OUTCOME, exit_for
from tracker.daily import Run
from tracker.daily import daily as run_once
from tracker.errors import Exit
from tracker.instance import only_one
from tracker.poll import prepare
from tracker.rereading import documents_named
from tracker.rereading import reread as read_again
from tracker.schedule import run_forever
from tracker.stopping import stopped_by_signals
from tracker.verify import verify as verify_all


@click.command()
@output_options
@click.pass_obj
def daily(given: Globals, form: str | None) -> None:
    """Do once what is due: poll, settle, project, digest, deliver. For cron and timers.

    Example: tracker daily
    """
    with given.app() as app, only_one(app.home, "daily"), stopped_by_signals(quiet=given.quiet) as stop:
        run = run_once(app, stop=stop)
    emit(run.sources, form, OUTCOME)
    _report(run)
    exit_for(list(run.sources))
    if run.failed:
        raise click.exceptions.Exit(int(Exit.FAILED))


def _report(run: Run) -> None:
    for one in run.reconciled:
        say(told(one))
    for name in run.digests:
        say(f"digest {name} issued")
    for delivery in run.deliveries:
        say(f"{delivery.watch}-{delivery.number}: {delivery.error or 'delivered: ' + str(delivery.receipt)}")


@click.command()
@click.pass_obj
def run(given: Globals) -> None:
    """Keep doing what is due until stopped (SIGTERM or Ctrl-C); the source at work is finished first.

    Example: tracker run
    """
    app = given.app()
    config = app.config
    say(f"running: {len(config.sources)} sources, looking every {config.settings.schedule.poll_every:g} s; stop with Ctrl-C")

    def report(done: Run) -> None:
        if given.quiet:
            return
        for outcome in done.sources:
            counts = f"{outcome.documents} documents, {outcome.events} events"
            say(f"{outcome.source}: {outcome.status}, {counts} {outcome.error or ''}".rstrip())
        _report(done)

    run_forever(app.home, given.app, config, report, quiet=given.quiet)


@click.command()
@output_options
@click.pass_obj
def sources(given: Globals, form: str | None) -> None:
    """Show the configured sources and how they fare.

    Example: tracker sources
    """
    rows = []
    with given.app() as app:
        for source in app.config.sources:
            state = app.state.source(source.id)
            rows.append(
                {
                    "source": source.id,
                    "kind": source.kind,
                    "url": getattr(source, "url", None) or getattr(source, "base_url", None),
                    "every": source.every,
                    "last_ok": state.last_ok,
                    "next_check": state.next_check,
                    "failures": state.failures,
                    "error": state.error,
                }
            )
    emit(rows, form, ("source", "kind", "url", "every:every (s)", "last_ok", "next_check", "failures", "error"))


@click.command()
@click.argument("documents", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Show what would read otherwise; nothing is recorded.")
@output_options
@click.pass_obj
def reread(given: Globals, documents: tuple[str, ...], dry_run: bool, form: str | None) -> None:
    """Read archived documents again with today's readers and registers: all, or those of these numbers or streams.

    Example: tracker reread 2019-22210 --dry-run
    """
    with given.app() as app:
        if not dry_run:
            prepare(app)
        for name in app.config.contents if dry_run else ():  # a preview puts nothing on record, and its registers neither
            check_own(app.config, name)
        wanted = documents_named(app, documents)
        rows = list(read_again(app, wanted, dry_run=dry_run))
        app.views.catch_up()
    emit(rows, form, ("document", "document_version", "reader", "added", "withdrawn", "changed", "quarantined", "failure"))
    say(f"{len(rows)} documents {'would read' if dry_run else 'read'} otherwise")


@click.command()
@click.argument("view", required=False)
@click.pass_obj
def rebuild(given: Globals, view: str | None) -> None:
    """Build the views again from the ledger, beside the old ones, then switch.

    All views lie in one file with one checkpoint, so naming one rebuilds it together with the others.

    Example: tracker rebuild
    """
    from projections.run import VIEWS, parked

    if view is not None and view not in VIEWS:
        raise click.BadParameter(f"no view is called {view!r}; there are {', '.join(VIEWS)}")
    with given.app() as app:
        with counting_bar("rebuilding") as progress:
            store = app.views.rebuild(progress)
        waiting = len(parked(store))  # each is told in the log
        left = f"; parked: {waiting}, see `tracker verify`" if waiting else ""
        say(f"rebuilt {', '.join(VIEWS)} up to position {store.checkpoint()}{left}")


@click.command()
@click.option("--anchor", metavar="TEXT|FILE", help="Prove that the ledger extends this anchor, or every one in this file.")
@click.option("--json", "form", flag_value="json", help="One JSON object.")
@click.pass_obj
def verify(given: Globals, anchor: str | None, form: str | None) -> None:
    """Check that the ledger is as it was written, objects are whole, quotes lie in their texts, views equal a rebuild.

    Shows the first broken place of each kind.

    Example: tracker verify
    """
    anchors = anchors_in(anchor) if anchor is not None else ()
    with given.app() as app:
        found = verify_all(app, anchors)
    if found.completed:
        say(f"{found.completed} events had no digest in the chain, as an older version leaves them: they were chained")
    for one in found.anchors:
        say(f"the ledger extends the anchor of position {one.position}")
    if form:
        emit([found], form, (), single=True)
    else:
        click.echo(
            f"{found.events} events, {found.objects} archived objects, {found.spans} quotes: {len(found.problems)} problems"
        )
        for problem in found.problems:
            click.echo(problem)
    if found.problems:
        raise click.exceptions.Exit(int(Exit.FAILED))


@click.command()
@click.option("--json", "form", flag_value="json", help="One JSON object.")
@click.pass_obj
def anchor(given: Globals, form: str | None) -> None:
    """Print the head of the ledger's chain of hashes, to be published elsewhere.

    `tracker verify --anchor` proves later that the ledger still extends it.

    Example: tracker anchor
    """
    with given.app() as app:
        head = head_of(app.ledger)
    if form:
        emit([head], form, (), single=True)
    else:
        click.echo(head.line())


@click.group()
def config() -> None:
    """Look at the settings.

    Example: tracker config show
    """


@config.command("show")
@click.option("--json", "form", flag_value="json", help="One JSON object.")
@click.pass_obj
def show_config(given: Globals, form: str | None) -> None:
    """Show the settings in force and the files they come from.

    Example: tracker config show
    """
    app = given.app()
    loaded = app.config
    shown = {
        "home": str(given.home),
        "files": {name: str(path) for name, path in loaded.files.items()},
        "settings": msgspec.to_builtins(loaded.settings),
        "sources": [msgspec.to_builtins(source) for source in loaded.sources],
        "registers": dict(loaded.registers.digests),
    }
    if form:
        emit([shown], form, (), single=True)
        return
    click.echo(msgspec.json.format(msgspec.json.encode(shown), indent=2).decode())


COMMANDS = (daily, run, sources, reread, rebuild, verify, anchor, config)
