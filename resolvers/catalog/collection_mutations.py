"""Changing collections and their lists of products."""

from typing import Any, Self

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.catalog.collections import Collection
from resolvers.catalog.memberships import (
    OrderedProductsInput,
    PlacedProductsInput,
    ProductsInput,
    owner_and_products,
)
from resolvers.catalog.seo import SeoInput
from resolvers.context import Info
from resolvers.inputs import given
from resolvers.mutations import mutation
from resolvers.nodes import node_id, require_key
from resolvers.permissions import public
from resolvers.problems import UserError, user_error

UNSET: Any = strawberry.UNSET


@strawberry.input(
    description="A collection to change: the one with `id`, else with `slug`; else one to add."
)
class CollectionUpsertInput:
    id: strawberry.ID | None = strawberry.field(
        default=None, description="The collection to change."
    )
    title: str | None = strawberry.field(
        default=UNSET, description="Name for people; required for a new collection."
    )
    slug: str | None = strawberry.field(
        default=UNSET,
        description="Name in addresses; of a new collection made of `title` when absent.",
    )
    description_html: str | None = strawberry.field(
        default=UNSET, description="About the collection; sanitised."
    )
    image_url: str | None = strawberry.field(
        default=UNSET, description="Where its picture is; null removes it."
    )
    seo: SeoInput | None = strawberry.field(
        default=UNSET, description="What search engines are told."
    )
    active: bool | None = strawberry.field(
        default=UNSET, description="Whether the storefront sees it."
    )
    position: int | None = strawberry.field(default=UNSET, description="Place among collections.")
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.input(description="A collection to delete; its products stay.")
class CollectionDeleteInput:
    id: strawberry.ID = strawberry.field(description="The collection.")
    expected_version: int | None = strawberry.field(
        default=None, description="Delete nothing unless the stored version is this one."
    )


@strawberry.input(description="All products of a collection, in order.")
class CollectionProductsSetInput(ProductsInput):
    pass


@strawberry.input(description="Products to put into a collection.")
class CollectionProductsAddInput(PlacedProductsInput):
    pass


@strawberry.input(description="Products to take out of a collection.")
class CollectionProductsRemoveInput(ProductsInput):
    pass


@strawberry.input(description="Products of a collection to bring together, in this order.")
class CollectionProductsReorderInput(OrderedProductsInput):
    pass


@strawberry.type
class CollectionResult:
    collection: Collection | None = public("The collection as it is now; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> Self:
        if isinstance(result, Problem):
            return cls(collection=None, user_errors=[user_error(result)])
        return cls(collection=Collection.of(result), user_errors=[])


@strawberry.type(description="The collection, or why nothing was changed.")
class CollectionUpsertPayload(CollectionResult):
    pass


@strawberry.type(description="The collection, or why nothing was changed.")
class CollectionProductsSetPayload(CollectionResult):
    pass


@strawberry.type(description="The collection, or why nothing was changed.")
class CollectionProductsAddPayload(CollectionResult):
    pass


@strawberry.type(description="The collection, or why nothing was changed.")
class CollectionProductsRemovePayload(CollectionResult):
    pass


@strawberry.type(description="The collection, or why nothing was changed.")
class CollectionProductsReorderPayload(CollectionResult):
    pass


@strawberry.type(description="What was deleted, or why nothing was.")
class CollectionDeletePayload:
    deleted_id: strawberry.ID | None = public("The id it had; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "CollectionDeletePayload":
        if isinstance(result, Problem):
            return cls(deleted_id=None, user_errors=[user_error(result)])
        return cls(deleted_id=node_id("Collection", result), user_errors=[])


@strawberry.type
class CollectionMutations:
    @mutation(
        Scope.WRITE_PRODUCTS, description="Add a collection, or change the given parts of one."
    )
    async def collection_upsert(
        self, info: Info, input: CollectionUpsertInput
    ) -> CollectionUpsertPayload:
        id_ = None if input.id is None else require_key(input.id, "Collection", "id")
        if isinstance(id_, Problem):
            return CollectionUpsertPayload.of(id_)
        values = given(input, "id", "expected_version", nullable=("image_url",))
        service = info.context.services.collections
        result = await service.upsert(id_, values, input.expected_version)
        return CollectionUpsertPayload.of(result)

    @mutation(Scope.WRITE_PRODUCTS, description="Delete a collection; its products stay.")
    async def collection_delete(
        self, info: Info, input: CollectionDeleteInput
    ) -> CollectionDeletePayload:
        id_ = require_key(input.id, "Collection", "id")
        if isinstance(id_, Problem):
            return CollectionDeletePayload.of(id_)
        service = info.context.services.collections
        return CollectionDeletePayload.of(await service.delete(id_, input.expected_version))

    @mutation(
        Scope.WRITE_PRODUCTS, description="Say which products a collection has, in which order."
    )
    async def collection_products_set(
        self, info: Info, input: CollectionProductsSetInput
    ) -> CollectionProductsSetPayload:
        keys = owner_and_products(input, "Collection")
        if isinstance(keys, Problem):
            return CollectionProductsSetPayload.of(keys)
        service = info.context.services.collections
        result = await service.set_products(*keys, input.expected_version)
        return CollectionProductsSetPayload.of(result)

    @mutation(Scope.WRITE_PRODUCTS, description="Put products into a collection.")
    async def collection_products_add(
        self, info: Info, input: CollectionProductsAddInput
    ) -> CollectionProductsAddPayload:
        keys = owner_and_products(input, "Collection")
        if isinstance(keys, Problem):
            return CollectionProductsAddPayload.of(keys)
        service = info.context.services.collections
        result = await service.add_products(*keys, input.position, input.expected_version)
        return CollectionProductsAddPayload.of(result)

    @mutation(Scope.WRITE_PRODUCTS, description="Take products out of a collection.")
    async def collection_products_remove(
        self, info: Info, input: CollectionProductsRemoveInput
    ) -> CollectionProductsRemovePayload:
        keys = owner_and_products(input, "Collection")
        if isinstance(keys, Problem):
            return CollectionProductsRemovePayload.of(keys)
        service = info.context.services.collections
        result = await service.remove_products(*keys, input.expected_version)
        return CollectionProductsRemovePayload.of(result)

    @mutation(Scope.WRITE_PRODUCTS, description="Change the order of a collection's products.")
    async def collection_products_reorder(
        self, info: Info, input: CollectionProductsReorderInput
    ) -> CollectionProductsReorderPayload:
        keys = owner_and_products(input, "Collection")
        if isinstance(keys, Problem):
            return CollectionProductsReorderPayload.of(keys)
        service = info.context.services.collections
        result = await service.reorder_products(*keys, input.position, input.expected_version)
        return CollectionProductsReorderPayload.of(result)
