"""Media records."""

from datetime import datetime
from typing import Annotated

import strawberry

from resolvers.catalog import products
from resolvers.catalog.kinds import MediaKind
from resolvers.catalog.lazy import LazyProduct
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.files.images import Image, Size, image_at
from resolvers.files.kinds import PictureSize
from resolvers.nodes import Node, key_of
from resolvers.permissions import public
from resolvers.rows import FromRow


@strawberry.type(description="A picture or film of a product.")
class Media(FromRow, Node):
    kind: MediaKind = public("What `url` points at.")
    url: str = public("Where the picture or film is.")
    alt: str = public("What it shows, for those who cannot see it.")
    position: int = public("Place in the gallery, from 0.")
    created_at: datetime = public("When it was added.")
    product_id: strawberry.Private[int]

    @public("The picture in a size; null for what is none.")
    def image(self, info: Info, size: Size = PictureSize.FULL) -> Image | None:
        return image_at(info, self.url, size) if self.kind is MediaKind.IMAGE else None

    @public("Whose picture or film it is.")
    async def product(self, info: Info) -> LazyProduct | None:
        row = await info.context.loaders.catalog.product_by_id.load(self.product_id)
        return None if row is None else products.Product.of(row)


@strawberry.type
class MediaQueries:
    @public("Media records: of one product in its own order, else of all products by age.")
    async def media(
        self,
        info: Info,
        product_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only of this product.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Media]:
        key = None if product_id is None else key_of(product_id, "Product") or 0
        paging = Paging(info, list_scope("media", key), first, after, last, before)
        service = info.context.services.media
        page = await service.page(key, paging.args)
        return paging.connection(page, Media.of, lambda limit: service.count(key, limit))
