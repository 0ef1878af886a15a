"""Collections: the type and the ways to find one."""

from datetime import datetime
from typing import Annotated

import strawberry

from resolvers.catalog import products
from resolvers.catalog.kinds import MetafieldOwner
from resolvers.catalog.lazy import LazyProduct
from resolvers.catalog.metafields import HasMetafields
from resolvers.catalog.seo import Seo
from resolvers.connections import After, Before, Connection, First, Last, Paging
from resolvers.context import Info
from resolvers.nodes import key_of
from resolvers.permissions import public
from resolvers.rows import FromRow


@strawberry.type(description="Products chosen by hand, in an order made by hand.")
class Collection(FromRow, HasMetafields):
    metafield_owner = MetafieldOwner.COLLECTION
    slug: str = public("Name in addresses.")
    title: str = public("Name for people.")
    description_html: str = public("About the collection, as safe HTML.")
    image_url: str | None = public("Where its picture is.")
    active: bool = public("Whether the storefront sees it.")
    position: int = public("Place among collections; those with equal places stand by title.")
    version: int = public("Counts its changes and those of its list of products.")
    created_at: datetime = public("When it was added.")
    updated_at: datetime = public("When it or its list of products was last changed.")

    @public("What search engines are told.")
    def seo(self) -> Seo:
        return Seo.of(self.row)

    @public("Its products, in its own order.")
    async def products(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LazyProduct]:
        catalog, id_ = info.context.loaders.catalog, self.database_id
        paging = Paging(info, "collection.products", first, after, last, before)
        page = await catalog.collection_product_pages.load((id_, paging.args))
        return paging.connection(
            page,
            products.Product.of,
            lambda limit: catalog.collection_product_counts.load((id_, limit)),
        )


@strawberry.type
class CollectionQueries:
    @public("A collection by its id or slug; a slug it had before finds it too.")
    async def collection(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, strawberry.argument(description="Its id.")] = None,
        slug: Annotated[str | None, strawberry.argument(description="Its slug.")] = None,
    ) -> Collection | None:
        row = await info.context.services.collections.one(key_of(id, "Collection"), slug)
        return None if row is None else Collection.of(row)

    @public("Collections, by position and title.")
    async def collections(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Collection]:
        paging = Paging(info, "collections", first, after, last, before)
        service = info.context.services.collections
        return paging.connection(await service.page(paging.args), Collection.of, service.count)
