"""Methods changed, and carriers' answers kept, from many sides; twins do without the guard."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlmodel import col

from commerce.core.db import UnitOfWork, units_on
from commerce.core.locks import Rank
from commerce.core.pool import Database
from commerce.shipping.models import ShippingAnswer, ShippingPrice
from commerce.shipping.repository.methods import MethodRepository
from commerce.shipping.repository.quotes import QuoteRepository
from commerce.wiring import Services
from tests.support.services import side_by_side
from tests.support.shipping import make_method

Patch = pytest.MonkeyPatch
WRITERS = 6
EMPTY = dict.fromkeys(("currency", "free_from", "min_subtotal", "max_subtotal"))


def _price(amount: int) -> dict[str, Any]:
    return {**EMPTY, "price": Decimal(amount), "percent": Decimal(0), "rates": []}


async def _reprice(shop: Database) -> list[BaseException]:
    """Several people say what a method costs; answers what went wrong."""
    async with units_on(shop)() as uow:
        await make_method(uow)

    async def reprice(amount: int, services: Services) -> Any:
        return await services.shipping_methods.upsert(None, {"code": "parcel"}, [_price(amount)])

    works = [partial(reprice, amount) for amount in range(WRITERS)]
    answers = await side_by_side(shop, works)
    async with units_on(shop)() as uow:
        assert len(await uow.rows(select(col(ShippingPrice.price)))) == 1
    return [answer for answer in answers if isinstance(answer, BaseException)]


async def test_a_method_repriced_at_once_has_one_of_the_prices(database: Database) -> None:
    assert await _reprice(database) == []


async def test_without_the_lock_prices_collide(database: Database, monkeypatch: Patch) -> None:
    async def read(self: UnitOfWork, _rank: Rank, statement: Any, *_more: Any) -> Any:
        found = await self.rows(statement)
        await asyncio.sleep(0.05)
        return found

    async def unchanged(self: MethodRepository, id_: int, _changes: Any) -> Any:
        return (await self.by_ids([id_]))[id_]

    monkeypatch.setattr(UnitOfWork, "locked", read)
    monkeypatch.setattr(MethodRepository, "change", unchanged)
    assert await _reprice(database) != []


async def _keep(shop: Database) -> list[BaseException]:
    """Several carts with the same parcel got the carrier's answer."""

    async def keep(_number: int, services: Services) -> Any:
        kept = services.repositories.shipping_quotes
        await kept.keep_answer("the same parcel", {}, datetime(2026, 1, 1, tzinfo=UTC))

    answers = await side_by_side(shop, [partial(keep, number) for number in range(WRITERS)])
    return [answer for answer in answers if isinstance(answer, BaseException)]


async def test_an_answer_is_kept_by_whoever_comes_first_or_last(database: Database) -> None:
    assert await _keep(database) == []


async def test_added_and_no_more_the_second_answer_is_an_error(
    database: Database, monkeypatch: Patch
) -> None:
    async def add(self: QuoteRepository, parcel: str, rates: Any, until: datetime) -> None:
        values = {"parcel": parcel, "rates": rates, "expires_at": until}
        await self._uow.change(insert(ShippingAnswer).values(**values))

    monkeypatch.setattr(QuoteRepository, "keep_answer", add)
    assert len(await _keep(database)) == WRITERS - 1
