"""Words in the parts of a product that somebody names. Without an index: every product is read."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, func, or_
from sqlmodel import col

from commerce.catalog.models import (
    Category,
    OptionGroup,
    OptionValue,
    Product,
    ProductCategory,
    Variant,
)
from commerce.core.comparisons import contains
from commerce.search.criteria import WordsIn
from commerce.search.kinds import ProductPart

MAX_WORDS: Final = 10
Condition = ColumnElement[bool]


def has_words(wanted: WordsIn) -> Condition:
    """Each of the first ten words is in one of the parts, whatever the case and accents."""
    words = wanted.text.split()[:MAX_WORDS]
    parts = wanted.parts or tuple(ProductPart)
    return and_(*(or_(*(_is_in(part, word) for part in parts)) for word in words))


def _is_in(part: ProductPart, word: str) -> Condition:
    if part in OWN:
        return contains(func.storegraph_plain(OWN[part]), word)
    column, own = ELSEWHERE[part]
    return exists().where(contains(func.storegraph_plain(column), word), *own).correlate(Product)


OWN: Final[Mapping[ProductPart, Any]] = {
    ProductPart.TITLE: col(Product.title),
    ProductPart.DESCRIPTION: col(Product.description_text),
    ProductPart.SLUG: col(Product.slug),
    ProductPart.BRAND: col(Product.brand_name),
    ProductPart.TAGS: func.storegraph_join(col(Product.tags)),
}
_LIVE: Final = (
    col(Variant.product_id) == col(Product.id),
    col(Variant.archived_at).is_(None),
)
# The text, and what ties it to the product.
ELSEWHERE: Final[Mapping[ProductPart, tuple[Any, tuple[Any, ...]]]] = {
    ProductPart.SKU: (col(Variant.sku), _LIVE),
    ProductPart.BARCODE: (col(Variant.barcode), _LIVE),
    ProductPart.OPTIONS: (
        col(OptionValue.name),
        (
            col(OptionValue.group_id) == col(OptionGroup.id),
            col(OptionGroup.product_id) == col(Product.id),
        ),
    ),
    ProductPart.CATEGORIES: (
        col(Category.title),
        (
            col(Category.id) == col(ProductCategory.category_id),
            col(Category.archived_at).is_(None),
            col(ProductCategory.product_id) == col(Product.id),
        ),
    ),
}
