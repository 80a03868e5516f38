"""How fast something is, on this machine or on one like that of docs/performance.md, whichever is the faster."""

import time
import timeit
from collections.abc import Callable
from functools import cache
from typing import Final

_FLOOR: Final = 0.003
"""Seconds of one core that the plain loop takes on the machine of docs/performance.md while others use it."""
_MANY: Final = 300_000
"""Words to look up, more than a processor keeps at hand: so are those of a lexicon."""


def a_second(function: Callable[[], object], number: int = 20) -> float:
    """How often a second of one core; a machine on which a plain loop takes longer is allowed to take longer.

    The best of five: whoever else uses the machine makes single ones slower, and none faster.
    """
    function()
    seconds = min(timeit.repeat(function, number=number, repeat=5, timer=time.process_time)) / number
    floor = min(timeit.repeat(_plain_loop, number=5, repeat=5, timer=time.process_time)) / 5
    return max(1, floor / _FLOOR) / seconds


def _plain_loop() -> int:
    words = _words()
    return sum(words[str(number * 7919 % _MANY)] for number in range(5000))


@cache
def _words() -> dict[str, int]:
    return {str(number): number for number in range(_MANY)}
