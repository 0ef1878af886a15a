"""Units of work of queries that are tried compiled, and run again where that is needed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import strawberry
from sqlalchemy import text
from strawberry.schema.config import StrawberryConfig

from commerce.core.db import OpenUnit, UnitOfWork, units_on
from commerce.core.pool import Database, PoolLimits
from commerce.core.viewer import ANONYMOUS
from commerce.http.graphql.execute import Answer, Executor, ExecutorOptions
from resolvers.permissions import public
from resolvers.scalars import SCALARS
from tests.support.shop import Info, ShopContext, shop_executor

Pool = Callable[..., Database]


@pytest.fixture
async def pool(committed_url: str) -> AsyncIterator[Pool]:
    made: list[Database] = []

    def make(size: int = 1, wait: float = 20) -> Database:
        made.append(Database(committed_url, PoolLimits(size=size, overflow=0, wait=wait)))
        return made[-1]

    yield make
    for database in made:
        await database.close()


@strawberry.type(description="Everything that can be read.")
class Query:
    @public("The database sleeps for long.")
    async def long(self, info: Info) -> int | None:
        await info.context.uow.scalar(text("SELECT pg_sleep(0.8)"))
        return 1

    @public("Fails while others are at it.")
    async def fails(self) -> int | None:
        await asyncio.sleep(0.05)
        raise ValueError("no")


def counted(open_unit: OpenUnit, opened: list[UnitOfWork]) -> OpenUnit:
    @asynccontextmanager
    async def open_counted() -> AsyncIterator[UnitOfWork]:
        async with open_unit() as unit:
            opened.append(unit)
            yield unit

    return open_counted


async def test_the_reference_executor_does_not_take_over_what_was_cut_off(pool: Pool) -> None:
    """Of a pool of one connection, which is back when the query is run again."""
    opened: list[UnitOfWork] = []
    schema = strawberry.Schema(Query, config=StrawberryConfig(scalar_map=SCALARS))._schema
    executor = Executor(
        schema, counted(units_on(pool()), opened), ShopContext, ExecutorOptions(production=False)
    )
    answer = await executor.execute("{ long fails }", viewer=ANONYMOUS)
    assert answer.data == {"long": 1, "fails": None}
    assert [error["path"] for error in answer.errors] == [["fails"]]
    assert len(opened) == 2
    assert answer.statements == 2


@pytest.mark.parametrize("compiled", [True, False])
async def test_who_gets_no_connection_waits_for_one_once(pool: Pool, compiled: bool) -> None:
    database = pool(wait=0.2)
    opened: list[UnitOfWork] = []
    executor = shop_executor(
        counted(units_on(database), opened), ExecutorOptions(compiled=compiled)
    )
    async with database.reader():
        answer = await executor.execute("{ one }", viewer=ANONYMOUS)
    assert (answer.status, answer.code) == (503, "UNAVAILABLE")
    assert answer.errors[0]["path"] == ["one"]
    assert len(opened) == 1


async def test_many_roots_share_a_small_pool(pool: Pool) -> None:
    """Ten requests of eight fields each on two connections, one of them cut off halfway."""
    database = pool(2)
    executor = shop_executor(units_on(database), ExecutorOptions(production=False))
    fields = " ".join(f"a{n}: one n{n}: nap(seconds: 0.01)" for n in range(4))

    async def ask() -> Answer:
        return await executor.execute(f"{{ {fields} }}", viewer=ANONYMOUS)

    asking = [asyncio.ensure_future(ask()) for _ in range(10)]
    await asyncio.sleep(0.02)
    asking[0].cancel()
    cut, *answers = await asyncio.gather(*asking, return_exceptions=True)
    assert isinstance(cut, asyncio.CancelledError)
    for answer in answers:
        assert isinstance(answer, Answer)
        assert not answer.errors
        assert set((answer.data or {}).values()) == {1}
        assert answer.statements == 12  # one each for four, two each for four
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # a queue pool
