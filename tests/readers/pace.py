"""How fast something is, on this machine or on one like that of docs/performance.md, whichever is the faster."""

import time
import timeit
from collections.abc import Callable
from typing import Final

_FLOOR: Final = 0.0008
"""Seconds of one core that the plain loop takes on the machine of docs/performance.md while others use it."""


def a_second(function: Callable[[], object], number: int = 20) -> float:
    """How often a second of one core; a machine on which a plain loop takes longer is allowed to take longer.

    The best of five: whoever else uses the machine makes single ones slower, and none faster.
    """
    function()
    seconds = min(timeit.repeat(function, number=number, repeat=5, timer=time.process_time)) / number
    floor = min(timeit.repeat(_plain_loop, number=5, repeat=5, timer=time.process_time)) / 5
    return max(1, floor / _FLOOR) / seconds


def _plain_loop() -> int:
    total = 0
    for number in range(20_000):
        total += number * number % 7
    return total
