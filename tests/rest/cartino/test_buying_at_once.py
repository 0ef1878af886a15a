"""One cart that is filled, and bought, many times at once, over two programs and two languages.

With more buyers: COMMERCE_TEST_CARTINO_CHECKOUTS.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from commerce.carts.repository.carts import CartRepository
from commerce.carts.repository.lines import CartLineRepository
from commerce.carts.rules.refs import CartRef
from commerce.core.locks import Rank
from commerce.core.pool import Database
from commerce.runtime import Resources
from tests.support.buying import IN_PROGRESS, ORDER, Basket, Market, Told, fill, size, told
from tests.support.checkout import Shop
from tests.support.invariants import assert_invariants
from tests.support.one_cart import CHARGED, ORDERED
from tests.support.programs import committed_key, patient, programs
from tests.support.races import without_locks

CHECKOUTS = size("CARTINO_CHECKOUTS", 8)
PAYS = {"payment_method": "card", "payment_token": "card_1"}

pytestmark = pytest.mark.timeout(120)


@dataclass(frozen=True)
class Bought:
    """What one cart came to: the answers of REST and of GraphQL, and what there is."""

    basket: Basket
    by_rest: Sequence[httpx.Response]
    by_graphql: Told
    orders: int
    charges: int

    @property
    def statuses(self) -> Counter[int]:
        return Counter(answer.status_code for answer in self.by_rest)


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Shop]:
    pool = Database(database.url, patient(CHECKOUTS + 2))
    yield await Shop.open(pool)
    await pool.close()


@pytest.fixture
async def market(shop: Shop, resources: Resources) -> AsyncIterator[Market]:
    key = await committed_key(shop.database, "cartino")
    async with programs(shop.database.url, resources, shop.ports, CHECKOUTS + 2) as clients:
        yield Market(shop, clients, key)


async def check_out(market: Market, basket: Basket, at: int = 0) -> httpx.Response:
    headers = {**market.key, "X-Cart-Token": basket.token}
    client = market.clients[at % len(market.clients)]
    return await client.post("/api/cart/checkout", json=PAYS, headers=headers)


async def bought_by_all(market: Market, item: int) -> Bought:
    (basket,) = await fill(market.shop, [[(item, 1)]])
    by_rest = asyncio.gather(*(check_out(market, basket, at) for at in range(CHECKOUTS)))
    by_graphql = market.buy(basket, paymentMethod="card_1")
    answers = await asyncio.gather(by_rest, by_graphql)
    orders = await told(market.shop, ORDERED, token=basket.token)
    charges = await told(market.shop, CHARGED, token=basket.token)
    return Bought(basket, *answers, orders, charges)


async def test_a_cart_checked_out_many_times_at_once_is_one_order_and_one_charge(
    market: Market,
) -> None:
    """Who is turned away because the payment is under way is told so, and may ask again."""
    item = await market.shop.variant(stock=5)
    bought = await bought_by_all(market, item)
    assert set(bought.statuses) <= {201, 409}, [answer.text for answer in bought.by_rest]
    assert bought.by_graphql.kind in (ORDER, IN_PROGRESS)
    last = await check_out(market, bought.basket)
    assert last.status_code == 201, last.text
    done = [each for each in (*bought.by_rest, last) if each.is_success]
    orders = {each.json()["data"]["id"] for each in done} | {bought.by_graphql.order_id}
    assert len(orders - {None}) == 1
    assert (bought.orders, bought.charges) == (1, 1)
    assert await market.shop.left(item) == 4
    await assert_invariants(market.shop.database)


async def test_without_the_cart_lock_it_is_not(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is bought more than once, or somebody runs into what the database refuses."""
    without_locks(monkeypatch, Rank.CART)
    bought = await bought_by_all(market, await market.shop.variant(stock=5))
    wrong = set(bought.statuses) - {201, 409}
    assert wrong or bought.orders > 1 or bought.charges > 1


async def sold_singly(shop: Shop) -> int:
    item = await shop.variant(stock=50)
    singly = "UPDATE products SET one_per_order = true RETURNING 1"
    assert await told(shop, singly) == 1
    return item


async def engraved_by_all(market: Market, item: int) -> tuple[Counter[int], int]:
    """How often each status was answered, and the units in the cart: each wants other words."""
    token = await market.shop.cart()
    cart = await told(market.shop, "SELECT id FROM carts WHERE token = :token", token=token)

    async def add(at: int) -> int:
        body = {"product_variant_id": item, "data": {"engraving": f"Ada {at}"}}
        client = market.clients[at % len(market.clients)]
        path = f"/api/carts/{cart}/items"
        return (await client.post(path, json=body, headers=market.key)).status_code

    statuses = Counter(await asyncio.gather(*map(add, range(CHECKOUTS))))
    units = "SELECT coalesce(sum(quantity), 0) FROM cart_lines WHERE cart_id = :cart"
    return statuses, await told(market.shop, units, cart=cart)


async def test_of_what_is_sold_singly_a_cart_has_one(market: Market) -> None:
    statuses, units = await engraved_by_all(market, await sold_singly(market.shop))
    assert statuses == {201: 1, 422: CHECKOUTS - 1}
    assert units == 1


async def test_of_carts_that_nobody_locks_it_has_several(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def looked_at(self: CartRepository, ref: CartRef, *_known: Any) -> Any:
        return await self.found(ref)

    crowded = CartLineRepository.crowded

    async def dawdling(self: CartLineRepository, cart_id: int) -> bool:
        found = await crowded(self, cart_id)
        await asyncio.sleep(0.5)
        return found

    monkeypatch.setattr(CartRepository, "touch", looked_at)
    monkeypatch.setattr(CartLineRepository, "crowded", dawdling)
    _, units = await engraved_by_all(market, await sold_singly(market.shop))
    assert units > 1
