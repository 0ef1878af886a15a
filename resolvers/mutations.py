"""What all mutations share: the transaction around a root field and the checks of its input."""

from collections.abc import Sequence
from typing import Any

from strawberry.extensions import FieldExtension
from strawberry.extensions.field_extension import AsyncExtensionResolver

from commerce.core.problems import BadInputError
from commerce.core.viewer import Scope
from resolvers.context import Info
from resolvers.permissions import requires

MAX_ITEMS = 250


class Transactional(FieldExtension):
    """One transaction per root field: committed without `userErrors`, rolled back with them."""

    async def resolve_async(
        self, next_: AsyncExtensionResolver, source: Any, info: Info, **kwargs: Any
    ) -> Any:
        context = info.context
        context.loaders.forget()
        payload = await context.services.uow.transact(
            lambda: next_(source, info, **kwargs), keep=lambda payload: not payload.user_errors
        )
        context.loaders.forget()
        return payload


def mutation(*scopes: Scope, description: str) -> Any:
    """A mutation root field for viewers that hold all of `scopes`, in a transaction of its own."""
    return requires(*scopes, description=description, extensions=[Transactional()])


def at_most(items: Sequence[Any], name: str, limit: int = MAX_ITEMS) -> None:
    """Raises `BadInputError` for a list that is longer than one request may carry."""
    if len(items) > limit:
        raise BadInputError(f"{name} takes at most {limit} items.")
