"""Which of the prices written for a variant applies: the one rule, as SQL to build on."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlmodel import col

from commerce.pricing.models import Price, PriceList
from commerce.pricing.rules import PriceTerms

# Lists for the customer's group come first, then by priority, the default list behind its equals;
# in a list the highest quantity that is reached counts, and between equal lists the older one.
BEST_FIRST: tuple[Any, ...] = (
    col(PriceList.customer_group_id).is_(None),
    col(PriceList.priority).desc(),
    col(PriceList.is_default),
    col(Price.min_quantity).desc(),
    col(PriceList.id),
)


def resolved_prices(terms: PriceTerms, *columns: Any) -> Select[Any]:
    """`variant_id` and `columns` of the price that applies to each variant that has one.

    Add a condition on `Price.variant_id`, or join variants, before running it.
    """
    variant_id = col(Price.variant_id)
    return (
        select(variant_id, *columns)
        .join(PriceList, col(PriceList.id) == col(Price.price_list_id))
        .where(in_force(terms), col(Price.min_quantity) <= terms.quantity)
        .distinct(variant_id)
        .order_by(variant_id, *BEST_FIRST)
    )


def in_force(terms: PriceTerms) -> ColumnElement[bool]:
    """Whether a price list counts under `terms`."""
    starts_at, ends_at = col(PriceList.starts_at), col(PriceList.ends_at)
    return and_(
        col(PriceList.active),
        or_(starts_at.is_(None), starts_at <= terms.at),
        or_(ends_at.is_(None), ends_at > terms.at),
        col(PriceList.currency) == currency_of(terms),
        for_group(terms.group),
    )


def currency_of(terms: PriceTerms) -> Any:
    """The currency asked for, else that of the default list."""
    if terms.currency is not None:
        return terms.currency
    default = PriceList.__table__.alias("default_list")  # type: ignore[attr-defined]  # SQLModel sets it
    return select(default.c.currency).where(default.c.is_default).scalar_subquery()


def for_group(group: int | None) -> ColumnElement[bool]:
    everybody = col(PriceList.customer_group_id).is_(None)
    return everybody if group is None else or_(everybody, col(PriceList.customer_group_id) == group)
