"""The bar of long works: told on a terminal, silent elsewhere."""

import os
import pty
import subprocess
import sys
from datetime import date

import pytest

from tracker.cli.output import counting_bar, progress_bar

SCRIPT = """
from datetime import date
from tracker.cli.output import counting_bar, progress_bar
with counting_bar("counting [b]") as count:
    count(3, 12)
with progress_bar(date(2019, 1, 1), date(2019, 12, 31)) as progress:
    progress("federal-register", "2019-07-02")
    progress("[red]no day is known[/red]")
"""


def test_no_terminal_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar(date(2019, 1, 1), date(2019, 12, 31)) as progress:
        progress("working", "2019-07-02")
    with counting_bar("counting") as count:
        count(3, 12)
    assert capsys.readouterr() == ("", "")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_terminal_shows_how_far_it_is() -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120", "NO_COLOR": "1"}
    done = subprocess.run([sys.executable, "-c", SCRIPT], stderr=theirs, stdout=subprocess.PIPE, env=environment, check=True)
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.stdout == b""
    assert "25%" in shown
    assert "50%" in shown
    assert "[red]no day is known[/red]" in shown, "titles are no markup"
