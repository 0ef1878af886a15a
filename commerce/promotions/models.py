"""Promotions, the coupons that unlock them, and how often they were used.

Whoever used one is known by a digest of the e-mail address alone.
"""

from datetime import datetime, time
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    Index,
    LargeBinary,
    Time,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlmodel import Field, SQLModel

from commerce.core.columns import (
    choice,
    default_text,
    flag,
    json_object,
    key,
    moment,
    money,
    optional_bytes,
    optional_number_of,
    optional_text,
    optional_whole,
    part_of,
    refers_to,
    required_bytes,
    required_text,
    version,
    whole,
    wholes,
)
from commerce.promotions.kinds import DiscountOn, PromotionTrigger, RedemptionState

PLAIN_CODE: Final = "storegraph_plain(code)"
AUTOMATIC: Final = "trigger = 'automatic' AND active AND archived_at IS NULL"


def _hour() -> Any:
    return Field(default=None, sa_type=Time, nullable=True)


class Promotion(SQLModel, table=True):
    """What is given, on what, and when; `promotions.rules.stored` says what the JSON holds.

    `used` counts its redemptions and those that carts hold. An archived one gives nothing more.
    """

    __tablename__ = "promotions"
    __table_args__ = (
        CheckConstraint("used >= 0", name="used_not_negative"),
        CheckConstraint("usage_limit > 0", name="usage_limit"),
        CheckConstraint("per_customer_limit > 0", name="per_customer_limit"),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_code"),
        Index("ix_promotions_automatic", "id", postgresql_where=text(AUTOMATIC)),
        Index("ix_promotions_created_at_id", "created_at", "id"),
    )

    id: int = key()
    external_id: str | None = optional_text(unique=True)
    name: str = required_text()
    description: str = default_text()
    trigger: PromotionTrigger = choice(PromotionTrigger, PromotionTrigger.AUTOMATIC)
    applies_to: DiscountOn = choice(DiscountOn, DiscountOn.ORDER)
    value: dict[str, Any] = json_object()
    target: dict[str, Any] = json_object()
    conditions: dict[str, Any] = json_object()
    currency: str | None = optional_text()
    starts_at: datetime | None = moment(nullable=True)
    ends_at: datetime | None = moment(nullable=True)
    weekdays: list[int] = wholes()
    from_hour: time | None = _hour()
    to_hour: time | None = _hour()
    priority: int = whole()
    exclusive: bool = flag()
    combinable: bool = flag(True)
    most_off: Decimal | None = money(nullable=True)
    most_units: int | None = optional_whole()
    least_units: int | None = optional_whole()
    free_shipping: bool = flag()
    usage_limit: int | None = optional_whole()
    per_customer_limit: int | None = optional_whole()
    used: int = whole()
    active: bool = flag(True)
    archived_at: datetime | None = moment(nullable=True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class CouponBatch(SQLModel, table=True):
    """Coupons that one request made: sent again under its reference, it makes no others."""

    __tablename__ = "coupon_batches"
    __table_args__ = (UniqueConstraint("actor", "reference"),)

    id: int = key()
    actor: str = required_text()
    reference: str = required_text()
    digest: bytes = required_bytes()
    created_at: datetime = moment()


class Coupon(SQLModel, table=True):
    """A code that unlocks a promotion, which has limits of its own.

    `code_key` is the code in the one spelling by which it is found.
    """

    __tablename__ = "coupons"
    __table_args__ = (
        CheckConstraint("used >= 0", name="used_not_negative"),
        CheckConstraint("usage_limit > 0", name="usage_limit"),
        Index("ix_coupons_promotion_id_id", "promotion_id", "id"),
        Index("ix_coupons_created_at_id", "created_at", "id"),
        Index(
            "ix_coupons_code",
            literal_column(PLAIN_CODE).label("plain"),
            postgresql_using="gin",
            postgresql_ops={"plain": "gin_trgm_ops"},
        ),
    )

    id: int = key()
    promotion_id: int = refers_to("promotions.id", index=False)
    batch_id: int | None = refers_to("coupon_batches.id", on_delete="SET NULL", nullable=True)
    external_id: str | None = optional_text(unique=True)
    code: str = required_text()
    code_key: str = required_text(unique=True)
    usage_limit: int | None = optional_whole()
    used: int = whole()
    active: bool = flag(True)
    expires_at: datetime | None = moment(nullable=True)
    version: int = version()
    created_at: datetime = moment()
    updated_at: datetime = moment()


class PromotionRedemption(SQLModel, table=True):
    """One use of a promotion: at most one by each cart. The coupon may be gone by now.

    An order that no cart stands behind, as a draft of the shop's people, has uses without one.
    """

    __tablename__ = "promotion_redemptions"
    __table_args__ = (
        UniqueConstraint("cart_id", "promotion_id"),
        Index("ix_promotion_redemptions_promotion_id_id", "promotion_id", "id"),
        CheckConstraint("cart_id IS NOT NULL OR order_id IS NOT NULL", name="of_cart_or_order"),
    )

    id: int = key()
    cart_id: int | None = optional_number_of()
    order_id: int | None = optional_number_of(index=True)
    promotion_id: int = refers_to("promotions.id", on_delete="RESTRICT", index=False)
    coupon_id: int | None = optional_number_of()
    code: str = default_text()
    buyer_sha256: bytes | None = optional_bytes()
    amount: Decimal = money()
    state: RedemptionState = choice(RedemptionState, RedemptionState.HELD)
    created_at: datetime = moment()
    updated_at: datetime = moment()


class PromotionBuyer(SQLModel, table=True):
    """How often somebody used a promotion."""

    __tablename__ = "promotion_buyers"
    __table_args__ = (CheckConstraint("used >= 0", name="used_not_negative"),)

    promotion_id: int = part_of("promotions.id")
    buyer_sha256: bytes = Field(primary_key=True, sa_type=LargeBinary)
    used: int = whole()
