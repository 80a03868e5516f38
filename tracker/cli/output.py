"""How answers are printed: a table for people, or JSON, JSON Lines, CSV. Data to stdout, words to stderr."""

import csv
import io
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import click
import msgspec

from projections.rows import plain

if TYPE_CHECKING:
    import rich.progress

F = TypeVar("F", bound=Callable[..., Any])

_FORMS: Final = {"json": "One JSON array.", "jsonl": "One JSON object a line.", "csv": "CSV with a header line."}


def output_options(command: F) -> F:
    """Adds `--json`, `--jsonl` and `--csv`, of which one may be given; the command is given `form`."""

    @wraps(command)
    def with_form(*given: Any, **options: Any) -> Any:
        forms = [name for name in _FORMS if options.pop(f"as_{name}")]
        if len(forms) > 1:
            raise click.UsageError(f"--{' and --'.join(forms)} exclude each other: give one of them")
        return command(*given, form=forms[0] if forms else None, **options)

    for name, words in reversed(_FORMS.items()):
        with_form = click.option(f"--{name}", f"as_{name}", is_flag=True, help=words)(with_form)
    return cast(F, with_form)


def say(words: str) -> None:
    """Words for people, on stderr; the quiet flag silences them."""
    context = click.get_current_context(silent=True)
    if context is None or not (context.obj and context.obj.quiet):
        click.echo(words, err=True)


class Progress:
    """A bar on the terminal for work that goes through days; nothing where stderr is no terminal."""

    def __init__(self, bar: "rich.progress.Progress | None", first: date, last: date) -> None:
        self._bar, self._first = bar, first
        self._task = bar.add_task("", total=max(1, (last - first).days)) if bar else None

    def __call__(self, words: str, day: str | None = None) -> None:
        """Moves the bar to an ISO day, and says what is being done."""
        if self._bar is None or self._task is None:
            return
        from rich.markup import escape

        at = (date.fromisoformat(day[:10]) - self._first).days if day else None
        self._bar.update(self._task, description=escape(words[:60]), completed=at)


@contextmanager
def progress_bar(first: date, last: date) -> Iterator[Progress]:
    """Shows how far a work through the days from `first` to `last` is."""
    with _bar() as bar:
        yield Progress(bar, first, last)


@contextmanager
def counting_bar(words: str) -> Iterator[Callable[[int, int], None]]:
    """Shows how far a work is that is told as so many of so many; nothing where stderr is no terminal."""
    with _bar() as bar:
        task = bar.add_task(words, total=None) if bar else None

        def count(done: int, of: int) -> None:
            if bar is not None and task is not None:
                bar.update(task, completed=done, total=max(1, of))

        yield count


@contextmanager
def _bar() -> Iterator["rich.progress.Progress | None"]:
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(), TaskProgressColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        yield bar


def emit(rows: Iterable[Any], form: str | None, columns: Sequence[str], *, single: bool = False) -> None:
    """Prints rows. `columns` are what the table shows, `name` or `name:heading`; the other forms show all keys."""
    built = [plain(row) for row in rows]
    if form == "json":
        click.echo(_json(built[0] if single and built else built, indent=2))
    elif form == "jsonl":
        for row in built:
            click.echo(_json(row))
    elif form == "csv":
        click.echo(_csv(built, columns), nl=False)
    elif built:
        _table(built, columns)


def _json(value: Any, indent: int = 0) -> str:
    text = msgspec.json.encode(value)
    return (msgspec.json.format(text, indent=indent) if indent else text).decode()


def _csv(rows: list[dict[str, Any]], shown_columns: Sequence[str]) -> str:
    """CSV as RFC 4180, nested values as JSON; a cell cannot pose as a formula."""
    target = io.StringIO()
    columns = list(dict.fromkeys(key for row in rows for key in row)) or [name.partition(":")[0] for name in shown_columns]
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    return target.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else _json(value)
    is_number = re.fullmatch(r"-?\d+(\.\d+)?", text) is not None
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} and not is_number else text


def shown(value: Any) -> str:
    """A value as a table shows it: one line, nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list | tuple):
        return "; ".join(shown(one) for one in value)
    if isinstance(value, dict):
        return shown(list(value.values()))
    return " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())


def _table(rows: list[dict[str, Any]], columns: Sequence[str]) -> None:
    headings = [(name, heading or name) for name, _, heading in (column.partition(":") for column in columns)]
    if not sys.stdout.isatty():
        click.echo("\t".join(heading for _, heading in headings))
        for row in rows:
            click.echo("\t".join(shown(row.get(name)) for name, _ in headings))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for _, heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(shown(row.get(name))) for name, _ in headings))
    Console().print(table)
