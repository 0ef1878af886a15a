"""Products: the type and the ways to find one."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from commerce.core.viewer import Scope
from resolvers.catalog import brands, categories, collections, media, variants
from resolvers.catalog.attributes import AttributeValue, attribute_values
from resolvers.catalog.kinds import MetafieldOwner, ProductStatus, ProductType
from resolvers.catalog.lazy import (
    LazyBrand,
    LazyCategory,
    LazyCollection,
    LazyMedia,
    LazyVariant,
)
from resolvers.catalog.metafields import HasMetafields
from resolvers.catalog.options import ProductOption, product_options
from resolvers.catalog.seo import Seo
from resolvers.connections import After, Before, Connection, First, Last, Paging
from resolvers.context import Info
from resolvers.money import MoneyRange
from resolvers.nodes import key_of
from resolvers.permissions import public, requires
from resolvers.pricing import offers
from resolvers.pricing.arguments import Currency
from resolvers.rows import FromRow
from resolvers.taxes.classes import TaxClass


@strawberry.type(description="Something the shop sells, in one or more variants.")
class Product(FromRow, HasMetafields):
    metafield_owner = MetafieldOwner.PRODUCT
    slug: str = public("Name in addresses.")
    title: str = public("Name for people.")
    description_html: str = public("What it is, as safe HTML.")
    description_text: str = public("What it is, without markup.")
    excerpt: str = public("What it is, in a sentence or two.")
    status: ProductStatus = public("Whether it is for sale.")
    type: ProductType = public("How it reaches its buyer.")
    vendor: str = public("Who supplies it.")
    product_type: str = public("The shop's own name for its kind.")
    tags: list[str] = public("Words it is filed under.")
    featured: bool = public("Whether the shop puts it forward.")
    shown_as_new: bool = public("Whether the shop marks it as new.")
    price_on_request: bool = public("Whether the shop names the price only when asked.")
    announced: bool = public("Whether it is shown before it can be bought.")
    one_per_order: bool = public("Whether an order may have but one unit of each variant.")
    stock_shown: bool = public("Whether the shop wants shoppers told how many there are.")
    position: int = public("Place among products where the shop's own order counts.")
    published_at: datetime | None = public("When it was first active.")
    archived_at: datetime | None = public("When it was archived.")
    version: int = public("Counts its changes.")
    created_at: datetime = public("When it was added.")
    updated_at: datetime = public("When it was last changed.")
    brand_id: strawberry.Private[int | None]
    tax_class_id: strawberry.Private[int | None]

    @public("What search engines are told.")
    def seo(self) -> Seo:
        return Seo.of(self.row)

    @public("Who makes it.")
    async def brand(self, info: Info) -> LazyBrand | None:
        if self.brand_id is None:
            return None
        row = await info.context.loaders.catalog.brand_by_id.load(self.brand_id)
        return None if row is None else brands.Brand.of(row)

    @public("How it is taxed; null means like the default class.")
    async def tax_class(self, info: Info) -> TaxClass | None:
        if self.tax_class_id is None:
            return None
        row = await info.context.loaders.taxes.class_by_id.load(self.tax_class_id)
        return None if row is None else TaxClass.of(row)

    @public("Percent of tax on it, where taxable, at the store's own place.")
    async def tax_percent(self, info: Info) -> Decimal:
        class_id = self.tax_class_id or 0  # none is the default one
        percent: Decimal = await info.context.loaders.taxes.percent_at_home.load(class_id)
        return percent

    @requires(Scope.READ_ORDERS, description="How many units were bought and not called off.")
    async def units_sold(self, info: Info) -> int:
        return await info.context.loaders.orders.units_sold.load(self.database_id)

    @public("What a shopper chooses between, such as size and colour.")
    async def options(self, info: Info) -> list[ProductOption]:
        catalog = info.context.loaders.catalog
        return product_options(await catalog.options_by_product.load(self.database_id))

    @public("The lowest and highest price of its variants; null without any, or on request.")
    async def price_range(self, info: Info, currency: Currency = None) -> MoneyRange | None:
        return await offers.price_range(info, self.database_id, currency)

    @public("Whether any of its variants can be bought.")
    async def in_stock(self, info: Info) -> bool:
        return await info.context.loaders.inventory.in_stock.load(self.database_id)

    @public("The first picture of the gallery.")
    async def featured_media(self, info: Info) -> LazyMedia | None:
        row = await info.context.loaders.catalog.first_media.load(self.database_id)
        return None if row is None else media.Media.of(row)

    @public("The gallery, in the shop's order.")
    async def media(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LazyMedia]:
        catalog, id_ = info.context.loaders.catalog, self.database_id
        paging = Paging(info, "product.media", first, after, last, before)
        page = await catalog.media_pages.load((id_, paging.args))
        return paging.connection(
            page, media.Media.of, lambda limit: catalog.media_counts.load((id_, limit))
        )

    @public("What can be bought, in the shop's order.")
    async def variants(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LazyVariant]:
        catalog, id_ = info.context.loaders.catalog, self.database_id
        paging = Paging(info, "product.variants", first, after, last, before)
        page = await catalog.variant_pages.load((id_, paging.args))
        return paging.connection(
            page,
            variants.ProductVariant.of,
            lambda limit: catalog.variant_counts.load((id_, limit)),
        )

    @public("The categories it is in, by their place among siblings.")
    async def categories(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LazyCategory]:
        catalog, id_ = info.context.loaders.catalog, self.database_id
        paging = Paging(info, "product.categories", first, after, last, before)
        page = await catalog.product_category_pages.load((id_, paging.args))
        return paging.connection(
            page,
            categories.Category.of,
            lambda limit: catalog.product_category_counts.load((id_, limit)),
        )

    @public("The collections it is in, by position and title.")
    async def collections(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LazyCollection]:
        catalog, id_ = info.context.loaders.catalog, self.database_id
        paging = Paging(info, "product.collections", first, after, last, before)
        page = await catalog.product_collection_pages.load((id_, paging.args))
        return paging.connection(
            page,
            collections.Collection.of,
            lambda limit: catalog.product_collection_counts.load((id_, limit)),
        )

    @public("What it is in the shop's attributes, in their order.")
    async def attributes(self, info: Info) -> list[AttributeValue]:
        rows = await info.context.loaders.catalog.attribute_values.load(self.database_id)
        return attribute_values(rows)


@strawberry.type
class ProductQueries:
    @public("A product by its id or slug; a slug it had before finds it too.")
    async def product(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, strawberry.argument(description="Its id.")] = None,
        slug: Annotated[str | None, strawberry.argument(description="Its slug.")] = None,
    ) -> Product | None:
        row = await info.context.services.products.one(key_of(id, "Product"), slug)
        return None if row is None else Product.of(row)
