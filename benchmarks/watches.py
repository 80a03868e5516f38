"""Ten thousand watches over a day of changes: matched, composed and rendered, beside rendering the same digests alone."""

import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks.ledgers import ARTICLES, HEADINGS, LIST, fill
from events.operations import WatchAdded
from events.watching import Watching
from projections.run import catch_up, new_store
from tracker.composing import Composer
from tracker.contents import Digest
from tracker.ledger import Ledger
from tracker.news import News, Wanted
from tracker.render import Renderer
from tracker.spans import Span

HISTORY = 20_000
"""Events before the day."""
DAY = "2026-01-02"
SINCE = datetime(1997, 1, 1, tzinfo=UTC)


class Watched(NamedTuple):
    """Seconds of all and of the floor, how many digests and changes there were, and megabytes at the peak above the start."""

    ours: float
    floor: float
    digests: int
    lines: int
    changes: int
    grown: float


def measure(folder: Path, count: int, changes: int) -> Watched:
    """Makes the digests of so many watches over the last changes of a ledger."""
    ledger = Ledger(folder / "ledger.db")
    fill(ledger, HISTORY)
    store = new_store(folder / "views.db")
    catch_up(store, ledger)
    try:
        with store.reading() as database:
            query = "SELECT position FROM changes ORDER BY change DESC LIMIT 1 OFFSET ?"
            after = int(database.execute(query, [changes]).fetchone()[0])
            span = Span(after=after, until=ledger.head(), day_after=DAY, day_until=DAY)
            wanted = [Wanted(watching=one, span=span) for one in watches(count)]
            before = _peak()
            begin = time.perf_counter()
            news = News(database, ledger, wanted, lambda _: ())
            lines = digests = 0
            for digest in composed(news, wanted):
                digests += 1
                lines += digest.size
            ours = time.perf_counter() - begin
            grown = _peak() - before
            floor = _floor(news, wanted)
    finally:
        store.close()
        ledger.close()
    return Watched(ours, floor, digests, lines, changes, grown)


def composed(news: News, wanted: list[Wanted]) -> Iterator[Digest]:
    """Every digest that has news, composed and rendered, and then let go."""
    composer, renderer = Composer(news), Renderer()
    for one in news.in_order(wanted):
        digest = composer.compose(one, 1)
        if digest.size:
            _render(renderer, digest)
            yield digest


def _render(renderer: Renderer, digest: Digest) -> int:
    return len(renderer.text(digest)) + len(renderer.html(digest)) + len(renderer.json(digest))


def _floor(news: News, wanted: list[Wanted]) -> float:
    """The same digests, there already, rendered by the same code in the same order; nothing is matched or read."""
    composer = Composer(news)
    made = [digest for one in news.in_order(wanted) if (digest := composer.compose(one, 1)).size]
    renderer = Renderer()
    begin = time.perf_counter()
    for digest in made:
        _render(renderer, digest)
    return time.perf_counter() - begin


def watches(count: int) -> Iterator[Watching]:
    """What people watch: one institution or party, a few of them, entries, a destination; one in fifty a list, one in 500 all."""
    for number in range(count):
        terms = WatchAdded(watch=f"watch-{number:05}", since=SINCE, **_filters(number))  # type: ignore[arg-type]
        yield Watching(terms=terms, begun=1)


def _filters(number: int) -> dict[str, tuple[str, ...]]:
    institutions = [f"institution-{(number * 7 + n) % (ARTICLES // 2)}" for n in range(3)]
    parties = [f"party-{(number * 13 + n * 101) % 397}" for n in range(5)]
    if number % 500 == 0:
        return {}
    if number % 50 == 0:
        return {"lists": (LIST,), "types": ("tie-ended",) if number % 100 else ()}
    match number % 5:
        case 0:
            return {"institutions": tuple(institutions)}
        case 1:
            return {"parties": tuple(parties)}
        case 2:
            return {"parties": (parties[0],), "types": ("tie-ended", "entity-added")}
        case 3:
            return {"institutions": (institutions[0],), "parties": tuple(parties[:2])}
    return {"destinations": (HEADINGS[number % len(HEADINGS)][1],), "parties": (parties[0],)}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
