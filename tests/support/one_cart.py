"""One cart that is bought many times at once, while its provider reports the payment."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.support.buying import Basket, Market, Told, kinds, rush, told

CHARGED = """
SELECT count(*) FROM test_provider_charges AS book
JOIN payment_attempts ON provider_key = book.key JOIN payments ON payments.id = payment_id
JOIN carts ON carts.id = cart_id
WHERE carts.token = :token AND book.kind = 'charge' AND book.state = 'succeeded'
"""
ORDERED = "SELECT count(*) FROM orders JOIN carts ON carts.id = cart_id WHERE carts.token = :token"
PROVIDER_KEYS = """
SELECT array_agg(provider_key) FROM payment_attempts JOIN payments ON payments.id = payment_id
JOIN carts ON carts.id = cart_id WHERE carts.token = :token
"""


@dataclass(frozen=True)
class Bought:
    """What buyers were told, the statuses reports were answered with, and what there is."""

    answers: Sequence[Told]
    reports: Sequence[int]
    orders: int
    charges: int

    @property
    def kinds(self) -> Counter[str]:
        return kinds(self.answers)


async def bought_at_once(market: Market, basket: Basket, times: int, pays_with: str) -> Bought:
    bought = asyncio.Event()
    reporting = asyncio.create_task(_report(market, basket, bought, times))
    try:
        answers = await rush(
            market.buy(basket, at=n, paymentMethod=pays_with) for n in range(times)
        )
    finally:
        bought.set()
    return Bought(
        answers,
        await reporting,
        await told(market.shop, ORDERED, token=basket.token),
        await told(market.shop, CHARGED, token=basket.token),
    )


async def _report(market: Market, basket: Basket, bought: asyncio.Event, times: int) -> list[int]:
    """Each report reaches both servers at once, as well as new ones of the same payment."""
    statuses: list[int] = []
    while not bought.is_set() or 0 < len(statuses) < times:
        for key in await told(market.shop, PROVIDER_KEYS, token=basket.token) or ():
            event = f"{key}-{len(statuses)}"
            statuses += await asyncio.gather(
                market.report(key, event, 0), market.report(key, event, 1)
            )
        await asyncio.sleep(0.01)
    return statuses
