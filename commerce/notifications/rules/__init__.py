"""When a message is tried again, and which languages a reader is offered. Pure."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

# The waits between tries; in sum about a day, which outlasts a mail server's bad night.
WAITS: Final = tuple(
    timedelta(minutes=minutes) for minutes in (0.25, 1, 5, 15, 30, 60, 120, 240, 480, 480)
)
TRIES: Final = len(WAITS) + 1
JITTER: Final = 0.2
SOURCE_LANGUAGE: Final = "en"  # what the templates are written in


def wait_after(tries: int, chance: float) -> timedelta | None:
    """How long to wait after that many tries; None when the last one is over.

    `chance`, between 0 and 1, spreads the wait by a fifth either way: messages that failed
    together are not tried again together.
    """
    if tries >= TRIES:
        return None
    return WAITS[tries - 1] * (1 - JITTER + 2 * JITTER * chance)


def language_chain(locale: str) -> Sequence[str]:
    """`de-AT` → `de_AT`, `de`, `en`: what to look for, best first."""
    parts = locale.replace("-", "_").split("_")
    chain = ["_".join(parts[:count]) for count in range(len(parts), 0, -1)]
    return list(dict.fromkeys([*(name for name in chain if name), SOURCE_LANGUAGE]))
