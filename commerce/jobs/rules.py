"""When a job is tried again, and which jobs are asked for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from commerce.jobs.kinds import JobKind, JobState

MOST_ATTEMPTS: Final = 8
FIRST_PAUSE: Final = timedelta(seconds=2)
LONGEST_PAUSE: Final = timedelta(minutes=10)
MAX_ERROR: Final = 500


@dataclass(frozen=True, slots=True)
class JobFilter:
    """None asks for nothing."""

    kinds: Collection[JobKind] | None = None
    states: Collection[JobState] | None = None
    own: bool = False


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after that many failures; None when it is enough.

    Eight attempts take a quarter of an hour in all.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    return min(FIRST_PAUSE * int(3 ** (attempts - 1)), LONGEST_PAUSE)


def told(error: BaseException) -> str:
    """What the owner is told of an exception nobody foresaw: its kind, never its words."""
    return f"The job failed unexpectedly ({type(error).__name__})."


def shortened(message: str) -> str:
    return message if len(message) <= MAX_ERROR else f"{message[: MAX_ERROR - 1]}…"
