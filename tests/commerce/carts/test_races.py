"""Carts changed from many sides; each test has a twin that shows what happens without the guard."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlmodel import col

from commerce.carts.models import Cart, CartLine
from commerce.carts.repository.carts import CartRepository
from commerce.carts.repository.lines import CartLineRepository
from commerce.carts.rules.lines import NewLine
from commerce.carts.rules.refs import CartRef
from commerce.carts.service.answers import CartAnswer
from commerce.core.clock import system_clock
from commerce.core.db import units_on
from commerce.core.pool import Database, PoolLimits
from commerce.core.problems import Problem, VersionConflict
from commerce.core.viewer import ANONYMOUS, SYSTEM, Viewer
from commerce.wiring import Services
from tests.support.carts import TOKEN, Goods, make_cart, make_cart_line
from tests.support.customers import make_customer, viewer_of
from tests.support.services import PORTS, Work, side_by_side

Patch = pytest.MonkeyPatch
pytestmark = pytest.mark.usefixtures("books")
BUYERS = 20
REF = CartRef(token=TOKEN)


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Database]:
    """A connection for every buyer, and patience: the machine may be busy."""
    shop = Database(database.url, PoolLimits(BUYERS, 0, wait=60, statement=60, lock=60))
    yield shop
    await shop.close()


async def _opened(shop: Database) -> tuple[int, int]:
    """A variant of which there is plenty, and a guest's cart."""
    async with units_on(shop)() as uow:
        variant = await (await Goods.open(uow)).variant(stock=1_000)
        return variant.id, (await make_cart(uow)).id


async def _units(shop: Database) -> list[int]:
    """Of each line, by cart."""
    async with units_on(shop)() as uow:
        order = (col(CartLine.cart_id), col(CartLine.id))
        return list(await uow.scalars(select(col(CartLine.quantity)).order_by(*order)))


async def _add_at_once(shop: Database) -> list[int]:
    """Each adds a unit to the one that is there."""
    variant, cart_id = await _opened(shop)
    async with units_on(shop)() as uow:
        await uow.change(insert(CartLine).values(cart_id=cart_id, variant_id=variant, quantity=1))

    async def add(services: Services) -> Any:
        return await services.cart_lines.add(REF, [NewLine(variant, 1)])

    answers = await side_by_side(shop, [add] * BUYERS)
    assert {type(answer) for answer in answers} == {CartAnswer}
    return await _units(shop)


async def test_what_many_add_at_once_sums_up(shop: Database) -> None:
    assert await _add_at_once(shop) == [1 + BUYERS]


async def test_read_and_written_in_two_steps_units_are_lost(
    shop: Database, monkeypatch: Patch
) -> None:
    """Neither the cart's lock nor the one statement that reads and writes."""

    async def in_two_steps(self: Any, cart_id: int, lines: Sequence[NewLine]) -> Any:
        stored = (await self.by_carts([cart_id]))[cart_id]
        await asyncio.sleep(0.05)
        wanted = stored[0].quantity + lines[0].quantity
        await self.set_quantities(cart_id, {stored[0].id: wanted})
        return [_Row(lines[0].variant_id, wanted)]

    monkeypatch.setattr(CartLineRepository, "add", in_two_steps)
    monkeypatch.setattr(CartRepository, "touch", _only_found)
    (units,) = await _add_at_once(shop)
    assert units < 1 + BUYERS


class _Row:
    is_new, others, one_per_order = False, 1, False

    def __init__(self, variant_id: int, quantity: int) -> None:
        self.variant_id = variant_id
        self.quantity = quantity


async def _only_found(self: Any, ref: CartRef, *_ignored: Any) -> Any:
    return await self.found(ref)


async def _change_at_once(shop: Database) -> int:
    """How many of those who all know version 1 are told that they changed it."""
    variant, _ = await _opened(shop)

    async def add(services: Services) -> Any:
        return await services.cart_lines.add(REF, [NewLine(variant, 1)], 1)

    answers = await side_by_side(shop, [add] * 5)
    assert {type(answer) for answer in answers} <= {CartAnswer, VersionConflict}
    return [type(answer) for answer in answers].count(CartAnswer)


async def test_of_those_who_know_the_same_version_one_changes_it(shop: Database) -> None:
    assert await _change_at_once(shop) == 1


async def test_compared_before_the_lock_all_of_them_do(shop: Database, monkeypatch: Patch) -> None:
    touch = CartRepository.touch

    async def unversioned(self: Any, ref: CartRef, at: Any, _expected: Any, changes: Any) -> Any:
        cart = await self.found(ref)
        await asyncio.sleep(0.05)
        return None if cart.version != 1 else await touch(self, ref, at, None, changes)

    monkeypatch.setattr(CartRepository, "touch", unversioned)
    assert await _change_at_once(shop) > 1


async def _transacted_as(shop: Database, viewer: Viewer, work: Work) -> Any:
    async with units_on(shop)() as uow:
        services = Services(uow, viewer, system_clock, PORTS)
        return await uow.transact(
            lambda: work(services), keep=lambda answer: not isinstance(answer, Problem)
        )


async def _merge_at_once(shop: Database, times: int = 4) -> list[int]:
    """A guest's three units go to the customer's cart, asked for many times at once."""
    variant, cart_id = await _opened(shop)
    async with units_on(shop)() as uow:
        await uow.change(insert(CartLine).values(cart_id=cart_id, variant_id=variant, quantity=3))
        ada = viewer_of(await make_customer(uow))

    async def merge(services: Services) -> Any:
        return await services.cart_merging.merge(TOKEN)

    tasks = (_transacted_as(shop, ada, merge) for _ in range(times))
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert {type(answer) for answer in answers} == {CartAnswer}, answers
    assert len({answer.cart.id for answer in answers}) == 1
    return (await _units(shop))[1:]


