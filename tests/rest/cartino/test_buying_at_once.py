"""One cart that is bought many times at once, over two server processes and two languages.

What it looks like without the lock on the cart that all of them wait for is, for `cartComplete`,
`test_without_the_cart_lock_one_cart_is_bought_more_than_once` in
`tests/reliability/test_buying_twins.py`: each checkout here ends in that same mutation.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import httpx
import pytest

from commerce.core.clock import system_clock
from commerce.core.viewer import SYSTEM, Scope
from commerce.staff.service.api_keys import IssuedKey
from commerce.wiring import Services
from tests.support.buying import (
    IN_PROGRESS,
    ORDER,
    PATIENTLY,
    Basket,
    Market,
    buying_shop,
    fill,
    market_of,
    told,
)
from tests.support.checkout import Shop
from tests.support.invariants import assert_invariants
from tests.support.one_cart import CHARGED, ORDERED
from tests.support.services import PORTS

CHECKOUTS = 50
PAYS = {"payment_method": "card", "payment_token": "card_1"}

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
async def market(server_url: str) -> AsyncIterator[Market]:
    async with (
        buying_shop(server_url, "cartino") as shop,
        market_of(shop, patience=PATIENTLY) as market,
    ):
        yield market


async def cartino_key(shop: Shop) -> str:
    async with shop.open_unit() as uow:
        keys = Services(uow, SYSTEM, system_clock, PORTS).api_keys
        issued = await uow.transact(lambda: keys.create("till", frozenset(Scope), "cartino"))
        assert isinstance(issued, IssuedKey)
        return issued.text


async def checked_out(market: Market, key: str, basket: Basket, at: int) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}", "X-Cart-Token": basket.token}
    client = market.clients[at % len(market.clients)]
    return await client.post("/api/cart/checkout", json=PAYS, headers=headers)


async def test_a_cart_checked_out_many_times_at_once_is_one_order_and_one_charge(
    market: Market,
) -> None:
    """Who is turned away because the payment is under way is told so, and may ask again."""
    shop = market.shop
    mug = await shop.variant(stock=5)
    (basket,) = await fill(shop, [[(mug, 1)]])
    key = await cartino_key(shop)
    by_rest = asyncio.gather(*(checked_out(market, key, basket, at) for at in range(CHECKOUTS)))
    by_graphql = market.buy(basket, paymentMethod="card_1")
    answers, bought = await asyncio.gather(by_rest, by_graphql)
    statuses = Counter(answer.status_code for answer in answers)
    odd = [each.text for each in answers if each.status_code not in (201, 409, 503)]
    assert odd == [], statuses
    assert bought.kind in (ORDER, IN_PROGRESS)
    for answer in answers:
        assert answer.status_code != 503 or "Retry-After" in answer.headers
    last = await checked_out(market, key, basket, 0)
    assert last.status_code == 201, last.text
    orders = {each.json()["data"]["id"] for each in (*answers, last) if each.is_success}
    if bought.order_id is not None:
        orders.add(bought.order_id)
    assert len(orders) == 1
    assert await told(shop, ORDERED, token=basket.token) == 1
    assert await told(shop, CHARGED, token=basket.token) == 1
    assert await shop.left(mug) == 4
    await assert_invariants(shop.database)
