"""Writing metafields."""

from collections.abc import Mapping, Sequence
from typing import Any

import strawberry

from commerce.catalog.rules.metafields import MetafieldKey, WantedMetafield
from commerce.core.ids import parse_global_id
from commerce.core.problems import NotFound, Problem
from commerce.core.viewer import Scope
from resolvers.catalog.kinds import MetafieldOwner, MetafieldType
from resolvers.catalog.metafields import OWNERS, Metafield
from resolvers.context import Info
from resolvers.mutations import at_most, mutation
from resolvers.permissions import public
from resolvers.problems import UserError, user_error
from resolvers.scalars import JSON

# The kinds of owners that a mutation writes for, by GraphQL type: each kind has its own scope.
Owners = Mapping[str, MetafieldOwner]


@strawberry.input(description="A metafield, by its name.")
class MetafieldKeyInput:
    owner_id: strawberry.ID = strawberry.field(
        description="Id of what it belongs to: a part of the catalogue, or a customer."
    )
    namespace: str = strawberry.field(
        description="Whose it is: 1 to 64 letters, digits, hyphens and underscores."
    )
    key: str = strawberry.field(
        description="What it is called there: 1 to 64 letters, digits, hyphens and underscores."
    )


@strawberry.input(description="A metafield to add, or to replace where there is one of this name.")
class MetafieldInput(MetafieldKeyInput):
    value: JSON = strawberry.field(description="The value, at most 64 KiB; it must fit `type`.")
    type: MetafieldType = strawberry.field(
        default=MetafieldType.TEXT, description="What the value is."
    )
    public: bool | None = strawberry.field(
        default=None,
        description="Whether the storefront sees it; absent keeps what it was, at first hidden.",
    )


@strawberry.input(description="Metafields to write: all of them or none.")
class MetafieldsSetInput:
    metafields: list[MetafieldInput] = strawberry.field(description="At most 250.")


@strawberry.input(description="Metafields to delete.")
class MetafieldsDeleteInput:
    metafields: list[MetafieldKeyInput] = strawberry.field(
        description="At most 250; those that are not there are no problem."
    )


@strawberry.type(description="The metafields as they are now, or why nothing was changed.")
class MetafieldsSetPayload:
    metafields: list[Metafield] = public("In the order of the input; empty with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "MetafieldsSetPayload":
        if isinstance(result, Problem):
            return cls(metafields=[], user_errors=[user_error(result)])
        return cls(metafields=[Metafield.of(row) for row in result], user_errors=[])


@strawberry.type(description="How many metafields were deleted, or why nothing was changed.")
class MetafieldsDeletePayload:
    deleted: int = public("How many were there; 0 with errors.")
    user_errors: list[UserError] = public("Why nothing was changed.")

    @classmethod
    def of(cls, result: Any) -> "MetafieldsDeletePayload":
        if isinstance(result, Problem):
            return cls(deleted=0, user_errors=[user_error(result)])
        return cls(deleted=result, user_errors=[])


@strawberry.type
class MetafieldMutations:
    @mutation(
        Scope.WRITE_PRODUCTS, description="Write metafields of the catalogue, all of them or none."
    )
    async def metafields_set(self, info: Info, input: MetafieldsSetInput) -> MetafieldsSetPayload:
        return await metafields_written(info, input, OWNERS)

    @mutation(Scope.WRITE_PRODUCTS, description="Delete metafields of the catalogue.")
    async def metafields_delete(
        self, info: Info, input: MetafieldsDeleteInput
    ) -> MetafieldsDeletePayload:
        return await metafields_deleted(info, input, OWNERS)


async def metafields_written(
    info: Info, input_: MetafieldsSetInput, owners: Owners
) -> MetafieldsSetPayload:
    """Write metafields of things of these kinds."""
    keys = _keys(input_.metafields, owners)
    if isinstance(keys, Problem):
        return MetafieldsSetPayload.of(keys)
    wanted = [
        WantedMetafield(key, item.type, item.value, item.public)
        for key, item in zip(keys, input_.metafields, strict=True)
    ]
    return MetafieldsSetPayload.of(await info.context.services.metafields.set_all(wanted))


async def metafields_deleted(
    info: Info, input_: MetafieldsDeleteInput, owners: Owners
) -> MetafieldsDeletePayload:
    keys = _keys(input_.metafields, owners)
    if isinstance(keys, Problem):
        return MetafieldsDeletePayload.of(keys)
    return MetafieldsDeletePayload.of(await info.context.services.metafields.delete(keys))


def _keys(items: Sequence[MetafieldKeyInput], owners: Owners) -> list[MetafieldKey] | NotFound:
    at_most(items, "metafields")
    keys: list[MetafieldKey] = []
    for place, item in enumerate(items):
        kind, id_ = parse_global_id(item.owner_id) or ("", 0)
        if kind not in owners:
            path = ("metafields", str(place), "owner_id")
            return NotFound("There is nothing with this id that has metafields.", path)
        keys.append(MetafieldKey(owners[kind], id_, item.namespace, item.key))
    return keys
