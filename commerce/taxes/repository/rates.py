"""What holds at a place: classes with what the tax service said of them, and zones."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.types import TypeEngine
from sqlmodel import col

from commerce.core.arrays import table_of
from commerce.core.db import UnitOfWork
from commerce.core.exact_json import write_json
from commerce.core.places import Area, Place
from commerce.pricing.rules.draft import TaxRate as Rate
from commerce.taxes.models import (
    TaxAnswer,
    TaxClass,
    TaxRate,
    TaxSettings,
    TaxZone,
    TaxZoneArea,
)
from commerce.taxes.rules.percents import plain
from commerce.taxes.rules.table import Zone, ZoneRate

ClassRows = Sequence[Row[Any]]

RATES_OF_AREAS: tuple[Any, ...] = (
    col(TaxZoneArea.zone_id),
    col(TaxZoneArea.id).label("area_id"),
    col(TaxZoneArea.country),
    col(TaxZoneArea.region),
    col(TaxZoneArea.postal_codes),
    col(TaxZone.priority),
    col(TaxRate.id),
    col(TaxRate.class_id),
    col(TaxRate.name),
    col(TaxRate.percent),
    col(TaxRate.compound),
    col(TaxRate.applies_to_shipping),
)


class TaxRateRepository:
    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def classes(self, place: str, now: datetime) -> ClassRows:
        """Every class beside the settings, and the service's answer that still holds, if any."""
        return await self._uow.rows(_classes(), {"place": place, "now": now})

    async def zones(self, place: Place) -> list[Zone]:
        """Those that may hold `place`, with their rates; postal codes are not looked at."""
        values = {"country": place.country, "region": place.region}
        return _zones(await self._uow.rows(_around(), values))

    async def keep(
        self, place: str, rates: Mapping[int, Sequence[Any]], expires_at: datetime
    ) -> None:
        """Remember what the service said, in place of what it said before. A class that was
        deleted meanwhile is left out.
        """
        types: dict[str, TypeEngine[Any]] = {"id": BigInteger(), "rates": Text()}
        rows = [(id_, write_json(said).decode()) for id_, said in sorted(rates.items())]
        given = table_of("given", types, rows)
        kept = (literal(place), col(TaxClass.id), cast(given.c.rates, JSONB), literal(expires_at))
        there = (
            select(*kept)
            .join(given, given.c.id == col(TaxClass.id))
            .order_by(col(TaxClass.id))
            .with_for_update(read=True, key_share=True, of=TaxClass)
        )
        new = insert(TaxAnswer).from_select(["place", "class_id", "rates", "expires_at"], there)
        await self._uow.change(
            new.on_conflict_do_update(
                index_elements=["place", "class_id"],
                set_={"rates": new.excluded.rates, "expires_at": new.excluded.expires_at},
            )
        )

    async def forget_expired(self, now: datetime) -> int:
        """How many answers were of no use any more."""
        return await self._uow.change(delete(TaxAnswer).where(col(TaxAnswer.expires_at) <= now))


# Every look at a cart runs these two, and building them costs more than running them does: once.
@cache
def _classes() -> Select[Any]:
    answered = and_(
        col(TaxAnswer.class_id) == col(TaxClass.id),
        col(TaxAnswer.place) == bindparam("place", type_=Text()),
        col(TaxAnswer.expires_at) > bindparam("now", type_=DateTime(timezone=True)),
    )
    return (
        select(
            col(TaxClass.id),
            col(TaxClass.code),
            col(TaxClass.is_default),
            col(TaxSettings.shipping_tax),
            col(TaxSettings.shipping_class_id),
            col(TaxAnswer.rates),
        )
        .select_from(TaxClass)
        .outerjoin(TaxSettings, true())
        .outerjoin(TaxAnswer, answered)
        .order_by(col(TaxClass.id))
    )


@cache
def _around() -> Select[Any]:
    """The areas that a country and a region are in, each with each rate of its zone."""
    country, region = col(TaxZoneArea.country), col(TaxZoneArea.region)
    return (
        select(*RATES_OF_AREAS)
        .select_from(TaxZoneArea)
        .join(TaxZone, col(TaxZone.id) == col(TaxZoneArea.zone_id))
        .outerjoin(TaxRate, col(TaxRate.zone_id) == col(TaxZoneArea.zone_id))
        .where(or_(country.is_(None), country == bindparam("country", type_=Text())))
        .where(or_(region.is_(None), region == bindparam("region", type_=Text())))
        .order_by(
            col(TaxZoneArea.zone_id),
            col(TaxZoneArea.id),
            col(TaxRate.position),
            col(TaxRate.id),
        )
    )


def _zones(rows: Sequence[Row[Any]]) -> list[Zone]:
    """Rows are areas beside rates, each with each, in the order of zones."""
    zones: dict[int, Zone] = {}
    areas: set[int] = set()
    rates: set[int] = set()
    for row in rows:
        zone = zones.setdefault(row.zone_id, Zone(row.zone_id, row.priority))
        if row.area_id not in areas:
            areas.add(row.area_id)
            zone.areas.append(Area(row.country, row.region, tuple(row.postal_codes)))
        if row.id is not None and row.id not in rates:
            rates.add(row.id)
            zone.rates.append(ZoneRate(row.class_id, _rate(row)))
    return list(zones.values())


def _rate(row: Row[Any]) -> Rate:
    percent = plain(row.percent)
    return Rate(row.id, row.name, percent, row.compound, row.applies_to_shipping)