async def test_merged_many_times_at_once_it_is_merged_once(shop: Database) -> None:
    assert await _merge_at_once(shop) == [3]


async def test_without_the_lock_units_are_taken_over_twice(
    shop: Database, monkeypatch: Patch
) -> None:
    async def looked_at(self: Any, refs: Sequence[CartRef]) -> Any:
        found = [await self.found(ref) for ref in refs]
        await asyncio.sleep(0.2)
        return [cart for cart in found if cart is not None]

    async def open_one(self: Any, customer_id: int) -> Any:
        return (await self.open_by_customers([customer_id])).get(customer_id)

    monkeypatch.setattr(CartRepository, "locked_all", looked_at)
    monkeypatch.setattr(CartRepository, "locked", CartRepository.found)
    monkeypatch.setattr(CartRepository, "locked_open", open_one)
    assert (await _merge_own_at_once(shop))[0] > 3


async def _merge_own_at_once(shop: Database) -> list[int]:
    """The same for a customer who has a cart already."""
    variant, cart_id = await _opened(shop)
    async with units_on(shop)() as uow:
        customer = await make_customer(uow)
        await make_cart(uow, "the-token-of-the-customers-own-cart", customer_id=customer.id)
        await uow.change(insert(CartLine).values(cart_id=cart_id, variant_id=variant, quantity=3))
        ada = viewer_of(customer)

    async def merge(services: Services) -> Any:
        return await services.cart_merging.merge(TOKEN)

    tasks = (_transacted_as(shop, ada, merge) for _ in range(3))
    await asyncio.gather(*tasks, return_exceptions=True)
    return (await _units(shop))[1:]


async def test_a_customer_with_a_cart_merges_once_too(shop: Database) -> None:
    assert await _merge_own_at_once(shop) == [3]


async def test_adding_removing_and_merging_leave_one_line_of_each(shop: Database) -> None:
    variant, _ = await _opened(shop)
    async with units_on(shop)() as uow:
        ada = viewer_of(await make_customer(uow))

    async def add(services: Services) -> Any:
        return await services.cart_lines.add(REF, [NewLine(variant, 1)])

    async def clear(services: Services) -> Any:
        return await services.cart_lines.clear(REF)

    async def merge(services: Services) -> Any:
        return await services.cart_merging.merge(TOKEN)

    works = [(ANONYMOUS, add), (ANONYMOUS, clear), (ada, merge)] * 5
    tasks = (_transacted_as(shop, viewer, work) for viewer, work in works)
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert not [answer for answer in answers if isinstance(answer, BaseException)]
    async with units_on(shop)() as uow:
        same = select(func.count(col(CartLine.id))).group_by(
            col(CartLine.cart_id), col(CartLine.variant_id)
        )
        assert set(await uow.scalars(same)) <= {1}


async def _create_at_once(shop: Database) -> list[Any]:
    async with units_on(shop)() as uow:
        await Goods.open(uow)
        ada = viewer_of(await make_customer(uow))

    async def create(services: Services) -> Any:
        return await services.carts.create({})

    tasks = (_transacted_as(shop, ada, create) for _ in range(5))
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_customer_who_makes_many_carts_at_once_has_one(shop: Database) -> None:
    assert len({cart.id for cart in await _create_at_once(shop)}) == 1


async def test_without_the_rule_of_the_table_there_are_several(
    shop: Database, monkeypatch: Patch
) -> None:
    add = CartRepository.add

    async def somebodys(self: Any, values: Any, at: Any) -> Any:
        return await add(self, {**values, "customer_id": None}, at)

    monkeypatch.setattr(CartRepository, "add", somebodys)
    assert len({cart.id for cart in await _create_at_once(shop)}) == 5


async def _remind_at_once(shop: Database) -> tuple[int, int]:
    """Abandoned carts, looked for by several processes: how many were noted, and mails."""
    async with units_on(shop)() as uow:
        variant = await (await Goods.open(uow)).variant()
        await uow.change(text("UPDATE store SET abandoned_mails = true"))
        for number in range(6):
            cart = await make_cart(uow, f"token-of-the-cart-number-{number}", email="a@shop.test")
            await make_cart_line(uow, cart, variant)
        await uow.change(text("UPDATE carts SET updated_at = now() - interval '5 hours'"))

    async def look() -> int:
        async with units_on(shop)() as uow:
            return await Services(uow, SYSTEM, system_clock, PORTS).abandoned_carts.remind(
                system_clock()
            )

    noted = sum(await asyncio.gather(*(look() for _ in range(3))))
    async with units_on(shop)() as uow:
        return noted, await uow.scalar(text("SELECT count(*) FROM outgoing_messages"))


async def test_nobody_is_written_to_twice(shop: Database) -> None:
    assert await _remind_at_once(shop) == (6, 6)


async def test_noted_after_looking_several_write(shop: Database, monkeypatch: Patch) -> None:
    async def looked_at(self: Any, before: Any, at: Any, limit: int) -> Any:
        left = col(Cart.reminded_at).is_(None)
        found = await self._uow.rows(select(col(Cart.id), col(Cart.customer_id)).where(left))
        await asyncio.sleep(0.2)
        await self._uow.change(update(Cart).values(reminded_at=at))
        return found

    monkeypatch.setattr(CartRepository, "remind", looked_at)
    assert await _remind_at_once(shop) > (6, 6)
