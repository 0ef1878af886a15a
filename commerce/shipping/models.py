"""Where the store sends goods, how, and what that costs."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, Index, Integer, Numeric, text
from sqlmodel import Field, SQLModel

from commerce.core.columns import (
    choice,
    default_text,
    flag,
    json_array,
    key,
    moment,
    money,
    numbers_of,
    optional_json,
    optional_text,
    optional_whole,
    part_of,
    refers_to,
    required_json,
    required_text,
    text_key,
    texts,
    version,
    whole,
)
from commerce.shipping.kinds import ShippingKind, TableBasis

WORKWEEK = "'{1,2,3,4,5}'"


class ShippingZone(SQLModel, table=True):
    """Where the same methods are offered; what it covers are its areas."""

    __tablename__ = "shipping_zones"
    __table_args__ = (Index("uq_shipping_zones_name", text("lower(name)"), unique=True),)

    id: int = key()
    name: str = required_text()
    external_id: str | None = optional_text(unique=True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class ShippingZoneArea(SQLModel, table=True):
    """A part of a zone, as `core.places.Area` means it: without a country, everywhere."""

    __tablename__ = "shipping_zone_areas"
    __table_args__ = (
        Index("ix_shipping_zone_areas_country", "country"),
        Index("ix_shipping_zone_areas_zone_id_position", "zone_id", "position"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_code"),
        CheckConstraint(
            "country IS NOT NULL OR (region IS NULL AND postal_codes = '{}')",
            name="parts_of_country",
        ),
    )

    id: int = key()
    zone_id: int = refers_to("shipping_zones.id", index=False)
    position: int = whole()
    country: str | None = optional_text()
    region: str | None = optional_text()
    postal_codes: list[str] = texts()


class ShippingMethod(SQLModel, table=True):
    """A way for goods to reach the customer. Without a zone it is offered everywhere.

    Weights are in grams and bounds inclusive. `service` is what the carrier calls it. Days are
    those of `business_days` (1 is Monday) outside `closures`; orders after `cut_off`, a time of
    the shop's day, count as the next day's. `pickup_address` has the columns of an address book's
    entry.
    """

    __tablename__ = "shipping_methods"
    __table_args__ = (
        Index("ix_shipping_methods_position_id", "position", "id"),
        CheckConstraint("min_weight_grams <= max_weight_grams", name="weights"),
        CheckConstraint("min_quantity <= max_quantity", name="quantities"),
        CheckConstraint("min_days <= max_days", name="days"),
        CheckConstraint("kind <> 'carrier' OR service <> ''", name="service"),
        CheckConstraint("cut_off ~ '^[0-2][0-9]:[0-5][0-9]$'", name="cut_off"),
        CheckConstraint("cardinality(business_days) > 0", name="business_days"),
    )

    id: int = key()
    zone_id: int | None = refers_to("shipping_zones.id", on_delete="RESTRICT", nullable=True)
    code: str = required_text(unique=True)
    name: str = required_text()
    description: str = default_text()
    kind: ShippingKind = choice(ShippingKind, ShippingKind.FLAT)
    local_delivery: bool = flag()
    table_by: TableBasis = choice(TableBasis, TableBasis.WEIGHT)
    service: str = default_text()
    min_weight_grams: int | None = optional_whole()
    max_weight_grams: int | None = optional_whole()
    min_quantity: int | None = optional_whole()
    max_quantity: int | None = optional_whole()
    customer_group_ids: list[int] = numbers_of()
    excluded_product_ids: list[int] = numbers_of()
    excluded_category_ids: list[int] = numbers_of()
    tax_class_id: int | None = refers_to("tax_classes.id", on_delete="SET NULL", nullable=True)
    handling_days: int = whole()
    min_days: int | None = optional_whole()
    max_days: int | None = optional_whole()
    cut_off: str | None = optional_text()
    business_days: list[int] = Field(
        sa_type=ARRAY(Integer),
        nullable=False,
        sa_column_kwargs={"server_default": text(WORKWEEK)},
    )
    closures: list[Any] = json_array()
    schedule: dict[str, Any] | None = optional_json()
    pickup_address: dict[str, Any] | None = optional_json()
    pickup_instructions: str = default_text()
    position: int = whole()
    active: bool = flag(True)
    external_id: str | None = optional_text(unique=True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class ShippingPrice(SQLModel, table=True):
    """What a method costs in one currency; in others it is not offered.

    `rates` are the rows of its table, amounts as text. Bounds are inclusive.
    """

    __tablename__ = "shipping_prices"
    __table_args__ = (
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_code"),
        CheckConstraint("price >= 0", name="price_not_negative"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        CheckConstraint("min_subtotal <= max_subtotal", name="subtotals"),
    )

    method_id: int = part_of("shipping_methods.id")
    currency: str = text_key()
    price: Decimal = money()
    percent: Decimal = Field(
        sa_type=Numeric(9, 6), nullable=False, sa_column_kwargs={"server_default": text("0")}
    )
    free_from: Decimal | None = money(nullable=True)
    min_subtotal: Decimal | None = money(nullable=True)
    max_subtotal: Decimal | None = money(nullable=True)
    rates: list[Any] = json_array()


class ShippingAnswer(SQLModel, table=True):
    """What the carrier asks for a parcel to a place, until it has to be asked again."""

    __tablename__ = "shipping_answers"
    __table_args__ = (Index("ix_shipping_answers_expires_at", "expires_at"),)

    parcel: str = text_key()
    rates: dict[str, Any] = required_json()
    expires_at: datetime = moment(now=False)
