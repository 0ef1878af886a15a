"""How commands reach the store: as the system, in one event loop per command."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, Final, TypeVar

from commerce.catalog.kinds import ErrorPolicy
from commerce.cli.output import quiet
from commerce.core.viewer import SYSTEM
from commerce.interchange.rules import ProductSet, SetResult
from commerce.runtime import Resources, running
from commerce.settings import settings_from_process
from commerce.wiring import Services

Result = TypeVar("Result")
# What the audit log calls the command that is running.
COMMAND: Final[ContextVar[str]] = ContextVar("command", default="commerce")


def run(work: Callable[[Resources], Coroutine[Any, Any, Result]]) -> Result:
    """Run `work` with the resources of this process's settings."""
    quiet()

    async def session() -> Result:
        async with running(settings_from_process()) as resources:
            return await work(resources)

    return asyncio.run(session())


@asynccontextmanager
async def services(resources: Resources) -> AsyncIterator[Services]:
    """The services of one unit of work, with every right."""
    async with resources.open_unit() as uow:
        session = Services(uow, SYSTEM, resources.clock, resources.ports)
        uow.stamp = uow.stamp.doing(COMMAND.get())
        yield session


Work = Callable[[Services], Awaitable[Result]]


async def change(resources: Resources, work: Work[Result]) -> Result:
    """Run `work` in a transaction."""
    async with services(resources) as session:
        return await session.uow.transact(lambda: work(session))


async def set_products(resources: Resources, sets: Sequence[ProductSet]) -> Sequence[SetResult]:
    """Write whole products in one transaction; a bad one does not lose the others."""
    return await change(
        resources,
        lambda session: session.product_sets.set_many(sets, ErrorPolicy.SKIP_FAILED_ROWS),
    )
