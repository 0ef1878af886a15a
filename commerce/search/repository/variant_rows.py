"""The variants of a listing: where pages and counts start."""

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import col

from commerce.catalog.models import Product, Variant
from commerce.catalog.visibility import visible_variants
from commerce.core.comparisons import range_is
from commerce.core.keyset import SortKey
from commerce.core.viewer import Viewer
from commerce.search.criteria import EVERY_VARIANT, VariantListing
from commerce.search.kinds import VariantOrderField
from commerce.search.repository.orders import Sortable, variant_keys
from commerce.search.repository.prices import Prices
from commerce.search.repository.variant_filters import VariantFilter
from commerce.search.rules import price_terms, variant_order


class VariantRows:
    """Prices are those in force at a time, and stock is what there is then."""

    def __init__(self, listing: VariantListing, viewer: Viewer, at: datetime) -> None:
        self._listing = listing
        self._viewer = viewer
        self._at = at
        self._prices = Prices(price_terms(listing, viewer, at), viewer)

    @property
    def filtered(self) -> bool:
        """Whether some of the variants that the viewer sees may be left out."""
        return self._listing.where != EVERY_VARIANT

    def matching(self, *columns: Any, price: Any = None) -> Select[Any]:
        """`columns` of the variants, in no order; `price` is their price if it is joined."""
        priced = self._prices.variant_within if price is None else partial(range_is, price)
        conditions = VariantFilter(priced, self._at).conditions(self._listing.where)
        rows: Select[Any] = select(*columns).join_from(
            Variant, Product, col(Product.id) == col(Variant.product_id)
        )
        return rows.where(visible_variants(self._viewer), *conditions)

    def ordered(self, *columns: Any) -> tuple[Select[Any], tuple[SortKey, ...]]:
        """`columns` of the variants, and what they are to be sorted by."""
        order = variant_order(self._listing)
        about = Sortable(col(Variant.id))
        if all(each.field is not VariantOrderField.PRICE for each in order):
            return self.matching(*columns), variant_keys(order, about)
        beside, whole = self._prices.variant_beside, self._prices.all_variants
        source, same = beside() if self.filtered else whole()
        about.price = source.c.amount
        rows = self.matching(*columns, price=about.price).outerjoin(source, same)
        return rows, variant_keys(order, about)
