"""kill -9 of servers in the middle of purchases: no order that somebody was told of is lost, and
nobody is charged for nothing, or twice.

In full: COMMERCE_TEST_KILLS=10 COMMERCE_TEST_CHECKOUTS=500, with the product's own patience.
"""

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import Any

import httpx
import pytest

from commerce.orders.service.settling import SettlingService
from tests.support.buying import (
    ACTION,
    IN_PROGRESS,
    ORDER,
    PATIENTLY,
    Basket,
    Market,
    Told,
    buyers_client,
    buying_shop,
    fill,
    served,
    size,
    told,
)
from tests.support.buying_process import (
    AFTER_CALL,
    AFTER_COMMIT,
    BEFORE_COMMIT,
    BEFORE_REPLY,
    NOWHERE,
    POINTS,
)
from tests.support.checkout import Shop
from tests.support.invariants import assert_invariants
from tests.support.machine import within
from tests.support.servers import serving

KILLS = size("KILLS", 0)
CHECKOUTS = size("CHECKOUTS", 500)
NAMED = (AFTER_CALL, BEFORE_COMMIT, AFTER_COMMIT, BEFORE_REPLY)
SETTLED_WITHIN = 60.0  # seconds
WIDTH = 8

UNSETTLED = """
SELECT (SELECT count(*) FROM payment_attempts JOIN payments ON payments.id = payment_id
        WHERE settled_at IS NULL AND provider <> 'manual')
    + (SELECT count(*) FROM carts WHERE state = 'frozen')
    + (SELECT count(*) FROM payments WHERE order_id IS NULL AND authorized > voided + refunded)
"""
# Opened payments of the provider's book by cart, less those that went back.
CHARGED_TWICE = """
SELECT count(*) FROM (
    SELECT cart_id FROM test_provider_charges AS book
    JOIN payment_attempts ON provider_key = book.key JOIN payments ON payments.id = payment_id
    WHERE book.kind IN ('charge', 'authorize') AND book.state <> 'failed'
        AND voided + refunded < authorized
    GROUP BY cart_id HAVING count(*) > 1
) AS twice
"""
CHARGED_FOR_NOTHING = """
SELECT count(*) FROM test_provider_charges AS book
LEFT JOIN payment_attempts ON provider_key = book.key LEFT JOIN payments ON payments.id = payment_id
LEFT JOIN orders ON orders.id = payments.order_id AND orders.placed_at IS NOT NULL
WHERE book.kind IN ('charge', 'authorize') AND book.state <> 'failed' AND orders.id IS NULL
    AND NOT EXISTS (
        SELECT FROM test_provider_charges AS back
        WHERE back.payment_reference = book.payment_reference
            AND back.kind IN ('refund', 'void') AND back.state = 'succeeded'
    )
"""
LONGEST = "SELECT max(extract(epoch FROM settled_at - created_at)) FROM payment_attempts"
FOUND = "SELECT count(*) FROM orders WHERE placed_at IS NOT NULL AND id = ANY(:ids)"

pytestmark = pytest.mark.timeout(1800 if KILLS else 180)


@pytest.fixture
async def shop(server_url: str) -> AsyncIterator[Shop]:
    async with buying_shop(server_url, "kills") as shop:
        yield shop


@asynccontextmanager
async def server(
    shop: Shop, point: str = NOWHERE, times: int = 1, *manners: str
) -> AsyncIterator[tuple[Market, int]]:
    """One that dies at the point, and the number of its process."""
    program = (sys.executable, "-m", "tests.support.buying_process", point, str(times), *manners)
    pid: list[int] = []
    options = {**served(shop), **PATIENTLY}
    async with serving(program=program, pid=pid, **options) as url, buyers_client(url) as one:
        yield Market(shop, [one], ""), pid[0]


async def settled(shop: Shop) -> float:
    """Seconds until nothing is in doubt any more."""
    start = monotonic()
    while await told(shop, UNSETTLED):
        assert monotonic() - start < within(SETTLED_WITHIN), "payments stay in doubt"
        await asyncio.sleep(0.1)
    return monotonic() - start


async def assert_all_is_well(shop: Shop, acknowledged: set[int]) -> None:
    assert await told(shop, FOUND, ids=list(acknowledged)) == len(acknowledged)
    assert await told(shop, CHARGED_TWICE) == 0
    assert await told(shop, CHARGED_FOR_NOTHING) == 0
    await assert_invariants(shop.database)


async def attempted(buying: Any) -> Told | None:
    """None for a purchase of which nobody heard what came of it."""
    try:
        return await buying
    except httpx.TransportError:
        return None


