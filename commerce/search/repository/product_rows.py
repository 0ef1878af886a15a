"""The products of a listing: where pages, counts and facets start."""

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Select, select, true
from sqlmodel import col

from commerce.catalog.models import Product
from commerce.catalog.visibility import visible_products
from commerce.core.comparisons import range_is
from commerce.core.keyset import SortKey
from commerce.core.viewer import Viewer
from commerce.search.criteria import EVERY_PRODUCT, ProductListing
from commerce.search.kinds import ProductOrderField
from commerce.search.repository.categories import place_in_category
from commerce.search.repository.orders import Sortable, product_keys
from commerce.search.repository.prices import Prices
from commerce.search.repository.product_filters import ProductFilter
from commerce.search.repository.words import Words
from commerce.search.rules import only_category, price_terms, product_order


class ProductRows:
    """Prices and stock are those of a time; `words` are shared by parts of one statement."""

    def __init__(
        self, listing: ProductListing, viewer: Viewer, at: datetime, words: Words | None = None
    ) -> None:
        self._listing = listing
        self._viewer = viewer
        self._words = words or (Words(listing.words, viewer) if listing.words else None)
        self._at = at
        self._prices = Prices(price_terms(listing, viewer, at), viewer)

    @property
    def filtered(self) -> bool:
        """Whether some of the products that the viewer sees may be left out."""
        return self._words is not None or self._listing.where != EVERY_PRODUCT

    def matching(self, *columns: Any, price: Any = None) -> Select[Any]:
        """`columns` of the products, in no order; `price` is their price if it is joined."""
        priced = self._prices.lowest_within if price is None else partial(range_is, price)
        conditions = ProductFilter(self._viewer, priced, self._at).conditions(self._listing.where)
        if self._words is not None:
            conditions.append(self._words.match())
        return select(*columns).where(visible_products(self._viewer), *conditions)

    def priced(self, *columns: Any) -> tuple[Select[Any], Any]:
        """`columns` of the products, in no order, and the column with their lowest price."""
        beside, whole = self._prices.lowest_beside, self._prices.all_lowest
        source, same = beside() if self.filtered else whole()
        price = source.c.amount
        return self.matching(*columns, price=price).outerjoin(source, same), price

    def ordered(self, *columns: Any) -> tuple[Select[Any], tuple[SortKey, ...]]:
        """`columns` of the products, and what they are to be sorted by."""
        order = product_order(self._listing)
        sorts = {each.field for each in order}
        about = Sortable(col(Product.id), words=self._words)
        if ProductOrderField.PRICE in sorts:
            rows, about.price = self.priced(*columns)
        else:
            rows = self.matching(*columns)
        if self._words is not None and ProductOrderField.RELEVANCE in sorts:
            rows = rows.join(self._words.unpacked, true())
        category = only_category(self._listing.where)
        if category is not None and ProductOrderField.CATEGORY_POSITION in sorts:
            place, same = place_in_category(category)
            rows = rows.join(place, same, isouter=category.deep)
            about.place = place.c.position
            about.id = col(Product.id) if category.deep else place.c.product_id
        return rows, product_keys(order, about)
