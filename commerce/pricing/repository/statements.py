"""The statements that run on every listing.

Building one costs several times what running it does, so they are built once for each viewer and
kind of terms; the values are parameters, given when they run.
"""

from functools import lru_cache
from typing import Any, Final

from sqlalchemy import BigInteger, DateTime, Integer, Select, Text, bindparam, func, select, true
from sqlmodel import col

from commerce.catalog.models import Product, Variant
from commerce.core.arrays import among_ids
from commerce.core.viewer import Scope, Viewer
from commerce.pricing.models import Price, PriceList
from commerce.pricing.resolution import BEST_FIRST, offers, price_of, resolved_prices
from commerce.pricing.rules.prices import PriceTerms
from commerce.pricing.visibility import told_price_of, told_prices

KEPT: Final = 256
RESOLVED = (
    col(Price.amount),
    col(Price.compare_at),
    col(Price.cost),
    col(Price.min_quantity),
    col(Price.price_list_id),
    col(PriceList.currency),
    col(PriceList.prices_include_tax),
    col(PriceList.ends_at),
)


def values_of(terms: PriceTerms) -> dict[str, Any]:
    """The parameters that a statement for such terms has."""
    given = {"at": terms.at, "quantity": terms.quantity}
    optional = {"currency": terms.currency, "group": terms.group}
    return given | {name: value for name, value in optional.items() if value is not None}


def kind_of(terms: PriceTerms) -> tuple[bool, bool]:
    """What of `terms` changes the text of a statement."""
    return terms.currency is not None, terms.group is not None


@lru_cache(KEPT)
def resolved(viewer: Viewer, currency: bool, group: bool) -> Select[Any]:
    """The price of each of the variants `ids` that the viewer is told."""
    statement = resolved_prices(_terms(currency, group), *RESOLVED).where(
        among_ids(col(Price.variant_id))
    )
    if viewer.may(Scope.READ_PRICES):
        return statement
    every = statement.subquery("every")
    return select(every).where(told_price_of(every.c.variant_id, viewer))


@lru_cache(KEPT)
def ranges(viewer: Viewer, currency: bool, group: bool) -> Select[Any]:
    """The lowest and highest price of each of the products `ids`."""
    terms = _terms(currency, group)
    price = price_of(col(Variant.id), terms, col(Price.amount), col(PriceList.currency))
    return (
        select(
            col(Variant.product_id),
            func.min(price.c.amount).label("min"),
            func.max(price.c.amount).label("max"),
            price.c.currency,
        )
        .join_from(Variant, Product, col(Product.id) == col(Variant.product_id))
        .join(price, true())
        .where(among_ids(col(Variant.product_id)), told_prices(viewer))
        .group_by(col(Variant.product_id), price.c.currency)
    )


@lru_cache(KEPT)
def all_offers(currency: bool, group: bool) -> Select[Any]:
    """Every price in force of each of the variants `ids`, the best first."""
    columns = (col(Price.variant_id), col(Price.min_quantity), col(Price.amount))
    return (
        offers(_terms(currency, group), *columns, col(PriceList.currency))
        .where(among_ids(col(Price.variant_id)))
        .order_by(*BEST_FIRST)
    )


def _terms(currency: bool, group: bool) -> PriceTerms:
    """Parameters in the place of values."""
    at: Any = bindparam("at", type_=DateTime(timezone=True))
    quantity: Any = bindparam("quantity", type_=Integer())
    code: Any = bindparam("currency", type_=Text())
    number: Any = bindparam("group", type_=BigInteger())
    return PriceTerms(at, quantity, code if currency else None, number if group else None)
