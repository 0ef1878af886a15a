"""Adding, changing, archiving and ordering variants."""

from typing import Any

import strawberry

from commerce.core.problems import Problem
from commerce.core.viewer import Scope
from resolvers.catalog.kinds import ErrorPolicy
from resolvers.catalog.product_inputs import VariantInput, number_of, wanted_variant
from resolvers.catalog.product_mutations import ProductPayload
from resolvers.catalog.variants import ProductVariant
from resolvers.context import Info
from resolvers.mutations import at_most, mutation
from resolvers.permissions import public
from resolvers.problems import UserError, user_error, user_errors


@strawberry.input(description="Variants of one product to add or change.")
class VariantBulkUpsertInput:
    product_id: strawberry.ID = strawberry.field(description="The product.")
    variants: list[VariantInput] = strawberry.field(description="The variants, at most 250.")
    error_policy: ErrorPolicy = strawberry.field(
        default=ErrorPolicy.ALL_OR_NOTHING,
        description="What becomes of the good rows when others are bad.",
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the product's version is this one."
    )


@strawberry.input(description="Variants of one product, by id.")
class VariantIdsInput:
    product_id: strawberry.ID = strawberry.field(description="The product.")
    expected_version: int | None = strawberry.field(
        default=None, description="Change nothing unless the product's version is this one."
    )


@strawberry.input(description="Variants of one product to take out of the shop.")
class VariantsArchiveInput(VariantIdsInput):
    variant_ids: list[strawberry.ID] = strawberry.field(
        description="The variants, at most 250; one at least has to stay."
    )


@strawberry.input(description="The order of a product's variants.")
class VariantsReorderInput(VariantIdsInput):
    variant_ids: list[strawberry.ID] = strawberry.field(
        description="The first variants, in order; the others follow as they stood."
    )


@strawberry.type(description="What became of one row.")
class VariantBulkUpsertResult:
    index: int = public("The row's place in the input, from 0.")
    variant: ProductVariant | None = public("The variant as it is now; null where it failed.")
    created: bool = public("Whether it is new.")
    changed: bool = public("Whether anything is different now.")
    user_errors: list[UserError] = public("Why the row was not written.")


@strawberry.type(description="What became of the rows, or why nothing was changed.")
class VariantBulkUpsertPayload:
    results: list[VariantBulkUpsertResult] = public("A result for each row, in their order.")
    user_errors: list[UserError] = public(
        "Why nothing was changed; errors of rows that are skipped stand in their results."
    )


@strawberry.type(description="The product, or why nothing was changed.")
class VariantsArchivePayload(ProductPayload):
    pass


@strawberry.type(description="The product, or why nothing was changed.")
class VariantsReorderPayload(ProductPayload):
    pass


@strawberry.type
class VariantMutations:
    @mutation(
        Scope.WRITE_PRODUCTS,
        description="Add and change variants of a product. Values its options do not have yet are"
        " added to them.",
    )
    async def variant_bulk_upsert(
        self, info: Info, input: VariantBulkUpsertInput
    ) -> VariantBulkUpsertPayload:
        at_most(input.variants, "variants")
        results = await info.context.services.variant_changes.upsert_many(
            number_of(input.product_id, "Product"),
            [wanted_variant(item) for item in input.variants],
            input.error_policy,
            input.expected_version,
        )
        return await _payload(info, results, input.error_policy)

    @mutation(
        Scope.WRITE_PRODUCTS,
        description="Take variants out of the shop; others may then have their skus.",
    )
    async def variants_archive(
        self, info: Info, input: VariantsArchiveInput
    ) -> VariantsArchivePayload:
        changes = info.context.services.variant_changes
        return VariantsArchivePayload.of(await changes.archive(*_named(input)))

    @mutation(Scope.WRITE_PRODUCTS, description="Put variants first, in the given order.")
    async def variants_reorder(
        self, info: Info, input: VariantsReorderInput
    ) -> VariantsReorderPayload:
        changes = info.context.services.variant_changes
        return VariantsReorderPayload.of(await changes.reorder(*_named(input)))


async def _payload(info: Info, results: Any, policy: ErrorPolicy) -> VariantBulkUpsertPayload:
    if isinstance(results, Problem):
        return VariantBulkUpsertPayload(results=[], user_errors=[user_error(results)])
    ids = [result.variant_id for result in results if result.variant_id is not None]
    rows = await info.context.services.variant_changes.rows(ids)
    failed = [problem for result in results for problem in result.problems]
    return VariantBulkUpsertPayload(
        results=[
            VariantBulkUpsertResult(
                index=result.index,
                variant=ProductVariant.of(rows[result.variant_id]) if result.variant_id else None,
                created=result.created,
                changed=result.changed,
                user_errors=user_errors(result.problems),
            )
            for result in results
        ],
        user_errors=user_errors(failed) if policy is ErrorPolicy.ALL_OR_NOTHING else [],
    )


def _named(
    input_: VariantsArchiveInput | VariantsReorderInput,
) -> tuple[int, list[int], int | None]:
    """The keys of the product and its variants, and the expected version."""
    at_most(input_.variant_ids, "variantIds")
    ids = [number_of(id_, "ProductVariant") for id_ in input_.variant_ids]
    return number_of(input_.product_id, "Product"), ids, input_.expected_version
