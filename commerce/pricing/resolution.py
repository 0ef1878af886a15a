"""Which of the prices written for a variant applies: the one rule, as SQL to build on."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.sql.selectable import LateralFromClause
from sqlmodel import col

from commerce.core.columns import columns_of
from commerce.customers.kinds import GENERAL_GROUP
from commerce.pricing.models import Price, PriceList
from commerce.pricing.rules.prices import PriceTerms

# Lists for the customer's group come first, then by priority, the default list behind its equals;
# in a list the highest quantity that is reached counts, and between equal lists the older one.
BEST_FIRST: tuple[Any, ...] = (
    col(PriceList.customer_group_id).is_(None),
    col(PriceList.priority).desc(),
    col(PriceList.is_default),
    col(Price.min_quantity).desc(),
    col(PriceList.id),
)


def offers(terms: PriceTerms, *columns: Any) -> Select[Any]:
    """`columns` of every price in force, however many units it is for."""
    return (
        select(*columns)
        .join_from(Price, PriceList, col(PriceList.id) == col(Price.price_list_id))
        .where(in_force(terms))
    )


def resolved_prices(terms: PriceTerms, *columns: Any) -> Select[Any]:
    """`variant_id` and `columns` of the price that applies to each variant that has one.

    For many variants at once: narrow it down by a condition on `Price.variant_id`.
    """
    variant_id = col(Price.variant_id)
    return (
        offers(terms, variant_id, *columns)
        .where(_reached(terms))
        .ext(distinct_on(variant_id))
        .order_by(variant_id, *BEST_FIRST)
    )


def price_of(variant_id: Any, terms: PriceTerms, *columns: Any) -> LateralFromClause:
    """`columns` of the price that applies to one variant, to be joined with it.

    A walk of the index on prices per variant: the cost does not depend on how many others there
    are, whatever the planner believes.
    """
    return (
        offers(terms, *columns)
        .where(_reached(terms), col(Price.variant_id) == variant_id)
        .order_by(*BEST_FIRST)
        .limit(1)
        .lateral("price")
    )


def in_force(terms: PriceTerms) -> ColumnElement[bool]:
    """Whether a price list counts under `terms`."""
    starts_at, ends_at = col(PriceList.starts_at), col(PriceList.ends_at)
    return and_(
        col(PriceList.active),
        or_(starts_at.is_(None), starts_at <= terms.at),
        or_(ends_at.is_(None), ends_at > terms.at),
        col(PriceList.currency) == currency_of(terms),
        _for_group(terms.group),
    )


def currency_of(terms: PriceTerms) -> Any:
    """The currency asked for, else that of the default list."""
    if terms.currency is not None:
        return terms.currency
    default = columns_of(PriceList)["currency"].table.alias("default_list")
    return select(default.c.currency).where(default.c.is_default).scalar_subquery()


def _reached(terms: PriceTerms) -> ColumnElement[bool]:
    return col(Price.min_quantity) <= terms.quantity


def _for_group(group: int | None) -> ColumnElement[bool]:
    """Who is in no group, visitors too, is treated as a customer of the built-in one."""
    column = col(PriceList.customer_group_id)
    return or_(column.is_(None), column == (GENERAL_GROUP if group is None else group))
