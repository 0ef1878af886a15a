"""Brands: the type, the list and the mutation."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.catalog import products
from resolvers.catalog.kinds import MetafieldOwner
from resolvers.catalog.lazy import LazyProduct
from resolvers.catalog.metafields import HasMetafields
from resolvers.catalog.seo import Seo, SeoInput
from resolvers.connections import After, Before, Connection, First, Last, Paging, list_scope
from resolvers.context import Info
from resolvers.files.images import Image, Size, image_at
from resolvers.files.kinds import PictureSize
from resolvers.inputs import given
from resolvers.mutations import mutation
from resolvers.nodes import key_of, node_id, require_key
from resolvers.permissions import public
from resolvers.problems import UserError, user_error
from resolvers.rows import FromRow


@strawberry.type(description="Who makes products, as shoppers know them.")
class Brand(FromRow, HasMetafields):
    metafield_owner = MetafieldOwner.BRAND
    slug: str = public("Name in addresses.")
    name: str = public("Name for people.")
    description_html: str = public("About the brand, as safe HTML.")
    logo_url: str | None = public("Where its logo is.")
    active: bool = public("Whether the storefront sees it.")
    position: int = public("Place among brands; those with equal places stand by name.")
    version: int = public("Counts its changes.")
    created_at: datetime = public("When it was added.")
    updated_at: datetime = public("When it was last changed.")

    @public("What search engines are told.")
    def seo(self) -> Seo:
        return Seo.of(self.row)

    @public("Its logo in a size; null without one.")
    def logo(self, info: Info, size: Size = PictureSize.FULL) -> Image | None:
        return image_at(info, self.logo_url, size) if self.logo_url else None

    @public("Its products, the newest first.")
    async def products(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LazyProduct]:
        catalog, id_ = info.context.loaders.catalog, self.database_id
        paging = Paging(info, "brand.products", first, after, last, before)
        page = await catalog.brand_product_pages.load((id_, paging.args))
        return paging.connection(
            page,
            products.Product.of,
            lambda limit: catalog.brand_product_counts.load((id_, limit)),
        )


@strawberry.input(
    description="A brand to change: the one with `id`, else the one with `slug`; else one to add."
)
class BrandUpsertInput:
    id: strawberry.ID | None = strawberry.field(default=None, description="The brand to change.")
    name: str | None = strawberry.field(
        default=strawberry.UNSET, description="Name for people; required for a new brand."
    )
    slug: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Name in addresses; of a new brand made of `name` when absent.",
    )
    description_html: str | None = strawberry.field(
        default=strawberry.UNSET, description="About the brand; sanitised."
    )
    logo_url: str | None = strawberry.field(
        default=strawberry.UNSET, description="Where its logo is; null removes it."
    )
    seo: SeoInput | None = strawberry.field(
        default=strawberry.UNSET, description="What search engines are told."
    )
    active: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Whether the storefront sees it."
    )
    position: int | None = strawberry.field(
        default=strawberry.UNSET, description="Place among brands."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )
    must_be_new: bool = strawberry.field(
        default=False,
        description="Whether a brand that is there already is left alone, and a problem. A new one"
        " without a `slug` gets one made of its name, numbered if need be.",
    )


@strawberry.type(description="The brand as it is now, or why nothing was changed.")
class BrandUpsertPayload:
    brand: Brand | None = public("The brand; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "BrandUpsertPayload":
        if isinstance(result, Problem):
            return cls(brand=None, user_errors=[user_error(result)])
        return cls(brand=Brand.of(result), user_errors=[])


@strawberry.input(description="A brand to delete; its products stay, without a brand.")
class BrandDeleteInput:
    id: strawberry.ID = strawberry.field(description="The brand.")
    expected_version: int | None = strawberry.field(
        default=None, description="Delete nothing unless the stored version is this one."
    )


@strawberry.type(description="What was deleted, or why nothing was.")
class BrandDeletePayload:
    deleted_id: strawberry.ID | None = public("The id it had; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "BrandDeletePayload":
        if isinstance(result, Problem):
            return cls(deleted_id=None, user_errors=[user_error(result)])
        return cls(deleted_id=node_id("Brand", result), user_errors=[])


@strawberry.type
class BrandQueries:
    @public("A brand by its id or slug; a slug it had before finds it too.")
    async def brand(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, strawberry.argument(description="Its id.")] = None,
        slug: Annotated[str | None, strawberry.argument(description="Its slug.")] = None,
    ) -> Brand | None:
        row = await info.context.services.brands.one(key_of(id, "Brand"), slug)
        return None if row is None else Brand.of(row)

    @public("Brands, by position and name.")
    async def brands(
        self,
        info: Info,
        active: Annotated[
            bool | None, strawberry.argument(description="Whether the storefront sees them.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Brand]:
        paging = Paging(info, list_scope("brands", active), first, after, last, before)
        brands = info.context.services.brands
        page = await brands.page(active, paging.args)
        return paging.connection(page, Brand.of, lambda limit: brands.count(active, limit))


@strawberry.type
class BrandMutations:
    @mutation(Scope.WRITE_PRODUCTS, description="Add a brand, or change the given parts of one.")
    async def brand_upsert(self, info: Info, input: BrandUpsertInput) -> BrandUpsertPayload:
        id_ = None if input.id is None else require_key(input.id, "Brand", "id")
        if isinstance(id_, Problem):
            return BrandUpsertPayload.of(id_)
        values = given(input, "id", "expected_version", "must_be_new", nullable=("logo_url",))
        brands, new = info.context.services.brands, input.must_be_new
        result = await brands.upsert(id_, values, input.expected_version, must_be_new=new)
        return BrandUpsertPayload.of(result)

    @mutation(Scope.WRITE_PRODUCTS, description="Delete a brand; its products stay, without one.")
    async def brand_delete(self, info: Info, input: BrandDeleteInput) -> BrandDeletePayload:
        id_ = require_key(input.id, "Brand", "id")
        if isinstance(id_, Problem):
            return BrandDeletePayload.of(id_)
        brands = info.context.services.brands
        return BrandDeletePayload.of(await brands.delete(id_, input.expected_version))
