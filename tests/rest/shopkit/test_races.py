"""Programs that make the same call at once, on connections of their own."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, text
from sqlmodel import col

from commerce.app import create_app
from commerce.authentication import Authenticator
from commerce.catalog.models import Brand
from commerce.catalog.repository.slugged import SluggedRepository
from commerce.catalog.service.brands import BrandService
from commerce.core.clock import system_clock
from commerce.core.db import units_on
from commerce.core.locks import Rank
from commerce.core.pool import Database, PoolLimits
from commerce.core.viewer import Scope
from commerce.orders.service.marking_paid import OrderMarkPaidService
from commerce.payments.kinds import TransactionKind
from commerce.payments.models import Payment, PaymentTransaction
from commerce.promotions.models import Coupon, Promotion
from commerce.runtime import Resources
from commerce.staff.repository.api_keys import ApiKeyRepository
from commerce.staff.service.api_keys import ApiKeyService
from commerce.webhooks.models import WebhookEndpoint
from commerce.webhooks.repository.endpoints import WebhookEndpointRepository
from tests.support.invariants import Books
from tests.support.orders import Item, place_order
from tests.support.payments import make_method
from tests.support.races import Meeting, without_locks
from tests.support.services import PORTS
from tests.support.shopkit import Client

CALLERS = 10
WEBHOOK = {"url": "https://www.mysite.com/hook", "event": "order_created"}
COUPON = {"code": "ten", "limit": 5, "value": 10, "type": "percent", "applies_to": "all_orders"}
BRAND = {"title": "Acme", "handle": "acme"}
INDEX = "uq_webhook_endpoints_shopkit"
CODES = "uq_coupons_code_key"
pytestmark = pytest.mark.usefixtures("books")
ONE_OF_MANY = Counter({201: 1, 409: CALLERS - 1})


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Database]:
    """With patience, and connections for everybody who calls."""
    shop = Database(database.url, PoolLimits(2 * CALLERS, 0, wait=60, statement=60, lock=60))
    yield shop
    await shop.close()


@pytest.fixture
async def program(shop: Database, resources: Resources) -> AsyncIterator[Client]:
    """One with every scope, of an application over the pool."""
    open_unit = units_on(shop)
    async with open_unit() as uow:
        keys = ApiKeyService(ApiKeyRepository(uow), system_clock)
        issued: Any = await uow.transact(lambda: keys.create("test", frozenset(Scope), "shopkit"))
    app = create_app(
        replace(
            resources,
            open_unit=open_unit,
            authenticator=Authenticator(open_unit, system_clock, PORTS.access_tokens),
            database_url=shop.url,
        )
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://store.test") as client:
        yield Client(client, issued.text)


async def all_call(
    program: Client, method: str, path: str, sent: Any
) -> tuple[Counter[int], list[Any]]:
    """How often each status was answered, and the bodies."""
    calls = (program.call(method, path, sent) for _ in range(CALLERS))
    answers = await asyncio.gather(*calls)
    return Counter(each.status_code for each in answers), [each.json() for each in answers]


def meet_in(patch: pytest.MonkeyPatch, owner: type, name: str, *, before: bool = False) -> None:
    """All callers come to this method before any goes on from it."""
    meeting, called = Meeting(CALLERS, patience=10), getattr(owner, name)

    async def met(self: Any, *given: Any) -> Any:
        if before:
            await meeting.arrive()
            return await called(self, *given)
        found = await called(self, *given)
        await meeting.arrive()
        return found

    patch.setattr(owner, name, met)


async def count(shop: Database, *tables: Any) -> list[int]:
    async with units_on(shop)() as uow:
        return [await uow.scalar(select(func.count()).select_from(table)) for table in tables]


async def test_an_address_is_told_of_an_event_once(program: Client, shop: Database) -> None:
    statuses, _ = await all_call(program, "POST", "/webhook", WEBHOOK)
    assert statuses == ONE_OF_MANY
    assert await count(shop, WebhookEndpoint) == [1]


@pytest.fixture
async def without_index(shop: Database) -> AsyncIterator[None]:
    """The index of Shopkit's webhooks is gone, and back once they are."""
    async with shop.writer() as connection:
        query = text("SELECT indexdef FROM pg_indexes WHERE indexname = :name")
        again = (await connection.execute(query, {"name": INDEX})).scalar_one()
        await connection.execute(text(f"DROP INDEX {INDEX}"))
    yield
    async with shop.writer() as connection:
        await connection.execute(text("DELETE FROM webhook_endpoints"))
        await connection.execute(text(again))


