"""What a server process does by itself, beside requests: again and again, each at its own pace."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

import structlog

from commerce.core.problems import UnavailableError
from commerce.core.viewer import SYSTEM
from commerce.runtime import Resources
from commerce.wiring import Services

log: Final = structlog.get_logger("commerce.chores")


@dataclass(frozen=True, slots=True)
class Chore:
    """`run` is handed services of its own, outside any transaction, and says how much it did.

    Every process does every chore: each must bear being done by several at once.
    """

    name: str
    every: float  # seconds
    run: Callable[[Services], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Scheduled:
    """The same by the clock, `when` as cron says it (UTC), and by one process at a time."""

    name: str
    when: str
    run: Callable[[Services], Awaitable[int]]


async def _forget(services: Services) -> int:
    """What is over, and only takes room by now."""
    forgotten = await services.idempotency.forget_expired()
    forgotten += await services.reservations.forget_expired()
    forgotten += await services.tax_rates.forget_expired()
    forgotten += await services.shipping_quotes.forget_expired()
    forgotten += await services.repositories.sessions.forget_expired(services.clock())
    forgotten += await services.repositories.purpose_tokens.forget_expired(services.clock())
    forgotten += await services.repositories.oauth_grants.tidy(None, services.clock())
    forgotten += await services.events.forget()
    forgotten += await services.webhook_deliveries.forget()
    forgotten += await services.job_upkeep.forget()
    return forgotten + await services.notifications.forget_dead()


async def _let_go(services: Services) -> int:
    """Personal data that was kept for as long as it may be."""
    return await services.cart_retention.blank() + await services.privacy.blank_kept()


# One process does each of these when it is due, whichever comes first.
SCHEDULED: Final = (
    Scheduled(
        "carts_left_behind", "*/5 * * * *", lambda own: own.abandoned_carts.remind(own.clock())
    ),
    Scheduled("lost_jobs", "*/2 * * * *", lambda services: services.job_upkeep.requeue()),
    Scheduled("exports_over", "*/10 * * * *", lambda services: services.exports.tidy()),
    Scheduled("what_is_over", "7 * * * *", _forget),
    Scheduled("personal_data_kept_long_enough", "37 * * * *", _let_go),
)
# Every process does these: nobody who waits for a payment waits for one process alone.
CHORES: Final = (
    Chore("payments in doubt", 5, lambda services: services.reconciling.reconcile()),
    Chore("goods that came", 10, lambda services: services.order_arrivals.go_on()),
    Chore("what is left of files", 60, lambda services: services.files.tidy()),
)


@asynccontextmanager
async def doing(resources: Resources, chores: Sequence[Chore]) -> AsyncIterator[None]:
    """Chores are done until this is left; one that is being done is abandoned."""
    tasks = [asyncio.create_task(_repeat(resources, chore)) for chore in chores]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks)


async def _repeat(resources: Resources, chore: Chore) -> None:
    while True:
        # Processes that were started together do not stay together.
        await asyncio.sleep(chore.every * random.uniform(0.8, 1.2))  # noqa: S311  # no secret
        await do(resources, chore)


async def do(resources: Resources, chore: Chore | Scheduled) -> int:
    """Once; what goes wrong is logged, and left for the next time."""
    try:
        async with resources.open_unit() as uow:
            done = await chore.run(Services(uow, SYSTEM, resources.clock, resources.ports))
    except UnavailableError:
        log.warning("chore_postponed", chore=chore.name)
        return 0
    except Exception:
        log.exception("chore_failed", chore=chore.name)
        return 0
    if done:
        log.info("chore_done", chore=chore.name, count=done)
    return done
