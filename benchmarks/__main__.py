"""Runs the benchmarks and prints each figure beside its floor: `python -m benchmarks --events 10000,100000`."""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import appending, asking, rebuilding
from benchmarks.ledgers import fill
from projections.store import ViewStore
from tracker.ledger import Ledger


def main() -> None:
    """Measures ledgers of the sizes asked for, smallest first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", default="10000,100000", help="sizes of ledgers; 1000000 takes minutes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = appending.measure(Path(folder))
    print("append                 ours/s   floor/s  ratio")
    print(f"in batches of 1,000 {found.batches:9,.0f} {found.batches_floor:9,.0f} {found.batches / found.batches_floor:6.2f}")
    print(f"singly              {found.singles:9,.0f} {found.singles_floor:9,.0f} {found.singles / found.singles_floor:6.2f}")
    print("\nevents      rebuild s   floor s  ratio  singly/ours  entity ms  timeline ms  whole list ms  peak MB")
    for size in sorted(int(one) for one in options.events.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            _ledger(Path(folder), size)


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
