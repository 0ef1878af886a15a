"""Builders of shipping zones and methods."""

from decimal import Decimal
from typing import Any

from sqlalchemy import Row, insert

from commerce.core.db import UnitOfWork
from commerce.shipping.models import (
    ShippingMethod,
    ShippingPrice,
    ShippingZone,
    ShippingZoneArea,
)


async def make_zone(uow: UnitOfWork, name: str = "Home", *areas: dict[str, Any]) -> Row[Any]:
    """`areas` are columns of `shipping_zone_areas`."""
    row = await uow.row(insert(ShippingZone).values(name=name).returning(*_columns(ShippingZone)))
    assert row is not None
    for place, area in enumerate(areas):
        await uow.change(insert(ShippingZoneArea).values(zone_id=row.id, position=place, **area))
    return row


async def make_method(
    uow: UnitOfWork, code: str = "parcel", price: str = "4.90", **values: Any
) -> Row[Any]:
    """In EUR alone; `cost` are further columns of its price."""
    cost = {"price": Decimal(price), "currency": "EUR", **values.pop("cost", {})}
    given = {"code": code, "name": code.title(), **values}
    row = await uow.row(insert(ShippingMethod).values(**given).returning(*_columns(ShippingMethod)))
    assert row is not None
    await uow.change(insert(ShippingPrice).values(method_id=row.id, **cost))
    return row


def _columns(model: Any) -> Any:
    return model.__table__.c
