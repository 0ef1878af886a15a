"""What a list is asked for, as plain values: the filter, the order, the words.

In a filter None means that nothing is asked of that property. The values are hashable and print
themselves in full: cursors are bound to a list by them.
"""

from dataclasses import dataclass

from commerce.catalog.kinds import ProductStatus, ProductType
from commerce.core.criteria import Amounts, Direction, Ids, TagsAre, TextIs, Times
from commerce.search.kinds import FacetKind, ProductOrderField, ProductPart, VariantOrderField


@dataclass(frozen=True, slots=True)
class CategoryIs:
    """In one of these categories or, if `deep`, in one below them.

    `branch` are the ids of all categories meant, once they are looked up.
    """

    ids: Ids | None = None
    slug: TextIs | None = None
    deep: bool = True
    branch: Ids = ()


@dataclass(frozen=True, slots=True)
class AttributeIs:
    """The attribute has one of `values`, or a number in `range`."""

    code: str
    values: tuple[str, ...] | None = None
    range: Amounts | None = None


@dataclass(frozen=True, slots=True)
class OptionIs:
    """`name` is the option, `values` the choices that will do; case does not count."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordsIn:
    """Words in these parts of a product; in any of them when none is named."""

    text: str
    parts: tuple[ProductPart, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductWhere:
    """All that is given must hold. `options` must hold together, for one variant."""

    ids: Ids | None = None
    slug: TextIs | None = None
    title: TextIs | None = None
    words: WordsIn | None = None
    status: tuple[ProductStatus, ...] | None = None
    type: tuple[ProductType, ...] | None = None
    categories: tuple[CategoryIs, ...] | None = None
    brand_ids: Ids | None = None
    vendor: TextIs | None = None
    product_type: TextIs | None = None
    collection_ids: Ids | None = None
    tags: tuple[TagsAre, ...] | None = None
    price: Amounts | None = None
    sku: TextIs | None = None
    in_stock: bool | None = None
    featured: bool | None = None
    shown_as_new: bool | None = None
    price_on_request: bool | None = None
    announced: bool | None = None
    attributes: tuple[AttributeIs, ...] | None = None
    options: tuple[OptionIs, ...] | None = None
    created_at: Times | None = None
    updated_at: Times | None = None
    published_at: Times | None = None
    every: "tuple[ProductWhere, ...] | None" = None
    some: "tuple[ProductWhere, ...] | None" = None
    none: "ProductWhere | None" = None


@dataclass(frozen=True, slots=True)
class VariantWhere:
    """All that is given must hold."""

    ids: Ids | None = None
    product_ids: Ids | None = None
    sku: TextIs | None = None
    barcode: TextIs | None = None
    title: TextIs | None = None
    in_stock: bool | None = None
    price: Amounts | None = None
    options: tuple[OptionIs, ...] | None = None
    created_at: Times | None = None
    updated_at: Times | None = None
    every: "tuple[VariantWhere, ...] | None" = None
    some: "tuple[VariantWhere, ...] | None" = None
    none: "VariantWhere | None" = None


Where = ProductWhere | VariantWhere
EVERY_PRODUCT = ProductWhere()
EVERY_VARIANT = VariantWhere()


@dataclass(frozen=True, slots=True)
class ProductOrder:
    field: ProductOrderField
    direction: Direction = Direction.ASC


@dataclass(frozen=True, slots=True)
class VariantOrder:
    field: VariantOrderField
    direction: Direction = Direction.ASC


@dataclass(frozen=True, slots=True)
class ProductListing:
    """Which products, in which order.

    `words` None is a plain list; a search for no words shows the same products. Prices count in
    `currency`, by default that of the default price list.
    """

    where: ProductWhere = EVERY_PRODUCT
    order: tuple[ProductOrder, ...] = ()
    currency: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class VariantListing:
    """Which variants, in which order; prices count in `currency`."""

    where: VariantWhere = EVERY_VARIANT
    order: tuple[VariantOrder, ...] = ()
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class FacetWanted:
    """A way to narrow a listing down.

    `name` is the option or the attribute's code; None means each of them. A price facet has at
    most `limit` ranges, the others at most that many values.
    """

    kind: FacetKind
    name: str | None = None
    limit: int = 20
