"""Price lists and the prices in them."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import SQLModel

from commerce.core.columns import (
    flag,
    key,
    moment,
    money,
    refers_to,
    required_text,
    version,
    whole,
)


class PriceList(SQLModel, table=True):
    """Prices in one currency for whom and when it says; the one default list is for everybody.

    `customer_group_id` None means every customer; the window is half open, None is unbounded.
    Among lists that apply the higher `priority` wins.
    """

    __tablename__ = "price_lists"
    __table_args__ = (
        Index(
            "uq_price_lists_is_default",
            "is_default",
            unique=True,
            postgresql_where=text("is_default"),
        ),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_code"),
        CheckConstraint(
            "NOT is_default"
            " OR (customer_group_id IS NULL AND starts_at IS NULL AND ends_at IS NULL AND active)",
            name="default_for_everybody",
        ),
    )

    id: int = key()
    code: str = required_text(unique=True)
    name: str = required_text()
    currency: str = required_text()
    customer_group_id: int | None = refers_to(
        "customer_groups.id", on_delete="RESTRICT", nullable=True
    )
    is_default: bool = flag()
    prices_include_tax: bool = flag(True)
    priority: int = whole()
    active: bool = flag(True)
    starts_at: datetime | None = moment(nullable=True)
    ends_at: datetime | None = moment(nullable=True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class Price(SQLModel, table=True):
    """What one unit costs in a list from `min_quantity` units on."""

    __tablename__ = "prices"
    __table_args__ = (
        UniqueConstraint("variant_id", "price_list_id", "min_quantity"),
        Index(
            "ix_prices_price_list_id_variant_id_min_quantity",
            "price_list_id",
            "variant_id",
            "min_quantity",
            "id",
        ),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("compare_at >= 0", name="compare_at_not_negative"),
        CheckConstraint("cost >= 0", name="cost_not_negative"),
        CheckConstraint("min_quantity >= 1", name="min_quantity_positive"),
    )

    id: int = key()
    price_list_id: int = refers_to("price_lists.id", index=False)
    variant_id: int = refers_to("variants.id", index=False)
    min_quantity: int = whole(1)
    amount: Decimal = money()
    compare_at: Decimal | None = money(nullable=True)
    cost: Decimal | None = money(nullable=True)
    updated_at: datetime = moment()
