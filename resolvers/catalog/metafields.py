"""Metafields, and the things that have some."""

from datetime import datetime
from typing import Annotated, ClassVar

import strawberry

from commerce.catalog.rules.metafields import MetafieldKey
from resolvers.catalog.kinds import MetafieldOwner, MetafieldType
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.nodes import Node
from resolvers.permissions import public
from resolvers.rows import FromRow
from resolvers.scalars import JSON

Namespace = Annotated[str | None, strawberry.argument(description="Only those in this namespace.")]


@strawberry.type(description="Free data that an integration keeps at a thing.")
class Metafield(FromRow):
    id: strawberry.ID = public("Opaque and unique across all types.")
    database_id: int = public("The number behind `id`.")
    namespace: str = public("Whose it is: the integration's own word.")
    key: str = public("What it is called in its namespace.")
    type: MetafieldType = public("What its value is.")
    value: JSON = public("The value.")
    created_at: datetime = public("When it was added.")
    updated_at: datetime = public("When it was last changed.")
    # The last one: from here on the name means the field.
    public: bool = public("Whether the storefront sees it.")


@strawberry.interface(description="Something integrations can keep data at.")
class HasMetafields(Node):
    metafield_owner: ClassVar[MetafieldOwner]

    @public("The metafield of this name; only a public one for those who do not read all of it.")
    async def metafield(
        self,
        info: Info,
        namespace: Annotated[str, strawberry.argument(description="Its namespace.")],
        key: Annotated[str, strawberry.argument(description="Its key.")],
    ) -> Metafield | None:
        named = MetafieldKey(self.metafield_owner, self.database_id, namespace, key)
        row = await info.context.loaders.catalog.metafield_by_key.load(named)
        return None if row is None else Metafield.of(row)

    @public("Its metafields by namespace and key; the public ones for who does not read all of it.")
    async def metafields(
        self,
        info: Info,
        namespace: Namespace = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Metafield]:
        id_ = self.database_id
        loaders = info.context.loaders.catalog.metafields(self.metafield_owner, namespace)
        scope = list_scope("metafields", self.metafield_owner, namespace)
        paging = Paging(info, scope, first, after, last, before)
        page = await loaders.pages.load((id_, paging.args))
        return paging.connection(
            page, Metafield.of, lambda limit: loaders.counts.load((id_, limit))
        )


# The GraphQL type behind each kind of owner in the catalogue.
OWNERS: dict[str, MetafieldOwner] = {
    "Product": MetafieldOwner.PRODUCT,
    "ProductVariant": MetafieldOwner.VARIANT,
    "Category": MetafieldOwner.CATEGORY,
    "Collection": MetafieldOwner.COLLECTION,
    "Brand": MetafieldOwner.BRAND,
}
