"""What may be asked of this machine."""

import os
from time import process_time
from typing import Final

# Seconds of processor time that `_work` takes where the limits of the tests were set.
USUAL: Final = 0.012
TRIES: Final = 3
# Work on many small objects, as a server's is: a slow memory slows it down, too. Too many of them
# for the nearest cache.
TEXT: Final = "\n".join(
    f"def f{n}(o, a={n}):\n x = o.field{n}\n if x is None: x = g{n}(a)\n return {{'a': x, 'b': o}}"
    for n in range(300)
)


def within(seconds: float) -> float:
    """`seconds` where processors are free and fast; more where each is queued for, or slow."""
    queued = os.getloadavg()[0] / (os.cpu_count() or 1)
    return seconds * max(1.0, queued) * max(1.0, _spent() / USUAL)


def _spent() -> float:
    """Now: beside other work on the same core a processor is slower than alone."""
    return min(_work() for _ in range(TRIES))


def _work() -> float:
    started = process_time()
    compile(TEXT, "<work>", "exec")
    return process_time() - started
