"""graphql-core's executor without what we never use, per field: it is most of a request's CPU."""

import asyncio
from collections.abc import Awaitable
from types import CoroutineType
from typing import Any, Final, TypeGuard, TypeVar

from graphql import Executor, GraphQLObjectType
from graphql.execution.collect_fields import GroupedFieldSet
from graphql.pyutils import AwaitableOrValue, Path

from resolvers.shortcuts import LEAF, UNUSUAL, Leaf

T = TypeVar("T")

# What our resolvers and loaders return; asking for `__await__` costs several times as much.
AWAITABLE: Final = frozenset({CoroutineType, asyncio.Future, asyncio.Task})


class LeanExecutor(Executor[Any]):
    """Operations here are ended by cancelling their task, never by an abort signal."""

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: GroupedFieldSet,
        position_context: Any,
    ) -> AwaitableOrValue[dict[str, Any]]:
        """Plain attributes are read here; graphql-core does the rest, and all that is unusual."""
        leaves, rest = self._leaves(parent_type, source_value, grouped_field_set)
        if not rest:
            return leaves
        others = super().execute_fields(parent_type, source_value, path, rest, position_context)
        if not leaves:
            return others
        names = list(grouped_field_set)
        if isinstance(others, dict):
            return in_order(names, leaves, others)
        return _when_known(names, leaves, others)

    def _leaves(
        self, parent_type: GraphQLObjectType, source: Any, grouped_field_set: GroupedFieldSet
    ) -> tuple[dict[str, Any], GroupedFieldSet]:
        leaves: dict[str, Any] = {}
        rest: GroupedFieldSet = {}
        fields = parent_type.fields
        for name, details in grouped_field_set.items():
            field = fields.get(details[0].node.name.value)
            leaf = None if field is None else field.extensions.get(LEAF)
            value = UNUSUAL if leaf is None else _tried(leaf, source)
            if value is UNUSUAL:
                rest[name] = details
            else:
                leaves[name] = value
        return leaves, rest

    def with_abort_signal(self, awaitable: Awaitable[T]) -> Awaitable[T]:  # type: ignore[override]  # awaited all the same
        return awaitable


def _tried(leaf: Leaf, source: Any) -> Any:
    """What goes wrong here goes wrong again in graphql-core, which knows what to say of it."""
    try:
        return leaf(source)
    except Exception:
        return UNUSUAL


async def _when_known(
    names: list[str], leaves: dict[str, Any], others: Awaitable[dict[str, Any]]
) -> dict[str, Any]:
    return in_order(names, leaves, await others)


def in_order(names: list[str], leaves: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    """Fields answer in the order they were asked in; unknown ones do not answer at all."""
    both = leaves | others
    return {name: both[name] for name in names if name in both}


def is_awaitable(value: object) -> TypeGuard[Awaitable[Any]]:
    return type(value) in AWAITABLE
