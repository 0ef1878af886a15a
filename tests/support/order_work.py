"""Services of orders at work in tests: each call in a transaction of its own."""

from collections.abc import Awaitable, Callable
from typing import Any

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import Problem
from commerce.core.viewer import SYSTEM, Viewer
from commerce.inventory.rules.promises import Want
from commerce.wiring import Services
from tests.support.orders import lines_of
from tests.support.services import PORTS


async def done(
    uow: UnitOfWork, work: Callable[[Services], Awaitable[Any]], viewer: Viewer = SYSTEM
) -> Any:
    """What `work` answers; rolled back when that is a problem."""
    services = Services(uow, viewer, system_clock, PORTS)
    return await uow.transact(
        lambda: work(services), keep=lambda answer: not isinstance(answer, Problem)
    )


async def promise(uow: UnitOfWork, order: Any) -> None:
    """Allocate stock to all lines of an order, as placing does."""
    wants = [Want(line.id, line.variant_id, line.quantity) for line in await lines_of(uow, order)]
    answer = await done(uow, lambda services: services.allocations.allocate(order.id, wants, None))
    assert not isinstance(answer, Problem), answer
