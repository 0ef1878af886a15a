"""Changing which products a category has, and in which order."""

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.catalog.category_mutations import CategoryResult
from resolvers.catalog.memberships import (
    OrderedProductsInput,
    PlacedProductsInput,
    ProductsInput,
    owner_and_products,
)
from resolvers.context import Info
from resolvers.mutations import mutation


@strawberry.input(description="All products of a category, in order.")
class CategoryProductsSetInput(ProductsInput):
    pass


@strawberry.input(description="Products to put into a category.")
class CategoryProductsAddInput(PlacedProductsInput):
    pass


@strawberry.input(description="Products to take out of a category.")
class CategoryProductsRemoveInput(ProductsInput):
    pass


@strawberry.input(description="Products of a category to bring together, in this order.")
class CategoryProductsReorderInput(OrderedProductsInput):
    pass


@strawberry.type(description="The category, or why nothing was changed.")
class CategoryProductsSetPayload(CategoryResult):
    pass


@strawberry.type(description="The category, or why nothing was changed.")
class CategoryProductsAddPayload(CategoryResult):
    pass


@strawberry.type(description="The category, or why nothing was changed.")
class CategoryProductsRemovePayload(CategoryResult):
    pass


@strawberry.type(description="The category, or why nothing was changed.")
class CategoryProductsReorderPayload(CategoryResult):
    pass


@strawberry.type
class CategoryProductsMutations:
    @mutation(
        Scope.WRITE_PRODUCTS, description="Say which products a category has, in which order."
    )
    async def category_products_set(
        self, info: Info, input: CategoryProductsSetInput
    ) -> CategoryProductsSetPayload:
        keys = owner_and_products(input, "Category")
        if isinstance(keys, Problem):
            return CategoryProductsSetPayload.of(keys)
        service = info.context.services.categories
        result = await service.set_products(*keys, input.expected_version)
        return CategoryProductsSetPayload.of(result)

    @mutation(Scope.WRITE_PRODUCTS, description="Put products into a category.")
    async def category_products_add(
        self, info: Info, input: CategoryProductsAddInput
    ) -> CategoryProductsAddPayload:
        keys = owner_and_products(input, "Category")
        if isinstance(keys, Problem):
            return CategoryProductsAddPayload.of(keys)
        service = info.context.services.categories
        result = await service.add_products(*keys, input.position, input.expected_version)
        return CategoryProductsAddPayload.of(result)

    @mutation(Scope.WRITE_PRODUCTS, description="Take products out of a category.")
    async def category_products_remove(
        self, info: Info, input: CategoryProductsRemoveInput
    ) -> CategoryProductsRemovePayload:
        keys = owner_and_products(input, "Category")
        if isinstance(keys, Problem):
            return CategoryProductsRemovePayload.of(keys)
        service = info.context.services.categories
        result = await service.remove_products(*keys, input.expected_version)
        return CategoryProductsRemovePayload.of(result)

    @mutation(Scope.WRITE_PRODUCTS, description="Change the order of a category's products.")
    async def category_products_reorder(
        self, info: Info, input: CategoryProductsReorderInput
    ) -> CategoryProductsReorderPayload:
        keys = owner_and_products(input, "Category")
        if isinstance(keys, Problem):
            return CategoryProductsReorderPayload.of(keys)
        service = info.context.services.categories
        result = await service.reorder_products(*keys, input.position, input.expected_version)
        return CategoryProductsReorderPayload.of(result)
