"""Which files come with which variants."""

import strawberry

from commerce.core.problems import NotFound, Problem
from commerce.core.viewer import Scope
from resolvers.catalog.variants import ProductVariant
from resolvers.context import Info
from resolvers.mutations import mutation
from resolvers.nodes import require_key
from resolvers.permissions import public
from resolvers.problems import UserError, user_error

WRITE = Scope.WRITE_PRODUCTS, Scope.WRITE_FILES


@strawberry.input(description="A file to come with a variant.")
class VariantFileAttachInput:
    variant_id: strawberry.ID = strawberry.field(description="The variant.")
    file_id: strawberry.ID = strawberry.field(description="A file to download; no picture.")
    title: str = strawberry.field(default="", description="What buyers are told it is.")
    max_downloads: int = strawberry.field(
        default=5, description="How often it can be downloaded for each line of an order."
    )


@strawberry.input(description="A file to come with a variant no more.")
class VariantFileDetachInput:
    variant_id: strawberry.ID = strawberry.field(description="The variant.")
    file_id: strawberry.ID = strawberry.field(description="The file.")


@strawberry.type(description="The variant, or why nothing was changed.")
class VariantFilePayload:
    variant: ProductVariant | None = public("The variant; null with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")


@strawberry.type
class VariantFileMutations:
    @mutation(*WRITE, description="Let buyers of a variant download a file.")
    async def variant_file_attach(
        self, info: Info, input: VariantFileAttachInput
    ) -> VariantFilePayload:
        keys = await _keys(info, input.variant_id, input.file_id)
        if isinstance(keys, Problem):
            return await _payload(info, keys, 0)
        service = info.context.services.downloads
        flaw = await service.attach(*keys, input.title, input.max_downloads)
        return await _payload(info, flaw, keys[0])

    @mutation(*WRITE, description="Let nobody download a file with a variant any more.")
    async def variant_file_detach(
        self, info: Info, input: VariantFileDetachInput
    ) -> VariantFilePayload:
        keys = await _keys(info, input.variant_id, input.file_id)
        if isinstance(keys, Problem):
            return await _payload(info, keys, 0)
        flaw = await info.context.services.downloads.detach(*keys)
        return await _payload(info, flaw, keys[0])


async def _keys(info: Info, variant_id: str, file_id: str) -> tuple[int, int] | Problem:
    variant = require_key(variant_id, "ProductVariant", "variant_id")
    file = require_key(file_id, "File", "file_id")
    if isinstance(variant, Problem):
        return variant
    if isinstance(file, Problem):
        return file
    if await info.context.loaders.catalog.variant_by_id.load(variant) is None:
        return NotFound("There is no ProductVariant with this id.", ("variant_id",))
    return variant, file


async def _payload(info: Info, flaw: Problem | None, variant_id: int) -> VariantFilePayload:
    if flaw is not None:
        return VariantFilePayload(variant=None, user_errors=[user_error(flaw)])
    row = await info.context.loaders.catalog.variant_by_id.load(variant_id)
    return VariantFilePayload(variant=ProductVariant.of(row), user_errors=[])
