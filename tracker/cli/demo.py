"""`tracker demo`: the main job on an embedded world, offline."""

import getpass
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import click

from tracker.daily import Run
from tracker.demo import DemoWorld
from tracker.demo import run as story
from tracker.errors import Exit

_NOW = "2019-10-10T22:00:00Z"
_QUESTIONS = (
    ("What did MIT do, and who says so?", ["timeline", "mit"]),
    ("Was SenseTime listed on 8 October 2019?", ["status", "SenseTime", "--on", "2019-10-08"]),
    ("And on the 9th?", ["status", "SenseTime", "--on", "2019-10-09"]),
    (
        "What did this ledger know of it on the evening of the 8th? The rule was on file, not yet published.",
        ["status", "SenseTime", "--on", "2019-10-09", "--known-at", "2019-10-08T23:00:00Z"],
    ),
)


@click.command()
@click.option(
    "--dir", "folder", type=click.Path(path_type=Path, file_okay=False), help="Where to keep it (default: a temporary folder)."
)
@click.option("--serve", is_flag=True, help="Keep the demo world up afterwards, to poll it yourself.")
def demo(folder: Path | None, serve: bool) -> None:
    """Watch the tracker work: April to October 2019, day by day, on an embedded world.

    Example: tracker demo
    """
    folder = (folder or Path(tempfile.gettempdir()) / f"tracker-demo-{getpass.getuser()}").absolute()
    story.prepare(folder)
    world = DemoWorld()
    click.echo("A small world of 2019, served on this machine: the Federal Register and three outlets.\n")
    failed: list[str] = []

    def report(evening: datetime, run: Run) -> None:
        documents = sum(one.documents for one in run.sources)
        events = sum(one.events for one in run.sources)
        failed.extend(f"{one.source}: {one.error}" for one in run.sources if one.status == "failed")
        if documents or run.digests:
            sent = f"; digest {', '.join(run.digests)} delivered" if run.digests else ""
            click.echo(f"{evening.date()}  {documents} documents, {events} events{sent}")

    with _served(world) as base:
        config = story.run_story(folder, world, base, report)
        _ask(folder, config)
        _last_digest(folder)
        _what_next(folder, config)
        for line in failed:
            click.echo(line, err=True)
        if serve:
            click.echo(f"\nThe demo world is up at {base}; stop with Ctrl-C.")
            _until_interrupted()
    if failed:
        raise click.exceptions.Exit(int(Exit.SOURCES_FAILED))


PORT = 20191
"""Where the demo world listens when it can: with one address, facts have the same ids in every run."""


@contextmanager
def _served(world: DemoWorld) -> Iterator[str]:
    with ExitStack() as stack:
        try:
            base = stack.enter_context(world.serve(PORT))
        except OSError:  # in use: any other port will do
            base = stack.enter_context(world.serve())
        yield base


def _ask(folder: Path, config: Path) -> None:
    from tracker.cli.main import cli  # this command is one of its own

    for question, command in _QUESTIONS:
        click.echo(f"\n# {question}\n$ tracker {' '.join(command)}")
        cli.main(["--home", str(folder), "--config", str(config), "--now", _NOW, "-q", *command], standalone_mode=False)


def _last_digest(folder: Path) -> None:
    newest = max((folder / "digests").glob("*.txt"), default=None)
    if newest:
        click.echo(f"\n# The last digest, {newest}\n")
        click.echo(newest.read_text(encoding="utf-8"), nl=False)


def _what_next(folder: Path, config: Path) -> None:
    before = f"{sys.argv[0]} --home {folder} --config {config} --now {_NOW}"
    click.echo(
        f"\n# Ask more of it:\n"
        f"alias t='{before}'\n"
        "t timeline sensetime          # the law and the press, side by side\n"
        "t why FACT                    # any id above, down to the sentence and the bytes\n"
        "t diff 2019-05-15 2019-05-21  # what changed between two days\n"
        "t verify                      # does everything still rest on what it cites?\n"
        f"# The digests as pages: {folder}/digests"
    )


def _until_interrupted() -> None:
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo()


COMMANDS = (demo,)
