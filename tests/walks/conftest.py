"""One shop on two servers, for strangers who walk through it; each brings goods of its own."""

from collections.abc import AsyncIterator

import pytest

from tests.support.buying import buying_shop, make_key
from tests.support.checkout import Shop
from tests.support.stripe_double import (
    PUBLISHABLE_KEY,
    SECRET_KEY,
    WEBHOOK_SECRET,
    StripeDouble,
    stripe_double,
)
from tests.support.walking import Walker, walking


@pytest.fixture(scope="session")
async def walked_shop(server_url: str) -> AsyncIterator[Shop]:
    async with buying_shop(server_url, "walks") as shop:
        yield shop


@pytest.fixture(scope="session")
async def key(walked_shop: Shop) -> str:
    """Of somebody who may do everything."""
    return await make_key(walked_shop)


@pytest.fixture(scope="session")
async def own_shop(server_url: str) -> AsyncIterator[tuple[Shop, str]]:
    """One that no server is in front of but the test's own, and a key to it."""
    async with buying_shop(server_url, "own") as shop:
        yield shop, await make_key(shop)


@pytest.fixture(scope="session")
async def stripe() -> AsyncIterator[StripeDouble]:
    async with stripe_double() as double:
        yield double


@pytest.fixture(scope="session")
async def walkers(
    walked_shop: Shop, key: str, stripe: StripeDouble, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Walker, Walker]]:
    """In front of one server each; the second server's chores are done all the time."""
    settings = {
        "STRIPE_URL": stripe.url,
        "STRIPE_SECRET_KEY": SECRET_KEY,
        "STRIPE_PUBLISHABLE_KEY": PUBLISHABLE_KEY,
        "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
    }
    folder = tmp_path_factory.mktemp("walks")
    async with (
        walking(walked_shop, key, folder, **settings) as first,
        walking(walked_shop, key, folder, hasty=True, **settings) as second,
    ):
        for code, capture in (("stripe", "AT_ONCE"), ("stripe-later", "LATER")):
            method = {"code": code, "name": "Card", "provider": "stripe", "kind": "CARD"}
            await first.work("paymentMethodUpsert", {**method, "capture": capture})
        yield first, second
