"""The values of each facet with their counts, as statements that can be united.

`name` tells the options or attributes of one kind apart, `key` is what a filter takes, `place` the
value's place in its facet.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    Double,
    Numeric,
    Select,
    Subquery,
    Text,
    and_,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
)
from sqlmodel import col

from commerce.catalog.models import (
    Attribute,
    AttributeValue,
    Brand,
    Category,
    OptionGroup,
    OptionValue,
    Product,
    ProductCategory,
    Variant,
    VariantOption,
)
from commerce.catalog.visibility import visible_brands, visible_categories
from commerce.core.viewer import Viewer
from commerce.search.criteria import FacetWanted
from commerce.search.kinds import FacetKind
from commerce.search.repository.facet_base import FacetBase
from commerce.search.repository.options import chosen, same_text
from commerce.search.repository.stock import product_in_stock

NOTHING: Any = literal_column("''")
# The columns of every statement, and what stands where a facet has nothing to say.
COLUMNS: Mapping[str, Any] = {
    "name": NOTHING,
    "name_label": NOTHING,
    "key": NOTHING,
    "label": NOTHING,
    "products": cast(null(), BigInteger),
    "low": cast(null(), Numeric),
    "high": cast(null(), Numeric),
    "place": cast(null(), BigInteger),
}


def category_values(base: FacetBase, wanted: FacetWanted) -> Select[Any]:
    """Products count in every category above theirs, as far as the viewer sees the way down."""
    within = _within(base.viewer)
    products = func.count(base.rows.c.id.distinct())
    counted = (
        select(_key(Category.id), _label(Category.title), products.label("products"))
        .join_from(base.rows, ProductCategory, col(ProductCategory.product_id) == base.rows.c.id)
        .join(within, within.c.id == col(ProductCategory.category_id))
        .join(Category, col(Category.id) == within.c.above)
        .where(base.counting(FacetKind.CATEGORY))
        .group_by(col(Category.id))
    )
    return _first(counted, wanted.limit)


def _within(viewer: Viewer) -> CTE:
    """`id` of every category below (or the same as) the one `above`."""
    visible = visible_categories(viewer)
    same: tuple[Any, ...] = (col(Category.id).label("above"), col(Category.id))
    within = select(*same).where(visible).cte("within", recursive=True)
    below = (
        select(within.c.above, col(Category.id))
        .join(within, col(Category.parent_id) == within.c.id)
        .where(visible)
    )
    return within.union(below)


def brand_values(base: FacetBase, wanted: FacetWanted) -> Select[Any]:
    counted = (
        select(_key(Brand.id), _label(Brand.name), func.count().label("products"))
        .join_from(base.rows, Product, col(Product.id) == base.rows.c.id)
        .join(Brand, col(Brand.id) == col(Product.brand_id))
        .where(visible_brands(base.viewer), base.counting(FacetKind.BRAND))
        .group_by(col(Brand.id))
    )
    return _first(counted, wanted.limit)


def availability_values(base: FacetBase, wanted: FacetWanted) -> Select[Any]:
    each = (
        select(product_in_stock(base.at).label("in_stock"))
        .join_from(base.rows, Product, col(Product.id) == base.rows.c.id)
        .where(base.counting(FacetKind.AVAILABILITY))
        .subquery()
    )
    in_stock = cast(each.c.in_stock, Text)
    counted = select(_key(in_stock), _label(in_stock), func.count().label("products"))
    return _first(counted.group_by(each.c.in_stock), wanted.limit)


def price_values(base: FacetBase, wanted: FacetWanted) -> Select[Any]:
    """Ranges with about as many products each; equal prices are never in two of them."""
    priced = base.prices.lowest_among(base.rows, base.counting(FacetKind.PRICE)).cte("priced")
    price = priced.c.amount
    shares = literal([n / wanted.limit for n in range(1, wanted.limit)], ARRAY(Double))
    steps = select(func.percentile_disc(shares).within_group(price.asc()))
    bucket = func.width_bucket(price, steps.correlate(None).scalar_subquery())
    low, high = func.min(price), func.max(price)
    ranges = select(func.count().label("products"), low.label("low"), high.label("high"))
    counted = ranges.group_by(bucket).subquery()
    place = func.row_number().over(order_by=counted.c.low)
    return _full(select(*counted.c, place.label("place")).subquery())


def option_values(base: FacetBase, wanted: FacetWanted) -> Select[Any]:
    """A variant counts if it has the wanted values of the other options."""
    group, name = col(OptionGroup.name), func.lower(col(OptionGroup.name))
    value = func.lower(col(OptionValue.name))
    only = true() if wanted.name is None else same_text(group, wanted.name)
    fits = [or_(same_text(group, each.name), chosen(each)) for each in base.where.options or ()]
    own = [and_(left, same_text(group, each.name)) for each, left in base.chosen(FacetKind.OPTION)]
    products = func.count(base.rows.c.id.distinct()).label("products")
    names: tuple[Any, ...] = (name.label("name"), func.min(group).label("name_label"))
    counted = (
        select(*names, _key(value), _label(func.min(col(OptionValue.name))), products)
        .join_from(base.rows, Variant, col(Variant.product_id) == base.rows.c.id)
        .join(VariantOption, col(VariantOption.variant_id) == col(Variant.id))
        .join(OptionGroup, col(OptionGroup.id) == col(VariantOption.group_id))
        .join(OptionValue, col(OptionValue.id) == col(VariantOption.value_id))
        .where(col(Variant.archived_at).is_(None), only, *fits, or_(base.fits_all, *own))
        .group_by(name, value)
    )
    return _first(counted, wanted.limit)


def attribute_values(base: FacetBase, wanted: FacetWanted) -> Select[Any]:
    code, text = col(Attribute.code), col(AttributeValue.text_value)
    only = true() if wanted.name is None else code == wanted.name
    own = [and_(left, code == each.name) for each, left in base.chosen(FacetKind.ATTRIBUTE)]
    products = func.count(base.rows.c.id.distinct()).label("products")
    names: tuple[Any, ...] = (code.label("name"), col(Attribute.label).label("name_label"))
    counted = (
        select(*names, _key(text), _label(text), products)
        .join_from(base.rows, AttributeValue, col(AttributeValue.product_id) == base.rows.c.id)
        .join(Attribute, col(Attribute.id) == col(AttributeValue.attribute_id))
        .where(col(Attribute.filterable), only, or_(base.fits_all, *own))
        .group_by(col(Attribute.id), text)
    )
    return _first(counted, wanted.limit)


def _key(column: Any) -> Any:
    return cast(column, Text).label("key")


def _label(column: Any) -> Any:
    return cast(column, Text).label("label")


def _first(counted: Select[Any], limit: int) -> Select[Any]:
    """The values with the most products, of each name."""
    values = counted.subquery()
    place = func.row_number().over(
        partition_by=values.c.get("name"),
        order_by=(values.c.products.desc(), values.c.label, values.c.key),
    )
    placed = select(values, place.label("place")).subquery()
    return _full(placed).where(placed.c.place <= limit)


def _full(values: Subquery) -> Select[Any]:
    """With all of `COLUMNS`."""
    return select(*(values.c.get(name, other.label(name)) for name, other in COLUMNS.items()))


COUNTS: Mapping[FacetKind, Callable[[FacetBase, FacetWanted], Select[Any]]] = {
    FacetKind.CATEGORY: category_values,
    FacetKind.BRAND: brand_values,
    FacetKind.PRICE: price_values,
    FacetKind.AVAILABILITY: availability_values,
    FacetKind.OPTION: option_values,
    FacetKind.ATTRIBUTE: attribute_values,
}
