"""Commands that take documents in: poll, ingest, extract."""

from datetime import date
from pathlib import Path

import click

from events.base import Recorded
from events.documents import DocumentRead
from tracker.adoption import check_own
from tracker.archive import Provenance
from tracker.cli.output import emit, output_options, progress_bar, say
from tracker.cli.shared import Globals
from tracker.cli.times import iso_day
from tracker.errors import Exit, TrackerError, UsageError
from tracker.ingest import local_document
from tracker.instance import only_one
from tracker.poll import Outcome, chosen, prepare
from tracker.poll import backfill as poll_backfill
from tracker.poll import poll as poll_sources
from tracker.reading import as_extracted, read_apart, record
from tracker.stopping import stopped_by_signals
from tracker.worker import WORKER

HAS_A_PAST = frozenset({"federal-register", "ecfr"})
"""Kinds of source that can be asked for documents of any day."""
OUTCOME = ("source", "status", "fetched", "documents", "events")


def exit_for(outcomes: list[Outcome]) -> None:
    """Says what failed, and ends with the exit code for it."""
    for outcome in outcomes:
        if outcome.error:
            said_already = outcome.error.startswith(outcome.source)
            say(f"tracker: {outcome.error}" if said_already else f"tracker: {outcome.source}: {outcome.error}")
    if any(outcome.status == "failed" for outcome in outcomes):
        raise click.exceptions.Exit(int(Exit.SOURCES_FAILED))


@click.command()
@click.argument("sources", nargs=-1)
@click.option("--due", is_flag=True, help="Only sources whose next check has come.")
@output_options
@click.pass_obj
def poll(given: Globals, sources: tuple[str, ...], due: bool, form: str | None) -> None:
    """Ask the sources once for what is new, and bring the views up to date.

    Example: tracker poll federal-register
    """
    WORKER.start()
    with given.app() as app, only_one(app.home, "poll"), stopped_by_signals(quiet=given.quiet) as stop:
        outcomes = poll_sources(app, chosen(app, sources, due), stop=stop)
    emit(outcomes, form, OUTCOME)
    exit_for(outcomes)


@click.command()
@click.argument("source")
@click.option(
    "--since", metavar="D", help="From documents published on that day on; the eCFR: as of that day (default: the latest)."
)
@click.option("--until", metavar="D", help="Up to documents published on that day (default: today).")
@output_options
@click.pass_obj
def backfill(given: Globals, source: str, since: str | None, until: str | None, form: str | None) -> None:
    """Take in a source's past, oldest first. It can be stopped and begun again; a second one adds nothing.

    Example: tracker backfill federal-register --since 2018-01-01
    """
    first = date.fromisoformat(iso_day(since, "--since")) if since else None
    last = date.fromisoformat(iso_day(until, "--until")) if until else None
    WORKER.start()
    if first is not None and last is not None and last < first:
        raise UsageError(f"--until {last} is before --since {first}")
    with given.app() as app:
        (settings,) = chosen(app, (source,), due=False)
        if settings.kind not in HAS_A_PAST:
            raise UsageError(f"{source} has no past to ask for", "It shows only the latest; poll it.")
        today = app.clock.now().date()
        if first is None:
            if settings.kind != "ecfr":
                raise UsageError("--since is missing", "Say from which day on, for example --since 2018-01-01.")
            last = last or today
        with (
            only_one(app.home, "backfill"),
            stopped_by_signals(quiet=given.quiet) as stop,
            progress_bar(first or today, last or today) as progress,
        ):
            outcome = poll_backfill(app, settings, first, last, progress, stop)
    emit([outcome], form, OUTCOME)
    exit_for([outcome])


def document_options(command: click.decorators.FC) -> click.decorators.FC:
    """What a file does not tell of itself."""
    command = click.option("--lang", metavar="L", help="Its language, for example en.")(command)
    command = click.option("--published", metavar="D", help="When it was published: EDTF or a time.")(command)
    return click.option("--url", metavar="U", help="Where it was published.")(command)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@document_options
@output_options
@click.pass_obj
def ingest(
    given: Globals, files: tuple[Path, ...], url: str | None, published: str | None, lang: str | None, form: str | None
) -> None:
    """Take in local documents: the XML of a rule, HTML, PDF, or text.

    Example: tracker ingest article.txt --published 2019-10-09 --lang fr
    """
    WORKER.start()  # it gets ready meanwhile
    outcomes = []
    with given.app() as app:
        now = app.clock.now()
        prepare(app)
        for path in files:
            outcome = Outcome(source=str(path))
            try:
                document = local_document(path, app.config.registers, url=url, published=published, language=lang)
                provenance = Provenance(url=document.url, at=now)
                recorded = record(document, provenance, app.config.registers, app.ledger, app.archive, now)
            except TrackerError as error:
                outcome.status, outcome.error = "failed", f"{error} ({error.hint})" if error.hint else str(error)
            else:
                outcome.status = "ok" if recorded else "unchanged"
                outcome.fetched, outcome.documents, outcome.events = 1, int(bool(recorded)), len(recorded)
                if document.kind == "article" and _is_undated(recorded):
                    say(
                        f"{path}: when it was published is not known, so what it tells is dated no later than today; "
                        "say it with --published"
                    )
                if failure := next((one.event.failure for one in recorded if getattr(one.event, "failure", None)), None):  # type: ignore[attr-defined]
                    outcome.status, outcome.error = "failed", failure
            outcomes.append(outcome)
        app.views.catch_up()
    emit(outcomes, form, OUTCOME)
    exit_for(outcomes)


def _is_undated(recorded: list[Recorded]) -> bool:
    """Whether a document tells something, and no day of its publication is known."""
    read = next((one.event for one in recorded if isinstance(one.event, DocumentRead)), None)
    return read is not None and read.published is None and recorded[-1].event is not read


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@document_options
@output_options
@click.pass_obj
def extract(given: Globals, file: Path, url: str | None, published: str | None, lang: str | None, form: str | None) -> None:
    """Show the statements of one document; nothing is written.

    Example: tracker extract rule.xml --json
    """
    WORKER.start()
    config = given.app().config
    for name in config.contents:
        check_own(config, name)
    registers = config.registers
    document = local_document(file, registers, url=url, published=published, language=lang)
    done = read_apart(document, registers)
    if done.failure is not None:
        raise TrackerError(f"{file}: {done.failure}")
    for part in done.reading.quarantined:
        say(f"quarantined: {part.name or 'the document'}: {part.reason}")
    for check in done.reading.checks:
        if not check.passed:
            say(f"check failed: {check.name}: stated {check.expected}, found {check.found} ({check.where or 'document'})")
    if not done.statements:
        say(f"{file}: no statements")
    rows = [as_extracted(statement, done.reading.text) for statement in done.statements]
    emit(rows, form, ("type", "date", "institution", "party", "name", "destination", "change", "stance", "extent", "quote"))


COMMANDS = (poll, backfill, ingest, extract)
