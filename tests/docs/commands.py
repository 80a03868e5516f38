"""Writes the generated parts of docs/commands.md from the commands themselves: `python -m tests.docs.commands`.

The parts stand between `<!-- command: status -->` and `<!-- end -->`; all else on the page is written by hand.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from tracker.cli.main import cli

PAGE: Final = Path(__file__).parents[2] / "docs" / "commands.md"
PART: Final = re.compile(r"(<!-- command: (?P<name>[a-z -]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, `tracker` itself first, groups before what they hold."""
    yield "tracker", cli
    yield from _inside("", cli)


def _inside(prefix: str, group: click.Group) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        yield f"{prefix}{name}", command
        if isinstance(command, click.Group):
            yield from _inside(f"{prefix}{name} ", command)


def named(name: str) -> click.Command:
    """The command of a full name, for example `watch add`."""
    return dict(commands())[name]


def generated(name: str) -> str:
    """What the page says of a command: its use, its sentence and its options."""
    command = named(name)
    context = click.Context(command, info_name="tracker" if name == "tracker" else f"tracker {name}")
    lines = [f"`{command.get_usage(context).removeprefix('Usage: ')}`", "", *_words(command), ""]
    rows = [row for one in command.params if (row := _row(one, context))]
    if rows:
        lines += ["| option | meaning |", "|---|---|", *rows, ""]
    return "\n".join([*lines, ""])


def _words(command: click.Command) -> list[str]:
    """The docstring, joined to paragraphs, without its example, which the page shows in a block."""
    paragraphs = [" ".join(part.split()) for part in (command.help or "").split("\n\n")]
    told = [part for part in paragraphs if part and not part.startswith("Example:")]
    return "\n\n".join(told).splitlines()


def _row(parameter: click.Parameter, context: click.Context) -> str | None:
    if not isinstance(parameter, click.Option):
        return None
    names = ", ".join((*parameter.opts, *parameter.secondary_opts))
    takes = "" if parameter.is_flag or parameter.count else f" {parameter.make_metavar(context)}"
    words = (parameter.help or "").strip()
    if parameter.show_default and parameter.default not in (None, False):
        words += f" Default: `{parameter.default}`."
    if parameter.envvar:
        words += f" Also the environment variable `{parameter.envvar}`."
    if parameter.required:
        words += " Required."
    if parameter.multiple:
        words += " May be given several times."
    shown = f"{names}{takes}".replace("|", r"\|")  # a bar would end the cell
    return f"| `{shown}` | {words} |"


def filled(page: str) -> str:
    """The page with every generated part as the commands are now."""
    return PART.sub(lambda found: f"{found[1]}{generated(found['name'])}{found[3]}", page)


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
