"""How commands reach the store: as the system, in one event loop per command."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from commerce.core.viewer import SYSTEM
from commerce.logs import configure_quiet
from commerce.runtime import Resources, running
from commerce.settings import settings_from_process
from commerce.wiring import Services

Result = TypeVar("Result")


def run(work: Callable[[Resources], Coroutine[Any, Any, Result]]) -> Result:
    """Run `work` with the resources of this process's settings."""
    configure_quiet()

    async def session() -> Result:
        async with running(settings_from_process()) as resources:
            return await work(resources)

    return asyncio.run(session())


@asynccontextmanager
async def services(resources: Resources) -> AsyncIterator[Services]:
    """The services of one unit of work, with every right."""
    async with resources.open_unit() as uow:
        yield Services(uow, SYSTEM, resources.clock)


Work = Callable[[Services], Awaitable[Result]]


async def change(resources: Resources, work: Work[Result]) -> Result:
    """Run `work` in a transaction."""
    async with services(resources) as session:
        return await session.uow.transact(lambda: work(session))
