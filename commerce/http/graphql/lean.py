"""graphql-core's executor without what we never use, per field: it is most of a request's CPU."""

import asyncio
from collections.abc import Awaitable
from types import CoroutineType
from typing import Any, Final, TypeGuard, TypeVar

from graphql import Executor

T = TypeVar("T")

# What our resolvers and loaders return; asking for `__await__` costs several times as much.
AWAITABLE: Final = frozenset({CoroutineType, asyncio.Future, asyncio.Task})


class LeanExecutor(Executor[Any]):
    """Operations here are ended by cancelling their task, never by an abort signal."""

    def with_abort_signal(self, awaitable: Awaitable[T]) -> Awaitable[T]:  # type: ignore[override]  # awaited all the same
        return awaitable


def is_awaitable(value: object) -> TypeGuard[Awaitable[Any]]:
    return type(value) in AWAITABLE
