"""Work on a home's stores that is killed (SIGKILL) at a chosen moment.

    python -m tests.killed_stores append|rebuild HOME [STEP WHEN CALL]

STEP, WHEN and CALL are as in `tests.killed`. `append` opens the ledger and appends up to `APPENDS` times what
is not there yet, so that it can go on after a kill. `rebuild` builds the views anew, in small batches.
"""

import json
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from events.operations import SourceFailed
from projections import filling, generations, run
from projections.filling import Filling
from projections.generations import Views
from projections.store import ViewStore
from tests.deadly import counted
from tracker import chain
from tracker.chain import Chain
from tracker.ledger import Ledger
from tracker.recorder import AppendOnlyRecorder

NOW = datetime(2019, 10, 9, 12, tzinfo=UTC)
APPENDS = 6
STEPS: dict[str, dict[str, tuple[Any, str]]] = {
    "append": {
        "make": (AppendOnlyRecorder, "_create_table"),
        "complete": (Chain, "complete"),
        "extend": (Chain, "extend"),
        "insert": (AppendOnlyRecorder, "_insert_events"),
    },
    "rebuild": {
        "make": (generations, "new_store"),
        "load": (Filling, "load"),
        "reports": (Filling, "reports"),
        "rows": (filling, "add"),
        "changes": (Filling, "changes"),
        "listings": (Filling, "listings"),
        "project": (ViewStore, "checkpoint_to"),
        "write": (Path, "write_text"),
        "switch": (Path, "replace"),
        "remove": (Path, "unlink"),
    },
}


def append(home: Path) -> None:
    """Appends two events a stream, where the stream is still empty."""
    ledger = Ledger(home / "ledger.db")
    for n in range(APPENDS):
        events = [SourceFailed(source=f"{n}", error="no"), SourceFailed(source=f"{n}", error="still no")]
        ledger.append(f"source/{n}", lambda known, events=events: [] if known else events, NOW)  # type: ignore[misc]
    ledger.close()


def rebuild(home: Path) -> None:
    """Builds the next generation of the views and switches to it."""
    ledger = Ledger(home / "ledger.db")
    views = Views(home / "views", ledger)
    views.rebuild()
    views.close()
    ledger.close()


def main(work: str, home: str, *deadly: str) -> None:
    """Works, and perhaps dies."""
    chain.BATCH, run.BATCH, filling.PAGE = 3, 2, 2  # type: ignore[misc]
    calls: Counter[str] = Counter()
    when = (deadly[0], deadly[1], int(deadly[2])) if deadly else None
    for step, (owner, name) in STEPS[work].items():
        setattr(owner, name, counted(step, getattr(owner, name), calls, when))
    {"append": append, "rebuild": rebuild}[work](Path(home))
    print(json.dumps(calls))


if __name__ == "__main__":
    main(*sys.argv[1:])
