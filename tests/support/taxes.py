"""Builders of tax classes and zones."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, insert

from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork
from commerce.core.places import Area
from commerce.taxes.models import TaxClass, TaxRate, TaxZone, TaxZoneArea


async def make_tax_class(uow: UnitOfWork, code: str = "reduced", **values: Any) -> Row[Any]:
    given = {"code": code, "name": code.title(), **values}
    row = await uow.row(insert(TaxClass).values(**given).returning(*columns_of(TaxClass)))
    assert row is not None
    return row


async def make_tax_zone(
    uow: UnitOfWork,
    name: str,
    areas: Sequence[Area],
    *rates: tuple[str, str, int | None],
    **values: Any,
) -> Row[Any]:
    """Rates are (name, percent, class id)."""
    row = await uow.row(insert(TaxZone).values(name=name, **values).returning(*columns_of(TaxZone)))
    assert row is not None
    for place, area in enumerate(areas):
        await uow.change(
            insert(TaxZoneArea).values(
                zone_id=row.id,
                position=place,
                country=area.country,
                region=area.region,
                postal_codes=list(area.postal_codes),
            )
        )
    for place, (rate, percent, class_id) in enumerate(rates):
        await uow.change(
            insert(TaxRate).values(
                zone_id=row.id,
                class_id=class_id,
                name=rate,
                percent=Decimal(percent),
                position=place,
            )
        )
    return row
