"""What is offered for a parcel to a place, and what the carrier said of it."""

from collections.abc import Collection as Keys
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import DateTime, Row, Select, Text, and_, bindparam, delete, exists, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from commerce.core.arrays import among_ids
from commerce.core.columns import columns_of
from commerce.core.db import UnitOfWork
from commerce.core.places import Area, Place
from commerce.shipping.kinds import ShippingKind
from commerce.shipping.models import (
    ShippingAnswer,
    ShippingMethod,
    ShippingPrice,
    ShippingZoneArea,
)

METHOD: Final = tuple(columns_of(ShippingMethod))
PRICE: Final = tuple(column for column in columns_of(ShippingPrice) if column.name != "method_id")


class QuoteRepository:
    """The same for everybody: what a shop offers is no secret."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def areas_around(self, place: Place) -> list[tuple[int, Area]]:
        """The areas of the place's country, and those that are everywhere, with their zones."""
        rows = await self._uow.rows(_areas(), {"country": place.country})
        return [
            (row.zone_id, Area(row.country, row.region, tuple(row.postal_codes))) for row in rows
        ]

    async def offered(
        self, zone_ids: Keys[int], currency: str, parcel: str, at: datetime
    ) -> list[Row[Any]]:
        """Active methods of these zones or of none that have a price in the currency, in order,
        with the carrier's rates for the parcel.
        """
        values = {"ids": list(zone_ids), "currency": currency, "parcel": parcel, "at": at}
        return list(await self._uow.rows(_offered(), values))

    async def asks_carrier(self, parcel: str, at: datetime) -> bool:
        """Whether a method needs the carrier's answer for the parcel, and none is kept."""
        method, answer = ShippingMethod, ShippingAnswer
        wanted = exists().where(col(method.active), col(method.kind) == ShippingKind.CARRIER)
        kept = exists().where(col(answer.parcel) == parcel, col(answer.expires_at) > at)
        found: bool = await self._uow.scalar(select(and_(wanted, ~kept)))
        return found

    async def keep_answer(self, parcel: str, rates: dict[str, Any], until: datetime) -> None:
        values = {"rates": rates, "expires_at": until}
        statement = insert(ShippingAnswer).values(parcel=parcel, **values)
        await self._uow.change(
            statement.on_conflict_do_update(index_elements=["parcel"], set_=values)
        )

    async def forget_answers(self, at: datetime) -> int:
        """Those that are over."""
        over = col(ShippingAnswer.expires_at) <= at
        return await self._uow.change(delete(ShippingAnswer).where(over))


# Every look at ways of shipping runs these two, and building them costs more than running them
# does: once.
@cache
def _areas() -> Select[int, str | None, str | None, list[str]]:
    area = ShippingZoneArea
    country = bindparam("country", type_=Text())
    return select(
        col(area.zone_id), col(area.country), col(area.region), col(area.postal_codes)
    ).where(or_(col(area.country).is_(None), col(area.country) == country))


@cache
def _offered() -> Select[Any]:
    method, answer = ShippingMethod, ShippingAnswer
    priced = and_(
        col(ShippingPrice.method_id) == col(method.id),
        col(ShippingPrice.currency) == bindparam("currency", type_=Text()),
    )
    answered = and_(
        col(answer.parcel) == bindparam("parcel", type_=Text()),
        col(answer.expires_at) > bindparam("at", type_=DateTime(timezone=True)),
    )
    return (
        select(*METHOD, *PRICE, col(answer.rates).label("answered"))
        .join_from(method, ShippingPrice, priced)
        .outerjoin(answer, answered)
        .where(
            col(method.active),
            or_(col(method.zone_id).is_(None), among_ids(col(method.zone_id))),
        )
        .order_by(col(method.position), col(method.id))
    )
