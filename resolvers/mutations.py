"""What all mutations share: the transaction around a root field and the checks of its input."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import strawberry
from graphql import GraphQLField
from strawberry.extensions import FieldExtension
from strawberry.extensions.field_extension import AsyncExtensionResolver
from strawberry.types.field import StrawberryField

from commerce.core.problems import BadInputError
from commerce.core.viewer import Scope
from commerce.idempotency.rules import KEPT, KEPT_PAYMENTS
from resolvers.context import Info
from resolvers.idempotency import NeedsKey
from resolvers.permissions import requires

MAX_ITEMS = 250


class Transactional(FieldExtension):
    """One transaction per root field: committed without `userErrors`, rolled back with them.

    A call with an idempotency key is in a transaction already, which ends with its answer.
    """

    async def resolve_async(
        self, next_: AsyncExtensionResolver, source: Any, info: Info, **kwargs: Any
    ) -> Any:
        context = info.context
        call, uow = context.services.call, context.services.uow
        context.loaders.forget()
        if call.key is None:
            payload = await uow.transact(
                lambda: next_(source, info, **kwargs), keep=lambda payload: not refuses(payload)
            )
        else:
            payload = await next_(source, info, **kwargs)
            call.refused = refuses(payload)
        context.loaders.forget()
        return payload


class Stepped(FieldExtension):
    """For what runs transactions of its own, and bears being run again when it ends in between.

    Of a call with an idempotency key the answer is stored afterwards, for as long as `kept` says.
    """

    def __init__(self, kept: timedelta = KEPT) -> None:
        self.kept = kept

    async def resolve_async(
        self, next_: AsyncExtensionResolver, source: Any, info: Info, **kwargs: Any
    ) -> Any:
        context = info.context
        context.loaders.forget()
        payload = await next_(source, info, **kwargs)
        context.services.call.refused = refuses(payload)
        context.loaders.forget()
        return payload


@dataclass(frozen=True, slots=True)
class Manner:
    """How a mutation bears being sent again. `own_key` is the input field that is a key itself."""

    steps: bool = False
    kept: timedelta = KEPT
    needs_key: bool = False
    own_key: str | None = None


def mutation(
    *scopes: Scope, description: str, needs_key: bool = False, own_key: str | None = None
) -> Any:
    """A mutation root field for viewers that hold all of `scopes`, in a transaction of its own.

    `needs_key` asks API keys and OAuth clients for an idempotency key, unless they give the input
    field `own_key`.
    """
    return requires(
        *scopes,
        description=description,
        directives=_directives(needs_key, own_key),
        extensions=[Transactional()],
    )


def stepped_mutation(*scopes: Scope, description: str, needs_key: bool = False) -> Any:
    """A mutation root field that asks a payment provider between two transactions.

    Its service hands `services.call.key` on, so that running it again does nothing twice.
    """
    return requires(
        *scopes,
        description=description,
        directives=_directives(needs_key, None),
        extensions=[Stepped(KEPT_PAYMENTS)],
    )


def manner_of(field: GraphQLField) -> Manner:
    """What is declared of a mutation's root field."""
    declared: StrawberryField = field.extensions["strawberry-definition"]
    steps = next((part for part in declared.extensions if isinstance(part, Stepped)), None)
    needs = next((part for part in declared.directives if isinstance(part, NeedsKey)), None)
    return Manner(
        steps=steps is not None,
        kept=KEPT if steps is None else steps.kept,
        needs_key=needs is not None,
        own_key=None if needs is None else needs.unless or None,
    )


def refuses(payload: Any) -> bool:
    """Whether a mutation's payload says that nothing was done."""
    return bool(payload.user_errors)


def at_most(items: Sequence[Any], name: str, limit: int = MAX_ITEMS) -> None:
    """Raises `BadInputError` for a list that is longer than one request may carry."""
    if len(items) > limit:
        raise BadInputError(f"{name} takes at most {limit} items.")


def _directives(needs_key: bool, own_key: str | None) -> list[NeedsKey]:
    unless = strawberry.UNSET if own_key is None else own_key
    return [NeedsKey(unless=unless)] if needs_key else []