async def test_a_server_killed_at_any_point_loses_no_order_and_charges_nobody_twice(
    shop: Shop,
) -> None:
    """Buyers wait for their server to die under them, and ask the next one again, or give up."""
    mug = await shop.variant(stock=100)
    acknowledged: set[int] = set()
    for point in NAMED:
        baskets = await fill(shop, [[(mug, 1)]] * 3)
        async with server(shop, point, 2, "hasty") as (market, _):
            answers = [await attempted(market.buy(basket)) for basket in baskets]
        assert [each and each.kind for each in answers[:1]] == [ORDER], answers
        assert answers[1:] == [None, None], point
        acknowledged |= {each.order_id for each in answers if each and each.order_id}
    async with server(shop, NOWHERE, 1, "hasty") as (market, _):
        await settled(shop)
        again = await market.buy(baskets[1])
        assert again.kind == ORDER
    await assert_all_is_well(shop, acknowledged | {again.order_id or 0})
    # The first of each three was acknowledged, the second was paid before the server died.
    assert await told(shop, "SELECT count(*) FROM orders") == 2 * len(NAMED)
    assert await shop.left(mug) == 100 - 2 * len(NAMED)


async def test_without_the_reconciler_payments_stay_in_doubt(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(*_arguments: Any) -> None:
        raise RuntimeError("the server dies here")

    monkeypatch.setattr(SettlingService, "settle", die)
    token = await shop.cart((await shop.variant(stock=5), 1))
    with pytest.raises(RuntimeError, match="dies here"):
        await shop.buy(token, "10")
    async with server(shop, NOWHERE, 1, "hasty", "forgetful"):
        await asyncio.sleep(3)
        assert await told(shop, UNSETTLED) > 0
        assert await told(shop, CHARGED_FOR_NOTHING) == 1


class Street:
    """Buyers of a shop whose servers die now and then: half of them ask again until they are
    answered, the others give up.
    """

    def __init__(self, baskets: list[Basket], chance: random.Random) -> None:
        self.waiting = baskets
        self.market: Market | None = None
        self.acknowledged: set[int] = set()
        self.statuses: set[int] = set()
        self.done = 0
        self._chance = chance

    async def buy(self) -> None:
        while self.waiting:
            await self._buy(self.waiting.pop())
            self.done += 1

    async def _buy(self, basket: Basket) -> None:
        stubborn = self._chance.random() < 0.5
        method = self._chance.choice(["card", "card", "later", "manual"])
        pays = self._chance.choice(["c"] * 8 + ["test_lost", "test_vanished", "test_action"])
        while True:
            answer = None
            if self.market is not None:
                answer = await attempted(self.market.buy(basket, method, paymentMethod=pays))
            if answer is not None:
                self.statuses.add(answer.status)
                if answer.order_id is not None:
                    self.acknowledged.add(answer.order_id)
                    return
            if not stubborn and self.market is not None:
                return
            if answer is not None and answer.kind not in (ACTION, IN_PROGRESS):
                pays = "c"
            await asyncio.sleep(0.3)


@pytest.mark.skipif(not KILLS, reason="COMMERCE_TEST_KILLS says how often")
async def test_many_kills_among_many_purchases(shop: Shop) -> None:
    chance = random.Random(KILLS)
    mugs = [await shop.variant(stock=CHECKOUTS) for _ in range(5)]
    contents = [[(chance.choice(mugs), chance.randint(1, 3))] for _ in range(CHECKOUTS)]
    street = Street(await fill(shop, contents), chance)
    buying = [asyncio.create_task(street.buy()) for _ in range(WIDTH)]
    for kill in range(KILLS):
        point = POINTS[kill % (len(POINTS) + 1)] if kill % (len(POINTS) + 1) < len(POINTS) else ""
        times = chance.randint(5, 20) if point else 1
        async with server(shop, point or NOWHERE, times) as (market, pid):
            street.market = market
            enough = CHECKOUTS * (kill + 1) // (KILLS + 1)
            while street.done < enough and _lives(pid):  # noqa: ASYNC110  # nobody tells
                await asyncio.sleep(0.05)
            await asyncio.sleep(0 if not _lives(pid) else chance.random())
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            street.market = None
    async with server(shop) as (market, _):
        street.market = market
        await asyncio.gather(*buying)
        last = await settled(shop)
    longest = await told(shop, LONGEST)
    print(f"{len(street.acknowledged)} told, longest in doubt {longest} s, last {last:.1f} s")  # noqa: T201
    assert street.statuses <= {200}
    await assert_all_is_well(shop, street.acknowledged)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
