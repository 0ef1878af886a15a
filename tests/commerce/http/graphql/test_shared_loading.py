"""What one field gives up may be what another one waits for: a loader's answers are shared."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import strawberry
from sqlalchemy import text
from strawberry.schema.config import StrawberryConfig

from commerce.core.db import UnitOfWork, units_on
from commerce.core.pool import Database, PoolLimits
from commerce.core.problems import BadInputError
from commerce.core.viewer import ANONYMOUS, Viewer
from commerce.http.graphql.execute import Executor, ExecutorOptions
from loaders.batch import ByKeyLoader, Loader
from resolvers.permissions import public
from resolvers.scalars import SCALARS

BOTH = pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "reference"])
KEY = 1


class SharingContext:
    """A loader whose statement takes a moment."""

    def __init__(self, uow: UnitOfWork, viewer: Viewer) -> None:
        self.uow = uow
        self.viewer = viewer
        self.loader = ByKeyLoader(self._find)

    async def _find(self, keys: Any) -> dict[int, int]:
        await self.uow.scalar(text("SELECT pg_sleep(0.05)"))
        return {key: key for key in keys}


Info = strawberry.Info[SharingContext, None]


@strawberry.type(description="A thing.")
class Part:
    @public("Loaded.")
    async def loaded(self, info: Info) -> int:
        found: int = await info.context.loader.load(KEY)
        return found

    @public("A statement of its own.")
    async def read(self, info: Info) -> int:
        found: int = await info.context.uow.scalar(text("SELECT 1 FROM pg_sleep(0.05)"))
        return found

    @public("Takes all beside it with it, while they are at it.")
    async def refused(self) -> int:
        await asyncio.sleep(0.02)
        raise BadInputError("Not like this.")


@strawberry.type(description="Everything that can be read.")
class Query:
    @public("A thing.")
    async def part(self) -> Part | None:
        return Part()


@pytest.fixture
async def pool(committed_url: str) -> AsyncIterator[Database]:
    database = Database(committed_url, PoolLimits(size=1, overflow=0, wait=10))
    yield database
    await database.close()


@BOTH
@pytest.mark.parametrize("field", ["loaded", "read"])
async def test_a_field_that_fails_takes_nothing_from_another_root(
    pool: Database, compiled: bool, field: str
) -> None:
    """Over a pool of one connection, as a server's request has one: cut off, it is replaced."""
    schema = strawberry.Schema(Query, config=StrawberryConfig(scalar_map=SCALARS))._schema
    options = ExecutorOptions(production=False, compiled=compiled)
    executor = Executor(schema, units_on(pool), SharingContext, options)  # type: ignore[arg-type]  # as much as is used
    query = f"{{ a: part {{ {field} refused }} b: part {{ {field} }} }}"
    answer = await executor.execute(query, viewer=ANONYMOUS)
    assert answer.data == {"a": None, "b": {field: 1}}
    assert [error["path"] for error in answer.errors] == [["a", "refused"]]
    assert pool.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # a queue pool


def counting() -> tuple[Loader, list[list[int]]]:
    batches: list[list[int]] = []

    async def find(keys: Any) -> dict[int, int]:
        batches.append(list(keys))
        await asyncio.sleep(0.01)
        return {key: key for key in keys}

    return ByKeyLoader(find), batches


async def test_who_gives_up_does_so_alone() -> None:
    loader, batches = counting()
    first, second = loader.load(KEY), loader.load(KEY)
    first.cancel()
    assert await second == 1
    assert await loader.load(KEY) == 1
    assert batches == [[KEY]]


async def test_what_everybody_gave_up_is_there_for_the_next() -> None:
    loader, batches = counting()
    loader.load(KEY).cancel()
    await asyncio.sleep(0.005)
    assert await loader.load(KEY) == 1
    assert batches == [[KEY]]


async def test_a_batch_that_fails_fails_for_all_and_is_tried_again() -> None:
    tries = 0

    async def find(keys: Any) -> dict[int, int]:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise LookupError("away")
        return {key: key for key in keys}

    loader = ByKeyLoader(find)
    waiting = [loader.load(KEY), loader.load(KEY)]
    failed = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(error, LookupError) for error in failed)
    assert await loader.load(KEY) == 1
