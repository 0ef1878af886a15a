"""Resolvers that raise, take too long or answer null: both executors say the same of it."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any
from unittest.mock import Mock

import orjson
import pytest
import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from commerce.core.problems import BadInputError, UnavailableError
from commerce.core.viewer import ANONYMOUS
from commerce.http.graphql import errors
from commerce.http.graphql.execute import Executor, ExecutorOptions
from loaders.batch import ByKeyLoader
from resolvers.permissions import public
from resolvers.scalars import SCALARS
from tests.support.shop import ShopContext, no_database
from tests.support.unawaited import collected, forgiven

__all__ = ["collected"]  # a fixture
pytestmark = forgiven
QUERIES = 150
DEEPEST = 3
LEAVES = ("good", "raises", "refused", "late", "away", "nothing", "wrong", "loads", "breaks")


async def find(keys: Any) -> dict[int, int]:
    await asyncio.sleep(0)
    if 0 in keys:
        raise LookupError("a batch that fails")
    return {key: key for key in keys}


@strawberry.type(description="A thing whose fields misbehave.")
class Part:
    loader: strawberry.Private[ByKeyLoader]
    good: int = public("Answers.")
    nothing: int | None = public("Null.")
    must: int = public("Null where none may be.")

    @public("A bug.")
    async def raises(self) -> int | None:
        await asyncio.sleep(0)
        raise ValueError("a bug")

    @public("Asked wrongly.")
    def refused(self) -> int | None:
        raise BadInputError("Not like this.")

    @public("What it waits for takes too long.")
    async def late(self) -> int | None:
        async with asyncio.timeout(0):
            await asyncio.sleep(60)
        return 1

    @public("The database is away.")
    async def away(self) -> int | None:
        raise UnavailableError("The database is not available right now.")

    @public("Of another type.")
    def wrong(self) -> int | None:
        return "no number"  # type: ignore[return-value]  # that is the bug

    @public("Loaded.")
    async def loads(self) -> int:
        return await self.loader.load(self.good)

    @public("Loaded in vain.")
    async def breaks(self) -> int | None:
        return await self.loader.load(0)

    @public("Another.")
    async def child(self) -> "Part | None":
        return part()

    @public("Another, always.")
    def twin(self) -> "Part":
        return part()

    @public("Some.")
    async def children(self) -> "list[Part]":
        return [part(), part()]

    @public("Some, or none.")
    def holes(self) -> "list[Part | None] | None":
        return [part(), None]


def part() -> Part:
    return Part(loader=ByKeyLoader(find), good=1, nothing=None, must=None)  # type: ignore[arg-type]  # that is the bug


@strawberry.type(description="Everything that can be read.")
class Query:
    @public("A thing.")
    def part(self) -> Part | None:
        return part()

    @public("A thing that has to be there.")
    async def sure(self) -> Part:
        return part()

    @public("What it waits for takes too long.")
    async def late(self) -> int | None:
        async with asyncio.timeout(0):
            await asyncio.sleep(60)
        return 1

    @public("Never there.")
    async def away(self) -> int:
        raise UnavailableError("The database is not available right now.")

    @public("Asked wrongly.")
    async def refused(self) -> int | None:
        raise BadInputError("Not like this.")


@pytest.fixture(autouse=True)
def unlogged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of stack traces take longer than all of the rest."""
    monkeypatch.setattr(errors, "log", Mock())


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return strawberry.Schema(Query, config=StrawberryConfig(scalar_map=SCALARS))._schema


class Counted:
    def __init__(self) -> None:
        self.ways: set[str] = set()

    def observe_compiled(self, seconds: float) -> None:
        pass

    def count_executed(self, how: str) -> None:
        self.ways.add(how)


Answering = Callable[[str], Awaitable[bytes]]


def executor_of(schema: GraphQLSchema, told: Counted | None) -> Answering:
    options = ExecutorOptions(production=False, compiled=told is not None, told=told or Counted())
    executor = Executor(schema, no_database, ShopContext, options)  # type: ignore[arg-type]  # as much as is used

    async def answer(text: str) -> bytes:
        found = await executor.execute(executor.prepare(text), viewer=ANONYMOUS)
        shown = sorted(found.errors, key=orjson.dumps)  # siblings fail in any order
        return orjson.dumps([found.status, found.executed, found.data, shown])

    return answer


def selections(random: Random, depth: int) -> str:
    """The fields that answer among them make up for those that end everything."""
    parts = random.sample((*LEAVES, "good", "loads"), random.randint(1, 2))
    if random.randrange(8) == 0:
        parts.append("must")
    for name in random.sample(("child", "twin", "children", "holes"), random.randint(0, 2)):
        if depth:
            parts.append(f"{name} {{ {selections(random, depth - 1)} }}")
    return " ".join(parts)


def roots(random: Random) -> list[str]:
    return random.sample(("part", "sure", "a: part", "b: sure"), random.randint(1, 2))


async def test_both_executors_say_the_same(schema: GraphQLSchema) -> None:
    random, told = Random(7), Counted()
    compiled, reference = executor_of(schema, told), executor_of(schema, None)
    for _ in range(QUERIES):
        text = " ".join(f"{root} {{ {selections(random, DEEPEST)} }}" for root in roots(random))
        text = f"{{ {text} }}"
        assert await compiled(text) == await reference(text), text
    assert told.ways == {"compiled", "unusual", "refused", "error"}


ALONE = (
    "late",
    "away",
    "refused",
    *(f"part {{ {leaf} }}" for leaf in LEAVES),
    "late away part { good }",
)


@pytest.mark.parametrize("fields", ALONE)
async def test_few_fields_alone(schema: GraphQLSchema, fields: str) -> None:
    text = f"{{ {fields} }}"
    assert await executor_of(schema, Counted())(text) == await executor_of(schema, None)(text)
