"""The store's own settings, one row, and what it tells: pages, and menus that lead to things."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, Numeric, Uuid
from sqlmodel import Field, SQLModel

from commerce.core.columns import (
    choice,
    default_text,
    flag,
    json_object,
    key,
    moment,
    optional_text,
    optional_whole,
    part_of,
    refers_to,
    required_text,
    texts,
    version,
    whole,
)
from commerce.store.kinds import PageKind


def _degrees() -> Any:
    return Field(default=None, sa_type=Numeric(9, 6), nullable=True)


class Store(SQLModel, table=True):
    """What the store says of itself, and how it counts, rounds and numbers.

    `timezone` is an IANA name: every date of a filter and every opening hour is of that zone.
    Empty `countries` sell everywhere. `rounding_mode` and `rounding_stage` are those of
    `pricing.rules.amounts`. An order's number is `order_prefix`, the count with at least
    `order_digits` digits, and `order_suffix`. `design` is the storefront's own: nothing reads it.
    """

    __tablename__ = "store"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_code"),
        CheckConstraint("cart_days BETWEEN 1 AND 365", name="cart_days"),
        CheckConstraint("reservation_minutes BETWEEN 1 AND 1440", name="reservation_minutes"),
        CheckConstraint("abandoned_hours BETWEEN 1 AND 720", name="abandoned_hours"),
        CheckConstraint("order_digits BETWEEN 1 AND 12", name="order_digits"),
        CheckConstraint("rounding_mode IN ('half_up','half_even','up','down')", name="rounding"),
        CheckConstraint("rounding_stage IN ('total','line')", name="rounding_stage"),
    )

    id: int = key(1)
    name: str = required_text()
    legal_name: str = default_text()
    description: str = default_text()
    email: str = default_text()
    phone: str = default_text()
    website: str = default_text()
    logo_url: str = default_text()
    line1: str = default_text()
    line2: str = default_text()
    city: str = default_text()
    region: str = default_text()
    postal_code: str = default_text()
    country: str | None = optional_text()
    tax_id: str = default_text()
    timezone: str = default_text("UTC")
    locale: str = default_text("en")
    locales: list[str] = texts()
    currency: str = required_text()
    currencies: list[str] = texts()
    countries: list[str] = texts()
    weight_unit: str = default_text("kg")
    length_unit: str = default_text("cm")
    date_format: str = default_text("yyyy-MM-dd")
    time_format: str = default_text("HH:mm")
    social_links: dict[str, Any] = json_object()
    order_prefix: str = default_text()
    order_suffix: str = default_text()
    order_digits: int = whole(4)
    invoice_prefix: str = default_text()
    invoice_suffix: str = default_text()
    rounding_mode: str = default_text("half_up")
    rounding_stage: str = default_text("total")
    cart_days: int = whole(30)
    reservation_minutes: int = whole(15)
    abandoned_hours: int = whole(4)
    abandoned_mails: bool = flag()
    guest_checkout: bool = flag(True)
    closed: bool = flag()
    notice: str = default_text()
    mobile: str = default_text()
    show_email: bool = flag(True)
    favicon_url: str = default_text()
    latitude: Decimal | None = _degrees()
    longitude: Decimal | None = _degrees()
    seo_title: str = default_text()
    seo_description: str = default_text()
    registration_name: str = default_text()
    registration_number: str = default_text()
    volume_unit: str = default_text("l")
    terms_required: bool = flag()
    notification_emails: list[str] = texts()
    design: dict[str, Any] = json_object()
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class SetupMark(SQLModel, table=True):
    """One row: another mark whenever taxes, shipping or the store's settings change. Triggers
    write it, so that whoever has read those knows whether they still are as they were.
    """

    __tablename__ = "setup_marks"

    id: int = key()
    mark: UUID = Field(sa_type=Uuid, nullable=False)


class StorePage(SQLModel, table=True):
    """A page of words: about the shop, its terms. `body_html` is sanitised on write; a page with
    a `url` is elsewhere.
    """

    __tablename__ = "store_pages"
    __table_args__ = (Index("ix_store_pages_position_id", "position", "id"),)

    id: int = key()
    kind: PageKind = choice(PageKind, PageKind.OTHER)
    slug: str = required_text(unique=True)
    title: str = required_text()
    body_html: str = default_text()
    url: str = default_text()
    seo_title: str = default_text()
    seo_description: str = default_text()
    seo_keywords: str = default_text()
    published: bool = flag()
    position: int = whole()
    external_id: str | None = optional_text(unique=True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class Menu(SQLModel, table=True):
    """A tree of links for a place of the storefront, such as its head or its foot."""

    __tablename__ = "menus"

    id: int = key()
    code: str = required_text(unique=True)
    title: str = required_text()
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class MenuItem(SQLModel, table=True):
    """`place` counts a menu's items from the top, those below each other included; `parent` is the
    place of the item that it is below. What it links to may be gone.
    """

    __tablename__ = "menu_items"
    __table_args__ = (CheckConstraint("parent < place", name="below_an_earlier_one"),)

    menu_id: int = part_of("menus.id")
    place: int = Field(primary_key=True, sa_type=Integer, sa_column_kwargs={"autoincrement": False})
    parent: int | None = optional_whole()
    title: str = required_text()
    url: str = default_text()
    new_tab: bool = flag()
    product_id: int | None = refers_to("products.id", on_delete="SET NULL", nullable=True)
    category_id: int | None = refers_to("categories.id", on_delete="SET NULL", nullable=True)
    collection_id: int | None = refers_to("collections.id", on_delete="SET NULL", nullable=True)
    page_id: int | None = refers_to("store_pages.id", on_delete="SET NULL", nullable=True)
