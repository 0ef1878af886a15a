"""A shop on server processes, and buyers who talk to it over HTTP, many at once."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe
from typing import Any

import httpx
from sqlalchemy import insert, text
from sqlmodel import col

from commerce.bootstrap import prepare_store
from commerce.carts.models import Cart, CartLine
from commerce.core.clock import system_clock
from commerce.core.pool import Database, PoolLimits
from commerce.core.viewer import SYSTEM, Scope
from commerce.settings import Settings
from commerce.staff.service.api_keys import IssuedKey
from commerce.wiring import Services
from tests.support.checkout import Shop
from tests.support.databases import migrated_database
from tests.support.servers import serving
from tests.support.services import PORTS

BUY = """
mutation ($input: CartCompleteInput!) {
  cartComplete(input: $input) {
    order { id databaseId number }
    nextAction { kind }
    userErrors { code path }
  }
}
"""
PATIENT = PoolLimits(20, 20, wait=120, connect=30, statement=60, lock=60)
# Of servers, for what asks more of them at once than a machine this small can do in time.
PATIENTLY = {
    "POOL_WAIT": "60",
    "STATEMENT_TIMEOUT": "60",
    "LOCK_TIMEOUT": "60",
    "REQUEST_TIMEOUT": "120",
}
ORDER, ACTION, IN_PROGRESS = "ORDER", "ACTION", "PAYMENT_IN_PROGRESS"
# Connections tell what they have counted when they end.
END_OTHERS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


def size(name: str, otherwise: int) -> int:
    """How big a proof is: small by itself, as big as `COMMERCE_TEST_<name>` says by hand."""
    return int(os.environ.get(f"COMMERCE_TEST_{name}", otherwise))  # noqa: TID251  # for big runs


@dataclass(frozen=True)
class Told:
    """What a buyer was answered: `kind` is ORDER, ACTION or the code of what went wrong."""

    status: int
    kind: str
    order_id: int | None = None


@dataclass(frozen=True)
class Basket:
    token: str
    total: str


class Market:
    """A shop and the servers it is open on."""

    def __init__(self, shop: Shop, clients: Sequence[httpx.AsyncClient], key: str) -> None:
        self.shop = shop
        self.clients = clients
        self.key = {"Authorization": f"Bearer {key}"}

    async def ask(
        self, query: str, input_: dict[str, Any], at: int = 0, **headers: str
    ) -> httpx.Response:
        body = {"query": query, "variables": {"input": input_}}
        client = self.clients[at % len(self.clients)]
        return await client.post("/graphql", json=body, headers=headers)

    async def manage(
        self, query: str, input_: dict[str, Any], key: str, at: int = 0
    ) -> httpx.Response:
        """As somebody who may do everything."""
        return await self.ask(query, input_, at, **self.key, **{"Idempotency-Key": key})

    async def buy(self, basket: Basket, method: str = "card", at: int = 0, **data: str) -> Told:
        wish = {"cartToken": basket.token, "expectedTotal": basket.total, "paymentMethod": method}
        answer = await self.ask(BUY, {**wish, "paymentData": data or {"paymentMethod": "c"}}, at)
        return told_by(answer)

    async def bought(self, basket: Basket, method: str = "card", at: int = 0) -> Told:
        """As buyers do who are told that their payment is under way: they ask again."""
        answer = await self.buy(basket, method, at)
        while answer.kind == IN_PROGRESS:
            await asyncio.sleep(1)
            answer = await self.buy(basket, method, at)
        return answer

    async def report(self, key: str, event: str, at: int = 0) -> int:
        """What the provider's report of a payment that was taken is answered with."""
        body = {"id": event, "key": key, "kind": "charge", "state": "succeeded"}
        client = self.clients[at % len(self.clients)]
        return (await client.post("/payments/test/events", json=body)).status_code


def told_by(answer: httpx.Response) -> Told:
    if answer.status_code != 200 or "errors" in answer.json():
        return Told(answer.status_code, answer.text[:300])
    payload = answer.json()["data"]["cartComplete"]
    if payload["userErrors"]:
        return Told(200, payload["userErrors"][0]["code"])
    if payload["order"] is None:
        return Told(200, ACTION)
    return Told(200, ORDER, payload["order"]["databaseId"])


