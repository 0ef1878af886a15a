"""Variants: the type and the ways to find one."""

from datetime import datetime
from typing import Annotated

import strawberry

from commerce.core.viewer import Scope
from resolvers.catalog import media, products
from resolvers.catalog.kinds import BackorderPolicy, MetafieldOwner
from resolvers.catalog.lazy import LazyMedia, LazyProduct
from resolvers.catalog.metafields import HasMetafields
from resolvers.catalog.options import SelectedOption
from resolvers.connections import After, Before, Connection, First, Last, Paging
from resolvers.context import Info
from resolvers.files.downloads import VariantFile, files_of
from resolvers.inventory import levels, movements
from resolvers.inventory.availability import Availability, availability
from resolvers.inventory.lazy import LazyStockLevel, LazyStockMovement
from resolvers.nodes import key_of
from resolvers.permissions import public, requires
from resolvers.pricing import offers, prices
from resolvers.pricing.arguments import BuyersGroup, Currency, Quantity
from resolvers.pricing.lazy import LazyPrice, LazyVariantPricing
from resolvers.rows import FromRow


@strawberry.type(description="What is sold: one combination of a product's options.")
class ProductVariant(FromRow, HasMetafields):
    metafield_owner = MetafieldOwner.VARIANT
    sku: str | None = public("The shop's stock keeping unit, unique in the shop.")
    barcode: str | None = public("GTIN, EAN, UPC or ISBN.")
    title: str = public("The chosen options, such as `Red / M`.")
    position: int = public("Place among the product's variants.")
    weight_grams: int = public("Weight with packaging, in grams.")
    weight_unit: str = public("Unit the shop shows the weight in: `g`, `kg`, `oz`, `lb`.")
    length_mm: int | None = public("Length with packaging, in millimetres.")
    width_mm: int | None = public("Width with packaging, in millimetres.")
    height_mm: int | None = public("Height with packaging, in millimetres.")
    backorder: BackorderPolicy = public("Whether it can be bought beyond its stock.")
    track_stock: bool = public("Whether its stock is counted.")
    requires_shipping: bool = public("Whether it must be sent.")
    taxable: bool = public("Whether tax is charged on it.")
    tax_code: str = public("Code of its tax class at the tax provider.")
    origin_country: str | None = public("Where it was made: ISO 3166-1 alpha-2.")
    customs_code: str | None = public("Its number at customs, in the Harmonized System.")
    active: bool = public("Whether it is sold. What is not is shown, and cannot be bought.")
    version: int = public("Counts its changes.")
    created_at: datetime = public("When it was added.")
    updated_at: datetime = public("When it was last changed.")
    product_id: strawberry.Private[int]
    media_id: strawberry.Private[int | None]

    @public("What it is a variant of.")
    async def product(self, info: Info) -> LazyProduct:
        row = await info.context.loaders.catalog.product_by_id.load(self.product_id)
        return products.Product.of(row)

    @public("What it is in each of the product's options.")
    async def selected_options(self, info: Info) -> list[SelectedOption]:
        rows = await info.context.loaders.catalog.selected_options.load(self.database_id)
        return [SelectedOption.of(row) for row in rows]

    @public("What one unit costs; null without a price, or when it is on request.")
    async def pricing(
        self,
        info: Info,
        quantity: Quantity = 1,
        currency: Currency = None,
        customer_group_id: BuyersGroup = None,
    ) -> LazyVariantPricing | None:
        id_ = self.database_id
        return await offers.variant_pricing(info, id_, quantity, currency, customer_group_id)

    @requires(Scope.READ_PRICES, description="What it costs in each price list.")
    async def prices(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LazyPrice]:
        pricing, id_ = info.context.loaders.pricing, self.database_id
        paging = Paging(info, "variant.prices", first, after, last, before)
        page = await pricing.variant_price_pages.load((id_, paging.args))
        return paging.connection(
            page, prices.Price.of, lambda limit: pricing.variant_price_counts.load((id_, limit))
        )

    @public("Whether it can be bought.")
    async def availability(self, info: Info) -> Availability:
        return await availability(info, self.row)

    @requires(Scope.READ_STOCK, description="Its stock, by location.")
    async def stock_levels(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LazyStockLevel]:
        inventory, id_ = info.context.loaders.inventory, self.database_id
        paging = Paging(info, "variant.stock_levels", first, after, last, before)
        page = await inventory.level_pages.load((id_, paging.args))
        return paging.connection(
            page, levels.StockLevel.of, lambda limit: inventory.level_counts.load((id_, limit))
        )

    @requires(Scope.READ_STOCK, description="What moved its stock, the newest first.")
    async def stock_movements(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LazyStockMovement]:
        inventory, id_ = info.context.loaders.inventory, self.database_id
        paging = Paging(info, "variant.stock_movements", first, after, last, before)
        page = await inventory.movement_pages.load((id_, paging.args))
        return paging.connection(
            page,
            movements.StockMovement.of,
            lambda limit: inventory.movement_counts.load((id_, limit)),
        )

    @requires(Scope.READ_FILES, description="What whoever buys it can download.")
    async def files(self, info: Info) -> list[VariantFile]:
        return await files_of(info, self.database_id)

    @public("A picture of its own.")
    async def media(self, info: Info) -> LazyMedia | None:
        if self.media_id is None:
            return None
        row = await info.context.loaders.catalog.media_by_id.load(self.media_id)
        return None if row is None else media.Media.of(row)


@strawberry.type
class VariantQueries:
    @public("A variant by its id or sku.")
    async def variant(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, strawberry.argument(description="Its id.")] = None,
        sku: Annotated[str | None, strawberry.argument(description="Its sku.")] = None,
    ) -> ProductVariant | None:
        row = await info.context.services.variants.one(key_of(id, "ProductVariant"), sku)
        return None if row is None else ProductVariant.of(row)
