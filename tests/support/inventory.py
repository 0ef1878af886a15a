"""Builders of stock."""

from typing import Any

from sqlalchemy import Row, insert

from commerce.core.db import UnitOfWork, units_on
from commerce.core.pool import Database
from commerce.inventory.kinds import MovementKind
from commerce.inventory.models import StockLevel, StockLocation, StockMovement
from tests.support.catalog import make_product, make_variant


async def make_location(uow: UnitOfWork, code: str = "main", **values: Any) -> Row[Any]:
    """The default location unless `is_default` says otherwise."""
    given = {"code": code, "name": code.title(), "is_default": True, **values}
    return await _add(uow, StockLocation, **given)


async def make_level(
    uow: UnitOfWork, variant: Any, location: Any, on_hand: int = 0, **values: Any
) -> Row[Any]:
    """A level with the movement that explains what is on hand."""
    slot = {"variant_id": variant.id, "location_id": location.id}
    if on_hand:
        await _add(uow, StockMovement, **slot, delta=on_hand, kind=MovementKind.RECEIPT)
    return await _add(uow, StockLevel, **slot, on_hand=on_hand, **values)


async def stocked(shop: Database, variants: int = 1, on_hand: int = 1, **values: Any) -> list[int]:
    """The ids of variants with so many units each at the default location, committed."""
    async with units_on(shop)() as uow:
        main = await make_location(uow)
        product = await make_product(uow)
        made = [
            await make_variant(uow, product, option_key=str(place), **values)
            for place in range(variants)
        ]
        for variant in made:
            await make_level(uow, variant, main, on_hand)
        return [variant.id for variant in made]


async def _add(uow: UnitOfWork, model: Any, **values: Any) -> Row[Any]:
    row = await uow.row(insert(model).values(**values).returning(*model.__table__.c))
    assert row is not None
    return row
