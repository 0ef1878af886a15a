"""A filter of products as SQL conditions, one small function for each property."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, exists, literal, not_, or_, select
from sqlmodel import col

from commerce.catalog.models import (
    Attribute,
    AttributeValue,
    Brand,
    Collection,
    CollectionProduct,
    Product,
    Variant,
)
from commerce.catalog.visibility import visible_brands, visible_collections
from commerce.core.comparisons import contains, range_is, tags_are, text_is
from commerce.core.criteria import Amounts, Ids, Range, TagsAre, TextIs, given
from commerce.core.db import among
from commerce.core.viewer import Viewer
from commerce.search.criteria import AttributeIs, CategoryIs, OptionIs, ProductWhere
from commerce.search.repository.categories import in_categories
from commerce.search.repository.options import chosen
from commerce.search.repository.product_words import has_words
from commerce.search.repository.stock import product_in_stock

Condition = ColumnElement[bool]


class ProductFilter:
    """`priced` says whether a product's lowest price is within bounds; stock is what there is
    `at`.
    """

    def __init__(
        self, viewer: Viewer, priced: Callable[[Amounts], Condition], at: datetime
    ) -> None:
        self._viewer = viewer
        self._priced = priced
        self._at = at

    def conditions(self, where: ProductWhere) -> list[Condition]:
        return [CONDITIONS[name](self, value) for name, value in given(where).items()]

    def all_of(self, where: ProductWhere) -> Condition:
        return and_(*self.conditions(where)) if given(where) else literal(True)

    def every(self, parts: tuple[ProductWhere, ...]) -> Condition:
        return and_(*map(self.all_of, parts)) if parts else literal(True)

    def some(self, parts: tuple[ProductWhere, ...]) -> Condition:
        return or_(*map(self.all_of, parts)) if parts else literal(False)

    def none(self, part: ProductWhere) -> Condition:
        return not_(self.all_of(part).is_(True))

    def title(self, wanted: TextIs) -> Condition:
        is_so = text_is(col(Product.title), wanted, col(Product.plain_title))
        if wanted.contains is None:
            return is_so
        # A title's words are among the plain words, which have the index for parts of words.
        return and_(contains(col(Product.plain_words), wanted.contains), is_so)

    def categories(self, wanted: tuple[CategoryIs, ...]) -> Condition:
        return and_(*map(in_categories, wanted))

    def brands(self, ids: Ids) -> Condition:
        """The ids stand beside the check of what is shown: how rare they are is known."""
        shown = select(col(Brand.id)).where(visible_brands(self._viewer)).correlate(None)
        return and_(among(col(Product.brand_id), ids), col(Product.brand_id).in_(shown))

    def collections(self, ids: Ids) -> Condition:
        chosen_ = (
            select(col(CollectionProduct.product_id))
            .join(Collection, col(Collection.id) == col(CollectionProduct.collection_id))
            .where(
                among(col(CollectionProduct.collection_id), ids),
                visible_collections(self._viewer),
            )
        )
        return col(Product.id).in_(chosen_.correlate(None))

    def tags(self, wanted: tuple[TagsAre, ...]) -> Condition:
        return and_(*(tags_are(col(Product.tags), each) for each in wanted))

    def price(self, bounds: Amounts) -> Condition:
        return self._priced(bounds)

    def sku(self, wanted: TextIs) -> Condition:
        """Of a live variant."""
        live = col(Variant.archived_at).is_(None)
        named = select(col(Variant.product_id)).where(live, text_is(col(Variant.sku), wanted))
        return col(Product.id).in_(named.correlate(None))

    def in_stock(self, wanted: bool) -> Condition:
        in_stock = product_in_stock(self._at)
        return in_stock if wanted else not_(in_stock)

    def attributes(self, wanted: tuple[AttributeIs, ...]) -> Condition:
        return and_(*map(has_attribute, wanted))

    def options(self, wanted: tuple[OptionIs, ...]) -> Condition:
        """One live variant has a wanted choice in every one of them."""
        variant = exists().where(
            col(Variant.product_id) == col(Product.id),
            col(Variant.archived_at).is_(None),
            *map(chosen, wanted),
        )
        return variant.correlate(Product)


def has_attribute(wanted: AttributeIs) -> Condition:
    attribute = select(col(Attribute.id)).where(col(Attribute.code) == wanted.code)
    conditions: list[Condition] = []
    if wanted.values is not None:
        conditions.append(among(col(AttributeValue.text_value), wanted.values, Text()))
    if wanted.range is not None:
        conditions.append(range_is(col(AttributeValue.number_value), wanted.range))
    value = exists().where(
        col(AttributeValue.product_id) == col(Product.id),
        col(AttributeValue.attribute_id) == attribute.correlate(None).scalar_subquery(),
        *conditions,
    )
    return value.correlate(Product)


def _column_is(column: Any) -> Callable[[ProductFilter, bool], Condition]:
    return lambda _, wanted: column.is_(wanted)


def _one_of(column: Any) -> Callable[[ProductFilter, tuple[Any, ...]], Condition]:
    """For the few members of an enum."""
    return lambda _, wanted: column.in_(wanted)


def _text(column: Any) -> Callable[[ProductFilter, TextIs], Condition]:
    return lambda _, wanted: text_is(column, wanted)


def _range(column: Any) -> Callable[[ProductFilter, Range[Any]], Condition]:
    return lambda _, bounds: range_is(column, bounds)


CONDITIONS: Mapping[str, Callable[[ProductFilter, Any], Condition]] = {
    "ids": lambda _, ids: among(col(Product.id), ids),
    "slug": _text(col(Product.slug)),
    "title": ProductFilter.title,
    "words": lambda _, wanted: has_words(wanted),
    "status": _one_of(col(Product.status)),
    "type": _one_of(col(Product.type)),
    "categories": ProductFilter.categories,
    "brand_ids": ProductFilter.brands,
    "vendor": _text(col(Product.vendor)),
    "product_type": _text(col(Product.product_type)),
    "collection_ids": ProductFilter.collections,
    "tags": ProductFilter.tags,
    "price": ProductFilter.price,
    "sku": ProductFilter.sku,
    "in_stock": ProductFilter.in_stock,
    "featured": _column_is(col(Product.featured)),
    "shown_as_new": _column_is(col(Product.shown_as_new)),
    "price_on_request": _column_is(col(Product.price_on_request)),
    "announced": _column_is(col(Product.announced)),
    "attributes": ProductFilter.attributes,
    "options": ProductFilter.options,
    "created_at": _range(col(Product.created_at)),
    "updated_at": _range(col(Product.updated_at)),
    "published_at": _range(col(Product.published_at)),
    "every": ProductFilter.every,
    "some": ProductFilter.some,
    "none": ProductFilter.none,
}
