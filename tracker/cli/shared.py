"""What all commands share: the options before the command, and how expected errors read."""

import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from tracker.app import App
from tracker.clock import Clock
from tracker.errors import Exit, TrackerError


class Globals(msgspec.Struct, frozen=True, kw_only=True):
    """The options before the command."""

    home: Path
    config: Path | None
    clock: Clock
    quiet: bool = False

    def app(self) -> App:
        """The parts, put together; use as a context manager."""
        return App(self.home, self.config, self.clock)


class TrackerGroup(click.Group):
    """The commands in the order of the README, and expected errors as one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  the base class gives it
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except TrackerError as error:
            click.echo(f"tracker: {error}", err=True)
            if error.hint:
                click.echo(f"  {error.hint}", err=True)
            ctx.exit(int(error.exit_code))
        except PermissionError as error:
            click.echo(f"tracker: {error.filename}: {error.strerror}", err=True)
            click.echo("  Give --home a folder that may be written.", err=True)
            ctx.exit(int(Exit.FAILED))
        except BrokenPipeError:
            # The reader went away (`| head`): no error of ours.
            sys.stderr.close()
            ctx.exit(int(Exit.OK))
