"""How fast something is where other tests use the same cores."""

import time
import timeit
from collections.abc import Callable
from typing import Final

AT_LEAST: Final = 120
"""Articles a second of a core that is shared. A core of its own reads 200 (`python -m tests.quality.news`,
docs/performance.md); whoever else uses caches and threads of the processor takes up to two fifths of that."""


def a_second(function: Callable[[], object], number: int = 20) -> float:
    """How often a second of one core: the best of five, for others make single ones slower, and none faster."""
    function()
    return number / min(timeit.repeat(function, number=number, repeat=5, timer=time.process_time))
