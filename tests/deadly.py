"""A function that kills its own process at one of its calls."""

import functools
import os
import signal
from collections import Counter
from collections.abc import Callable
from typing import Any


def counted(step: str, function: Callable[..., Any], calls: Counter[str], deadly: tuple[str, str, int] | None) -> Any:
    """The function, which counts its calls and kills the process at one of them."""

    @functools.wraps(function)
    def counting(*arguments: Any, **named: Any) -> Any:
        calls[step] += 1
        if deadly == (step, "before", calls[step]):
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*arguments, **named)
        if deadly == (step, "after", calls[step]):
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return counting
