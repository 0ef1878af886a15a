"""What may be asked of this machine."""

import os
from time import process_time
from typing import Final

# Seconds of processor time that `_work` takes where the limits of the tests were set.
USUAL: Final = 0.008
TRIES: Final = 3


def within(seconds: float) -> float:
    """`seconds` where processors are free and fast; more where each is queued for, or slow."""
    queued = os.getloadavg()[0] / (os.cpu_count() or 1)
    return seconds * max(1.0, queued) * max(1.0, _spent() / USUAL)


def _spent() -> float:
    """Now: beside other work on the same core a processor is slower than alone."""
    return min(_work() for _ in range(TRIES))


def _work() -> float:
    started = process_time()
    total = 0
    for number in range(100_000):
        total += number * number % 7
    return process_time() - started
