"""The list, day by day: `python -m tests.quality.world --seed 4 --from 2024-04-20 --until 2024-06-10 [--faults light]`.

Runs the tracker against a simulated Federal Register, eCFR and screening list with a virtual clock: takes in the
history before the first day, polls every few days, and on each day holds its answers against what really happened, and
the list against both official copies. At the end it asks about random days in random states of knowledge. Prints what
disagreed, and how often each cause explained a difference. The world lies beside the project; no other network.
"""

import argparse
import importlib
import random  # noqa: TID251 - drawn from a seed
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import stamina

from events.names import normalise
from projections.claims import PRESENT, Horizon
from projections.pending import pending
from projections.status import status
from tests.quality.entity_list import WORLD
from tracker.app import App
from tracker.clock import FixedClock
from tracker.errors import TrackerError
from tracker.poll import backfill, chosen, poll
from tracker.reconciling import reconcile_all

LIST = "us-bis-el"
Entries = Counter[tuple[str, str]]


class Simulation(NamedTuple):
    """The world's server and its truth, and a home that looks at it."""

    site: Any
    truth: Any
    home: Path

    def app(self, now: datetime) -> App:
        """The tracker at a time; the world's clock is set to it."""
        self.site.now = now
        return App(self.home, self.home / "config", FixedClock(now))

    def true(self, day: date, known: datetime | None, status_word: str) -> Entries:
        """What is listed (or suspended) on a day, by the documents that could be had by a time."""
        found = self.truth.on(self.site.world, day, known)["entries" if status_word == "listed" else "suspended"]
        return Counter((normalise(entry["heading"]), normalise(entry["name"])) for entry in found)


def simulation(seed: int, first: datetime, home: Path) -> Simulation:
    """Serves the world of a seed on loopback, and writes settings that point to it."""
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(WORLD))
    server = importlib.import_module("simworld.server").make_server(0, seed=seed, when=first.strftime("%Y-%m-%dT%H:%M"))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    (home / "config").mkdir(parents=True)
    (home / "config" / "tracker.toml").write_text('[http]\nallow_private = true\nper_host_gap = "0s"\nretries = 1\n')
    register = f'base_url = "{base}"\nagencies = ["industry-and-security-bureau"]\ncfr = {{ title = 15, part = 744 }}\n'
    (home / "config" / "sources.toml").write_text(
        f'[[source]]\nid = "federal-register"\nkind = "federal-register"\n{register}'
        f'[[source]]\nid = "ecfr"\nkind = "ecfr"\nbase_url = "{base}"\n'
        f'[[source]]\nid = "csl"\nkind = "csl"\nbase_url = "{base}"\n'
    )
    return Simulation(server.site, importlib.import_module("simworld.truth"), home)


def disagreement(world: Simulation, app: App, day: date, known: datetime, horizon: Horizon = PRESENT) -> Iterator[str]:
    """How our answer about a day differs from the truth, outside of what waits for a person."""
    with app.views.store.reading() as database:
        waits = {normalise(one.name or "") for one in pending(database, horizon)}
        rows = status(database, day.isoformat(), horizon, list_id=LIST)
    for word in ("listed", "suspended"):
        ours = Counter((normalise(row.destination or ""), normalise(row.name)) for row in rows if row.status == word)
        true = world.true(day, known, word)
        for what, entries in (("missing", true - ours), ("wrong", ours - true)):
            yield from (f"{word} {what}: {name} ({where})" for where, name in entries if name not in waits)


class Tally(NamedTuple):
    """What a run counted."""

    bad: Counter[str]
    causes: Counter[str]
    good_polls: list[datetime]


def run(world: Simulation, first: datetime, last: datetime, step: timedelta, faults: str) -> Tally:
    """Polls from day to day, and compares after each poll of the rules that worked."""
    tally = Tally(Counter(), Counter(), [])
    with world.app(first) as app:
        (rules,) = chosen(app, ("federal-register",), due=False)
        backfill(app, rules, date(1997, 1, 1), None)
    if faults != "none":
        world.site.faults.configure({"level": faults})
    now = first
    while now <= last:
        with world.app(now) as app:
            failed = {one.source for one in poll(app, chosen(app, (), due=False)) if one.status == "failed"}
            tally.bad.update(f"poll of {source} failed" for source in failed)
            if "federal-register" not in failed:
                tally.good_polls.append(now)
                for line in disagreement(world, app, now.date(), now):
                    tally.bad["disagreement"] += 1
                    print(f"{now.date()} {line}")
            _reconciled(app, tally)
        now += step
    return tally


def _reconciled(app: App, tally: Tally) -> None:
    try:
        found = reconcile_all(app)
    except TrackerError:
        return  # no copy yet
    for one in found:
        for difference in (*one.missing, *one.extra, *one.differing):
            tally.causes[f"{one.source:5} {difference.explanation}"] += 1
            if difference.explanation == "truly different":
                print(f"{one.source} on {one.on}: {difference}")


def ask_at_random(world: Simulation, tally: Tally, last: datetime, count: int, chance: random.Random) -> int:
    """Asks about random days as known at random polls; gives how many answers disagree."""
    wrong = 0
    with world.app(last) as app:
        for _ in range(count):
            known = chance.choice(tally.good_polls)
            day = known.date() + timedelta(days=chance.randrange(-1500, 300))
            horizon = Horizon(position=app.ledger.position_at(known))
            lines = list(disagreement(world, app, day, known, horizon))
            wrong += bool(lines)
            for line in lines[:3]:
                print(f"on {day}, known at {known:%Y-%m-%dT%H:%M}: {line}")
    return wrong


def main() -> None:
    """Prints the figures of one run, or says why there are none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", dest="first", default="2019-10-01")
    parser.add_argument("--until", default="2019-12-01")
    parser.add_argument("--step", type=int, default=3, help="days between two polls")
    parser.add_argument("--faults", default="none", choices=["none", "light", "heavy", "hostile"])
    parser.add_argument("--questions", type=int, default=20, help="random questions at the end")
    options = parser.parse_args()
    if not WORLD.exists():
        print(f"the simulated world is not present at {WORLD}: nothing to compare with")
        return
    stamina.set_testing(True, attempts=2, cap=True)
    first, last = (datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC) for day in (options.first, options.until))
    with tempfile.TemporaryDirectory() as folder:
        world = simulation(options.seed, first, Path(folder) / "home")
        tally = run(world, first, last, timedelta(days=options.step), options.faults)
        wrong = ask_at_random(world, tally, last, options.questions, random.Random(options.seed))
    print(f"seed {options.seed}: {len(tally.good_polls)} days compared, {tally.bad['disagreement']} disagreements")
    print(f"random questions: {options.questions}, {wrong} with a disagreement")
    for name, counts in (("polls", tally.bad), ("causes", tally.causes)):
        for what, count in sorted(counts.items()):
            print(f"{name:8} {count:8} {what}")


if __name__ == "__main__":
    main()
