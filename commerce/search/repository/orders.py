"""Sort orders as sort keys. The id is always the last one, in the direction of the one before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import literal_column
from sqlmodel import col

from commerce.catalog.models import Product, Variant
from commerce.core.criteria import Direction
from commerce.core.keyset import SortKey
from commerce.search.criteria import ProductOrder, VariantOrder
from commerce.search.kinds import ProductOrderField, VariantOrderField
from commerce.search.repository.words import Words

Extremes = tuple[Any, Any]

# What NULL counts as in a rising and in a falling order, so that it comes last in both. The times
# are written as in the index they have.
AMOUNTS: Extremes = (literal_column("'Infinity'::numeric"), literal_column("'-Infinity'::numeric"))
TIMES: Extremes = (
    literal_column("'infinity'::timestamptz"),
    literal_column("'-infinity'::timestamptz"),
)
PLACES: Extremes = (literal_column("2147483647"), literal_column("-2147483648"))
TEXTS: Extremes = (literal_column("chr(1114111)"), literal_column("''"))


@dataclass(slots=True)
class Sortable:
    """What rows can be sorted by beside their own columns, as far as the statement has it.

    `place` has no NULLs where the `id` is its table's own.
    """

    id: Any
    price: Any = None
    place: Any = None
    words: Words | None = None


def product_keys(order: Sequence[ProductOrder], about: Sortable) -> tuple[SortKey, ...]:
    return _keys([(PRODUCT_SORTS[each.field](about), each.direction) for each in order], about)


def variant_keys(order: Sequence[VariantOrder], about: Sortable) -> tuple[SortKey, ...]:
    return _keys([(VARIANT_SORTS[each.field](about), each.direction) for each in order], about)


Sort = tuple[Any, Extremes | None]


def _keys(sorts: Sequence[tuple[Sort, Direction]], about: Sortable) -> tuple[SortKey, ...]:
    keys = [_key(column, extremes, direction) for (column, extremes), direction in sorts]
    return (*keys, SortKey(about.id, keys[-1].descending))


def _key(column: Any, extremes: Extremes | None, direction: Direction) -> SortKey:
    descending = direction is Direction.DESC
    return SortKey(column, descending, None if extremes is None else extremes[descending])


def _relevance(about: Sortable) -> Sort:
    if about.words is None:
        raise AssertionError("without words there is no relevance")
    return about.words.relevance(), None


def _place(about: Sortable) -> Sort:
    return about.place, PLACES if about.id.table is not about.place.table else None


PRODUCT_SORTS: Mapping[ProductOrderField, Callable[[Sortable], Sort]] = {
    ProductOrderField.TITLE: lambda _: (col(Product.plain_title), None),
    ProductOrderField.PRICE: lambda about: (about.price, AMOUNTS),
    ProductOrderField.CREATED_AT: lambda _: (col(Product.created_at), None),
    ProductOrderField.UPDATED_AT: lambda _: (col(Product.updated_at), None),
    ProductOrderField.PUBLISHED_AT: lambda _: (col(Product.published_at), TIMES),
    ProductOrderField.POSITION: lambda _: (col(Product.position), None),
    ProductOrderField.RELEVANCE: _relevance,
    ProductOrderField.CATEGORY_POSITION: _place,
}
VARIANT_SORTS: Mapping[VariantOrderField, Callable[[Sortable], Sort]] = {
    VariantOrderField.CREATED_AT: lambda _: (col(Variant.created_at), None),
    VariantOrderField.UPDATED_AT: lambda _: (col(Variant.updated_at), None),
    VariantOrderField.SKU: lambda _: (col(Variant.sku).collate("C"), TEXTS),
    VariantOrderField.PRICE: lambda about: (about.price, AMOUNTS),
}
