"""kill -9 while events are chained and while views are rebuilt: what was there serves on, what was cut off is made up."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from events.operations import SourceFailed
from projections.generations import Views
from projections.run import fingerprint
from tests.builders import added, reading
from tests.builders import append as append_now
from tests.killed_stores import APPENDS, STEPS
from tests.killed_stores import append as append_the_rest
from tests.test_chain import as_before_the_chain
from tracker.anchors import Anchor, head_of, prove
from tracker.ledger import Ledger

ROOT = Path(__file__).parents[1]


def work(kind: str, home: Path, *deadly: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.killed_stores", kind, str(home), *map(str, deadly)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, env={**os.environ}, check=False)


def calls_of(kind: str, home: Path) -> dict[str, int]:
    done = work(kind, home)
    assert done.returncode == 0, done.stderr
    calls: dict[str, int] = json.loads(done.stdout)
    assert set(calls) == set(STEPS[kind])
    return calls


def moments(calls: int) -> list[tuple[str, int]]:
    """The first, a middle and the last call of a step, before and after."""
    return [(when, call) for call in sorted({1, (calls + 1) // 2, calls}) for when in ("before", "after")]


# The chain


def old_home(home: Path) -> Path:
    """A ledger of eight events from before the chain."""
    ledger = Ledger(home / "ledger.db")
    append_now(ledger, "source/old", [SourceFailed(source="old", error=f"{n}") for n in range(8)])
    ledger.close()
    as_before_the_chain(ledger.path)
    return home


@pytest.fixture(scope="module")
def chained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int], Anchor]:
    """An old ledger, how many calls an undisturbed upgrade makes, and the anchor of what it leaves."""
    before = old_home(tmp_path_factory.mktemp("old"))
    after = tmp_path_factory.mktemp("new") / "home"
    shutil.copytree(before, after)
    calls = calls_of("append", after)
    ledger = Ledger(after / "ledger.db")
    head = head_of(ledger)
    assert head.position == 8 + 2 * APPENDS
    ledger.close()
    return before, calls, head


@pytest.mark.parametrize("step", STEPS["append"])
def test_a_kill_while_events_are_chained(chained: tuple[Path, dict[str, int], Anchor], tmp_path: Path, step: str) -> None:
    before, calls, head = chained
    for when, call in moments(calls[step]):
        home = tmp_path / f"{when}-{call}"
        shutil.copytree(before, home)
        assert work("append", home, step, when, call).returncode == -signal.SIGKILL
        raw = sqlite3.connect(home / "ledger.db")
        ((events,),) = raw.execute("SELECT max(rowid) FROM stored_events")
        raw.close()
        assert events % 2 == 0, "an append is there whole or not at all"
        ledger = Ledger(home / "ledger.db")
        assert prove(ledger).broken is None
        ledger.close()
        append_the_rest(home)
        ledger = Ledger(home / "ledger.db")
        assert prove(ledger, [head]).extended == (head,)
        assert ledger.head() == head.position
        ledger.close()


# The views


@pytest.fixture(scope="module")
def viewed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int], dict[str, str]]:
    """A home with views of the first generation, the calls of a rebuild, and what the views say."""
    home = tmp_path_factory.mktemp("viewed") / "home"
    ledger = Ledger(home / "ledger.db")
    for n in range(4):
        stream = f"document/federal-register/{n}"
        append_now(ledger, stream, reading(stream, added(f"Entry {n}"), added("Same")))
    views = Views(home / "views", ledger)
    views.catch_up()
    before = fingerprint(views.store)
    views.close()
    ledger.close()
    beside = home.parent / "rebuilt"
    shutil.copytree(home, beside)
    return home, calls_of("rebuild", beside), before


@pytest.mark.parametrize("step", STEPS["rebuild"])
def test_a_kill_while_views_are_rebuilt(viewed: tuple[Path, dict[str, int], dict[str, str]], tmp_path: Path, step: str) -> None:
    origin, calls, before = viewed
    for when, call in moments(calls[step]):
        home = tmp_path / f"{when}-{call}"
        shutil.copytree(origin, home)
        assert work("rebuild", home, step, when, call).returncode == -signal.SIGKILL
        named = (home / "views" / "current").read_text().strip()
        has_switched = step == "remove" or (step, when) == ("switch", "after")
        assert named == ("000002.db" if has_switched else "000001.db")
        ledger = Ledger(home / "ledger.db")
        views = Views(home / "views", ledger)
        assert views.store.path.name == named, "it serves as it is, nothing is built to answer"
        assert fingerprint(views.store) == before
        views.rebuild()
        assert fingerprint(views.store) == before
        views.close()
        ledger.close()
        left = {path.name for path in (home / "views").iterdir()} - {"current", "rebuilding"}
        assert left == {"000003.db" if has_switched else "000002.db"}