def kinds(answers: Iterable[Told]) -> Counter[str]:
    return Counter(answer.kind for answer in answers)


@asynccontextmanager
async def buying_shop(server_url: str, purpose: str) -> AsyncIterator[Shop]:
    """A shop in a database of its own."""
    async with migrated_database(server_url, purpose) as url:
        database = Database(url, PATIENT)
        try:
            shop = await Shop.open(database)
            await prepare_store(shop.open_unit, system_clock, "EUR")
            yield shop
        finally:
            await database.close()


@asynccontextmanager
async def market_of(
    shop: Shop,
    servers: int = 2,
    *,
    patience: Mapping[str, str] | None = None,
    program: Sequence[str] = (),
) -> AsyncIterator[Market]:
    """The shop, open on so many server processes with the product's own patience, or with other."""
    async with AsyncExitStack() as stack:
        options = {**served(shop), **(its_own_patience() if patience is None else patience)}
        clients = []
        for _ in range(servers):
            opening = serving(program=program, **options) if program else serving(**options)
            url = await stack.enter_async_context(opening)
            clients.append(await stack.enter_async_context(buyers_client(url)))
        yield Market(shop, clients, await make_key(shop))


def served(shop: Shop) -> dict[str, str]:
    """Settings of a server for the shop; a busy machine may take its time."""
    return {
        "DATABASE_URL": shop.database.url,
        "PAYMENT_TEST_PROVIDER": "true",
        "SECRET_KEY": "a secret of the tests, and a long one",
    }


def its_own_patience() -> dict[str, str]:
    """What the product does by itself, whatever servers of tests are given."""
    settings = Settings()
    return {name: str(getattr(settings, name.lower())) for name in PATIENTLY}


def buyers_client(url: str) -> httpx.AsyncClient:
    """A connection for each of many buyers."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    return httpx.AsyncClient(base_url=url, timeout=120, limits=limits)


async def make_key(shop: Shop) -> str:
    async with shop.open_unit() as uow:
        services = Services(uow, SYSTEM, system_clock, PORTS)
        issued = await uow.transact(lambda: services.api_keys.create("test", frozenset(Scope)))
        assert isinstance(issued, IssuedKey)
        return issued.text


async def fill(shop: Shop, contents: Sequence[Sequence[tuple[int, int]]]) -> list[Basket]:
    """Guests' carts with units of variants that cost 10 each."""
    carts = [
        {"token": token_urlsafe(32), "currency": "EUR", "email": f"buyer-{n}@example.com"}
        for n in range(len(contents))
    ]
    until = system_clock() + timedelta(days=1)
    async with shop.open_unit() as uow:
        made = await uow.rows(
            insert(Cart).returning(col(Cart.id), col(Cart.token)),
            [{**cart, "expires_at": until} for cart in carts],
        )
        ids = {row.token: row.id for row in made}
        lines = [
            {"cart_id": ids[cart["token"]], "variant_id": variant, "quantity": units}
            for cart, wanted in zip(carts, contents, strict=True)
            for variant, units in wanted
        ]
        await uow.change(insert(CartLine), lines)
    return [
        Basket(cart["token"], str(10 * sum(units for _, units in wanted)))
        for cart, wanted in zip(carts, contents, strict=True)
    ]


async def rush(asking: Iterable[Awaitable[Told]], width: int | None = None) -> list[Told]:
    """All of them at once, or so many at a time."""
    gate = asyncio.Semaphore(width or 1_000_000)

    async def asked(one: Awaitable[Told]) -> Told:
        async with gate:
            return await one

    return list(await asyncio.gather(*(asked(one) for one in asking)))


async def told(shop: Shop, statement: str, **values: Any) -> Any:
    """The first column of the answer's first row."""
    async with shop.open_unit() as uow:
        rows = await uow.rows(text(statement), values)
        return rows[0][0] if rows else None


async def deadlocks(shop: Shop) -> int:
    """How many there have been in the shop's database; whoever is connected is sent away."""
    await told(shop, END_OTHERS)
    return int(await told(shop, DEADLOCKS))
