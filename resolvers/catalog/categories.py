"""Categories: the type and the ways to find some."""

from datetime import datetime
from typing import Annotated

import strawberry

from commerce.catalog.rules.categories import EVERY_CATEGORY, CategoryFilter
from commerce.core.paging import COUNT_LIMIT
from resolvers.catalog import products
from resolvers.catalog.kinds import MetafieldOwner
from resolvers.catalog.lazy import LazyProduct
from resolvers.catalog.metafields import HasMetafields
from resolvers.catalog.seo import Seo
from resolvers.connections import (
    After,
    Before,
    Connection,
    CountLimit,
    CountType,
    First,
    Last,
    Paging,
    checked_limit,
    list_scope,
)
from resolvers.context import Info
from resolvers.files.images import Image, Size, image_at
from resolvers.files.kinds import PictureSize
from resolvers.nodes import key_of
from resolvers.permissions import public
from resolvers.rows import FromRow


@strawberry.type(description="A node of the category tree.")
class Category(FromRow, HasMetafields):
    metafield_owner = MetafieldOwner.CATEGORY
    slug: str = public("Name in addresses.")
    title: str = public("Name for people.")
    description_html: str = public("About the category, as safe HTML.")
    image_url: str | None = public("Where its picture is.")
    active: bool = public("Whether the storefront sees it; those below it have their own flag.")
    position: int = public("Place among its siblings.")
    version: int = public("Counts its changes and those of its list of products.")
    created_at: datetime = public("When it was added.")
    updated_at: datetime = public("When it or its list of products was last changed.")
    parent_id: strawberry.Private[int | None]

    @public("What search engines are told.")
    def seo(self) -> Seo:
        return Seo.of(self.row)

    @public("Its picture in a size; null without one.")
    def image(self, info: Info, size: Size = PictureSize.FULL) -> Image | None:
        return image_at(info, self.image_url, size) if self.image_url else None

    @public("What it stands directly below; null for a root.")
    async def parent(self, info: Info) -> "Category | None":
        if self.parent_id is None:
            return None
        row = await info.context.loaders.catalog.category_by_id.load(self.parent_id)
        return None if row is None else Category.of(row)

    @public("Everything it stands below, from the root down to its parent.")
    async def ancestors(self, info: Info) -> "list[Category]":
        lineage = await info.context.loaders.catalog.category_lineage.load(self.database_id)
        return [Category.of(row) for row in lineage.ancestors]

    @public("How many categories it stands below: 0 for a root.")
    async def depth(self, info: Info) -> int:
        lineage = await info.context.loaders.catalog.category_lineage.load(self.database_id)
        return int(lineage.depth)

    @public("What stands directly below it, in the shop's order.")
    async def children(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> "Connection[Category]":
        catalog, id_ = info.context.loaders.catalog, self.database_id
        paging = Paging(info, "category.children", first, after, last, before)
        page = await catalog.category_child_pages.load((id_, paging.args))
        return paging.connection(
            page, Category.of, lambda limit: catalog.category_child_counts.load((id_, limit))
        )

    @public("Its own products, in the category's order; not those of categories below it.")
    async def products(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LazyProduct]:
        catalog, id_ = info.context.loaders.catalog, self.database_id
        paging = Paging(info, "category.products", first, after, last, before)
        page = await catalog.category_product_pages.load((id_, paging.args))
        return paging.connection(
            page,
            products.Product.of,
            lambda limit: catalog.category_product_counts.load((id_, limit)),
        )

    @public("How many products are in it and in all categories below it, each counted once.")
    async def product_count(self, info: Info, limit: CountLimit = COUNT_LIMIT) -> CountType:
        counts = info.context.loaders.catalog.category_branch_counts
        return CountType.of(await counts.load((self.database_id, checked_limit(limit))))


@strawberry.input(description="Which categories; every given part must hold.")
class CategoryWhere:
    parent_id: strawberry.ID | None = strawberry.field(
        default=None, description="Directly below this category."
    )
    roots_only: bool = strawberry.field(default=False, description="Below no other category.")
    within_id: strawberry.ID | None = strawberry.field(
        default=None, description="Anywhere below this category."
    )
    title_contains: str | None = strawberry.field(
        default=None, description="With this in the title, in capitals or not."
    )
    active: bool | None = strawberry.field(
        default=None, description="Whether the storefront sees them."
    )

    has_children: bool | None = strawberry.field(
        default=None, description="Whether there are others below them."
    )

    def filter(self) -> CategoryFilter:
        return CategoryFilter(
            parent_id=_key(self.parent_id),
            roots_only=self.roots_only,
            within_id=_key(self.within_id),
            title_contains=self.title_contains,
            active=self.active,
            has_children=self.has_children,
        )


def _key(id_: str | None) -> int | None:
    """The key of a category; 0, which none has, for an id of anything else."""
    return None if id_ is None else key_of(id_, "Category") or 0


@strawberry.type
class CategoryQueries:
    @public("A category by its id or slug; a slug it had before finds it too.")
    async def category(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, strawberry.argument(description="Its id.")] = None,
        slug: Annotated[str | None, strawberry.argument(description="Its slug.")] = None,
    ) -> Category | None:
        row = await info.context.services.categories.one(key_of(id, "Category"), slug)
        return None if row is None else Category.of(row)

    @public("Categories, by their place among siblings; `rootsOnly` is where the tree begins.")
    async def categories(
        self,
        info: Info,
        where: Annotated[
            CategoryWhere | None, strawberry.argument(description="Which ones; absent means all.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Category]:
        wanted = EVERY_CATEGORY if where is None else where.filter()
        scope = list_scope("categories", wanted)
        paging = Paging(info, scope, first, after, last, before)
        service = info.context.services.categories
        page = await service.page(wanted, paging.args)
        return paging.connection(page, Category.of, lambda limit: service.count(wanted, limit))
