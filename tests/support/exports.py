"""Jobs that write exports, done without a worker."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from commerce.core.clock import Clock, system_clock
from commerce.core.db import OpenUnit
from commerce.core.viewer import Viewer
from commerce.exports.handlers import make_export
from commerce.jobs.problems import JobCanceled
from commerce.jobs.run import JobRun
from commerce.wiring import Services
from tests.support.services import PORTS


class Watched:
    """What the job said on its way; it is stopped when it has said so much."""

    def __init__(self, stops_at: int | None = None) -> None:
        self.told: list[tuple[int, int | None]] = []
        self.held = 0
        self._stops_at = stops_at

    async def progress(self, done: int, total: int | None) -> None:
        self.told.append((done, total))
        if self.canceled():
            raise JobCanceled

    async def hold(self, services: Any) -> None:
        self.held += 1

    async def keep(self, services: Any, result: Mapping[str, Any]) -> None:
        self.held += 1

    def canceled(self) -> bool:
        return self._stops_at is not None and len(self.told) >= self._stops_at


async def made(
    open_unit: OpenUnit,
    job: Any,
    viewer: Viewer,
    watched: Watched | None = None,
    clock: Clock = system_clock,
) -> Mapping[str, Any]:
    """What came of the job."""

    @asynccontextmanager
    async def services() -> AsyncIterator[Services]:
        async with open_unit() as uow:
            yield Services(uow, viewer, clock, PORTS)

    opened: Callable[[], Any] = services
    report = watched or Watched()
    return await make_export(JobRun(job.id, 1, job.input, viewer, opened, report))
