"""Builders of price lists and prices."""

from decimal import Decimal
from typing import Any

from sqlalchemy import Row, insert

from commerce.core.db import UnitOfWork
from commerce.pricing.models import Price, PriceList
from tests.support.customers import make_group


async def make_price_list(uow: UnitOfWork, code: str = "base", **values: Any) -> Row[Any]:
    """In EUR unless `currency` says otherwise; a group that it is for is made."""
    group = values.get("customer_group_id")
    if group is not None:
        await make_group(uow, f"Group {group}", id=group)
    given = {"code": code, "name": code.title(), "currency": "EUR", **values}
    row = await uow.row(insert(PriceList).values(**given).returning(*_columns(PriceList)))
    assert row is not None
    return row


async def make_price(
    uow: UnitOfWork, price_list: Any, variant: Any, amount: str, **values: Any
) -> Row[Any]:
    given = {
        "price_list_id": price_list.id,
        "variant_id": variant.id,
        "amount": Decimal(amount),
        **values,
    }
    row = await uow.row(insert(Price).values(**given).returning(*_columns(Price)))
    assert row is not None
    return row


def _columns(model: Any) -> Any:
    return model.__table__.c
