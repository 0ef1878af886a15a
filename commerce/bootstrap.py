"""What an empty store needs before it can sell: a price list, a stock location, a key."""

from sqlalchemy import text

from commerce.core.clock import Clock
from commerce.core.db import OpenUnit
from commerce.core.problems import Problem
from commerce.core.viewer import SYSTEM, Scope
from commerce.wiring import Services

LOCK = 0x426F6F74  # "Boot": one process prepares, the others wait and find it done


async def prepare_store(
    open_unit: OpenUnit, clock: Clock, currency: str, name: str = "Storegraph"
) -> None:
    """Make the store's settings, the default price list, stock location, tax class and payment
    method, the group of everybody and the built-in roles, unless they are there, and forget
    sessions and links that are over.
    """
    async with open_unit() as uow:
        services = Services(uow, SYSTEM, clock)

        async def work() -> None:
            price_list = await services.prices.ensure_default_list(currency)
            await services.store.ensure(name, price_list.currency)
            await services.stock.ensure_default_location()
            await services.customer_groups.ensure_general()
            await services.tax_settings.ensure()
            await services.repositories.payment_methods.ensure_first()
            await services.roles.ensure_built_in()
            await services.repositories.sessions.forget_expired(clock())
            await services.repositories.purpose_tokens.forget_expired(clock())

        await uow.transact(work)


async def first_key(open_unit: OpenUnit, clock: Clock) -> str | None:
    """A key with every scope if the store has no key at all, else None."""
    async with open_unit() as uow:
        services = Services(uow, SYSTEM, clock)

        async def work() -> str | None:
            await uow.row(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            if await services.api_keys.any():
                return None
            issued = await services.api_keys.create("first key", frozenset(Scope))
            return None if isinstance(issued, Problem) else issued.text

        return await uow.transact(work)
