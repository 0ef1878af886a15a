"""A small shop in which every product differs, and its lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert

from commerce.catalog.kinds import BackorderPolicy, ProductStatus, ProductType
from commerce.catalog.models import AttributeValue, OptionGroup, OptionValue, VariantOption
from commerce.core.db import UnitOfWork
from commerce.core.paging import PageArgs
from commerce.core.viewer import ANONYMOUS, Viewer
from commerce.search.criteria import ProductListing, VariantListing
from commerce.wiring import Services
from tests.support.catalog import (
    make_attribute,
    make_brand,
    make_category,
    make_collection,
    make_product,
    make_variant,
)
from tests.support.inventory import make_level, make_location
from tests.support.pricing import make_price, make_price_list

OPENED = datetime(2026, 1, 1, tzinfo=UTC)
Groups = dict[str | tuple[str, str], Any]
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ALL = PageArgs(100)


@dataclass
class Shop:
    """What was made, by name."""

    uow: UnitOfWork
    euros: Any
    location: Any
    products: dict[str, Any] = field(default_factory=dict)
    variants: dict[str, Any] = field(default_factory=dict)
    brands: dict[str, Any] = field(default_factory=dict)
    categories: dict[str, Any] = field(default_factory=dict)
    collections: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)

    async def add(
        self,
        title: str,
        *variants: Mapping[str, Any],
        attributes: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> Row[Any]:
        """A product added a day after the one before, with variants as `add_variant` takes them."""
        added = OPENED + timedelta(days=len(self.products))
        values = {"created_at": added, "updated_at": added, "published_at": added, **values}
        product = await make_product(self.uow, title, **values)
        self.products[title] = product
        groups: Groups = {}
        for place, variant in enumerate(variants):
            await self.add_variant(product, groups, position=place, **variant)
        for code, value in (attributes or {}).items():
            await self._describe(product, code, value)
        return product

    async def add_variant(
        self,
        product: Any,
        groups: Groups,
        *,
        price: str | None = None,
        stock: int | None = None,
        options: Mapping[str, str] | None = None,
        **values: Any,
    ) -> Row[Any]:
        values.setdefault("option_key", str(values.get("position", 0)))
        variant = await make_variant(self.uow, product, **values)
        self.variants[variant.sku or f"{product.title} {variant.position}"] = variant
        if price is not None:
            await make_price(self.uow, self.euros, variant, price)
        if stock is not None:
            await make_level(self.uow, variant, self.location, stock)
        for name, value in (options or {}).items():
            await self._choose(product, variant, groups, name, value)
        return variant

    async def _choose(
        self, product: Any, variant: Any, groups: Groups, name: str, value: str
    ) -> None:
        if name not in groups:
            groups[name] = await self._row(OptionGroup, product_id=product.id, name=name)
        group = groups[name]
        if (name, value) not in groups:
            groups[name, value] = await self._row(OptionValue, group_id=group.id, name=value)
        chosen = {"group_id": group.id, "value_id": groups[name, value].id}
        await self._row(VariantOption, variant_id=variant.id, **chosen)

    async def _describe(self, product: Any, code: str, value: Any) -> None:
        attribute = self.attributes[code]
        number = value if isinstance(value, int) else None
        await self._row(
            AttributeValue,
            product_id=product.id,
            attribute_id=attribute.id,
            position=0,
            text_value=str(value),
            number_value=number,
        )

    async def _row(self, model: Any, **values: Any) -> Row[Any]:
        row = await self.uow.row(insert(model).values(**values).returning(*model.__table__.c))
        assert row is not None
        return row


async def make_empty_shop(uow: UnitOfWork) -> Shop:
    euros = await make_price_list(uow, "base", is_default=True)
    return Shop(uow, euros, await make_location(uow))


async def make_shop(uow: UnitOfWork) -> Shop:
    """Six products on sale and one that is not."""
    shop = await make_empty_shop(uow)
    for name in ("Acme", "Zeta"):
        shop.brands[name] = await make_brand(uow, name)
    shop.brands["Hidden"] = await make_brand(uow, "Hidden", active=False)
    for code, label in (("material", "Material"), ("grams", "Weight")):
        shop.attributes[code] = await make_attribute(uow, code, label=label, filterable=True)
    shop.attributes["note"] = await make_attribute(uow, "note")
    await _add_products(shop)
    await _file_products(shop)
    return shop


async def _add_products(shop: Shop) -> None:
    await shop.add(
        "Linen Shirt",
        {
            "sku": "LS-S",
            "barcode": "4006381333931",
            "price": "35",
            "stock": 0,
            "options": {"Size": "S", "Colour": "Red"},
        },
        {"sku": "LS-M", "price": "30", "stock": 3, "options": {"Size": "M", "Colour": "Blue"}},
        brand_id=shop.brands["Acme"].id,
        vendor="North",
        product_type="Shirts",
        tags=["summer", "sale"],
        featured=True,
        position=2,
        description_text="Cool in summer, woven in Portugal.",
        attributes={"material": "linen", "grams": 200, "note": "x"},
    )
    await shop.add(
        "Wool Jumper",
        {"sku": "WJ-M", "price": "80", "stock": 0, "options": {"size": "M", "colour": "Red"}},
        brand_id=shop.brands["Zeta"].id,
        vendor="South",
        product_type="Jumpers",
        tags=["winter", "sale"],
        position=1,
        description_text="Warm in winter.",
        attributes={"material": "wool", "grams": 600},
    )
    await shop.add(
        "Ceramic Mug",
        {"sku": "CM", "price": "12", "track_stock": False},
        brand_id=shop.brands["Hidden"].id,
        vendor="North",
        position=1,
        attributes={"material": "clay", "grams": 300},
    )
    await shop.add(
        "Gift Card",
        {"sku": "GC", "stock": 5},
        type=ProductType.DIGITAL,
        shown_as_new=True,
        published_at=None,
    )
    await shop.add(
        "Bespoke Suit",
        {"sku": "BS", "price": "900", "stock": 1},
        price_on_request=True,
        vendor="100% South",
        position=3,
    )
    await shop.add(
        "Étagère",
        {"sku": "ET", "price": "45", "stock": 0, "backorder": BackorderPolicy.ALLOW},
        {"sku": "ET-OLD", "price": "1", "stock": 9, "archived_at": OPENED},
        tags=["Sale"],
        attributes={"material": "wood"},
    )
    await shop.add(
        "Draft Hat",
        {"sku": "DH", "price": "20", "stock": 9},
        status=ProductStatus.DRAFT,
        brand_id=shop.brands["Acme"].id,
        tags=["summer"],
    )


async def _file_products(shop: Shop) -> None:
    uow, made = shop.uow, shop.products
    clothes = await make_category(uow, "Clothes", made["Bespoke Suit"])
    shirts = await make_category(
        uow, "Shirts", made["Bespoke Suit"], made["Linen Shirt"], parent=clothes
    )
    jumpers = await make_category(uow, "Jumpers", made["Wool Jumper"], parent=clothes)
    secret = await make_category(uow, "Secret", made["Gift Card"], parent=clothes, active=False)
    below = await make_category(uow, "Below", made["Ceramic Mug"], parent=secret)
    named = (clothes, shirts, jumpers, secret, below)
    shop.categories = {category.title: category for category in named}
    summer = await make_collection(uow, "Summer", made["Ceramic Mug"], made["Linen Shirt"])
    closed = await make_collection(uow, "Closed", made["Ceramic Mug"], active=False)
    shop.collections = {"Summer": summer, "Closed": closed}


def lists_for(uow: UnitOfWork, viewer: Viewer = ANONYMOUS, at: datetime = NOW) -> Any:
    """The service, as it answers at that time."""
    return Services(uow, viewer, lambda: at).lists


async def titles(
    uow: UnitOfWork,
    listing: ProductListing,
    args: PageArgs = ALL,
    viewer: Viewer = ANONYMOUS,
) -> Sequence[str]:
    """Of the products of a listing, in its order; the count must agree."""
    lists = lists_for(uow, viewer)
    page = await lists.products(listing, args)
    if args == ALL:
        assert (await lists.product_count(listing, None)).count == len(page.rows)
    return [row.title for row in page.rows]


async def skus(
    uow: UnitOfWork,
    listing: VariantListing,
    args: PageArgs = ALL,
    viewer: Viewer = ANONYMOUS,
) -> Sequence[str]:
    """Of the variants of a listing, in its order; the count must agree."""
    lists = lists_for(uow, viewer)
    page = await lists.variants(listing, args)
    if args == ALL:
        assert (await lists.variant_count(listing, None)).count == len(page.rows)
    return [row.sku for row in page.rows]
