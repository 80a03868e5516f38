"""How fast articles are read: against a floor measured beside it in the same seconds, in a process that does nothing else.

`python -m tests.readers.pace` prints it language by language, as JSON. A process that has run thousands of tests before is
slower by a third than one that only reads; and who else uses caches and threads of the processor slows the floor as well.
"""

import json
import time
import timeit
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from tests.readers.reading import read

LANGUAGES: Final = ("en", "de", "es", "pt", "it", "nl", "zh")
AT_LEAST: Final = 0.75
"""How many articles are read in the time of one floor. On a core of its own it is 1.0 to 1.2 in English, at some
200 articles a second (docs/performance.md), and more elsewhere."""
_ARTICLES: Final = Path(__file__).parents[1] / "data" / "articles"
_ROUNDS: Final = 7
_FLOORS: Final = 5
_READINGS: Final = 20


def in_a_floor(function: Callable[[], object]) -> float:
    """How often in the time of one floor: the best of several rounds, for others make single ones slower, and none faster."""
    # Decoding makes objects and dictionaries that no cache holds, as reading does: some 5 ms.
    numbers = json.dumps({str(each): [each, -each / 7, {"of": str(each % 97)}] for each in range(10_000)})
    function()
    taken, floors = [], []
    for _ in range(_ROUNDS):
        floors.append(timeit.timeit(partial(json.loads, numbers), number=_FLOORS, timer=time.process_time) / _FLOORS)
        taken.append(timeit.timeit(function, number=_READINGS, timer=time.process_time) / _READINGS)
    return min(floors) / min(taken)


def main() -> None:
    """Measures each language on its short text of the test data."""
    texts = {each: (_ARTICLES / f"{each}-listed.txt").read_text(encoding="utf-8") for each in LANGUAGES}
    print(json.dumps({each: round(in_a_floor(partial(read, text)), 2) for each, text in texts.items()}))


if __name__ == "__main__":
    main()
