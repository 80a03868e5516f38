"""Daily runs that are killed at random moments: `python -m tests.killed_delivery HOME CONFIG KILLS SEED`.

Before every run one more entry is learnt. Each run is a process of its own, forked from this one, which has read
the settings and holds nothing open; it is killed (SIGKILL) before or after some call of some step. After so many
kills one run is left to live. Prints how often it was killed at each step.
"""

import hashlib
import json
import os
import signal
import smtplib
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from projections.deliveries import Deliveries
from projections.store import ViewStore
from tests.builders import NOW, added, reading
from tests.deadly import counted
from tracker import delivery
from tracker.app import App
from tracker.archive import Archive
from tracker.clock import FixedClock
from tracker.config import Config, load_config
from tracker.daily import daily
from tracker.deliver import CHANNELS
from tracker.ledger import Ledger

STEPS: dict[str, tuple[Any, str]] = {
    "archive": (Archive, "put"),
    "append": (Ledger, "append"),
    "project": (ViewStore, "checkpoint_to"),
    "follow": (Deliveries, "catch_up"),
    "parcel": (delivery, "parcel"),
    "receipt": (delivery, "_made"),
    "smtp": (smtplib.SMTP, "data"),
}
KINDS = ("file", "webhook", "email")
MOST = {"archive": 9, "append": 13, "project": 4, "follow": 20, "parcel": 9, "receipt": 9, "smtp": 3, **dict.fromkeys(KINDS, 3)}
"""About how many calls of each a run makes."""


def main(home: str, config_directory: str, kills: str, seed: str) -> None:
    """Kills so many runs, then lets one live."""
    directory = Path(config_directory)
    config = load_config(directory)
    killed: Counter[str] = Counter()
    run = 0
    while killed.total() < int(kills):
        run += 1
        clock = FixedClock(NOW + run * timedelta(hours=25))  # long enough for whatever was refused to be due
        learn(Path(home), directory, clock, run)
        step, when, call = moment(f"{seed}-{run}")
        if fork(Path(home), directory, config, clock, (step, when, call)) == -signal.SIGKILL:
            killed[f"{when} {step}"] += 1
    clock = FixedClock(NOW + (run + 1) * timedelta(hours=25))
    assert fork(Path(home), directory, config, clock, None) == 0
    print(json.dumps({"runs": run, "killed": killed}))


def learn(home: Path, config: Path, clock: FixedClock, run: int) -> None:
    """One more entry of a list."""
    stream = f"document/federal-register/{run}"
    with App(home, config, clock) as app:
        app.ledger.append(stream, lambda _: reading(stream, added(f"Firm {run:04d}")), clock.now())


def moment(text: str) -> tuple[str, str, int]:
    """A step, before or after it, and a call, all by chance, and the same in every run of the test."""
    chance = int.from_bytes(hashlib.sha256(text.encode()).digest())
    chance, n = divmod(chance, len(MOST))
    step = list(MOST)[n]
    chance, n = divmod(chance, 2)
    return step, ("before", "after")[n], 1 + chance % MOST[step]


def fork(home: Path, directory: Path, config: Config, clock: FixedClock, deadly: tuple[str, str, int] | None) -> int:
    """A daily run in a process of its own; gives how it ended."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        calls: Counter[str] = Counter()
        for step, (owner, name) in STEPS.items():
            setattr(owner, name, counted(step, getattr(owner, name), calls, deadly))
        for kind in KINDS:
            channel = CHANNELS[kind]
            deliver: Any = counted(kind, channel.deliver, calls, deadly)
            CHANNELS[kind] = type(channel)(target="", deliver=deliver, check=channel.check, mask=channel.mask)
        with App(home, directory, clock) as app:
            app.config = config
            status = 1 if daily(app).failed else 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    main(*sys.argv[1:])
