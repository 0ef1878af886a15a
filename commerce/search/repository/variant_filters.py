"""A filter of variants as SQL conditions, one small function for each property."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, not_, or_
from sqlmodel import col

from commerce.catalog.models import Variant
from commerce.core.comparisons import range_is, text_is
from commerce.core.criteria import Amounts, Range, TextIs, given
from commerce.core.db import among
from commerce.inventory.availability import variant_in_stock
from commerce.search.criteria import OptionIs, VariantWhere
from commerce.search.repository.options import chosen

Condition = ColumnElement[bool]


class VariantFilter:
    """`priced` says whether a variant's price is within bounds; stock is what there is `at`."""

    def __init__(self, priced: Callable[[Amounts], Condition], at: datetime) -> None:
        self._priced = priced
        self._at = at

    def conditions(self, where: VariantWhere) -> list[Condition]:
        return [CONDITIONS[name](self, value) for name, value in given(where).items()]

    def all_of(self, where: VariantWhere) -> Condition:
        return and_(*self.conditions(where)) if given(where) else literal(True)

    def every(self, parts: tuple[VariantWhere, ...]) -> Condition:
        return and_(*map(self.all_of, parts)) if parts else literal(True)

    def some(self, parts: tuple[VariantWhere, ...]) -> Condition:
        return or_(*map(self.all_of, parts)) if parts else literal(False)

    def none(self, part: VariantWhere) -> Condition:
        return not_(self.all_of(part).is_(True))

    def price(self, bounds: Amounts) -> Condition:
        return self._priced(bounds)

    def in_stock(self, wanted: bool) -> Condition:
        """Without a stock level it is unknown how much there is, which is none."""
        in_stock = variant_in_stock(self._at)
        return in_stock if wanted else in_stock.is_not(True)

    def options(self, wanted: tuple[OptionIs, ...]) -> Condition:
        return and_(*map(chosen, wanted))


def _text(column: Any) -> Callable[[VariantFilter, TextIs], Condition]:
    return lambda _, wanted: text_is(column, wanted)


def _range(column: Any) -> Callable[[VariantFilter, Range[Any]], Condition]:
    return lambda _, bounds: range_is(column, bounds)


CONDITIONS: Mapping[str, Callable[[VariantFilter, Any], Condition]] = {
    "ids": lambda _, ids: among(col(Variant.id), ids),
    "product_ids": lambda _, ids: among(col(Variant.product_id), ids),
    "sku": _text(col(Variant.sku)),
    "barcode": _text(col(Variant.barcode)),
    "title": _text(col(Variant.title)),
    "in_stock": VariantFilter.in_stock,
    "price": VariantFilter.price,
    "options": VariantFilter.options,
    "created_at": _range(col(Variant.created_at)),
    "updated_at": _range(col(Variant.updated_at)),
    "every": VariantFilter.every,
    "some": VariantFilter.some,
    "none": VariantFilter.none,
}
