"""Runs the benchmarks and prints each figure beside its floor: `python -m benchmarks --events 10000,100000`."""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import appending, asking, rebuilding, watches
from benchmarks.ledgers import fill
from projections.store import ViewStore
from tracker.ledger import Ledger


def main() -> None:
    """Measures ledgers of the sizes asked for, smallest first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", default="10000,100000", help="sizes of ledgers; 1000000 takes minutes")
    parser.add_argument("--watches", type=int, metavar="N", help="only this many watches over a day of changes")
    parser.add_argument("--changes", type=int, default=500, help="changes of that day")
    options = parser.parse_args()
    if options.watches:
        _watches(options.watches, options.changes)
        return
    with tempfile.TemporaryDirectory() as folder:
        found = appending.measure(Path(folder))
    print("append                 ours/s   floor/s  ratio")
    print(f"in batches of 1,000 {found.batches:9,.0f} {found.batches_floor:9,.0f} {found.batches / found.batches_floor:6.2f}")
    print(f"singly              {found.singles:9,.0f} {found.singles_floor:9,.0f} {found.singles / found.singles_floor:6.2f}")
    print("\nevents      rebuild s   floor s  ratio  singly/ours  entity ms  timeline ms  whole list ms  peak MB")
    for size in sorted(int(one) for one in options.events.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            _ledger(Path(folder), size)


def _watches(count: int, changes: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = watches.measure(Path(folder), count, changes)
    print("watches  changes  digests    lines   ours s  floor s  ratio  grown MB")
    print(
        f"{count:7,} {found.changes:8,} {found.digests:8,} {found.lines:8,} {found.ours:8.2f} {found.floor:8.2f}"
        f" {found.ours / found.floor:6.2f} {found.grown:9.1f}"
    )


def _ledger(folder: Path, size: int) -> None:
    ledger = Ledger(folder / "ledger.db")
    begin = time.perf_counter()
    total = fill(ledger, size)
    print(f"(filled with {total:,} events in {time.perf_counter() - begin:.1f} s)", file=sys.stderr)
    found = rebuilding.measure(ledger, folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    store = ViewStore(folder / "rebuilt.db")
    asked = asking.measure(store, total)
    print(
        f"{total:9,} {found.ours:11.1f} {found.floor:9.2f} {found.ours / found.floor:6.1f} {found.singly / found.ours:12.1f}"
        f" {asked.entity:10.2f} {asked.pair:12.2f} {asked.whole:14.0f} {peak:8}"
    )
    store.close()
    ledger.close()


if __name__ == "__main__":
    main()
