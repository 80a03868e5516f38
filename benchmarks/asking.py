"""Questions about one subject at any three times, and about the whole list, inside the process."""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from projections import queries
from projections.claims import PRESENT, Horizon
from projections.status import status
from projections.store import ViewStore


class Asked(NamedTuple):
    """Milliseconds: the median of one entity's status and of one pair's timeline, and of the whole list."""

    entity: float
    pair: float
    whole: float


def measure(store: ViewStore, head: int, count: int = 60) -> Asked:
    """Asks about entities and pairs spread over the ledger, each on another day and in another state of knowledge."""
    with store.reading() as database:
        names = [row[0] for row in database.execute("SELECT name FROM listings ORDER BY lineage LIMIT ?", [count])]
        query = "SELECT DISTINCT subject FROM timeline WHERE subject LIKE 'institution:%' LIMIT ?"
        institutions = [row[0] for row in database.execute(query, [count])]
        times = [(f"{1998 + n % 20}-06-01", _horizon(head, n)) for n in range(count)]
        entity = _median(lambda n: status(database, times[n][0], times[n][1], name=names[n % len(names)]), count)
        pair = _median(lambda n: queries.timeline(database, institutions[n % len(institutions)], times[n][1]), count)
        whole = _median(lambda n: status(database, times[n][0], times[n][1] if n else PRESENT), 2)
    return Asked(entity, pair, whole)


def _horizon(head: int, n: int) -> Horizon:
    return Horizon(position=head * (n % 7 + 2) // 9, available=datetime(2005 + n % 15, 1, 1, tzinfo=UTC))


def _median(ask: Callable[[int], object], count: int) -> float:
    spent = []
    for n in range(count):
        begin = time.perf_counter()
        ask(n)
        spent.append((time.perf_counter() - begin) * 1000)
    return statistics.median(spent)
