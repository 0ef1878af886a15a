"""Numbers what has happened, and hands it on, beside the requests of a server process."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog
from sqlalchemy import text

from commerce.core.problems import UnavailableError
from commerce.core.viewer import SYSTEM
from commerce.runtime import Resources
from commerce.wiring import Services

log: Final = structlog.get_logger("commerce.events")

AT_ONCE: Final = 500
LOOK_EVERY: Final = 0.25  # seconds: for what processes wrote that are not there any more
PAUSE: Final = 2.0  # seconds, after something went wrong
CHANNEL: Final = "storegraph_events"  # told when the log has grown
TELL: Final = text("SELECT pg_notify(:channel, :last)")

# Takes part in the transaction that numbers the events of those positions.
Consumer = Callable[[Services, range], Awaitable[None]]


class EventRelay:
    """Every process has one; of several that look at once one finds something to do.

    `consumers` write down what is to be done about each event, together with its number: none is
    missed and none is taken twice, whatever happens to this process.
    """

    def __init__(self, resources: Resources, consumers: Sequence[Consumer]) -> None:
        self._resources = resources
        self._consumers = consumers

    async def run(self) -> None:
        written = self._resources.events_written
        while True:
            written.clear()
            if await self._moved() == AT_ONCE:
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await written.wait()

    async def _moved(self) -> int:
        try:
            return await self.move()
        except UnavailableError:
            log.warning("events_wait", reason="the database is not available")
        except Exception:
            log.exception("events_not_numbered")
        await asyncio.sleep(PAUSE)
        return 0

    async def move(self) -> int:
        """How many events are in the log now that were not before."""
        resources = self._resources
        async with resources.open_unit_aside() as uow:
            services = Services(uow, SYSTEM, resources.clock, resources.ports)

            async def work() -> int:
                positions = await services.repositories.event_outbox.number(AT_ONCE)
                if positions:
                    for consume in self._consumers:
                        await consume(services, positions)
                    await uow.row(TELL, {"channel": CHANNEL, "last": str(positions[-1])})
                return len(positions)

            moved = await uow.transact(work)
        if moved:
            resources.events_numbered.set()
        return moved


@asynccontextmanager
async def relaying(resources: Resources, consumers: Sequence[Consumer]) -> AsyncIterator[None]:
    """Events are numbered until this is left."""
    task = asyncio.create_task(EventRelay(resources, consumers).run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
