"""A daily run that is killed (SIGKILL) at a chosen moment: `python -m tests.killed HOME CONFIG NOW [STEP WHEN CALL]`.

STEP is one of `STEPS`, WHEN is `before` or `after`, CALL counts from 1. Without them, or when the run
makes fewer calls, it comes to its end and prints how many calls of each step it made.
"""

import json
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from projections.store import ViewStore
from tests.deadly import counted
from tracker import delivery
from tracker.app import App
from tracker.archive import Archive
from tracker.clock import FixedClock
from tracker.daily import daily
from tracker.ledger import Ledger
from tracker.state import State

STEPS: dict[str, tuple[Any, str]] = {
    "archive": (Archive, "put"),
    "append": (Ledger, "append"),
    "remember": (State, "remember"),
    "save": (State, "save_source"),
    "project": (ViewStore, "checkpoint_to"),
    "deliver": (delivery, "parcel"),
}


def main(home: str, config: str, now: str, *deadly: str) -> None:
    """Runs, and perhaps dies."""
    calls: Counter[str] = Counter()
    when = (deadly[0], deadly[1], int(deadly[2])) if deadly else None
    for step, (owner, name) in STEPS.items():
        setattr(owner, name, counted(step, getattr(owner, name), calls, when))
    with App(Path(home), Path(config), FixedClock(datetime.fromisoformat(now))) as app:
        run = daily(app)
    print(json.dumps({"calls": calls, "failed": run.failed}))


if __name__ == "__main__":
    main(*sys.argv[1:])
