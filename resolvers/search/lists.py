"""Lists of products and variants: filtered, sorted, page by page."""

from typing import Annotated

import strawberry

from commerce.search import criteria
from resolvers.catalog.products import Product
from resolvers.catalog.variants import ProductVariant
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.permissions import public
from resolvers.scalars import CurrencyCode
from resolvers.search.kinds import Direction, ProductOrderField, VariantOrderField
from resolvers.search.wheres import ProductWhere, VariantWhere

DIRECTION = "Which way; from low to high by default."


@strawberry.input(description="One key of a sort order of products.")
class ProductOrder:
    field: ProductOrderField = strawberry.field(description="What to sort by.")
    direction: Direction = strawberry.field(default=Direction.ASC, description=DIRECTION)


@strawberry.input(description="One key of a sort order of variants.")
class VariantOrder:
    field: VariantOrderField = strawberry.field(description="What to sort by.")
    direction: Direction = strawberry.field(default=Direction.ASC, description=DIRECTION)


WhichProducts = Annotated[
    ProductWhere | None, strawberry.argument(description="Which ones; absent means all.")
]
WhichVariants = Annotated[
    VariantWhere | None, strawberry.argument(description="Which ones; absent means all.")
]
ProductOrders = Annotated[
    list[ProductOrder] | None,
    strawberry.argument(description="Their order, at most 4 keys, the first one first."),
]
VariantOrders = Annotated[
    list[VariantOrder] | None,
    strawberry.argument(description="Their order; absent means the newest first."),
]
PriceCurrency = Annotated[
    CurrencyCode | None,
    strawberry.argument(
        description="What prices are compared in; absent means the default price list's currency."
    ),
]


def product_listing(
    where: ProductWhere | None,
    order_by: list[ProductOrder] | None,
    currency: str | None,
    words: str | None = None,
) -> criteria.ProductListing:
    return criteria.ProductListing(
        criteria.EVERY_PRODUCT if where is None else where.wanted(),
        tuple(criteria.ProductOrder(each.field, each.direction) for each in order_by or ()),
        currency,
        words,
    )


def variant_listing(
    where: VariantWhere | None, order_by: list[VariantOrder] | None, currency: str | None
) -> criteria.VariantListing:
    return criteria.VariantListing(
        criteria.EVERY_VARIANT if where is None else where.wanted(),
        tuple(criteria.VariantOrder(each.field, each.direction) for each in order_by or ()),
        currency,
    )


@strawberry.type
class ListQueries:
    @public("Products, the newest first unless sorted otherwise.")
    async def products(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: WhichProducts = None,
        order_by: ProductOrders = None,
        currency: PriceCurrency = None,
    ) -> Connection[Product]:
        listing = product_listing(where, order_by, currency)
        paging = Paging(info, list_scope("products", listing), first, after, last, before)
        lists = info.context.services.lists
        page = await lists.products(listing, paging.args)
        return paging.connection(
            page, Product.of, lambda limit: lists.product_count(listing, limit)
        )

    @public("Variants, the newest first unless sorted otherwise.")
    async def variants(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: WhichVariants = None,
        order_by: VariantOrders = None,
        currency: PriceCurrency = None,
    ) -> Connection[ProductVariant]:
        listing = variant_listing(where, order_by, currency)
        paging = Paging(info, list_scope("variants", listing), first, after, last, before)
        lists = info.context.services.lists
        page = await lists.variants(listing, paging.args)
        return paging.connection(
            page, ProductVariant.of, lambda limit: lists.variant_count(listing, limit)
        )
