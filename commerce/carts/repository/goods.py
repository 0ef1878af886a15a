"""All that is to be known of the variants in a cart to price it, in one statement."""

from collections.abc import Collection as Keys
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    DateTime,
    Integer,
    Row,
    Select,
    Text,
    bindparam,
    column,
    func,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.sql import any_
from sqlmodel import col

from commerce.carts.repository.lines import can_be_bought
from commerce.catalog.kinds import MediaKind
from commerce.catalog.models import (
    Category,
    CollectionProduct,
    Media,
    OptionGroup,
    OptionValue,
    Product,
    ProductCategory,
    Variant,
    VariantOption,
)
from commerce.core.arrays import unseen
from commerce.core.db import UnitOfWork, among
from commerce.core.setup import Setup
from commerce.inventory.availability import sellable_stock
from commerce.inventory.models import StockLevel, StockReservation
from commerce.pricing.models import Price, PriceList
from commerce.pricing.resolution import price_of
from commerce.pricing.rules.prices import PriceTerms
from commerce.promotions.repository.offers import any_automatic
from commerce.store.repository import setup_mark

GoodsRow = Row[Any]

SHOWN: Final[tuple[Any, ...]] = (
    col(Variant.id),
    col(Variant.product_id),
    col(Variant.sku),
    col(Variant.title).label("variant_title"),
    col(Variant.weight_grams),
    col(Variant.requires_shipping),
    col(Variant.taxable),
    col(Variant.track_stock),
    col(Variant.backorder),
    col(Product.one_per_order),
    col(Product.title),
    col(Product.slug),
    col(Product.brand_id),
    col(Product.tags),
    col(Product.tax_class_id),
)


class GoodsRepository:
    """For carts that the viewer was shown."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def by_variants(
        self, quantities: Mapping[int, int], terms: PriceTerms, cart_id: int | None
    ) -> dict[int, GoodsRow]:
        """What each variant is, and costs when so many units of it are bought under `terms`.

        `can_be_bought`, and of the price `amount`, `compare_at` and `prices_include_tax`, None
        without one. `available` leaves out what other carts hold. Each row says what it is to be
        calculated with: `setup_mark`, and whether automatic promotions are `promoted` at all.
        """
        values = {
            "ids": list(quantities),
            "quantities": list(quantities.values()),
            "at": terms.at,
            "currency": terms.currency,
            "group": terms.group,
            "cart_id": cart_id,
        }
        return {row.id: row for row in await self._uow.rows(_goods(), values)}

    def setup_of(self, goods: Mapping[int, GoodsRow]) -> Setup:
        """How the shop was set up when these were read; of none of them nothing is known."""
        return self._uow.setup(next((row.setup_mark for row in goods.values()), None))

    async def ids_by_sku(self, skus: Keys[str]) -> dict[str, int]:
        """Of variants that are not archived."""
        live = col(Variant.archived_at).is_(None)
        named = among(col(Variant.sku), skus, Text())
        rows = await self._uow.rows(select(col(Variant.sku), col(Variant.id)).where(named, live))
        return {row.sku: row.id for row in rows}


# Every look at a cart runs this, and building it costs several times what running it does: once.
@cache
def _goods() -> Select[Any]:
    given = _given()
    terms = PriceTerms(
        _value("at", DateTime(timezone=True)),
        given.c.quantity,
        _value("currency", Text()),
        _value("group", BigInteger()),
    )
    columns = (col(Price.amount), col(Price.compare_at), col(PriceList.prices_include_tax))
    price = price_of(given.c.id, terms, *columns)
    branch = _branch()
    return (
        select(
            *SHOWN,
            can_be_bought().label("can_be_bought"),
            *price.c,
            _ids(branch.c.category_id, branch.c.product_id == col(Product.id), "category_ids"),
            _ids(
                col(CollectionProduct.collection_id),
                col(CollectionProduct.product_id) == col(Product.id),
                "collection_ids",
            ),
            _options().label("options"),
            _picture().label("image_url"),
            (_unreserved() - _held()).label("available"),
            setup_mark(),
            any_automatic().label("promoted"),
        )
        .join_from(given, Variant, col(Variant.id) == given.c.id)
        .join(Product, col(Product.id) == col(Variant.product_id))
        .outerjoin(price, true())
    )


def _given() -> Any:
    ids = unseen("ids", BigInteger())
    quantities = unseen("quantities", Integer())
    columns = (column("id", BigInteger()), column("quantity", Integer()))
    return func.unnest(ids, quantities).table_valued(*columns).render_derived(name="given")


def _branch() -> Any:
    """(product_id, category_id): the categories of each product, and those above them.

    UNION, not UNION ALL: a circle would end the walk, not keep it going.
    """
    owner = col(ProductCategory.product_id)
    own = (
        select(owner, col(ProductCategory.category_id))
        .join(Variant, col(Variant.product_id) == owner)
        .where(col(Variant.id) == any_(unseen("ids", BigInteger())))
    )
    up = own.cte("branch", recursive=True)
    above = (
        select(up.c.product_id, col(Category.parent_id))
        .join(Category, col(Category.id) == up.c.category_id)
        .where(col(Category.parent_id).is_not(None))
    )
    return up.union(above)


def _ids(id_: Any, which: Any, name: str) -> Any:
    return func.array(select(id_).where(which).correlate(Product).scalar_subquery()).label(name)


def _options() -> Any:
    """[["Size", "M"], ...] in the order of the groups."""
    pair = func.json_build_array(col(OptionGroup.name), col(OptionValue.name))
    order = (col(OptionGroup.position), col(OptionGroup.id))
    return (
        select(func.json_agg(aggregate_order_by(pair, *order)))
        .join_from(VariantOption, OptionGroup, col(OptionGroup.id) == col(VariantOption.group_id))
        .join(OptionValue, col(OptionValue.id) == col(VariantOption.value_id))
        .where(col(VariantOption.variant_id) == col(Variant.id))
        .correlate(Variant)
        .scalar_subquery()
    )


def _picture() -> Any:
    """The variant's own, else the product's first one."""
    own = select(col(Media.url)).where(col(Media.id) == col(Variant.media_id))
    first = (
        select(col(Media.url))
        .where(col(Media.product_id) == col(Product.id), col(Media.kind) == MediaKind.IMAGE)
        .order_by(col(Media.position), col(Media.id))
        .limit(1)
    )
    return func.coalesce(
        own.correlate(Variant).scalar_subquery(), first.correlate(Product).scalar_subquery()
    )


def _unreserved() -> Any:
    unreserved = col(StockLevel.on_hand) - col(StockLevel.reserved)
    return (
        sellable_stock(func.coalesce(func.sum(unreserved), 0))
        .where(col(StockLevel.variant_id) == col(Variant.id))
        .correlate(Variant)
        .scalar_subquery()
    )


def _held() -> Any:
    """Units that other carts hold."""
    return (
        select(func.coalesce(func.sum(col(StockReservation.quantity)), 0))
        .where(
            col(StockReservation.variant_id) == col(Variant.id),
            col(StockReservation.location_id).is_not(None),
            col(StockReservation.expires_at) > _value("at", DateTime(timezone=True)),
            col(StockReservation.cart_id).is_distinct_from(_value("cart_id", BigInteger())),
        )
        .correlate(Variant)
        .scalar_subquery()
    )


def _value(name: str, kind: Any) -> Any:
    return bindparam(name, type_=kind)
