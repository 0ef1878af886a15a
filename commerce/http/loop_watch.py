"""Notices when something keeps the event loop from turning."""

import asyncio
from typing import Final

import structlog

from commerce.http.metrics import Metrics

log: Final = structlog.get_logger("commerce.loop")

INTERVAL: Final = 0.5  # seconds
NOTEWORTHY: Final = 0.25  # seconds


async def watch_loop(metrics: Metrics, interval: float = INTERVAL) -> None:
    """Runs until cancelled; the application starts it beside its other background tasks."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + interval
        await asyncio.sleep(interval)
        late = max(0.0, loop.time() - due)
        metrics.loop_lag.set(late)
        if late > NOTEWORTHY:
            log.warning("event_loop_blocked", seconds=round(late, 3))
