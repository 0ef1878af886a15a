"""What is taxed where, and how much."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Index, Numeric, text
from sqlmodel import Field, SQLModel

from commerce.core.columns import (
    choice,
    flag,
    key,
    moment,
    optional_text,
    part_of,
    refers_to,
    required_json,
    required_text,
    text_key,
    texts,
    version,
    whole,
)
from commerce.taxes.kinds import ShippingTax


class TaxClass(SQLModel, table=True):
    """Goods that are taxed alike. Products that name no class are of the default one."""

    __tablename__ = "tax_classes"
    __table_args__ = (
        Index("uq_tax_classes_name", text("lower(name)"), unique=True),
        Index(
            "uq_tax_classes_is_default",
            "is_default",
            unique=True,
            postgresql_where=text("is_default"),
        ),
    )

    id: int = key()
    name: str = required_text()
    code: str = required_text(unique=True)
    is_default: bool = flag()
    external_id: str | None = optional_text(unique=True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class TaxZone(SQLModel, table=True):
    """Where the same rates hold. Of zones drawn equally closely the highest priority counts."""

    __tablename__ = "tax_zones"
    __table_args__ = (Index("uq_tax_zones_name", text("lower(name)"), unique=True),)

    id: int = key()
    name: str = required_text()
    priority: int = whole()
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class TaxZoneArea(SQLModel, table=True):
    """A part of a zone, as `core.places.Area` means it: without a country, everywhere."""

    __tablename__ = "tax_zone_areas"
    __table_args__ = (
        Index("ix_tax_zone_areas_country_region", "country", "region"),
        Index("ix_tax_zone_areas_zone_id_position", "zone_id", "position"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_code"),
        CheckConstraint("country IS NOT NULL OR region IS NULL", name="region_of_country"),
        CheckConstraint(
            "country IS NOT NULL OR postal_codes = '{}'", name="postal_codes_of_country"
        ),
    )

    id: int = key()
    zone_id: int = refers_to("tax_zones.id", index=False)
    position: int = whole()
    country: str | None = optional_text()
    region: str | None = optional_text()
    postal_codes: list[str] = texts()


class TaxRate(SQLModel, table=True):
    """A tax of a zone, on goods of one class or, without one, of every class."""

    __tablename__ = "tax_rates"
    __table_args__ = (
        Index("ix_tax_rates_zone_id_position", "zone_id", "position"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
    )

    id: int = key()
    zone_id: int = refers_to("tax_zones.id", index=False)
    class_id: int | None = refers_to("tax_classes.id", nullable=True)
    name: str = required_text()
    percent: Decimal = Field(sa_type=Numeric(9, 6), nullable=False)
    compound: bool = flag()
    applies_to_shipping: bool = flag(True)
    position: int = whole()


class TaxSettings(SQLModel, table=True):
    """One row: how shipping is taxed. Without a class of its own it is of the default one."""

    __tablename__ = "tax_settings"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: int = key(1)
    shipping_tax: ShippingTax = choice(ShippingTax, ShippingTax.CLASS)
    shipping_class_id: int | None = refers_to("tax_classes.id", on_delete="SET NULL", nullable=True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class TaxAnswer(SQLModel, table=True):
    """What the tax service said of a class at a place, until it has to be asked again."""

    __tablename__ = "tax_answers"
    __table_args__ = (
        Index("ix_tax_answers_class_id", "class_id"),
        Index("ix_tax_answers_expires_at", "expires_at"),
    )

    place: str = text_key()
    class_id: int = part_of("tax_classes.id")
    rates: list[Any] = required_json()
    expires_at: datetime = moment(now=False)
