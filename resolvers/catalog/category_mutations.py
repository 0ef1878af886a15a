"""Changing categories and their tree."""

from typing import Any, Self

import strawberry

from commerce.core.absent import ABSENT
from commerce.core.problems import NotFound, Problem
from commerce.core.viewer import Scope
from resolvers.catalog.categories import Category
from resolvers.catalog.kinds import BranchStrategy
from resolvers.catalog.seo import SeoInput
from resolvers.context import Info
from resolvers.inputs import given
from resolvers.mutations import mutation
from resolvers.nodes import node_id, require_key
from resolvers.permissions import public
from resolvers.problems import UserError, user_error

UNSET: Any = strawberry.UNSET


@strawberry.input
class CategoryFieldsInput:
    slug: str | None = strawberry.field(
        default=UNSET,
        description="Name in addresses; of a new category made of `title` when absent.",
    )
    description_html: str | None = strawberry.field(
        default=UNSET, description="About the category; sanitised."
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


@strawberry.input(description="A category to add.")
class CategoryCreateInput(CategoryFieldsInput):
    title: str = strawberry.field(description="Name for people.")
    parent_id: strawberry.ID | None = strawberry.field(
        default=None, description="What it stands below; absent makes it a root."
    )
    position: int | None = strawberry.field(
        default=None, description="Place among its siblings, from 0; absent puts it last."
    )


@strawberry.input(description="Parts of a category to change.")
class CategoryUpdateInput(CategoryFieldsInput):
    id: strawberry.ID = strawberry.field(description="The category.")
    title: str | None = strawberry.field(default=UNSET, description="Name for people.")
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.input(description="Where a category shall stand, with everything below it.")
class CategoryMoveInput:
    id: strawberry.ID = strawberry.field(description="The category.")
    parent_id: strawberry.ID | None = strawberry.field(
        default=UNSET,
        description="What it shall stand below; null makes it a root, absent keeps its parent.",
    )
    position: int | None = strawberry.field(
        default=None,
        description="Place among its siblings, from 0; absent puts it last below a new parent.",
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.input(description="A category to archive.")
class CategoryArchiveInput:
    id: strawberry.ID = strawberry.field(description="The category.")
    strategy: BranchStrategy = strawberry.field(
        default=BranchStrategy.REFUSE, description="What becomes of the categories below it."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the stored version is this one."
    )


@strawberry.type
class CategoryResult:
    category: Category | None = public("The category as it is now; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> Self:
        if isinstance(result, Problem):
            return cls(category=None, user_errors=[user_error(result)])
        return cls(category=Category.of(result), user_errors=[])


@strawberry.type(description="The new category, or why there is none.")
class CategoryCreatePayload(CategoryResult):
    pass


@strawberry.type(description="The category, or why nothing was changed.")
class CategoryUpdatePayload(CategoryResult):
    pass


@strawberry.type(description="The category, or why nothing was changed.")
class CategoryMovePayload(CategoryResult):
    pass


@strawberry.type(description="What was archived, or why nothing was.")
class CategoryArchivePayload:
    archived_ids: list[strawberry.ID] = public(
        "The ids of what is archived now and was not before; empty with errors."
    )
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "CategoryArchivePayload":
        if isinstance(result, Problem):
            return cls(archived_ids=[], user_errors=[user_error(result)])
        return cls(archived_ids=[node_id("Category", id_) for id_ in result], user_errors=[])


@strawberry.type
class CategoryMutations:
    @mutation(Scope.WRITE_PRODUCTS, description="Add a category.")
    async def category_create(
        self, info: Info, input: CategoryCreateInput
    ) -> CategoryCreatePayload:
        parent = _parent_key(input.parent_id)
        if isinstance(parent, Problem):
            return CategoryCreatePayload.of(parent)
        values = given(input, "parent_id", "position", nullable=("image_url",))
        service = info.context.services.categories
        return CategoryCreatePayload.of(await service.create(values, parent, input.position))

    @mutation(Scope.WRITE_PRODUCTS, description="Change the given parts of a category.")
    async def category_update(
        self, info: Info, input: CategoryUpdateInput
    ) -> CategoryUpdatePayload:
        id_ = require_key(input.id, "Category", "id")
        if isinstance(id_, Problem):
            return CategoryUpdatePayload.of(id_)
        values = given(input, "id", "expected_version", nullable=("image_url",))
        service = info.context.services.categories
        return CategoryUpdatePayload.of(await service.update(id_, values, input.expected_version))

    @mutation(
        Scope.WRITE_PRODUCTS, description="Move a category with its branch, or among its siblings."
    )
    async def category_move(self, info: Info, input: CategoryMoveInput) -> CategoryMovePayload:
        id_ = require_key(input.id, "Category", "id")
        kept = input.parent_id is UNSET
        parent = ABSENT if kept else _parent_key(input.parent_id)
        if isinstance(id_, Problem) or isinstance(parent, Problem):
            return CategoryMovePayload.of(id_ if isinstance(id_, Problem) else parent)
        service = info.context.services.categories
        result = await service.move(id_, parent, input.position, input.expected_version)
        return CategoryMovePayload.of(result)

    @mutation(Scope.WRITE_PRODUCTS, description="Take a category, or its branch, out of the shop.")
    async def category_archive(
        self, info: Info, input: CategoryArchiveInput
    ) -> CategoryArchivePayload:
        id_ = require_key(input.id, "Category", "id")
        if isinstance(id_, Problem):
            return CategoryArchivePayload.of(id_)
        service = info.context.services.categories
        result = await service.archive(id_, input.strategy, input.expected_version)
        return CategoryArchivePayload.of(result)


def _parent_key(id_: str | None) -> int | NotFound | None:
    return None if id_ is None else require_key(id_, "Category", "parent_id")
