"""A buyer who comes back from the bank's page, and wants to pay in another way."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from commerce.carts.rules.refs import CartRef
from commerce.core.pool import Database, PoolLimits
from commerce.core.problems import Problem, VersionConflict
from commerce.core.viewer import ANONYMOUS
from commerce.orders.problems import PaymentInProgress
from commerce.orders.service.cart_payments import Purchase
from commerce.payments.kinds import AttemptKind, AttemptState
from commerce.payments.models import BookedCharge
from commerce.payments.ports import Outcome, OutcomeState, ProviderEvent
from commerce.payments.providers import Providers
from tests.support.checkout import Shop
from tests.support.invariants import assert_invariants

ACTION = {"paymentMethod": "test_action"}


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Shop]:
    pool = Database(database.url, PoolLimits(30, 0, wait=60, statement=60, lock=60))
    yield await Shop.open(pool)
    await pool.close()


async def waiting(shop: Shop, **cart: Any) -> str:
    """A cart whose buyer was sent away to confirm the payment."""
    token = await shop.cart((await shop.variant("10", stock=2), 1), **cart)
    asked = await shop.buy(token, "10", payment_data=ACTION)
    assert isinstance(asked, Purchase)
    assert asked.order is None
    return token


async def call_off(shop: Shop, token: str, version: int | None = None) -> Purchase | Problem:
    async with shop.services() as services:
        return await services.cart_payments.cancel(CartRef(token), version)


async def cart_of(shop: Shop, token: str) -> Any:
    async with shop.services(ANONYMOUS) as services:
        return await services.carts.found(CartRef(token))


async def confirm(shop: Shop, key: str) -> None:
    """The buyer proves who they are, unless the payment was ended before; and is reported."""
    own = (col(BookedCharge.key) == key, col(BookedCharge.state) == AttemptState.ACTION_REQUIRED)
    async with shop.open_unit() as uow:
        paid = update(BookedCharge).where(*own).values(state=AttemptState.SUCCEEDED)
        if await uow.change(paid) == 0:
            return
    done = Outcome(OutcomeState.SUCCEEDED, payment_reference=f"tp_{key}")
    event = ProviderEvent("test", f"evt-{key}", AttemptKind.CHARGE, key, None, done)
    async with shop.services() as services:
        await services.settling.report(event)


async def test_a_payment_that_was_not_confirmed_is_called_off(shop: Shop) -> None:
    token = await waiting(shop)
    stale = await call_off(shop, token, version=1)
    assert isinstance(stale, VersionConflict)
    answer = await call_off(shop, token)
    assert isinstance(answer, Purchase)
    assert answer.order is None
    assert (await cart_of(shop, token)).state.name == "ACTIVE"
    assert await call_off(shop, token) == answer
    for key in await shop.provider_keys():
        await confirm(shop, key)
    bought = await shop.buy(token, "10", "manual")
    assert isinstance(bought, Purchase)
    assert bought.order is not None
    assert await call_off(shop, token) == bought
    assert (await shop.charges(), await shop.orders()) == (0, 1)
    await assert_invariants(shop.database)


async def test_paying_in_another_way_calls_the_first_one_off(shop: Shop) -> None:
    token = await waiting(shop)
    version = (await cart_of(shop, token)).version
    same = await shop.buy(token, "10", payment_data=ACTION)
    assert isinstance(same, Purchase)
    assert same.action == {"kind": "wait"}
    assert await shop.buy(token, "10", "unheard-of") == same
    bought = await shop.buy(token, "10", "later", expected_version=version)
    assert isinstance(bought, Purchase)
    assert bought.order is not None
    assert (await shop.charges(), await shop.orders()) == (1, 1)
    await assert_invariants(shop.database)


async def test_what_was_paid_meanwhile_is_bought(shop: Shop) -> None:
    token = await waiting(shop)
    (key,) = await shop.provider_keys()
    async with shop.open_unit() as uow:
        paid = {"state": AttemptState.SUCCEEDED}
        await uow.change(update(BookedCharge).where(col(BookedCharge.key) == key).values(**paid))
    answer = await call_off(shop, token)
    assert isinstance(answer, Purchase)
    assert answer.order is not None
    assert answer.order.payment_status.name == "PAID"
    await assert_invariants(shop.database)


async def test_a_call_that_may_be_on_its_way_is_not_called_off(shop: Shop) -> None:
    token = await shop.cart((await shop.variant("10"), 1))
    await shop.buy(token, "10", payment_data={"paymentMethod": "test_vanished"})
    assert isinstance(await call_off(shop, token), PaymentInProgress)
    assert isinstance(await shop.buy(token, "10", "manual"), PaymentInProgress)


async def _beside_one_another(shop: Shop, carts: int = 6) -> tuple[int, int]:
    """Buyers who confirm at the bank and call it off at once, and pay on delivery then if they can:
    how often the provider took money, and how many orders are paid.
    """
    tokens = [await waiting(shop, email=f"b{n}@example.com") for n in range(carts)]

    async def change_mind(token: str) -> Any:
        await call_off(shop, token)
        return await shop.buy(token, "10", "manual")

    confirming = [confirm(shop, key) for key in await shop.provider_keys()]
    await asyncio.gather(*confirming, *(change_mind(token) for token in tokens))
    answers = [await shop.buy(token, "10", "manual") for token in tokens]
    assert all(isinstance(answer, Purchase) and answer.order for answer in answers), answers
    assert await shop.orders() == carts
    paid = [answer.order.payment_status.name for answer in answers]  # type: ignore[union-attr]
    return await shop.charges(), paid.count("PAID")


async def test_called_off_beside_the_confirmation_it_is_paid_once(shop: Shop) -> None:
    charged, paid = await _beside_one_another(shop)
    assert charged == paid
    await assert_invariants(shop.database)


async def test_without_asking_the_provider_first_buyers_pay_for_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def believed(self: Providers, call: Any) -> Outcome:
        return Outcome.failed("canceled")

    monkeypatch.setattr(Providers, "abandon", believed)
    charged, paid = await _beside_one_another(shop)
    assert charged > paid