@pytest.mark.usefixtures("without_index")
async def test_without_the_index_it_is_told_many_times(
    program: Client, shop: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet_in(monkeypatch, WebhookEndpointRepository, "count")
    statuses, _ = await all_call(program, "POST", "/webhook", WEBHOOK)
    assert statuses[201] > 1
    assert await count(shop, WebhookEndpoint) == [statuses[201]]


async def test_a_code_is_taken_once(program: Client, shop: Database) -> None:
    """With no promotion left behind by those who came too late."""
    statuses, _ = await all_call(program, "POST", "/coupon", COUPON)
    assert statuses == ONE_OF_MANY
    assert await count(shop, Coupon, Promotion) == [1, 1]


@pytest.fixture
async def without_constraint(shop: Database) -> AsyncIterator[None]:
    """The codes of coupons may repeat, until those that do are gone."""
    async with shop.writer() as connection:
        await connection.execute(text(f"ALTER TABLE coupons DROP CONSTRAINT {CODES}"))
    yield
    async with shop.writer() as connection:
        await connection.execute(text("DELETE FROM coupons"))
        again = f"ALTER TABLE coupons ADD CONSTRAINT {CODES} UNIQUE (code_key)"
        await connection.execute(text(again))


@pytest.mark.usefixtures("without_constraint")
async def test_without_the_constraint_it_is_taken_many_times(
    program: Client, shop: Database
) -> None:
    statuses, _ = await all_call(program, "POST", "/coupon", COUPON)
    assert statuses == Counter({201: CALLERS})
    assert await count(shop, Coupon) == [CALLERS]


async def test_a_handle_is_taken_once(
    program: Client, shop: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has a brand of that handle when all set out to add one."""
    meet_in(monkeypatch, SluggedRepository, "add", before=True)
    statuses, _ = await all_call(program, "POST", "/brand", BRAND)
    assert statuses == ONE_OF_MANY
    assert await count(shop, Brand) == [1]


async def test_a_handle_that_might_be_anybodys_brand_is_written_over(
    program: Client, shop: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were those who come second not told that the brand is there, all would have added it."""
    upsert = BrandService.upsert
    monkeypatch.setattr(
        BrandService, "upsert", lambda self, *given, must_be_new: upsert(self, *given)
    )
    statuses, brands = await all_call(program, "POST", "/brand", BRAND)
    assert statuses == Counter({201: CALLERS})
    assert len({brand["id"] for brand in brands}) == 1


async def to_be_paid(shop: Database) -> Any:
    async with units_on(shop)() as uow:
        await make_method(uow, "bank_transfer", provider="manual")
        return await place_order(uow, Item("10.00", 2))


async def captured(shop: Database) -> list[Decimal]:
    async with units_on(shop)() as uow:
        moved = await uow.rows(select(col(PaymentTransaction.kind), col(PaymentTransaction.amount)))
    return [row.amount for row in moved if row.kind is TransactionKind.CAPTURE]


async def test_an_order_is_paid_once(
    program: Client, shop: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody has seen that it is not paid."""
    order = await to_be_paid(shop)
    meet_in(monkeypatch, OrderMarkPaidService, "mark", before=True)
    statuses, orders = await all_call(program, "PUT", f"/order/{order.id}", {"paid": True})
    assert statuses == Counter({200: CALLERS})
    assert [shown["paid"] for shown in orders] == [True] * CALLERS
    assert await count(shop, Payment) == [1]
    assert await captured(shop) == [order.total]


async def test_without_the_lock_it_is_paid_many_times(
    program: Client, shop: Database, monkeypatch: pytest.MonkeyPatch, books: Books
) -> None:
    books.add_up = False
    order = await to_be_paid(shop)
    meet_in(monkeypatch, OrderMarkPaidService, "mark", before=True)
    without_locks(monkeypatch, Rank.ORDER)
    await all_call(program, "PUT", f"/order/{order.id}", {"paid": True})
    assert sum(await captured(shop)) > order.total
