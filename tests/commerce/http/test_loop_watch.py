import asyncio
import time

import pytest

from commerce.http.loop_watch import watch_loop
from commerce.http.metrics import Metrics


async def test_a_blocked_loop_is_noticed(
    capsys: pytest.CaptureFixture[str], json_logs: None
) -> None:
    metrics = Metrics()
    watching = asyncio.create_task(watch_loop(metrics, interval=0.05))
    await asyncio.sleep(0.01)
    time.sleep(0.5)  # noqa: ASYNC251  # that is what is to be noticed
    for _ in range(5):
        await asyncio.sleep(0)
    late = metrics.loop_lag._value.get()
    watching.cancel()
    assert late > 0.3
    assert '"event":"event_loop_blocked"' in capsys.readouterr().err
