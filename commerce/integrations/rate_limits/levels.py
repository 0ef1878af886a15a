"""How full a bucket is, and what may be drawn from it. Pure; times are Unix seconds."""

from dataclasses import dataclass
from typing import Final

from commerce.core.limiter import Allowance, Bucket


@dataclass(frozen=True, slots=True)
class Level:
    """`points` were there `at` that time."""

    points: float
    at: float


FULL: Final = Level(float("inf"), 0)


def drawn(bucket: Bucket, level: Level, points: int, now: float) -> tuple[bool, Level]:
    """Whether the points were there, and the level afterwards.

    Negative points are given back: they always pass, and never overfill the bucket.
    """
    # A clock that was set back refills nothing.
    refilled = level.points + max(now - level.at, 0.0) * bucket.per_second
    there = min(float(bucket.capacity), refilled)
    if points > there:
        return False, Level(there, now)
    return True, Level(min(float(bucket.capacity), there - points), now)


def full_at(bucket: Bucket, level: Level) -> float:
    return level.at + (bucket.capacity - level.points) / bucket.per_second


def allowance(bucket: Bucket, level: Level, points: int, allowed: bool) -> Allowance:
    """What to say of a draw that left this level."""
    wait = 0.0 if allowed else (points - level.points) / bucket.per_second
    remaining = int(level.points)
    return Allowance(allowed, bucket.capacity, remaining, full_at(bucket, level), wait)
