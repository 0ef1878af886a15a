"""Whether two kinds of calls can be told apart by how long they take."""

import random
from collections.abc import Awaitable, Callable, Sequence
from math import erfc, sqrt
from time import perf_counter

Call = Callable[[], Awaitable[object]]
TRIES = 3


def mann_whitney(some: Sequence[float], others: Sequence[float]) -> float:
    """How likely two samples of one distribution differ at least as much as these (two-sided).

    The normal approximation, with ties counted half: good from about twenty values each on.
    """
    ranked = sorted([(value, 0) for value in some] + [(value, 1) for value in others])
    ranks, ties, place = 0.0, 0.0, 0
    while place < len(ranked):
        end = place
        while end < len(ranked) and ranked[end][0] == ranked[place][0]:
            end += 1
        equal = end - place
        middle = (place + 1 + end) / 2
        ranks += middle * sum(which == 0 for _, which in ranked[place:end])
        ties += equal**3 - equal
        place = end
    n, m = len(some), len(others)
    all_ = n + m
    expected = n * (all_ + 1) / 2
    spread = sqrt(n * m / 12 * (all_ + 1 - ties / (all_ * (all_ - 1))))
    return 1.0 if spread == 0 else erfc(abs(ranks - expected) / spread / sqrt(2))


async def durations(one: Call, other: Call, count: int) -> tuple[list[float], list[float]]:
    """Seconds of `count` calls of each kind, in random order: what else goes on hits both."""
    order = [0, 1] * count
    random.shuffle(order)
    found: tuple[list[float], list[float]] = ([], [])
    for which in order:
        start = perf_counter()
        await (one, other)[which]()
        found[which].append(perf_counter() - start)
    return found


async def can_be_told_apart(one: Call, other: Call, count: int = 200) -> bool:
    """Whether every one of three looks finds a difference that chance alone seldom makes.

    One look in a hundred would see one where none is.
    """
    for _ in range(TRIES):
        if mann_whitney(*await durations(one, other, count)) > 0.01:
            return False
    return True
