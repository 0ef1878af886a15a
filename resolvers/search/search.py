"""Full-text search of products, with facets."""

from typing import Annotated

import strawberry

from commerce.search import criteria
from resolvers.catalog.products import Product
from resolvers.connections import (
    After,
    Before,
    Connection,
    First,
    Last,
    Paging,
    Rows,
    list_scope,
)
from resolvers.context import Info
from resolvers.permissions import public
from resolvers.search.facets import EVERY_KIND, Facet, FacetInput
from resolvers.search.lists import PriceCurrency, ProductOrders, WhichProducts, product_listing

Words = Annotated[
    str,
    strawberry.argument(
        description='What to look for. All words must be found; `"quotes"` keep words together, a'
        " minus excludes one. Blank finds everything."
    ),
]
Facets = Annotated[
    list[FacetInput] | None,
    strawberry.argument(description="What `facets` shows, at most 12; absent means all kinds."),
]


@strawberry.type(description="A page of what a search found.")
class ProductSearchConnection(Connection[Product]):
    listing: strawberry.Private[criteria.ProductListing]
    wanted: strawberry.Private[tuple[criteria.FacetWanted, ...]]

    @public("Ways to narrow the search down, with the number of products each leads to.")
    async def facets(self, info: Info) -> list[Facet]:
        lists = info.context.services.lists
        return [Facet.of(facet) for facet in await lists.facets(self.listing, self.wanted)]


@strawberry.type
class SearchQueries:
    @public("Products that fit some words, the best first unless sorted otherwise.")
    async def search(
        self,
        info: Info,
        query: Words,
        facets: Facets = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        where: WhichProducts = None,
        order_by: ProductOrders = None,
        currency: PriceCurrency = None,
    ) -> ProductSearchConnection:
        listing = product_listing(where, order_by, currency, query)
        paging = Paging(info, list_scope("search", listing), first, after, last, before)
        lists = info.context.services.lists
        page = await lists.products(listing, paging.args)
        rows = Rows(
            page,
            Product.of,
            lambda limit: lists.product_count(listing, limit),
            paging.cursors,
            paging.scope,
        )
        wanted = EVERY_KIND if facets is None else tuple(each.wanted() for each in facets)
        return ProductSearchConnection(rows=rows, listing=listing, wanted=wanted)
